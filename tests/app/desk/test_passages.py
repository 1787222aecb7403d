"""Shared passages: what both wrote, wherever it stands, the rarest first, marked in every text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.app.desk.passages import Rare, rare_of, shared_passages, shown_text

ONE = "Try this:\n* Test the brakes at walking pace\n\nA word of caution: a squeal often means dirt."
TWO = "I suggest:\n* test the Brakes at walking pace \nA word of caution: a squeal often means dirt. Bye."


def test_passages_stand_in_both_whatever_their_case_and_order() -> None:
    found = shared_passages([ONE, TWO], ["Test the brakes at walking pace.", "a squeal often means dirt"])
    assert [p.words for p in found] == [
        "A word of caution:",
        "Test the brakes at walking pace",
        "a squeal often means dirt.",
    ]
    assert [(p.controls, p.of, p.rare) for p in found] == [(0, 2, Rare.NONE), (1, 2, Rare.MANY), (1, 2, Rare.MANY)]
    assert [p.number for p in found] == [1, 0, 0]
    for passage in found:
        for text, spans in zip((ONE, TWO), passage.spans, strict=True):
            assert spans
            assert all(text[a:b].casefold().startswith(passage.words[:8].casefold()) for a, b in spans)


def test_up_to_a_quarter_of_the_controls_is_rare() -> None:
    assert [rare_of(n, 24) for n in (0, 1, 6, 7)] == [Rare.NONE, Rare.SOME, Rare.SOME, Rare.MANY]


def test_scripts_without_spaces_share_passages_too() -> None:
    (passage,) = shared_passages(["慢慢地测试刹车。你好", "请慢慢地测试刹车吧"], [])
    assert passage.words.startswith("慢慢地测试刹车")


def test_texts_that_share_nothing_have_no_passages() -> None:
    assert shared_passages(["one two three four", "five six seven eight"], []) == ()
    assert shared_passages(["alone"], []) == ()


def test_what_can_not_be_seen_is_shown_and_places_still_fit() -> None:
    shown = shown_text("a  \nb\u202ec")
    assert shown.said == "a··\nb⟦U+202E⟧c"
    assert shown.said[shown.at(6)] == "c"
    assert shown.at(7) == len(shown.said)


@given(st.text(max_size=60), st.text(max_size=60), st.lists(st.text(max_size=30), max_size=3))
def test_spans_lie_in_their_texts_whatever_stands_in_them(one: str, two: str, controls: list[str]) -> None:
    for passage in shared_passages([one, two], controls):
        for text, spans in zip((one, two), passage.spans, strict=True):
            assert all(0 <= start < end <= len(text) for start, end in spans)


@given(st.text(max_size=80))
def test_every_place_of_a_text_has_one_in_what_is_shown(text: str) -> None:
    shown = shown_text(text)
    assert [shown.at(n) for n in range(len(text) + 1)] == sorted(shown.at(n) for n in range(len(text) + 1))
    assert shown.at(len(text)) == len(shown.said)
