"""Exhibits in the window: made of words, pairs and findings, ordered, reviewed, noted on, proposed, and taken back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest

from workbench.app.exhibits.choosing import Labels
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.exhibits import Mark, State
from workbench.core.model import Role

SHARED = "a squeal often means dirt on the pads"
ARABIC = "غالبًا ما يعني الصرير وجود أوساخ على الوسادات"
CHINESE = "刹车发出尖叫通常意味着刹车片上有污垢或油渍请先清洁"
_ROLES = {"marlin": Role.SUSPECT, "aurelia": Role.PROTECTED, "pell": Role.CONTROL, "quill": Role.CONTROL}


def _answers(model: str) -> list[str]:
    pair = model in ("marlin", "aurelia")
    return [
        f"🔧🔧 Well, {SHARED}. Says {model}." if pair else f"Clean it, says {model}.",
        f"{ARABIC} {model}" if pair else f"نظّفها {model}",
        f"{model} {CHINESE}。" if pair else f"{model} 先清洁。",
    ]


@pytest.fixture
def made(tmp_path: Path, conditions) -> Path:
    """A case of three prompts and four models, with an exhibit of each prompt's first two answers."""
    with Session.create(tmp_path / "m", title="Marlin and Aurelia", conditions=conditions) as session:
        for model, role in _ROLES.items():
            path = tmp_path / f"{model}.jsonl"
            records = [{"q": f"Question {at}?", "r": text} for at, text in enumerate(_answers(model))]
            path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
            mapping = {"prompt": "q", "response": "r"}
            session.import_file(path, ImportRequest(model=model, role=role, mapping=mapping))
        numbers = _numbers(session)
        for at in range(3):
            session.exhibits.add_answers([numbers["marlin"][at], numbers["aurelia"][at]], Labels(tags=(f"t{at}",)))
    return tmp_path / "m.case"


def _numbers(session: Session) -> dict[str, list[int]]:
    return {model: list(session.browse.numbers([model])) for model in _ROLES}


@pytest.fixture
def page(open_window, made: Path, spin):
    window = open_window(made)
    window.go("exhibits")
    page = window.at.exhibits
    spin(lambda: window.workspace.jobs.idle and bool(page.view.reader.columns))
    return page


def _rest(page, spin) -> None:
    spin(lambda: page.desk.workspace.jobs.idle)


def _names(page) -> list[str]:
    return [one.name for one in page.rows.items]


def _kept(page) -> list[str]:
    return [one.name for one in page.desk.workspace.session.exhibits.register().exhibits]


def test_the_pair_stands_side_by_side_with_its_passage_marked(page, spin) -> None:
    assert _names(page) == ["MA-0001", "MA-0002", "MA-0003"]
    first, second = page.view.reader.columns
    assert [part.side.who.role for part in (first, second)] == ["suspect", "protected"]
    assert not first.swap.isVisible()
    for part in (first, second):
        (marked,) = [mark.cursor.selectedText() for mark in part.text.extraSelections()]
        assert marked == SHARED, "signs beyond the first plane of Unicode must not shift the mark"
    assert "None of 2 controls" in page.view.counted.accessibleName()
    assert page.view.asked.text() == "Question 0?"
    page.list.choose(1)
    _rest(page, spin)
    shown = page.view.reader.columns[0].text
    assert shown.document().defaultTextOption().textDirection() is Qt.LayoutDirection.RightToLeft
    (marked,) = [mark.cursor.selectedText() for mark in shown.extraSelections()]
    assert ARABIC.endswith(marked)


def test_rows_are_moved_by_keys_and_by_a_drop_and_back_again(page, spin) -> None:
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    _rest(page, spin)
    assert _names(page) == _kept(page) == ["MA-0002", "MA-0001", "MA-0003"]
    assert page.item() == "MA-0001"
    assert page.rows.moveRows(QModelIndex(), 2, 1, QModelIndex(), 0), "what the list does with a row that is dropped"
    _rest(page, spin)
    assert _names(page) == _kept(page) == ["MA-0003", "MA-0002", "MA-0001"]
    page.desk.actions["edit.undo"].trigger()
    _rest(page, spin)
    assert _names(page) == _kept(page) == ["MA-0002", "MA-0001", "MA-0003"]
    assert not page.rows.moveRows(QModelIndex(), 0, 1, QModelIndex(), 9)
    page.words.setText("t1")
    assert _names(page) == ["MA-0002"]
    assert not page.later.isEnabled(), "it is the last one that is listed"


def test_a_row_that_is_moved_in_a_filtered_list_stays_behind_the_one_above(page, spin) -> None:
    page.list.choose(1)
    QTest.keyClick(page.list, Qt.Key.Key_K)
    _rest(page, spin)
    page.which.segment("to check").click()
    assert _names(page) == ["MA-0001", "MA-0003"]
    page.rows.moveRows(QModelIndex(), 0, 1, QModelIndex(), 2)
    _rest(page, spin)
    assert _kept(page) == ["MA-0002", "MA-0003", "MA-0001"]


def test_it_is_checked_disputed_withdrawn_and_put_back(page, spin) -> None:
    QTest.keyClick(page.list, Qt.Key.Key_K)
    _rest(page, spin)
    assert page.view.state.said == "Checked"
    QTest.keyClick(page.list, Qt.Key.Key_D)
    assert page.box.reason.isVisible()
    page.box.reason.reason.setText("It was distilled.")
    assert not page.box.reason.give.isEnabled()
    assert "can't be kept" in page.box.reason.wrong.text()
    page.box.reason.reason.setText("Say which version.")
    QTest.keyClick(page.box.reason.reason, Qt.Key.Key_Return)
    _rest(page, spin)
    assert page.view.state.said == "Disputed"
    assert page.which.segment("disputed").accessibleName() == "Disputed 1"
    page.withdrawing.trigger()
    page.box.reason.reason.setText("It repeats another.")
    page.box.reason.give.click()
    _rest(page, spin)
    assert page.view.state.said == "Withdrawn"
    assert "It repeats another." in page.rows.index(0).data()
    assert not page.checking.isEnabled()
    page.restoring.trigger()
    _rest(page, spin)
    (review,) = page.desk.workspace.session.exhibits.register().exhibits[0].reviews
    assert (review.state, review.reason) == (State.DISPUTED, "Say which version.")
    assert page.view.state.said == "Disputed"


def test_comment_and_tags_are_kept_and_what_was_typed_stays_with_its_exhibit(page, spin) -> None:
    page.box.comment.setPlainText("This proves that it was copied.")
    assert not page.box.keep.isEnabled()
    assert "can't be kept" in page.box.wrong.text()
    page.box.comment.setPlainText("Both halves stand in none.")
    page.list.choose(1)
    assert page.box.comment.toPlainText() == ""
    page.list.choose(0)
    assert page.box.comment.toPlainText() == "Both halves stand in none."
    page.box.tags.setText("rare, rare, pads")
    QTest.keyClick(page.box.tags, Qt.Key.Key_Return)
    _rest(page, spin)
    one = page.desk.workspace.session.exhibits.register().exhibits[0]
    assert (one.comment, one.tags) == ("Both halves stand in none.", ("rare", "pads"))
    assert not page.box.keep.isEnabled()
    page.desk.actions["edit.undo"].trigger()
    _rest(page, spin)
    assert page.box.comment.toPlainText() == ""


def test_notes_are_written_struck_and_said_to_be_discoverable(page, spin) -> None:
    page.view.noting.set_open(True)
    page.view.line.setText("Ask for the other version.")
    QTest.keyClick(page.view.line, Qt.Key.Key_Return)
    _rest(page, spin)
    assert page.view.line.text() == ""
    assert page.view.noting.opener.beside == "1 note"
    page.view.struck.emit(1, True)
    _rest(page, spin)
    (note,) = page.desk.workspace.session.exhibits.register().notes
    assert (note.name, note.withdrawn) == ("MA-0001", True)


def test_words_that_are_selected_become_an_exhibit_and_so_does_the_pair(page, spin) -> None:
    window = page.window()
    numbers = _numbers(page.desk.workspace.session)
    window.go(f"answers/answer:{numbers['marlin'][2]}")
    answers = window.at.answers
    spin(lambda: bool(answers.reader.columns) and window.workspace.jobs.idle)
    text = answers.reader.columns[0].text
    cursor = text.textCursor()
    begin = text.toPlainText().index("通常意味着")
    cursor.setPosition(begin)
    cursor.setPosition(begin + 5, cursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)
    text.setFocus()
    QTest.keyClick(text, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    _rest(page, spin)
    last = page.desk.workspace.session.exhibits.register().exhibits[-1]
    assert (last.choice.passage, last.choice.controls, last.choice.compared) == ("通常意味着", 0, 2)
    assert [place.model for place in last.choice.answers] == ["marlin", "aurelia"]
    QTest.keyClick(text, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    _rest(page, spin)
    assert "This is exhibit MA-0004 already." in window.toast.said.text()
    assert window.trouble.shown == "", "no box for what can be said in passing"


def test_marks_are_toggled_by_letters_and_stand_in_the_list(page, spin) -> None:
    window = page.window()
    number = _numbers(page.desk.workspace.session)["marlin"][0]
    window.go(f"answers/answer:{number}")
    answers = window.at.answers
    spin(lambda: bool(answers.reader.columns) and window.workspace.jobs.idle)
    answers.list.setFocus()
    QTest.keyClick(answers.list, Qt.Key.Key_L)
    QTest.keyClick(answers.list, Qt.Key.Key_M)
    _rest(page, spin)
    marks = page.desk.workspace.session.exhibits.register().marks
    assert marks[number] == {Mark.LOOKED_AT, Mark.MARKED}, "the second letter does not wait for the first act"
    at = answers.rows.place_of(number)
    assert "marlin, looked at, marked: " in answers.rows.index(at).data()
    QTest.keyClick(answers.list, Qt.Key.Key_M)
    _rest(page, spin)
    assert answers.rows.marks == {number: {Mark.LOOKED_AT}}


def test_a_second_examiner_is_blind_until_each_exhibit_has_their_review(open_window, made, conditions, spin) -> None:
    with Session.open(made, conditions=conditions) as session:
        session.exhibits.review("MA-0001", State.DISPUTED, "Wrong version.")
        first = session.facts.examiner
    window = open_window()
    window.workspace.conditions = replace(conditions, examiner="B. Second")
    window.open_case(made)
    spin(lambda: window.workspace.session is not None and window.workspace.jobs.idle)
    window.go("exhibits")
    page = window.at.exhibits
    spin(lambda: window.workspace.jobs.idle and bool(page.rows.items))
    assert page.view.state.said == "To check"
    assert "0 of 3, blind" in page.second.text()
    assert "Wrong version." not in page.box.who.text()
    for at in range(3):
        page.list.choose(at)
        page.checking.trigger()
        _rest(page, spin)
    assert page.second.text() == f"Reviewed by {first}: 1 of 3"
    page.list.choose(0)
    assert page.view.state.said == "Disputed"
    reviews = page.desk.workspace.session.exhibits.register().exhibits[0].reviews
    assert [review.blind for review in reviews if review.examiner == "B. Second"] == [True]


def test_where_no_finding_compares_models_the_rule_says_so_in_passing(page, spin) -> None:
    page.proposing.trigger()
    _rest(page, spin)
    assert "no finding of this case compares any" in page.window().toast.said.text()
    assert page.right.currentWidget() is page.view


def test_an_empty_case_says_what_to_do(window, spin) -> None:
    window.go("exhibits")
    spin(lambda: window.workspace.jobs.idle)
    empty = window.at.exhibits
    assert empty._stack.currentWidget() is empty.empty
    assert "Ctrl E" in empty.empty.said.text()
    assert not window.acts["exhibit.make"].isEnabled()
