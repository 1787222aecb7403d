"""`source_search` on drawn models: the right family first, siblings said, ties said, and none as an answer."""

from __future__ import annotations

import numpy as np

from tests.analyses.calibrations import Drawn, drawn, made_up
from workbench.analyses.source_search.analysis import SourceSearch
from workbench.core.model import Facts, Finding, SourceModel
from workbench.core.progress import silent

QUICK = {"replicates": 100}
FAMILIES = {
    "P": Facts(developer="Alpha", released="2023", family="p"),
    "C01": Facts(developer="Alpha", released="2023", family="p-small"),
    "C02": Facts(developer="Beta", released="2023", family="b"),
    "C03": Facts(developer="Gamma", released="2025", family="late"),
    "S": Facts(developer="Delta", released="2024"),
}


def searched(selection: Drawn) -> Finding:
    return SourceSearch(QUICK).run(selection, 5, silent)


def test_the_source_comes_first_and_its_copy_is_a_tie() -> None:
    selection = drawn(15, learned={"S": 0.8}, facts=FAMILIES)
    finding = searched(selection)
    values = finding.values
    assert values["answer"] == values["leader"] == "P"
    assert values["candidates"][0]["family"] == "P"
    assert {one["family"] for one in values["candidates"]} == {"P", "p-small", "b"}
    assert values["not_compared"] == [{"family": "late", "reason": "every member came out after the suspect"}]
    assert any("C03" in warning for warning in finding.warnings)
    said = SourceSearch.narrate(finding)
    assert said.rung == 1
    assert said.headline.startswith(
        "Of 3 families, P stands out: these answers are about 10 times more probable if it is a source of S."
    )
    assert "were looked at" in " ".join(said.sentences)


def test_siblings_that_cannot_be_told_apart_are_named() -> None:
    """C01 is nearly a second sample of P, so that nothing can separate the two; B is no rival."""
    selection = drawn(15, learned={"S": 1.0}, facts=FAMILIES)
    for values in selection.found.values.values():
        # What S learned from P it shares with C01 alike: both get the mean of the two.
        mean = (values[:, 0] + values[:, 2]) / 2
        values[:, 0], values[:, 2] = mean, mean
        values[:, :, 0], values[:, :, 2] = mean, mean
        values[:, [0, 2], [0, 2]] = 1.0
        values[:, 0, 2] = values[:, 2, 0] = 0.5
    values = searched(selection).values
    assert values["leader"] in ("P", "p-small")
    other = {"P": "p-small", "p-small": "P"}[values["leader"]]
    assert other in values["tied_with_leader"]
    assert {"family": other, "why": "can't be told apart, same developer"} in values["could_also_be"]
    assert all(one["family"] != "b" for one in values["could_also_be"])


def test_none_of_the_candidates_is_an_answer() -> None:
    said = []
    for seed in range(6):
        finding = searched(drawn(15, facts=FAMILIES, seed=seed))
        if finding.values["answer"] is None:
            said.append(SourceSearch.narrate(finding))
    assert len(said) >= 4
    assert said[0].rung == 0
    assert said[0].headline.startswith("Of 3 families in the case, none stands out as a source of S.")


def test_documented_descendants_of_a_candidate_are_not_its_controls() -> None:
    facts = FAMILIES | {"C04": Facts(released="2024", sources=(SourceModel("P", "distilled"),))}
    values = searched(drawn(15, facts=facts)).values
    counts = {one["family"]: one["n_controls"] for one in values["candidates"]}
    assert counts == {"P": 14, "p-small": 15, "b": 15}


def test_lrs_are_those_of_weigh() -> None:
    from workbench.analyses.weigh.analysis import Weigh

    selection = drawn(15, learned={"S": 0.4}, facts=FAMILIES)
    weighed = Weigh(QUICK).run(selection, 5, silent).values
    found = next(one for one in searched(selection).values["candidates"] if one["family"] == "P")
    assert np.isclose(found["log10_lr_uncapped"], weighed["log10_lr_uncapped"])


def test_outside_the_envelope_is_marked() -> None:
    calibration = made_up()
    narrow = {**calibration.envelope, "tokens": (1.0, 50.0)}
    finding = searched(drawn(15, facts=FAMILIES, chosen=made_up(envelope=narrow)))
    assert finding.values["envelope"]
    assert SourceSearch.narrate(finding).headline.startswith("Outside what was tested: of 3 families")


def test_refused_without_candidates() -> None:
    assert "at least 5 controls" in (SourceSearch().refuse(drawn(4)) or "")
    assert "fewer than 30 prompts" in (SourceSearch().refuse(drawn(8, 20)) or "")
    assert "version 99" in (SourceSearch().refuse(drawn(8, chosen=made_up(score_version=99))) or "")
