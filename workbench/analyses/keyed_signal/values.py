"""What a Finding of `keyed_signal` holds; no key is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from workbench.analyses.keyed_signal.compute import FAR, FOUND

UNIFORM = 0.01
"""At or below this, random keys do not behave as random keys, and no p is to be relied on."""

ENOUGH = 19
"""So many controls are needed where one list of tokens serves all text, since a style of its own moves that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalValues:
    """The marks of the suspect's text under the key, how probable they are without it, and whether the set-up works.

    `mean` is the mean mark and `expected` that under a random key; `p` is exact, None where no exact tail is known or
    where it is below `below`. `keys_p` is the rank of the true key among random ones as a p-value, `keys_z` its place
    in their standard deviations. `smallest` is the mean mark that is found at p = 1e-6 in half of all cases,
    `share_needed` the share of text like the positive sample's that this takes.
    """

    suspect: str
    protected: str
    signal: str
    scheme: str
    one_list: bool
    tokenizer: str
    commitment: str
    committed: str
    positive: str
    n_windows: int
    n_tokens: int
    repeated: int
    in_prompts: int
    unknown: int
    mean: float
    expected: float
    z: float
    exact: bool
    p: float | None
    below: float | None
    ceiling: float | None
    positive_windows: int
    positive_mean: float
    positive_p: float | None
    keys: int
    keys_windows: int
    keys_uniform: float
    keys_spread: float
    keys_p: float
    keys_z: float
    n_controls: int
    controls_found: int
    rank: int
    p_model: float
    smallest: float
    share_needed: float | None

    @property
    def sound(self) -> bool:
        """Whether random keys behave as they should."""
        return self.keys_uniform > UNIFORM

    @property
    def found(self) -> bool:
        """Whether the signal is there."""
        if self.exact:
            return self.sound and (self.p is None or self.p <= FOUND)
        return self.keys_p <= 1 / (1 + self.keys) and self.keys_z >= FAR

    @property
    def alone(self) -> bool:
        """Whether no control carries it, where controls decide as well."""
        return not self.controls_found and (not self.one_list or (self.n_controls >= ENOUGH and self.rank == 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """The marks of one model's text under the key."""

    model: Annotated[str, "model"]
    role: Annotated[str, "role"]
    windows: Annotated[int, "windows"]
    mean: Annotated[float, "mean mark"]
    z: Annotated[float, "standard deviations above a random key"]
    p: Annotated[float | None, "p"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """The marks of some of the suspect's windows under one random key."""

    number: Annotated[int, "random key"]
    mean: Annotated[float, "mean mark"]
    z: Annotated[float, "standard deviations above the mean of random keys"]
