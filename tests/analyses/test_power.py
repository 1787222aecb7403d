"""`power`: a plant is what replacing the texts would give; smallest shares; scenarios; what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from tests.analyses import reference
from tests.analyses.listed import Listed, listed, speakers
from workbench.analyses.power.analysis import Power
from workbench.analyses.power.compute import Kernel, of_every_seat, smallest
from workbench.analyses.scoring.independent import most
from workbench.analyses.scoring.partial_correlation import kernels, score, usable
from workbench.core.errors import WorkbenchError
from workbench.core.model import Finding, LeftOut, LeftOutKind
from workbench.core.progress import silent
from workbench.core.statistics.fitted_calibration import ANY, Calibration, used_in
from workbench.core.statistics.unseen_panel import log10_lrs


class Uncalibrated(Listed):
    """A Selection without a calibration."""

    def calibration(self) -> Calibration:
        """None is at hand."""
        raise WorkbenchError("The calibration is missing.")


def powered(chosen: Listed, **given: Any) -> Finding:
    return Power({"draws": 2, **given}).run(chosen, 1, silent)


def family(controls: int = 9) -> Listed:
    """P and a second member P2 that says most of what P says."""
    answers = dict(speakers(controls, 35, learned=0.0))
    answers["P2"] = {prompt: [texts[0] + " And so on."] for prompt, texts in answers["P"].items()}
    return listed(answers, protected=["P", "P2"])


@pytest.fixture(scope="module")
def single() -> Finding:
    return powered(listed(speakers(20, 35, learned=0.0)))


def curve(finding: Finding, name: str, scenario: str) -> list[float]:
    table = finding.tables["curve"]
    return [v for kind, v in zip(table.column("scenario"), table.column(name), strict=True) if kind == scenario]


def test_a_plant_is_what_replacing_the_texts_would_give() -> None:
    answers = speakers(6, 31, missing=0.02)
    chosen = listed(answers)
    found = chosen.similarities()
    names = list(found.models)
    # Prompts that all answered, as `power` has them after matching.
    rows = np.flatnonzero(found.present.all(axis=1))
    planted = np.zeros((1, len(rows)))
    planted[0, ::3] = 1.0
    changed = {name: dict(texts) for name, texts in answers.items()}
    for row in rows[::3]:
        changed["C02"][found.prompts[row]] = answers["P"][found.prompts[row]]
    anew = listed(changed).similarities()
    weights = np.zeros(len(found.prompts))
    weights[rows] = 1.0
    expected = kernels(anew, weights)
    got = Kernel(found, rows, names).planted(names.index("C02"), names.index("P"), planted)[0]
    np.testing.assert_allclose(got, expected, atol=1e-6)
    assert np.abs(expected - kernels(found, weights)).max() > 0.05


def test_nothing_planted_is_the_control_as_it_is() -> None:
    chosen = listed(speakers(8, 35, learned=0.0))
    finding = powered(chosen)
    found = chosen.similarities()
    kernel, names = kernels(found), list(found.models)
    weighing = chosen.calibration().questions[ANY]
    rows = [row for row in finding.tables["controls"].rows if row[2] == 0.0]
    assert len(rows) == 8
    for _, name, _, mean, _ in rows:
        others = [at for at, other in enumerate(names) if other not in ("S", "P", name)]
        places = [names.index(name), names.index("P"), *others]
        scored = score(kernel[:, places][:, :, places], np.array(35.0), usable(found))
        lr = float(log10_lrs(scored.design(), np.array([weighing.weights]))[0])
        assert mean == pytest.approx(min(max(lr, weighing.low), weighing.high, most(len(others))), abs=1e-5)


def test_each_seat_has_the_partial_correlation_of_the_score_s_definition() -> None:
    draw = np.random.default_rng(3)
    made = draw.normal(size=(7, 9, 40)) + draw.normal(size=(7, 1, 40))
    made /= np.linalg.norm(made, axis=-1, keepdims=True)
    kernel = made @ made.swapaxes(-1, -2)
    expected = []
    for view in reference.STYLE:
        level = reference.level_of(kernel[view][2:, 2:])
        # All others are given, whoever sits in the suspect's place; the member is the second model.
        expected.append(reference.correlations(kernel[view], 1) - level / (1 + 7 * level))
    assert of_every_seat(kernel[None])[0] == pytest.approx(np.median(expected, axis=0), abs=1e-9)


def test_more_that_is_planted_is_found_more_often(single: Finding) -> None:
    first = curve(single, "first", "own")
    assert first[0] <= 0.1
    assert first[-1] == 1.0
    lrs = curve(single, "mean_log10_lr", "own")
    assert lrs == sorted(lrs)
    assert curve(single, "plants", "own")[0] == 40
    values = single.values
    assert [one["kind"] for one in values["scenarios"]] == ["own"]
    assert values["criterion"] == "lr"
    eighty, half = values["smallest"]["80"], values["smallest"]["50"]
    assert 0 < half["share"] <= eighty["share"] <= 1
    assert eighty["interval"][0] <= eighty["share"] <= eighty["interval"][1]
    assert any("the very answers that are compared with" in warning for warning in single.warnings)


def test_what_is_said_of_it(single: Finding) -> None:
    narrative = Power.narrate(single)
    assert narrative.rung == 0
    assert "would be found in 80 % of cases if it did so for" in narrative.headline
    said = " ".join(narrative.sentences)
    assert "not a share of training data" in said
    assert "exonerates nobody: paraphrase defeats" in said
    used = used_in(single)
    assert used is not None
    assert used[0] == single.parameters["calibration"]


def test_a_bound_beyond_the_calibration_s_cap_is_never_reached() -> None:
    finding = powered(listed(speakers(8, 35, learned=0.0)), bound=3.0)
    assert finding.values["smallest"]["50"]["share"] is None
    assert "would not be found in 80 % of cases (not even half of the time" in Power.narrate(finding).headline
    assert any("can't be reached, whatever is planted" in warning for warning in finding.warnings)


def test_a_second_member_of_the_family_is_planted_and_kept_out() -> None:
    finding = powered(family())
    kin, own = finding.values["scenarios"]
    assert (kin["kind"], own["kind"]) == ("kin", "own")
    assert kin["source"] == own["source"]
    assert kin["source"] not in kin["members"]
    assert sorted(own["members"]) == ["P", "P2"]
    assert np.mean(curve(finding, "mean_log10_lr", "kin")) < np.mean(curve(finding, "mean_log10_lr", "own"))
    Power.draw(finding, Figure())


def test_a_member_that_the_date_gate_left_out_stands_for_a_second_sample() -> None:
    chosen = family()
    old, young = chosen.question.protected
    late = LeftOut(young.name, LeftOutKind.YOUNGER, "2025-01, after the suspect")
    chosen.question = replace(chosen.question, protected=(old,), left_out=(late,))
    finding = powered(chosen)
    kin = finding.values["scenarios"][0]
    assert (kin["kind"], kin["source"], kin["members"]) == ("kin", "P2", ["P"])
    assert any("younger than the suspect" in warning for warning in finding.warnings)


def test_without_a_calibration_the_place_counts() -> None:
    made = listed(speakers(8, 35, learned=0.0))
    finding = powered(Uncalibrated(made.question, made.texts))
    assert finding.values["criterion"] == "first"
    assert finding.values["calibration"] is None
    assert not finding.resources
    assert any("The calibration is missing" in warning for warning in finding.warnings)
    assert "found: before every control)" in Power.narrate(finding).headline
    assert "mean log10 LR" not in Power.describe(finding)
    Power.draw(finding, Figure())


def test_smallest_shares() -> None:
    shares = np.array([0.0, 0.1, 0.2, 0.4])
    rates = np.array(
        [
            [0.0, 0.5, 1.0, 1.0],
            [0.0, 0.9, 0.6, 1.0],
            [0.0, 0.0, 0.0, 0.7],
            [0.9, 0.9, 0.9, 0.9],
            [0.0, 0.0, 0.0, 0.8],
        ]
    )
    # Crossed twice: what counts is the share from which on it stays above. Not even all: infinite.
    np.testing.assert_allclose(smallest(shares, rates, 0.8), [0.16, 0.3, np.inf, 0.0, 0.4])


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (lambda: listed(speakers(5, 35)), "at least 6"),
        (lambda: listed(speakers(8, 12)), "at least 30"),
        (lambda: listed(speakers(7, 35) | {"C01": {}, "C02": {}}), "5 controls"),
    ],
)
def test_refusals_in_words(chosen: Callable[[], Listed], words: str) -> None:
    assert words in str(Power().refuse(chosen()))
