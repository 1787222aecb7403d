"""The list of exhibits: it follows from the log and the names of files alone, so that a check can make it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from workbench.core.exhibits import CaseExhibit, Choice, Picker
from workbench.core.model import Json
from workbench.evidence.pack.registers import csv_bytes

NOT_HERE = "not in this pack"
_HEADER = (
    "exhibit", "kind", "role", "model", "passage", "controls_that_wrote_it", "controls", "file", "offset", "length",
    "sha256", "title", "shows", "from", "picked_by", "picked", "withdrawn", "withdrawn_by", "reason", "review",
    "reviews", "tags", "comment", "comment_by", "why", "not_shown", "answer", "record",
)  # fmt: skip


def exhibit_list(exhibits: Iterable[CaseExhibit], files: Mapping[str, str]) -> bytes:
    """The list in the order of the report, a row for each answer; `files` names those that are in the pack, by hash.

    What was counted is as it was counted when the exhibit was chosen. `kind` says what it speaks for.
    """
    return csv_bytes(_HEADER, [row for one in exhibits for row in _rows(one, files)])


def _rows(one: CaseExhibit, files: Mapping[str, str]) -> Iterator[Sequence[Json]]:
    choice, gone = one.choice, one.withdrawal
    counted = (choice.passage, choice.controls, choice.compared) if choice.passage else ("", "", "")
    reviews = [f"{r.examiner}{', blind' if r.blind else ''}: {r.state} {r.reason}".strip() for r in one.reviews]
    said = (
        choice.title, str(choice.kind), _origin(choice), "rule" if choice.picker is Picker.RULE else one.examiner,
        one.added, *((gone.time, gone.examiner, gone.reason) if gone else ("", "", "")), str(one.state),
        " | ".join(reviews), " | ".join(one.tags), one.comment, one.commented_by, choice.why, choice.not_shown,
    )  # fmt: skip
    for place in choice.answers:
        where = files.get(place.source, NOT_HERE)
        beside = (where, place.offset, place.length, place.sha256)
        yield (one.name, str(choice.side), place.role, place.model, *counted, *beside, *said, place.number or "",
               place.index + 1)  # fmt: skip
    if not choice.answers:
        yield (one.name, str(choice.side), "", "", *counted, "", "", "", "", *said, "", "")


def _origin(choice: Choice) -> str:
    """Where it is from; a pick for one pack alone has answers without numbers."""
    return choice.origin if not choice.answers or choice.answers[0].number else ""
