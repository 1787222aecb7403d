"""A calibration inside a Finding: what it states as values, its weights as a table, and its file rebuilt from both."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.hashing import canonical, sha256
from workbench.core.model import Column, Finding, Json, Table
from workbench.core.statistics.calibration import COLUMNS, Calibration

RESOURCE = "calibration"
"""Its entry among a Finding's resources, its values, and its tables."""

SHIPPED = "shipped"
"""Names the calibration that comes with the workbench."""

_APART = ("weights", "replicates")


def stated(calibration: Calibration) -> dict[str, Json]:
    """All that a calibration says but its weights, with its name and its SHA-256."""
    whole = calibration.as_json()
    questions = {
        key: {name: value for name, value in one.items() if name not in _APART}
        for key, one in whole["questions"].items()
    }
    return {**whole, "questions": questions, "name": calibration.name, "sha256": calibration.sha256}


def weights_table(calibration: Calibration) -> Table:
    """Its weights, a row for each question (replicate 0) and for each of its replicates."""
    rows = [
        (question, number, *row)
        for question, one in calibration.questions.items()
        for number, row in enumerate((one.weights, *one.replicates))
    ]
    columns = (
        Column("question", "text", "What the LR is about"),
        Column("replicate", "integer", "Replicate (0: the weights themselves)"),
        *(Column(f"weight_{n}", "number", f"Weight {n}") for n in range(1, COLUMNS + 1)),
    )
    return Table(columns, tuple(rows))


def calibration_file(values: Json, table: Table) -> bytes:
    """The calibration's file from what `stated` and `weights_table` gave.

    Raises KeyError, TypeError or ValueError where they do not come to a file with the SHA-256 that is stated.
    """
    weights: dict[str, list[list[Json]]] = {}
    for question, _, *row in table.rows:
        weights.setdefault(question, []).append(row)
    whole = {name: value for name, value in values.items() if name not in ("name", "sha256")}
    whole["questions"] = {
        key: {**one, "weights": weights[key][0], "replicates": weights[key][1:]}
        for key, one in values["questions"].items()
    }
    data = canonical(whole)
    if sha256(data) != values["sha256"]:
        raise ValueError("the weights are not those of the calibration that is named")
    return data


def used_in(finding: Finding) -> tuple[str, bytes] | None:
    """The SHA-256 and the file of the calibration that a Finding was made with; None where it used none."""
    digest = finding.resources.get(RESOURCE)
    if digest is None:
        return None
    values: Mapping[str, Json] = finding.values[RESOURCE]
    return digest, calibration_file(values, finding.tables[RESOURCE])
