"""The locked plan of a case: written, locked, run, and held against every run that is made."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.app import catalogue as known
from workbench.app.plan_draft import bearing, checked, corpora_json, filled, parts_of, planned_analysis, request_of
from workbench.app.requests import RunRequest
from workbench.core.errors import BadInputError, CaseError, RefusedError, UsageError
from workbench.core.model import Corpus, Json
from workbench.core.params import resolve
from workbench.core.plan import (
    NOTHING_LOCKED,
    LockedPlan,
    Look,
    LookPart,
    MadeRun,
    RunStatus,
    done,
    judged,
)
from workbench.core.progress import Progress, part, silent
from workbench.core.selection import Question, Selection
from workbench.store import Case, StoredFinding

Asking = Callable[[RunRequest], Question]
"""Who would be compared with whom; raises UsageError or RefusedError in words."""

Running = Callable[[str, RunRequest, Progress], StoredFinding]
"""Runs an analysis by its key and stores its Finding; raises RefusedError or UsageError in words."""

_LARGEST = 16 << 20


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A look of the plan and the runs that were made of it; `request` is how it is asked for."""

    look: Look
    request: RunRequest
    runs: tuple[MadeRun, ...]


@dataclass(frozen=True, slots=True)
class PlanState:
    """The versions of the plan, what the last says is to be run, and the runs that it did not foresee."""

    versions: tuple[LockedPlan, ...]
    planned: tuple[PlannedRun, ...]
    exploratory: tuple[MadeRun, ...]

    @property
    def in_force(self) -> LockedPlan | None:
        """The last version, or None where none was locked."""
        return self.versions[-1] if self.versions else None

    def words(self) -> str:
        """The state in a sentence or two."""
        plan = self.in_force
        if plan is None:
            return NOTHING_LOCKED
        made = sum(bool(p.runs) for p in self.planned)
        when = f"{plan.locked[:19].replace('T', ' ')} UTC"
        late = f", {plan.lateness()}" if plan.findings_before else ", before any finding was made"
        return (
            f"Version {plan.version} of the plan was locked on {when}{late}. Planned runs: {len(self.planned)}, "
            f"of which made: {made}. Exploratory runs: {len(self.exploratory)}."
        )


def draft(
    corpora: Sequence[Corpus], ask: Asking, select: Callable[[Question], Selection]
) -> tuple[Json, tuple[str, ...]]:
    """A plan filled from the case, and in words which analyses this material does not allow."""
    keys = known.plannable()
    plan = filled(corpora, keys)
    refused = _refusals(plan, ask, select)
    plan["analyses"] = [a for a in plan["analyses"] if a["analysis"] not in refused]
    return plan, tuple(f"{key} is not in the draft: {why}" for key, why in refused.items())


def _refusals(plan: Json, ask: Asking, select: Callable[[Question], Selection]) -> dict[str, str]:
    """The analyses that the first comparison does not allow, with the reason; none where there is no comparison."""
    if not plan["suspects"] or not plan["protected"]:
        return {}
    try:
        question = ask(request_of(plan, plan["suspects"][0], plan["protected"][0]))
    except (UsageError, RefusedError):
        return {}
    selection = select(question)
    reasons = {a["analysis"]: known.analysis(a["analysis"])().refuse(selection) for a in plan["analyses"]}
    return {key: why for key, why in reasons.items() if why is not None}


def read_file(path: Path) -> Json:
    """A plan file as plain JSON; raises BadInputError."""
    try:
        if path.stat().st_size > _LARGEST:
            raise BadInputError(f"{path.name} is too large for a plan.")
        return json.loads(path.read_bytes())
    except OSError as error:
        raise BadInputError(f"{path} can't be read: {error.strerror}.", hint="Check the path.") from error
    except (ValueError, RecursionError) as error:
        raise BadInputError(
            f"{path.name} is not JSON.", hint="`workbench plan CASE --draft FILE` writes one."
        ) from error


def write_file(path: Path, plan: Json, *, replace: bool = False) -> None:
    """Write a plan for people to edit; a file that is there stays, unless it may be replaced. Raises CaseError."""
    try:
        with path.open("w" if replace else "x", encoding="utf-8") as stream:
            stream.write(json.dumps(plan, indent=2, ensure_ascii=False) + "\n")
    except FileExistsError as error:
        raise CaseError(f"{path} exists already.", hint="Choose another name, or remove it.") from error
    except OSError as error:
        raise CaseError(f"{path} can't be written: {error.strerror}.", hint="Choose another place.") from error


def resolved(corpora: Sequence[Corpus], ask: Asking, given: Any) -> Json:
    """A plan as it would be locked: each name in the case, each comparison with its controls and their digests.

    Raises UsageError for what does not fit, RefusedError when no comparison of it is possible.
    """
    plan = checked(given, corpora)
    comparisons: list[Json] = []
    impossible: list[Json] = []
    for suspect in plan["suspects"]:
        for protected in plan["protected"]:
            try:
                question = ask(request_of(plan, suspect, protected))
            except RefusedError as error:
                impossible.append({"suspect": suspect, "protected": protected, "reason": error.message})
                continue
            comparisons.append(
                {
                    "suspect": suspect,
                    "protected": protected,
                    "label": question.protected_name,
                    "parts": {name: role for name, (role, _) in sorted(parts_of(question).items())},
                    "left_out": [item.as_json() for item in question.left_out],
                }
            )
    if not comparisons:
        raise RefusedError(f"No comparison of this plan is possible. {impossible[0]['reason']}")
    return plan | {"comparisons": comparisons, "impossible": impossible}


def state(case: Case) -> PlanState:
    """What is planned and what was run of it."""
    plans, runs = case.plans(), case.runs()
    planned = _planned(plans[-1], runs) if plans else ()
    return PlanState(tuple(plans), planned, tuple(r for r in runs if not r.status.confirmatory))


def _planned(plan: LockedPlan, runs: list[MadeRun]) -> tuple[PlannedRun, ...]:
    asked = [
        request_of(plan.plan, comparison["suspect"], comparison["protected"], planned)
        for comparison in plan.plan["comparisons"]
        for planned in plan.plan["analyses"]
    ]
    return tuple(
        PlannedRun(look, request, tuple(done(look, runs))) for look, request in zip(plan.looks(), asked, strict=True)
    )


def look_of(key: str, parameters: Json, seed: int, question: Question) -> Look:
    """A run as a look: what it compares, with which settings."""
    return Look(
        analysis=key,
        version=known.analysis(key).version,
        parameters=dict(parameters),
        seed=str(seed),
        suspect=question.suspect.name,
        protected=question.protected_name,
        parts={
            name: LookPart(role, corpus.sha256, bearing(corpus.facts))
            for name, (role, corpus) in sorted(parts_of(question).items())
        },
        despite_date=question.despite_date is not None,
        fewer_prompts=question.fewer_prompts is not None,
    )


def status_of_run(case: Case, key: str, request: RunRequest, question: Question) -> RunStatus:
    """Whether a run would be confirmatory under the plan in force, and if not, why."""
    parameters = resolve(known.analysis(key), request.parameters)
    look = look_of(key, parameters, request.seed, question)
    return judged(look, case.plans(), case.runs())


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What running the plan came to: numbers of the new findings, and planned looks with why they were refused."""

    made: tuple[int, ...]
    refused: tuple[tuple[Look, str], ...]
    earlier: int


def run_plan(now: PlanState, run: Running, progress: Progress = silent) -> PlanReport:
    """Run everything of the plan in force that has not been run; a refused run does not stop the others.

    Raises UsageError where no plan was locked. What was stored before a cancellation stays.
    """
    if now.in_force is None:
        raise UsageError("No plan was locked in this case.", hint="`workbench plan CASE FILE.json --lock` locks one.")
    open_ = [p for p in now.planned if not p.runs]
    made: list[int] = []
    refused: list[tuple[Look, str]] = []
    for at, planned in enumerate(open_):
        inner = part(progress, at / len(open_), (at + 1) / len(open_))
        try:
            stored = run(planned.look.analysis, planned.request, inner)
        except (RefusedError, UsageError) as error:
            refused.append((planned.look, error.message))
        else:
            made.append(stored.number)
    progress(1.0, "done")
    return PlanReport(tuple(made), tuple(refused), len(now.planned) - len(open_))


def starting_point(case: Case) -> Json:
    """What a new version is written from: the plan in force with the corpora of now, or one filled from the case."""
    versions = case.plans()
    if not versions:
        return filled(case.corpora(), known.plannable())
    kept = {k: v for k, v in versions[-1].plan.items() if k not in ("comparisons", "impossible", "corpora")}
    analyses = [again for a in kept["analyses"] if (again := _of_this_program(a)) is not None]
    return kept | {"analyses": analyses, "corpora": corpora_json(case.corpora())}


def _of_this_program(planned: Json) -> Json:
    """A planned analysis in the version of this program; None where it does not know it with these settings."""
    try:
        return planned_analysis(planned["analysis"], planned["parameters"])
    except UsageError:
        return None


def offered() -> list[tuple[str, Json]]:
    """Every analysis by its title, as it would be planned at its defaults."""
    return [(info.title, planned_analysis(info.key, {})) for info in known.analyses() if not info.opinion]
