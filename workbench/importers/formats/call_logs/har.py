"""HAR 1.2 captures of a browser or a proxy: the calls to models among everything that was loaded.

Cookies, headers and the queries of addresses, where keys and tokens stand, are left in the original.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping

from workbench.core.errors import BadInputError
from workbench.core.model import Json
from workbench.core.progress import Progress
from workbench.importers.base import Opened, Options, Record
from workbench.importers.formats.call_logs.call_log import answers_of
from workbench.importers.messages.bodies import Request, bare_address, failure_of, opened_json, reply_of, request_of
from workbench.importers.messages.server_sent_events import body_of, events_in, lines_in
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.records_importer import JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

STREAMED = "put together from events"
ASIDE = "text from a file beside the capture"
_NO_CALL = "not a call to a model"


class Har(RecordsImporter):
    """Entries whose request has a prompt and whose response an answer; every other entry is rejected."""

    key = "har"
    title = "HAR capture (JSON)"
    suffixes = (".har", ".json")
    why = "a HAR capture with its entries"
    places = (("log", "entries"),)

    def __init__(self, beside: Callable[[str], bytes | None] | None = None) -> None:
        """`beside` reads the files that hold texts of the capture."""
        self._beside = beside

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """The answers, entry by entry; what the capture keeps in files beside it is read from there."""
        reader = self if options.beside is None else Har(options.beside)
        return super(Har, reader).read(opened, options, progress)

    def knows(self, record: Mapping[str, Json]) -> bool:
        """An entry with request and response and when it started."""
        return "request" in record and "response" in record and "startedDateTime" in record

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a reply of the model."""
        request, response = _object(fields, "request"), _object(fields, "response")
        address = fields.checked_label("request.url", request.get("url")) or ""
        request, sent = self._filled(request, "postData")
        asked = _request(fields, request, address)
        status = fields.checked_label("response.status", response.get("status")) or "0"
        response, got = self._filled(response, "content")
        body, flags = _body(fields, _text(fields, response.get("content")))
        if status != "200":
            raise RecordError(
                failure_of(body if isinstance(body, dict) else None) or f"the call failed: status {status}"
            )
        replied = reply_of(fields, "response", body)
        time = fields.label("startedDateTime")
        yield from answers_of(
            asked, replied, record=f"{time}", time=time, endpoint=address, flags=(*flags, *(sent or got))
        )

    def _filled(self, holder: Mapping[str, Json], name: str) -> tuple[Mapping[str, Json], tuple[str, ...]]:
        """The holder with a text that stands in a file beside the capture, and the flag for it.

        Raises RecordError where that file is not there, or no text.
        """
        part = holder.get(name)
        aside = part.get("_file") if isinstance(part, dict) else None
        if not isinstance(part, dict) or not isinstance(aside, str) or part.get("text"):
            return holder, ()
        try:
            data = self._beside(aside) if self._beside else None
        except BadInputError as error:
            raise RecordError(f"the text in {aside[:80]} can't be read: {error.message}") from None
        if data is None:
            raise RecordError(
                f"the text is in another file, {aside[:80]}: import the folder or the zip archive that holds both, or "
                "record the capture with its contents embedded"
            )
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise RecordError(f"the file {aside[:80]} beside the capture is not text") from None
        return {**holder, name: {**part, "text": text, "encoding": ""}}, (ASIDE,)


def _object(fields: Fields, name: str) -> Mapping[str, Json]:
    value = fields.record.get(name)
    if not isinstance(value, dict):
        raise RecordError(f"`{name}` is missing")
    return value


def _request(fields: Fields, request: Mapping[str, Json], address: str) -> Request:
    posted = request.get("postData")
    text = posted.get("text") if isinstance(posted, dict) else None
    words = f"{_NO_CALL}: {str(request.get('method', '?'))[:8]} {bare_address(address)[:100]}"
    if not isinstance(text, str):
        raise RecordError(words)
    try:
        body = opened_json(fields, "request.postData", text)
        return request_of(fields, "request", _chatgpt(body) if isinstance(body, dict) else body)
    except RecordError as refused:
        raise RecordError(f"{words} ({refused.reason})") from None


def _chatgpt(body: Mapping[str, Json]) -> Mapping[str, Json]:
    """The web page of ChatGPT names the speaker in `author`, and the content has parts."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not all(
        isinstance(m, dict) and isinstance(m.get("author"), dict) for m in messages
    ):
        return body
    plain = []
    for message in messages:
        content = message.get("content")
        parts = content.get("parts") if isinstance(content, dict) else content
        plain.append({"role": message["author"].get("role"), "content": parts})
    return {**body, "messages": plain}


def _text(fields: Fields, content: Json) -> str:
    """The text of a response; raises RecordError when the capture did not keep it."""
    text = content.get("text") if isinstance(content, dict) else None
    if not isinstance(text, str) or not text:
        raise RecordError("the capture does not hold the text of the response")
    if content.get("encoding") != "base64":
        return fields.checked("response.content.text", text)
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise RecordError("the response is not text in base64") from None


def _body(fields: Fields, text: str) -> tuple[Json, tuple[str, ...]]:
    """The body of a response, whole or streamed, and its flags."""
    lines = lines_in(text)
    if text.lstrip()[:1] == "{" and not lines:
        return opened_json(fields, "response", text), ()
    pieces = lines or (opened_json(fields, "response", text) if text.lstrip()[:1] == "[" else None)
    body = body_of(iter(pieces) if isinstance(pieces, list) else events_in(text))
    if body is None:
        raise RecordError("the response is in no form that is known")
    return body, (STREAMED,)
