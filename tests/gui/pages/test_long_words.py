"""Words and texts of more than a hundred thousand characters: no page stands still for them."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QPlainTextEdit

from workbench.app.desk.passages import shared_passages
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.model import Role
from workbench.core.text import SHOWN
from workbench.gui.parts.long_text import show_long

ANYWHERE, AT_WORDS = QTextOption.WrapMode.WrapAnywhere, QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
MANY = 110_000
WORD = "".join(random.Random(3).choices("abcdefghij", k=MANY))


@pytest.fixture
def window(open_window, conditions, tmp_path: Path):
    with Session.create(tmp_path / "s", title="S", conditions=conditions) as session:
        for model, role in (("one", Role.SUSPECT), ("two", Role.PROTECTED)):
            records = [
                {"q": f"What of {WORD}?", "r": f"The quick {WORD} fox of {model} and much that both say of it."},
                {"q": "What of lines?", "r": "a\n" * (MANY // 2)},
            ]
            path = tmp_path / f"{model}.jsonl"
            path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
            mapping = {"prompt": "q", "response": "r"}
            session.import_file(path, ImportRequest(model=model, mapping=mapping, role=role))
    return open_window(tmp_path / "s.case")


def test_answers_and_long_prompts_are_shown_in_part(window, spin) -> None:
    """One such answer took minutes to lay out, during which the window stood still."""
    page = window.at.answers
    window.go("answers")
    spin(lambda: bool(page.reader.columns) and window.workspace.jobs.idle, 60)
    for prompt, begins, mode in ((1, "The quick", ANYWHERE), (2, "a", AT_WORDS)):
        page.show_item(f"prompt:{prompt}")
        spin(lambda begins=begins: window.workspace.jobs.idle and _text(page).startswith(begins), 120)
        column = page.reader.columns[0]
        assert len(_text(page)) <= SHOWN
        assert "the first 100,000 shown" in column.facts.text()
        assert column.text.wordWrapMode() == mode
        assert len(page.asked.text()) <= 600
        assert len(page.asked.toolTip()) <= 2000
    page.raw.toggle()
    spin(lambda: bool(page.raw.bytes.toPlainText()), 60)


def _text(page) -> str:
    return str(page.reader.columns[0].text.toPlainText())


def test_a_long_text_is_shown_in_part_and_broken_anywhere(app) -> None:
    view = QPlainTextEdit()
    show_long(view, WORD)
    assert len(view.toPlainText()) == SHOWN
    assert view.wordWrapMode() == ANYWHERE
    show_long(view, "some words")
    assert view.toPlainText() == "some words"
    assert view.wordWrapMode() == AT_WORDS


def test_passages_of_a_text_that_says_one_word_over_and_over_are_found_soon() -> None:
    """Each place of three words was held against each: 20,000 times the same word took hours."""
    passage, *_ = shared_passages(["a " * 20_000, "a " * 19_000], ["a " * 300])
    assert passage.words.count("a") == 19_000
    others = " ".join(f"a a a b{n}" for n in range(3000))
    assert all(len(spans) <= 200 for one in shared_passages([others, "a " * 20_000], []) for spans in one.spans)
