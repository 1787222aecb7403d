"""Documents that bear facts of models: only one that stands and has a clause quoted bears any."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.core.documents import ACTIONS, documents
from workbench.core.errors import UsageError
from workbench.core.fact_basis import documents_of
from workbench.core.model import Facts
from workbench.store import Case


def bearing(case: Case) -> frozenset[int]:
    """The numbers of the documents that stand and have a clause quoted, so that a reader sees what they say."""
    found = documents(line.as_json() for line in case.notes.read(*ACTIONS))
    return frozenset(one.number for one in found.standing() if one.standing_clauses)


def refuse_unquoted(case: Case, stated: Iterable[Facts]) -> None:
    """Raise UsageError where facts name a document that is not there, was retracted, or has no clause quoted."""
    named = {number for facts in stated for number in documents_of(facts).values()}
    if not named:
        return
    for number in sorted(named - bearing(case)):
        one = documents(line.as_json() for line in case.notes.read(*ACTIONS)).document(number)
        if one.retraction is not None:
            raise UsageError(f"Document {number} is retracted: {one.retraction.reason}")
        raise UsageError(
            f"No clause of document {number} is quoted, so that no one sees where it says so.",
            hint=f"`workbench document quote CASE {number} --text TEXT` comes first.",
        )
