"""What several analyses share: thresholds, and parameters with one label, one range and one sentence of help."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.core.params import param
from workbench.core.statistics.fitted_calibration import SHIPPED

MIN_CONTROLS = 5
"""Fewer controls are no comparison."""
ENOUGH_CONTROLS = 19
"""With as many, p_model can be 0.05."""
ENOUGH_DRAWINGS = 300
"""With fewer, the end of an interval is left to the seed: no claim rests on it."""
MIN_PROMPTS = 30
"""Fewer prompts are no comparison."""
UNUSUAL = 0.05
"""A p up to this is called unusual."""

CONFIDENCE = param(
    0.95,
    "Confidence of the intervals",
    low=0.5,
    high=0.999,
    help="The share of the replicates that lies inside an interval.",
)

MIN_COVERAGE = param(
    0.8,
    "Least share of prompts answered",
    low=0.05,
    high=1.0,
    help="Controls and protected models that answered a smaller share of the prompts are left out, and listed.",
)

BOOTSTRAP_REPLICATES = param(
    500,
    "Bootstrap replicates",
    low=100,
    high=10_000,
    help="How often the prompts are drawn again for the intervals.",
)

CALIBRATION = param(
    SHIPPED,
    "Calibration",
    help="Which calibration turns scores into likelihood ratios: `shipped`, a file that `workbench calibrate` "
    "wrote, or the SHA-256 of one that the case has used.",
)


@dataclass(frozen=True, slots=True)
class Replicated:
    """The parameter of a Finding that says how often something was drawn again."""

    replicates: int
