"""Tables with a message a row: whatever the column of speakers is called, only the assistant's words are answers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.importers.material import accepted, read
from workbench.app.session import preview_file

WORDS = {
    "role": ("user", "assistant", "thought"),
    "sender": ("human", "ai", "thinking"),
    "author": ("User", "Assistant", "reasoning"),
    "from": ("human", "gpt", "analysis"),
    "isCreatedByUser": ("true", "false", ""),
    "type": ("question", "answer", "reasoning"),
}


def table(path: Path, speaker: str, words: tuple[str, str, str], group: str = "conv") -> Path:
    """Two conversations, the second with a thought before its answer where the words have one."""
    asks, answers, thinks = words
    rows = [
        ("a", asks, "Name a metal."),
        ("a", answers, "It is tin."),
        ("b", asks, "Name a gas."),
        *([("b", thinks, "Gases are many.")] if thinks else []),
        ("b", answers, "It is neon."),
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*([group] if group else []), speaker, "text"])
        writer.writerows(row if group else row[1:] for row in rows)
    return path


@pytest.mark.parametrize("speaker", WORDS)
def test_only_the_assistants_words_are_answers(speaker: str, tmp_path: Path) -> None:
    file = table(tmp_path / "messages.csv", speaker, WORDS[speaker])
    assert preview_file(file).importer == "message_rows"
    found = accepted(read(file, "message_rows"))
    assert [(a.prompt, a.text) for a in found] == [("Name a metal.", "It is tin."), ("Name a gas.", "It is neon.")]
    thoughts = [(answer.extra or {}).get("reasoning") for answer in found]
    assert thoughts == [None, "Gases are many." if WORDS[speaker][2] else None]


def test_that_no_column_groups_the_messages_is_said(tmp_path: Path) -> None:
    words = ("user", "assistant", "")
    assert "grouped by “thread”" in preview_file(table(tmp_path / "a.csv", "role", words, "thread")).why
    assert "all are taken for one" in preview_file(table(tmp_path / "b.csv", "role", words, "")).why
