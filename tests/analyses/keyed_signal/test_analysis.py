"""The declared search for a keyed signal: positive sample first, no key in what is stated, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.analyses.keyed_signal.marked_text import PUBLIC, V, kgw, selection, setup, stream
from tests.analyses.listed import Listed
from workbench.analyses.keyed_signal.analysis import KeyedSignal
from workbench.analyses.keyed_signal.schemes import SynthId, Unigram
from workbench.core.errors import RefusedError, UsageError
from workbench.core.model import Finding
from workbench.core.progress import silent
from workbench.core.signals import Seeding, checked, key_of

KEY = (982451653,)
PLAIN = {f"C{at}": stream(kgw(), KEY, 250, 50 + at, share=0.0) for at in range(3)}
MARKED = stream(kgw(), KEY, 800, 1)


def case(share: float = 0.5, tokens: int = 800) -> Listed:
    own = stream(kgw(), KEY, tokens, 2, share=share)
    return selection({"S": own, "P": MARKED, **PLAIN}, setup(Seeding.LEFTHASH, KEY))


def run(made: Listed) -> Finding:
    return KeyedSignal({"keys": 199}).run(made, 1, silent)


def test_a_learner_is_found_and_a_stranger_is_not() -> None:
    found = run(case(0.6))
    said = KeyedSignal.narrate(found)
    assert (said.rung, found.values["p"] < 1e-6, found.values["controls_found"]) == (5, True, 0)
    assert found.values["rank"] == 1
    nothing = run(case(0.0))
    assert KeyedSignal.narrate(nothing).rung == 0
    assert "is not found" in KeyedSignal.narrate(nothing).headline
    assert KeyedSignal.page(nothing, {}).not_said.startswith("Nothing found does not clear the suspect.")
    assert 0 < nothing.values["share_needed"] < 1


def test_no_key_is_in_what_is_stated() -> None:
    found = run(case(0.6))
    text = json.dumps(found.as_json(tables=True)) + repr(case().setup)
    text += " ".join(KeyedSignal.narrate(found).sentences)
    assert str(KEY[0]) not in text


def test_a_set_up_that_does_not_find_the_signal_in_its_sample_is_refused() -> None:
    made = case()
    assert made.setup is not None
    for wrong in (
        replace(made.setup, key=(4,)),
        replace(made.setup, seeding=Seeding.MINHASH),
        replace(
            made.setup,
            encode=lambda texts: [[(7 * int(w[1:])) % V for w in t.split() if w[1:].isdecimal()] for t in texts],
        ),
    ):
        made.setup = wrong
        with pytest.raises(RefusedError, match="not found in the positive sample") as refused:
            KeyedSignal().gather(made)
        assert str(KEY[0]) not in str(refused.value)
    made.setup = replace(case().setup, vocabulary=V // 2)  # type: ignore[type-var]
    with pytest.raises(RefusedError, match="beyond the vocabulary"):
        KeyedSignal().gather(made)


def test_without_a_signal_without_text_and_with_a_sample_that_is_none() -> None:
    made = case()
    with pytest.raises(RefusedError, match="no corpus of the protected model"):
        KeyedSignal({"positive": "C0"}).gather(made)
    with pytest.raises(RefusedError, match="needs at least 100"):
        KeyedSignal().gather(case(tokens=60))
    made.setup = None
    with pytest.raises(RefusedError, match="No signal was set"):
        KeyedSignal().gather(made)


def test_one_list_for_all_text_needs_controls() -> None:
    scheme = Unigram(V, 0.5)
    own, theirs = (stream(scheme, KEY, 1_500, at, delta=4.0) for at in (1, 2))
    made = selection({"S": own, "P": theirs, **PLAIN}, setup(Seeding.UNIGRAM, KEY, 0.5))
    found = run(made)
    assert found.values["p"] < 1e-6
    assert KeyedSignal.narrate(found).rung == 1
    assert "19 controls" in " ".join(KeyedSignal.narrate(found).sentences)


def test_without_a_formula_random_keys_are_the_null() -> None:
    scheme = SynthId(30)
    own, theirs, plain = (stream(scheme, PUBLIC, 900, at, share=share) for at, share in ((1, 1), (2, 1), (3, 0)))
    made = selection({"S": own, "P": theirs, "C1": plain}, setup(Seeding.SYNTHID, PUBLIC))
    found = run(made)
    assert (found.values["p"], found.values["keys_p"], KeyedSignal.narrate(found).rung) == (None, 1 / 200, 5)
    made = selection({"S": plain, "P": theirs, "C1": own}, setup(Seeding.SYNTHID, PUBLIC))
    assert KeyedSignal.narrate(run(made)).rung == 0


def test_keys_and_parameters_are_checked_without_a_word_of_the_secret() -> None:
    assert key_of(Seeding.SYNTHID, b"1, 2 3") == (1, 2, 3)
    assert checked("unigram", 50_257, 0.5, 1) is Seeding.UNIGRAM
    for seeding, secret in ((Seeding.LEFTHASH, b"12 13"), (Seeding.GUMBEL, b"secretword"), (Seeding.UNIGRAM, b"\xff")):
        with pytest.raises(UsageError) as refused:
            key_of(seeding, secret)
        assert "secretword" not in str(refused.value)
    for scheme, vocabulary, gamma, window in (
        ("no", 9, 0.5, 1),
        ("unigram", 1, 0.5, 1),
        ("unigram", 9, 0.0, 1),
        ("gumbel", 9, 0.5, 9),
    ):
        with pytest.raises(UsageError):
            checked(scheme, vocabulary, gamma, window)
