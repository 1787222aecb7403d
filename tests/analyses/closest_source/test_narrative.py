"""What `closest_source` says: headlines, rungs, units, counts, warnings from the case, and labels that fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from statistics import median
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tests.analyses.listed import Listed, corpora, listed, speakers, with_documents
from workbench.analyses import ANALYSES
from workbench.analyses.base import Analysis
from workbench.analyses.closest_source.analysis import ClosestSource
from workbench.core.errors import RefusedError
from workbench.core.model import Facts, Finding, LeftOutKind, Role
from workbench.core.progress import silent
from workbench.core.selection import Question, Similarities, choose


def compare(selection: Listed) -> Finding:
    return ClosestSource({"replicates": 300}).run(selection, 1, silent)


@pytest.fixture(scope="module")
def learned() -> Finding:
    return compare(listed(speakers(20)))


def changed(finding: Finding, **values: Any) -> Finding:
    return replace(finding, values={**finding.values, **values})


class WithoutAside(Listed):
    """As the case gives it: no similarities for what is set aside."""

    def similarities(self) -> Similarities:
        whole = Listed.similarities(self)
        question = self.question
        named = (question.suspect, *question.protected, *question.controls)
        gone = {c.name for c in named if c.role is Role.ASIDE}
        kept = [at for at, name in enumerate(whole.models) if name not in gone]
        return replace(
            whole,
            models=tuple(whole.models[at] for at in kept),
            present=whole.present[:, kept],
            values={view: block[:, kept][:, :, kept] for view, block in whole.values.items()},
            tokens=None if whole.tokens is None else whole.tokens[:, kept],
        )


def aside(answers: Mapping[str, Any], *names: str, protected: tuple[str, ...] = ("P",)) -> WithoutAside:
    made = {n: replace(c, role=Role.ASIDE) if n in names else c for n, c in corpora(answers).items()}
    controls = tuple(c for n, c in made.items() if n != "S" and n not in protected)
    return WithoutAside(Question(made["S"], "P", tuple(made[n] for n in protected), controls), answers)


@pytest.mark.parametrize("name", ["S", "P", "C03"])
def test_what_is_set_aside_is_refused_in_words(name: str) -> None:
    selection = aside(speakers(8, 35), name)
    reason = ClosestSource().refuse(selection)
    assert reason is not None
    assert reason.startswith(f"{name} is set aside: ")
    with pytest.raises(RefusedError, match="is set aside"):
        compare(selection)


def test_many_that_are_set_aside_are_not_all_named() -> None:
    reason = ClosestSource().refuse(aside(speakers(8, 35), *(f"C{n:02d}" for n in range(1, 8))))
    assert reason is not None
    assert "C05 is set aside" in reason
    assert "C06" not in reason
    assert "and 2 more" in reason


def test_a_protected_member_that_is_set_aside_is_left_out_with_the_reason() -> None:
    answers = speakers(8, 35)
    answers["P2"] = {prompt: [f"Entirely other {n} words, {prompt}"] for n, prompt in enumerate(answers["P"])}
    finding = compare(aside(answers, "P2", protected=("P", "P2")))
    assert finding.values["members"] == ["P"]
    assert [(item.corpus, item.kind) for item in finding.left_out] == [("P2", LeftOutKind.SET_ASIDE)]
    assert "Left out by the examiner: P2 (set aside)." in finding.warnings
    assert "in the record: 1 corpus." in " ".join(ClosestSource.narrate(finding).sentences)


@pytest.mark.parametrize(
    ("rank", "controls", "words"),
    [
        (2, 64, "closer to P than 63 of 64 controls; 1 is at least as close (rank 2 of 65, p_model 0.031)."),
        (3, 64, "closer to P than 62 of 64 controls; 2 are at least as close (rank 3 of 65, p_model 0.046)."),
        (
            4,
            64,
            "not closer to P than the controls are as a group: of 64 controls 3 are at least as close and 61 are less "
            "close (rank 4 of 65, p_model 0.062).",
        ),
        (
            8,
            8,
            "not closer to P than the controls are as a group: of 8 controls 7 are at least as close and 1 is less "
            "close (rank 8 of 9, p_model 0.889).",
        ),
    ],
)
def test_headlines_count_who_is_closer(learned: Finding, rank: int, controls: int, words: str) -> None:
    finding = changed(learned, rank=rank, n_controls=controls, n_models=controls + 1, p_model=rank / (controls + 1))
    assert ClosestSource.narrate(finding).headline == f"On 40 matched prompts, S is {words}"


@pytest.mark.parametrize(
    ("rank", "controls", "share", "drawings", "rung", "words"),
    [
        (1, 19, 0.95, 300, 2, "closer to the protected model than every control is"),
        (1, 18, 1.0, 300, 0, "ahead of every control, but among 19 models one has to be first"),
        (1, 40, 0.94, 300, 1, "ahead of every control, but it came first in only 94.0 % of the drawings"),
        (1, 40, 1.0, 299, 1, "ahead of every control, but the prompts were drawn anew only 299 times"),
        (1, 5, 0.5, 300, 0, "No rung of the ladder"),
        (2, 40, 0.1, 300, 1, "closer to the protected model than most controls are, but not than every one"),
        (2, 30, 0.1, 300, 0, "No rung of the ladder"),
    ],
)
def test_rungs_follow_the_rule_that_is_stated(
    learned: Finding, rank: int, controls: int, share: float, drawings: int, rung: int, words: str
) -> None:
    finding = changed(
        learned,
        rank=rank,
        n_controls=controls,
        n_independent=controls,
        n_models=controls + 1,
        p_model=rank / (controls + 1),
        share_of_replicates_first=share,
    )
    finding = replace(finding, parameters={**finding.parameters, "replicates": drawings})
    narrative = ClosestSource.narrate(finding)
    assert narrative.rung == rung
    said = next(sentence for sentence in narrative.sentences if "(Rung 1 asks for" in sentence)
    assert words in said
    assert "which 19 controls or more can give" in said
    assert "in at least 95 % of at least 300 drawings" in said


def test_the_unit_of_closeness_is_named_and_the_controls_spread_stated(learned: Finding) -> None:
    text = " ".join(ClosestSource.narrate(learned).sentences)
    found = [control["statistic"] for control in learned.values["controls"]]
    centre = median(found)
    spread = 1.4826 * median(abs(value - centre) for value in found)
    assert f"closeness is {learned.values['statistic']:.2f} points" in text
    assert "mean robust z-score over 12 views of the text and both sides" in text
    assert f"spread {spread:.2f} (1.4826 times" in text
    assert f"lies {(learned.values['statistic'] - centre) / spread:.2f} such spreads above" in text
    for said in (text, ClosestSource.describe(learned), *(c.label for c in learned.tables["models"].columns)):
        assert "robust deviation" not in said


def test_counts_are_consistent_and_worded_in_their_number() -> None:
    answers = speakers(8, 40)
    prompts = list(answers["S"])
    del answers["P"][prompts[0]]
    del answers["C01"][prompts[1]]
    finding = compare(listed(answers))
    text = " ".join(ClosestSource.narrate(finding).sentences)
    assert "Of 40 prompts that the suspect answered, the protected model answered 39 too" in text
    assert "and 38 of them every control too: 38 are compared, and 2 were lost in matching" in text
    table = finding.tables["prompts"]
    counted = {row[0]: row[2:] for row in table.rows}
    assert counted["C01"] == (38, 1)
    assert counted["C02"] == (39, 0)
    assert "every protected model answered" in table.columns[2].label


def test_a_rank_that_no_control_moves_stays(learned: Finding) -> None:
    assert "removed, the rank stays 1 and p_model" in " ".join(ClosestSource.narrate(learned).sentences)


def test_findings_without_newer_values_are_still_narrated(learned: Finding) -> None:
    older = {key: value for key, value in learned.values.items() if key != "n_prompts_both"}
    assert ClosestSource.narrate(replace(learned, values=older)).rung == 2


def warned(answers: Mapping[str, Any], facts: Mapping[str, Facts], **more: Any) -> str:
    made = corpora(answers, facts)
    controls = tuple(c for n, c in made.items() if n not in "SP")
    return "\n".join(compare(Listed(Question(made["S"], "P", (made["P"],), controls, **more), answers)).warnings)


def test_controls_of_the_protected_maker_or_related_to_the_suspect_are_named() -> None:
    facts = {
        "P": Facts(developer="Aurelia", base="Ocean-7B"),
        "S": Facts(developer="Marlin", base="River-7B", group=("diary",)),
        "C01": Facts(developer="aurelia"),
        "C02": Facts(base="river-7b"),
        "C03": Facts(group=("other", "diary")),
        "C04": Facts(base="S"),
    }
    text = warned(speakers(8, 35), facts)
    assert "made by the protected model's maker (Aurelia): C01; " in text
    assert "related to the suspect: C02 (base river-7b), C03 (group diary), C04 (built on it); " in text
    assert "suspect's base" not in text
    assert "shares its base" not in text


@pytest.mark.parametrize(
    ("base", "facts", "words"),
    [
        ("hub/p-HF", Facts(), "base, hub/p-HF, is the protected model itself (P)"),
        ("Aurelia-P", Facts(developer="Aurelia"), "is the protected model itself (P)"),
        ("Ocean-7B", Facts(base="ocean-7b"), "shares its base, Ocean-7B, with P: similarity may come from the base."),
        ("Ocean-7B", Facts(family="ocean-7b"), "is the protected model itself (P)"),
        ("River-7B", Facts(base="Ocean-7B"), ""),
    ],
)
def test_a_base_that_explains_similarity_is_named(base: str, facts: Facts, words: str) -> None:
    text = warned(speakers(6, 35), {"S": Facts(base=base), "P": facts})
    assert words in text
    assert ("similarity may come from the base" in text) is bool(words)


def test_what_the_examiner_chose_by_hand_is_said() -> None:
    answers = speakers(10, 35)
    made = corpora(answers)
    made["S"] = replace(made["S"], role=Role.SUSPECT, facts=Facts(released="2025"))
    made["P"] = replace(made["P"], role=Role.PROTECTED)
    question = choose(
        list(made.values()),
        controls=[f"C{n:02d}" for n in range(1, 8)],
        exclude={"C07": "its answers were cut"},
    )
    text = "\n".join(compare(Listed(question, answers)).warnings)
    assert "The examiner named the controls: 6 are compared; 3 other corpora of the case were left out" in text
    assert "Left out by the examiner: C07 (its answers were cut)." in text
    plain = "\n".join(compare(listed(answers)).warnings)
    assert "examiner" not in plain


def test_long_lists_of_names_are_cut() -> None:
    facts = {n: Facts(developer="Aurelia") for n in ("P", *(f"C{k:02d}" for k in range(1, 9)))}
    assert "(Aurelia): C01, C02, C03, C04, C05 and 3 more; " in warned(speakers(8, 35), facts)


def test_unknown_dates_are_worded_in_their_number() -> None:
    text = warned(speakers(6, 35), {}, undated=("S", "P"))
    assert "The release dates of S, P are unknown" in text


def test_odd_controls_are_named_with_their_values() -> None:
    answers = speakers(12, 40)
    answers["C01"] = {p: [" ".join([*texts, *answers["P"][p]])] for p, texts in answers["C01"].items()}
    finding = compare(listed(answers))
    value = next(c["statistic"] for c in finding.values["controls"] if c["model"] == "C01")
    said = next(w for w in finding.warnings if "come from the protected side" in w)
    assert f"C01 ({value:.2f} points, " in said
    assert "3.5 scaled MADs above the controls' median closeness (median " in said
    assert "robust deviation" not in "\n".join(finding.warnings)


@pytest.mark.parametrize(
    "analysis", [a for a in ANALYSES if a.key not in ("canaries", "combined", "same_endpoint")], ids=lambda a: a.key
)
@pytest.mark.parametrize("dots", [150, pytest.param(600, marks=pytest.mark.slow)])
def test_long_names_stay_on_the_page(analysis: type[Analysis], dots: int) -> None:
    """A chart is laid out once; a raster of 150 dots an inch and a vector image, about one of 600, must hold it."""
    name = "TempNet-LLaMA2-Chat-13B-v0.1-and-some-more-words"
    answers = {name if n == "S" else n: texts for n, texts in speakers(20).items()}
    figure = Figure(figsize=(7.2, 4.8))
    canvas = FigureCanvasAgg(figure)
    analysis.draw(analysis().run(with_documents(answers, name, bases=["C01"]), 1, silent), figure)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    figure.set_dpi(dots)
    beside = [text for axes in figure.axes for text in axes.get_yticklabels() if text.get_text()]
    assert beside
    for text in beside:
        assert text.get_window_extent(canvas.get_renderer()).x0 > 0


def test_the_legend_lies_beside_the_rows(learned: Finding) -> None:
    figure = Figure()
    canvas = FigureCanvasAgg(figure)
    ClosestSource.draw(learned, figure)
    canvas.draw()
    rows = figure.axes[0].get_window_extent(canvas.get_renderer())
    assert not figure.legends[0].get_window_extent(canvas.get_renderer()).overlaps(rows)
