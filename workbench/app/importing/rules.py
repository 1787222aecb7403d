"""A file that is read again: under another name, once its corpus is set aside, or for the answers in another column.

No answer ever counts twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.app.requests import ImportRequest
from workbench.core.errors import RefusedError
from workbench.core.model import Role
from workbench.core.secrets.find import masked_name
from workbench.store import Case, ImportRow


def may_be_read_again(case: Case, earlier: Sequence[ImportRow], request: ImportRequest) -> bool:
    """Whether a file that was imported before may come in under another name.

    It may where all that it gave is set aside, or was taken from another field than the one that is named now. Where a
    field names the model of each record, the names may be the same ones, and the field of the answers must be another.
    """
    field = request.mapping.get("response")
    if request.model is None and "model" in request.mapping and field:
        return not any(_may_be_the_same(_field(row), field) for row in earlier)
    if request.model is None or request.model in _names(earlier):
        return False
    return not _counting(case, _names(row for row in earlier if _may_be_the_same(_field(row), field)))


def refuse_to_count_twice(case: Case, name: str) -> None:
    """Raise RefusedError where a corpus that is set aside can't come back: its file was read again since."""
    if all(c.name != name or c.role is not Role.ASIDE for c in case.corpora()):
        return
    rows = [row for row in case.import_log() if row.state == "done"]
    sources = {row.source.sha256 for row in rows if name in _names([row])}
    fields = [_field(row) for row in rows if name in _names([row])]
    again = [
        row
        for row in rows
        if row.source.sha256 in sources
        and name not in _names([row])
        and any(_may_be_the_same(_field(row), field) for field in fields)
    ]
    others = _counting(case, _names(again))
    if others:
        raise RefusedError(
            f"The answers of {name} were read again under another name: {', '.join(others)}.",
            hint="One file's answers are counted once: set that corpus aside first.",
        )


def _field(row: ImportRow) -> str | None:
    """The field that an import took its answers from, where a mapping says so."""
    return (row.options.get("mapping") or {}).get("response")


def _may_be_the_same(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == masked_name(other)


def _names(rows: Iterable[ImportRow]) -> list[str]:
    return [counts.corpus for row in rows for counts in row.corpora]


def _counting(case: Case, names: Sequence[str]) -> list[str]:
    return [c.name for c in case.corpora() if c.name in names and c.role is not Role.ASIDE]
