"""What a text says once its escapes are undone: backslashes, percent signs, HTML entities, base64 of text.

A key behind an escape is a key all the same: `\\nsk-…` in JSON, `key%3Dsk-…` in an address. Each layer is undone by
itself, and what it says may have another one in it, as JSON in JSON does.
"""

from __future__ import annotations

import base64
import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

DEEPEST = 6
"""Layers that are undone, one inside of the other."""

_ESCAPED = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrtbfv\"'`\\/])|"
    r"%[89a-fA-F][0-9a-fA-F](?:%[89abAB][0-9a-fA-F]){1,3}|%[0-7][0-9a-fA-F]|"
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});"
)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v"}
_HIGH = re.compile(r"[\x80-\xff]+")

_LEAST = 24
"""Characters of base64 from which on it may hold a name and a key."""

_LINE = re.compile(r"[\r\n]{1,2}[ \t]{0,8}([A-Za-z0-9+/_-]{4,}+)")
_PADDING = re.compile(r"={1,2}")
_VARIED = re.compile(rb"[0-9][A-Za-z]|[a-z][A-Z]|[A-Z]{2}[a-z]")
"""Base64 of text holds one of these; rules of hyphens and long words do not."""

_IN_BASE64 = bytes(ord("k") if (chr(byte).isalnum() and byte < 128) or byte in b"+/_-" else 32 for byte in range(256))
_RUN = b"k" * _LEAST
_TEXT = re.compile(
    rb"[\x80-\xbf]{0,3}(?:[\t\n\r -~]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})*+"
    rb"(?:[\xc2-\xf4][\x80-\xbf]{0,2})?"
)
"""UTF-8 without control characters, cut anywhere."""

_TRIED = 32
"""Characters that tell whether a run of base64 holds text, before all of it is undone."""

_LARGE = 1 << 16
"""Characters up to which a text is looked at whole; of a longer one, what is near its escapes."""

_BEFORE, _AFTER = 512, 4096
"""Characters before and after an escape that are near it."""

_SPACE = re.compile(r"\s")


@dataclass(slots=True)
class Undone:
    """A text with one layer undone, and where each of its characters stands in the text before.

    A stretch that was undone counts as one: whoever masks a part of it masks all of it.
    """

    text: str
    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)

    def span(self, start: int, length: int) -> tuple[int, int]:
        """Start and length, in the text before, of a stretch of at least one character in this one."""
        begin, _ = self._before(start)
        _, end = self._before(start + length - 1)
        return begin, end - begin

    def _before(self, place: int) -> tuple[int, int]:
        at = bisect_right(self.begins, place) - 1
        if at < 0:
            return place, place + 1
        if place < self.ends[at]:
            return self.first[at], self.last[at]
        before = self.last[at] + place - self.ends[at]
        return before, before + 1


def layers(text: str) -> Iterator[Undone]:
    """What is under the outermost layer of a text: without its escapes, and its base64 read as text; often nothing."""
    if "\\" in text or "%" in text or "&" in text:
        undone = undo(text, ((*match.span(), _character(match[0])) for match in _ESCAPED.finditer(text)))
        if undone is not None:
            yield undone
    if len(text) >= _LEAST:
        undone = undo(text, _in_base64(text))
        if undone is not None:
            yield undone


def from_octets(text: str) -> Undone | None:
    """The text that bytes stand for which were read one character each; None where all of them are ASCII."""
    if text.isascii():
        return None
    runs = ((*match.span(), match[0].encode("latin-1").decode("utf-8", "replace")) for match in _HIGH.finditer(text))
    return undo(text, runs)


def undo(text: str, stretches: Iterator[tuple[int, int, str]]) -> Undone | None:
    """The text with stretches of it (first, last, what it says) in their order undone; None where there are none."""
    pieces, at, size = list[str](), 0, 0
    undone = Undone("")
    for first, last, said in stretches if len(text) <= _LARGE else _near(text, stretches):
        pieces += [text[at:first], said]
        size += first - at
        undone.begins.append(size)
        size += len(said)
        undone.ends.append(size)
        undone.first.append(first)
        undone.last.append(last)
        at = last
    if not at:
        return None
    undone.text = "".join([*pieces, text[at:]])
    return undone


def _near(text: str, stretches: Iterator[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """The stretches, and in place of what is far from all of them a line end: most of a long text is, and is known."""
    done = 0
    for first, last, said in stretches:
        near = first - _BEFORE
        if near > (done and done + _AFTER):
            space = _SPACE.search(text, done + _AFTER, near) if done else None
            if space or not done:
                yield (space.start() if space else 0), near, "\n"
        yield first, last, said
        done = last
    if done and (space := _SPACE.search(text, done + _AFTER)):
        yield space.start(), len(text), "\n"


def _character(escaped: str) -> str:
    sign = escaped[0]
    if sign == "&":
        return html.unescape(escaped)
    if sign == "%":
        return bytes.fromhex(escaped.replace("%", "")).decode("utf-8", "replace")
    if escaped[1] in "ux":
        points = [int(part[1:], 16) for part in escaped.split("\\")[1:]]
        if len(points) == 1:
            return chr(points[0])
        return chr(0x10000 + ((points[0] - 0xD800) << 10) + points[1] - 0xDC00)
    return _LETTERS.get(escaped[1], escaped[1])


def _in_base64(text: str) -> Iterator[tuple[int, int, str]]:
    """The runs of base64 that hold text: one pass over bytes tells where there may be any."""
    data = text.encode("latin-1", "replace")
    marked = data.translate(_IN_BASE64)
    begin = marked.find(_RUN)
    while begin >= 0:
        end = marked.find(b" ", begin)
        end = len(marked) if end < 0 else end
        if _VARIED.search(data, begin, end):
            run = [text[begin:end]]
            while line := _LINE.match(text, end):
                run.append(line[1])
                end = line.end()
            said = _text_of("".join(run).replace("-", "+").replace("_", "/"))
            if padding := _PADDING.match(text, end):
                end = padding.end()
            if said:
                yield begin, end, f"\n{said}\n"
        begin = marked.find(_RUN, end)


def _text_of(encoded: str) -> str:
    """The text that a run of base64 holds, perhaps from its second to fourth character on; empty where it holds none.

    A path may stand before it, and a stream may be cut in the midst of it.
    """
    for begin in range(4):
        if _decoded(encoded[begin : begin + _TRIED]):
            return _decoded(encoded[begin:])
    return ""


def _decoded(encoded: str) -> str:
    whole = encoded[:-1] if len(encoded) % 4 == 1 else encoded
    data = base64.b64decode(whole + "=" * (-len(whole) % 4))
    return data.decode("utf-8", "ignore") if _TEXT.fullmatch(data) else ""
