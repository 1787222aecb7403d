"""What an import says of the encodings that its texts were in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from workbench.core.model import Json, Response
from workbench.core.text import counted
from workbench.importers import Opened, Record
from workbench.importers.containers.encoding import NAMES

_HOW = {
    "mark": "by its mark",
    "guessed": "guessed from its bytes (--encoding names another; `preview` shows the text beforehand)",
    "given": "as named by --encoding",
}


def stated(opened: Opened, given: str) -> Json:
    """The encoding as an import keeps it: its name, and how it is known."""
    if opened.container:
        return {"name": given, "how": "given"} if given else {"name": "", "how": "file by file"}
    return {"name": opened.encoding or "utf-8", "how": opened.encoded or "valid"}


class Encodings:
    """Counts the answers that were in another encoding than UTF-8."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._counts: Counter[str] = Counter()

    def through(self, records: Iterator[Record]) -> Iterator[Record]:
        """The records as they are."""
        # The text of one file has one encoding; the files in an archive have each their own.
        return self._counted(records) if self._opened.container else records

    def _counted(self, records: Iterator[Record]) -> Iterator[Record]:
        for record in records:
            if isinstance(record, Response) and record.flags:
                self._counts.update(flag for flag in record.flags if flag in NAMES)
            yield record

    def notices(self) -> tuple[str, ...]:
        """The encodings in sentences; nothing where all was UTF-8."""
        if self._opened.encoding:
            how = _HOW[self._opened.encoded]
            return (f"The text was read as {self._opened.encoding}, {how}.",)
        return tuple(
            f"{counted(count, 'answer was', 'answers were')} in {name}." for name, count in sorted(self._counts.items())
        )
