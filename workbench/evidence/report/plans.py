"""The locked plan in a pack: its versions, what was run of it and beside it, all as the audit log tells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workbench.core.hashing import canonical, sha256
from workbench.core.model import Json
from workbench.core.plan import (
    CONFIRMATORY,
    EXPLORATORY,
    NOTHING_LOCKED,
    LockedPlan,
    Look,
    MadeRun,
    done,
    plans_in,
    runs_in,
)
from workbench.evidence.pack.contents import PackContents


@dataclass(frozen=True, slots=True)
class Planned:
    """What a log says of plans and runs; `recorded` is False where it comes from before plans were recorded."""

    versions: tuple[LockedPlan, ...]
    runs: tuple[MadeRun, ...]
    recorded: bool

    @property
    def in_force(self) -> LockedPlan | None:
        """The last version of the plan, or None where none was locked."""
        return self.versions[-1] if self.versions else None

    def looks(self) -> list[tuple[Look, list[MadeRun]]]:
        """Every run that the plan in force says, with the findings that were made of it."""
        return [(look, done(look, self.runs)) for look in self.in_force.looks()] if self.in_force else []

    def not_run(self) -> list[Look]:
        """What is planned and was not run."""
        return [look for look, made in self.looks() if not made]


def planned_in(lines: Sequence[Json]) -> Planned:
    """What the lines of an audit log say; LookupError, TypeError or AttributeError where they are malformed."""
    versions, runs = plans_in(lines), runs_in(lines)
    recorded = bool(versions) or any(run.status.look for run in runs)
    return Planned(tuple(versions), tuple(runs), recorded)


def planned_of(contents: PackContents) -> Planned:
    """What the audit log of a pack that is being made says."""
    return _read(contents.ledger_lines)


@lru_cache(maxsize=1)
def _read(lines: tuple[str, ...]) -> Planned:
    """A report asks for this many times over, of one and the same long log."""
    return planned_in([json.loads(text) for text in lines])


def plan_json(planned: Planned) -> Json:
    """What plan.json holds: each version whole, what was run of it, and the status of every run."""
    force = planned.in_force
    return {
        "statement": NOTHING_LOCKED if force is None else f"Version {force.version} of the plan is in force.",
        "in_force": None if force is None else force.version,
        "versions": [_version(plan, planned.runs) for plan in planned.versions],
        "runs": [_run(run) for run in planned.runs],
    }


def _version(plan: LockedPlan, runs: Iterable[MadeRun]) -> Json:
    made = list(runs)
    return {
        "version": plan.version,
        "sha256": plan.sha256,
        "locked": plan.locked,
        "examiner": plan.examiner,
        "reason": plan.reason,
        "findings_before": plan.findings_before,
        "said": plan.lateness(),
        "ledger_line": plan.line,
        "plan": plan.plan,
        "planned": [
            {
                "analysis": look.analysis,
                "suspect": look.suspect,
                "protected": look.protected,
                "look": look.digest,
                "findings": [run.number for run in done(look, made)],
            }
            for look in plan.looks()
        ],
    }


def _run(run: MadeRun) -> Json:
    return {
        "finding": run.number,
        "analysis": run.analysis,
        "suspect": run.suspect,
        "protected": run.protected,
        "withdrawn": run.withdrawn,
        **run.status.as_json(),
    }


def contradictions(planned: Planned) -> Iterator[str]:
    """Where a log with a sound chain contradicts itself on its plan, in words."""
    for number, plan in enumerate(planned.versions, 1):
        if plan.version != number or sha256(canonical(plan.plan)) != plan.sha256:
            yield f"Version {plan.version} of the plan does not have its number or its hash."
        if plan.findings_before < sum(run.line < plan.line for run in planned.runs):
            yield f"Version {plan.version} of the plan came after more findings than it says."
    for run in planned.runs:
        if run.status.look:
            yield from _run_contradictions(run, [p for p in planned.versions if p.line < run.line])


def _run_contradictions(run: MadeRun, before: Sequence[LockedPlan]) -> Iterator[str]:
    status = run.status
    force = (before[-1].version, before[-1].sha256) if before else (None, None)
    if (status.version, status.sha256) != force or status.status not in (CONFIRMATORY, EXPLORATORY):
        yield f"Finding {run.number} names another plan than the one that was in force."
    foreseen = bool(before) and any(look.digest == status.look for look in before[-1].looks())
    if foreseen != status.confirmatory or bool(status.deviations) == status.confirmatory:
        yield f"Finding {run.number} does not have the status that the plan gives it."
