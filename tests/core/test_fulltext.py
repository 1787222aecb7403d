"""What is typed becomes a search that never fails, and the hit is marked."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import UsageError
from workbench.core.fulltext import Excerpt, excerpt, found_in, parse, spaced


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        ("two words", '"two" AND "words"'),
        ('"a phrase" and', '"a phrase" AND "and"'),
        ("distil*", '"distil" *'),
        ('"open sourc"*', '"open sourc" *'),
        ("don't", '"don t"'),
        ('an "end quote"', '"an" AND "end quote"'),
        ('glued"a phrase"', '"glued" AND "a phrase"'),
        ("a OR b NOT (c", '"a" AND "OR" AND "b" AND "NOT" AND "c"'),
        ("語言模型", '"語 言 模 型"'),
        ("GPT模型", '"GPT 模 型"'),
        ("text:x^2 {col}: -y", '"text x 2" AND "col" AND "y"'),
    ],
)
def test_queries(asked: str, match: str) -> None:
    assert parse(asked).match == match


@pytest.mark.parametrize(
    "asked", ["", "   ", '"', 'an "open quote', 'x"y"z"*', '""', "**", "-- ()", "…", "a " * 51, "x" * 1001]
)
def test_a_search_without_a_word_with_too_many_or_an_open_quote_is_refused_in_words(asked: str) -> None:
    with pytest.raises(UsageError):
        parse(asked)


@given(st.text(max_size=60))
def test_whatever_is_typed_the_index_understands(asked: str) -> None:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE t USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2')")
    index.execute("INSERT INTO t VALUES (?)", (spaced("some text 語言 \x00"),))
    try:
        query = parse(asked)
    except UsageError:
        return
    index.execute("SELECT * FROM t WHERE t MATCH ?", (query.match,)).fetchall()
    excerpt(asked, query)
    index.close()


@given(st.text(alphabet='ab語ไ한ß é.-*"', min_size=1, max_size=30))
def test_what_is_written_is_found(text: str) -> None:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE t USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2')")
    index.execute("INSERT INTO t VALUES (?)", (spaced(text),))
    try:
        query = parse(text.replace('"', " ").replace("*", " "))
    except UsageError:
        return
    assert index.execute("SELECT count(*) FROM t WHERE t MATCH ?", (query.match,)).fetchone() == (1,)
    index.close()


def test_the_hit_is_marked() -> None:
    assert excerpt("We Distilled it.", parse("distil*")) == Excerpt("We ", "Distilled", " it.")
    assert excerpt("Das Café ist zu.", parse("cafe")) == Excerpt("Das ", "Café", " ist zu.")
    assert excerpt("大語言模型", parse("語言")) == Excerpt("大", "語言", "模型")
    assert excerpt("言語 語言模型", parse("語言")) == Excerpt("言語 ", "語言", "模型")
    assert excerpt("cat. A Big, Cat", parse('"big cat"')) == Excerpt("cat. A ", "Big, Cat", "")
    assert excerpt("two cats, two dogs", parse('"two do"*')).hit == "two dogs"
    assert list(found_in("語言語言 cat 語", parse("語言 cat"))) == [(0, 2), (2, 4), (5, 8)]
    assert excerpt("none here", parse("absent")) == Excerpt("", "", "none here")
    long = excerpt("x " * 500 + "needle" + " y" * 500, parse("needle"))
    assert long.before.startswith("…")
    assert long.after.endswith("…")
    assert len("".join(long)) < 250
