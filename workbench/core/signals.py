"""Keyed signals of a protected model: which scheme with which public parameters, and the key, which stays secret."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from workbench.core.errors import UsageError
from workbench.core.selection import Selection

LARGEST_VOCABULARY = 2_000_000
MOST_LAYERS = 64
LONGEST_WINDOW = 8


class Seeding(StrEnum):
    """A scheme with the way in which its lists are seeded."""

    LEFTHASH = "kgw-lefthash"
    LEGACY = "kgw-legacy"
    SELFHASH = "kgw-selfhash"
    SELFHASH_TRANSFORMERS = "kgw-selfhash-transformers"
    MINHASH = "kgw-minhash"
    ROLLING = "kgw-rolling"
    UNIGRAM = "unigram"
    GUMBEL = "gumbel"
    SYNTHID = "synthid"
    SYNTHID_TABLE = "synthid-transformers"

    @property
    def layered(self) -> bool:
        """Whether the key is a list of numbers, one a layer."""
        return self in (Seeding.SYNTHID, Seeding.SYNTHID_TABLE)


Encode = Callable[[Sequence[str]], list[list[int]]]
"""The tokens of some texts, as the protected model's tokenizer numbers them."""


@dataclass(frozen=True, slots=True)
class SignalSetup:
    """One signal: what is public of it, its key, its tokenizer, and when the key was committed to.

    `tokenizer` is the SHA-256 of the tokenizer's file, `committed` the time of the ledger's line, `commitment` the
    digest in it. The key is never printed.
    """

    name: str
    seeding: Seeding
    vocabulary: int
    gamma: float
    window: int
    key: tuple[int, ...] = field(repr=False)
    tokenizer: str
    commitment: str
    committed: str
    encode: Encode = field(repr=False, compare=False)


@runtime_checkable
class Signalled(Protocol):
    """A Selection of a case that may hold keyed signals."""

    def signal(self, name: str) -> SignalSetup | None:
        """The signal of a name, or the last one for an empty name; None where there is none."""


def signal_of(selection: Selection, name: str) -> SignalSetup | None:
    """A signal of the case; None where there is none."""
    return selection.signal(name) if isinstance(selection, Signalled) else None


def checked(seeding: str, vocabulary: int, gamma: float, window: int) -> Seeding:
    """The seeding of that name; raises UsageError, in words, for parameters that no scheme has."""
    try:
        found = Seeding(seeding)
    except ValueError:
        raise UsageError(f"{seeding!r} is no scheme.", hint=f"The schemes are {', '.join(Seeding)}.") from None
    if not 2 <= vocabulary <= LARGEST_VOCABULARY:
        raise UsageError(f"A vocabulary of {vocabulary} tokens is none.", hint=f"2 to {LARGEST_VOCABULARY:,}.")
    if not 0 < gamma < 1 or int(vocabulary * gamma) in (0, vocabulary):
        raise UsageError(f"A green share of {gamma} is none.", hint="Above 0 and below 1: 0.25 or 0.5, as a rule.")
    if not 1 <= window <= LONGEST_WINDOW:
        raise UsageError(f"A window of {window} tokens is none.", hint=f"1 to {LONGEST_WINDOW}.")
    return found


def key_of(seeding: Seeding, secret: bytes) -> tuple[int, ...]:
    """The key as numbers; raises UsageError, without a word of the secret, where it is none."""
    try:
        numbers = tuple(int(part) for part in secret.decode("ascii").replace(",", " ").split())
    except (UnicodeDecodeError, ValueError):
        numbers = ()
    most = MOST_LAYERS if seeding.layered else 1
    if not 1 <= len(numbers) <= most or any(not 0 <= one < 1 << 63 for one in numbers):
        wanted = f"up to {MOST_LAYERS} whole numbers with commas between" if seeding.layered else "one whole number"
        raise UsageError(
            f"The secret is no key of {seeding}.", hint=f"{wanted[:1].upper()}{wanted[1:]}, none negative."
        )
    return numbers
