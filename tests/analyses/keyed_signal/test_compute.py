"""Marks under true and random keys: uniform without a signal, found with one, and windows that count once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from tests.analyses.keyed_signal.marked_text import PUBLIC, V, kgw, stream
from workbench.analyses.keyed_signal.compute import by_random_keys, keyable, marked, smallest_share, windows_needed
from workbench.analyses.keyed_signal.schemes import Gumbel, Key, Kgw, Scheme, SynthId, Unigram
from workbench.analyses.keyed_signal.windows import distinct, some, windows_of
from workbench.core.signals import Seeding

SCHEMES: dict[str, tuple[Scheme, Key]] = {
    "lefthash": (kgw(), (7,)),
    "selfhash": (kgw(Seeding.SELFHASH), (7,)),
    "minhash": (kgw(Seeding.MINHASH), (7,)),
    "rolling": (Kgw(V, 0.25, Seeding.ROLLING, 2), (7,)),
    "unigram": (Unigram(V, 0.5), (7,)),
    "gumbel": (Gumbel(V, 2), (7,)),
    "synthid": (SynthId(30), PUBLIC),
}
NONE = np.empty((0, 2), dtype=np.int64)


def rows_of(scheme: Scheme, tokens: list[int]) -> np.ndarray:
    return windows_of([tokens], np.empty((0, scheme.context + 1), np.int64), scheme.context, V).rows


def test_a_window_counts_once_and_none_that_a_prompt_has() -> None:
    prompts, _, _ = distinct([[3, 4, 9]], 1)
    found = windows_of([[1, 2, 3, 4], [1, 2, 3, 5], [2, 999]], prompts, 1, 400)
    assert found.rows.tolist() == [[1, 2], [2, 3], [3, 5]]
    assert (found.tokens, found.repeated, found.in_prompts, found.unknown) == (10, 2, 1, 1)
    assert windows_of([[], [1]], NONE, 1, 400).rows.shape == (0, 2)
    assert len(some(found.rows, 2, 1)) == 2


def test_without_windows_that_count_once_p_would_be_worthless() -> None:
    """A text that repeats itself, under random keys: counted once the p are uniform, counted each time they are not."""
    text = stream(kgw(), (1,), 60, 1, share=0.0) * 10
    once = rows_of(kgw(), text)
    again = np.lib.stride_tricks.sliding_window_view(np.array(text), 2)
    assert by_random_keys(kgw(), once, (5,), 199, 1).spread < 1.3
    assert by_random_keys(kgw(), again, (5,), 199, 1).spread > 2


@pytest.mark.parametrize("name", ["lefthash", "unigram", "gumbel", "synthid"])
def test_marked_text_is_found_and_unmarked_is_not(name: str) -> None:
    scheme, key = SCHEMES[name]
    own, other = (rows_of(scheme, stream(scheme, key, 700, 3, share=share)) for share in (1.0, 0.0))
    there, elsewhere = (by_random_keys(scheme, rows, key, 199, 1) for rows in (own, other))
    assert (there.p, there.z > 5) == (1 / 200, True)
    assert elsewhere.p > 0.01
    if name != "synthid":
        assert there.uniform > 0.001
        p = marked(scheme, own, key).p
        assert p is not None
        assert p < 1e-6
        assert (marked(scheme, other, key).p or 0) > 0.001
    else:
        assert marked(scheme, own, key).p is None


def p_values(name: str, runs: int, what: str, tokens: int = 200) -> list[float]:
    """Exact p (or ranks among random keys) of many texts under a set-up in which one thing is wrong."""
    scheme, key = SCHEMES[name]
    rng, found = np.random.default_rng(9), []
    for run in range(runs):
        text = stream(scheme, key, tokens, run, share=0.0 if what == "unmarked" else 1.0)
        used, asked = scheme, key
        if what == "wrong key":
            asked = scheme.random_key(rng)
        if what == "wrong tokenizer":
            text = rng.permutation(V)[np.array(text)].tolist()
        if what == "wrong variant":
            used = Gumbel(V, 1) if isinstance(scheme, Kgw) else kgw()
            asked = (int(rng.integers(1, 1 << 31)),) if isinstance(scheme, SynthId) else key
        rows = rows_of(used, text)
        if what in ("unmarked", "wrong variant"):
            asked = used.random_key(rng)
        one = marked(used, rows, asked)
        low = used.tail(one.total + 1, one.windows) if one.total < one.windows else 0.0
        if one.p is None:
            found.append(by_random_keys(used, rows, asked, 99, run).p - rng.random() / 100)
        elif isinstance(used, Gumbel):
            found.append(one.p)
        else:
            found.append(one.p - rng.random() * (one.p - (low or 0.0)))
    return found


@pytest.mark.parametrize("what", ["unmarked", "wrong key", "wrong tokenizer", "wrong variant"])
def test_a_wrong_set_up_looks_like_nothing(what: str) -> None:
    assert kstest(p_values("lefthash", 60, what, 120), "uniform").pvalue > 0.01


@pytest.mark.slow
@pytest.mark.parametrize("what", ["unmarked", "wrong key", "wrong tokenizer", "wrong variant"])
@pytest.mark.parametrize("name", SCHEMES)
def test_wrong_set_ups_give_uniform_p_in_300_runs(name: str, what: str) -> None:
    assert kstest(p_values(name, 300, what), "uniform").pvalue > 0.01


def test_windows_that_are_needed() -> None:
    assert windows_needed(0.25, 0.26, 0.1875) == pytest.approx(42_366, abs=1)
    assert windows_needed(0.25, 0.27, 0.1875) == pytest.approx(10_591, abs=1)
    assert smallest_share(kgw(), 42_366, 0.1875) == pytest.approx(0.26, abs=1e-5)
    rows = rows_of(kgw(), stream(kgw(), (1,), 3_000, 1, share=0.0))
    assert len(keyable(kgw(), rows, 999, 1)) < len(rows)
    assert len(keyable(SynthId(30), rows, 999, 1)) == len(rows)
    with pytest.raises(ValueError, match="no window"):
        by_random_keys(kgw(), NONE, (1,), 9, 1)
