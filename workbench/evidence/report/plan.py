"""The plan in the report: what was locked and when, what was run of it, deviations, and the number of looks."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.plan import NOTHING_LOCKED, PROMPT_P, LockedPlan, RunStatus, holm, status_of
from workbench.evidence.pack.contents import PackContents, PackFinding
from workbench.evidence.pack.names import ANALYSIS
from workbench.evidence.report import wording
from workbench.evidence.report.document import Block, Bullets, Grid, GridColumn, Heading, Notice, Pairs, Paragraph
from workbench.evidence.report.plans import Planned, planned_of
from workbench.evidence.report.value_format import shorter, when

_MOST = 40


def status_words(item: PackFinding) -> str:
    """The status of a finding as a sentence."""
    words = status_of(item.options).words()
    return f"{words[:1].upper()}{words[1:]}."


def status_sentences(contents: PackContents) -> tuple[str, ...]:
    """What a reader of the first page must know of the plan: whether there was one, when, and what was not run."""
    planned = planned_of(contents)
    plan = planned.in_force
    if plan is None:
        return (NOTHING_LOCKED,)
    said = [f"Version {plan.version} of the plan was locked on {when(plan.locked)}, {_lateness(plan)}."]
    if missing := planned.not_run():
        named = "; ".join(shorter(look.words()) for look in missing[:_MOST])
        more = f"; and {len(missing) - _MOST} more" if len(missing) > _MOST else ""
        said.append(f"Planned but not run: {named}{more}.")
    return tuple(said)


def _lateness(plan: LockedPlan) -> str:
    return plan.lateness().removeprefix("locked ") or "before any finding had been made"


def confirmatory_first(items: Sequence[PackFinding]) -> list[PackFinding]:
    """Findings with those that the plan foresaw before the others, else as they were."""
    return sorted(items, key=lambda item: not status_of(item.options).confirmatory)


def ordered(contents: PackContents) -> list[tuple[str, list[PackFinding]]]:
    """The findings in groups with a heading each, confirmatory ones first; one group where there was no plan."""
    if planned_of(contents).in_force is None:
        return [("", list(contents.findings))]
    groups: dict[bool, list[PackFinding]] = {True: [], False: []}
    for item in contents.findings:
        groups[status_of(item.options).confirmatory].append(item)
    return [("Confirmatory findings", groups[True]), ("Exploratory findings", groups[False])]


def propositions(contents: PackContents) -> tuple[str, str]:
    """H1 and H2, in the words of the plan in force where there is one."""
    plan = planned_of(contents).in_force
    if plan is None:
        return wording.H1, wording.H2
    said = plan.plan["propositions"]
    return f"H1: {said['H1']}", f"H2: {said['H2']}"


def plan_blocks(contents: PackContents) -> list[Block]:
    """The plan in force, what was run of it, its earlier versions, and the number of looks."""
    planned = planned_of(contents)
    blocks: list[Block] = [Heading(2, "The locked plan")]
    plan = planned.in_force
    if plan is None:
        return [*blocks, Paragraph(NOTHING_LOCKED), *_looks(contents, planned)]
    if plan.findings_before:
        blocks.append(
            Notice(
                f"This plan was {plan.lateness()}",
                "Whoever wrote it could know those results. Read what it foresees with that in mind.",
            )
        )
    blocks += [_facts(plan), _comparisons(plan), *_impossible(plan), *_made(planned), *_versions(planned)]
    blocks.append(
        Paragraph(
            f"The plan lies in {ANALYSIS}plan.json, every version whole, with the digest of each corpus when it was "
            "locked. A run is confirmatory when analysis, suspect, protected models, controls, settings, seed and all "
            "digests are those of the plan that was in force. That was decided when the run was made.",
            "small",
        )
    )
    return [*blocks, *_looks(contents, planned)]


def _facts(plan: LockedPlan) -> Pairs:
    said = plan.plan
    population, controls = said["population"], said["controls"]
    rows = [
        ("Version", str(plan.version)),
        ("Locked", f"{when(plan.locked)}, {_lateness(plan)}"),
        ("By", shorter(plan.examiner, 200)),
        ("Line in the audit log", str(plan.line)),
        ("SHA-256 of the plan", plan.sha256),
        ("Population: era", population["era"]),
        ("Population: size class", population["size_class"]),
        ("Population: base", population["base"]),
        ("Controls", "all that can be one" if controls["named"] is None else _named(controls["named"])),
        *((f"Control left out: {shorter(name)}", why) for name, why in sorted(controls["excluded"].items())),
        *(("Settings: " + a["analysis"], _settings(a["parameters"])) for a in said["analyses"]),
        ("Seed", said["seed"]),
        ("Compared despite the dates", said["despite_date"] or "no"),
    ]
    rows += [("Compared with fewer prompts", said["fewer_prompts"])] if said.get("fewer_prompts") else []
    rows += [("Reason for this version", plan.reason)] if plan.reason else []
    rows += [("Notes", said["notes"])] if said["notes"] else []
    return Pairs(tuple(rows), frozenset({"SHA-256 of the plan"}))


def _named(names: Sequence[str]) -> str:
    more = f"; and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return "; ".join(shorter(name, 60) for name in names[:_MOST]) + more


def _settings(parameters: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(parameters.items())) or "none"


def _comparisons(plan: LockedPlan) -> Grid:
    rows = tuple(
        (
            shorter(item["suspect"]),
            shorter(item["label"]),
            str(_count(item, "protected")),
            str(_count(item, "control")),
            "; ".join(f"{shorter(out['corpus'], 60)}: {shorter(out['reason'])}" for out in item["left_out"]) or "none",
        )
        for item in plan.plan["comparisons"]
    )
    number = "number"
    return Grid(
        "Who is compared with whom, as planned",
        (
            GridColumn("Suspect", 4),
            GridColumn("Protected", 4),
            GridColumn("Members", 2, number),
            GridColumn("Controls", 2, number),
            GridColumn("Left out, and why", 9),
        ),
        rows,
    )


def _count(item: dict[str, dict[str, str]], role: str) -> int:
    return sum(own == role for own in item["parts"].values())


def _impossible(plan: LockedPlan) -> list[Block]:
    rows = tuple(
        (shorter(i["suspect"]), shorter(i["protected"]), shorter(i["reason"], 300)) for i in plan.plan["impossible"]
    )
    columns = (GridColumn("Suspect", 3), GridColumn("Protected", 3), GridColumn("Why", 6))
    return [Grid("Comparisons of the plan that the dates or the families do not allow", columns, rows)] if rows else []


def _made(planned: Planned) -> list[Block]:
    rows = tuple(
        (
            shorter(look.analysis),
            shorter(look.suspect),
            shorter(look.protected),
            "; ".join(f"finding {run.number}" + (", withdrawn" if run.withdrawn else "") for run in made) or "NOT RUN",
        )
        for look, made in planned.looks()
    )
    columns = (GridColumn("Analysis", 3), GridColumn("Suspect", 4), GridColumn("Protected", 4), GridColumn("Run as", 3))
    missing = planned.not_run()
    said: list[Block] = [Grid("Planned runs", columns, rows)]
    if missing:
        words = f"{len(missing)} of {len(rows)} planned runs {'was' if len(missing) == 1 else 'were'} not made."
        said.append(Notice("Planned but not run", f"{words} They are marked NOT RUN above."))
    return said


def _versions(planned: Planned) -> list[Block]:
    if len(planned.versions) < 2:
        return []
    rows = tuple(
        (str(v.version), when(v.locked), shorter(v.examiner, 60), _lateness(v), shorter(v.reason, 300) or "–", v.sha256)
        for v in planned.versions
    )
    columns = (
        GridColumn("No.", 1, "number"),
        GridColumn("Locked", 4),
        GridColumn("By", 3),
        GridColumn("When", 4),
        GridColumn("Reason", 5),
        GridColumn("SHA-256", 12, "mono"),
    )
    return [Grid("Every version of the plan", columns, rows)]


def _looks(contents: PackContents, planned: Planned) -> list[Block]:
    """How many looks were planned and made, and p over prompts with the planned ones counted in."""
    kept = [status_of(item.options) for item in contents.findings]
    confirmatory = sum(status.confirmatory for status in kept)
    said = f"Runs stored in this case: {len(kept)}, of which confirmatory: {confirmatory}. All are in Annex A."
    if planned.in_force is None:
        return [Heading(2, "Number of looks"), Paragraph(f"{said} No plan fixed their number: no p is adjusted.")]
    looks = planned.in_force.looks()
    blocks: list[Block] = [
        Heading(2, "Number of looks"),
        Paragraph(f"Looks that the plan says: {len(looks)}. {said}"),
        Paragraph(wording.LOOKS),
    ]
    suspects = dict.fromkeys(run.suspect for run in planned.runs if run.status.confirmatory)
    rows = [row for suspect in suspects for row in _adjusted(contents, planned, suspect)]
    if rows:
        columns = (
            GridColumn("Finding", 2, "number"),
            GridColumn("Suspect", 5),
            GridColumn("Looks", 2, "number"),
            GridColumn("p over prompts", 3, "number"),
            GridColumn("Adjusted (Holm)", 3, "number"),
        )
        blocks.append(Grid("p over prompts of the confirmatory findings", columns, tuple(rows)))
    return blocks


def _adjusted(contents: PackContents, planned: Planned, suspect: str) -> list[tuple[str, ...]]:
    """The confirmatory p over prompts of one suspect, each look once, withdrawn ones too.

    The family is every look of the plan in force, and those of earlier versions that were run.
    """
    force = planned.in_force
    family = {look.digest for look in (force.looks() if force else ()) if look.suspect == suspect}
    family |= {run.status.look for run in planned.runs if run.status.confirmatory and run.suspect == suspect}
    waiting = set(family)
    found: list[tuple[int, float]] = []
    for item in contents.findings:
        status, p = status_of(item.options), item.exhibit.finding.number(PROMPT_P)
        if status.confirmatory and status.look in waiting:
            waiting.discard(status.look)
            if p is not None:
                found.append((item.exhibit.number, p))
    adjusted = holm([p for _, p in found], len(family))
    return [
        (str(number), shorter(suspect), str(len(family)), f"{p:.4g}", f"{corrected:.4g}")
        for (number, p), corrected in zip(found, adjusted, strict=True)
    ]


def deviation_blocks(contents: PackContents) -> list[Block]:
    """Deviations from the plan, finding by finding; or that there was no plan."""
    planned = planned_of(contents)
    if planned.in_force is None:
        return [Paragraph(wording.WITHOUT_PLAN)]
    items = [
        f"Finding {item.exhibit.number}: {shorter(words, 600)}"
        for item in contents.findings
        if (words := _departure(status_of(item.options)))
    ]
    items += [f"Planned but not run: {shorter(look.words())}." for look in planned.not_run()]
    return [Paragraph(wording.DEVIATIONS), Bullets(tuple(items) or ("None.",))]


def _departure(status: RunStatus) -> str:
    if status.confirmatory and not status.known_before:
        return ""
    return f"{status.words()}."
