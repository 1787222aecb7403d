"""The verbs for panels of known truth, with their words."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from workbench.cli.output import REFUSED, Meter, Result, table
from workbench.core.surroundings import Conditions, of_this_machine


def validate(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Score a panel by the protocol and print its figures."""
    from workbench.app.validation import validate as run

    study = run(options.panels, options.calibration, conditions or of_this_machine(), meter, out=options.out)
    result = study.result
    lines = [f"{result.panel}: {len(result.pairs)} pairs, calibration {result.calibration}"]
    lines += [f"Warning: {words}" for words in result.warnings]
    shown = (
        *("n_positive", "auc", "auc_siblings", "auc_within_family", "auc_no_text", "cllr", "top1"),
        *("pos_lr_lt_1", "neg_lr_ge_10", "neg_lr_gt_10", "neg_lr_gt_100"),
    )
    rows = [[entry, *(_word(found.get(key)) for key in shown)] for entry, found in result.figures.items()]
    lines += table(["", *shown], rows)
    by_panel = [[one.name, *(_word((one.figures or {}).get(key)) for key in shown)] for one in result.panels]
    lines += table(["", *shown], by_panel) if by_panel else []
    lines += [f"{key}: {value}" for key, value in result.material]
    if options.out is not None:
        lines.append(
            f"The report is in {options.out}: validation_report.pdf, validation_report.html and their numbers."
        )
    return Result(result.as_json(), lines)


def calibrate(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Fit a calibration on panels of known truth and write it, or hold one against what they give."""
    from workbench.app.validation import calibrate as run

    if options.check is not None:
        return _checked(options, conditions, meter)
    made = run(options.panels, options.out, conditions or of_this_machine(), meter, sketches=options.sketches)
    document = {"file": str(options.out), "sha256": made.sha256, "calibration": made.as_json()}
    lines = [f"{options.out}: SHA-256 {made.sha256}", f"from {made.name}"]
    for key, one in made.questions.items():
        support = f"{one.positives} true pairs in {one.positive_groups} groups"
        support += f", {one.negatives} others in {one.negative_groups}"
        lines.append(f"{key}: log10 LR reported from {one.low:.2f} to {one.high:.2f} ({support})")
    return Result(document, lines)


def _checked(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    from workbench.app.validation import differences

    found = differences(options.panels, options.check, conditions or of_this_machine(), meter)
    document = {"file": str(options.check), "differs": [one.as_json() for one in found]}
    if not found:
        return Result(document, [f"{options.check} says what these panels give."])
    lines = [f"{options.check} does not say what these panels give:"]
    lines += table(["what", "it says", "they give"], [[one.what, one.said, one.given] for one in found])
    return Result(document, lines, code=REFUSED)


def _word(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def validate_options(parser: ArgumentParser) -> None:
    """The options of `validate`."""
    parser.add_argument(
        "panels", metavar="PANEL.json", type=Path, nargs="+", help="panel manifests with documented sources"
    )
    parser.add_argument(
        "--calibration",
        metavar="shipped|loo|lopo|FILE",
        default="shipped",
        help="the shipped calibration (default), fitted on the panel's other groups (loo), each of several panels "
        "fitted on the others (lopo), or a file",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="write the report into this new folder")


def calibrate_options(parser: ArgumentParser) -> None:
    """The options of `calibrate`."""
    parser.add_argument("panels", metavar="PANEL.json", type=Path, nargs="+", help="panels of known truth")
    parser.add_argument("--sketches", metavar="FILE", type=Path, help="where sketches of the panels' answers go")
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--out", metavar="FILE", type=Path, help="where the calibration goes")
    way.add_argument("--check", metavar="FILE", type=Path, help="a calibration to hold against what the panels give")
