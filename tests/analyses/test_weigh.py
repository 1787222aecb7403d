"""`weigh` against independent computations, drawn models of known truth, and its own rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from tests.analyses.calibrations import WIDE, Drawn, drawn, made_up
from workbench.analyses.scoring.calibration_fit import estimates
from workbench.analyses.scoring.likelihood_ratios import Cosines, log10_lrs, replicated, weights_of
from workbench.analyses.scoring.panel_cases import TruthPanel, whole
from workbench.analyses.scoring.partial_correlation import kernels
from workbench.analyses.scoring.seats import Seat, bench
from workbench.analyses.scoring.similarity import COMPUTED
from workbench.analyses.weigh.analysis import Weigh
from workbench.core.hashing import canonical
from workbench.core.model import Facts, Finding, SourceModel, table_from_json
from workbench.core.number_format import times
from workbench.core.progress import silent
from workbench.core.statistics import verbal_scale
from workbench.core.statistics.fitted_calibration import ANY, QUESTIONS, Calibration, calibration_file, used_in

QUICK = {"replicates": 300}


def fixed() -> Calibration:
    """A calibration whose weights are not drawn again."""
    return made_up(questions={key: replace(one, replicates=()) for key, one in made_up().questions.items()})


def weighed(selection: Drawn) -> Finding:
    return Weigh(QUICK).run(selection, 5, silent)


def test_fast_replicates_see_the_same_cosines() -> None:
    selection = drawn(6, 20)
    found = selection.found
    found.values["layout"][3, 2] = found.values["layout"][3, :, 2] = 0.0
    own = bench(found, "S", set(found.models))
    seat = Seat(1, (0,), (2, 3, 4, 5, 6, 7))
    got = replicated(own, [seat], fixed(), 3, 4, silent)
    assert np.isfinite(got).all()
    weights = np.random.default_rng(0).integers(0, 3, size=(2, 20)).astype(float)
    upper = np.triu_indices(8, 1)
    fast = np.stack([Cosines.of(found, name, upper).means(weights, 8, upper) for name in COMPUTED], axis=1)
    assert fast == pytest.approx(kernels(found, weights), abs=1e-9)


def test_a_planted_source_is_found_and_its_parts_agree() -> None:
    finding = weighed(drawn(learned={"S": 0.8}))
    values = finding.values
    # Ten times: of 20 controls without a rival no more can be said.
    assert values["log10_lr"] == values["cap"][1] == 1.0
    assert values["n_controls_independent"] == 20
    assert values["log10_lr_uncapped"] > 1.4
    assert values["interval_uncapped"][0] < values["log10_lr_uncapped"] < values["interval_uncapped"][1]
    assert values["n_controls_at_least_as_high"] == 0
    assert set(values["questions"]) == set(QUESTIONS)
    members = finding.tables["members"]
    assert members.column(ANY) == [pytest.approx(values["log10_lr_uncapped"])]
    said = Weigh.narrate(finding)
    assert said.rung == 2
    assert said.headline.startswith(Weigh.page(finding, {}).sentence)
    assert said.headline == (
        "These answers are about 10 times more probable if P is a source of S than if it is not. This is not the "
        "probability that S was trained on P. 10 is the ceiling, not a measurement. "
        "“Is a source” is H1, “is not” is H2."
    )
    assert "weak support for H1 over H2" in said.sentences[0]


def test_what_the_controls_bear_grows_with_those_that_are_no_relatives() -> None:
    """Of 16 controls ten are of one group: they count once, and of the 7 that are left no more than 8 times is said."""
    kin = {f"C{number:02d}": Facts(released="2024", group=("one tree",)) for number in range(1, 11)}
    free, bound = (weighed(drawn(16, learned={"S": 0.8}, facts=facts)).values for facts in ({}, kin))
    assert free["log10_lr_uncapped"] == bound["log10_lr_uncapped"]
    assert (free["n_controls_independent"], bound["n_controls_independent"]) == (16, 7)
    assert free["log10_lr"] == 1.0
    assert bound["log10_lr"] == pytest.approx(np.log10(8))


def test_without_training_an_lr_above_1_is_rare_and_the_placebo_rank_is_even() -> None:
    """Type I: exchangeable models. The suspect's rank among its own placebos is uniform, whatever the weights are."""
    lrs, ranks = [], []
    calibration = fixed()
    for seed in range(60):
        selection = drawn(9, 40, seed=seed, chosen=calibration)
        own = bench(selection.found, "S", set(selection.found.models))
        weights = weights_of(calibration)
        others = set(range(11)) - {1}
        found = [log10_lrs(own, Seat(1, (p,), tuple(others - {p})), weights)[0] for p in sorted(others)]
        lrs.append(found[0])
        ranks.append(sum(value >= found[0] for value in found))
    assert np.mean(np.array(lrs) > 1) == 0
    assert np.mean(np.array(lrs) > 0) < 0.35
    # 10 equally probable ranks: the mean of 60 has a standard deviation of 0.37 around 5.5.
    assert abs(np.mean(ranks) - 5.5) < 1.5


def test_interval_covers_what_other_prompts_and_controls_would_have_given() -> None:
    """A wide interval where there are few prompts and controls, a narrower one where there are many."""
    few, many = (weighed(drawn(*sizes, learned={"S": 0.3})) for sizes in ((8, 30), (30, 150)))
    width = [f.values["interval_uncapped"][1] - f.values["interval_uncapped"][0] for f in (few, many)]
    assert width[0] > width[1] > 0


def test_a_control_that_learned_from_the_protected_is_named_and_kept() -> None:
    plain, spoilt = (weighed(drawn(learned=learned)) for learned in ({"S": 0.5}, {"S": 0.5, "C03": 1.2}))
    assert plain.values["named_controls"] == []
    assert spoilt.values["named_controls"] == ["C03"]
    assert "C03" in spoilt.tables["controls"].column("model")
    assert spoilt.values["log10_lr_without_named"] >= spoilt.values["log10_lr"]
    assert any("C03" in warning for warning in spoilt.warnings)
    young = {"P": Facts(released="2023-06"), "C03": Facts(released="2023-01"), "S": Facts(released="2024")}
    assert weighed(drawn(learned={"C03": 1.2}, facts=young)).values["named_controls"] == []


def test_leave_one_out_is_the_lr_without_that_control() -> None:
    selection = drawn(8, learned={"S": 0.3})
    table = weighed(selection).tables["controls"]
    gone = table.column("model")[0]
    question = selection.question
    fewer = replace(question, controls=tuple(c for c in question.controls if c.name != gone))
    again = weighed(replace(selection, question=fewer)).values["log10_lr_uncapped"]
    assert table.column("without")[0] == pytest.approx(again)
    changes = [abs(change) for change in table.column("change")]
    assert changes == sorted(changes, reverse=True)


@pytest.mark.parametrize(
    ("key", "ends", "words"),
    [
        ("controls", (30, 60), "number of controls: 20 (the panels cover 30 to 60)"),
        ("prompts", (100, 800), "prompts answered by both sides: 60 (the panels cover 100 to 800)"),
        ("tokens", (1, 50), "median tokens of an answer of S: 100 (the panels cover 1 to 50)"),
        ("level", (0.9, 1), "mean cosine between controls"),
        ("released", (2022.0, 2023.5), "release of S: 2024-07 (the panels cover 2022-01 to 2023-07)"),
    ],
)
def test_outside_the_envelope_every_statement_says_so(key: str, ends: tuple[float, float], words: str) -> None:
    calibration = made_up(envelope={**WIDE, key: ends})
    finding = weighed(drawn(learned={"S": 0.8}, chosen=calibration))
    assert any(words in reason for reason in finding.values["envelope"])
    said = Weigh.narrate(finding)
    assert said.rung == 0
    assert said.headline.startswith("Outside what was tested: these answers are")
    assert words in said.sentences[0]
    assert Weigh.describe(finding).startswith("Outside the validated envelope.")
    for sentence in said.sentences:
        if "times more probable" in sentence:
            assert "outside the validated envelope" in sentence
    assert words in " ".join(finding.tables["envelope"].column("said"))


def test_unknown_dates_are_said_and_are_no_reason() -> None:
    calibration = made_up(envelope={**WIDE, "released": (2022.0, 2023.0)})
    facts = {"S": Facts(), "P": Facts(released="2022-06")}
    finding = weighed(drawn(facts=facts, chosen=calibration))
    assert finding.values["envelope"] == []
    assert any("unknown: release of S" in warning for warning in finding.warnings)


def test_what_cannot_be_computed_is_refused_in_words() -> None:
    assert "needs at least 5" in (Weigh().refuse(drawn(4)) or "")
    assert "fewer than 30 prompts" in (Weigh().refuse(drawn(8, 29)) or "")
    other = Weigh().refuse(drawn(8, chosen=made_up(score_version=99))) or ""
    assert "version 99 of the score" in other
    assert "workbench calibrate" in other


def test_a_finding_rebuilds_the_file_of_its_calibration() -> None:
    calibration = made_up()
    finding = weighed(drawn(8, chosen=calibration))
    stored = json.loads(canonical(finding.as_json(tables=True)))
    tables = {name: table_from_json(table) for name, table in stored["tables"].items()}
    again = replace(finding, values=stored["values"], tables=tables, resources=stored["resources"])
    assert used_in(again) == (calibration.sha256, calibration.bytes())
    assert finding.parameters["calibration"] == calibration.sha256
    spoilt = {**stored["values"]["calibration"], "made": "2026-01-03"}
    with pytest.raises(ValueError, match="not those of the calibration"):
        calibration_file(spoilt, tables["calibration"])


@pytest.mark.parametrize(
    ("log10_lr", "words", "label"),
    [
        (0.0, "about equally probable", "no support"),
        (0.3, "about 2 times more probable", "no support"),
        (0.31, "about 2 times more probable", "weak support for H1 over H2"),
        (-0.54, "about 3.5 times less probable", "weak support for H2 over H1"),
        (1.0, "about 10 times more probable", "weak support for H1 over H2"),
        (1.1, "about 13 times more probable", "moderate support for H1 over H2"),
        (2.0, "about 100 times more probable", "moderate support for H1 over H2"),
        (2.01, "about 100 times more probable", "moderately strong support for H1 over H2"),
        (400.0, "times more probable", "extremely strong support for H1 over H2"),
    ],
)
def test_numbers_and_labels(log10_lr: float, words: str, label: str) -> None:
    assert words in times(log10_lr)
    assert verbal_scale.in_words(log10_lr).startswith(label)


def test_the_lr_is_the_one_that_validation_gives_the_pair() -> None:
    """The same similarities, facts and weights: `validate` and `weigh` agree on every pair of a panel."""
    facts: Mapping[str, Facts] = {
        "P": Facts(released="2023", family="p"),
        "S": Facts(released="2024", sources=(SourceModel("P", "distilled"),)),
    }
    selection = drawn(12, learned={"S": 0.4}, facts=facts)
    every = {c.name: c.facts for c in (selection.question.suspect, *selection.question.pool)}
    case = whole(TruthPanel("m", "0" * 64, every, selection.found), silent)
    (pair,) = estimates(case.pairs, {key: one.weights for key, one in selection.chosen.questions.items()})
    values = weighed(selection).values
    for key in QUESTIONS:
        assert values["questions"][key]["log10_lr_uncapped"] == pytest.approx(pair.log10_lrs[key])
