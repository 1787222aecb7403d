"""The tables of a validation report: figures, misleading pairs by name, top-1 failures, makers, ablation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from workbench.core.model import Json
from workbench.core.statistics.lr_metrics import at_most_rate
from workbench.core.statistics.validation_figures import ENTRIES, ScoredPair, is_source, rankings
from workbench.core.statistics.validation_result import ValidationResult, Variant, misleading
from workbench.evidence.pack.registers import csv_bytes
from workbench.evidence.report.document import Grid, GridColumn
from workbench.evidence.report.value_format import known, shorter
from workbench.evidence.validation.figure_format import figure, interval, n_negative, number, share, with_interval

KINDS = (
    "relay",
    "derived",
    "distilled",
    "sibling",
    "other source",
    "unrelated",
    "unrelated, no teacher",
)
"""Kinds of pair, from the strongest documented relation down."""

FIGURES = (
    ("auc", "AUC"),
    ("auc_siblings", "AUC with siblings"),
    ("auc_within_family", "AUC within families"),
    ("auc_no_text", "AUC of no-text rule"),
    ("eer", "Equal error rate"),
    ("cllr", "Cllr"),
    ("cllr_min", "Cllr_min"),
    ("neg_lr_gt_1", "Unrelated, LR > 1"),
    ("neg_lr_ge_10", "Unrelated, LR ≥ 10"),
    ("neg_lr_gt_10", "Unrelated, LR > 10"),
    ("neg_lr_gt_100", "Unrelated, LR > 100"),
    ("pos_lr_lt_1", "Related, LR < 1"),
    ("top1", "Source on top"),
    ("top1_siblings", "On top with siblings"),
)
_SOME = ("auc", "cllr", "neg_lr_ge_10", "pos_lr_lt_1", "top1")


def kind_of(pair: ScoredPair, teacherless: Collection[str]) -> str:
    """One of KINDS."""
    if pair.positive:
        return pair.relation
    if pair.excluded:
        return pair.excluded
    return KINDS[6] if pair.suspect in teacherless else KINDS[5]


def marks_of(result: ValidationResult) -> dict[tuple[str, str], str]:
    """The mark of each misleading pair, as charts and tables show it: R1, U1, S1, worst first."""
    marks: dict[tuple[str, str], str] = {}
    for letter, pairs in zip("RUS", misleading(result.pairs), strict=True):
        marks |= {(pair.suspect, pair.family): f"{letter}{at}" for at, pair in enumerate(pairs, 1)}
    return marks


def figures_grid(result: ValidationResult) -> Grid:
    """Every figure of every entry with its interval."""
    entries = [name for name in ENTRIES if name in result.figures]
    sizes = tuple(_size(result.figures[name]) for name in entries)
    rows = [("Related + unrelated", *sizes)]
    for key, label in FIGURES:
        rows.append((label, *(with_interval(result.figures[name], key) for name in entries)))
    columns = (GridColumn("Figure", 5), *(GridColumn(name.capitalize(), 5, "number") for name in entries))
    return Grid(
        "Figures by documented relation, each against all unrelated pairs; in brackets the 95 % interval",
        columns,
        tuple(rows),
    )


def _size(entry: Mapping[str, Json]) -> str:
    return f"{entry['n_positive']} + {n_negative(entry)}"


def figures_csv(result: ValidationResult) -> bytes:
    """The same figures at full precision."""
    rows: list[list[Json]] = []
    for name, entry in result.figures.items():
        for key, value in entry.items():
            if key != "interval":
                low, high = (entry.get("interval") or {}).get(key) or (None, None)
                rows.append([name, key, value, low, high])
    return csv_bytes(("entry", "figure", "value", "low", "high"), rows)


def pairs_csv(result: ValidationResult) -> bytes:
    """Every pair with its LR."""
    header = ("suspect", "family", "kind", "positive", "excluded", "log10_lr", "log10_lr_uncapped", "score")
    rows: list[list[Json]] = [
        [
            *(p.suspect, p.family, kind_of(p, result.teacherless), p.positive, p.excluded),
            *(p.log10_lr, p.log10_lr_uncapped, p.score),
        ]
        for p in result.pairs
    ]
    return csv_bytes(header, rows)


def none_seen_grid(result: ValidationResult) -> Grid | None:
    """What it is worth that no error of a kind was seen; None where each kind was seen."""
    entry = result.figures.get("all")
    if entry is None or not n_negative(entry):
        return None
    unrelated = [p for p in result.pairs if not p.positive and not p.excluded]
    related = [p for p in result.pairs if p.positive]
    kinds = (
        ("Unrelated with LR > 1", entry["neg_lr_gt_1"], unrelated),
        ("Unrelated with LR ≥ 10", entry["neg_lr_ge_10"], unrelated),
        ("Unrelated with LR > 10", entry["neg_lr_gt_10"], unrelated),
        ("Unrelated with LR > 100", entry["neg_lr_gt_100"], unrelated),
        ("Related with LR < 1", entry["pos_lr_lt_1"], related),
    )
    rows = tuple(
        (label, f"0 of {len(pairs)}", *(_below(n) for n in (len(pairs), len({p.suspect for p in pairs}))))
        for label, seen, pairs in kinds
        if seen == 0
    )
    if not rows:
        return None
    columns = (
        GridColumn("Error", 4),
        GridColumn("Seen", 2, "number"),
        GridColumn("Rate below, counting pairs", 4, "number"),
        GridColumn("Rate below, counting suspects alone", 4, "number"),
    )
    return Grid("Where no error was seen: what the number of pairs allows to say (95 %, one-sided)", columns, rows)


def _below(trials: int) -> str:
    return f"{share(at_most_rate(0, trials))} (n = {trials})"


@dataclass(frozen=True, slots=True)
class Named:
    """One kind of misleading pair: what it is called, and each by name."""

    title: str
    none: str
    grid: Grid | None


def misleading_grids(result: ValidationResult) -> tuple[Named, ...]:
    """The misleading pairs one by one: related below 1, unrelated above 1, siblings above 10."""
    marks = marks_of(result)
    titles = (
        ("Related pairs with LR below 1", "No related pair was given an LR below 1."),
        ("Unrelated pairs with LR above 1", "No unrelated pair was given an LR above 1."),
        ("Siblings with LR above 10", "No sibling of a source was given an LR above 10."),
    )
    return tuple(
        Named(title, none, _pairs_grid(title, pairs, marks, result.teacherless) if pairs else None)
        for (title, none), pairs in zip(titles, misleading(result.pairs), strict=True)
    )


def _pairs_grid(
    title: str, pairs: Sequence[ScoredPair], marks: Mapping[tuple[str, str], str], teacherless: Collection[str]
) -> Grid:
    columns = (
        GridColumn("Mark", 2),
        GridColumn("Suspect", 8),
        GridColumn("Family", 6),
        GridColumn("Developer of the family", 5),
        GridColumn("Known to be", 5),
        GridColumn("LR", 3, "number"),
        GridColumn("log10 LR", 3, "number"),
    )
    rows = tuple(
        (
            marks[p.suspect, p.family],
            shorter(p.suspect, 60),
            shorter(p.family, 60),
            known(p.developer),
            kind_of(p, teacherless),
            ratio(p.log10_lr),
            number(p.log10_lr),
        )
        for p in pairs
    )
    return Grid(f"{title}: {len(rows)}", columns, rows)


def ratio(log10_lr: float) -> str:
    """An LR in two significant digits; below 1 as one in so many."""
    size = 10.0 ** min(abs(log10_lr), 300.0)
    shown = f"{size:,.1f}" if size < 10 else f"{float(f'{size:.2g}'):,.0f}"
    return shown if log10_lr >= 0 else f"1/{shown}"


def failures_grid(result: ValidationResult) -> Grid | None:
    """Suspects with a documented source that is not alone on top, siblings as candidates; None where none fails."""
    rows = []
    for suspect, ranked in rankings(result.pairs, with_siblings=True):
        true = [pair for pair in ranked if pair.positive]
        if not true or is_source(ranked):
            continue
        best, own = ranked[0].log10_lr_uncapped, max(true, key=lambda p: p.log10_lr_uncapped)
        tops = [p for p in ranked if p.log10_lr_uncapped == best and not p.positive]
        words = ", ".join(f"{p.family} ({p.excluded or 'unrelated'})" for p in tops)
        rank = 1 + sum(p.log10_lr_uncapped > own.log10_lr_uncapped for p in ranked)
        rows.append(
            (
                shorter(suspect, 60),
                shorter(words, 90) + (", tied" if rank == 1 else ""),
                number(best),
                shorter(f"{own.family} ({own.relation})", 60),
                number(own.log10_lr_uncapped),
                str(rank),
            )
        )
    if not rows:
        return None
    columns = (
        GridColumn("Suspect", 6),
        GridColumn("On top instead", 6),
        GridColumn("log10 LR", 2, "number"),
        GridColumn("Best documented source", 6),
        GridColumn("log10 LR", 2, "number"),
        GridColumn("Rank", 2, "number"),
    )
    return Grid("Suspects whose source is not alone on top; log10 LR before the cap", columns, tuple(rows))


def panels_grid(panels: Sequence[Variant]) -> Grid:
    """The figures of each panel by itself, scored by what the others gave."""
    return _variants("Panel by panel: nothing was fitted on the panel of a row", "Panel", panels)


def makers_grid(makers: Sequence[Variant]) -> Grid:
    """The figures with one maker's related pairs left out of the fit."""
    return _variants(
        "Leave one maker out: nothing was fitted on a related pair of that maker’s families", "Maker left out", makers
    )


def ablation_grid(ablation: Sequence[Variant]) -> Grid:
    """The figures with parts of the method taken away."""
    return _variants("Ablation: the figures when a part of the method is taken away", "Variant", ablation)


def _variants(caption: str, label: str, variants: Sequence[Variant]) -> Grid:
    titles = dict(FIGURES)
    columns = (
        GridColumn(label, 6),
        GridColumn("Related + unrelated", 3, "number"),
        *(GridColumn(titles[key], 4, "number") for key in _SOME),
    )
    rows: list[tuple[str, ...]] = []
    for v in variants:
        name = shorter(f"{v.name}: {v.note}" if v.note else v.name, 120)
        if v.figures is None:
            rows.append((name, *["–"] * (len(_SOME) + 1)))
            continue
        rows.append((name, _size(v.figures), *(figure(v.figures, key) for key in _SOME)))
        rows.append(("95 % interval", "", *(interval(v.figures, key) for key in _SOME)))
    return Grid(caption, columns, tuple(rows))


def variants_csv(variants: Sequence[Variant]) -> bytes:
    """All figures of all variants at full precision."""
    rows: list[list[Json]] = [
        [v.name, v.note, key, value, *((v.figures.get("interval") or {}).get(key) or (None, None))]
        for v in variants
        for key, value in (v.figures or {}).items()
        if v.figures is not None and key != "interval"
    ]
    return csv_bytes(("name", "note", "figure", "value", "low", "high"), rows)
