"""Prompts that somebody chose by what comes of them: the comparison is refused, unless the reason is stated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.analyses.listed import Listed, listed, speakers
from workbench.analyses.closest_source.analysis import ClosestSource
from workbench.analyses.did.analysis import Did
from workbench.analyses.fitness.analysis import Fitness
from workbench.analyses.source_search.analysis import SourceSearch
from workbench.analyses.weigh.analysis import Weigh
from workbench.core.errors import RefusedError
from workbench.core.progress import silent


def chosen(kept: int, *, of: int = 80, reason: str | None = None) -> Listed:
    """A suspect of whose answers some were kept, beside models with all of theirs."""
    texts = speakers(20, of)
    texts["S"] = dict(list(texts["S"].items())[:kept])
    made = listed(texts, bases=["C20"])
    made.question = replace(made.question, fewer_prompts=reason)
    return made


@pytest.mark.parametrize("analysis", [ClosestSource, Weigh, Did, SourceSearch])
def test_a_suspect_with_a_choice_of_its_answers_is_not_compared(analysis: type) -> None:
    with pytest.raises(RefusedError, match=r"S answered 40 of the 80 prompts that at least a quarter") as refused:
        analysis().gather(chosen(40))
    assert "--fewer-prompts" in refused.value.hint


def test_the_same_prompts_taken_from_more_than_half_of_the_controls_are_still_asked_for() -> None:
    made = chosen(40)
    kept = set(made.texts["S"])
    for number in range(1, 13):
        name = f"C{number:02d}"
        made.texts[name] = {p: some for p, some in made.texts[name].items() if p in kept}
    assert "S answered 40 of the 80 prompts" in str(ClosestSource().refuse(made))


def test_a_stated_reason_lets_it_be_compared_and_stands_in_the_finding() -> None:
    finding = ClosestSource().run(chosen(40, reason="the service was closed"), 1, silent)
    assert any("for this reason: the service was closed" in words for words in finding.warnings)


def test_a_few_missing_answers_are_no_choice() -> None:
    assert ClosestSource().refuse(chosen(64)) is None


@pytest.mark.parametrize(
    ("kept", "reason", "verdict"),
    [(40, None, "unfit"), (40, "closed", "doubtful"), (68, None, "doubtful"), (78, None, "fit")],
)
def test_fitness_judges_it_with_both_numbers(kept: int, reason: str | None, verdict: str) -> None:
    finding = Fitness().run(chosen(kept, reason=reason), 1, silent)
    assert finding.values["verdict"] == verdict
    assert (finding.values["n_prompts_usual"], finding.values["n_prompts_lacking"]) == (80, 80 - kept)
    lacks = f"the suspect lacks {80 - kept} of 80 prompts that a quarter of the others or more answered"
    assert (lacks in finding.values["reasons"]) is (verdict != "fit")
