"""The likelihood ratio for a panel that was not seen: log-odds drawn towards 0 by what panels differ in.

On another panel the same score may mean less or more: its log-odds have another constant, and are steeper or flatter.
With a constant that deviates by tau (in nats) and a slope that deviates by the share omega, both normal, the expected
probability at even prior odds is that of the logistic function with the log-odds divided by sqrt(1 + pi v / 8), where
v = tau^2 + (omega times the part of the log-odds that the score gives)^2.

Sources: Spiegelhalter and Lauritzen (1990), doi:10.1002/net.3230200507; MacKay (1992),
doi:10.1162/neco.1992.4.5.720 (the approximation).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

TAU = 0.5
"""By how much, in nats, the constant differs between panels."""

OMEGA = 0.3
"""By what share the steepness differs between panels."""

LN10 = float(np.log(10.0))


def log10_lrs(design: Floats, weights: Floats) -> Floats:
    """Log10 LRs (..., questions) from weights (questions, columns) and designs (..., columns) that end with a 1."""
    score, constant = design[..., :-1] @ weights[..., :-1].T, weights[..., -1]
    spread = TAU**2 + (OMEGA * score) ** 2
    return np.asarray((score + constant) / np.sqrt(1 + np.pi * spread / 8) / LN10)
