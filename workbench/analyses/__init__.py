"""The analyses: one question, one file."""

from __future__ import annotations

from workbench.analyses.base import Analysis
from workbench.analyses.closest_source import ClosestSource
from workbench.analyses.fitness import Fitness

ANALYSES: tuple[type[Analysis], ...] = (Fitness, ClosestSource)
"""Every analysis, in the order in which a reader meets them."""
