"""Overlap with a calibration's panel is judged by shares of answers: neither a dropped nor an added answer hides it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.analyses.listed import listed, speakers
from workbench.analyses.scoring import overlap
from workbench.analyses.scoring.overlap import KEPT, LEAST, hashed, overlaps, packed, shared, sketch
from workbench.analyses.weigh.analysis import Weigh
from workbench.core.progress import silent
from workbench.core.resources import resource
from workbench.core.statistics.fitted_calibration import read_calibration

ANSWERS = [(f"{at:064x}", f"This is the answer to question number {at}, and it is long enough.") for at in range(400)]


def test_a_dropped_answer_an_added_one_and_white_space_hide_nothing() -> None:
    kept = sketch(ANSWERS)
    assert shared(kept, hashed(ANSWERS)) == 1
    changed = [(prompt, f"  {text}\n") for prompt, text in [*ANSWERS[1:], ("f" * 64, "Another answer " * 9)]]
    assert shared(kept, hashed(changed)) >= 23 / 24
    assert shared(kept, hashed(ANSWERS[:200])) == pytest.approx(0.5, abs=0.3)
    for words in ("{} Or so.", "Well. {}", "{}!!", "“{}”"):
        changed = [(prompt, words.format(text).replace(" ", "  ").upper()) for prompt, text in ANSWERS]
        assert shared(kept, hashed(changed)) > 0.3
    assert shared(kept, hashed([(prompt, f"{text[:30]} or so {text[30:]}") for prompt, text in ANSWERS])) == 0


def test_short_answers_and_the_same_words_to_another_prompt_are_no_overlap() -> None:
    assert hashed([("a", "x" * (LEAST - 1))]) == set()
    assert shared(sketch(ANSWERS), hashed([("0" * 64 + prompt, text) for prompt, text in ANSWERS])) == 0
    assert shared("", hashed(ANSWERS)) == 0


def test_every_panel_of_the_shipped_calibration_has_its_sketches() -> None:
    stored = json.loads(resource("panel_sketches.json").read_bytes())
    panels = {panel["sha256"]: panel["models"] for panel in read_calibration(resource("calibration.json")).panels}
    assert {digest: len(sketches) for digest, sketches in stored.items()} == panels


def test_an_overlap_keeps_a_weight_off_every_rung(monkeypatch: pytest.MonkeyPatch) -> None:
    made = listed(speakers(24, 40))
    texts = [(a.prompt, a.text) for a in made.answers(made.question.suspect)]
    panel = made.calibration().panels[0]
    file = packed({panel["sha256"]: [sketch(texts), sketch(ANSWERS)]})
    assert overlaps(made, made.calibration()) == ()
    monkeypatch.setattr(overlap, "_shipped", lambda: json.loads(file))
    made.texts = {**made.texts, "S": dict(list(made.texts["S"].items())[1:])}
    finding = Weigh().run(made, 1, silent)
    assert finding.values["overlap"] == [{"panel": panel["name"], "share": pytest.approx(1, abs=1 / KEPT)}]
    assert any("that S gave, too (about " in words for words in finding.warnings)
    inside = replace(finding, values={**finding.values, "envelope": [], "overlap": []})
    overlapped = replace(finding, values={**finding.values, "envelope": []})
    assert Weigh.narrate(overlapped).rung == 0
    assert Weigh.narrate(inside).rung > 0
