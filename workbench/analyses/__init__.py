"""The analyses: one question, one file."""

from __future__ import annotations

from workbench.analyses.base import Analysis
from workbench.analyses.closest_source.analysis import ClosestSource
from workbench.analyses.combined.analysis import Combined
from workbench.analyses.did.analysis import Did
from workbench.analyses.fitness.analysis import Fitness
from workbench.analyses.power.analysis import Power
from workbench.analyses.source_search.analysis import SourceSearch
from workbench.analyses.weigh.analysis import Weigh

ANALYSES: tuple[type[Analysis], ...] = (Fitness, ClosestSource, Weigh, SourceSearch, Did, Power, Combined)
"""Every analysis, in the order in which a reader meets them."""
