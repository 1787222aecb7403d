"""The search page: words, phrases and beginnings, pages of hits, and the bytes that an answer came from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.gui.pages import search

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


def _search(window, spin, words: str) -> list[tuple]:
    page = window.at.answers
    spin(lambda: page.corpora.count() == 2)
    page.words.setText(words)
    page.search()
    spin(lambda: window.workspace.jobs.idle)
    return list(page.hits.rows.table.rows)


def test_the_index_is_built_before_the_first_search(window, spin) -> None:
    rows = _search(window, spin, '"quick b fox"')
    assert len(rows) == 8
    assert rows[0][1] == "one"
    assert "»quick <b>fox«" in rows[0][2]
    assert window.at.answers.said.text() == "8 hits."
    assert rows[0][5:] == ("one.jsonl", "record 1, bytes 0 to 84")


def test_an_answer_stands_beside_its_bytes_with_the_words_marked(window, spin) -> None:
    _search(window, spin, "disti*")
    view = window.at.answers.view
    assert "The quick <b>fox</b> number 0" in view.answer.toPlainText()
    assert ">distilled</span>" in view.answer.toHtml()
    assert '"r": "The quick <b>fox</b> number 0' in view.raw.toPlainText()
    window.at.answers.hits.selectRow(3)
    spin(lambda: "number 3" in view.raw.toPlainText())
    assert "number 3" in view.answer.toPlainText()


def test_prompts_and_corpora_narrow_the_search(window, spin) -> None:
    page = window.at.answers
    assert _search(window, spin, "question") == []
    assert page.said.text() == "Nothing was found."
    page.where.setCurrentIndex(1)
    spin(lambda: window.workspace.jobs.idle)
    assert page.hits.rows.rowCount() == 8
    page.corpora.item(1).setCheckState(Qt.CheckState.Checked)
    spin(lambda: window.workspace.jobs.idle)
    assert [row[1] for row in page.hits.rows.table.rows] == ["two"] * 4


def test_more_hits_come_when_they_are_asked_for(window, spin, monkeypatch) -> None:
    monkeypatch.setattr(search, "PAGE", 3)
    page = window.at.answers
    assert len(_search(window, spin, "fox")) == 3
    assert page.more.isEnabled()
    for shown in (6, 8):
        page.more.trigger()
        spin(lambda: window.workspace.jobs.idle)
        assert page.hits.rows.rowCount() == shown
    assert not page.more.isEnabled()
    assert page.more_button.isHidden()


def test_a_secret_is_masked_in_answer_and_bytes(window, spin) -> None:
    assert len(_search(window, spin, "hen")) == 1
    view = window.at.answers.view
    shown = view.answer.toPlainText() + view.raw.toPlainText() + str(window.at.answers.hits.rows.table.rows)
    assert KEY not in shown
    assert "secrets are masked" in shown


def test_a_search_without_a_word_is_said(window, spin) -> None:
    _search(window, spin, "fox")
    _search(window, spin, "…")
    assert "There is no word to search for" in window.at.answers.said.text()
    assert window.trouble.shown == ""


def test_the_shortcut_comes_here_from_any_page(window, spin) -> None:
    window.go("ledger")
    spin(lambda: window.workspace.jobs.idle)
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.stack.currentWidget() is window.at.answers
    assert window.focusWidget() is window.at.answers.words
