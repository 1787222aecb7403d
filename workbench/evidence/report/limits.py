"""The limits of a case: three for a first page, all of them for the report."""

from __future__ import annotations

from workbench.core.finding_page import Part, Says
from workbench.evidence.report.question import Asked

_ORIGIN = "Closeness is not origin. A third model that taught both would look the same."
_NOTHING = (
    "A finding of nothing clears no one: paraphrase and later training hide a source from any comparison of texts."
)
_INTENT = "Nothing here speaks of intent, permission or terms. Licensed answers look like any others."

_ORDER = (Part.WEIGHT, Part.CLOSENESS, Part.MATERIAL, Part.CONTRAST, Part.SEARCH)

GENERAL = (
    "Closeness is not origin. Text can’t tell who was first, nor by which way one model’s manner came into another: "
    "training, licence, public data, a third model.",
    _NOTHING,
    "A ratio weighs two accounts. If neither holds, it can be large all the same: a sibling of the true source is the "
    "commonest case.",
)
"""Limits of any comparison of texts."""


def of_case(one: Asked) -> list[tuple[str, str, str]]:
    """The limits of this case, each once: name, sentence, what would mend it. What lies outside comes first."""
    found: dict[str, tuple[str, str, str]] = {}
    for item in sorted(one.findings, key=lambda item: _ORDER.index(item.page.part) if item.page.part in _ORDER else 9):
        for limit in item.page.limits:
            found.setdefault(limit[0], limit)
    return list(found.values())


def three_limits(one: Asked) -> tuple[str, str, str]:
    """The three that a reader of the first page must know: one of method, one of this case, one of what is not said."""
    method = _ORIGIN if one.page.says in (Says.FOR, Says.AGAINST) else _NOTHING
    # What lies outside the trial stands beside the error rates, as large.
    own = [sentence for name, sentence, _ in of_case(one) if not name.startswith("Outside")]
    return method, own[0] if own else GENERAL[2], _INTENT
