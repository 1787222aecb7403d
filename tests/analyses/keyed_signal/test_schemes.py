"""The schemes of keyed signals against known values of the public implementations."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.analyses.keyed_signal.schemes import Gumbel, Kgw, SynthId, Unigram
from workbench.analyses.keyed_signal.torch_random import TorchRandom, permutation, place_of
from workbench.core.signals import Seeding
from workbench.core.statistics.exact_tests import binomial_tail, gamma_tail, hypergeometric_tail

V = 50_257
IDS = [464, 2068, 7586, 21831, 18045, 625, 262, 16931, 3290, 13]
KEY = (15485863,)
PUBLIC = (
    654, 400, 836, 123, 340, 443, 597, 160, 57, 29, 590, 639, 13, 715, 468, 990, 966, 226, 324, 585, 118, 504, 421, 521,
    129, 669, 732, 225, 90, 960,
)  # fmt: skip


def windows(context: int, ids: list[int] = IDS) -> np.ndarray:
    return np.array([ids[at : at + context + 1] for at in range(len(ids) - context)], dtype=np.int64)


def bits(values: np.ndarray) -> str:
    return "".join(str(int(one)) for one in values)


def test_the_generator_is_that_of_pytorch() -> None:
    rng = TorchRandom()
    assert permutation(0, 10).tolist() == [4, 1, 7, 5, 3, 9, 0, 8, 6, 2]
    found = [round(rng.uniform(0, at), 4) for at in range(5)]
    assert found == [0.4963, 0.7682, 0.0885, 0.1320, 0.3074]
    assert (rng.words(0, 10) % 10).tolist() == [4, 9, 3, 0, 3, 9, 7, 3, 7, 3]


@pytest.mark.parametrize("size", [2, 3, 10, 97])
def test_the_place_of_a_token_is_found_without_making_the_permutation(size: int) -> None:
    rng = TorchRandom()
    for seed in range(20):
        whole = permutation(seed, size).tolist()
        assert [place_of(e, rng.exchanges(seed, size, size)) for e in range(size)] == [
            whole.index(e) for e in range(size)
        ]
        half = size // 2
        first = [e for e in range(size) if place_of(e, rng.exchanges(seed, size, half)) < half]
        assert set(first) == set(whole[:half])


@pytest.mark.parametrize(
    ("seeding", "gamma", "expected"),
    [
        (Seeding.LEFTHASH, 0.25, "011010000"),
        (Seeding.LEFTHASH, 0.5, "011011001"),
        (Seeding.LEGACY, 0.25, "100000110"),
        (Seeding.SELFHASH, 0.25, "1010100"),
        (Seeding.MINHASH, 0.25, "101000"),
    ],
)
def test_the_lists_of_kgw(seeding: Seeding, gamma: float, expected: str) -> None:
    scheme = Kgw(V, gamma, seeding)
    assert bits(scheme.marks(windows(scheme.context), KEY)) == expected


def test_seeds_and_tables_of_kgw() -> None:
    first = permutation(KEY[0] * 464, V)[:5].tolist()
    assert first == [41876, 29678, 27809, 32747, 48942]
    assert Kgw(V, 0.25, Seeding.LEFTHASH).green == 12_564
    selfhash, minhash = Kgw(V, 0.25, Seeding.SELFHASH), Kgw(V, 0.25, Seeding.MINHASH)
    assert selfhash.seeds(windows(3), KEY)[0] == 119922523072000000
    assert minhash.seeds(windows(4), KEY)[0] == 39157
    assert permutation(2971215073, 1_000_003)[:3].tolist() == [250534, 296009, 268311]
    assert permutation(KEY[0], 1_000_003)[:3].tolist() == [138280, 994103, 467886]


def test_the_list_of_unigram() -> None:
    scheme = Unigram(V, 0.5)
    assert bits(scheme.marks(windows(0), (0,))) == "0111000110"
    assert int(scheme.mask((0,))[:100].sum()) == 53
    assert bits(scheme.marks(windows(0), (12345,))) == "0001111110"


def test_the_bits_of_synthid_and_of_its_variant() -> None:
    scheme, five = SynthId(30), windows(4)
    assert bits(scheme.bits(five[:1], PUBLIC)[0]) == "011000010011001000010011101110"
    counting = np.array([[1, 2, 3, 4, 5]], dtype=np.int64)
    assert bits(scheme.bits(counting, PUBLIC)[0]) == "010001100011101000101110010010"
    assert int(scheme.bits(five, PUBLIC).sum()) == 82
    assert float(scheme.marks(five, PUBLIC).mean()) == pytest.approx(0.446778, abs=5e-7)
    table = SynthId(30, table=True)
    assert bits(table.bits(five[:1], PUBLIC)[0]) == "110000000000111010110111010000"
    assert bits(table.bits(counting, PUBLIC)[0]) == "001010010001011111001110001011"
    assert table.expected() == 32_743 / 65_536


def test_the_numbers_of_gumbel_are_drawn_from_the_rolled_seed() -> None:
    scheme = Gumbel(V, 2)
    rows = np.array([[464, 2068, 7586]], dtype=np.int64)
    seed = (5 * 35317 + 464) * 35317 + 2068
    expected = -np.log(1 - TorchRandom().uniform(seed, 7586))
    assert scheme.marks(rows, (5,))[0] == pytest.approx(expected)


def test_exact_tails() -> None:
    assert binomial_tail(128, 200, 0.5) == pytest.approx(4.564908e-5, rel=1e-6)
    assert binomial_tail(2_600, 10_000, 0.25) == pytest.approx(0.01101649, rel=1e-6)
    assert binomial_tail(90, 200, 0.25) == pytest.approx(6.541036e-10, rel=1e-6)
    assert hypergeometric_tail(560, 1_000, V // 2, V) == pytest.approx(7.065461e-5, rel=1e-6)
    assert gamma_tail(130, 100) == pytest.approx(2.750408e-3, rel=1e-6)
    assert hypergeometric_tail(0, 10, 5, 20) == pytest.approx(1.0)
    assert hypergeometric_tail(6, 10, 5, 20) == 0.0
    with pytest.raises(ValueError, match="of"):
        hypergeometric_tail(3, 2, 5, 20)
