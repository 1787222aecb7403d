"""The analyses: one question, one folder."""

from __future__ import annotations

from typing import Any

from workbench.analyses.base import Analysis
from workbench.analyses.campaign.analysis import Campaign
from workbench.analyses.canaries.analysis import Canaries
from workbench.analyses.closest_source.analysis import ClosestSource
from workbench.analyses.combined.analysis import Combined
from workbench.analyses.did.analysis import Did
from workbench.analyses.exposure.analysis import Exposure
from workbench.analyses.fitness.analysis import Fitness
from workbench.analyses.keyed_signal.analysis import KeyedSignal
from workbench.analyses.power.analysis import Power
from workbench.analyses.same_endpoint.analysis import SameEndpoint
from workbench.analyses.source_search.analysis import SourceSearch
from workbench.analyses.training_set.analysis import TrainingSet
from workbench.analyses.verbatim.analysis import Verbatim
from workbench.analyses.weigh.analysis import Weigh

ANALYSES: tuple[type[Analysis[Any]], ...] = (
    Fitness,
    ClosestSource,
    Weigh,
    SourceSearch,
    Did,
    Power,
    Verbatim,
    SameEndpoint,
    TrainingSet,
    Canaries,
    KeyedSignal,
    Exposure,
    Campaign,
    Combined,
)
"""Every analysis, in the order in which a reader meets them."""
