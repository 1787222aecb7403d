"""The result of a validation study: what was tested with what, every scored pair, and the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbench.core.model import Json
from workbench.core.statistics.validation_figures import ScoredPair

LOO = "loo"
LOPO = "lopo"
SHIPPED = "shipped"
FILE = "file"


@dataclass(frozen=True, slots=True)
class Variant:
    """Figures under another condition: a maker left out of the fit, or a view taken away.

    `figures` is one entry as `scored.figures` makes it, or None where nothing can be scored; `note` says in
    a few words what was done, where the name does not.
    """

    name: str
    figures: Mapping[str, Json] | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """All that a validation report says: it is written from this alone.

    `mode` is loo (fitted on the panel's other groups), lopo (fitted on the other panels), shipped or file (fitted
    elsewhere); `date` is ISO 8601
    in UTC; `figures` are by entry (all, distilled, derived, relay); `material`, `envelope` are labels with
    values; `makers` leave one maker's positives out of the fit and show that maker's; `limits` say what this
    panel can't show.
    """

    panel: str
    panel_sha256: str
    calibration: str
    calibration_sha256: str
    mode: str
    date: str
    examiner: str
    seed: int
    replicates: int
    pairs: tuple[ScoredPair, ...]
    figures: Mapping[str, Mapping[str, Json]]
    teacherless: frozenset[str] = frozenset()
    material: tuple[tuple[str, str], ...] = ()
    panels: tuple[Variant, ...] = ()
    """Each of several panels by itself, and all smaller panels with few controls."""
    makers: tuple[Variant, ...] = ()
    ablation: tuple[Variant, ...] = ()
    envelope: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    software: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> Json:
        """What `workbench validate --json` prints."""
        return {
            "panel": self.panel,
            "calibration": self.calibration,
            "figures": {entry: dict(found) for entry, found in self.figures.items()},
            "panels": {one.name: one.figures for one in self.panels},
            "pairs": [pair.as_json() for pair in self.pairs],
        }


def misleading(pairs: Sequence[ScoredPair]) -> tuple[list[ScoredPair], list[ScoredPair], list[ScoredPair]]:
    """The pairs whose LR points the wrong way, worst first: positives below 1, negatives above 1, siblings above 10."""
    true = [p for p in pairs if p.positive and p.log10_lr < 0]
    false = [p for p in pairs if not p.positive and not p.excluded and p.log10_lr > 0]
    siblings = [p for p in pairs if p.excluded == "sibling" and p.log10_lr > 1]
    return (
        sorted(true, key=lambda p: p.log10_lr_uncapped),
        sorted(false, key=lambda p: -p.log10_lr_uncapped),
        sorted(siblings, key=lambda p: -p.log10_lr_uncapped),
    )
