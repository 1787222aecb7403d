"""Above, how the accounts of each cluster move together; below, the calls of the first cluster by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.analyses.campaign.values import DayRow, TestRow
from workbench.analyses.scoring.drawing import BAND, FONT, INK, PALE, bare, prepare
from workbench.core.typed_json import rows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from workbench.core.model import Finding

_MOST = 60


def synchrony(finding: Finding, figure: Figure) -> None:
    """A mark a cluster at its variance ratio, on the band of its null; bars for the calls by day."""
    tests = [row for row in rows(TestRow, finding.tables["tests"]) if row.test == "synchrony"]
    days = rows(DayRow, finding.tables["days"])
    prepare(figure, 7.2, 4.4)
    upper, lower = figure.subplots(2, 1, height_ratios=(3, 2))
    shown = sorted(tests, key=lambda row: row.cluster)[:_MOST]
    for at, row in enumerate(shown):
        upper.plot([at, at], [row.low, row.high], color=BAND, linewidth=5, solid_capstyle="butt", zorder=1)
    strong = [row.q <= 0.05 for row in shown]
    for flag, colour in ((False, PALE), (True, INK)):
        places = [at for at, one in enumerate(strong) if one is flag]
        values = [shown[at].statistic for at in places]
        upper.plot(places, values, linestyle="none", marker="D" if flag else "o", markersize=4, color=colour, zorder=2)
    upper.axhline(1.0, color=INK, linewidth=0.6)
    upper.set_xticks(range(len(shown)))
    upper.set_xticklabels([str(row.cluster) for row in shown], fontsize=5)
    upper.tick_params(axis="y", labelsize=7)
    upper.spines[["top", "right"]].set_visible(False)
    upper.set_ylabel("variance ratio", fontsize=7, fontfamily=FONT)
    upper.set_xlabel("cluster (bands: what chance gives; diamonds: stands out)", fontsize=7, fontfamily=FONT)
    first = [row for row in days if row.cluster == days[0].cluster] if days else []
    lower.bar(range(len(first)), [row.calls for row in first], color=INK, width=0.8)
    lower.set_xticks(range(0, len(first), max(1, len(first) // 8)))
    lower.set_xticklabels([row.day for row in first[:: max(1, len(first) // 8)]], fontsize=6)
    bare(lower)
    name = f"calls a day of cluster {first[0].cluster}" if first else "no cluster"
    lower.set_xlabel(name, fontsize=7, fontfamily=FONT)
