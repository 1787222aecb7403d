"""method.md: how the scores are computed, so that somebody can write them again from the text alone.

Numbers and lists of words are those of the code, as it stands when the text is made.
"""

from __future__ import annotations

import json

from workbench.analyses.scoring import independent, partial_correlation, robust_z_scores, seats, similarity, vectors
from workbench.analyses.scoring.parameters import MIN_CONTROLS, MIN_PROMPTS
from workbench.core.model import Json
from workbench.core.resources import resource
from workbench.core.statistics import unseen_panel
from workbench.core.statistics.resampling import NORMAL_MAD


def constants() -> Json:
    """The numbers and lists that the text speaks of, by their names in it."""
    return {
        "VIEWS": list(similarity.VIEWS),
        "STYLE": list(partial_correlation.STYLE),
        "SCALE": vectors.WEIGHT_SCALE,
        "MOST_COUNT": len(vectors.WEIGHTS) - 1,
        "LONGEST": vectors.LONGEST,
        "EDGE": similarity.EDGE,
        "RUN": similarity.RUN,
        "CONTINUING": similarity.CONTINUING,
        "CLOSED": sorted(set(similarity.CLOSED.split())),
        "EACH": [list(pair) for pair in vectors.EACH_RANGES],
        "PRESENT": partial_correlation.PRESENT,
        "MIN_CONTROLS": MIN_CONTROLS,
        "MIN_PROMPTS": MIN_PROMPTS,
        "NORMAL_MAD": NORMAL_MAD,
        "NO_SPREAD": robust_z_scores.NO_SPREAD,
        "FLOOR": robust_z_scores.FLOOR,
        "NO_DIRECTION": robust_z_scores.NO_DIRECTION,
        "LEAST_TOKENS": seats.LEAST_TOKENS,
        "LEAST_PROMPTS": seats.LEAST_PROMPTS,
        "SAME_LANGUAGE": seats.SAME_LANGUAGE,
        "LEFT": seats.LEFT,
        "COVERAGE": seats.COVERAGE,
        "RIDGE": partial_correlation.RIDGE,
        "PLACEBOS": partial_correlation.PLACEBOS,
        "LEAST_ROOM": partial_correlation.LEAST_ROOM,
        "LEAST_SCALE": partial_correlation.LEAST_SCALE,
        "MOST": partial_correlation.MOST,
        "USUAL": partial_correlation.USUAL,
        "PROMPTS": list(partial_correlation.PROMPTS),
        "USUAL_PROMPTS": partial_correlation.USUAL_PROMPTS,
        "TAU": unseen_panel.TAU,
        "OMEGA": unseen_panel.OMEGA,
        "COPY": independent.COPY,
        "ALWAYS": independent.ALWAYS,
        "PER_CHANCE": independent.PER_CHANCE,
    }


def method() -> str:
    """The whole text."""
    listed = json.dumps(constants(), ensure_ascii=False, indent=1)
    return f"{resource('report/method.md').read_text('utf-8')}\n```json\n{listed}\n```\n"
