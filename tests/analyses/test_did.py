"""`did`: known answers, placebos on equal terms, versions, refusals, warnings, and real answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from tests.analyses.listed import Listed, listed, speakers
from tests.analyses.simulated import selection, vectors
from workbench.analyses.did.analysis import Did
from workbench.analyses.did.compute import against_others, gather
from workbench.analyses.scoring.similarity import VIEWS
from workbench.core.errors import RefusedError
from workbench.core.model import Facts, Finding, Role, SourceModel
from workbench.core.progress import silent
from workbench.core.selection import choose

FEW: Mapping[str, Any] = {"flips": 199, "replicates": 300}


def differ(chosen: Listed, **given: Any) -> Finding:
    return Did({**FEW, **given}).run(chosen, 1, silent)


def with_a_base(documented: bool = True, learned: float = 0.6, **facts: Facts) -> Listed:
    """A suspect that is said to be built on C21, by a manifest or by the examiner."""
    chosen = listed(
        speakers(21, learned=learned), bases=["C21"], facts={"S": Facts(base="C21", released="2024"), **facts}
    )
    suspect = replace(chosen.question.suspect, documented=documented)
    chosen.question = replace(chosen.question, suspect=suspect)
    return chosen


@pytest.fixture(scope="module")
def learned() -> Finding:
    return differ(with_a_base())


def test_a_suspect_that_learned_gained_more_than_any_placebo(learned: Finding) -> None:
    values = learned.values
    assert (values["kind"], values["baseline"], values["role"]) == ("baseline", ["C21"], "base")
    assert (values["rank"], values["n_seats"]) == (1, 21)
    assert values["p_model"] == pytest.approx(1 / 21)
    assert values["p_prompts"] == pytest.approx(1 / 200)
    assert values["interval"][0] > values["largest_placebo_statistic"]
    assert values["interval"][0] <= values["statistic"] <= values["interval"][1]
    assert learned.tables["models"].rows[0][1:3] == ("P", "protected")
    narrative = Did.narrate(learned)
    assert narrative.rung == 3
    assert narrative.headline.startswith("On 40 matched prompts, S is closer to P than its base C21 is, by more than")


def test_no_rung_above_1_rests_on_a_base_that_the_examiner_alone_names() -> None:
    finding = differ(with_a_base(documented=False))
    assert finding.values["rank"] == 1
    assert finding.values["unbacked"] == ["C21"]
    assert Did.narrate(finding).rung == 1
    assert any("A base or sibling on the examiner's word alone" in words for words in finding.warnings)


def test_a_base_that_its_texts_bear_out_needs_no_manifest() -> None:
    texts = speakers(21)
    own = {prompt: answer.split(". ") for prompt, (answer,) in texts["S"].items()}
    texts["C21"] = {prompt: [". ".join(parts[: -(-len(parts) // 2)])] for prompt, parts in own.items()}
    finding = differ(listed(texts, bases=["C21"]))
    assert finding.values["unbacked"] == []


def test_a_base_that_the_facts_of_the_case_contradict_is_no_baseline() -> None:
    with pytest.raises(RefusedError, match="contradict it: S is built on wrack, and it on kelp"):
        differ(with_a_base(S=Facts(base="wrack"), C21=Facts(base="kelp")))


def test_rung_3_asks_that_the_first_place_holds_when_prompts_are_drawn_again(learned: Finding) -> None:
    assert learned.values["share_of_replicates_first"] == 1
    shaky = replace(learned, values={**learned.values, "share_of_replicates_first": 0.94})
    assert (Did.narrate(learned).rung, Did.narrate(shaky).rung) == (3, 1)


def test_a_suspect_that_did_not_learn_reaches_no_rung() -> None:
    finding = differ(listed(speakers(21, learned=0.0), bases=["C21"]))
    assert finding.values["rank"] > 1
    narrative = Did.narrate(finding)
    assert narrative.rung == 0
    assert "is not set apart from its base C21" in narrative.headline


def test_the_statistic_against_plain_loops() -> None:
    chosen = listed(speakers(7, 35), bases=["C07"])
    finding = differ(chosen)
    found = chosen.similarities()
    at = {name: place for place, name in enumerate(found.models)}
    controls = [f"C{n:02d}" for n in range(1, 7)]

    def plain(real: str, others: list[str]) -> float:
        total = []
        for prompt in range(len(found.prompts)):
            by_view = []
            for view in (found.values[name] for name in VIEWS):
                one = view[prompt].astype(float)
                changes = {name: one[at["S"], at[name]] - one[at["C07"], at[name]] for name in [real, *others]}
                by_view.append(changes[real] - np.mean([changes[name] for name in others]))
            total.append(np.mean(by_view))
        return 100 * float(np.mean(total))

    assert finding.values["statistic"] == pytest.approx(plain("P", controls), abs=1e-6)
    stated = {row[1]: row[3] for row in finding.tables["models"].rows}
    placebo = plain("C03", ["P", *(name for name in controls if name != "C03")])
    assert stated["C03"] == pytest.approx(placebo, abs=1e-6)


def test_whoever_is_called_protected_has_the_same_number() -> None:
    """The seats are scored alike, so that among exchangeable models p_model is exactly uniform."""
    answers = speakers(9, 35, learned=0.3)
    seats = [name for name in answers if name not in ("S", "C09")]
    ps, found = [], []
    for name in seats:
        finding = differ(listed(answers, protected=[name], bases=["C09"]))
        found.append({row[1]: row[3] for row in finding.tables["models"].rows})
        ps.append(finding.values["p_model"])
    for numbers in found:
        assert numbers == pytest.approx(found[0], rel=1e-6, abs=1e-6)
    assert sorted(ps) == pytest.approx([n / len(seats) for n in range(1, len(seats) + 1)])


def test_the_headline_states_the_baseline_that_says_least() -> None:
    """A sibling that learned as much as the suspect leaves nothing to be seen."""
    answers = dict(speakers(12, 35))
    twin = speakers(12, 35, seed=1, learned=0.9)["S"]
    answers["twin"] = twin
    chosen = listed(answers, bases=["C12", "twin"])
    finding = differ(chosen)
    assert finding.values["baseline"] == ["twin"]
    assert finding.values["rank"] > 1
    assert [one["rank"] for one in finding.values["contrasts"] if one["baseline"] == ["C12"]] == [1]
    alone = differ(chosen, baseline="C12")
    assert alone.values["baseline"] == ["C12"]
    assert alone.values["rank"] == 1
    assert len(alone.values["contrasts"]) == 1


def _versions(lean: float) -> Listed:
    """P as the older version, and B as the newer, to which the suspect leans."""
    made = vectors(24, 40, 3, 5)
    made[:, 0] = (1 - abs(lean)) * made[:, 0] + abs(lean) * made[:, 2 if lean > 0 else 1]
    chosen = selection(made)
    at = {c.name: c for c in (chosen.question.suspect, *chosen.question.protected, *chosen.question.others)}
    old = replace(at["P"], facts=Facts(released="2023-03", family="F"))
    new = replace(at["B"], facts=Facts(released="2023-09", family="F"), role=Role.PROTECTED)
    chosen.question = replace(chosen.question, protected_name="F", protected=(old, new), others=())
    return chosen


@pytest.mark.parametrize(("lean", "side"), [(0.5, "B"), (-0.5, "P")])
def test_versions_are_told_apart_both_ways(lean: float, side: str) -> None:
    finding = differ(_versions(lean))
    values = finding.values
    assert (values["kind"], values["baseline"], values["older"]) == ("versions", ["B"], ["P"])
    assert np.sign(values["statistic"]) == np.sign(lean)
    assert values["rank"] == 1
    assert values["p_prompts"] == pytest.approx(1 / 200)
    narrative = Did.narrate(finding)
    assert f"leans to {side} more than the controls" in narrative.headline
    assert narrative.rung == 1
    assert "leaning to B rather than P" in Did.describe(finding)
    Did.draw(finding, Figure())


def test_versions_of_one_date_or_of_dates_that_overlap_are_not_contrasted() -> None:
    chosen = _versions(0.0)
    for released in ("2023-03", "2023", None):
        old, new = chosen.question.protected
        new = replace(new, facts=Facts(released=released, family="F"))
        chosen.question = replace(chosen.question, protected=(old, new))
        assert "no two versions" in str(Did().refuse(chosen))


@pytest.mark.parametrize(
    ("chosen", "given", "words"),
    [
        (lambda: listed(speakers(8, 35)), {}, "`workbench set CASE CORPUS --role base --reason WHY`"),
        (lambda: listed(speakers(8, 35), bases=["C08"]), {"baseline": "C01"}, "“C01” has neither the role base"),
        (lambda: listed(speakers(5, 35), bases=["C05"]), {}, "needs at least 5"),
        (lambda: listed(speakers(8, 12), bases=["C08"]), {}, "at least 30"),
        (lambda: listed(speakers(8, 35), bases=["S"]), {}, "S: it is the suspect"),
    ],
)
def test_refusals_in_words(chosen: Callable[[], Listed], given: Mapping[str, Any], words: str) -> None:
    made = chosen()
    reason = Did(given).refuse(made)
    assert reason is not None
    assert words in reason
    with pytest.raises(RefusedError):
        Did(given).run(made, 1, silent)


def test_warnings_name_what_takes_from_the_difference() -> None:
    base = Facts(released="2025", sources=(SourceModel("P", "distilled"),), group=("kin",))
    facts = {"S": Facts(released="2024"), "C08": base, "C01": Facts(released="2024", group=("kin",))}
    said = " ".join(differ(listed(speakers(8, 35), bases=["C08"], facts=facts)).warnings)
    assert "C08 is itself documented to come from P" in said
    assert "C08 (2025) came out after the suspect (2024)" in said
    assert "Controls that are related to C08: C01;" in said
    assert "7 controls to serve as placebos" in said


def test_a_base_that_does_not_chat_is_named_and_keeps_the_finding_from_rung_3() -> None:
    answers = speakers(21)
    answers["C21"] = {prompt: [f"{n} " * 6 + "zq " * 9] for n, prompt in enumerate(answers["C21"])}
    finding = differ(listed(answers, bases=["C21"]))
    assert finding.values["strange"] == ["C21"]
    assert any("was not taught to chat" in warning for warning in finding.warnings)
    assert finding.values["rank"] == 1
    assert Did.narrate(finding).rung == 1


def test_what_is_missing_takes_no_part() -> None:
    values = np.array([[1.0, 2.0, 3.0], [1.0, np.nan, 3.0], [1.0, np.nan, np.nan]])
    expected = [[-1.5, 0.0, 1.5], [-2.0, np.nan, 2.0], [np.nan, np.nan, np.nan]]
    np.testing.assert_allclose(against_others(values), expected)


def test_a_baseline_among_the_controls_is_no_control() -> None:
    chosen = listed(speakers(8, 35), bases=["C08"])
    chosen.question = replace(chosen.question, controls=(*chosen.question.controls, *chosen.question.others))
    material = gather(chosen, 0.8, "")
    assert "C08" not in [c.name for c in material.question.controls]


@pytest.mark.slow
@pytest.mark.panel
def test_real_answers(shared: Path, tmp_path: Path) -> None:
    """A suspect derived from the protected model beats every placebo; a teacherless one does not."""
    from tests.benchmarks.closest_source_panel import PanelSelection, read

    answered = read(shared / "panel" / "panel.json")
    ranks = []
    for suspect, family, base in (
        ("TempNet-LLaMA2-Chat-13B-v0.1", "llama-2-chat", "tulu-2-dpo-70b"),
        ("guanaco-65b", "claude", "humpback-llama-65b"),
    ):
        made = [replace(c, role=Role.SIBLING) if c.name == base else c for c in answered.corpora()]
        question = choose(made, suspect=suspect, protected=f"family:{family}")
        chosen = PanelSelection(question, answered, tmp_path, 2)
        ranks.append(Did(FEW).run(chosen, 1, silent).values["rank"])
    assert ranks[0] == 1
    assert ranks[1] > 3
