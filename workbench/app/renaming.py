"""A file under another name: its corpus is set aside, and the file is read again; its answers never count twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.core.errors import RefusedError
from workbench.core.model import Role
from workbench.store import Case, ImportRow


def may_be_read_again(case: Case, earlier: Sequence[ImportRow], model: str | None) -> bool:
    """Whether a file that was imported before may come in under another name: all that it gave is set aside."""
    names = _names(earlier)
    return model is not None and model not in names and not _counting(case, names)


def refuse_to_count_twice(case: Case, name: str) -> None:
    """Raise RefusedError where a corpus that is set aside can't come back: its file was read again since."""
    if all(c.name != name or c.role is not Role.ASIDE for c in case.corpora()):
        return
    rows = [row for row in case.import_log() if row.state == "done"]
    sources = {row.source.sha256 for row in rows if name in _names([row])}
    again = [row for row in rows if row.source.sha256 in sources and name not in _names([row])]
    others = _counting(case, _names(again))
    if others:
        raise RefusedError(
            f"The answers of {name} were read again under another name: {', '.join(others)}.",
            hint="One file's answers are counted once: set that corpus aside first.",
        )


def _names(rows: Iterable[ImportRow]) -> list[str]:
    return [counts.corpus for row in rows for counts in row.corpora]


def _counting(case: Case, names: Sequence[str]) -> list[str]:
    return [c.name for c in case.corpora() if c.name in names and c.role is not Role.ASIDE]
