"""The verbs of the locked plan: draft it, check it, lock it, show it, and run what it says."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from workbench.cli.opening import opened
from workbench.cli.output import DONE, REFUSED, Meter, Result, table
from workbench.core.errors import UsageError
from workbench.core.plan import LockedPlan, Look
from workbench.core.surroundings import Conditions

if TYPE_CHECKING:
    from workbench.app.plan import PlanState


def plan(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Show the plan in force; or write a draft, check a file, or lock it."""
    if options.draft is not None:
        if options.file is not None or options.lock:
            raise UsageError("--draft writes a new file, and nothing is locked.", hint="Lock it in a second call.")
        return _draft(options, conditions, meter)
    if options.file is None:
        if options.lock:
            raise UsageError("No plan is named that could be locked.", hint="`workbench plan CASE FILE.json --lock`.")
        return _show(options, conditions)
    return _lock(options, conditions) if options.lock else _check(options, conditions)


def _draft(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    from workbench.app import plan as case_plan

    with opened(options, conditions, writing=False) as session:
        written, notes = session.draft_plan(meter)
    case_plan.write_file(options.draft, written)
    lines = [
        f"Wrote the draft {options.draft}.",
        *notes,
        f"Next: edit it, then workbench plan CASE {options.draft} --lock",
    ]
    return Result({"path": str(options.draft), "plan": written, "notes": list(notes)}, lines)


def _check(options: Namespace, conditions: Conditions | None) -> Result:
    from workbench.app import plan as case_plan

    with opened(options, conditions, writing=False) as session:
        found = session.resolve_plan(case_plan.read_file(options.file))
    lines = [*_words(found), "", "Nothing is locked yet: --lock does it."]
    return Result({"plan": found, "locked": False}, lines)


def _lock(options: Namespace, conditions: Conditions | None) -> Result:
    from workbench.app import plan as case_plan

    with opened(options, conditions, writing=True) as session:
        locked = session.lock_plan(case_plan.read_file(options.file), options.reason)
    said = f"Locked as version {locked.version} of the plan, SHA-256 {locked.sha256}."
    late = [f"It was {locked.lateness()}, which case, report and pack say."] if locked.findings_before else []
    return Result(_version(locked) | {"locked_now": True}, [*_words(locked.plan), "", said, *late])


def _show(options: Namespace, conditions: Conditions | None) -> Result:
    with opened(options, conditions, writing=False) as session:
        now = session.plan_state()
    force = now.in_force
    document = {
        "in_force": force.version if force else None,
        "said": now.words(),
        "versions": [_version(v) for v in now.versions],
        "planned": [
            {**_look(p.look), "findings": [r.number for r in p.runs], "withdrawn": _withdrawn(p.runs)}
            for p in now.planned
        ],
        "impossible": force.plan["impossible"] if force else [],
        "exploratory": [
            {"number": r.number, "analysis": r.analysis, "deviations": list(r.status.deviations)}
            for r in now.exploratory
        ],
    }
    return Result(document, _state_lines(now))


def _state_lines(now: PlanState) -> list[str]:
    lines = [now.words()]
    if now.in_force is None:
        return lines
    lines += ["", *_words(now.in_force.plan), ""]
    rows = [
        (
            p.look.analysis,
            p.look.suspect,
            p.look.protected,
            ", ".join(map(str, (r.number for r in p.runs))) or "NOT RUN",
        )
        for p in now.planned
    ]
    lines += table(["planned analysis", "suspect", "protected", "finding"], rows)
    lines += [f"Finding {r.number} is withdrawn: {r.withdrawn}" for p in now.planned for r in p.runs if r.withdrawn]
    lines += [f"Finding {r.number} ({r.analysis}) is {r.status.words()}" for r in now.exploratory]
    versions = [(v.version, v.locked, v.examiner, v.lateness() or "before any finding", v.reason) for v in now.versions]
    lines += ["", *table(["version", "locked", "by", "when", "reason"], versions)]
    return [*lines, f"SHA-256 of version {now.in_force.version}: {now.in_force.sha256}"]


def _words(plan: Any) -> list[str]:
    """A plan in lines of text."""
    lines = [f"H1: {plan['propositions']['H1']}", f"H2: {plan['propositions']['H2']}"]
    people = plan["population"]
    lines.append(f"Population: era: {people['era']}; size class: {people['size_class']}; base: {people['base']}")
    for item in plan["comparisons"]:
        count = sum(role == "control" for role in item["parts"].values())
        lines.append(
            f"{item['suspect']} against {item['label']}: {count} controls, {len(item['left_out'])} corpora left out"
        )
        lines += [f"  left out: {out['corpus']}: {out['reason']}" for out in item["left_out"]]
    lines += [f"Impossible: {i['suspect']} against {i['protected']}: {i['reason']}" for i in plan["impossible"]]
    for planned in plan["analyses"]:
        settings = ", ".join(f"{name} {value}" for name, value in planned["parameters"].items())
        lines.append(f"Analysis: {planned['analysis']} ({settings})")
    return [*lines, f"Seed: {plan['seed']}"]


def _version(locked: LockedPlan) -> dict[str, Any]:
    return {
        "version": locked.version,
        "sha256": locked.sha256,
        "locked": locked.locked,
        "examiner": locked.examiner,
        "reason": locked.reason,
        "findings_before": locked.findings_before,
        "said": locked.lateness(),
        "line": locked.line,
        "plan": locked.plan,
    }


def _look(look: Look) -> dict[str, Any]:
    return {"analysis": look.analysis, "suspect": look.suspect, "protected": look.protected, "look": look.digest}


def _withdrawn(runs: Any) -> list[int]:
    return [run.number for run in runs if run.withdrawn]


def run_plan(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Run everything of the plan in force that was not run yet."""
    if not options.plan:
        raise UsageError(
            "No analysis is named that could be run.",
            hint="`workbench run --help` lists them; --plan runs the locked plan.",
        )
    with opened(options, conditions, writing=True) as session:
        report = session.run_plan(meter)
        stored = [session.finding(number) for number in report.made]
    document = {
        "made": [
            {"number": s.number, "analysis": s.finding.analysis, "headline": s.narrative.headline} for s in stored
        ],
        "refused": [{**_look(look), "reason": why} for look, why in report.refused],
        "earlier": report.earlier,
    }
    lines = [f"Finding {s.number}: {s.finding.analysis}: {s.narrative.headline}" for s in stored]
    lines += [f"NOT RUN: {look.words()}: {why}" for look, why in report.refused]
    lines.append(f"Made now: {len(stored)}. Made earlier: {report.earlier}. Not run: {len(report.refused)}.")
    return Result(document, lines, REFUSED if report.refused else DONE)
