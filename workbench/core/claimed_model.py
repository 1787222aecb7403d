"""The model that answers are said to be of, against the models that their records name."""

from __future__ import annotations

import re

from workbench.core.model import Facts

NAMED = "record_model"
"""Stands beside an answer that the user put under another model than its record names."""


_DATE = re.compile(
    r"[-@:](?:20\d\d-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])|"
    r"(?:0[1-9]|1[0-2])-20\d\d|2[0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)\Z"
)
"""A date at the end of a model's name: 2024-07-18, 20241022, 0613, 08-2024, 2407."""


def other_models(name: str, facts: Facts) -> tuple[str, ...]:
    """The models that the records name and that are not the one claimed (or, unclaimed, the corpus's own name).

    Case and what stands before a slash (a maker, a provider) make no difference, nor does a date after the name of a
    model that was claimed without one; a version does.
    """
    claimed = _claimed(name, facts)
    return tuple(model for model in facts.named if _plain(model) not in claimed and not _dated(model, claimed))


def snapshots(name: str, facts: Facts) -> str:
    """One sentence on the models that the records name and that are dated snapshots of the one claimed; or empty."""
    claimed = _claimed(name, facts)
    dated = [model for model in facts.named if _plain(model) not in claimed and _dated(model, claimed)]
    if not dated:
        return ""
    what = "a dated snapshot" if len(dated) == 1 else "dated snapshots"
    return f"The records of {name} name {', '.join(dated)}: {what} of {facts.claimed or name}."


def disagreement(name: str, facts: Facts) -> str:
    """A warning in one sentence where the records name another model than the one claimed; empty where they don't."""
    others = other_models(name, facts)
    if not others:
        return ""
    return f"{name} is claimed to be {facts.claimed or name}, and its records name {', '.join(others)}."


def _claimed(name: str, facts: Facts) -> set[str]:
    return {_plain(model) for model in (facts.claimed or name).split(", ")}


def _dated(model: str, claimed: set[str]) -> bool:
    """Whether a model is one of those claimed with a date after its name (or in place of “latest”)."""
    plain = _plain(model)
    without = _DATE.sub("", plain)
    return without != plain and (without in claimed or f"{without}-latest" in claimed)


def _plain(model: str) -> str:
    return model.rpartition("/")[2].strip().casefold()
