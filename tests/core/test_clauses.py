"""Clauses are found as they stand, however their lines fall, and never within a word."""

from __future__ import annotations

import pytest

from workbench.core.clauses import find_clause, place_in
from workbench.core.documents import Place
from workbench.core.errors import UsageError

TEXT = "We are un-\nable to say “all\u00ad of it” – so far.\n\fPage two: we are able.\nWe are able.\f"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("We are unable", "We are un-\nable"),
        ('say "all of it" - so far', "say “all\u00ad of it” – so far"),
        ("all  of\nit", "all\u00ad of it"),
        ("able", "able"),
        ("so far. Page two", "so far.\n\fPage two"),
    ],
)
def test_lines_quotes_and_dashes_make_no_difference(typed: str, found: str) -> None:
    clause = find_clause(TEXT, typed)
    assert clause is not None
    assert clause.text == found
    assert TEXT[clause.place.start : clause.place.end] == found
    assert place_in(TEXT, clause.place.start, clause.place.end) == clause.place


@pytest.mark.parametrize(
    "typed", ["We are un", "able to say", "nable", "WE ARE UNABLE", "unable to tell", "e are able"]
)
def test_what_does_not_stand_there_is_not_found(typed: str) -> None:
    assert find_clause(TEXT, typed) is None


def test_a_part_of_a_word_is_no_clause() -> None:
    assert find_clause("We are unable to.", "able to") is None
    assert find_clause("It is non-compliant.", "compliant") is None
    assert find_clause("It is non-compliant.", "non") is None
    assert find_clause("Pre- and post-training", "and post-training") is not None
    assert find_clause("本模型不得用于训练", "不得用于") is not None, "nothing stands between words there"


def test_page_line_and_how_often() -> None:
    first, second = find_clause(TEXT, "able"), find_clause(TEXT, "We are able", 2)
    assert first is not None
    assert second is not None
    assert (first.place.page, first.place.line, first.times) == (2, 1, 2)
    assert second.place == Place(second.place.start, second.place.end, 2, 2)
    assert find_clause("no pages", "pages") == ("pages", Place(3, 8, 0, 1), 1)
    with pytest.raises(UsageError, match="no page 9"):
        find_clause(TEXT, "able", 9)


@pytest.mark.parametrize("typed", ["", " - ", "“”", "x" * 5_000])
def test_no_words_and_too_many_are_refused(typed: str) -> None:
    with pytest.raises(UsageError):
        find_clause(TEXT, typed)


def test_a_long_clause_in_a_long_text_is_found_in_no_time() -> None:
    text = "a - " * 100_000 + "b " * 500 + "end"
    assert find_clause(text, "a " * 1_000 + "c") is None
    clause = find_clause(text, "b " * 500 + "end")
    assert clause is not None
    assert clause.place.end == len(text)
