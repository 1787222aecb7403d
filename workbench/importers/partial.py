"""The start of a long record made whole, so that its first keys can be looked at."""

from __future__ import annotations

import re

import orjson

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|([{\[])|([}\]])|(,)|(")', re.DOTALL)
_CLOSERS = {b"{": b"}", b"[": b"]"}
_LONGEST_ESCAPE = 12
_DEEPEST = 1000
"""No format that is known here nests deeper."""


def closed(start: bytes) -> bytes:
    """The start of a JSON value with its open text and brackets closed; unchanged where that makes no JSON.

    What can't be closed, such as a key without its value, is dropped back to the last comma or opening bracket.
    """
    stack: list[bytes] = []
    before: tuple[int, list[bytes]] = (0, [])
    ends = [start]
    for token in _TOKEN.finditer(start):
        if token.lastindex == 1:
            stack.append(_CLOSERS[token.group()])
            if len(stack) > _DEEPEST:
                return start
            before = token.end(), list(stack)
        elif token.lastindex == 2 and stack:
            stack.pop()
        elif token.lastindex == 3:
            before = token.start(), list(stack)
        elif token.lastindex == 4:
            # The cut may have gone through an escape or a character.
            ends = [start[: len(start) - back] + b'"' for back in range(_LONGEST_ESCAPE)]
            break
    for end, brackets in [*((end, stack) for end in ends), (start[: before[0]], before[1])]:
        whole = end + b"".join(reversed(brackets))
        try:
            orjson.loads(whole)
        except ValueError:
            continue
        return whole
    return start
