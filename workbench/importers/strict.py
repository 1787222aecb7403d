"""The fast parser, which takes only what cannot be misread: everything else is left to the tolerant one."""

from __future__ import annotations

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
    if raw.count(b":") != _colons(value) or (_HIDDEN in raw and any(colon in raw for colon in _HIDDEN_COLONS)):
        raise ValueError("perhaps duplicate keys")
    return value


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
