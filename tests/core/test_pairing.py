"""Which ids number samples of one prompt, and whether two sources mean the same prompts by the same ids."""

from __future__ import annotations

import random

import pytest

from workbench.core.errors import UsageError
from workbench.core.pairing import agreement, checked_pairing, number_samples, set_named, set_of_ids, stem_of

WORDS = [f"{a}{b}{c}er" for a in "bdfglmprst" for b in "aeiou" for c in "bdklmnrst"]


def _prompts(seed: int, count: int) -> dict[str, str]:
    draw = random.Random(seed)
    return {str(n): "Write about " + " ".join(draw.choices(WORDS, k=9)) + "." for n in range(count)}


def test_a_stem_is_an_id_without_the_number_at_its_end() -> None:
    stems = ["trolley#2", "q-1-12", "17", "piece/step", "p3/ch4"]
    assert [stem_of(key) for key in stems] == ["trolley#", "q-1-", "17", "piece/step", "p3/ch"]


def test_numbered_samples_are_told_from_numbered_steps() -> None:
    samples = {f"{name}#{n}": {text} for text, name in enumerate("abcd") for n in range(3)}
    assert number_samples([samples, samples])
    # Three pieces of three steps: every step after the first has one text in all pieces.
    steps = {f"piece{p}/step{s}": {s or 10 + p} for p in range(3) for s in range(3)}
    assert not number_samples([steps, steps])
    # One to one: nothing is numbered.
    assert not number_samples([{"q1": {1}, "q2": {2}}])
    # Plain numbers are no samples of a prompt without a name.
    assert not number_samples([{"1": {1}, "2": {1}, "3": {2}}])
    assert not number_samples([samples, steps, steps])


def test_texts_agree_behind_system_prompts_and_earlier_turns() -> None:
    own = _prompts(1, 60)
    draw = random.Random(5)
    longer = {key: " ".join(draw.choices(WORDS, k=300)) + f"\n{text}" for key, text in own.items()}
    both = {key: "You are another model. " + " ".join(draw.choices(WORDS, k=200)) + t for key, t in own.items()}
    for other in (own, longer):
        assert agreement(own, other).agreeing == 50
    assert agreement(longer, both).enough
    assert agreement(longer, both).looked_at == 50
    assert not agreement(longer, dict(zip(own, [*both.values()][1:], strict=False))).enough


@pytest.mark.parametrize("count", [2, 3, 5, 12, 40])
def test_other_prompts_under_the_same_ids_do_not_agree(count: int) -> None:
    for seed in range(10):
        assert not agreement(_prompts(seed, count), _prompts(100 + seed, count)).enough
    shuffled = dict(zip(_prompts(1, count), list(_prompts(1, count).values())[1:], strict=False))
    assert not agreement(_prompts(1, count), shuffled).enough


def test_no_shared_id_says_nothing_against_it() -> None:
    found = agreement({"a": "x"}, {"b": "y"})
    assert (found.looked_at, found.enough) == (0, True)


def test_how_to_pair_is_checked() -> None:
    assert [checked_pairing(given) for given in ("", "text", "key", "key:a set")] == ["", "text", "key", "key:a set"]
    for wrong in ("ids", "key:", "key: ", "text:x"):
        with pytest.raises(UsageError):
            checked_pairing(wrong)
    assert (set_named("key: a set "), set_of_ids("text"), set_of_ids("key:a")) == ("a set", None, "a")
    with pytest.raises(UsageError, match="not named"):
        set_of_ids("key")
