"""What a worker sees of an answer: its language above all, which is rather unknown than guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.app.examination.inspect_answer import inspect
from workbench.core.answers.language import NO_LANGUAGE, UNKNOWN, language_of
from workbench.store import Unexamined

SENTENCES: dict[str, str] = json.loads(Path(__file__).with_name("sentences.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_tells_its_language(language: str) -> None:
    told, sure = language_of(SENTENCES[language])
    assert told == language
    assert 500 <= sure <= 1000


@pytest.mark.parametrize(
    "text",
    [
        "A",
        "B) 17",
        "x = 3",
        "OK",
        "Paris",
        "Sim.",
        "Yes, of course.",
        "Nein, danke!",
        "Tokyo, 1998",
        "是。",
        "네.",
        "да",
    ],
)
def test_a_short_text_tells_none(text: str) -> None:
    assert language_of(text) == (UNKNOWN, 0)


@pytest.mark.parametrize("text", ["", "42", "1. 2. 3.", "🙂🙂", " \n", "```\n1\n```"])
def test_no_letters_are_no_language(text: str) -> None:
    assert language_of(text) == (NO_LANGUAGE, 0)


def test_a_text_of_which_the_model_is_not_sure_is_unknown() -> None:
    told, sure = language_of("lorem kvit zaplu drenno mirta polk sune")
    assert told == UNKNOWN
    assert 0 < sure < 500


def test_code_and_capitals_do_not_mislead() -> None:
    assert language_of("```python\nfor value in range(10): print(value)\n```\n" + SENTENCES["de"])[0] == "de"
    assert language_of(SENTENCES["en"].upper()) == language_of(SENTENCES["en"].lower())
    assert language_of(SENTENCES["ru"].upper())[0] == "ru"


def test_many_at_once_give_what_each_gives() -> None:
    key = "sk-proj-" + "7Zk29dkLqPw83nsUeXo72KdmQnVb48sTyA"
    texts = [*SENTENCES.values(), "", "A", f"Use {key} now."]
    extras = ["", "", f'{{"k": "{key}"}}', *[""] * (len(texts) - 3)]
    ids = [(None, None, None)] * len(texts)
    ids[4] = (None, f"row {key}", "1")
    rows = [Unexamined(at, text, "Why?", (), extras[at], ids[at]) for at, text in enumerate(texts)]
    seen, secrets = inspect(rows, 1)
    alone = [inspect([row], 1) for row in rows]
    assert seen == [one for found, _ in alone for one in found]
    assert secrets == [one for _, found in alone for one in found]
    found = [(one.field, one.owner, one.member) for one in secrets]
    assert found == [("extra", 2, ""), ("extra", 4, "record_id"), ("answer", len(texts) - 1, "")]
