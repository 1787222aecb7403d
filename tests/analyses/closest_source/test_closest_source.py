"""`closest_source`: fairness of the seats, known answers, warnings, and real answers."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from matplotlib.figure import Figure

from tests.analyses.listed import Listed, corpora, listed, speakers
from workbench.analyses.closest_source.analysis import ClosestSource
from workbench.analyses.closest_source.compute import gather
from workbench.analyses.scoring.robust_z_scores import fused, sides, view_pair, without_each_control
from workbench.analyses.scoring.similarity import VIEWS
from workbench.core.errors import RefusedError
from workbench.core.model import Finding
from workbench.core.progress import silent
from workbench.core.selection import Question, choose


def compare(selection: Listed, **given: float) -> Finding:
    return ClosestSource({"replicates": 300, **given}).run(selection, 1, silent)


def by_model(finding: Finding) -> dict[str, float]:
    return {row[1]: row[3] for row in finding.tables["models"].rows}


@pytest.fixture(scope="module")
def learned() -> Finding:
    return compare(listed(speakers(20)))


def test_a_suspect_that_learned_comes_first(learned: Finding) -> None:
    values = learned.values
    assert values["rank"] == 1
    assert values["p_model"] == pytest.approx(1 / 21)
    assert learned.tables["members"].column("statistic") == [values["statistic"]]
    assert [c["model"] for c in values["controls"]] == [f"C{n:02d}" for n in range(1, 21)]
    for item in (values, *values["controls"]):
        assert item["interval"][0] <= item["statistic"] <= item["interval"][1]
    narrative = ClosestSource.narrate(learned)
    assert narrative.rung == 2
    assert narrative.headline == (
        "On 40 matched prompts, S is closer to P than all 20 controls are (rank 1 of 21, p_model 0.048)."
    )
    assert any("not the probability" in sentence for sentence in narrative.sentences)


def test_a_suspect_that_did_not_learn_reaches_no_rung() -> None:
    finding = compare(listed(speakers(20, learned=0.0)))
    assert finding.values["rank"] > 1
    narrative = ClosestSource.narrate(finding)
    assert finding.values["p_model"] > 0.05
    assert "not closer" in narrative.headline
    assert narrative.rung == 0


def test_every_model_takes_the_suspects_seat_on_equal_terms() -> None:
    """Whoever is called the suspect, the same models get the same statistics: p_model is exactly uniform."""
    answers = speakers(9, 35, learned=0.3)
    seats = [name for name in answers if name != "P"]
    found, ps = [], []
    for name in seats:
        finding = compare(listed(answers, suspect=name))
        found.append(by_model(finding))
        ps.append(finding.values["p_model"])
    for statistics in found:
        assert statistics == pytest.approx(found[0], rel=1e-9)
    assert sorted(ps) == pytest.approx([n / len(seats) for n in range(1, len(seats) + 1)])


def test_the_order_of_controls_changes_nothing() -> None:
    answers = speakers(12, 35)
    made = corpora(answers)
    names = [n for n in answers if n not in "SP"]
    results = []
    for seed in (1, 2):
        random.Random(seed).shuffle(names)
        question = Question(made["S"], "P", (made["P"],), tuple(made[n] for n in names))
        finding = compare(Listed(question, answers))
        results.append((by_model(finding), finding.values["interval"], finding.values["p_model"]))
    assert results[0][0] == pytest.approx(results[1][0], rel=1e-9)
    assert results[0][1] == pytest.approx(results[1][1], rel=1e-9)
    assert results[0][2] == results[1][2]


def test_an_unrelated_corpus_in_the_case_changes_nothing() -> None:
    answers = speakers(10, 35)
    plain = compare(listed(answers))
    more = {"Z": {prompt: ["Zebra " * n + "."] for n, prompt in enumerate(answers["S"], 1)}, **answers}
    made = corpora(more)
    question = Question(made["S"], "P", (made["P"],), tuple(made[n] for n in answers if n not in "SP"))
    assert by_model(compare(Listed(question, more))) == by_model(plain)


def naive(similar: dict[tuple[str, str], list[float]], seats: list[str], protected: str) -> dict[str, float]:
    """Both sides' robust z-scores by plain loops over mean similarities."""
    mean = {pair: sum(values) / len(values) for pair, values in similar.items()}
    result = {}
    for seat in seats:
        others = [name for name in seats if name != seat]
        total = 0.0
        for references in ([mean[seat, c] for c in others], [mean[c, protected] for c in others]):
            centre = median(references)
            spread = 1.4826 * median(abs(r - centre) for r in references)
            total += (mean[seat, protected] - centre) / spread
        result[seat] = total / 2
    return result


def vectors_of(block: np.ndarray) -> np.ndarray:
    """Vectors whose inner products are a block's similarities."""
    values, axes = np.linalg.eigh(block)
    return axes * np.sqrt(np.maximum(values, 0))


def test_statistics_against_plain_loops() -> None:
    """Every view and its twin, from the similarities, by dictionaries and by vectors whose mean is removed."""
    selection = listed(speakers(8, 33, missing=0.01))
    found = selection.similarities()
    seats = ["S", *(c.name for c in selection.question.controls)]
    at = [found.models.index(name) for name in (*seats, "P")]
    rows = [p for p in range(len(found.prompts)) if found.present[p, at].all()]
    names = [*seats, "P"]
    total: dict[str, float] = dict.fromkeys(seats, 0.0)
    for view in (found.values[name] for name in VIEWS):
        plain: dict[tuple[str, str], list[float]] = {}
        twin: dict[tuple[str, str], list[float]] = {}
        for p in rows:
            block = view[p][np.ix_(at, at)].astype(float)
            there = [n for n in range(len(names)) if block[n, n] > 0]
            vectors = vectors_of(block)
            centre = np.mean([vectors[n] for n in there if n < len(seats)], axis=0)
            for a in there:
                for b in there:
                    plain.setdefault((names[a], names[b]), []).append(block[a, b])
                    u, v = vectors[a] - centre, vectors[b] - centre
                    twin.setdefault((names[a], names[b]), []).append(float(u @ v / math.sqrt((u @ u) * (v @ v))))
        for similar in (plain, twin):
            for name, value in naive(similar, seats, "P").items():
                total[name] += value
    expected = {name: value / (2 * len(VIEWS)) for name, value in total.items()}
    finding = compare(selection)
    assert finding.tables["views"].column("left_out") == [""] * 12
    assert by_model(finding) == pytest.approx(expected, rel=1e-6)


def test_leaving_one_control_out_is_running_without_it() -> None:
    """With the consensus held: the plain views of a run without the control agree."""
    selection = listed(speakers(8, 33))
    found = selection.similarities()
    places = np.array([found.models.index(n) for n in ("S", *(f"C{k:02d}" for k in range(1, 9)), "P")])
    rows = np.arange(len(found.prompts))
    whole = view_pair("words", found.values["words"], rows, places, 9)[0]
    less = view_pair("words", found.values["words"], rows, np.delete(places, 3), 8)[0]
    table = without_each_control([whole])
    expected = fused([sides(less, np.ones(len(rows)))]).max(axis=0)
    assert np.delete(table[2], 3) == pytest.approx(expected)
    assert table[2, 3] == -np.inf


def test_statistic_of_a_family_is_its_largest_for_everybody() -> None:
    answers = speakers(8, 35)
    answers["P2"] = {prompt: [f"Entirely other {n} words, {prompt}"] for n, prompt in enumerate(answers["P"])}
    finding = compare(listed(answers, protected=["P", "P2"]))
    assert set(finding.values["members"]) == {"P", "P2"}
    assert finding.values["statistic"] == max(finding.tables["members"].column("statistic"))


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (lambda: listed(speakers(4)), "at least 5"),
        (lambda: listed(speakers(8, 29)), "at least 30"),
        (lambda: listed({m: {f"{m} {p}": t for p, t in by.items()} for m, by in speakers(6).items()}), "in common"),
        (lambda: listed({m: {p: ["Yes."] for p in by} for m, by in speakers(6).items()}), "no spread"),
    ],
)
def test_refusals_in_words(selection: Callable[[], Listed], words: str) -> None:
    material = selection()
    reason = ClosestSource().refuse(material)
    assert reason is not None
    assert words in reason
    with pytest.raises(RefusedError, match=words):
        compare(material)


def test_a_control_that_lacks_prompts_is_left_out_with_the_reason() -> None:
    answers = speakers(8, 40)
    answers["C03"] = dict(list(answers["C03"].items())[:20])
    finding = compare(listed(answers))
    assert [item.corpus for item in finding.left_out] == ["C03"]
    assert "20 of 40" in finding.left_out[0].reason
    assert finding.values["n_prompts"] == 40
    assert "C03" not in [i.corpus for i in finding.inputs]
    reason = ClosestSource({"min_coverage": 0.5}).refuse(listed(answers))
    assert reason is not None
    assert "Only 20 prompts" in reason


def test_warnings_name_what_is_odd() -> None:
    answers = speakers(8, 35)
    for name, side in (("C01", "P"), ("C02", "S")):  # One that answers so everywhere is no control at all.
        answers[name] = {**answers[name], **dict(sorted(answers[side].items())[:20])}
    finding = compare(listed(answers, undated=("S",), despite_date="dates were mistyped"))
    text = "\n".join(finding.warnings)
    assert "There are 8 controls" in text
    assert "control C01 answers word for word like a protected model" in text
    assert "control C02 answers word for word like the suspect" in text
    assert "release date of S is unknown" in text
    assert "dates were mistyped" in text
    copied = speakers(8, 35)
    copied["S"] = dict(copied["P"])
    assert "relaying or copying" in "\n".join(compare(listed(copied)).warnings)


def test_a_view_that_says_nothing_is_named_and_left_out() -> None:
    """No ending is natural here, so the endings compare nothing."""
    answers = {
        m: {p: [t[0].rstrip(".!").replace(".", " ").replace("!", " ")] for p, t in by.items()}
        for m, by in speakers(8, 35).items()
    }
    finding = compare(listed(answers))
    assert "endings" not in finding.values["views"]
    assert "Views of the text that say nothing here: endings" in " ".join(ClosestSource.narrate(finding).sentences)


def test_the_chart_of_many_models_keeps_the_suspect() -> None:
    finding = compare(listed(speakers(75, 31, learned=0.0)))
    figure = Figure()
    ClosestSource.draw(finding, figure)
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert len(labels) <= 70
    assert "suspect: S" in labels
    assert "not drawn" in figure.axes[0].get_xlabel()


def test_material_is_matched_on_prompts_that_all_answered() -> None:
    selection = listed(speakers(8, 40, missing=0.02))
    material = gather(selection, 0.8)
    found = selection.similarities()
    assert found.present[np.ix_(material.matched.rows, material.places)].all()


@pytest.mark.panel
def test_real_answers(shared: Path, tmp_path: Path) -> None:
    """Three documented students come before every control; a teacherless model comes nowhere near."""
    from tests.benchmarks.closest_source_panel import PanelSelection, read

    answered = read(shared / "panel" / "panel.json")
    made, kept = answered.corpora(), []
    for suspect, family in (
        ("alpaca-farm-ppo-sim-gpt4-20k", "davinci"),
        ("TempNet-LLaMA2-Chat-13B-v0.1", "llama-2-chat"),
        ("gpt4_0613_verbose", "gpt-4"),
        ("guanaco-65b", "claude"),
    ):
        question = choose(made, suspect=suspect, protected=f"family:{family}")
        selection = PanelSelection(question, answered, tmp_path, 2, kept)
        values = ClosestSource().run(selection, 1, silent).values
        if suspect == "guanaco-65b":
            assert values["p_model"] > 0.1
        else:
            assert values["rank"] == 1
            assert values["p_model"] == 1 / (1 + values["n_independent"]) < 0.05
