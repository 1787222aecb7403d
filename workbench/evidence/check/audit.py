"""The audit log in a pack: an unbroken chain from its first line to the head that the pack names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbench.core.hashing import sealed_object, sha256

FIRST = "0" * 64
_LONGEST = 16 << 20


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines without their line feed, from bytes in pieces; a line beyond 16 MB comes back empty."""
    rest = bytearray()
    for chunk in chunks:
        *whole, last = chunk.split(b"\n")
        for line in whole:
            rest += line
            yield bytes(rest) if len(rest) <= _LONGEST else b""
            rest.clear()
        if len(rest) <= _LONGEST:
            rest += last
    if rest:
        yield bytes(rest)


class Chain:
    """Walks the lines of a log; `hashes` are those of the sound lines, `last` that of the last line."""

    def __init__(self) -> None:
        self.last = FIRST
        self.count = 0
        self.hashes: set[str] = set()

    def walk(self, lines: Iterable[bytes]) -> Iterator[str]:
        """What is wrong with each line that does not fit, in words."""
        for line in lines:
            self.count += 1
            fault = self._fault(line)
            if fault:
                yield f"Line {self.count} {fault}"

    def _fault(self, line: bytes) -> str:
        try:
            found = sealed_object(line, "hash")
            stated, previous, sequence = (found.fields[name] for name in ("hash", "previous", "sequence"))
        except (ValueError, KeyError):
            return "is not a line of an audit log."
        before, self.last = self.last, str(stated)
        self.hashes.add(str(stated))
        if sha256(found.covered) != stated or not found.is_canonical:
            return "was altered: its hash does not agree with its words."
        if sequence != self.count:
            return f"carries the number {sequence}: a line was removed or put in before it."
        if previous != before:
            return "does not follow on the line before it: the chain is broken."
        return ""
