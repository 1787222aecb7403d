"""Logs as batches of whole lines, each with its place in the decompressed file; nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from workbench.core.logs import LineBatch, Unread

BATCH = 64 << 20
"""Bytes that are read at once."""

LONGEST = 16 << 20
"""Bytes of a line from which on it is passed over, without being held."""

TOO_LONG = "longer than 16 MB"


def json_lines(stream: BinaryIO, row: int = 0, offset: int = 0, batch: int = BATCH) -> Iterator[LineBatch]:
    """The lines of a stream that stands at `offset`, where the line with the number `row` begins.

    The last line need not end with a line feed.
    """
    held = b""
    while True:
        piece = stream.read(batch)
        data = held + piece
        cut = data.rfind(b"\n") + 1 if piece else len(data)
        if cut:
            yield (made := _batch(data[:cut], row, offset))
            row, offset = made.next_row, made.next_offset
        held = data[cut:]
        if not piece:
            return
        if len(held) > LONGEST:
            length = len(held) + _rest_of_line(stream)
            unread = (Unread(row, offset, length, TOO_LONG),)
            row, offset, held = row + 1, offset + length, b""
            none = np.zeros(0, dtype=np.int64)
            yield LineBatch(b"", np.zeros(1, dtype=np.int64), none, none, none, unread, row, offset)


def _batch(data: bytes, row: int, offset: int) -> LineBatch:
    """Whole lines as a batch; those that are too long are blanked and listed."""
    ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 0x0A) + 1
    if not len(ends) or ends[-1] != len(data):
        ends = np.append(ends, len(data))
    starts = np.concatenate(([0], ends)).astype(np.int64)
    lengths = np.diff(starts)
    rows = row + np.arange(len(lengths), dtype=np.int64)
    unread: tuple[Unread, ...] = ()
    kept = lengths <= LONGEST
    if not kept.all():
        unread = tuple(
            Unread(int(rows[at]), offset + int(starts[at]), int(lengths[at]), TOO_LONG) for at in np.flatnonzero(~kept)
        )
        pieces = [data[starts[at] : starts[at + 1]] for at in np.flatnonzero(kept)]
        data = b"".join(pieces)
    offsets = offset + starts[:-1][kept]
    inner = np.concatenate(([0], np.cumsum(lengths[kept]))).astype(np.int64)
    return LineBatch(
        data, inner, rows[kept], offsets, lengths[kept], unread, row + len(lengths), offset + int(starts[-1])
    )


def _rest_of_line(stream: BinaryIO) -> int:
    """Read to the end of the line and say how many bytes that was; the stream then stands behind it."""
    passed = 0
    while piece := stream.readline(1 << 20):
        passed += len(piece)
        if piece.endswith(b"\n"):
            break
    return passed
