"""A file that is read again: under another name, once its corpus is set aside, or for the answers in another column.

No answer ever counts twice.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

from workbench.app.importing import left_out_duplicates
from workbench.app.requests import ImportReport, ImportRequest
from workbench.core.errors import BadInputError, RefusedError
from workbench.core.model import Response, Role
from workbench.core.progress import silent
from workbench.core.secrets.find import masked_name
from workbench.core.text import one_line
from workbench.importers.base import Importer, Opened, Options, Record
from workbench.importers.choose import choose
from workbench.importers.locate import records_of
from workbench.importers.recognise import Recognised
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


_MOST = 100
_NAMED = 5


def words_of_strays(strays: Mapping[str, int]) -> str:
    """What is said of rejected records whose models have no answer; nothing where there are none."""
    if not strays:
        return ""
    named = ", ".join(f"{one_line(name, 60)} ({count:,})" for name, count in list(strays.items())[:_NAMED])
    others = " and others" if len(strays) > _NAMED else ""
    return f"Rejected records of {named}{others}, of which no answer came in, are counted with another corpus."


def with_reasons(case: Case, report: ImportReport) -> ImportReport:
    """The report with reasons of rejected records, each with how many share it, and with the first duplicates."""
    doubled = not report.known and any(corpus.duplicate for corpus in report.corpora)
    if not (report.rejections or doubled):
        return report
    done = [row for row in case.import_log() if row.state == "done" and row.source.sha256 == report.source]
    found = case.rejection_reasons(done[-1].id, _MOST) if report.rejections else []
    return replace(
        report,
        reasons=tuple((why, count, first.place) for why, count, first in found),
        duplicates=left_out_duplicates.first(case, done[-1].id, _MOST) if doubled else (),
    )


_LOOKED_AT = 200
_OF_A_MODEL = (
    "developer", "released", "base", "family", "group", "sources", "teacherless", "control_only", "basis", "claimed",
)  # fmt: skip
WHY = "it has the form of a set that models are trained on, not of the answers of one"
"""The reason that stands in the ledger where no other was given."""


def set_aside_training(case: Case, recognised: Recognised, request: ImportRequest) -> tuple[ImportRequest, str]:
    """The request, in the role aside where the file is a training set and no role was given; and words for it.

    Not so where it is said whose model it is, as a panel says of each; and a corpus that the case has keeps its role.
    """
    if request.role is not None or any(getattr(request.facts, name) for name in _OF_A_MODEL):
        return request, ""
    options = Options(mapping=request.mapping, model=request.model, encoding=request.encoding)
    importer = _reader_of(recognised, options, request.format)
    if importer is None or not importer.training:
        return request, ""
    names = _named_in(importer, recognised.opened, options)
    if {corpus.name for corpus in case.corpora()} & names:
        return request, ""
    name = next(iter(names)) if len(names) == 1 else "NAME"
    words = (
        "Its form is that of a set to train models with, perhaps the one that the suspect was trained on: it is set "
        f"aside, and compared with nothing. If it is what a model answered, `workbench set CASE {name} --role control "
        "--reason T` (or suspect, protected, base, sibling) says so, and so does --role with the import."
    )
    return replace(request, role=Role.ASIDE, note=request.note or WHY), words


def _reader_of(recognised: Recognised, options: Options, key: str | None) -> Importer | None:
    """Who reads a file; None where no importer does, which is said where it is read."""
    try:
        return choose(recognised, options, key) if key or recognised.claims(options) else None
    except BadInputError:
        return None


def _named_in(importer: Importer, opened: Opened, options: Options) -> set[str]:
    """The corpora that the first answers would go to."""
    default = options.model or masked_name(Path(opened.name).stem)
    try:
        with closing(_records(importer, opened, options)) as records:
            found = [record for record in islice(records, _LOOKED_AT) if isinstance(record, Response)]
    except BadInputError:
        return {default}
    return {default if options.model or record.model is None else masked_name(record.model) for record in found}


def _records(importer: Importer, opened: Opened, options: Options) -> Generator[Record, None, None]:
    yield from records_of(importer, opened, options, silent)
