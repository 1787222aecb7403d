"""Which models are relatives of the suspect by their texts, without a look at the protected side."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from workbench.core.model import Corpus
from workbench.core.selection import Question, Similarities
from workbench.core.statistics.resampling import NORMAL_MAD

RELATIVE = 4.0
"""A relative's answers are so many scaled median absolute deviations closer to the suspect's than the median control's
are."""


def borne_out(found: Similarities, question: Question, some: Iterable[Corpus]) -> set[str]:
    """Those of some corpora whose answers stand out in their likeness to the suspect's, as a base's or a sibling's do.

    Likeness is the mean cosine over the views and the prompts of both.
    """
    close = _likeness(found, question.suspect.name)
    controls = np.array([close[c.name] for c in question.controls if c.name in close])
    if not len(controls):
        return set()
    centre = float(np.median(controls))
    least = centre + RELATIVE * NORMAL_MAD * float(np.median(np.abs(controls - centre)))
    return {c.name for c in some if close.get(c.name, least) > least}


def _likeness(found: Similarities, suspect: str) -> dict[str, float]:
    if suspect not in found.models:
        return {}
    place = found.models.index(suspect)
    both = found.present & found.present[:, [place]]
    sums = [np.where(both, view[:, place], 0.0).sum(axis=0, dtype=np.float64) for view in found.values.values()]
    return dict(zip(found.models, (np.mean(sums, axis=0) / np.maximum(both.sum(axis=0), 1)).tolist(), strict=True))
