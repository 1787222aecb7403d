"""Conversations that were saved as a web page (HTML, or MHTML), from services whose pages name the speakers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

from workbench.core.errors import BadInputError
from workbench.core.model import Rejected, Response
from workbench.core.progress import Progress
from workbench.importers import base
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.messages.chat import Context, Turn
from workbench.importers.messages.content import Content
from workbench.importers.messages.sessions import answer_in
from workbench.importers.reading.fields import flags_of

_BLOCKS = frozenset(("p", "div", "li", "ul", "ol", "br", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table",
                     "blockquote", "section", "article"))  # fmt: skip
_VOID = frozenset(("br", "img", "hr", "input", "meta", "link", "source", "wbr", "path", "area", "base", "col", "embed"))
_SILENT = frozenset(("script", "style", "button", "svg", "noscript", "template"))
_CLASSES = {"font-user-message": "user", "font-claude-message": "assistant", "font-claude-response": "assistant"}
_TAGS = {"user-query": "user", "model-response": "assistant"}
_TEST_IDS = {"user-message": "user", "assistant-message": "assistant"}
_SPEAKERS = re.compile(
    rb"data-message-author-role|font-claude-(?:message|response)|<model-response|data-testid=(?:3D)?\"?user-message"
)
_SPACE = re.compile(r"[ \t\r\n]+")


class WebPage(Importer):
    """Pages of ChatGPT, Claude and Gemini; the place of each answer is the whole file."""

    key = "web_page"
    title = "Conversation saved as a web page (MHTML or HTML)"
    suffixes = (".mhtml", ".mht", ".html", ".htm")

    def sniff(self, opened: Opened) -> Claim | None:
        """A page, alone or in the parts of a message, that names speakers as one of the known services does."""
        start = opened.head[:4096].lstrip().lower()
        page = start.startswith((b"<!doctype html", b"<html"))
        if not page and not (b"mime-version:" in start and b"multipart/related" in start):
            return None
        data = _whole(opened)
        return Claim("a saved web page whose parts say who speaks") if data and _SPEAKERS.search(_plain(data)) else None

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """The answers in order. Raises BadInputError for a page that is too large."""
        data = _whole(opened)
        if data is None:
            raise BadInputError(f"“{opened.name}” is larger than {base.MAX_RECORD >> 20} MB.")
        page = _Page()
        page.feed(_html(data))
        page.close()
        context = Context()
        index = 0
        for role, model, text in page.messages():
            content = Content(text)
            if role == "assistant":
                answer = answer_in(content, context, record=f"{opened.name}#{index + 1}", model=model)
                yield Response(
                    text=answer.text,
                    prompt=answer.prompt,
                    prompt_key=answer.key,
                    model=answer.model,
                    record_id=answer.record,
                    sample=None,
                    time=None,
                    number=index,
                    offset=0,
                    length=len(data),
                    flags=flags_of(opened, list(answer.flags), answer.text),
                    extra=answer.extra or None,
                )
                index += 1
            if role != "assistant" or context.prompt() is not None:
                context.add(Turn(role, content))
        if not index:
            yield Rejected("no part of the page is an assistant's", 0, 0, len(data))
        progress(1.0, f"{index:,} records read")


def _whole(opened: Opened) -> bytes | None:
    with opened.stream() as stream:
        data = stream.read(base.MAX_RECORD + 1)
    return data if len(data) <= base.MAX_RECORD else None


def _plain(data: bytes) -> bytes:
    """The bytes without the breaks that quoted-printable puts into lines."""
    return data.replace(b"=\r\n", b"").replace(b"=\n", b"")


def _html(data: bytes) -> str:
    if data[:4096].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return data.decode("utf-8", "replace")
    message = message_from_bytes(data, policy=default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            held = part.get_payload(decode=True)
            raw = held if isinstance(held, bytes) else b""
            if _SPEAKERS.search(raw):
                return raw.decode(part.get_content_charset() or "utf-8", "replace")
    return ""


class _Page(HTMLParser):
    """Gathers the text below elements that name a speaker."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[tuple[str, str | None, list[str]]] = []
        self._open: list[tuple[str, bool, bool]] = []
        self._speaking = self._silent = self._exact = 0

    def messages(self) -> Iterator[tuple[str, str | None, str]]:
        """Who spoke, under which name, and what."""
        for role, model, pieces in self._found:
            text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in "".join(pieces).split("\n"))).strip()
            if text:
                yield role, model, text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins: perhaps what someone said."""
        held = {name: value or "" for name, value in attrs}
        role = _role(tag, held)
        begins = bool(role) and not self._speaking
        if begins:
            self._found.append((role, held.get("data-message-model-slug") or None, []))
        if tag in _BLOCKS:
            self._break()
        if tag in _VOID:
            return
        silent = tag in _SILENT
        self._open.append((tag, begins, silent))
        self._speaking += begins
        self._silent += silent
        self._exact += tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        """An element ends, and with it those within that no one closed."""
        if all(tag != name for name, _, _ in self._open):
            return
        while self._open:
            name, begins, silent = self._open.pop()
            self._speaking -= begins
            self._silent -= silent
            self._exact -= name == "pre"
            if name == tag:
                break
        if tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        """Words; white space counts in code alone."""
        if self._speaking and not self._silent and self._found:
            self._found[-1][2].append(data if self._exact else _SPACE.sub(" ", data))

    def _break(self) -> None:
        if self._speaking and self._found and self._found[-1][2] and not self._found[-1][2][-1].endswith("\n"):
            self._found[-1][2].append("\n")


def _role(tag: str, held: dict[str, str]) -> str:
    """The role of what an element holds; empty where it names none."""
    author = held.get("data-message-author-role")
    if author in ("user", "assistant"):
        return author
    if tag in _TAGS:
        return _TAGS[tag]
    named = next((_CLASSES[name] for name in held.get("class", "").split() if name in _CLASSES), "")
    return _TEST_IDS.get(held.get("data-testid", ""), "") or named
