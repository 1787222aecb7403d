"""The declared test of one service under two names: what it says of a relay, of a stranger, and of too little."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.analyses.same_endpoint.answers import answers_of, selection, text
from workbench.analyses.same_endpoint.analysis import SameEndpoint
from workbench.core.errors import RefusedError
from workbench.core.model import Finding
from workbench.core.progress import silent

RELAY = answers_of("P", 8, 24, 5)


def run(suspect: Mapping[str, list[str]], controls: int = 3, **more: int) -> Finding:
    return SameEndpoint({"draws": 199}).run(selection(suspect, controls, **more), 1, silent)


def test_a_relay_cannot_be_told_and_reaches_rung_2_among_19_controls_that_can() -> None:
    made = run(RELAY, 19)
    said = SameEndpoint.narrate(made)
    assert said.rung == 2
    assert "can't be told from P" in said.headline
    assert (made.values["told_apart"], made.values["rank"], made.values["p_model"]) == (19, 1, 0.05)
    assert made.values["elsewhere"] < 0.4
    few = run(RELAY, 3)
    assert SameEndpoint.narrate(few).rung == 1
    alone = run(RELAY, 0)
    assert SameEndpoint.narrate(alone).rung == 0, "no control shows what these prompts can tell"
    assert SameEndpoint.page(alone, {}).not_found


def test_a_stranger_is_told_apart_and_that_clears_no_one() -> None:
    made = run(answers_of("Q", 1, 24, 5))
    said, page = SameEndpoint.narrate(made), SameEndpoint.page(made, {})
    assert (said.rung, made.values["p"] <= 0.05) == (0, True)
    assert "does not simply serve" in said.headline
    assert page.not_said.startswith("Nothing found does not clear the suspect.")


def test_prompts_to_which_all_answer_alike_claim_nothing() -> None:
    """Every model says the same: the suspect can't be told from the protected model, and neither can the controls."""
    same = {f"Question number {at}?": [text(f"{at}/{n % 2}") for n in range(5)] for at in range(24)}
    made = selection(same)
    made.texts = dict.fromkeys(made.texts, same)
    found = SameEndpoint().run(made, 1, silent)
    assert found.values["told_apart"] == 0
    assert SameEndpoint.narrate(found).rung == 0
    assert "0 of 3 controls are told apart" in " ".join(SameEndpoint.narrate(found).sentences)


def test_one_answer_of_the_suspect_can_tell_apart_and_can_not_show_sameness() -> None:
    single = {prompt: texts[:1] for prompt, texts in RELAY.items()}
    assert "sameness can't be said" in " ".join(SameEndpoint.narrate(run(single)).sentences)
    assert SameEndpoint.narrate(run(single)).rung == 0
    stranger = {prompt: texts[:1] for prompt, texts in answers_of("Q", 1, 24, 5).items()}
    assert run(stranger).values["p"] <= 0.05


def test_without_three_answers_of_the_protected_model_sameness_is_not_said() -> None:
    made = run({prompt: texts[:2] for prompt, texts in RELAY.items()}, each=2)
    assert made.values["margin"] is None
    assert SameEndpoint.narrate(made).rung == 0
    assert "too few answers" in " ".join(SameEndpoint.narrate(made).sentences)


@pytest.mark.parametrize(("prompts", "each"), [(19, 5), (24, 1)])
def test_too_few_prompts_with_repeated_answers_are_refused(prompts: int, each: int) -> None:
    with pytest.raises(RefusedError, match="at least 20") as refused:
        SameEndpoint().gather(selection(answers_of("P", 7, prompts, each), prompts=prompts, each=each))
    assert "five times" in (refused.value.hint or "")


def test_white_space_of_another_client_makes_no_difference() -> None:
    spaced = {prompt: [f"\n {one.replace(' ', '  ')} " for one in texts] for prompt, texts in RELAY.items()}
    assert run(spaced).values["mean"] == run(RELAY).values["mean"]
