"""Schemes of keyed signals: how a window of tokens is marked under a key, and how probable the marks are without it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from workbench.analyses.keyed_signal.torch_random import Integers, TorchRandom, permutation, place_of
from workbench.core.signals import Seeding, SignalSetup
from workbench.core.statistics.exact_tests import binomial_tail, gamma_tail, hypergeometric_tail

Floats = npt.NDArray[np.float64]
Key = tuple[int, ...]

_TABLE = 1_000_003
_TABLE_SEED = 2971215073
_MODULUS = (1 << 64) - 1
_SALT = 35317
_SYNTHID_TABLE = 65_536


class Scheme(Protocol):
    """One scheme with its public parameters."""

    @property
    def context(self) -> int:
        """Tokens before the one that is marked."""

    @property
    def cheap(self) -> bool:
        """Whether many keys can be tried on many windows."""

    def marks(self, windows: Integers, key: Key) -> Floats:
        """The mark of each window, (windows,), from token numbers (windows, context + 1)."""

    def expected(self) -> float:
        """The mean mark under a random key."""

    def tail(self, total: float, count: int) -> float | None:
        """The exact probability of so large a sum of so many marks under a random key; None where none is known."""

    def random_key(self, rng: np.random.Generator) -> Key:
        """A key drawn at random."""


def scheme_of(setup: SignalSetup) -> Scheme:
    """The scheme of a set-up."""
    match setup.seeding:
        case Seeding.UNIGRAM:
            return Unigram(setup.vocabulary, setup.gamma)
        case Seeding.GUMBEL:
            return Gumbel(setup.vocabulary, setup.window)
        case Seeding.SYNTHID:
            return SynthId(len(setup.key))
        case Seeding.SYNTHID_TABLE:
            return SynthId(len(setup.key), table=True)
        case _:
            return Kgw(setup.vocabulary, setup.gamma, setup.seeding, setup.window)


@dataclass(frozen=True, slots=True)
class Kgw:
    """A list of green tokens for each context: Kirchenbauer et al. (2023), arXiv:2301.10226 and arXiv:2306.04634.

    `window` is the number of tokens before in the seeding of three_bricks (Fernandez et al. 2023, arXiv:2308.00113).
    """

    cheap: ClassVar[bool] = False

    vocabulary: int
    gamma: float
    seeding: Seeding
    window: int = 1

    @property
    def context(self) -> int:
        """Tokens before the one that is marked."""
        fixed = {
            Seeding.SELFHASH: 3,
            Seeding.SELFHASH_TRANSFORMERS: 3,
            Seeding.MINHASH: 4,
            Seeding.ROLLING: self.window,
        }
        return fixed.get(self.seeding, 1)

    def expected(self) -> float:
        """The share of the vocabulary that is green."""
        return self.green / self.vocabulary

    @property
    def green(self) -> int:
        """How many tokens are green."""
        return int(self.vocabulary * self.gamma)

    def seeds(self, windows: Integers, key: Key) -> list[int]:
        """The seed of each window's list."""
        (number,) = key
        context = windows[:, :-1]
        if self.seeding is Seeding.ROLLING:
            return [_rolled(number, row) for row in context.tolist()]
        if self.seeding in (Seeding.LEFTHASH, Seeding.LEGACY):
            return [(number * token) % _MODULUS for token in context[:, -1].tolist()]
        table = permutation(number if self.seeding is Seeding.SELFHASH_TRANSFORMERS else _TABLE_SEED, _TABLE) + 1
        factor = np.array(number % (1 << 64), dtype=np.uint64).astype(np.int64)
        with np.errstate(over="ignore"):
            if self.seeding is Seeding.MINHASH:
                found = table[(factor * context) % _TABLE].min(axis=1)
            else:
                own = table[windows[:, -1] % _TABLE]
                found = (factor * table[windows % _TABLE] * own[:, None]).min(axis=1)
        return [one % _MODULUS for one in found.tolist()]

    def marks(self, windows: Integers, key: Key) -> Floats:
        """1 for a green token, 0 for another."""
        rng, legacy = TorchRandom(), self.seeding is Seeding.LEGACY
        found = np.zeros(len(windows))
        by_seed: dict[int, list[int]] = {}
        for at, seed in enumerate(self.seeds(windows, key)):
            by_seed.setdefault(seed, []).append(at)
        tokens = windows[:, -1]
        for seed, places in by_seed.items():
            exchanges = rng.exchanges(seed, self.vocabulary, self.vocabulary if legacy else self.green)
            for at in places:
                place = place_of(int(tokens[at]), exchanges)
                found[at] = place >= self.vocabulary - self.green if legacy else place < self.green
        return found

    def tail(self, total: float, count: int) -> float | None:
        """The binomial tail."""
        return binomial_tail(round(total), count, self.expected())

    def random_key(self, rng: np.random.Generator) -> Key:
        """A number of 31 bits."""
        return (int(rng.integers(1, 1 << 31)),)


def _rolled(seed: int, tokens: Sequence[int]) -> int:
    for token in tokens:
        seed = (seed * _SALT + token) % _MODULUS
    return seed


@dataclass(frozen=True, slots=True)
class Unigram:
    """One list of green tokens for all text: Zhao et al. (2023), arXiv:2306.17439. Each token counts once."""

    context: ClassVar[int] = 0
    cheap: ClassVar[bool] = True

    vocabulary: int
    gamma: float

    def expected(self) -> float:
        """The share of the vocabulary that is green."""
        return self.green / self.vocabulary

    @property
    def green(self) -> int:
        """How many tokens are green."""
        return int(self.vocabulary * self.gamma)

    def mask(self, key: Key) -> npt.NDArray[np.bool_]:
        """Which tokens are green."""
        (number,) = key
        digest = hashlib.sha256(np.int64(number).tobytes()).digest()
        mask = np.zeros(self.vocabulary, dtype=np.bool_)
        mask[: self.green] = True
        np.random.default_rng(int.from_bytes(digest[:4], "little")).shuffle(mask)
        return mask

    def marks(self, windows: Integers, key: Key) -> Floats:
        """1 for a green token, 0 for another."""
        return self.mask(key)[windows[:, -1]].astype(np.float64)

    def tail(self, total: float, count: int) -> float | None:
        """The hypergeometric tail: tokens are drawn from the vocabulary without putting back."""
        return hypergeometric_tail(round(total), count, self.green, self.vocabulary)

    def random_key(self, rng: np.random.Generator) -> Key:
        """A number of 62 bits."""
        return (int(rng.integers(1, 1 << 62)),)


@dataclass(frozen=True, slots=True)
class Gumbel:
    """A number between 0 and 1 for each token of each context, high where the token was drawn with the key.

    Aaronson's scheme as Fernandez et al. (2023), arXiv:2308.00113, test it; the first payload alone.
    """

    cheap: ClassVar[bool] = False

    vocabulary: int
    window: int

    @property
    def context(self) -> int:
        """Tokens before the one that is marked."""
        return self.window

    def expected(self) -> float:
        """The mean of -ln(1 - r)."""
        return 1.0

    def marks(self, windows: Integers, key: Key) -> Floats:
        """-ln(1 - r) of each token."""
        rng = TorchRandom()
        numbers = [rng.uniform(_rolled(key[0], row[:-1]), row[-1]) for row in windows.tolist()]
        return -np.log1p(-np.array(numbers, dtype=np.float64))

    def tail(self, total: float, count: int) -> float | None:
        """The tail of a gamma distribution."""
        return gamma_tail(total, count)

    def random_key(self, rng: np.random.Generator) -> Key:
        """A number of 31 bits."""
        return (int(rng.integers(1, 1 << 31)),)


@dataclass(frozen=True, slots=True)
class SynthId:
    """Layers of bits for each five tokens: Dathathri et al. (2024), doi:10.1038/s41586-024-08025-4.

    `table` is the variant of the Transformers library, which takes its bits from a table; the two don't see each other.
    """

    context: ClassVar[int] = 4
    cheap: ClassVar[bool] = True

    depth: int
    table: bool = False

    def expected(self) -> float:
        """The mean of fair bits; of the table its own share of ones."""
        return float(_synthid_table().mean()) if self.table else 0.5

    def bits(self, windows: Integers, key: Key) -> npt.NDArray[np.int8]:
        """The bits of each window, (windows, layers)."""
        start = 1 if self.table else _start(key)
        with np.errstate(over="ignore"):
            state = np.full(len(windows), start, dtype=np.int64)
            for column in windows.T:
                state = _accumulated(state, column)
            state = _accumulated(state[:, None], np.array(key, dtype=np.int64)[None, :])
            if self.table:
                return _synthid_table()[state % _SYNTHID_TABLE]
            for _ in range(12):
                state = _accumulated(state, np.int64(1)) >> 5
        return ((state >> 30) % 2).astype(np.int8)

    def marks(self, windows: Integers, key: Key) -> Floats:
        """The mean of each window's bits, in which the first layers weigh most, ten times as much as the last."""
        weights = np.linspace(10, 1, self.depth)
        return np.asarray(self.bits(windows, key) @ (weights / weights.sum()))

    def tail(self, total: float, count: int) -> float | None:
        """None: layers are correlated, so that no formula holds; random keys alone are the null."""
        return None

    def random_key(self, rng: np.random.Generator) -> Key:
        """As many numbers of 31 bits as there are layers."""
        return tuple(int(one) for one in rng.integers(0, 1 << 31, size=self.depth))


def _accumulated(state: Integers, data: Integers | np.int64) -> Integers:
    """One step of a linear congruential generator, modulo 2 to the power of 64, in signed numbers."""
    return np.asarray((state + data) * np.int64(6364136223846793005) + np.int64(1))


def _start(key: Key) -> int:
    digest = hashlib.sha256(np.array(key, dtype=np.int64).tobytes()).digest()
    return int.from_bytes(digest, "big") % ((1 << 63) - 1)


def _synthid_table() -> npt.NDArray[np.int8]:
    return (TorchRandom().words(0, _SYNTHID_TABLE) % 2).astype(np.int8)
