"""The answers page: searching, counting, lists of any length, side by side, and the bytes behind an answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextFormat
from PySide6.QtTest import QTest

from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.model import Role
from workbench.gui.pages.answers_parts.hits import WINDOW
from workbench.gui.pages.answers_parts.raw import hex_of

KEY = "sk-proj-" + "7Zk29dkLqPw83nsUeXo72KdmQnVb48sTyA"


@pytest.fixture
def window(open_window, conditions, tmp_path: Path):
    with Session.create(tmp_path / "s", title="S", conditions=conditions) as session:
        for model in ("one", "two"):
            records = [
                {"q": f"Question {n} of {model}?", "r": f"The quick <b>fox</b> number {n}, distilled by {model}."}
                for n in range(4)
            ]
            records += [{"q": f"Is {KEY} right?", "r": f"Use {KEY} for the hen."}] if model == "one" else []
            path = tmp_path / f"{model}.jsonl"
            path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
            request = ImportRequest(model=model, mapping={"prompt": "q", "response": "r"})
            session.import_file(path, request)
    made = open_window(tmp_path / "s.case")
    made.go("answers")
    return made


def _search(window, spin, words: str) -> list:
    page = window.at.answers
    spin(lambda: bool(page._whos))
    page.words.setText(words)
    page.search()
    spin(lambda: window.workspace.jobs.idle)
    return [page.rows.row(at) for at in range(page.rows.rowCount())]


def test_the_index_is_built_before_the_first_search(window, spin) -> None:
    rows = _search(window, spin, '"quick b fox"')
    assert len(rows) == 8
    assert rows[0].who.name == "one"
    assert rows[0].hit == "quick <b>fox"
    assert window.at.answers.said.text() == "8 answers in 2 of 2 corpora"
    assert window.at.answers.bars.accessibleDescription() == "one 4, two 4"


def test_an_answer_stands_beside_its_bytes_with_the_words_marked(window, spin) -> None:
    _search(window, spin, "distilled")
    page = window.at.answers
    column = page.reader.columns[0]
    assert column.text.toPlainText().startswith("The quick <b>fox</b> number 0")
    marked = [s.cursor.selectedText() for s in column.text.extraSelections()]
    assert "distilled" in marked
    page.raw.toggle()
    assert '"r": "The quick <b>fox</b> number 0' in page.raw.bytes.toPlainText()
    assert page.raw.place.text() == "one.jsonl, record 1, bytes 0 to 84"
    assert page.raw.agrees.said == "Reads the same today"
    page.list.choose(3)
    spin(lambda: "number 3" in page.raw.bytes.toPlainText())
    assert "number 3" in page.reader.columns[0].text.toPlainText()
    page.raw.view.segment("hex").click()
    assert page.raw.bytes.toPlainText().splitlines()[0].endswith('{"q": "Question ')


def test_prompts_bars_and_roles_narrow_the_search(window, spin) -> None:
    page = window.at.answers
    assert _search(window, spin, "question") == []
    assert page.said.text() == "No answer holds these words."
    page.where.segment("prompts").click()
    spin(lambda: window.workspace.jobs.idle)
    assert page.rows.rowCount() == 8
    page.where.segment("answers").click()
    assert len(_search(window, spin, "fox")) == 8
    page.bars.chosen.emit("two")
    spin(lambda: window.workspace.jobs.idle)
    assert [page.rows.row(at).who.name for at in range(page.rows.rowCount())] == ["two"] * 4
    assert page.narrowing.only.isVisible()
    page.narrowing.only.click()
    spin(lambda: window.workspace.jobs.idle)
    assert page.rows.rowCount() == 8
    page.narrowing.toggle_role("suspect")
    spin(lambda: window.workspace.jobs.idle)
    assert page.rows.rowCount() == 0


def test_an_empty_search_lists_everything_and_old_hits_are_gone(window, spin) -> None:
    assert len(_search(window, spin, "fox")) == 8
    assert len(_search(window, spin, "")) == 9
    assert not window.at.answers.bars.isVisible()


def test_a_secret_is_masked_in_list_answer_and_bytes(window, spin) -> None:
    (row,) = _search(window, spin, "hen")
    page = window.at.answers
    page.raw.toggle()
    spin(lambda: "hen" in page.raw.bytes.toPlainText(), 5)
    parts = [row.before, row.hit, row.after, row.asked, page.asked.text(), page.raw.bytes.toPlainText()]
    shown = "".join(parts + [column.text.toPlainText() for column in page.reader.columns])
    assert KEY not in shown
    assert hex_of(page.raw._raw).count("sk-proj") == 0
    assert "masked" in page.reader.columns[0].facts.text()


def test_a_search_without_a_word_is_said(window, spin) -> None:
    _search(window, spin, '"..."')
    assert "There is no word to search for" in window.at.answers.said.text()
    assert window.trouble.shown == ""


def test_the_shortcut_comes_here_from_any_page(window, spin) -> None:
    window.go("ledger")
    spin(lambda: window.workspace.jobs.idle)
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.stack.currentWidget() is window.at.answers
    assert window.focusWidget() is window.at.answers.words


@pytest.fixture
def page(open_window, case: Path, spin):
    """The answers of the sample case."""
    window = open_window(case)
    window.go("answers")
    spin(lambda: window.workspace.jobs.idle and bool(window.at.answers.reader.columns), 60)
    return window.at.answers


def test_suspect_nearest_source_and_nearest_control_stand_side_by_side(page) -> None:
    roles = [column.side.who.role for column in page.reader.columns]
    assert roles == ["suspect", "protected", "control"]
    assert page.reader.columns[2].side.nearest
    assert "the nearest control" in page.reader.columns[2].facts.text()
    assert page.place.text().startswith("Prompt 1 of 120")


def test_shared_passages_are_marked_the_rarest_first(page, spin) -> None:
    page.desk.go("answers/prompt:14")
    spin(lambda: page.place.text() == "Prompt 14 of 120" and page.desk.workspace.jobs.idle)
    passages = page.passages._passages
    assert [p.controls for p in passages] == sorted(p.controls for p in passages)
    assert passages[0].words == "A word of caution:"
    assert passages[0].controls == 0
    first = page.reader.columns[0].text
    lines = {s.format.intProperty(QTextFormat.Property.TextUnderlineStyle) for s in first.extraSelections()}
    assert len(lines) == 3, "what is rare must differ by its line and not by its colour"
    page.passages.view.choose(0)
    assert "A word of caution" in first.textCursor().selectedText()


def test_columns_are_added_swapped_and_closed_and_stay_from_prompt_to_prompt(page, spin) -> None:
    page.desk.go("answers/compare:marlin-chat|aurelia-1|quillet-1|quillet-2")
    spin(lambda: len(page.reader.columns) == 4)
    page.reader.columns_changed.emit(["marlin-chat", "quillet-1"])
    spin(lambda: [c.side.who.name for c in page.reader.columns] == ["marlin-chat", "quillet-1"])
    place = page.place.text()
    page.after.trigger()
    spin(lambda: page.place.text() != place)
    assert [c.side.who.name for c in page.reader.columns] == ["marlin-chat", "quillet-1"]
    assert page.passages._passages == () or page.passages.title.text().startswith("Shared with quillet-1")


def test_a_list_of_any_length_is_read_in_windows(page, spin) -> None:
    spin(lambda: page.rows.rowCount() == 3360)
    assert page.rows.row(3000) is None
    spin(lambda: page.rows.row(3000) is not None)
    assert page.rows.row(3000).number == page.rows.numbers[3000]
    assert len(page.rows._windows) <= 3
    assert page.rows.row(WINDOW * 5) is None


def test_keys_walk_through_hits_and_columns(page, spin) -> None:
    page.list.choose(0)
    page.list.setFocus()
    QTest.keyClick(page.list, Qt.Key.Key_J)
    assert page.list.currentIndex().row() == 1
    spin(lambda: page.desk.workspace.jobs.idle)
    QTest.keyClick(page.list, Qt.Key.Key_2)
    assert page.window().focusWidget() is page.reader.columns[1].text


def test_an_answer_without_a_known_prompt_stands_alone(open_window, conditions, tmp_path: Path, spin) -> None:
    with Session.create(tmp_path / "u", title="U", conditions=conditions) as session:
        path = tmp_path / "u.jsonl"
        path.write_text(json.dumps({"id": "q-7", "r": "An answer to what no one knows."}) + "\n", encoding="utf-8")
        session.import_file(
            path, ImportRequest(model="u", mapping={"prompt_key": "id", "response": "r"}, role=Role.SUSPECT)
        )
    window = open_window(tmp_path / "u.case")
    window.go("answers")
    page = window.at.answers
    spin(lambda: len(page.reader.columns) == 1)
    assert page.place.text() == "Its prompt is not known"
    assert page.asked.text() == "Its id is q-7."


@pytest.mark.parametrize(
    ("said", "right"),
    [("שלום עולם", True), ("مرحبا بالعالم", True), ("你好世界", False), ("สวัสดีชาวโลก", False), ("1 א", True)],
)
def test_texts_of_all_scripts_stand_in_their_direction(app, said: str, *, right: bool) -> None:
    from workbench.gui.parts.reader import AnswerText

    view = AnswerText("Answer")
    view.show_text(said, (), "")
    direction = view.document().defaultTextOption().textDirection()
    assert (direction is Qt.LayoutDirection.RightToLeft) == right
    assert view.toPlainText() == said
    view.deleteLater()
