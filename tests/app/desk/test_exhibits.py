"""Exhibits as the desk reads them: what an exhibit shows, and what is said where it is not in the case any more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.making import bring, new_case, several
from workbench.app.desk.exhibits import read_exhibits, show_exhibit
from workbench.app.desk.passages import shown_text
from workbench.app.session import Session
from workbench.core.exhibits import Choice, Kind, Picker, State
from workbench.core.surroundings import Conditions
from workbench.evidence.exhibits.passages import spans_of


@pytest.fixture
def case(tmp_path: Path, conditions: Conditions) -> Path:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(3))
    return tmp_path / "a.case"


def test_answers_stand_as_they_are_and_another_answer_is_not_taken_for_one(case: Path, conditions: Conditions) -> None:
    with Session.open(case, conditions=conditions) as session:
        session.exhibits.add_answers([1, 2])
        (one,) = read_exhibits(session).exhibits
        shown = show_exhibit(session, one)
        assert [side.number for side in shown.sides] == [1, 2]
        first, second = one.choice.answers
        other = replace(one, choice=replace(one.choice, answers=(replace(first, sha256="0" * 64), second)))
        assert show_exhibit(session, other).sides[0].why == "Answer 1 is not the one that this exhibit was made of."
        gone = replace(one, choice=replace(one.choice, answers=(replace(first, number=99_999),)))
        assert "99999" in show_exhibit(session, gone).sides[0].why.replace(",", "")
        document = replace(one, choice=Choice(Kind.DOCUMENT, Picker.HAND, "Terms", document="D002"))
        assert show_exhibit(session, document).why == "It shows document D002."


def test_others_are_read_when_nobody_is_blind(case: Path, conditions: Conditions) -> None:
    with Session.open(case, conditions=conditions) as session:
        name = session.exhibits.add_answers([1])
        session.exhibits.review(name, State.CHECKED)
    with Session.open(case, conditions=replace(conditions, examiner="B. Second")) as session:
        seen = read_exhibits(session)
        assert (seen.blind, seen.own, seen.standing, seen.reviewed) == (True, 0, 1, {})
        assert seen.states == {name: State.TO_CHECK}
        session.exhibits.review(name, State.DISPUTED, "Another prompt.")
        seen = read_exhibits(session)
        assert (seen.blind, list(seen.reviewed.values())) == (False, [1])
        assert seen.states == {name: State.DISPUTED}


def test_places_of_what_is_shown_lead_back_to_the_text() -> None:
    text = "end \nb\u202ec"
    shown = shown_text(text)
    assert shown.said != text
    for at, character in enumerate(text):
        begin, end = shown.at(at), shown.at(at + 1)
        assert {shown.back(place) for place in range(begin, end)} == {at}, repr(character)


def test_a_passage_of_a_script_without_spaces_is_found_inside_of_a_run() -> None:
    text = "刹车发出尖叫通常意味着有污垢。"
    assert list(spans_of(text, "通常意味着")) == [(6, 11)]
    assert list(spans_of(text, "意味着没有")) == []
    assert list(spans_of("A Word, or two.", "word or")) == [(2, 10)]
    assert list(spans_of("swordfish", "word")) == [], "words of other scripts are found whole"
