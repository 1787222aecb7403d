"""Reading one record of a file for itself, by its place."""

from __future__ import annotations

import io
from dataclasses import replace

from workbench.core.model import Response
from workbench.core.progress import silent
from workbench.importers.base import Importer, Opened, Options
from workbench.importers.locate import part_of

LARGEST = 8 << 20
"""A record of more bytes is not read for itself."""


def read_alone(importer: Importer, opened: Opened, options: Options, offset: int, length: int) -> list[Response] | None:
    """The answers that some bytes of a file give; None where its records can't be read one by one.

    They can where each line is a record: then a line alone gives what it gives in the whole file.
    """
    apart = opened.container or opened.member or length > LARGEST
    if apart or importer.container or not importer.by_lines(opened, options):
        return None
    data = part_of(opened, offset, length)
    line = replace(opened, stream=lambda: io.BytesIO(data), begins=offset)
    return [record for record in importer.read(line, options, silent) if isinstance(record, Response)]
