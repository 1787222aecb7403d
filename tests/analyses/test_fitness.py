"""`fitness`: what it counts, and what it makes of the counts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.analyses.listed import Listed, listed, speakers
from workbench.analyses.fitness.analysis import Fitness
from workbench.analyses.fitness.compute import script
from workbench.analyses.fitness.examination import _COUNTS
from workbench.analyses.fitness.narrative import sentences
from workbench.analyses.fitness.values import ExaminationTotals, ExaminationValues
from workbench.core.model import Finding
from workbench.core.progress import silent


def judge(selection: Listed, **given: float) -> Finding:
    return Fitness(given).run(selection, 1, silent)


def row(finding: Finding, name: str) -> dict[str, object]:
    table = finding.tables["corpora"]
    names = [column.name for column in table.columns]
    return next(dict(zip(names, cells, strict=True)) for cells in table.rows if cells[0] == name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("plain", "Latin"),
        ("naïve café", "Latin"),
        ("Привет, OK", "Cyrillic"),
        ("你好 OK 世界", "Cjk"),
        ("12 + 3", "none"),
        ("25 °C", "Latin"),
        ("25 °", "none"),
        ("1º, 3 µ, \U0001d465 \u2126™", "none"),
        ("ｶﾀ カタカナ", "Katakana"),
        ("", "none"),
    ],
)
def test_scripts(text: str, name: str) -> None:
    assert script(text) == name


def test_sound_material_is_fit() -> None:
    finding = judge(listed(speakers(20)))
    assert finding.values["verdict"] == "fit"
    assert finding.values["n_fit"] == 22
    assert finding.values["decoding_settings"] == "not recorded"
    assert "not recorded" in " ".join(Fitness.narrate(finding).sentences)


def test_counts_of_one_corpus() -> None:
    answers = speakers(20, 40)
    prompts = list(answers["C01"])
    changed = {prompt: ["Sorry, no."] for prompt in prompts[:10]}
    changed |= {prompt: ["x"] for prompt in prompts[10:15]}
    changed |= {prompt: [f"{prompt} That is what you asked, number {prompt[-10:]} it"] for prompt in prompts[15:20]}
    answers["C01"] |= changed
    answers["C01"].pop(prompts[-1])
    found = row(judge(listed(answers)), "C01")
    assert found["answers"] == 39
    assert found["shared"] == 39
    assert found["repeated"] == 15
    assert found["near_empty"] == 5
    assert found["cut"] == 5
    assert found["quoting"] == 5
    assert found["coverage"] == 39 / 40
    assert found["verdict"] == "doubtful"
    assert "one text for several prompts" in str(found["reasons"])


def test_quoting_counts_long_prompts_only() -> None:
    long = "Please explain at some length the history of the bicycle in Europe."
    answers = {m: {**by, long: [f"{long} Well."], "Hi": ["Hi there."]} for m, by in speakers(6).items()}
    assert row(judge(listed(answers)), "C01")["quoting"] == 1


def test_signs_and_numbers_are_no_other_script() -> None:
    answers = speakers(20)
    answers["C01"] = {prompt: ["25 ° ± 3 µ"] for prompt in answers["C01"]}
    assert "another script" not in str(row(judge(listed(answers)), "C01")["reasons"])


def test_another_script_and_another_length_are_doubtful() -> None:
    answers = speakers(20)
    answers["C01"] = {prompt: ["你好世界。" * 5] for prompt in answers["C01"]}
    answers["C02"] = {prompt: [" ".join(samples * 5)] for prompt, samples in answers["C02"].items()}
    finding = judge(listed(answers))
    assert "another script" in str(row(finding, "C01")["reasons"])
    assert "length differs" in str(row(finding, "C02")["reasons"])
    assert row(finding, "C01")["verdict"] == "unfit"
    assert finding.values["verdict"] == "fit"


def test_copies_of_the_suspect_are_named() -> None:
    answers = speakers(20)
    answers["C05"] = dict(answers["S"])
    finding = judge(listed(answers))
    assert row(finding, "C05")["same_text"] == 40
    assert any("C05" in warning for warning in finding.warnings)


@pytest.mark.parametrize(
    ("controls", "prompts", "verdict", "reason"),
    [
        (3, 40, "unfit", "usable controls"),
        (20, 20, "unfit", "suspect"),
        (10, 40, "doubtful", "fewer than 19"),
    ],
)
def test_verdicts_over_all(controls: int, prompts: int, verdict: str, reason: str) -> None:
    finding = judge(listed(speakers(controls, prompts)))
    assert finding.values["verdict"] == verdict
    assert reason in "; ".join(finding.values["reasons"])
    assert verdict in Fitness.narrate(finding).headline


def test_thresholds_are_parameters() -> None:
    assert judge(listed(speakers(20, 20)), min_prompts=10).values["verdict"] == "fit"


def test_no_control_at_all() -> None:
    answers = {name: by for name, by in speakers(5).items() if name in "SP"}
    assert judge(listed(answers)).values["verdict"] == "unfit"


def test_question_and_dates_in_words() -> None:
    finding = judge(listed(speakers(6), undated=("S", "P")))
    assert finding.question == (
        "Is the material fit to answer the question “Is S closer to P than unrelated models are?”"
    )
    assert any("The release dates of S, P are unknown" in warning for warning in finding.warnings)
    one = judge(listed(speakers(6), undated=("S",)))
    assert any("The release date of S is unknown" in warning for warning in one.warnings)


def examined(languages: dict[str, int], **totals: int | None) -> str:
    """The sentence on an examination in which nothing but these totals was counted."""
    counts: dict[str, Any] = dict.fromkeys(_COUNTS, 0) | {"answers": 993} | totals
    (sentence,) = sentences(ExaminationValues("examined", ExaminationTotals(**counts), (), languages))
    return sentence


def test_no_language_is_left_out_in_silence() -> None:
    found = {"en": 900, "de": 50, "fr": 20, "es": 9, "it": 8, "pt": 2, "unknown": 2, "la": 1, "none": 1}
    said = examined(found)
    assert said.endswith("Languages: en 900, de 50, fr 20, es 9, it 8, unknown 2, none 1 and 3 more in 2 languages.")
    assert examined({"en": 993}).endswith("Languages: en 993.")


def test_cut_answers_by_their_records_and_by_their_looks_are_counted_apart() -> None:
    said = examined({}, truncated=3, looks_cut=14)
    assert "3 were cut as their records say, 14 others look cut, 0 are empty" in said
    assert "3 look cut, 0 are empty" in examined({}, truncated=3, looks_cut=None)
