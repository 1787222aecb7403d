"""The validation report: the same bytes, the same text in both forms, every misleading pair by name."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import pikepdf
import pytest

from tests.core.statistics.scored_pairs import pair, panel
from workbench.core.statistics.validation_figures import ScoredPair, figures
from workbench.core.statistics.validation_result import ValidationResult, Variant, misleading
from workbench.evidence.report.document import Grid
from workbench.evidence.validation.figure_format import figure, number, share
from workbench.evidence.validation.report import HTML, PDF, files_of
from workbench.evidence.validation.tables import failures_grid, kind_of, marks_of, none_seen_grid, ratio

CHARTS = ("scores", "tippett", "calibration", "cross_entropy")
HOSTILE = '<script>alert(1)</script> $x^2$ #raw("x") =1+1 left\u202eright nul\x00 模型 ' + "m" * 300


def result(pairs: list[ScoredPair], **told: Any) -> ValidationResult:
    """What a run over these pairs would hand over."""
    plain = ValidationResult(
        panel="Invented panel",
        panel_sha256="ab" * 32,
        calibration="group left out",
        calibration_sha256="cd" * 32,
        mode="loo",
        date="2026-03-01T12:00:00+00:00",
        examiner="A. Examiner",
        seed=7,
        replicates=60,
        pairs=tuple(pairs),
        figures=figures(pairs, 7, 60),
        teacherless=frozenset({"suspect-00"}),
        material=(("Models", "35"),),
        makers=(
            Variant("Orakel", figures(pairs, 7, 20)["all"]),
            Variant("Nobody", None, "no related pair of this maker"),
        ),
        ablation=(Variant("without layout", figures(pairs, 7, 20)["all"]),),
        envelope=(("Controls", "12 to 60"),),
        warnings=("One file had no date.",),
        limits=("All sources have one maker.",),
        software={"distillation-workbench": "0.1.0"},
    )
    return replace(plain, **told)


@pytest.fixture(scope="module")
def poor() -> ValidationResult:
    """A panel on which the method errs in every way."""
    return result([*panel(5, true=0.5, false=-0.4, spread=1.0), *siblings()])


def siblings() -> list[ScoredPair]:
    return [
        pair("suspect-01", "twin", 1.5, excluded="sibling"),
        pair("suspect-02", "far", 0.4, excluded="other source"),
    ]


@pytest.fixture(scope="module")
def files(poor: ValidationResult) -> dict[str, bytes]:
    return files_of(poor)


def words(page: bytes) -> str:
    """The printed text of a page, its white space evened out."""
    body = page.decode().split("<body", 1)[1]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", body)))


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_same_result_gives_the_same_bytes(poor: ValidationResult, files: dict[str, bytes]) -> None:
    assert files_of(poor) == files
    expected = {f"{stem}.{kind}" for stem in CHARTS for kind in ("svg", "png", "csv", "txt")}
    expected |= {PDF, HTML, "validation.json", "figures.csv", "pairs.csv", "leave_one_maker_out.csv", "ablation.csv"}
    assert {*files} == expected


def test_the_pdf_is_archivable_and_accessible(files: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(files[PDF])) as pdf:
        about = pdf.open_metadata()
        assert (about["pdfaid:part"], about["pdfaid:conformance"], about["pdfuaid:part"]) == ("2", "A", "1")
        assert pdf.Root.MarkInfo.Marked
        assert pdf.docinfo["/Title"] == "Validation report: Invented panel"


def test_the_page_fetches_nothing_and_shows_the_charts_of_the_files(files: dict[str, bytes]) -> None:
    page = files[HTML].decode()
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="(?!data:|#)', page)
    shown = [base64.b64decode(data) for data in re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\"", page)]
    assert shown == [files[f"{stem}.svg"] for stem in CHARTS]
    for alternative, stem in zip(re.findall(r'alt="([^"]+)"', page), CHARTS, strict=True):
        assert unescape(alternative) == files[f"{stem}.txt"].decode().strip()


def test_every_misleading_pair_is_named(poor: ValidationResult, files: dict[str, bytes]) -> None:
    text = words(files[HTML])
    true, false, twins = misleading(poor.pairs)
    assert true
    assert false
    assert twins[0].family == "twin"
    marks = marks_of(poor)
    assert len(marks) == len(true) + len(false) + len(twins)
    for p in (*true, *false, *twins):
        kind = kind_of(p, poor.teacherless)
        row = (
            f"{marks[p.suspect, p.family]} {p.suspect} {p.family} {p.developer or 'unknown'} {kind} {ratio(p.log10_lr)}"
        )
        assert row in text
    assert "All sources have one maker." in text
    assert "One file had no date." in text
    assert "Nobody: no related pair of this maker" in text


def test_who_is_not_on_top_is_named_with_who_is(poor: ValidationResult) -> None:
    grid = failures_grid(poor)
    assert isinstance(grid, Grid)
    failing = {row[0]: row for row in grid.rows}
    share_on_top = poor.figures["all"]["top1_siblings"]
    assert len(failing) == round((1 - share_on_top) * poor.figures["all"]["top1_n"])
    tied = [pair("a", "f1", 1.0, relation="relay", positive=True), pair("a", "f2", 1.0), pair("b", "f2", 0.0)]
    grid = failures_grid(result(tied))
    assert grid is not None
    assert grid.rows == (("a", "f2 (unrelated), tied", "1.00", "f1 (relay)", "1.00", "1"),)


def test_the_numbers_beside_the_charts_are_those_of_the_pairs(poor: ValidationResult, files: dict[str, bytes]) -> None:
    scores = rows_of(files["scores.csv"])
    assert len(scores) == len(poor.pairs)
    wrong = [row for row in scores if row["kind"].startswith("unrelated") and float(row["log10_lr"].strip("'")) > 0]
    assert len(wrong) == poor.figures["all"]["neg_lr_gt_1"]
    assert {row["mark"][0] for row in wrong} == {"U"}
    blocks = rows_of(files["calibration.csv"])
    assert sum(int(row["related"]) for row in blocks) == poor.figures["all"]["n_positive"]
    even = next(row for row in rows_of(files["cross_entropy.csv"]) if float(row["prior_log10_odds"].strip("'")) == 0)
    assert float(even["reported"]) == pytest.approx(poor.figures["all"]["cllr"])
    told = json.loads(files["validation.json"])
    assert told["figures"]["all"]["cllr"] == poor.figures["all"]["cllr"]
    assert len(told["pairs"]) == len(poor.pairs)


def test_where_nothing_was_seen_the_limit_is_said() -> None:
    good = result(panel(6, true=3.0, false=-3.0, spread=0.2))
    grid = none_seen_grid(good)
    assert grid is not None
    unrelated = good.figures["all"]["n_pairs"] - good.figures["all"]["n_positive"]
    assert [row[1] for row in grid.rows] == [f"0 of {unrelated}"] * 4 + ["0 of 30"]
    assert grid.rows[0][3].startswith(share(1 - 0.05 ** (1 / 30)))
    text = words(files_of(good)[HTML])
    assert "No unrelated pair was given an LR above 1." in text
    assert "Every suspect with a documented source has one on top" in text


def test_hostile_names_are_shown_and_nothing_breaks() -> None:
    pairs = [
        replace(p, suspect=p.suspect + HOSTILE, family=p.family + HOSTILE) for p in panel(7, suspects=6, true=-1.0)
    ]
    made = files_of(result(pairs, panel=HOSTILE, calibration=HOSTILE))
    assert b"<script" not in made[HTML]
    assert "⟦U+202E⟧" in made[HTML].decode()
    assert made[PDF].startswith(b"%PDF")


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [pair("a", "f1", 1.0)],
        [pair("a", "f1", -1.0, relation="relay", positive=True)],
        [pair("a", "f1", 0.0, relation="relay", positive=True), pair("b", "f1", 0.0)],
        [pair("a", "f1", 1.0, excluded="sibling")],
    ],
)
def test_a_panel_that_can_show_little_still_gets_its_report(pairs: list[ScoredPair]) -> None:
    made = files_of(result(pairs, makers=(), ablation=(), envelope=()))
    text = words(made[HTML])
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b", text)
    assert "leave_one_maker_out.csv" not in made


def test_no_sentence_says_more_than_was_shown(poor: ValidationResult, files: dict[str, bytes]) -> None:
    forbidden = re.compile(
        r"was distilled|proves|scientific certainty|\bmatch(es|ed)?\b|\bguilt|\bzero risk", re.IGNORECASE
    )
    assert not forbidden.search(words(files[HTML]))
    entry = poor.figures["all"]
    assert f"Of the {entry['n_pairs'] - entry['n_positive']} unrelated pairs, {entry['neg_lr_gt_1']} above 1" in words(
        files[HTML]
    )


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (0.99996, 3, ">0.999"),
        (0.00004, 3, "<0.001"),
        (1.0, 3, "1.000"),
        (0.0, 3, "0.000"),
        (-0.0001, 2, "0.00"),
        (-1.234, 2, "−1.23"),
        (0.9994, 3, "0.999"),
        (None, 2, "–"),
    ],
)
def test_nothing_is_rounded_to_perfect(value: float | None, digits: int, shown: str) -> None:
    assert number(value, digits) == shown


def test_shares_counts_and_ratios() -> None:
    assert (share(0.9999), share(0.0001), share(0.056), share(1.0)) == (
        *("over 99.9 %", "under 0.1 %"),
        *("5.6 %", "100.0 %"),
    )
    entry = {"n_pairs": 10, "n_positive": 4, "neg_lr_gt_1": 2, "pos_lr_lt_1": 0.25, "top1": None}
    assert (figure(entry, "neg_lr_gt_1"), figure(entry, "pos_lr_lt_1"), figure(entry, "top1")) == (
        *("2 of 6", "1 of 4"),
        "–",
    )
    assert (ratio(0.3), ratio(-0.3), ratio(2.0), ratio(1.96)) == ("2.0", "1/2.0", "100", "91")
