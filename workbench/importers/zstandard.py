"""Zstandard frames as a stream, by the library that Python has from 3.14 on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

MAGIC = b"\x28\xb5\x2f\xfd"
_INPUT = 16 * 1024
_OUTPUT = 256 * 1024


class ZstdError(Exception):
    """Data that can't be read on, with the reason in words."""


def zstd_chunks(file: BinaryIO) -> Iterator[bytes]:
    """What the frames of a stream hold, piece by piece; raises ZstdError.

    A frame that asks for more than 128 MB of memory, which only `zstd --long` writes, is refused.
    """
    from backports import zstd

    data = file.read(_INPUT)
    while data:
        engine = zstd.ZstdDecompressor()
        while not engine.eof:
            try:
                chunk = engine.decompress(data, _OUTPUT)
            except zstd.ZstdError as error:
                raise ZstdError(f"the zstd data is damaged here ({error})") from None
            if chunk:
                yield chunk
            data = b""
            if engine.needs_input and not engine.eof:
                data = file.read(_INPUT)
                if not data:
                    raise ZstdError("the zstd data was cut off here")
        data = engine.unused_data or file.read(_INPUT)
