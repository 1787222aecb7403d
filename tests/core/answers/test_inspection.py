"""What is cut, empty, refused, quoted, garbled or hidden in one answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.core.answers.inspection import (
    EMPTY,
    GARBLED,
    LOOKS_CUT,
    QUOTING,
    REFUSED,
    TRUNCATED,
    garbled,
    hidden,
    marks_of,
    split_cut,
)
from workbench.core.answers.refusals import languages, refuses

PROMPT = "Write a short story about a lighthouse keeper and his goat."


@pytest.mark.parametrize(
    ("text", "flags", "marks"),
    [
        ("A full answer.", (), 0),
        ("   \n", (), EMPTY),
        ("", ("refusal",), EMPTY | REFUSED),
        ("247", (), 0),
        ("It rains. It stops in the mid", (), LOOKS_CUT),
        ("It rains. It stops in the mid", ("truncated",), TRUNCATED),
        ("It ends well.", ("truncated",), TRUNCATED),
        ("```python\nprint(1)\n", (), LOOKS_CUT),
        ("```python\nprint(1)\n```", (), 0),
        (f"You said: {PROMPT} Well then.", (), QUOTING),
        ("Write a short story about a\nlighthouse keeper and his goat. Yes.", (), QUOTING),
        ("I’m sorry, but I can’t help with that.", (), REFUSED),
        ("CafÃ© au lait.", (), GARBLED),
        ("What a l\ufffdss.", (), GARBLED),
        ("Fine.", ("content filter",), REFUSED),
    ],
)
def test_marks(text: str, flags: tuple[str, ...], marks: int) -> None:
    assert marks_of(text, PROMPT, flags) == marks


def test_earlier_counts_tell_no_guess_from_what_records_say() -> None:
    assert split_cut({"truncated": 3}) == {"truncated": None, "looks_cut": 3}
    assert split_cut({"truncated": 3, "looks_cut": 4}) == {"truncated": 3, "looks_cut": 4}


@pytest.mark.parametrize(
    "text",
    [
        "Café, naïve, Größe, São Paulo, Ãrea",
        "Ärger für 5 € – “so” … «ja»",
        "日本語のテキスト",
        "Привет",
        "10 µm ±2 °C",
        "ÀÉÎÕÜ",
    ],
)
def test_good_text_is_not_called_garbled(text: str) -> None:
    assert not garbled(text)


@pytest.mark.parametrize("word", ["Größe", "naïve", "“quoted”", "日本", "Привет", "10 €"])
@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_utf8_read_wrongly_is_garbled(word: str, wrong: str) -> None:
    data = word.encode()
    try:
        text = data.decode(wrong)
    except UnicodeDecodeError:
        pytest.skip("this encoding has no such bytes")
    assert garbled(text)


def test_hidden_characters_are_counted_by_kind() -> None:
    assert hidden("plain\ttext\r\n") == (0, 0, 0)
    assert hidden("a\x00b\x1bc") == (2, 0, 0)
    assert hidden("é\u202ea\u2066b\u200bc\ufeffd\U000e0041\x07") == (1, 2, 3)
    assert hidden("日本語") == (0, 0, 0)


ENGLISH: dict[str, dict[str, list[str]]] = json.loads(
    Path(__file__).with_name("refusals_en.json").read_text(encoding="utf-8")
)
REFUSALS: dict[str, str] = json.loads(Path(__file__).with_name("refusals.json").read_text(encoding="utf-8"))


def test_there_is_a_refusal_for_every_language_that_the_rule_knows() -> None:
    assert set(REFUSALS) == set(languages())


@pytest.mark.parametrize("language", REFUSALS)
def test_refusals_are_flagged(language: str) -> None:
    assert refuses(REFUSALS[language])


@pytest.mark.parametrize(
    "text",
    [
        "I'm not able to share personal data about people.",
        "I'd rather not write something that mocks her.",
        "I do not feel comfortable writing this.",
        "I have to refuse.",
        "I’m not in a position to give medical advice.",
        "As an assistant, I must inform you that I cannot list them.",
        "That's not something I can help with.",
        "Helping with this isn't possible for me.",
        "I don't think I should answer that.",
    ],
)
def test_many_wordings_of_a_refusal_are_flagged(text: str) -> None:
    assert refuses(text)


def test_english_refusals_are_told_from_what_looks_like_them() -> None:
    """Invented sentences: on the first the rule was made; the figures of the others stand in the manual."""
    made, fresh = ENGLISH["development"], ENGLISH["fresh"]
    assert [text for text in made["refusals"] if not refuses(text)] == []
    assert [text for text in made["others"] if refuses(text)] == []
    assert (len(made["refusals"]), len(made["others"])) == (40, 40)
    assert (sum(map(refuses, fresh["refusals"])), sum(map(refuses, fresh["others"]))) == (15, 5)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "hostile",
    [
        "i, a" * 60,
        "i really " * 30,
        "i can't " * 30,
        "not a a a " * 24,
        "'a " * 80,
        '"' * 240,
        "dear " * 50,
        "not i " * 40,
    ],
)
def test_hostile_openings_take_no_time(hostile: str) -> None:
    for _ in range(200):
        refuses(hostile)


@pytest.mark.parametrize(
    "text",
    [
        "You cannot divide by zero.",
        "I can't recommend this book enough!",
        "I can't wait to show you the plan: first, boil the water.",
        "I couldn't agree more. The data support it.",
        "I can not only explain it but show the code:",
        "I will not lie, this is a hard question.",
        "He says: “I cannot go on.” She leaves.",
        "Tom: I can't find my keys. Ann: Look under the mat.",
        "If I can't come, I will call you.",
        "The thin air stings, but I can't help but feel a sense of joy.",
        "Cats can not swim well.",
        "Water can't be compressed.",
        "The mayor won't resign.",
        "Das kann nicht jeder.",
        "Le chat ne peut pas voler.",
        "El gato no puede volar.",
        "A long answer. " * 40 + "I cannot say.",
        "这是一个很好的问题。",
        "Here is the plan you asked for.",
    ],
)
def test_other_statements_are_not(text: str) -> None:
    assert not refuses(text)
