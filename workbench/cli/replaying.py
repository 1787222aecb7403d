"""The verb `replay`: the findings of a pack, computed again and compared."""

from __future__ import annotations

import argparse
from argparse import Namespace
from pathlib import Path

from workbench.cli.output import DONE, REFUSED, Meter, Result, table
from workbench.core.surroundings import Conditions, of_this_machine


def add_options(parser: argparse.ArgumentParser) -> None:
    """The words of `replay`."""
    parser.add_argument("pack", metavar="PACK", type=Path, help="PACK.zip, or an unpacked pack")


def replay(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Compute every finding of a pack again, and compare each number and chart."""
    from workbench.app.replay import replay as again

    report = again(options.pack, conditions or of_this_machine(), meter)
    rows = [(one.number, one.analysis, one.numbers, one.state, one.chart) for one in report.findings]
    lines = table(("finding", "analysis", "numbers", "result", "chart"), rows)
    for one in report.findings:
        lines += [f"Finding {one.number}: {words}" for words in one.differing]
    lines += [f"Not had again from the pack: {words}" for words in report.lost]
    lines += [f"Another version: {words}." for words in report.software]
    count = sum(one.numbers for one in report.findings)
    if report.ok:
        lines.append(f"All {len(report.findings)} findings came out again: {count:,} numbers, and every chart.")
    else:
        lines.append("Not everything came out again.")
    document = {
        "ok": report.ok,
        "findings": [one._asdict() | {"differing": list(one.differing)} for one in report.findings],
        "lost": list(report.lost),
        "software": list(report.software),
    }
    return Result(document, lines, DONE if report.ok else REFUSED)
