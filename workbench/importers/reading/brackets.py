"""Where a JSON value ends, found without parsing it and without holding it."""

from __future__ import annotations

import re

# A whole text, or 1: an opening bracket, 2: a closing one, 3: a text without its end.
# Possessive, so that a long text leaves no way back to remember.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|([{\[])|([}\]])|(")', re.DOTALL)
_SCALAR_END = re.compile(rb'[,\]\[{"]')
_QUOTE, _BACKSLASH = 0x22, 0x5C
_OPENING = b"{["


class Structure:
    """Fed a value piece by piece, it remembers the depth and whether it stands inside a text.

    Brackets are counted, not matched: what it delimits need not be valid JSON.
    """

    def __init__(self) -> None:
        self._begun = False
        self._scalar = False
        self._inside = False
        self._escaped = False
        self._depth = 0

    def end(self, data: bytes, position: int) -> int:
        """The position after the value that goes on at `position`; -1 when all of `data` belongs to it."""
        if not self._begun:
            if position >= len(data):
                return -1
            position = self._begin(data, position)
        if self._scalar:
            found = _SCALAR_END.search(data, position)
            return found.start() if found else -1
        if self._inside:
            position = self._text_end(data, position)
            if position < 0 or not self._depth:
                return position
        return self._close(data, position)

    def _begin(self, data: bytes, position: int) -> int:
        self._begun = True
        first = data[position]
        if first in _OPENING:
            self._depth = 1
        elif first == _QUOTE:
            self._inside = True
        else:
            self._scalar = True
        return position + 1

    def _close(self, data: bytes, position: int) -> int:
        """The position after the bracket that brings the depth to 0."""
        depth = self._depth
        for token in _TOKEN.finditer(data, position):
            kind = token.lastindex
            if kind == 1:
                depth += 1
            elif kind == 2:
                depth -= 1
                if not depth:
                    return token.end()
            elif kind == 3:
                self._depth, self._inside = depth, True
                return self._text_end(data, token.end())
        self._depth = depth
        return -1

    def _text_end(self, data: bytes, position: int) -> int:
        start = position
        if self._escaped and position < len(data):
            self._escaped = False
            position += 1
            start = position
        while True:
            quote = data.find(b'"', position)
            stop = len(data) if quote < 0 else quote
            odd = _backslashes(data, start, stop) % 2 == 1
            if quote < 0:
                self._escaped = odd or (self._escaped and start >= len(data))
                return -1
            if not odd:
                self._inside = False
                return quote + 1
            position = start = quote + 1


def _backslashes(data: bytes, start: int, stop: int) -> int:
    """How many backslashes stand right before `stop`, none of them before `start`."""
    at = stop
    while at > start and data[at - 1] == _BACKSLASH:
        at -= 1
    return stop - at
