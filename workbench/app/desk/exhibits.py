"""Exhibits as the desk shows them: the list with its reviews, notes and marks, and one exhibit with its answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.app.catalogue import reading_of
from workbench.app.desk.answers import Side, Who, side_of, whos
from workbench.app.desk.passages import Passage, rare_of, shared_passages
from workbench.core.errors import WorkbenchError
from workbench.core.exhibits import About, CaseExhibit, Mark, Note, State
from workbench.core.model import Role, Table
from workbench.core.reading import View
from workbench.evidence.exhibits.passages import spans_of

if TYPE_CHECKING:
    from workbench.app.session import Session
    from workbench.core.exhibits import AnswerPlace, FindingPlace


@dataclass(frozen=True, slots=True)
class ExhibitList:
    """The exhibits as the examiner who works now may see them, with the notes and the marks of answers.

    `states` say how each stands for them, by its number: while `blind`, when the reviews of others are kept from them,
    by their own review alone. They reviewed `own` of the `standing` ones. `reviewed` says how many of those others did.
    """

    examiner: str
    exhibits: tuple[CaseExhibit, ...]
    states: dict[str, State]
    notes: tuple[Note, ...]
    marks: dict[int, frozenset[Mark]]
    blind: bool
    own: int
    standing: int
    reviewed: dict[str, int]


def read_exhibits(session: Session) -> ExhibitList:
    """Read all exhibits, notes and marks."""
    seen = session.exhibits.seen()
    standing = [one for one in seen.exhibits if one.withdrawal is None]
    reviewed = Counter(
        review.examiner for one in standing for review in one.reviews if review.state is not State.TO_CHECK
    )
    return ExhibitList(
        examiner=seen.examiner,
        exhibits=seen.exhibits,
        states={one.name: one.state_of(seen.examiner) if seen.blind else one.state for one in seen.exhibits},
        notes=seen.register.notes,
        marks={number: some for number, some in seen.register.marks.items() if some},
        blind=seen.blind,
        own=seen.own,
        standing=seen.standing,
        reviewed={who: number for who, number in sorted(reviewed.items()) if who != seen.examiner},
    )


def notes_on(seen: ExhibitList, name: str) -> tuple[Note, ...]:
    """The notes on an exhibit, struck ones too."""
    return tuple(note for note in seen.notes if note.about is About.EXHIBIT and note.name == name)


@dataclass(frozen=True, slots=True)
class ShownExhibit:
    """What an exhibit shows: answers with passages marked, or the picture or a table of a finding.

    `why` says, in words, why what it shows is not there.
    """

    name: str
    asked: str = ""
    sides: tuple[Side, ...] = ()
    passages: tuple[Passage, ...] = ()
    view: View | None = None
    table: Table | None = None
    why: str = ""


def show_exhibit(session: Session, one: CaseExhibit) -> ShownExhibit:
    """Read what an exhibit shows, as the case holds it now."""
    choice = one.choice
    try:
        if choice.finding is not None:
            return _of_finding(session, one.name, choice.finding)
        if choice.answers:
            return _of_answers(session, one)
    except WorkbenchError as error:
        return ShownExhibit(one.name, why=error.message)
    return ShownExhibit(one.name, why=f"It shows document {choice.document}.")


def _of_finding(session: Session, name: str, place: FindingPlace) -> ShownExhibit:
    stored = session.finding(place.number)
    if stored.sha256 != place.sha256:
        return ShownExhibit(name, why=f"Finding {place.number} is not the one that this exhibit was made of.")
    if place.table:
        return ShownExhibit(name, table=stored.finding.tables[place.table])
    reading = reading_of(stored.finding, stored.narrative.headline)
    if reading is None or not reading.views:
        return ShownExhibit(name, why=f"Finding {place.number} is read by its words alone: {stored.narrative.headline}")
    return ShownExhibit(name, view=reading.views[0])


def _of_answers(session: Session, one: CaseExhibit) -> ShownExhibit:
    choice = one.choice
    sides: list[Side] = []
    asked = ""
    named = whos(session)
    for place in choice.answers:
        side, prompt = _side(session, place, named)
        sides.append(side)
        asked = asked or prompt
    texts = [side.text for side in sides if side.number]
    return ShownExhibit(one.name, asked=asked, sides=tuple(sides), passages=_passages(session, one, texts))


def _side(session: Session, place: AnswerPlace, named: dict[str, Who]) -> tuple[Side, str]:
    """An answer as a column, with its prompt; what the case holds no more is said in its place."""
    who = named.get(place.model, Who(place.model, place.role or str(Role.CONTROL)))
    try:
        answer = session.answer(place.number).answer
    except WorkbenchError as error:
        return Side(who, 0, "", "", (), 0, (), why=error.message), ""
    if answer.sha256 != place.sha256:
        why = f"Answer {place.number} is not the one that this exhibit was made of."
        return Side(who, 0, "", "", (), 0, (), why=why), ""
    return side_of(answer, who, (answer.number,)), answer.prompt or ""


def _passages(session: Session, one: CaseExhibit, texts: Sequence[str]) -> tuple[Passage, ...]:
    """The passage that the exhibit is about; of answers without one, what the first two share."""
    choice = one.choice
    if choice.passage:
        rare = rare_of(choice.controls, choice.compared)
        spans = tuple(tuple(spans_of(text, choice.passage)) for text in texts)
        return (Passage(choice.passage, 1, choice.controls, choice.compared, rare, spans),)
    return shared_passages(texts, ()) if len(texts) > 1 else ()
