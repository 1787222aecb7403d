"""The opinion: a written rule makes one answer of all findings, whatever they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from workbench.analyses.combined.analysis import Combined
from workbench.core.errors import RefusedError
from workbench.core.finding_page import (
    MOST_WORDS,
    OUTSIDE,
    Bearing,
    Explanation,
    FindingPage,
    Part,
    Placed,
    Says,
    words_in,
)
from workbench.core.model import Corpus, Facts, Finding, Role
from workbench.core.progress import silent
from workbench.core.selection import Question, Selection, StatedFinding


class Findings:
    """A Selection that has nothing but a question and findings on it."""

    def __init__(self, found: Sequence[StatedFinding], released: str | None = "2025-02") -> None:
        self._found = found
        suspect = Corpus(1, "marlin", Role.SUSPECT, Facts(released=released, base="wrack"), 3, "0" * 64)
        protected = Corpus(2, "aurelia-1", Role.PROTECTED, Facts(released="2024-03"), 3, "1" * 64)
        self.question = Question(suspect, "aurelia", (protected,), ())

    def findings(self) -> Sequence[StatedFinding]:
        return self._found


def page(part: Part, says: Says, answer: str = "this is said.", **more: Any) -> FindingPage:
    return FindingPage(
        part=part,
        says=says,
        suspect="marlin",
        protected="aurelia",
        question="?",
        short=str(part),
        brief="In short.",
        answer=answer,
        not_said="",
        **more,
    )


def stated(number: int, made: FindingPage, *, confirmatory: bool = True, rung: int = 0) -> StatedFinding:
    return StatedFinding(number, f"{number:064d}", str(made.part), confirmatory, rung, made)


CLOSE = page(
    Part.CLOSENESS,
    Says.FOR,
    highest=2,
    answer="on 120 matched prompts, marlin is closer to aurelia than all 24 controls are.",
    placed=(Placed("marlin", 7.3, 5.9, 8.8, True), Placed("ada", 1.4, 0.8, 2.2)),
    explanations=(Explanation("prompts", 10, "The choice of prompts", "Drew", "First", Bearing.NO),),
)
FAR = replace(CLOSE, says=Says.NOTHING, answer="on 120 matched prompts, marlin is not closer to aurelia.")
WEIGHT = page(
    Part.WEIGHT,
    Says.FOR,
    highest=2,
    caution=OUTSIDE,
    log10_lr=1.255,
    at_ceiling=True,
    answer="these answers are about 18 times more probable if aurelia is a source of marlin than if it is not.",
)
FIT = page(Part.MATERIAL, Says.FIT)


def opinion(*found: StatedFinding) -> Finding:
    return Combined().run(cast(Selection, Findings(found)), 1, silent)


def test_the_weight_is_the_answer_word_for_word_and_its_caution_comes_first() -> None:
    made = opinion(stated(1, FIT), stated(2, CLOSE, rung=2), stated(3, WEIGHT, rung=2))
    shown = Combined.page(made, {})
    assert shown.sentence == WEIGHT.sentence
    assert words_in(shown.sentence) <= MOST_WORDS
    assert (made.values["verdict"], made.values["basis"], made.values["points_for"]) == ("weight", [3], [2, 3])
    assert shown.not_said.startswith("18 is a ceiling, not a measurement. This is not the probability that marlin")
    assert shown.picture is not None
    assert Combined.narrate(made).headline == shown.sentence


def test_a_rung_needs_a_plan_and_material_that_was_tried() -> None:
    made = opinion(stated(1, FIT), stated(2, CLOSE, rung=2), stated(3, WEIGHT, rung=2))
    reached = {r["rung"]: (r["reached"], r["findings"]) for r in made.values["rungs"]}
    assert reached[0] == ("reached", [1])
    assert reached[2] == ("reached", [2]), "what lies outside adds none"
    assert reached[3] == ("not asked", [])
    assert Combined.narrate(made).rung == 2
    late = opinion(stated(2, CLOSE, rung=2, confirmatory=False))
    assert {r["rung"]: r["reached"] for r in late.values["rungs"]}[2] == "reached, exploratory only"
    assert Combined.narrate(late).rung == 0


def test_rungs_are_cumulative_and_none_stands_above_a_contradiction_or_on_unfit_material() -> None:
    contrast = page(Part.CONTRAST, Says.FOR, highest=3)
    alone = opinion(stated(1, FIT), stated(2, replace(CLOSE, says=Says.NOTHING)), stated(3, contrast, rung=3))
    assert {r["rung"]: r["reached"] for r in alone.values["rungs"]}[3] == "reached, but not the rung below"
    both = opinion(stated(1, FIT), stated(2, CLOSE, rung=2), stated(3, contrast, rung=3))
    assert Combined.narrate(both).rung == 3
    against = replace(WEIGHT, says=Says.AGAINST, log10_lr=-1.2, caution="")
    contradicted = opinion(stated(1, FIT), stated(2, CLOSE, rung=2), stated(3, contrast, rung=3), stated(4, against))
    assert {r["reached"] for r in contradicted.values["rungs"][1:4]} == {"reached, and contradicted"}
    assert Combined.narrate(contradicted).rung == 0
    unfit = page(Part.MATERIAL, Says.UNFIT, answer="the material can’t answer the question: few prompts.")
    assert Combined.narrate(opinion(stated(1, unfit), stated(2, CLOSE, rung=2))).rung == 0


def test_without_a_weight_closeness_answers_and_without_both_nothing_does() -> None:
    assert Combined.page(opinion(stated(2, CLOSE)), {}).answer == CLOSE.answer
    lone = opinion(stated(1, FIT))
    assert "not answered" in Combined.page(lone, {}).answer
    assert Combined.page(lone, {}).picture is None


@pytest.mark.parametrize(
    ("weight", "other"),
    [
        (WEIGHT, FAR),
        (replace(WEIGHT, says=Says.AGAINST, log10_lr=-1.2), CLOSE),
        (replace(WEIGHT, says=Says.AGAINST, log10_lr=-1.2), page(Part.DIRECT, Says.FOR, highest=4)),
    ],
)
def test_findings_that_contradict_each_other_give_no_one_answer(weight: FindingPage, other: FindingPage) -> None:
    made = opinion(stated(2, other), stated(3, weight))
    assert made.values["verdict"] == "contradiction"
    assert set(made.values["basis"]) == {2, 3}
    sentence = Combined.page(made, {}).sentence
    assert "contradict" in sentence
    assert words_in(sentence) <= MOST_WORDS
    assert Combined.page(made, {}).says is Says.BOTH_ALIKE


def test_unfit_material_answers_nothing_whatever_the_numbers() -> None:
    unfit = page(Part.MATERIAL, Says.UNFIT, answer="the material can’t answer the question: few prompts.")
    made = opinion(stated(1, unfit), stated(2, CLOSE), stated(3, WEIGHT))
    assert Combined.page(made, {}).answer == unfit.answer
    assert made.values["log10_lr"] is None


def test_the_last_of_its_kind_counts_and_what_was_planned_before_what_was_not() -> None:
    again = replace(WEIGHT, answer="these answers are about as probable either way.", says=Says.BOTH_ALIKE)
    assert opinion(stated(3, WEIGHT), stated(4, again)).values["basis"] == [4]
    later = opinion(stated(3, WEIGHT), stated(4, again, confirmatory=False))
    assert later.values["basis"] == [3]
    rows = {row[0]: row[8] for row in later.tables["findings"].rows}
    assert rows == {3: True, 4: False}, "the other is listed all the same"


def test_every_explanation_is_named_and_the_worst_that_is_said_of_it_counts() -> None:
    may = replace(CLOSE, explanations=(Explanation("prompts", 10, "The choice", "Drew", "Late", Bearing.MAY),))
    made = opinion(stated(2, CLOSE), stated(3, replace(may, part=Part.CONTRAST, short="contrast")))
    rows = {row[0]: row for row in made.tables["explanations"].rows}
    assert rows["prompts"][2:5] == ("Drew (findings 2, 3)", "First; late", "may account for it")
    assert rows["reverse"][3:5] == ("aurelia-1 came out 11 months before", "less well supported")
    assert {"third", "licensed", "collection", "family", "base"} <= rows.keys()
    undated = Combined().run(cast(Selection, Findings([stated(2, CLOSE)], released=None)), 1, silent)
    assert {row[0]: row[4] for row in undated.tables["explanations"].rows}["reverse"] == "open"


def test_what_was_not_found_stands_there_and_what_was_not_asked() -> None:
    null = replace(CLOSE, not_found=(("A lean", "none."),))
    assert opinion(stated(2, null)).tables["not_found"].rows == (
        ("A lean", "none.", 2),
        ("Signals, logs, training data", "not asked; none were supplied.", None),
    )


def test_there_is_no_opinion_on_nothing() -> None:
    with pytest.raises(RefusedError, match="no finding on this question"):
        opinion()
    before = opinion(stated(2, CLOSE))
    assert before.values == opinion(stated(2, CLOSE)).values, "the same findings always come to the same"


TRACE = page(Part.DIRECT, Says.FOR, highest=5, answer="6 of 6 planted markers stand word for word in texts of marlin.")


@pytest.mark.parametrize(
    ("found", "verdict", "answers"),
    [
        ([CLOSE, TRACE], "direct", TRACE),
        ([FAR, TRACE], "direct", TRACE),
        ([CLOSE, replace(TRACE, says=Says.NOTHING)], "closeness", CLOSE),
        ([FIT, replace(TRACE, says=Says.NOTHING)], "direct", TRACE),
        ([WEIGHT, TRACE], "weight", WEIGHT),
    ],
)
def test_a_trace_answers_where_nothing_weighs(found: list[FindingPage], verdict: str, answers: FindingPage) -> None:
    made = opinion(*(stated(number, one) for number, one in enumerate(found, 1)))
    assert made.values["verdict"] == verdict
    assert made.values["answer"] == answers.answer


def test_a_trace_reaches_its_rung() -> None:
    made = opinion(stated(1, WEIGHT), stated(2, TRACE, rung=5))
    reached = {one["rung"]: one["reached"] for one in made.values["rungs"]}
    assert reached[5] == reached[4] == "reached"
    assert made.values["points_for"] == [1, 2]


class WithWithdrawn(Findings):
    """The same, with findings that were withdrawn."""

    def __init__(self, found: Sequence[StatedFinding], gone: Sequence[StatedFinding]) -> None:
        super().__init__(found)
        self._gone = gone

    def withdrawn(self) -> Sequence[StatedFinding]:
        return self._gone


AGAINST = replace(WEIGHT, says=Says.AGAINST, log10_lr=-0.45, at_ceiling=False, caution="", answer="2.8 times less.")


def test_a_withdrawn_finding_that_would_change_the_answer_is_named_before_it() -> None:
    """Who withdraws the weight that speaks against does not get the closeness that speaks for, unsaid."""
    close, weight = stated(2, CLOSE, rung=2), stated(3, AGAINST)
    kept = opinion(stated(1, FIT), close)
    assert Combined.narrate(kept).rung == 2
    gone = Combined().run(cast(Selection, WithWithdrawn([stated(1, FIT), close], [weight])), 1, silent)
    assert Combined.narrate(gone).headline.startswith("Otherwise with withdrawn finding 3: on 120 matched prompts")
    assert Combined.narrate(gone).rung == 0
    assert {r["rung"]: r["reached"] for r in gone.values["rungs"]}[2] == "reached, and contradicted"


def test_a_withdrawn_finding_that_changes_nothing_or_was_made_again_is_passed_over() -> None:
    close = stated(2, CLOSE, rung=2)
    for gone in ([stated(1, FIT)], [stated(1, FAR)]):
        made = Combined().run(cast(Selection, WithWithdrawn([close], gone)), 1, silent)
        assert made.values["caution"] == ""
        assert made.values["answer"] == CLOSE.answer


class WithOtherName(Findings):
    """The same, with findings on the same suspect under another name of the protected side."""

    def __init__(self, found: Sequence[StatedFinding], others: Sequence[StatedFinding]) -> None:
        super().__init__(found)
        self._others = others

    def beside(self) -> Sequence[StatedFinding]:
        return self._others


def under_another_name(*others: StatedFinding) -> Finding:
    return Combined().run(cast(Selection, WithOtherName([stated(2, CLOSE, rung=2)], others)), 1, silent)


def test_what_was_answered_otherwise_under_another_name_stands_first() -> None:
    family = replace(AGAINST, protected="Aurelia")
    made = under_another_name(stated(3, family))
    assert made.values["beside"] == [3]
    assert Combined.narrate(made).headline.startswith("Otherwise for Aurelia, finding 3: on 120 matched prompts")
    assert Combined.narrate(made).rung == 2


def test_what_was_answered_alike_or_asked_again_under_another_name_is_passed_over() -> None:
    alike, otherwise = replace(WEIGHT, protected="Aurelia"), replace(AGAINST, protected="Aurelia")
    assert under_another_name(stated(3, alike)).values["caution"] == ""
    assert under_another_name(stated(3, otherwise), stated(4, alike)).values["caution"] == ""


def test_closeness_that_holds_with_chosen_controls_alone_cautions_the_weight_beside_it() -> None:
    """Who excludes controls until closeness no longer contradicts the weight does not get the weight unsaid."""
    chosen = stated(2, replace(CLOSE, caution="Not with all controls:"))
    made = opinion(stated(1, replace(WEIGHT, caution="")), chosen)
    assert made.values["verdict"] == "weight"
    assert made.values["caution"] == "Closeness (finding 2) not with all controls:"
    assert opinion(stated(1, replace(WEIGHT, caution="")), stated(2, CLOSE)).values["caution"] == ""


def test_it_is_read_with_the_models_the_other_explanations_and_what_would_change_it() -> None:
    made = opinion(stated(1, FIT), stated(2, CLOSE, rung=2), stated(3, WEIGHT, rung=2))
    shown = Combined.read(made, Combined.narrate(made).headline)
    assert shown is not None
    assert (shown.outside, shown.answer) == (OUTSIDE, "In short")
    assert (
        shown.sentence
        == "These answers are about 18 times more probable if aurelia is a source of marlin than if it is not."
    )
    assert [mark.name for mark in shown.views[0].plot.marks] == ["marlin", "ada"]
    assert shown.views[0].beside == "the answer rests on finding 3"
    first = shown.explanations[0]
    assert (first.what, first.done, first.result, first.so) == (
        "The choice of prompts",
        "Drew (finding 2)",
        "First",
        Bearing.NO,
    )
    assert any(one.so is Bearing.OPEN for one in shown.explanations)
    assert [one.what for one in shown.would] == [f"{what[:1].upper()}{what[1:]}." for what in made.values["change"]]
    alone = opinion(stated(1, FIT))
    assert Combined.read(alone, Combined.narrate(alone).headline) is None, "no finding places the models"
    both = opinion(stated(2, FAR), stated(3, replace(WEIGHT, caution="")))
    contradicted = Combined.read(both, Combined.narrate(both).headline)
    assert contradicted is not None
    assert contradicted.answer == "No one answer: findings point both ways"


def test_what_is_the_same_evidence_twice_is_said_and_what_is_independent_of_it() -> None:
    key = replace(stated(4, page(Part.DIRECT, Says.FOR, highest=5), rung=5), analysis="canaries")
    log = replace(stated(5, page(Part.DIRECT, Says.FOR, highest=4), rung=4), analysis="training_set")
    said = " ".join(Combined.narrate(opinion(stated(2, CLOSE), stated(3, WEIGHT), key, log)).sentences)
    assert "Findings 2 and 3 look at the same answers: their weights are not multiplied." in said
    assert "Finding 4 rests on chance that was drawn beforehand" in said
    assert "Finding 5 rests on records" in said
    alone = " ".join(Combined.narrate(opinion(stated(2, CLOSE), stated(3, WEIGHT))).sentences)
    assert "Findings 2 and 3 look at the same answers: their weights are not multiplied." in alone
    assert "rests on chance" not in alone
