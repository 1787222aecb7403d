"""Normal forms, and text that is safe to store and to show."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.text import normal_prompt, one_line, remembered, visible, well_formed


def test_prompts_are_matched_by_composed_text_and_single_spaces() -> None:
    assert normal_prompt("  cafe\u0301\n\tnoir\u00a0 ") == "caf\u00e9 noir"
    assert normal_prompt(normal_prompt("a \r\n b")) == "a b"


def test_lone_surrogates_become_visible() -> None:
    assert well_formed("a\ud800b") == ("a⟦U+D800⟧b", True)
    assert well_formed("plain 😊") == ("plain 😊", False)


def test_hidden_characters_are_shown_and_never_dropped() -> None:
    assert visible("a\u202eb\u200bc\u0007") == "a⟦U+202E⟧b⟦U+200B⟧c⟦U+0007⟧"
    assert visible("line\n\ttab") == "line\n\ttab"


def test_one_line_is_short() -> None:
    assert one_line("a\n b") == "a b"
    assert one_line("x" * 50, 10) == "x" * 9 + "…"
    assert len(one_line("\u202e" * 50, 10)) == 10


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_any_text_can_be_stored_and_shown(text: str) -> None:
    stored, changed = well_formed(text)
    stored.encode("utf-8")
    assert changed == (stored != text)
    assert "\n" not in one_line(stored)
    assert len(one_line(stored)) <= 200


def test_only_short_texts_are_remembered() -> None:
    asked: list[str] = []

    @remembered(2)
    def shouted(text: str) -> str:
        asked.append(text)
        return text.upper()

    for text in ("a", "a", "x" * 5000, "x" * 5000):
        assert shouted(text) == text.upper()
    assert asked == ["a", "x" * 5000, "x" * 5000]
