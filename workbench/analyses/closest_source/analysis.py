"""Is the suspect closer to the protected model than unrelated models are?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from workbench.analyses.base import Analysis, inputs_of, left_out_of, software
from workbench.core.errors import RefusedError
from workbench.core.finding_page import FindingPage
from workbench.core.model import Facts, Finding, Json, Narrative
from workbench.core.params import param
from workbench.core.progress import Progress, part
from workbench.core.selection import Selection

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROWS = 70
"""Rows that one chart can show and still be read."""


class ClosestSource(Analysis):
    """Are the suspect's answers closer to the protected model's than those of unrelated models are?

    Answers to the same prompts are compared in several ways (words, layout, openings and more), for the
    suspect and in exactly the same way for every control, so that its place among them can be seen.
    """

    key: ClassVar[str] = "closest_source"
    title: ClassVar[str] = "Closest source"
    version: ClassVar[int] = 1
    chart_table: ClassVar[str] = "models"
    needs_similarities: ClassVar[bool] = True
    limits: ClassVar[tuple[str, ...]] = (
        "Closeness is not origin: text alone can't tell a suspect that learned from the protected model from one "
        "that learned from a third model with the same source, nor which of the two was first.",
        "The controls stand for unrelated models of the same kind; how well they do is a judgement, not a result.",
        "A suspect that is not closest is not cleared: paraphrase and later training hide a source from every "
        "comparison of texts.",
        "Lengths are reported and not evened out; only openings and endings compare pieces of one length.",
        "No likelihood ratio is stated: this comparison gives a rank among controls; `weigh` states one.",
    )
    references: ClassVar[tuple[str, ...]] = (
        "Besag and Clifford (1989), Generalized Monte Carlo significance tests, doi:10.1093/biomet/76.4.633",
        "Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 13",
        "Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers",
        "Phipson and Smyth (2010), Permutation p-values should never be zero, doi:10.2202/1544-6115.1585",
    )

    replicates = param(
        500,
        "Bootstrap replicates",
        low=100,
        high=10_000,
        help="How often the prompts are drawn anew for the intervals.",
    )
    confidence = param(
        0.95,
        "Confidence of the intervals",
        low=0.5,
        high=0.999,
        help="The share of the replicates that lies inside an interval.",
    )
    min_coverage = param(
        0.8,
        "Least share of prompts answered",
        low=0.05,
        high=1.0,
        help="Controls and protected models that answered a smaller share of the prompts are left out, and listed.",
    )

    def refuse(self, selection: Selection) -> str | None:
        """Too few controls or prompts, no prompt in common, or no spread among the models."""
        from workbench.analyses.closest_source.compute import gather

        found = gather(selection, float(self.values["min_coverage"]), only_whether=True)
        return found if isinstance(found, str) else None

    def run(self, selection: Selection, seed: int, progress: Progress) -> Finding:
        """The Finding; raises RefusedError with the words of `refuse`."""
        from workbench.analyses.closest_source.compute import gather, score
        from workbench.analyses.closest_source.tables import facts

        progress(0.0, "matching prompts")
        material = gather(selection, float(self.values["min_coverage"]))
        if isinstance(material, str):
            raise RefusedError(material)
        scores = score(material, int(self.values["replicates"]), seed, part(progress, 0.3, 0.95))
        progress(0.95, "writing tables")
        stated = facts(material, scores, selection.similarities(), float(self.values["confidence"]))
        lost = tuple({"corpus": name, "reason": reason} for name, reason in material.matched.left_out)
        finding = Finding(
            analysis=self.key,
            version=self.version,
            question=material.question.words(),
            parameters=dict(self.values),
            seed=str(seed),
            inputs=inputs_of(material.question),
            left_out=left_out_of(material.question) + lost,
            values=stated.values,
            tables=stated.tables,
            warnings=stated.warnings,
            software=software(),
        )
        progress(1.0, "done")
        return finding

    @staticmethod
    def narrate(finding: Finding) -> Narrative:
        """The Finding in sentences: rank, numbers, what it rests on, and what it does not say."""
        from workbench.analyses.closest_source.narrative import narrative

        return narrative(finding, ClosestSource.limits)

    @classmethod
    def page(cls, finding: Finding, models: Mapping[str, Facts]) -> FindingPage:
        """The Finding as a page of the report."""
        from workbench.analyses.closest_source.page import page

        return page(finding, models)

    @staticmethod
    def describe(finding: Finding) -> str:
        """The forest plot in words, with its numbers."""
        from workbench.analyses.closest_source.narrative import description

        return description(finding)

    @staticmethod
    def draw(finding: Finding, figure: Figure) -> None:
        """A forest plot: the suspect, a black diamond on a band, among the controls, open circles."""
        from workbench.analyses.scoring.drawing import FONT, INK, bare, label, name_rows, prepare

        rows, hidden = _shown(finding)
        prepare(figure, 7.2, 1.5 + 0.155 * len(rows))
        axes = figure.add_subplot()
        for height, row in enumerate(reversed(rows)):
            _row(axes, height, row)
        axes.axvline(finding.values["statistic"], color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        own_row = [row["role"] == "suspect" for row in reversed(rows)]
        names = [label(row["model"]) for row in reversed(rows)]
        name_rows(axes, [f"suspect: {n}" if own else n for own, n in zip(own_row, names, strict=True)], own_row)
        bare(axes)
        views = len(finding.values["views"])
        unit = f"mean robust z-score over {views} {'view' if views == 1 else 'views'} of the text and both sides"
        closeness = f"closeness to {label(finding.values['protected'])} in points:\n{unit}"
        note = f"{100 * finding.values['confidence']:g} % intervals from drawing the prompts anew"
        more = f"; {hidden} further controls, none of them among the closest, are not drawn" if hidden else ""
        axes.set_xlabel(f"{closeness}\n{note}{more}", fontsize=7, fontfamily=FONT, parse_math=False)
        _legend(figure)


def _shown(finding: Finding) -> tuple[list[dict[str, Json]], int]:
    """The rows that are drawn, closest first, and how many controls are not."""
    table = finding.tables["models"]
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, row, strict=True)) for row in table.rows]
    suspect = [row for row in rows if row["role"] == "suspect"]
    controls = [row for row in rows if row["role"] != "suspect"][: _ROWS - 1]
    shown = [row for row in rows if row in controls or row in suspect]
    return shown, len(rows) - len(shown)


def _row(axes: Axes, height: int, row: dict[str, Json]) -> None:
    from workbench.analyses.scoring.drawing import BAND, INK, PALE

    suspect = row["role"] == "suspect"
    if suspect:
        axes.axhspan(height - 0.5, height + 0.5, color=BAND, linewidth=0, zorder=0)
    ends = [row["low"], row["high"]]
    axes.plot(ends, [height, height], color=INK if suspect else PALE, linewidth=2.2 if suspect else 1.0, zorder=2)
    axes.plot(
        [row["statistic"]],
        [height],
        marker="D" if suspect else "o",
        markersize=6 if suspect else 3.6,
        markerfacecolor=INK if suspect else "white",
        markeredgecolor=INK,
        markeredgewidth=0.8,
        linestyle="none",
        zorder=3,
    )


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    from workbench.analyses.scoring.drawing import FONT, INK

    suspect = Line2D([], [], marker="D", color=INK, markersize=5, linewidth=2.2, label="suspect")
    control = Line2D(
        [], [], marker="o", color=INK, markerfacecolor="white", markersize=3.6, linewidth=1, label="control"
    )
    line = Line2D([], [], color=INK, linewidth=0.8, linestyle=(0, (4, 3)), label="the suspect's closeness")
    figure.legend(
        handles=[suspect, control, line],
        loc="outside lower right",
        ncols=3,
        frameon=False,
        prop={"family": FONT, "size": 7},
    )
