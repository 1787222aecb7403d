"""The analyses: one question, one file."""

from __future__ import annotations

from workbench.analyses.base import Analysis
from workbench.analyses.closest_source import ClosestSource
from workbench.analyses.did import Did
from workbench.analyses.fitness import Fitness
from workbench.analyses.power import Power
from workbench.analyses.source_search import SourceSearch
from workbench.analyses.weigh import Weigh

ANALYSES: tuple[type[Analysis], ...] = (Fitness, ClosestSource, Weigh, SourceSearch, Did, Power)
"""Every analysis, in the order in which a reader meets them."""
