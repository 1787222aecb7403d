"""The fast parser, which takes only what cannot be misread: everything else is left to the tolerant one."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import orjson

from workbench.core.model import Json

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
        if _count(block) == _count(orjson.dumps(values)) and not _may_hide(block):
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
    fast = _fast()
    if fast is None:
        return block.count(b":")
    return int(fast.count_nonzero(fast.frombuffer(block, fast.uint8) == ord(":")))


def _may_hide(block: bytes) -> bool:
    """Whether a colon is written as an escape; most blocks have no such escape at all."""
    fast = _fast()
    if fast is not None:
        data = fast.frombuffer(block, fast.uint8)
        if not ((data[:-1] == ord("\\")) & (data[1:] == ord("u"))).any():
            return False
    return _hides(block)


def load_fast() -> None:
    """Load what counts many times faster: it takes longer than reading a small file."""
    import_module("numpy")


def _fast() -> Any:
    """numpy, where it was loaded."""
    return sys.modules.get("numpy")


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
