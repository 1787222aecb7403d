"""The report of a validation study as PDF and HTML with its charts, and their numbers as CSV beside them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from workbench.core.model import Json
from workbench.core.statistics import verbal_scale
from workbench.core.statistics.validation_result import ValidationResult
from workbench.evidence.pack.printable_text import Legible, all_fonts, covered
from workbench.evidence.report.document import (
    Block,
    Bullets,
    Document,
    Grid,
    GridColumn,
    Heading,
    Notice,
    Pairs,
    Paragraph,
    Picture,
)
from workbench.evidence.report.html import to_html
from workbench.evidence.report.pdf import to_pdf
from workbench.evidence.report.value_format import shorter, when
from workbench.evidence.validation import wording as words
from workbench.evidence.validation.charts import Drawing, drawings
from workbench.evidence.validation.figure_format import figure, interval, n_negative
from workbench.evidence.validation.tables import (
    ablation_grid,
    failures_grid,
    figures_csv,
    figures_grid,
    makers_grid,
    misleading_grids,
    none_seen_grid,
    pairs_csv,
    panels_grid,
    variants_csv,
)

PDF, HTML = "validation_report.pdf", "validation_report.html"


def files_of(result: ValidationResult) -> dict[str, bytes]:
    """Every file of the report by name: the same bytes from the same result.

    PDF, HTML, validation.json, each chart as SVG, PNG, CSV and text, and the tables at full precision as CSV.
    Raises WorkbenchError when the report can't be set.
    """
    charts = drawings(result)
    document = report_of(result, charts).mapped(Legible(covered(all_fonts())))
    files = {
        PDF: to_pdf(document),
        HTML: to_html(document).encode(),
        "validation.json": (
            json.dumps(result.as_json(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        ).encode(),
        "figures.csv": figures_csv(result),
        "pairs.csv": pairs_csv(result),
    }
    for each in charts:
        files[f"{each.stem}.svg"] = each.chart.svg
        files[f"{each.stem}.png"] = each.chart.png
        files[f"{each.stem}.csv"] = each.chart.csv
        files[f"{each.stem}.txt"] = f"{each.chart.text}\n".encode()
    if result.panels:
        files["panels.csv"] = variants_csv(result.panels)
    if result.makers:
        files["leave_one_maker_out.csv"] = variants_csv(result.makers)
    if result.ablation:
        files["ablation.csv"] = variants_csv(result.ablation)
    return dict(sorted(files.items()))


def report_of(result: ValidationResult, charts: Sequence[Drawing]) -> Document:
    """The report as a document."""
    panel = shorter(result.panel, 120)
    sections = (
        ("Summary", _summary(result)),
        ("What was tested, and how", _method(result)),
        ("Figures", _figures(result)),
        ("Charts", _charts(charts)),
        ("Where the method misled", _errors(result)),
        ("Panel by panel", _panels(result)),
        ("Leave one maker out", _makers(result)),
        ("What each part contributes", _ablation(result)),
        ("Where the figures hold", _envelope(result)),
        ("Words for numbers", _scale()),
        ("What this panel cannot show", _limits(result)),
    )
    kept = [(title, blocks) for title, blocks in sections if blocks]
    return Document(
        title=f"Validation report: {panel}",
        running=f"Validation on {shorter(result.panel, 60)}, calibration {shorter(result.calibration, 50)}",
        author=shorter(result.examiner, 200),
        date=result.date,
        mark="",
        cover=_cover(result),
        blocks=tuple(
            block for at, (title, blocks) in enumerate(kept, 1) for block in (Heading(1, f"{at} {title}"), *blocks)
        ),
    )


def _cover(result: ValidationResult) -> tuple[Block, ...]:
    rows = (
        ("Panel", result.panel),
        ("Panel (SHA-256)", result.panel_sha256),
        ("Calibration", result.calibration),
        ("Calibration (SHA-256)", result.calibration_sha256),
        ("Date", when(result.date)),
        ("Examiner", result.examiner),
        ("Made with", ", ".join(f"{name} {version}" for name, version in sorted(result.software.items()))),
    )
    kept = tuple(row for row in rows if row[1])
    notices = [Notice("Warning", text) for text in result.warnings[:3]]
    return (Pairs(kept, frozenset({"Panel (SHA-256)", "Calibration (SHA-256)"})), *notices)


def _summary(result: ValidationResult) -> list[Block]:
    entry = result.figures.get("all")
    blocks: list[Block] = [Paragraph(words.WHY)]
    if entry is None or not entry["n_pairs"]:
        return [*blocks, Paragraph("The panel holds no pair that can be scored.", "finding")]
    blocks.append(Paragraph(_size_in_words(entry), "lead"))
    blocks += [Paragraph(text, "finding") for text in (*_findings(entry), *_teacherless(result))]
    blocks += [Paragraph(_against_no_text(result)), Paragraph(words.READING)]
    limits = (*result.limits, *words.ALWAYS)[:3]
    return [*blocks, Heading(2, "Three limits to keep in mind"), Bullets(limits, "numbered")]


def _size_in_words(entry: Mapping[str, Json]) -> str:
    return (
        f"{entry['n_pairs']} pairs of known truth were scored: {entry['n_positive']} related and {n_negative(entry)} "
        f"unrelated, from {entry['n_suspects']} suspects and {entry['n_families']} families."
    )


def _findings(entry: Mapping[str, Json]) -> Iterable[str]:
    if n_negative(entry):
        wrong = (f"{entry[f'neg_lr_gt_{n}']} above {n}" for n in (1, 10, 100))
        yield f"Of the {n_negative(entry)} unrelated pairs, {', '.join(wrong)}: LRs for a source that is none."
    if entry["n_positive"]:
        yield f"Related pairs with an LR below 1, which speaks against the true source: {figure(entry, 'pos_lr_lt_1')}."
    if entry["top1"] is not None:
        yield (
            f"A documented source came out on top for {figure(entry, 'top1')} suspects; with siblings as candidates "
            f"for {figure(entry, 'top1_siblings')}."
        )
    if entry["cllr"] is not None:
        yield (
            f"The cost of the LRs (Cllr) is {figure(entry, 'cllr')}, 95 % interval {interval(entry, 'cllr')}: 0 is "
            "perfect, 1 is saying nothing."
        )


def _teacherless(result: ValidationResult) -> Iterable[str]:
    """The hardest pairs to be wrong about: suspects that are documented to have had no teacher."""
    lrs = [p.log10_lr for p in result.pairs if p.suspect in result.teacherless and not p.positive and not p.excluded]
    if lrs:
        yield (
            f"Of the {len(lrs)} pairs with a suspect trained on human-written answers alone, "
            f"{sum(lr > 0 for lr in lrs)} above 1, {sum(lr >= 1 for lr in lrs)} at 10 or above."
        )


def _against_no_text(result: ValidationResult) -> str:
    said = [
        f"{name}: {figure(entry, 'auc')} against {figure(entry, 'auc_no_text')}"
        for name, entry in result.figures.items()
        if entry.get("auc") is not None and entry.get("auc_no_text") is not None
    ]
    return (
        "The order of the pairs (AUC, 1 is perfect) beside that of a rule that reads no text, only the developer of "
        f"the family and the date of the suspect: {'; '.join(said) or 'undefined on this panel'}. The difference is "
        "what the texts add."
    )


def _method(result: ValidationResult) -> list[Block]:
    blocks: list[Block] = [Paragraph(text) for text in words.PROTOCOL]
    blocks += [Heading(2, "Calibration"), Paragraph(words.MODES.get(result.mode, ""))]
    rows = (*result.material, ("Seed", str(result.seed)), ("Bootstrap replicates", f"{result.replicates:,}"))
    return [*blocks, Heading(2, "Material"), Pairs(rows)]


def _figures(result: ValidationResult) -> list[Block]:
    blocks: list[Block] = [
        figures_grid(result),
        Paragraph("At full precision in figures.csv; every pair with its LR in pairs.csv.", "small"),
        Heading(2, "What the figures mean"),
        Pairs(words.MEANINGS),
        Heading(2, "How sure the figures are"),
        Paragraph(words.INTERVALS.format(replicates=f"{result.replicates:,}", seed=result.seed)),
    ]
    seen = none_seen_grid(result)
    return [*blocks, seen, Paragraph(words.NONE_SEEN, "small")] if seen else blocks


def _charts(charts: Sequence[Drawing]) -> list[Block]:
    blocks: list[Block] = []
    for each in charts:
        blocks += [
            Heading(2, each.title),
            Picture(each.chart.svg.decode(), f"{each.caption} Its numbers: {each.stem}.csv", each.chart.text),
            Paragraph(each.reading),
        ]
    return blocks


def _errors(result: ValidationResult) -> list[Block]:
    blocks: list[Block] = [
        Paragraph(
            "Every pair whose reported LR points the wrong way is named here, worst first, with the mark that it "
            "carries in the chart of all pairs. An error is an error of the method, not a reason to change a label."
        )
    ]
    for named in misleading_grids(result):
        blocks += [Heading(2, named.title), named.grid or Paragraph(named.none)]
    failures = failures_grid(result)
    return [
        *blocks,
        Heading(2, "Suspects whose source did not come out on top"),
        failures or Paragraph("Every suspect with a documented source has one on top, siblings as candidates."),
    ]


def _panels(result: ValidationResult) -> list[Block]:
    return [panels_grid(result.panels)] if result.panels else []


def _makers(result: ValidationResult) -> list[Block]:
    return [Paragraph(words.MAKERS), makers_grid(result.makers)] if result.makers else []


def _ablation(result: ValidationResult) -> list[Block]:
    return [ablation_grid(result.ablation)] if result.ablation else []


def _envelope(result: ValidationResult) -> list[Block]:
    return [Paragraph(words.ENVELOPE), Pairs(result.envelope)] if result.envelope else []


def _scale() -> list[Block]:
    columns = (
        GridColumn("LR", 3),
        GridColumn("Support for H1 over H2", 5),
        GridColumn("The texts are … under H1 than H2", 5),
    )
    grid = Grid(f"Verbal equivalents, {verbal_scale.SCALE}", columns, tuple(verbal_scale.table()))
    return [
        Paragraph(words.SCALE.format(name=verbal_scale.SCALE)),
        grid,
        Paragraph(verbal_scale.REFERENCE + ".", "small"),
    ]


def _limits(result: ValidationResult) -> list[Block]:
    blocks: list[Block] = [Bullets((*result.limits, *words.ALWAYS))]
    if result.warnings:
        blocks += [Heading(2, "Warnings of this run"), Bullets(result.warnings)]
    return blocks
