"""Opinions: which questions of a case have findings, and whether the opinion on each is up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workbench.app import catalogue as known
from workbench.app.requests import RunRequest
from workbench.core.model import Corpus, Facts, Finding, Json
from workbench.core.plan import CONFIRMATORY, EXPLORATORY, LockedPlan, RunStatus, status_of
from workbench.core.selection import StatedFinding
from workbench.core.typed_json import read
from workbench.store import Case, StoredFinding

COMBINED = "combined"


def question_of(options: Json) -> tuple[str, str] | None:
    """The suspect and the protected side that a finding is about; None where its options name none."""
    if not isinstance(options, dict) or not options.get("suspect") or not options.get("protected"):
        return None
    return str(options["suspect"]), str(options["protected"])


def stated(case: Case, suspect: str, protected: str, *, withdrawn: bool = False) -> list[StatedFinding]:
    """The findings on one question that stand, or were withdrawn, opinions left out, in order of number."""
    models = {corpus.name: corpus.facts for corpus in case.corpora()}
    return [
        _stated(item, models)
        for item in case.findings()
        if _counts(item, withdrawn=withdrawn) and question_of(item.options) == (suspect, protected)
    ]


def stated_beside(case: Case, suspect: str, protected: str) -> list[StatedFinding]:
    """The findings that stand on the same suspect and a protected side of another name that shares a model."""
    corpora, items = case.corpora(), list(case.findings())
    numbers = _beside(items, (suspect, protected), corpora)
    models = {corpus.name: corpus.facts for corpus in corpora}
    return [_stated(item, models) for item in items if item.number in numbers]


def _stated(item: StoredFinding, models: Mapping[str, Facts]) -> StatedFinding:
    return StatedFinding(
        number=item.number,
        sha256=item.sha256,
        analysis=item.finding.analysis,
        confirmatory=status_of(item.options).confirmatory,
        rung=item.narrative.rung,
        page=known.page_of(item.finding, models),
    )


def _beside(items: Iterable[StoredFinding], question: tuple[str, str], corpora: Sequence[Corpus]) -> list[int]:
    """The numbers of the findings on questions that overlap with one; a family and one of its models do."""
    suspect, protected = question

    def members(label: str) -> set[str]:
        return {c.name for c in corpora if label in (c.name, c.facts.family)}

    own = members(protected)
    asked = [(item.number, question_of(item.options)) for item in items if _counts(item)]
    return sorted(
        number
        for number, other in asked
        if other is not None and other[0] == suspect and other[1] != protected and own & members(other[1])
    )


def _counts(item: StoredFinding, *, withdrawn: bool = False) -> bool:
    return bool(item.withdrawn) == withdrawn and not known.analysis(item.finding.analysis).opinion


def due(items: Sequence[StoredFinding], corpora: Sequence[Corpus]) -> list[RunRequest]:
    """What has to be asked so that each question with findings has an opinion on all that stand."""
    findings: dict[tuple[str, str], list[StoredFinding]] = {}
    opinions: dict[tuple[str, str], StoredFinding] = {}
    for item in items:
        question = question_of(item.options)
        if question is None or item.withdrawn:
            continue
        if known.analysis(item.finding.analysis).opinion:
            opinions[question] = item
        else:
            findings.setdefault(question, []).append(item)
    return [
        _request(some[-1].options)
        for question, some in findings.items()
        if question not in opinions
        or _combined(opinions[question]) != [(f.number, f.sha256) for f in some]
        or opinions[question].finding.values.get("beside", []) != _beside(items, question, corpora)
    ]


def _combined(opinion: StoredFinding) -> list[tuple[int, str]]:
    """The findings that an opinion is about, by number and digest."""
    table = opinion.finding.tables["findings"]
    return list(zip(table.column("finding"), table.column("sha256"), strict=True))


def _request(options: Json) -> RunRequest:
    """The question of a finding, asked as it was asked then."""
    controls = options.get("controls")
    return RunRequest(
        suspect=options["suspect"],
        protected=options["protected"],
        controls=None if controls is None else tuple(controls),
        exclude=dict(options.get("exclude") or {}),
        despite_date=options.get("despite_date"),
        fewer_prompts=options.get("fewer_prompts"),
    )


def status_of_opinion(opinion: Finding, findings: Iterable[StatedFinding], plan: LockedPlan | None) -> RunStatus:
    """An opinion is confirmatory where a plan foresaw every finding that its answer rests on; its rule is fixed."""
    from workbench.analyses.combined.values import OpinionValues

    basis = read(OpinionValues, opinion.values).basis
    others = [str(item.number) for item in findings if item.number in basis and not item.confirmatory]
    version, digest = (None, None) if plan is None else (plan.version, plan.sha256)
    if not others:
        return RunStatus(CONFIRMATORY, version, digest)
    said = f"it rests on exploratory findings: {', '.join(others)}"
    return RunStatus(EXPLORATORY, version, digest, deviations=(said,))
