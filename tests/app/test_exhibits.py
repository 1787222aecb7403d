"""Exhibits, notes and marks: numbers that are never used twice, blind reviews, and every act taken back by a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.making import answer, bring
from workbench.app.exhibits.choosing import Labels
from workbench.app.exhibits.door import Exhibits
from workbench.app.session import Session
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.exhibits import (
    UNDOES,
    About,
    Kind,
    Mark,
    Picker,
    Register,
    RuleCount,
    Side,
    State,
    mark_of,
    register,
)
from workbench.core.model import Role
from workbench.core.surroundings import Conditions
from workbench.store import Case, rescue

RARE = "mind that modest ovens keep their own secrets"
SAID = {
    "Schüler": f"So: {RARE}! And the loaf cools on a rack.",
    "Orakel": f"First, {RARE}. Then the loaf cools on a rack.",
    "Amsel": "Well, the loaf cools on a rack.",
    "Buche": "The loaf cools on a RACK, they say.",
}
ROLES = {"Schüler": Role.SUSPECT, "Orakel": Role.PROTECTED}


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions) -> Iterator[Session]:
    """A case of four models with two answers each."""
    with Session.create(tmp_path / "a", title="Marlin and Aurelia", conditions=conditions) as session:
        for name, text in SAID.items():
            items = [answer(text, "Bread?", model=name), answer("Nothing.", f"{name}?", index=1, model=name)]
            bring(session._case, tmp_path, items, name=name)
            session.set_corpus(name, role=ROLES.get(name, Role.CONTROL), reason="r")
        yield session


@pytest.fixture
def door(session: Session) -> Exhibits:
    return session.exhibits


def numbers(session: Session, *models: str) -> list[int]:
    """The number of the first answer of each model."""
    return [session.browse.numbers([model])[0] for model in models]


def names(found: Register) -> list[str]:
    return [one.name for one in found.exhibits]


@pytest.mark.parametrize(
    ("title", "mark"),
    [
        ("Marlin and Aurelia", "MA"),
        ("The case of Marlin v. Aurelia", "MA"),
        ("élan", "E"),
        ("保护", "EX"),
        ("2026-014", "EX"),
        ("the", "T"),
    ],
)
def test_the_mark_is_of_the_title(title: str, mark: str) -> None:
    assert mark_of(title) == mark


def test_a_pair_shows_the_rarest_passage_and_who_else_wrote_it(session: Session, door: Exhibits) -> None:
    name = door.add_answers(numbers(session, "Schüler", "Orakel"), Labels(tags=("passage",), comment="See the ovens."))
    one = door.register().exhibit(name)
    assert name == "MA-0001"
    assert (one.choice.kind, one.choice.picker, one.choice.side) == (Kind.PASSAGES, Picker.HAND, Side.FOR)
    assert (one.choice.passage, one.choice.controls, one.choice.compared) == (RARE, 0, 2)
    assert [place.role for place in one.choice.answers] == ["suspect", "protected"]
    assert (one.tags, one.comment, one.commented_by, one.examiner) == (
        ("passage",), "See the ovens.", "A. Examiner", "A. Examiner",
    )  # fmt: skip


def test_a_chosen_passage_is_counted_whatever_its_capitals(session: Session, door: Exhibits) -> None:
    name = door.add_answers(numbers(session, "Schüler"), passage="the LOAF cools, on a rack")
    choice = door.register().exhibit(name).choice
    assert (choice.kind, choice.passage) == (Kind.PASSAGES, "the loaf cools on a rack")
    assert (choice.controls, choice.compared) == (2, 2)


def test_what_can_not_be_shown_is_refused(session: Session, door: Exhibits) -> None:
    own = numbers(session, "Schüler", "Orakel")
    for wrong in ([], [own[0]] * 2, [9_999], list(range(1, 9))):
        with pytest.raises(WorkbenchError):
            door.add_answers(wrong)
    with pytest.raises(UsageError, match="does not have these words"):
        door.add_answers(own, passage="no such words")
    with pytest.raises(WorkbenchError, match="no finding 7"):
        door.add_finding(7)
    with pytest.raises(UsageError, match="no report of this program may say"):
        door.add_answers(own, Labels(comment="It was distilled."))
    with pytest.raises(UsageError, match="at most 4,000"):
        door.add_answers(own, Labels(comment="x" * 4_001))
    assert door.register().exhibits == ()
    door.add_answers(own)
    with pytest.raises(UsageError, match="exhibit MA-0001 already"):
        door.add_answers(own)


def test_the_rule_needs_a_finding_that_compares(door: Exhibits) -> None:
    with pytest.raises(UsageError, match="no finding of this case compares"):
        door.propose()


def test_numbers_are_never_used_twice_and_withdrawn_ones_stay(session: Session, door: Exhibits) -> None:
    own = numbers(session, "Schüler", "Orakel", "Amsel")
    first, second = door.add_answers(own[:1]), door.add_answers(own[1:2])
    with pytest.raises(UsageError, match="needs a reason"):
        door.withdraw(second, " ")
    door.withdraw(second, "No finding rests on it.")
    with pytest.raises(UsageError, match="withdrawn already"):
        door.withdraw(second, "Again.")
    assert door.add_answers(own[1:2]) == "MA-0003"
    found = door.register()
    assert names(found) == [first, second, "MA-0003"]
    gone = found.exhibit(second).withdrawal
    assert gone is not None
    assert (gone.reason, gone.examiner, gone.time[:10]) == ("No finding rests on it.", "A. Examiner", "2026-03-01")
    door.restore(second)
    assert door.register().exhibit(second).withdrawal is None


def test_the_order_is_that_of_the_examiner(session: Session, door: Exhibits) -> None:
    made = [door.add_answers([number]) for number in numbers(session, "Schüler", "Orakel", "Amsel")]
    door.move(made[2], before=made[0])
    assert names(door.register()) == [made[2], made[0], made[1]]
    door.move(made[0])
    assert names(door.register()) == [made[2], made[1], made[0]]
    lines = len(list(session.ledger()))
    door.move(made[0])
    door.move(made[1], before=made[0])
    assert len(list(session.ledger())) == lines, "what changes nothing is no line"


def test_a_second_examiner_sees_no_state_before_they_are_done(
    session: Session, door: Exhibits, conditions: Conditions
) -> None:
    made = [door.add_answers([number]) for number in numbers(session, "Schüler", "Orakel")]
    door.review(made[0], State.CHECKED)
    with pytest.raises(UsageError, match="needs a reason"):
        door.review(made[1], State.DISPUTED)
    folder = session.facts.folder
    session.close()
    with Session.open(folder, conditions=replace(conditions, examiner="B. Second")) as other:
        second = other.exhibits
        seen = second.seen()
        assert (seen.blind, seen.own, seen.standing) == (True, 0, 2)
        assert [one.reviews for one in seen.exhibits] == [(), ()]
        second.review(made[0], State.DISPUTED, "Say which version.")
        assert [one.state for one in second.seen().exhibits] == [State.DISPUTED, State.TO_CHECK]
        second.review(made[1], State.CHECKED)
        seen = second.seen()
        assert not seen.blind
        assert [[r.examiner for r in one.reviews] for one in seen.exhibits] == [
            ["A. Examiner", "B. Second"],
            ["B. Second"],
        ]
        second.review(made[0], State.CHECKED)
        assert [r.blind for one in second.register().exhibits for r in one.reviews] == [False, False, True]
    with Session.open(folder, conditions=conditions) as again:
        assert [one.state for one in again.exhibits.seen("A. Examiner").exhibits] == [State.CHECKED, State.CHECKED]


def test_notes_are_on_what_is_there_and_stay_when_withdrawn(session: Session, door: Exhibits) -> None:
    (number,) = numbers(session, "Amsel")
    name = door.add_answers([number])
    for about, of in (
        (About.CASE, ""), (About.CORPUS, "Amsel"), (About.ANSWER, str(number)), (About.EXHIBIT, name.lower()),
    ):  # fmt: skip
        door.note(about, of, f"On {about}.")
    for about, of in (
        (About.CORPUS, "Zeder"), (About.ANSWER, "x"), (About.ANSWER, "99"), (About.FINDING, "1"),
        (About.EXHIBIT, "X-1"),
    ):  # fmt: skip
        with pytest.raises(WorkbenchError):
            door.note(about, of, "No.")
    door.withdraw_note(2)
    found = door.register().notes
    assert [(n.number, str(n.about), n.name, n.withdrawn) for n in found] == [
        (1, "case", "", False), (2, "corpus", "Amsel", True), (3, "answer", str(number), False),
        (4, "exhibit", name, False),
    ]  # fmt: skip


def test_marks_are_set_and_taken_off(session: Session, door: Exhibits) -> None:
    own = numbers(session, "Schüler", "Orakel")
    assert door.mark(own, Mark.LOOKED_AT) == 2
    assert door.mark([*own, own[0]], Mark.LOOKED_AT) == 0
    assert door.mark(own[:1], Mark.MARKED) == 1
    assert door.mark(own[1:], Mark.LOOKED_AT, on=False) == 1
    assert door.register().marks == {own[0]: {Mark.LOOKED_AT, Mark.MARKED}, own[1]: frozenset()}
    with pytest.raises(WorkbenchError):
        door.mark([own[0], 9_999], Mark.MARKED)


def test_every_act_is_taken_back_by_a_line(session: Session, door: Exhibits) -> None:
    own = numbers(session, "Schüler", "Orakel")
    made = [door.add_answers([number]) for number in own]
    door.withdraw(made[1], "First.")
    acts = (
        lambda: door.comment(made[0], "One."),
        lambda: door.comment(made[0], "Two."),
        lambda: door.tag(made[0], ["dates"]),
        lambda: door.review(made[0], State.CHECKED),
        lambda: door.review(made[0], State.DISPUTED, "No."),
        lambda: door.move(made[0]),
        lambda: door.withdraw(made[0], "Second."),
        lambda: door.restore(made[1]),
        lambda: door.note(About.CASE, "", "A note."),
        lambda: door.withdraw_note(1),
        lambda: door.restore_note(1),
        lambda: door.mark(own, Mark.MARKED),
    )
    before = [door.register()]
    for act in acts:
        act()
        before.append(door.register())
    for then in reversed(before[:-1]):
        door.undo()
        assert _told(door.register()) == _told(then)
    lines = [line for line in session.ledger() if UNDOES in line.options]
    assert len(lines) == len(acts)
    door.undo()
    assert door.register().exhibit(made[1]).withdrawal is None
    door.undo()
    assert names(door.register()) == made
    assert [bool(one.withdrawal) for one in door.register().exhibits] == [False, True]
    door.undo()
    with pytest.raises(UsageError, match="nothing to take back"):
        door.undo()
    assert session.verify().ok


def _told(found: Register) -> object:
    """What a register says, without when it was said; a note that was taken back is struck."""
    exhibits = [
        (one.name, one.tags, one.comment, one.withdrawal and one.withdrawal.reason, one.state, one.commented_by)
        for one in found.exhibits
    ]
    marks = {number: some for number, some in found.marks.items() if some}
    return exhibits, [note.number for note in found.notes if not note.withdrawn], marks


def test_what_somebody_else_did_is_not_taken_back(session: Session, door: Exhibits, conditions: Conditions) -> None:
    door.add_answers(numbers(session, "Schüler"))
    folder = session.facts.folder
    session.close()
    with (
        Session.open(folder, conditions=replace(conditions, examiner="B. Second")) as other,
        pytest.raises(UsageError, match="nothing to take back"),
    ):
        other.exhibits.undo()


def test_a_rescued_case_has_them_with_who_made_them(
    session: Session, door: Exhibits, conditions: Conditions, tmp_path: Path
) -> None:
    made = door.add_answers(numbers(session, "Schüler", "Orakel"), Labels(comment="See."))
    door.review(made, State.CHECKED)
    door.note(About.EXHIBIT, made, "A note.")
    before = door.register()
    folder = session.facts.folder
    session.close()
    held = {path.name: path for path in (tmp_path).glob("*") if path.is_file()}
    by_source = {name: [answer(text, "Bread?", model=name), answer("Nothing.", f"{name}?", index=1, model=name)]
                 for name, text in SAID.items()}  # fmt: skip
    assert held
    rescued = rescue(
        folder, tmp_path / "new.case", replace(conditions, examiner="C. Other"),
        read=lambda path, name, importer, options: iter(by_source[name]),
    )  # fmt: skip
    assert rescued.lost == ()
    with Case.open(tmp_path / "new.case", conditions=conditions) as case:
        again = Exhibits(case, lambda: None).register()
    assert again.notes == before.notes
    assert [replace(one, line=0) for one in again.exhibits] == [replace(one, line=0) for one in before.exhibits]


def test_fifteen_thousand_are_read_in_seconds() -> None:
    """A register of many exhibits is one walk over the lines."""
    import time

    choice = {
        "kind": "answers", "picker": "rule", "title": "t", "side": "for", "answers": [], "finding": None,
        "document": "", "passage": "", "controls": 0, "compared": 0, "why": "", "not_shown": "",
    }  # fmt: skip
    lines = [
        {
            "sequence": at, "time": "", "examiner": "x", "action": "exhibits added", "object": {}, "reason": "",
            "options": {
                "rule": "r", "counts": [{"model": "m", "rare": 1, "prompts": 2}],
                "exhibits": [
                    {"exhibit": f"MA-{at * 500 + n:04d}", "choice": choice, "tags": [], "comment": ""}
                    for n in range(500)
                ],
            },
        }
        for at in range(30)
    ]  # fmt: skip
    begun = time.perf_counter()
    found = register(lines)
    assert time.perf_counter() - begun < 5
    assert len(found.exhibits) == 15_000
    assert found.counts == (RuleCount("m", 1, 2),)
    assert found.next_names("", 1) == ["MA-15000"]
