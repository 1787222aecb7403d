"""Conversations that people saved as Markdown: a heading, or words in bold, say who speaks below."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from workbench.core.errors import BadInputError
from workbench.core.model import Rejected, Response
from workbench.core.progress import Progress
from workbench.importers import base
from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.mapping.fields_seen import names_a_model
from workbench.importers.messages.chat import Context, Turn, role_of
from workbench.importers.messages.content import Content
from workbench.importers.messages.sessions import answer_in
from workbench.importers.reading.fields import flags_of

_NAMES = {"you": "user", "me": "user", "prompt": "user", "question": "user", "q": "user",
          "answer": "assistant", "response": "assistant", "a": "assistant", "reply": "assistant"}  # fmt: skip
_GAP = r"[^\S\r\n]*+"
"""White space in a line. It is never given back, so that a line of nothing else takes no longer than it is."""

_WHO = rf"(?:[^\w\s*_#:]{{1,4}}\ufe0f?{_GAP})?(?P<who>[A-Za-z][\w .+-]{{0,40}}?){_GAP}(?:\([^)\n]{{0,60}}\))?"
_STYLES = (
    re.compile(
        rf"^ {{0,3}}\#{{1,6}}[ \t]++(?:\*\*|__)?{_WHO}{_GAP}:?{_GAP}(?:\*\*|__)?{_GAP}:?{_GAP}\r?$", re.MULTILINE
    ),
    re.compile(rf"^ {{0,3}}(?:\*\*|__){_WHO}{_GAP}:?{_GAP}(?:\*\*|__){_GAP}:?{_GAP}\r?$", re.MULTILINE),
    re.compile(
        rf"^ {{0,3}}(?:\*\*|__){_WHO}{_GAP}(?::{_GAP}(?:\*\*|__)|(?:\*\*|__){_GAP}:)[ \t]*+(?=\S)", re.MULTILINE
    ),
)
"""A heading; a line in bold; bold words with a colon before the text."""

_TIME = re.compile(
    r"\A\s*+(?:[>_*]\s*+)?(?P<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?\S*"
    r"|\d{1,2}[./]\d{1,2}[./]\d{4},? \d\d?:\d\d(?::\d\d)?(?: [AP]M)?)(?:_|\*)?[ \t]*+(?:\r?\n|\Z)"
)
_RULE = re.compile(r"(?:-[ \t]?){3,}|(?:\*[ \t]?){3,}|(?:_[ \t]?){3,}")
_FOOTER = re.compile(
    r"\n[ \t]*+(?:-{3,}|\*{3,}|_{3,})[ \t]*+\r?\n\s*+[^\n]{0,20}"
    r"(?:powered|exported|generated|created|shared|saved)\b[^\n]*\Z",
    re.IGNORECASE,
)
_LONGEST_FOOTER = 500


class _Part(NamedTuple):
    """What one speaker said, and where the text of it stands."""

    role: str
    who: str
    start: int
    end: int


class MarkdownChat(Importer):
    """One answer a part of the assistant; the file names no model, unless the speaker is called by it."""

    key = "markdown_chat"
    title = "Conversation saved as Markdown or text, with both speakers named"
    suffixes = (".md", ".txt")

    def sniff(self, opened: Opened) -> Claim | None:
        """Headings that name people and assistants in turn, from the first on."""
        text = opened.head.decode("utf-8", "replace")
        first = text.lstrip("\ufeff \t\r\n")[:1]
        if first in ("{", "[") or not _parts(text):
            return None
        return Claim("a conversation in which headings say who speaks: both sides are in the file")

    def read(self, opened: Opened, options: Options, progress: Progress) -> Iterator[Record]:
        """The answers in order. Raises BadInputError for a file that is too large."""
        with opened.stream() as stream:
            data = stream.read(base.MAX_RECORD + 1)
        if len(data) > base.MAX_RECORD:
            raise BadInputError(f"“{opened.name}” is larger than {base.MAX_RECORD >> 20} MB.")
        text = data.decode("utf-8", "surrogateescape")
        context = Context()
        index = at = offset = 0
        for part in _parts(text):
            offset += len(_bytes(text[at : part.start]))
            at = part.start
            content, time = _content(text, part)
            if part.role == "assistant":
                yield _response(opened, _bytes(text[at : part.end]), offset, part, content, context, time, index)
                index += 1
            if part.role != "assistant" or context.prompt() is not None:
                context.add(Turn(part.role, content))
        if not index:
            yield Rejected("no part of it is an assistant's", 0, 0, len(data))
        progress(1.0, f"{index:,} records read")


def _response(
    opened: Opened,
    data: bytes,
    offset: int,
    part: _Part,
    content: Content,
    context: Context,
    time: str | None,
    index: int,
) -> Response:
    model = part.who if names_a_model(part.who) and not role_of(part.who.lower()) else None
    answer = answer_in(content, context, record=f"{opened.name}#{index + 1}", model=model, time=time)
    return Response(
        text=answer.text,
        prompt=answer.prompt,
        prompt_key=answer.key,
        model=answer.model,
        record_id=answer.record,
        sample=None,
        time=answer.time,
        number=index,
        offset=offset,
        length=len(data),
        flags=flags_of(opened, list(answer.flags), answer.text),
        extra=answer.extra or None,
    )


def _bytes(text: str) -> bytes:
    """The bytes that a text was read from, also where they are no letters."""
    return text.encode("utf-8", "surrogateescape")


def _content(text: str, part: _Part) -> tuple[Content, str | None]:
    """What was said, and when; a time that stands above it is no part of it."""
    said = _bytes(text[part.start : part.end]).decode("utf-8", "replace")
    time = _TIME.match(said)
    said = said[time.end() :] if time else said
    said = _without_rules(_without_footer(said.rstrip())).strip()
    content = Content(said)
    return content.without_thoughts() if part.role == "assistant" else content, time["time"] if time else None


def _without_footer(said: str) -> str:
    """A text that ends with no white space, less what the program that saved it wrote below a rule."""
    footer = _FOOTER.search(said, max(0, len(said) - _LONGEST_FOOTER))
    return said[: footer.start()] if footer else said


def _without_rules(said: str) -> str:
    """A text less the rules that stand below it."""
    end = len(said)
    while True:
        while end and said[end - 1].isspace():
            end -= 1
        start = max(said.rfind("\n", 0, end), said.rfind("\r", 0, end)) + 1
        if start >= end or not _RULE.fullmatch(said[start:end].strip()):
            return said[:end]
        end = start


def _parts(text: str) -> list[_Part]:
    """The parts of a conversation; empty where the text is none."""
    for style in _STYLES:
        found = [(match, _role(match["who"])) for match in style.finditer(text)]
        spoken = [(match, role) for match, role in found if role]
        roles = [role for _, role in spoken]
        if roles[:1] == ["system"]:
            roles = roles[1:]
        if roles[:2] not in (["user", "assistant"], ["assistant", "user"]) or "assistant" not in roles:
            continue
        ends = [match.start() for match, _ in spoken[1:]] + [len(text)]
        return [
            _Part(role, match["who"].strip(), _below(text, match.end()), end)
            for (match, role), end in zip(spoken, ends, strict=True)
        ]
    return []


def _below(text: str, at: int) -> int:
    """Where the text below a heading begins: at the end of the last empty line between them."""
    end = at
    while end < len(text) and text[end].isspace():
        end += 1
    last = text.rfind("\n", at, end)
    return end if end == len(text) else at if last < 0 else last


def _role(who: str) -> str:
    """The role that a heading names; empty for any other heading."""
    name = who.strip().lower()
    known = _NAMES.get(name) or role_of(name) or role_of(name.removesuffix(" said").strip())
    return known or ("assistant" if names_a_model(name) and len(name.split()) <= 3 else "")
