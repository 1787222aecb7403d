"""What follows from the form of a file for the role of its answers: a set to train with is no model to compare with."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.requests import ImportRequest
from workbench.core.errors import BadInputError
from workbench.core.model import Response, Role
from workbench.core.progress import silent
from workbench.core.secrets.find import masked_name
from workbench.importers import Opened, Options, Record, choose
from workbench.importers.locate import records_of
from workbench.importers.training import is_training

if TYPE_CHECKING:
    from workbench.store import Case

_LOOKED_AT = 200
_OF_A_MODEL = (
    "developer", "released", "base", "family", "group", "sources", "teacherless", "control_only", "basis", "claimed",
)  # fmt: skip
WHY = "by its form a set that models are trained on, not the answers of one"
"""The reason that stands in the ledger where nobody gave another."""


def by_form(case: Case, opened: Opened, request: ImportRequest) -> tuple[ImportRequest, str]:
    """The request, in the role aside where the file is a training set and no role was given; and words for it.

    Not so where it is said whose model it is, as a panel says of each; and a corpus that the case has keeps its role.
    """
    if request.role is not None or any(getattr(request.facts, name) for name in _OF_A_MODEL):
        return request, ""
    options = Options(mapping=request.mapping, model=request.model, encoding=request.encoding)
    if not is_training(opened, options, request.format):
        return request, ""
    names = _names(opened, options, request.format)
    if {corpus.name for corpus in case.corpora()} & names:
        return request, ""
    name = next(iter(names)) if len(names) == 1 else "NAME"
    words = (
        "Its form is that of a set to train models with, perhaps the one that the suspect was trained on: it is set "
        f"aside, and compared with nothing. If it is what a model answered, `workbench set CASE {name} --role control "
        "--reason T` (or suspect, protected, base, sibling) says so, and so does --role with the import."
    )
    return replace(request, role=Role.ASIDE, note=request.note or WHY), words


def _names(opened: Opened, options: Options, key: str | None) -> set[str]:
    """The corpora that the first answers would go to."""
    default = options.model or masked_name(Path(opened.name).stem)
    try:
        with closing(_records(opened, options, key)) as records:
            found = [record for record in islice(records, _LOOKED_AT) if isinstance(record, Response)]
    except BadInputError:
        return {default}
    return {default if options.model or record.model is None else masked_name(record.model) for record in found}


def _records(opened: Opened, options: Options, key: str | None) -> Generator[Record, None, None]:
    yield from records_of(choose(opened, options, key), opened, options, silent)
