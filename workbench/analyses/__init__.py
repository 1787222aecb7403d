"""The analyses: one question, one folder."""

from __future__ import annotations

from typing import Any

from workbench.analyses.base import Analysis
from workbench.analyses.closest_source.analysis import ClosestSource
from workbench.analyses.combined.analysis import Combined
from workbench.analyses.did.analysis import Did
from workbench.analyses.fitness.analysis import Fitness
from workbench.analyses.power.analysis import Power
from workbench.analyses.source_search.analysis import SourceSearch
from workbench.analyses.weigh.analysis import Weigh

ANALYSES: tuple[type[Analysis[Any]], ...] = (Fitness, ClosestSource, Weigh, SourceSearch, Did, Power, Combined)
"""Every analysis, in the order in which a reader meets them."""
