"""What turns a score into a likelihood ratio: numbers that were fitted on panels of known truth, and their limits."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from workbench.core.errors import BadInputError
from workbench.core.hashing import canonical, sha256
from workbench.core.model import Column, Finding, Json, Table
from workbench.core.typed_json import read

KIND = "distillation-workbench calibration"
COLUMNS = 6
"""Columns of the design that the weights belong to."""

VERSION = 2

ANY, ORIGIN = "any", "derivation"
DISTILLED, DERIVED = "distilled", "derived_or_relayed"
"""Questions of calibrations of version 1, which stored findings still answer."""

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    ANY: ("distilled", "derived", "relay"),
    ORIGIN: ("derived", "relay"),
}
"""What an LR can be about, and the documented relations that are its true pairs."""

AGAINST: Mapping[str, tuple[str, ...]] = {ANY: ("",), ORIGIN: ("distilled",)}
"""The relations that a question is weighed against; the empty one stands for no documented source."""

WEIGHED: Mapping[str, tuple[int, ...]] = {ANY: (0, 1, 2, 3, 4), ORIGIN: (0,)}
"""The columns of the design that a question weighs, beside the constant."""

KNOWN = {
    "180f91efd5752ab0ae32c4a85ec5131793ffc7394fa0b00b2a97e7aa553ed650",
    "0f57229ab433fc272d7bea631ed2cb4e1a27ca5bca169a36cf0f6c9e045d5ac1",
    "5e44016290cd4292ade9cf411def4ebc3bb7ae393bda69ee93dbdf3c230277e0",
    "e032df3d8227a3525c993b700c10e86f5c6f86a58437c35ddba55c3821cc18bd",
    "f56d9a1ffd8bcaf6f8af8436dc483c1c3ea1465cbe57a60147fac7c749b86302",
}
"""The SHA-256 of every calibration that came with the workbench; the last is the one that comes with it now."""

ENVELOPE = ("controls", "prompts", "tokens", "level", "released")
"""What is compared with the panels: number of controls and prompts, median tokens of an answer, mean cosine between
controls, year and month of release as year + (month - 1) / 12. Languages are compared apart."""

FEW = 27
"""With fewer controls a likelihood ratio errs more often: its rates are stated apart."""

FEW_BEFORE = 20
"""What counted as few controls in calibrations of version 1."""

_LARGEST = 5_000_000


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weights of one question's log-odds, their bootstrap replicates (suspect groups resampled), the log10
    bounds within which an LR is reported, and how many pairs and independent groups they rest on."""

    weights: tuple[float, ...]
    replicates: tuple[tuple[float, ...], ...]
    low: float
    high: float
    positives: int
    positive_groups: int
    negatives: int
    negative_groups: int
    misled: Mapping[str, Json] = field(default_factory=dict)
    """With groups left out: counts of `neg_lr_gt_1`, `neg_lr_gt_10`, `neg_lr_ge_10` and `pos_lr_lt_1`, the `cllr`
    and the `tippett` curves; under `few` the same of smaller panels with fewer than `FEW` controls, without curves."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A calibration: numbers only, with the panels they come from, their figures and their envelope.

    `panels` name each panel with its SHA-256, sizes and languages, what it covers by the keys of `ENVELOPE`, and its
    figures when it was left out of the fit; `envelope` gives for each of `ENVELOPE` the least and the largest value
    that the panels cover; `figures` are those of all panels, each left out in turn (of suspect groups left out, where
    there are fewer than three panels), by entry.
    """

    score_version: int
    made: str
    panels: tuple[Mapping[str, Json], ...]
    questions: Mapping[str, Weighing]
    envelope: Mapping[str, tuple[float, float]]
    figures: Mapping[str, Json] = field(default_factory=dict)
    sets: Mapping[str, Json] = field(default_factory=dict)
    """Within what margin of the strongest candidate's log-odds a set of sources reaches (`margin`), and what such sets
    were worth on suspects held out."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the panels cover, by ISO code."""
        return tuple(dict.fromkeys(code for panel in self.panels for code in panel.get("languages", ())))

    def as_json(self) -> dict[str, Json]:
        """The calibration as it is written."""
        return {
            "kind": KIND,
            "version": VERSION,
            "score_version": self.score_version,
            "made": self.made,
            "panels": [dict(panel) for panel in self.panels],
            "questions": {
                key: {
                    "weights": list(one.weights),
                    "replicates": [list(row) for row in one.replicates],
                    "bounds": [one.low, one.high],
                    "positives": one.positives,
                    "positive_groups": one.positive_groups,
                    "negatives": one.negatives,
                    "negative_groups": one.negative_groups,
                    "misled": dict(one.misled),
                }
                for key, one in self.questions.items()
            },
            "envelope": {key: list(ends) for key, ends in self.envelope.items()},
            "figures": dict(self.figures),
            "sets": dict(self.sets),
        }

    def bytes(self) -> bytes:
        """The file: canonical JSON, so that equal numbers are equal bytes."""
        return canonical(self.as_json())

    @property
    def sha256(self) -> str:
        """The digest of the file."""
        return sha256(self.bytes())

    @property
    def name(self) -> str:
        """What it was made from, in a few words."""
        return " + ".join(str(panel["name"]) for panel in self.panels)


def read_calibration(path: Path) -> Calibration:
    """The calibration in a file; raises BadInputError, saying what does not fit."""
    import orjson

    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= _LARGEST else b""
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "that is no path"
        raise BadInputError(f"The calibration “{path.name}” can't be read: {why}.", hint="Check the path.") from None
    try:
        return parsed(orjson.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise BadInputError(
            f"“{path.name}” is no calibration that this version can use ({error}).",
            hint="`workbench calibrate PANEL.json --out FILE` makes one.",
        ) from None


def parsed(value: Any) -> Calibration:
    """The calibration that JSON means; raises ValueError, KeyError or TypeError where it does not fit."""
    if value["kind"] != KIND or value["version"] != VERSION:
        raise ValueError("another kind of file, or another version")
    questions = {key: _weighing(value["questions"][key]) for key in QUESTIONS}
    return Calibration(
        score_version=int(value["score_version"]),
        made=str(value["made"]),
        panels=tuple(dict(panel) for panel in value["panels"]),
        questions=questions,
        envelope={key: _pair(value["envelope"][key]) for key in ENVELOPE},
        figures=dict(value["figures"]),
        sets=dict(value["sets"]),
    )


def _weighing(value: Any) -> Weighing:
    low, high = _pair(value["bounds"])
    return Weighing(
        weights=_row(value["weights"]),
        replicates=tuple(_row(row) for row in value["replicates"]),
        low=low,
        high=high,
        positives=int(value["positives"]),
        positive_groups=int(value["positive_groups"]),
        negatives=int(value["negatives"]),
        negative_groups=int(value["negative_groups"]),
        misled=dict(value.get("misled") or {}),
    )


def _row(values: Sequence[Any]) -> tuple[float, ...]:
    row = tuple(_number(value) for value in values)
    if len(row) != COLUMNS:
        raise ValueError(f"a row of {len(row)} weights where {COLUMNS} belong")
    return row


def _pair(values: Sequence[Any]) -> tuple[float, float]:
    low, high = (_number(value) for value in values)
    if low > high:
        raise ValueError("bounds in the wrong order")
    return low, high


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a number that is not finite")
    return number


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


@dataclass(frozen=True, slots=True)
class StatedPanel:
    """A panel that a calibration was fitted on, and its sizes where they are stated."""

    name: str = "unnamed"
    models: int | None = None
    prompts: int | None = None


class Tens(NamedTuple):
    """How many unlinked pairs lie beyond an LR of 10, and whether those that stand at 10 are among them."""

    pairs: int
    with_ten: bool

    @property
    def words(self) -> str:
        """Where these pairs lie."""
        return "at 10 or above" if self.with_ten else "above 10"


def tens(at_least: int | None, above: int | None) -> Tens:
    """The pairs at 10 or above; of a calibration that does not count these, those above 10.

    An LR of 10 is as far as a case with few controls goes, so that many stand at it and none above.
    """
    return Tens(above or 0, False) if at_least is None else Tens(at_least, True)


@dataclass(frozen=True, slots=True)
class Misled:
    """How often pairs that a calibration was not fitted on pointed the wrong way: counts."""

    positives: int = 0
    negatives: int = 0
    pos_lr_lt_1: int = 0
    neg_lr_gt_1: int = 0
    neg_lr_gt_10: int = 0
    neg_lr_ge_10: int | None = None

    @property
    def tens(self) -> Tens:
        """How many unlinked pairs reached 10."""
        return tens(self.neg_lr_ge_10, self.neg_lr_gt_10)


@dataclass(frozen=True, slots=True)
class Tippett:
    """Tippett's curves: of the pairs with a link and without one, how many have a log10 LR of each value or more.

    Source: Evett and Buckleton (1996), Statistical analysis of STR data; Meuwly (2001), Reconnaissance de locuteurs en
    sciences forensiques, thesis, University of Lausanne.
    """

    log10_lr: tuple[float, ...]
    positives: tuple[int, ...]
    negatives: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MisledOnAll(Misled):
    """The same over all panels, and apart over smaller panels with fewer than `FEW` controls."""

    few: Misled = Misled()
    tippett: Tippett | None = None
    """None in calibrations that were made before they held it."""


@dataclass(frozen=True, slots=True)
class StatedQuestion:
    """What the LRs of one question rest on."""

    positives: int
    positive_groups: int
    negatives: int
    negative_groups: int
    misled: MisledOnAll = MisledOnAll()
    bounds: tuple[float, float] | None = None
    """The log10 LRs that the calibration bears; what is narrower is set by the case."""


@dataclass(frozen=True, slots=True)
class StatedFigures:
    """Figures of what was left out of the fit: counts, `cllr`, the share `pos_lr_lt_1`, and intervals by figure.

    Areas under the curve are those of the method, of it with siblings as unlinked, and of maker and date without text;
    `top1_siblings` is the share of `top1_n` suspects whose source came first where siblings stood beside it.
    """

    n_pairs: int = 0
    n_positive: int = 0
    cllr: float | None = None
    cllr_min: float | None = None
    eer: float | None = None
    auc: float | None = None
    auc_siblings: float | None = None
    auc_no_text: float | None = None
    top1_siblings: float | None = None
    top1_n: int | None = None
    neg_lr_gt_1: int | None = None
    neg_lr_gt_10: int | None = None
    neg_lr_ge_10: int | None = None
    neg_lr_gt_100: int | None = None
    pos_lr_lt_1: float = 0.0
    interval: Mapping[str, tuple[float, float] | None] = field(default_factory=dict)

    @property
    def n_negative(self) -> int:
        """Pairs without a documented source."""
        return self.n_pairs - self.n_positive

    @property
    def tens(self) -> Tens:
        """How many pairs without a documented source reached 10."""
        return tens(self.neg_lr_ge_10, self.neg_lr_gt_10)


@dataclass(frozen=True, slots=True)
class StatedCalibration:
    """What a Finding says of its calibration, as far as sentences read it again."""

    name: str
    made: str
    sha256: str
    panels: tuple[StatedPanel, ...]
    questions: Mapping[str, StatedQuestion]
    figures: Mapping[str, Json] = field(default_factory=dict)
    envelope: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def all_pairs(self) -> StatedFigures:
        """The figures over all kinds of true pair; empty where none are stated."""
        return read(StatedFigures, self.figures.get("all") or {})


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
