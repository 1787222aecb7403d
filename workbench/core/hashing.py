"""SHA-256 and canonical JSON (RFC 8785): the two things that every seal rests on."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import rfc8785

CHUNK = 1 << 20


def sha256(data: bytes) -> str:
    """SHA-256 of bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_text(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes; the text holds no lone surrogates."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def sha256_file(path: Path) -> str:
    """SHA-256 of a file, read in chunks of a mebibyte."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_lines(lines: Iterable[str]) -> str:
    """SHA-256 over lines, each ended by one line feed: the digest of a sorted list of digests."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode("ascii"))
        digest.update(b"\n")
    return digest.hexdigest()


def canonical(value: Any) -> bytes:
    """The canonical JSON bytes of a value (RFC 8785); integers beyond 2**53 and NaN are errors."""
    return rfc8785.dumps(value)


class SealedObject(NamedTuple):
    """A JSON object with a field that is the hash of the others.

    `fields` are all of its fields, `covered` the canonical JSON without that one, and `is_canonical` says whether the
    text was the canonical JSON of the object.
    """

    fields: dict[str, Any]
    covered: bytes
    is_canonical: bool


def sealed_object(text: bytes, seal: str) -> SealedObject:
    """The object of a JSON text whose field `seal` is the hash of the others; ValueError for any other text."""
    # A ledger has many lines, and `rfc8785` takes 400 µs for one of a kilobyte. orjson takes 10 µs, and writes the
    # same bytes but for fractions and for the order of names beyond the basic plane: those go the slow way.
    try:
        value = orjson.loads(text)
        alike = _is_plain(text) and isinstance(value, dict) and _written_fast(value) == text
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        alike = False
    try:
        if not alike:
            value = json.loads(text)
        rest = {name: field for name, field in value.items() if name != seal}
        if len(rest) == len(value):
            raise ValueError(f"the object has no {seal}")
        if alike:
            return SealedObject(value, _written_fast(rest), True)
        return SealedObject(value, canonical(rest), canonical(value) == text)
    except (AttributeError, RecursionError, TypeError) as error:
        raise ValueError("the text is no JSON object") from error


def _written_fast(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)


_FRACTION = re.compile(rb"[:\[,](?<![0-9]:)-?[0-9]+[.eE]")
_BEYOND_BASIC_PLANE = re.compile(rb"[\xf0-\xf4]")


def _is_plain(text: bytes) -> bool:
    """Whether a canonical JSON object has no number with a fraction and no character beyond the basic plane.

    False also where only a text looks like it.
    """
    return (text.isascii() or not _BEYOND_BASIC_PLANE.search(text)) and not _FRACTION.search(text)
