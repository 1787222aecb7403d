"""What every analysis must keep: one suite over all ANALYSES."""

from __future__ import annotations

import functools
import importlib
import inspect
import io
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import workbench.analyses
from tests.analyses.listed import Listed, listed, repeated, speakers, with_documents
from workbench.analyses import ANALYSES
from workbench.analyses.base import Analysis
from workbench.analyses.closest_source.analysis import ClosestSource
from workbench.analyses.scoring.plot_figure import paint
from workbench.core.errors import UsageError
from workbench.core.evidence_kinds import KINDS
from workbench.core.finding_page import MOST_WORDS, Part, words_in
from workbench.core.hashing import canonical
from workbench.core.model import Finding, finding_from_json, table_from_json
from workbench.core.params import declared
from workbench.core.progress import silent
from workbench.core.selection import Selection, StatedFinding

every = pytest.mark.parametrize("analysis", ANALYSES, ids=lambda a: a.key)


@pytest.fixture(scope="module")
def material() -> Listed:
    """A suspect that learned, its base, and twenty controls of which some lack answers; one finding was made before."""
    return with_a_finding(with_documents(repeated(speakers(21, missing=0.005)), bases=["C21"]))


@pytest.fixture(scope="module")
def made(material: Listed) -> Callable[[type[Analysis[Any]]], Finding]:
    """The finding of an analysis on the material with seed 1, made once."""
    return functools.cache(lambda analysis: analysis().run(material, 1, silent))


def with_a_finding(selection: Listed) -> Listed:
    """The same after one finding was made, so that an opinion can be formed."""
    before = ClosestSource().run(selection, 1, silent)
    page = ClosestSource.page(before, {})
    selection.made.append(StatedFinding(1, "0" * 64, before.analysis, True, 2, page))
    return selection


def svg(analysis: type[Analysis[Any]], finding: Finding) -> bytes:
    """The chart as bytes."""
    figure, stream = Figure(), io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "workbench"}):
        analysis.draw(finding, figure)
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()


def test_every_analysis_folder_is_listed() -> None:
    found = set()
    for module in pkgutil.walk_packages(workbench.analyses.__path__, "workbench.analyses."):
        loaded = importlib.import_module(module.name)
        for _, owner in inspect.getmembers(loaded, inspect.isclass):
            if issubclass(owner, Analysis) and owner is not Analysis:
                found.add(owner)
    assert found == set(ANALYSES)
    assert len({a.key for a in ANALYSES}) == len(ANALYSES)


def test_declarations_need_no_heavy_library() -> None:
    heavy = "{'numpy', 'scipy', 'sklearn', 'matplotlib', 'joblib'}"
    code = f"import sys, workbench.analyses; print(sorted({heavy} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


@every
def test_declaration(analysis: type[Analysis[Any]]) -> None:
    assert analysis.limits
    assert analysis.references
    assert analysis.__doc__
    assert analysis.__doc__.splitlines()[0].endswith("?")
    configured = analysis()
    for name, parameter in declared(analysis).items():
        assert parameter.check(name, parameter.default) == configured.values[name]
        assert parameter.help
    with pytest.raises(UsageError):
        analysis({"no such parameter": 1})


@every
def test_same_seed_same_finding_and_it_survives_json(
    analysis: type[Analysis[Any]], material: Listed, made: Callable[[type[Analysis[Any]]], Finding]
) -> None:
    assert analysis().refuse(material) is None
    first, second = made(analysis), analysis().run(material, 1, silent)
    assert canonical(first.as_json(tables=True)) == canonical(second.as_json(tables=True))
    stored = json.loads(canonical(first.as_json(tables=True)))
    tables = {name: table_from_json(table) for name, table in stored["tables"].items()}
    again = finding_from_json(stored, tables)
    assert analysis.narrate(again) == analysis.narrate(first)
    assert analysis.describe(again) == analysis.describe(first)
    assert svg(analysis, again) == svg(analysis, first)
    assert analysis.chart_table in first.tables
    assert first.seed == "1"


def test_words_and_charts_read_values_through_their_types() -> None:
    """Plain JSON is turned into typed values at the door; no sentence and no mark reads it by a key."""
    folder = Path(workbench.analyses.__file__).parent
    modules = [path for name in ("narrative", "chart") for path in sorted(folder.glob(f"*/{name}.py"))]
    assert len(modules) == 2 * len(ANALYSES)
    for path in modules:
        text = path.read_text("utf-8")
        assert not re.search(r"\b(Json|Any)\b", text), path.name
        assert all(
            re.search(r"read\(\w+, finding\.values\)", line) for line in text.splitlines() if "finding.values" in line
        )


@every
def test_narration_keeps_to_what_may_be_said(
    analysis: type[Analysis[Any]], made: Callable[[type[Analysis[Any]]], Finding]
) -> None:
    finding = made(analysis)
    narrative = analysis.narrate(finding)
    text = " ".join([narrative.headline, *narrative.sentences, *narrative.limits, analysis.describe(finding)]).lower()
    for forbidden in ("was distilled", "fingerprint", "certain", "proves", "intent", "breach", "a match"):
        assert forbidden not in text
    assert narrative.rung <= {"did": 3, "canaries": 4, "training_set": 4, "exposure": 5, "keyed_signal": 5}.get(
        analysis.key, 2
    )
    assert narrative.limits == analysis.limits
    assert not set(finding.warnings) & set(narrative.sentences), "whoever shows a Finding shows its warnings apart"


@every
def test_its_page_answers_in_a_sentence_with_a_picture_and_what_speaks_against_it(
    analysis: type[Analysis[Any]], made: Callable[[type[Analysis[Any]]], Finding]
) -> None:
    finding = made(analysis)
    page = analysis.page(finding, {})
    assert words_in(page.sentence) <= MOST_WORDS, page.sentence
    assert page.sentence.endswith(".")
    assert (page.picture.description if page.picture else analysis.describe(finding)).endswith(".")
    assert page.question.endswith("?")
    if not analysis.opinion:
        assert page.steady
        assert page.against
        assert page.change
    assert page.part is not Part.DIRECT or analysis.key in KINDS, "whoever adds evidence says what it rests on"
    told = [page.sentence, page.brief, page.not_said, page.seen, *page.steady, *page.against, *page.change]
    told += [words for row in page.explanations for words in (row.done, row.result)]
    for forbidden in ("was distilled", "fingerprint", "certain", "proves", "intent", "breach", "a match"):
        assert forbidden not in " ".join(told).lower()
    assert page.mapped(str.upper).answer == page.answer.upper()


@pytest.fixture(scope="module")
def odd_names() -> Listed:
    """Models with names that no font or formula expects."""
    odd = {"S": "S$x^2$", "P": "保护\u202e模型", "C01": "a_b$c$ \u0007" + "x" * 300}
    answers = {odd.get(name, name): texts for name, texts in speakers(8).items()}
    return with_a_finding(with_documents(repeated(answers, odd["S"]), odd["S"], odd["P"], bases=["C08"]))


@every
def test_names_that_no_font_or_formula_expects(analysis: type[Analysis[Any]], odd_names: Listed) -> None:
    finding = analysis().run(odd_names, 1, silent)
    assert svg(analysis, finding).startswith(b"<?xml")


@every
def test_a_run_gathers_its_material_once_its_progress_stays_within_bounds_and_cancel_is_heard(
    analysis: type[Analysis[Any]], material: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    gather, gathered = analysis.gather, []

    def counted(self: Analysis[Any], selection: Selection) -> Any:
        gathered.append(selection)
        return gather(self, selection)

    seen: list[float] = []
    with monkeypatch.context() as counting:
        counting.setattr(analysis, "gather", counted)
        analysis().run(material, 1, lambda fraction, note="": seen.append(fraction))
    assert [one for one in gathered if one is material] == [material]
    assert seen == sorted(seen)
    assert seen[0] >= 0
    assert seen[-1] == 1
    # The first, the last and two between: each stop runs the analysis again up to there.
    for stop in sorted({*range(1, len(seen), max(1, len(seen) // 3)), len(seen)}):
        calls: list[float] = []
        with pytest.raises(InterruptedError):
            analysis().run(material, 1, _stopping(calls, stop))
        assert len(calls) == stop


def _stopping(calls: list[float], stop: int) -> Callable[..., None]:
    def report(fraction: float, note: str = "") -> None:
        calls.append(fraction)
        if len(calls) == stop:
            raise InterruptedError

    return report


def _with(change: Callable[[str, str, str], list[str] | None], controls: int = 9, prompts: int = 35) -> Listed:
    """Invented speakers with every answer replaced by what `change(model, prompt, text)` gives."""
    changed: dict[str, dict[str, list[str]]] = {}
    for name, texts in speakers(controls, prompts).items():
        kept = {prompt: change(name, prompt, samples[0]) for prompt, samples in texts.items()}
        changed[name] = {prompt: samples for prompt, samples in kept.items() if samples is not None}
    return listed(changed, bases=["C09"] if controls > 8 else [])


DEGENERATE: dict[str, Callable[[], Listed]] = {
    "no answers at all": lambda: _with(lambda m, p, t: None),
    "no prompt in common": lambda: _with(
        lambda m, p, t: [t] if (int(p.split()[5][:-1]) % 2 == 0) == (m == "S") else None
    ),
    "suspect without answers": lambda: _with(lambda m, p, t: None if m == "S" else [t]),
    "all answers empty": lambda: _with(lambda m, p, t: [""]),
    "suspect empty": lambda: _with(lambda m, p, t: [" \n" if m == "S" else t]),
    "all answers alike": lambda: _with(lambda m, p, t: ["The same."]),
    "one text a model": lambda: _with(lambda m, p, t: [f"{m} says."]),
    "one word answers": lambda: _with(lambda m, p, t: [t.split()[0]]),
    "only punctuation": lambda: _with(lambda m, p, t: ["..." if len(t) % 2 else "!"]),
    "suspect is the protected": lambda: _with(lambda m, p, t: [p + " indeed."] if m in "SP" else [t]),
    "a control is the protected": lambda: _with(lambda m, p, t: [p + " indeed."] if m in ("C01", "P") else [t]),
    "no spaces": lambda: _with(lambda m, p, t: ["".join(chr(0x4E00 + ord(c)) for c in t)]),
    "several samples": lambda: _with(lambda m, p, t: [t, t[::-1], t.upper()]),
    "control characters": lambda: _with(lambda m, p, t: ["\x00\x07\u202e\u200b" + t + "\ufeff"]),
    "one control": lambda: _with(lambda m, p, t: [t], controls=1),
    "three prompts": lambda: _with(lambda m, p, t: [t], prompts=3),
    "a thin control": lambda: _with(lambda m, p, t: [t] if m != "C01" or "1" in p else None),
    "one endless answer": lambda: _with(lambda m, p, t: [t * 3000 if m == "S" and " 7," in p else t], prompts=31),
}


DAILY = {"no answers at all", "all answers alike", "several samples", "one endless answer"}
"""The kinds that broke most; the others are tried with `--slow`."""


@every
@pytest.mark.parametrize(
    "make",
    [pytest.param(make, id=name, marks=() if name in DAILY else pytest.mark.slow) for name, make in DEGENERATE.items()],
)
def test_degenerate_material_is_refused_or_gives_finite_numbers(
    analysis: type[Analysis[Any]], make: Callable[[], Listed]
) -> None:
    selection = make()
    configured = analysis()
    reason = configured.refuse(selection)
    if reason is not None:
        assert reason.endswith(".")
        return
    finding = configured.run(selection, 1, silent)
    json.dumps(finding.as_json(tables=True), allow_nan=False)
    canonical(finding.as_json(tables=True))
    assert analysis.narrate(finding).headline
    assert analysis.describe(finding)
    assert words_in(analysis.page(finding, {}).sentence) <= MOST_WORDS + 10
    assert svg(analysis, finding)


@every
def test_what_is_read_of_a_finding_is_whole(analysis: type[Analysis[Any]], material: Listed) -> None:
    """A page shows each with question, answer and pictures."""
    finding = analysis().run(material, 7, silent)
    reading = analysis.read(finding, analysis.narrate(finding).headline)
    assert reading is not None
    assert reading.asks.endswith("?")
    assert 2 <= len(reading.answer.split()) <= 14
    plots = [reading.sketch, *(view.plot for view in reading.views), *([reading.check.plot] if reading.check else [])]
    for plot in plots:
        low, high = plot.axis.low, plot.axis.high
        assert plot.description
        assert all(low <= mark.x <= high for mark in plot.marks)
        rows = len(plot.rows)
        assert plot.second or all(-1 <= mark.y < rows for mark in plot.marks)
    assert reading.views[0].plot.table.rows


PAINTED = {
    "verbatim": "scores",
    "canaries": "ranks",
    "exposure": "rarity",
    "same_endpoint": "distances",
    "keyed_signal": "marks",
    "training_set": "shares",
    "campaign": "synchrony",
}
"""The analyses whose chart in the pack is the picture of the desk, each with the key of that picture."""


@pytest.mark.parametrize("key", PAINTED)
def test_both_painters_show_the_same_marks(key: str, material: Listed) -> None:
    (analysis,) = (a for a in ANALYSES if a.key == key)
    finding = analysis().run(material, 7, silent)
    reading = analysis.read(finding, analysis.narrate(finding).headline)
    assert reading is not None
    plot = reading.views[0].plot
    assert plot.key == PAINTED[key]
    assert plot.marks
    figure = Figure()
    painted = paint(plot, figure)
    assert [mark for mark, _, _ in painted] == list(plot.marks)
    (axes,) = figure.axes
    drawn = {(float(x), float(y)) for line in axes.lines for x, y in zip(*line.get_data(), strict=True)}
    drawn |= {
        (bar.get_x() + bar.get_width(), bar.get_y() + bar.get_height() / 2)
        for bar in axes.patches
        if isinstance(bar, Rectangle)
    }
    foot, top = sorted(axes.get_ylim())
    for mark, x, y in painted:
        assert x == mark.x
        assert foot <= y <= top
        assert any(abs(x - a) < 1e-9 and abs(y - b) < 1e-9 for a, b in drawn if isinstance(a, float)), mark.name
    alone = Figure()
    analysis.draw(finding, alone)
    assert [len(ax.lines) for ax in alone.axes] == [len(axes.lines)]
