"""Tokens, views and cosines against plain dictionaries, and against scikit-learn."""

from __future__ import annotations

import math
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analyses.listed import speakers
from workbench.analyses.scoring.similarity import EDGE, VIEWS, Vectoriser, prompt_blocks
from workbench.analyses.scoring.vectors import LONGEST, WEIGHTS, Tokeniser, cosines, grams

TEXTS = [
    "The quick brown fox. The quick brown dog!",
    "the quick brown fox\n\n* a list\n* of two, maybe three",
    "Ein großer Bär, 42 Äpfel — und “Ärger”.",
    "中文也可以。每个字一个词。",
    "",
    "...",
    "A",
    "The quick brown fox. The quick brown dog!",
]
_TOKEN = re.compile(r"[\u4e00-\u9fff]|(?:(?![\u4e00-\u9fff])[^\W_])+|[^\w\s]|_")


def naive(texts: list[str], runs: range, *, lower: bool, marks: bool) -> list[Counter[tuple[str, ...]]]:
    counted = []
    for text in texts:
        tokens = _TOKEN.findall(text.lower() if lower else text)
        tokens = [t for t in tokens if marks or t[0].isalnum()]
        counted.append(Counter(tuple(tokens[a : a + n]) for n in runs for a in range(len(tokens) - n + 1)))
    return counted


def naive_cosines(counted: list[Counter[tuple[str, ...]]]) -> np.ndarray:
    weights = [{k: int(WEIGHTS[v]) for k, v in c.items()} for c in counted]
    norms = [math.sqrt(sum(w * w for w in c.values())) for c in weights]
    return np.array(
        [
            [
                sum(w * b.get(k, 0) for k, w in a.items()) / (m * n) if m and n else 0.0
                for b, n in zip(weights, norms, strict=True)
            ]
            for a, m in zip(weights, norms, strict=True)
        ]
    )


@pytest.mark.parametrize(
    ("view", "runs", "lower", "marks"), [("words", range(1, 4), True, False), ("cased", range(2, 5), False, True)]
)
def test_views_against_dictionaries(view: str, runs: range, lower: bool, marks: bool) -> None:
    invented = [texts[0] for by in speakers(6, 1).values() for texts in by.values()]
    for texts in (TEXTS, invented):
        found, counts = Vectoriser().prompt(texts)
        expected = naive_cosines(naive(texts, runs, lower=lower, marks=marks))
        assert found[view] == pytest.approx(expected, abs=1e-12)
        assert counts.tolist() == [len(_TOKEN.findall(text)) for text in texts]


def test_words_against_scikit_learn() -> None:
    """With sublinear counts and no idf, scikit-learn differs by the rounding of weights to eighths alone."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [samples[0] for by in speakers(10, 1).values() for samples in by.values()]
    vectoriser = TfidfVectorizer(ngram_range=(1, 3), use_idf=False, sublinear_tf=True, token_pattern=r"\w+")
    rows = vectoriser.fit_transform(texts)
    found, _ = Vectoriser().prompt(texts)
    assert found["words"] == pytest.approx((rows @ rows.T).toarray(), abs=0.01)


def test_layout_sees_shapes_and_not_words() -> None:
    found, _ = Vectoriser().prompt(
        ["One two, THREE 4!\n- five", "Red sea, GREEN 7!\n- blue", "red sea green seven blue"]
    )
    assert found["layout"][0, 1] == pytest.approx(1)
    assert found["layout"][0, 2] < 0.5
    assert found["words"][0, 1] == 0


def test_openings_and_endings_are_pieces_of_one_length() -> None:
    start, end = " ".join(f"a{n}" for n in range(EDGE)), " ".join(f"z{n}" for n in range(EDGE - 1)) + "."
    texts = [f"{start} middle {end}", f"{start} other things here {end}", f"{start} and then it", f"{end} {start},"]
    found, _ = Vectoriser().prompt(texts)
    assert found["openings"][0, 1] == pytest.approx(1)
    assert found["endings"][0, 1] == pytest.approx(1)
    assert found["endings"][2].tolist() == [0, 0, 0, 0]
    assert found["endings"][3].tolist() == [0, 0, 0, 0]


def test_composed_and_decomposed_letters_are_one() -> None:
    found, _ = Vectoriser().prompt(["caf\u00e9 noir", "cafe\u0301 noir"])
    assert found["words"][0, 1] == pytest.approx(1)


def test_a_very_long_answer_is_read_at_both_ends() -> None:
    text = "start " + "x" * (2 * LONGEST) + " end."
    tokens = Tokeniser().split([text, "start", "end"])
    words = [set(tokens.lower[tokens.document == d].tolist()) for d in range(3)]
    assert words[1] < words[0]
    assert words[2] < words[0]


def test_grams_never_cross_documents() -> None:
    document = np.array([0, 0, 1, 2, 2, 2])
    tokens = np.arange(6, dtype=np.uint64)
    assert sorted(grams(document, tokens, 2, 3)[0].tolist()) == [0, 2, 2, 2]


def test_products_are_exact_beyond_single_precision() -> None:
    """A document with over 2**24 in its square is worked in double precision; a slab at a time."""
    many = 300_000
    features = np.concatenate([np.arange(many, dtype=np.uint64) << np.uint64(20)] * 2)
    found = cosines(np.repeat(np.arange(2), many), features, 2)
    assert found.tolist() == [[1, 1], [1, 1]]


def test_several_samples_stand_at_their_centroid() -> None:
    texts = [["red sea. Blue sky!", "green hill; dark wood."], ["red sea, blue sky."]]
    found, _ = Vectoriser().prompt([t for texts_of in texts for t in texts_of])
    view = found["words"]
    centroid = (view[0, 2] + view[1, 2]) / 2 / math.sqrt((2 + 2 * view[0, 1]) / 4)
    blocks = prompt_blocks([texts])
    assert blocks.values[0, VIEWS.index("words"), 0, 1] == pytest.approx(centroid)
    assert blocks.values[0, VIEWS.index("words"), 0, 0] == pytest.approx(1)


def test_empty_answers_are_not_present() -> None:
    blocks = prompt_blocks([[["one two three."], [" \n"], [], ["one two four."]]])
    assert blocks.present.tolist() == [[True, False, False, True]]
    assert blocks.tokens[0].tolist() == [4, 0, 0, 4]
    assert not blocks.values[0, :, 1].any()


def test_chunks_and_company_do_not_matter() -> None:
    prompts = [[by[p] for by in speakers(6, 9).values()] for p in speakers(6, 9)["P"]]
    whole = prompt_blocks(prompts)
    parts = [prompt_blocks(prompts[a : a + 2]) for a in range(0, 9, 2)]
    assert np.array_equal(whole.values, np.concatenate([part.values for part in parts]))
    fewer = prompt_blocks([[answers[0], answers[3]] for answers in prompts])
    assert np.array_equal(whole.values[:, :, [0, 3]][:, :, :, [0, 3]], fewer.values)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_any_text_gives_proper_similarities(texts: list[str]) -> None:
    found, _ = Vectoriser().prompt(texts)
    for matrix in found.values():
        assert np.array_equal(matrix, matrix.T)
        assert matrix.min() >= 0
        assert matrix.max() <= 1 + 1e-12
        assert set(np.round(np.diagonal(matrix), 12)) <= {0.0, 1.0}
