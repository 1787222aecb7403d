"""The model that answers are said to be of, against the models that their records name."""

from __future__ import annotations

from workbench.core.model import Facts

NAMED = "record_model"
"""Stands beside an answer that the user put under another model than its record names."""


def other_models(name: str, facts: Facts) -> tuple[str, ...]:
    """The models that the records name and that are not the one claimed (or, unclaimed, the corpus's own name).

    Case and what stands before a slash (a maker, a provider) make no difference; a version does.
    """
    claimed = {_plain(model) for model in (facts.claimed or name).split(", ")}
    return tuple(model for model in facts.named if _plain(model) not in claimed)


def disagreement(name: str, facts: Facts) -> str:
    """A warning in one sentence where the records name another model than the one claimed; empty where they don't."""
    others = other_models(name, facts)
    if not others:
        return ""
    return f"{name} is claimed to be {facts.claimed or name}, and its records name {', '.join(others)}."


def _plain(model: str) -> str:
    return model.rpartition("/")[2].casefold()
