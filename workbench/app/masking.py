"""Keeping secrets out of what is made from a case: findings as they are stored, originals as they go into packs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from workbench.core.errors import RefusedError, UsageError
from workbench.core.model import Finding, Table
from workbench.core.secrets.find import find_in, masked, masked_json
from workbench.store import Case, Export


def without_secrets(finding: Finding) -> Finding:
    """The finding with everything that has the form of a secret masked, in its values and in its tables."""
    return replace(
        finding,
        question=masked(finding.question),
        values=masked_json(finding.values),
        warnings=tuple(masked(warning) for warning in finding.warnings),
        tables={name: _table(table) for name, table in finding.tables.items()},
    )


def _table(table: Table) -> Table:
    texts = [cell if isinstance(cell, str) else "" for row in table.rows for cell in row]
    if not find_in(texts):
        return table
    rows = tuple(tuple(masked(cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows)
    return Table(table.columns, rows)


def included_of(case: Case, given: Mapping[str, str]) -> dict[str, str]:
    """The withheld originals that are to be included all the same, by their whole SHA-256, each with its reason.

    Raises UsageError for a file that is not withheld, that is not in the case, or has no reason.
    """
    held = case.examinations.withheld()
    known = [source.sha256 for source in case.sources()]
    chosen: dict[str, str] = {}
    for start, reason in given.items():
        fits = [digest for digest in known if digest.startswith(start.lower())] if len(start) >= 8 else []
        if len(fits) != 1:
            raise UsageError(
                f"“{start}” is not the SHA-256 of one file of this case.", hint="`workbench examine CASE` lists them."
            )
        if fits[0] not in held:
            raise UsageError(f"The file {start} is not withheld: no secrets were found in it.")
        if not reason.strip():
            raise UsageError("Including an original with secrets in it needs a reason.", hint="--reason TEXT")
        chosen[fits[0]] = reason
    return chosen


def why_withheld(kinds: Mapping[str, int]) -> str:
    """Why an original stays out of a pack, in words."""
    counted = ", ".join(f"{kind} ({number})" for kind, number in kinds.items())
    return f"it holds what has the form of secrets: {counted}"


def refuse_unmasked(case: Case, begun: Export) -> None:
    """Refuse to build a pack again that was begun before secrets were looked for, where some were found since."""
    if case.examinations.last(begun.line) is None and case.examinations.withheld():
        raise RefusedError(
            f"Pack {begun.number} was begun before secrets were looked for, and some were found since: "
            "it is not built again.",
            hint="`workbench export CASE PACK.zip` makes a new pack, in which they are masked.",
        )
