"""The fast parser, which takes only what cannot be misread: everything else is left to the tolerant one."""

from __future__ import annotations

import orjson

from workbench.core.model import Json

_HIDDEN = b"\\u003"
_HIDDEN_COLONS = (b"\\u003a", b"\\u003A")


def strict(raw: bytes) -> Json:
    """The value of a record without duplicate keys; a ValueError leaves others to the tolerant parser."""
    value = orjson.loads(raw)
    try:
        again = orjson.dumps(value)
    except TypeError as error:
        raise ValueError(str(error)) from error
    # Every key has one colon, and the colons inside texts are the same in both: written out again, the value has
    # fewer of them if the parser dropped a key. Only a colon that was written as an escape could make up for it.
    if raw.count(b":") != again.count(b":") or (_HIDDEN in raw and any(colon in raw for colon in _HIDDEN_COLONS)):
        raise ValueError("perhaps duplicate keys")
    return value
