"""The locked plan: what is to be run, said before any result is shown, and how far a run keeps to it.

It is pure: a plan and the lines of a ledger as plain JSON in, looks, deviations and words out. The case, its
pages, the report and the check of a pack use this one definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from workbench.core.hashing import canonical, sha256
from workbench.core.model import Json

FORMAT = "workbench-plan-1"
LOCKED = "plan locked"
"""The action of the ledger line that holds a plan."""

CONFIRMATORY, EXPLORATORY = "confirmatory", "exploratory"
NO_PLAN = "no plan was locked"
NOTHING_LOCKED = "No plan was locked: everything is exploratory."
PROMPT_P = "p_prompts"
"""The value of a Finding that is a p over prompts, to which the number of looks applies."""


@dataclass(frozen=True, slots=True)
class LookPart:
    """A corpus in a run: its role there, the digest of its answers, and that of what is known of it."""

    role: str
    sha256: str
    facts: str


@dataclass(frozen=True, slots=True)
class Look:
    """One run, planned or made: an analysis with its settings, of one suspect against one protected side.

    `parts` are the corpora in it by name; `despite_date` says that the dates were set aside, `fewer_prompts` that the
    suspect may lack many prompts.
    """

    analysis: str
    version: int
    parameters: Mapping[str, Json]
    seed: str
    suspect: str
    protected: str
    parts: Mapping[str, LookPart]
    despite_date: bool = False
    fewer_prompts: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 of the look's canonical JSON: two runs with the same digest give the same numbers."""
        stated = asdict(self)
        # Looks of earlier versions know no such exception: theirs keep their digests.
        if not self.fewer_prompts:
            del stated["fewer_prompts"]
        return sha256(canonical(stated))

    @property
    def subject(self) -> tuple[str, str, str]:
        """What is asked, whatever the settings: analysis, suspect and protected side."""
        return self.analysis, self.suspect, self.protected

    def words(self) -> str:
        """The look in a few words, such as `fitness: marlin-chat against aurelia`."""
        return f"{self.analysis}: {self.suspect} against {self.protected}"


@dataclass(frozen=True, slots=True)
class LockedPlan:
    """One version of the plan as its ledger line holds it; `findings_before` were made before it was locked."""

    version: int
    plan: Json
    sha256: str
    locked: str
    examiner: str
    reason: str
    findings_before: int
    line: int

    def looks(self) -> tuple[Look, ...]:
        """Every run that the plan says, comparison by comparison; LookupError or TypeError for what is no plan."""
        return looks_of(self.plan)

    def lateness(self) -> str:
        """Words for a plan that came after results; empty for one that came before any."""
        return lateness(self.findings_before)


def typed_in(plan: Json) -> tuple[str, ...]:
    """The texts of a plan that an examiner writes."""
    excluded = plan["controls"]["excluded"].values()
    choices = (plan.get(key) for key in ("despite_date", "fewer_prompts", "notes"))
    several = (*plan["propositions"].values(), *plan["population"].values(), *excluded, *choices)
    return tuple(str(text) for text in several if text)


def lateness(findings: int) -> str:
    """What must be said of a plan that was locked after so many findings; nothing after none."""
    if not findings:
        return ""
    return f"locked after {findings} {'finding' if findings == 1 else 'findings'} had been made"


def looks_of(plan: Json) -> tuple[Look, ...]:
    """The looks of a plan's JSON; LookupError or TypeError for what is no plan."""
    known = {item["corpus"]: item for item in plan["corpora"]}
    return tuple(
        Look(
            analysis=planned["analysis"],
            version=planned["version"],
            parameters=planned["parameters"],
            seed=plan["seed"],
            suspect=comparison["suspect"],
            protected=comparison["label"],
            parts={
                name: LookPart(role, known[name]["sha256"], known[name]["facts"])
                for name, role in comparison["parts"].items()
            },
            despite_date=plan["despite_date"] is not None,
            fewer_prompts=plan.get("fewer_prompts") is not None,
        )
        for comparison in plan["comparisons"]
        for planned in plan["analyses"]
    )


def deviations(planned: Look, made: Look) -> tuple[str, ...]:
    """What a run did otherwise than a planned look, in words; nothing when it is that look."""
    said = [f"another suspect: {made.suspect} in place of {planned.suspect}"] * (made.suspect != planned.suspect)
    if made.protected != planned.protected:
        said.append(f"another protected side: {made.protected} in place of {planned.protected}")
    if made.version != planned.version:
        said.append(f"version {made.version} of the analysis in place of {planned.version}")
    if made.seed != planned.seed:
        said.append(f"another seed: {made.seed} in place of {planned.seed}")
    for name in sorted(planned.parameters.keys() | made.parameters.keys()):
        old, new = planned.parameters.get(name), made.parameters.get(name)
        if old != new:
            said.append(f"another setting: {name} {_value(new)} in place of {_value(old)}")
    if made.despite_date != planned.despite_date:
        said.append("the dates were set aside" if made.despite_date else "the dates were not set aside")
    if made.fewer_prompts and not planned.fewer_prompts:
        said.append("a suspect that lacks many prompts was allowed")
    return (*said, *_of_parts(planned.parts, made.parts))


def _of_parts(planned: Mapping[str, LookPart], made: Mapping[str, LookPart]) -> list[str]:
    said: list[str] = []
    for name in sorted(planned.keys() | made.keys()):
        old, new = planned.get(name), made.get(name)
        if new is None or old is None:
            role, what = (old.role, "left out") if old is not None else (new.role if new else "", "added")
            said.append(f"{'protected model' if role == 'protected' else role} {name} {what}")
            continue
        if old.role != new.role:
            said.append(f"{name} is {new.role} in place of {old.role}")
        if old.sha256 != new.sha256:
            said.append(f"corpus {name} has changed since the lock")
        if old.facts != new.facts:
            said.append(f"what is known of {name} has changed since the lock")
    return said


def _value(value: Json) -> str:
    return "nothing" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class RunStatus:
    """Whether a run was made under the plan that was in force, decided when it was made and never rewritten.

    `look` is the digest of what was run, `known_before` the numbers of findings that had asked the same
    before it was planned.
    """

    status: str
    version: int | None = None
    sha256: str | None = None
    look: str = ""
    deviations: tuple[str, ...] = ()
    known_before: tuple[int, ...] = ()

    @property
    def confirmatory(self) -> bool:
        """Whether the run was made under the plan."""
        return self.status == CONFIRMATORY

    def as_json(self) -> Json:
        """The status as the options of a finding hold it; `status_of` is the inverse."""
        return asdict(self) | {"deviations": list(self.deviations), "known_before": list(self.known_before)}

    def short(self) -> str:
        """The status in a word or two, for a column that has no room for reasons."""
        return f"{self.status}, known before" if self.known_before else self.status

    def words(self) -> str:
        """The status with its plan, its deviations and what was known before."""
        if not self.confirmatory:
            return f"{self.status}: {'; '.join(self.deviations)}" if self.deviations else self.status
        said = f"{self.status}, under version {self.version} of the plan"
        if self.known_before:
            said += f", but {_findings(self.known_before)} had asked the same before it was planned"
        return said


def _findings(numbers: Sequence[int]) -> str:
    return f"{'finding' if len(numbers) == 1 else 'findings'} {', '.join(map(str, numbers))}"


NOT_PLANNED = RunStatus(EXPLORATORY, deviations=(NO_PLAN,))
"""The status of a run that was made before plans were recorded."""


def status_of(options: Json) -> RunStatus:
    """The status that the options of a finding hold; one made before plans were recorded is exploratory."""
    said = options.get("plan") if isinstance(options, dict) else None
    if said is None:
        return NOT_PLANNED
    return RunStatus(
        said["status"],
        said["version"],
        said["sha256"],
        said["look"],
        tuple(said["deviations"]),
        tuple(said["known_before"]),
    )


def status_json(options: Json) -> Json:
    """What every list of findings says of a status: itself, the version of the plan, and why."""
    said = status_of(options)
    return {
        "status": said.status,
        "plan": said.version,
        "deviations": list(said.deviations),
        "known_before": list(said.known_before),
    }


@dataclass(frozen=True, slots=True)
class MadeRun:
    """A run that was stored, as the ledger tells of it; `withdrawn` is empty or the reason."""

    number: int
    line: int
    analysis: str
    suspect: str
    protected: str
    status: RunStatus
    withdrawn: str = ""


def plans_in(lines: Iterable[Json]) -> list[LockedPlan]:
    """The versions of the plan that the lines of a ledger hold, in order."""
    return [
        LockedPlan(
            version=line["object"]["plan"],
            plan=line["options"]["plan"],
            sha256=line["after"],
            locked=line["time"],
            examiner=line["examiner"],
            reason=line["reason"],
            findings_before=line["options"]["findings_before"],
            line=line["sequence"],
        )
        for line in lines
        if line.get("action") == LOCKED
    ]


def runs_in(lines: Iterable[Json]) -> list[MadeRun]:
    """The stored runs that the lines of a ledger tell of, in order, each with its withdrawal."""
    made: dict[int, Json] = {}
    withdrawn: dict[int, str] = {}
    for line in lines:
        if line.get("action") == "analysis run":
            made[line["object"]["finding"]] = line
        elif line.get("action") == "finding withdrawn":
            withdrawn[line["object"]["finding"]] = line["reason"]
    return [_run(number, line, withdrawn.get(number, "")) for number, line in made.items()]


def _run(number: int, line: Json, withdrawn: str) -> MadeRun:
    said = line["options"]
    asked = said.get("options") if isinstance(said.get("options"), dict) else {}
    return MadeRun(
        number,
        line["sequence"],
        str(said.get("analysis", "")),
        str(asked.get("suspect", "")),
        str(asked.get("protected", "")),
        status_of(asked),
        withdrawn,
    )


def done(look: Look, runs: Iterable[MadeRun]) -> list[MadeRun]:
    """The confirmatory runs of a planned look, withdrawn ones too.

    One that was made under an earlier version counts where that version said the same of it.
    """
    return [run for run in runs if run.status.confirmatory and run.status.look == look.digest]


def judged(made: Look, plans: Sequence[LockedPlan], runs: Sequence[MadeRun]) -> RunStatus:
    """The status of a run that is about to be made, under the last of the plans."""
    if not plans:
        return RunStatus(EXPLORATORY, look=made.digest, deviations=(NO_PLAN,))
    plan = plans[-1]
    looks = plan.looks()
    if any(look.digest == made.digest for look in looks):
        since = next(p.line for p in plans if any(look.digest == made.digest for look in p.looks()))
        before = tuple(r.number for r in runs if r.line < since and _subject(r) == made.subject)
        return RunStatus(CONFIRMATORY, plan.version, plan.sha256, made.digest, (), before)
    return RunStatus(EXPLORATORY, plan.version, plan.sha256, made.digest, _nearest(looks, made))


def _subject(run: MadeRun) -> tuple[str, str, str]:
    return run.analysis, run.suspect, run.protected


def _nearest(looks: Sequence[Look], made: Look) -> tuple[str, ...]:
    """The deviations from the planned look that a run comes nearest to."""
    kin = [look for look in looks if look.analysis == made.analysis]
    if not kin:
        return (f"the analysis {made.analysis} is not in the plan",)
    same = [look for look in kin if look.subject == made.subject]
    if not same:
        return (f"{made.suspect} against {made.protected} is not in the plan",)
    return min((deviations(look, made) for look in same), key=len)


def holm(p_values: Sequence[float], looks: int) -> list[float]:
    """p-values adjusted by Holm's step-down method for so many looks, those without a p counted in.

    Source: Holm (1979), A simple sequentially rejective multiple test procedure.
    """
    total = max(looks, len(p_values))
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for place, at in enumerate(sorted(range(len(p_values)), key=lambda n: p_values[n])):
        highest = max(highest, min(1.0, (total - place) * p_values[at]))
        adjusted[at] = highest
    return adjusted
