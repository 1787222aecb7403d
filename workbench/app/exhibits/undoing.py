"""What takes an act back: a line of its own, which says which one it undoes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.core.errors import UsageError
from workbench.core.exhibits import (
    ANSWERS_MARKED,
    EXHIBIT_COMMENTED,
    EXHIBIT_RESTORED,
    EXHIBIT_REVIEWED,
    EXHIBIT_TAGGED,
    EXHIBIT_WITHDRAWN,
    EXHIBITS_ADDED,
    NOTE_RESTORED,
    NOTE_WITHDRAWN,
    NOTE_WRITTEN,
    UNDOES,
    WAS,
    CaseExhibit,
    Register,
    State,
    register,
)
from workbench.core.model import Json

TAKEN_BACK = "Taken back by the examiner."
"""The reason of a withdrawal that an undo writes."""


@dataclass(frozen=True, slots=True)
class Inverse:
    """A line that takes another one back; `undone` is that one's action."""

    action: str
    object: Json
    options: Json
    reason: str
    undone: str


_OPPOSITE = {
    NOTE_WRITTEN: NOTE_WITHDRAWN,
    NOTE_WITHDRAWN: NOTE_RESTORED,
    NOTE_RESTORED: NOTE_WITHDRAWN,
    EXHIBIT_WITHDRAWN: EXHIBIT_RESTORED,
}


def inverse(lines: Sequence[Mapping[str, Json]], examiner: str) -> Inverse | None:
    """What takes back the last act of an examiner that was not taken back; None where there is none.

    What was done before a rescue is not taken back. Raises UsageError where that act took in several exhibits at once.
    """
    line = last_own(lines, examiner)
    return None if line is None else _of(line, register(one for one in lines if one["sequence"] < line["sequence"]))


def last_own(lines: Sequence[Mapping[str, Json]], examiner: str) -> Mapping[str, Json] | None:
    """The last act of an examiner that was not taken back; None where there is none.

    What was done before a rescue is not taken back.
    """
    own = [line for line in lines if line["examiner"] == examiner and WAS not in line["options"]]
    undone = {line["options"].get(UNDOES) for line in own}
    return next(
        (line for line in reversed(own) if UNDOES not in line["options"] and line["sequence"] not in undone), None
    )


def _of(line: Mapping[str, Json], before: Register) -> Inverse:
    action, said, subject = line["action"], line["options"], line["object"]
    number = {UNDOES: line["sequence"]}
    if action in _OPPOSITE:
        return Inverse(_OPPOSITE[action], subject, number, "", action)
    if action == ANSWERS_MARKED:
        return Inverse(action, subject, {**said, "set": not said["set"], **number}, "", action)
    if action == EXHIBITS_ADDED:
        names = [item["exhibit"] for item in said["exhibits"]]
        if len(names) > 1:
            raise UsageError(
                f"The last act took in {len(names)} exhibits at once.",
                hint="`workbench exhibits CASE remove NUMBER --reason TEXT` withdraws one of them.",
            )
        return Inverse(EXHIBIT_WITHDRAWN, {"exhibit": names[0]}, number, TAKEN_BACK, action)
    return _of_exhibit(line, before.exhibit(subject["exhibit"]), before)


def _of_exhibit(line: Mapping[str, Json], one: CaseExhibit, before: Register) -> Inverse:
    """What gives an exhibit back what it had before a line."""
    action, said = line["action"], line["options"]
    back: dict[str, Json] = {UNDOES: line["sequence"]}
    reason = ""
    if action == EXHIBIT_RESTORED:
        action, reason = EXHIBIT_WITHDRAWN, one.withdrawal.reason if one.withdrawal else TAKEN_BACK
    elif action == EXHIBIT_COMMENTED:
        back["comment"] = one.comment
    elif action == EXHIBIT_TAGGED:
        back["tags"] = list(one.tags)
    elif action == EXHIBIT_REVIEWED:
        held = [review for review in one.reviews if review.examiner == line["examiner"]]
        back |= {"state": str(held[0].state) if held else str(State.TO_CHECK), "blind": said["blind"]}
        reason = held[0].reason if held else ""
    else:
        names = [item.name for item in before.exhibits]
        after = names[names.index(one.name) + 1 :][:1]
        back["before"] = after[0] if after else ""
    return Inverse(action, line["object"], back, reason, line["action"])
