"""What a pack says of a case that was rebuilt: the log of its first life and its findings are not in it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from workbench.core.model import Json
from workbench.evidence.check.log_statements import inside
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.report.value_format import shorter

RESCUED = "This case was rescued"
NOTHING_FOUND = "No analysis has been run and kept in this case."


def lost_in_rescue(contents: PackContents) -> tuple[str, ...] | None:
    """What was lost when the case was rebuilt, in the words of its log; None where it never was."""
    return _lost([json.loads(text) for text in contents.ledger_lines])


def _lost(lines: Sequence[Json]) -> tuple[str, ...] | None:
    rescues = [line for line in lines if line["action"] == "case rescued"]
    lists = [inside(line, "options", "lost") for line in rescues]
    lost = [str(item) for several in lists if isinstance(several, list) for item in several]
    return tuple(shorter(item, 300) for item in lost) if rescues else None


def words_of_rescue(contents: PackContents) -> str:
    """What a reader must know of a rescued case, in words."""
    lost = lost_in_rescue(contents) or ()
    return (
        "Its database was lost, and the case was built anew from the files as received and the old log, which is kept "
        "among those files. Findings and packs of the old case are not in this one and are not taken back by it. "
        f"What was lost ({len(lost)} items) is listed in Annex A of the report."
    )


def nothing_found(contents: PackContents) -> str:
    """What is said where no finding stands; of a rescued case only what happened since is known here."""
    if lost_in_rescue(contents) is None:
        return NOTHING_FOUND
    return "No finding is in this case since it was built anew; earlier runs are listed in Annex A of the report."


def superseded(contents: PackContents) -> str:
    """Which pack this one supersedes."""
    return superseded_of([json.loads(text) for text in contents.ledger_lines], contents.number)


def superseded_of(lines: Sequence[Json], number: int) -> str:
    """Which pack the one of a number supersedes, as the lines of a log tell."""
    if _lost(lines) is not None:
        return "an unknown number: the case was rescued, and packs of the old case remain valid"
    return "none" if number == 1 else f"pack {number - 1:02d}"
