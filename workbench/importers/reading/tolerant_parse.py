"""The slower parser, for records that the fast one refuses: it accepts with flags, or says why not."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from importlib import import_module

import orjson

from workbench.core.model import Json

DUPLICATE_KEYS = "duplicate keys"
NOT_A_NUMBER = "not a number"
LONE_SURROGATE = "lone surrogate"
INVALID_UTF8 = "invalid utf-8 replaced"
CONTROL = "control character in a text"

_TOO_DEEP = "the record is nested too deeply (more than about 1,000 levels)"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST_NUMBER = 400
_MESSAGES = {
    "Expecting value": "a value is missing",
    "Expecting property name enclosed in double quotes": "a key in quotes is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting ',' delimiter": "a comma is missing",
    "Illegal trailing comma before end of object": "a comma too many",
    "Illegal trailing comma before end of array": "a comma too many",
    "Unterminated string starting at": "a text has no end",
    "Invalid \\escape": "an unknown escape",
    "Invalid \\uXXXX escape": "a broken \\u escape",
    "Extra data": "more text follows the record",
}


class RecordError(Exception):
    """A record that can't be taken, with the reason in words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse(raw: bytes) -> tuple[Json, list[str]]:
    """The JSON value of a record and its flags; raises RecordError.

    Of duplicate keys the last one counts. NaN and infinities are kept as floats. Texts may hold lone
    surrogates, which the caller makes visible.
    """
    flags: list[str] = []
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
        flags.append(INVALID_UTF8)
    # The line feed of the records after the first is no part of the value, nor is white space.
    value = _decoded(text.strip(" \t\r\n"), flags)
    return value, list(dict.fromkeys(flags))


def _decoded(text: str, flags: list[str]) -> Json:
    def pairs(items: list[tuple[str, Json]]) -> Json:
        found = dict(items)
        if len(found) != len(items):
            flags.append(DUPLICATE_KEYS)
        return found

    def constant(name: str) -> float:
        flags.append(NOT_A_NUMBER)
        return float(name)

    def whole(digits: str) -> int | float:
        return int(digits) if len(digits) < _LONGEST_NUMBER else fraction(digits)

    def fraction(digits: str) -> float:
        number = float(digits)
        if math.isinf(number):
            flags.append(NOT_A_NUMBER)
        return number

    decoder = json.JSONDecoder(
        object_pairs_hook=pairs,
        parse_constant=constant,
        parse_int=whole,
        parse_float=fraction,
        strict=False,
    )
    try:
        value = decoder.decode(text)
    except json.JSONDecodeError as error:
        raise RecordError(_not_json(error, text)) from None
    except RecursionError:
        raise RecordError(_TOO_DEEP) from None
    if _CONTROL.search(text):
        flags.append(CONTROL)
    return value


def _not_json(error: json.JSONDecodeError, text: str) -> str:
    if error.pos >= len(text) and not error.msg.startswith("Unterminated"):
        return "not valid JSON: it ends too early"
    words = _MESSAGES.get(error.msg, error.msg.lower())
    if error.msg == "Extra data":
        words = _what_follows(text, error.pos) or words
    return f"not valid JSON: {words} (at character {error.pos + 1:,})"


def _what_follows(text: str, at: int) -> str:
    """What keeps a whole record from being one, where it is a slip of whoever wrote its line."""
    if text[at:] == ",":
        return "a comma stands after the record"
    between = text[len(text[:at].rstrip(" \t\r\n")) : at]
    return "another record follows a carriage return, which ends no line here" if "\r" in between else ""


_HIDDEN = b"\\u003"
_HIDDEN_COLONS = (b"\\u003a", b"\\u003A")
_FEW = 12
"""Fields up to which looking at each is quicker than writing the record out again."""


def strict(raw: bytes) -> Json:
    """The value of a record without duplicate keys; a ValueError leaves others to the tolerant parser."""
    value = orjson.loads(raw)
    # Every key has one colon, and the colons inside texts are the same in both: the value has fewer of them if the
    # parser dropped a key. Only a colon that was written as an escape could make up for it.
    if raw.count(b":") != _colons(value) or _hides(raw):
        raise ValueError("perhaps duplicate keys")
    return value


def strict_lines(block: bytes, lines: Sequence[bytes]) -> list[Json]:
    """The value of each line of a block, read as `strict` does; None for those that are left to the tolerant parser."""
    try:
        values = list(map(orjson.loads, lines))
        # No value has more colons than its line: where the sums are equal, each is.
        if _count(block) == _count(orjson.dumps(values)) and not _hides(block):
            return values
    except (ValueError, TypeError):
        pass  # one of them is no usual record; which one shows line by line
    return [_strictly(line) for line in lines]


def _strictly(line: bytes) -> Json:
    try:
        return strict(line)
    except ValueError:
        return None


def _count(block: bytes) -> int:
    """How many colons a block has."""
    return _counts[0](block)


def _count_plainly(block: bytes) -> int:
    return block.count(b":")


_counts: list[Callable[[bytes], int]] = [_count_plainly]
"""How colons are counted. numpy does it in 0.7 ms for 4 MB, where `bytes.count` takes 6 ms: a tenth of reading it."""


def count_with_numpy() -> None:
    """Count by numpy from now on, as pays for large files: loading it takes longer than reading a small one."""
    numpy = import_module("numpy")
    _counts[:] = [lambda block: int(numpy.count_nonzero(numpy.frombuffer(block, numpy.uint8) == ord(":")))]


def _hides(raw: bytes) -> bool:
    """Whether a colon is written as an escape."""
    return _HIDDEN in raw and any(colon in raw for colon in _HIDDEN_COLONS)


def _colons(value: Json) -> int:
    """How many colons a value has when it is written without escapes."""
    if isinstance(value, dict) and len(value) <= _FEW:
        count = len(value)
        for key, item in value.items():
            if isinstance(item, str):
                count += item.count(":")
            elif isinstance(item, dict | list):
                break
            count += key.count(":")
        else:
            return count
    try:
        return orjson.dumps(value).count(b":")
    except TypeError as error:
        raise ValueError(str(error)) from error
