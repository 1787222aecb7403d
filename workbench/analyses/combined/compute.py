"""The rule by which the findings on one question come to one opinion.

1. Of findings that ask the same, the last that the locked plan foresaw counts, else the last; the others are listed.
2. Material that is unfit answers nothing.
3. The weight is that of the finding that states a likelihood ratio. Weights are not multiplied: the findings look at
   the same answers. The caution of that finding opens the answer, or that of the closeness beside it.
4. Where the weight points one way and closeness or a direct trace the other, no one answer is given, and both are
named.
5. Without a weight the answer is that of a direct trace that was found; without one, that of closeness; then that of a
trace that was looked for; and without any, that nothing compares the models.
6. A rung is reached by a finding of the plan, on material that is fit and of a kind that was tried. Rung 3 stands on
   rung 2. Where the findings contradict each other, no rung above 0 is reached.
7. A finding that was withdrawn, and replaced by none of its kind, is looked at too: where it would change the answer,
   that stands first, and a rung that it would not let be reached is not reached. The same asked under another name of
   the protected side (a family, one of its models), and answered otherwise, is named first; the rungs stay.
8. What was looked for and not found, and every other explanation, stands beside the answer with what was done about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from workbench.analyses.combined.values import OpinionValues, RungValues
from workbench.core.errors import RefusedError
from workbench.core.finding_page import OUTSIDE, Bearing, Explanation, Part, Says
from workbench.core.model import Corpus
from workbench.core.printed import listed, ratio
from workbench.core.selection import Question, Selection, StatedFinding, beside_of, findings_of, withdrawn_of

KEY = "combined"
RUNGS = range(6)


class Verdict(StrEnum):
    """Which sentence the rule came to."""

    UNFIT = "unfit"
    WEIGHT = "weight"
    CONTRADICTION = "contradiction"
    CLOSENESS = "closeness"
    DIRECT = "direct"
    NOTHING = "nothing"


class Reached(StrEnum):
    """What became of a rung."""

    YES = "reached"
    EXPLORATORY = "reached, exploratory only"
    OUTSIDE = "reached, outside what was tested only"
    UNFIT = "reached, on unfit material"
    CONTRADICTED = "reached, and contradicted"
    WITHOUT_2 = "reached, but not the rung below"
    NO = "not reached"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class OpinionMaterial:
    """The findings that are combined, those that were passed over, those withdrawn, and who is compared.

    Of the withdrawn, only those that no finding of their kind has replaced.
    """

    question: Question
    findings: tuple[StatedFinding, ...]
    passed_over: tuple[StatedFinding, ...]
    withdrawn: tuple[StatedFinding, ...] = ()
    beside: tuple[StatedFinding, ...] = ()
    """The findings on the same suspect and some of the same protected models, asked under another name."""

    @property
    def suspect(self) -> Corpus:
        """The suspect."""
        return self.question.suspect

    @property
    def protected(self) -> tuple[Corpus, ...]:
        """The protected models."""
        return self.question.protected

    @property
    def protected_name(self) -> str:
        """The name of the protected side."""
        return self.question.protected_name


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the rule came to, with every other explanation and by which findings, and what was not found."""

    values: OpinionValues
    explanations: tuple[tuple[Explanation, tuple[int, ...]], ...]
    not_found: tuple[tuple[str, str, int | None], ...]


NOTHING_YET = "There is no finding on this question yet that could be combined."


def gather(selection: Selection) -> OpinionMaterial:
    """What is combined; raises RefusedError where there is nothing."""
    found = [item for item in findings_of(selection) if item.analysis != KEY]
    if not found:
        raise RefusedError(NOTHING_YET)
    counted: dict[tuple[str, str], StatedFinding] = {}
    for item in found:
        key = (item.analysis, item.page.short)
        if key not in counted or item.confirmatory or not counted[key].confirmatory:
            counted[key] = item
    kept = {item.number for item in counted.values()}
    return OpinionMaterial(
        selection.question,
        tuple(item for item in found if item.number in kept),
        tuple(item for item in found if item.number not in kept),
        tuple(item for item in withdrawn_of(selection) if (item.analysis, item.page.short) not in counted),
        tuple(beside_of(selection)),
    )


def combine(material: OpinionMaterial) -> Opinion:
    """The opinion on some findings; the same findings always come to the same."""
    verdict, basis = _verdict(material.findings)
    first = basis[0].page if basis else None
    pages = [(item, item.page) for item in material.findings]
    caution, answer = _answer(verdict, basis, material)
    rungs = _rungs(verdict, material.findings)
    caution, rungs = _with_withdrawn(material, caution, answer, rungs)
    caution = _with_other_name(material, caution, basis)
    weighed = verdict is Verdict.WEIGHT and first is not None
    values = OpinionValues(
        suspect=material.suspect.name,
        protected=material.protected_name,
        verdict=str(verdict),
        basis=tuple(item.number for item in basis),
        caution=caution,
        answer=answer,
        log10_lr=first.log10_lr if weighed and first else None,
        at_ceiling=bool(weighed and first and first.at_ceiling),
        points_for=tuple(item.number for item, page in pages if page.says is Says.FOR),
        points_against=tuple(item.number for item, page in pages if page.says is Says.AGAINST),
        found_nothing=tuple(item.number for item, page in pages if page.says in (Says.NOTHING, Says.BOTH_ALIKE)),
        rungs=rungs,
        change=_change(material),
        beside=tuple(item.number for item in material.beside),
    )
    return Opinion(values, tuple(_explanations(material)), tuple(_not_found(material.findings)))


def _with_withdrawn(
    material: OpinionMaterial, caution: str, answer: str, rungs: tuple[RungValues, ...]
) -> tuple[str, tuple[RungValues, ...]]:
    """The caution and the rungs when the withdrawn findings are looked at, too."""
    if not material.withdrawn:
        return caution, rungs
    every = sorted((*material.findings, *material.withdrawn), key=lambda item: item.number)
    verdict, basis = _verdict(every)
    wide = _rungs(verdict, every)
    lower = tuple(
        other if one.reached in _THERE and other.reached not in _THERE else one
        for one, other in zip(rungs, wide, strict=True)
    )
    if _answer(verdict, basis, material)[1] == answer and lower == rungs:
        return caution, rungs
    numbers = listed([str(item.number) for item in material.withdrawn], 4)
    said = f"Otherwise with withdrawn {'finding' if len(material.withdrawn) == 1 else 'findings'} {numbers}:"
    return (f"{caution} {said}" if caution else said), lower


_COMPARED = (Part.WEIGHT, Part.CLOSENESS)


def _with_other_name(material: OpinionMaterial, caution: str, basis: Sequence[StatedFinding]) -> str:
    """The caution when the same was asked under another name of the protected side, and came out otherwise.

    A family and one of its models are two questions. The rungs stay: a model of a family may be the source, and the
    others not.
    """
    says = next((item.page.says for item in basis if item.page.part in _COMPARED), None)
    if says not in (Says.FOR, Says.AGAINST):
        return caution
    last: dict[tuple[str, str], StatedFinding] = {}
    for item in material.beside:
        if item.page.part in _COMPARED:
            last[item.analysis, item.page.protected] = item
    other = (Says.AGAINST, Says.NOTHING) if says is Says.FOR else (Says.FOR,)
    found = [item for item in last.values() if item.page.says in other]
    if not found:
        return caution
    said = f"Otherwise for {found[0].page.protected}, finding {found[0].number}:"
    return f"{caution} {said}" if caution else said


def _of(findings: Iterable[StatedFinding], *parts: Part) -> list[StatedFinding]:
    return [item for item in findings if item.page.part in parts]


def _verdict(findings: Sequence[StatedFinding]) -> tuple[Verdict, list[StatedFinding]]:
    unfit = [item for item in _of(findings, Part.MATERIAL) if item.page.says is Says.UNFIT]
    if unfit:
        return Verdict.UNFIT, unfit[:1]
    weights = sorted(_of(findings, Part.WEIGHT), key=lambda item: not item.confirmatory)[:1]
    closeness = sorted(_of(findings, Part.CLOSENESS), key=lambda item: not item.confirmatory)[:1]
    direct = _of(findings, Part.DIRECT)
    if weights:
        against = _against(weights[0], [*closeness, *direct])
        return (Verdict.CONTRADICTION, [*weights, *against]) if against else (Verdict.WEIGHT, weights)
    traces = sorted(direct, key=lambda item: (item.page.says is not Says.FOR, not item.confirmatory, -item.rung))[:1]
    if traces and (traces[0].page.says is Says.FOR or not closeness):
        return Verdict.DIRECT, traces
    return (Verdict.CLOSENESS, closeness) if closeness else (Verdict.NOTHING, [])


def _against(weight: StatedFinding, others: Sequence[StatedFinding]) -> list[StatedFinding]:
    """The findings that point the other way than the weight does: closeness that is none, or a trace where none is."""
    if weight.page.says is Says.FOR:
        return [item for item in others if item.page.part is Part.CLOSENESS and item.page.says is Says.NOTHING]
    if weight.page.says is Says.AGAINST:
        return [item for item in others if item.page.says is Says.FOR]
    return []


def _answer(verdict: Verdict, basis: Sequence[StatedFinding], material: OpinionMaterial) -> tuple[str, str]:
    if verdict in (Verdict.WEIGHT, Verdict.CLOSENESS, Verdict.DIRECT, Verdict.UNFIT):
        return _caution(verdict, basis[0], material), basis[0].page.answer
    if verdict is Verdict.NOTHING:
        return "", "no finding in this case compares the models, so the question is not answered."
    weight, other = basis[0].page, basis[1].page
    log10_lr = weight.log10_lr or 0.0
    close = "yet it is closest" if other.says is Says.FOR else "yet it is not closest"
    if other.part is Part.DIRECT:
        close = "yet a trace was found"
    return weight.caution, (
        f"the findings contradict each other: the ratio is {ratio(log10_lr)} for {material.protected_name}, {close}. "
        "No one answer is given."
    )


def _caution(verdict: Verdict, first: StatedFinding, material: OpinionMaterial) -> str:
    """What opens the answer: the caution of its finding, or that of the closeness which does not contradict a weight.

    Closeness that holds with chosen controls alone would else take a contradiction away, unsaid.
    """
    if first.page.caution or verdict is not Verdict.WEIGHT:
        return first.page.caution
    close = next((item for item in _of(material.findings, Part.CLOSENESS) if item.page.caution), None)
    if close is None:
        return ""
    said = close.page.caution
    return f"Closeness (finding {close.number}) {said[:1].lower()}{said[1:]}"


def _rungs(verdict: Verdict, findings: Sequence[StatedFinding]) -> tuple[RungValues, ...]:
    rungs = [_rung(rung, findings) for rung in RUNGS]
    instead = {Verdict.UNFIT: Reached.UNFIT, Verdict.CONTRADICTION: Reached.CONTRADICTED}.get(verdict)
    if instead:
        rungs[1:] = [replace(one, reached=str(instead)) if one.reached in _THERE else one for one in rungs[1:]]
    if rungs[3].reached in _THERE and rungs[2].reached not in _THERE:
        rungs[3] = replace(rungs[3], reached=str(Reached.WITHOUT_2))
    return tuple(rungs)


_THERE = {str(Reached.YES), str(Reached.EXPLORATORY), str(Reached.OUTSIDE)}


def _rung(rung: int, findings: Sequence[StatedFinding]) -> RungValues:
    if rung == 0:
        about = _of(findings, Part.MATERIAL)
        by = [item.number for item in about if item.page.says is Says.FIT]
        state = Reached.YES if by else Reached.NO if about else Reached.NOT_ASKED
        return RungValues(rung, str(state), tuple(by or [item.number for item in about]))
    # What a base explains is asked of a suspect that is close: it does not show the closeness itself.
    able = [
        item for item in findings if item.page.highest >= rung and not (rung == 2 and item.page.part is Part.CONTRAST)
    ]
    if not able:
        return RungValues(rung, str(Reached.NOT_ASKED), ())
    there = [item for item in able if item.rung >= rung]
    if not there:
        return RungValues(rung, str(Reached.NO), tuple(item.number for item in able))
    inside = [item for item in there if item.page.caution != OUTSIDE]
    planned = [item for item in inside if item.confirmatory]
    state = Reached.YES if planned else Reached.EXPLORATORY if inside else Reached.OUTSIDE
    return RungValues(rung, str(state), tuple(item.number for item in planned or inside or there))


_WORST = (Bearing.MAY, Bearing.OPEN, Bearing.LESS, Bearing.PARTLY, Bearing.NO)


def _explanations(material: OpinionMaterial) -> Iterable[tuple[Explanation, tuple[int, ...]]]:
    rows: dict[str, list[tuple[StatedFinding | None, Explanation]]] = {}
    for item in material.findings:
        for row in item.page.explanations:
            rows.setdefault(row.key, []).append((item, row))
    for row in _standing(material):
        rows.setdefault(row.key, [(None, row)])
    for found in sorted(rows.values(), key=lambda some: some[0][1].order):
        yield _joined(found)


def _joined(found: Sequence[tuple[StatedFinding | None, Explanation]]) -> tuple[Explanation, tuple[int, ...]]:
    """One row of what several findings did about an explanation: the worst that any of them says counts."""
    first = found[0][1]
    done = [f"{row.done}{_where(item)}" for item, row in found]
    same = len({row.done for _, row in found}) == 1
    if same and len(found) > 1:
        numbers = ", ".join(str(item.number) for item, _ in found if item)
        done = [f"{first.done} (findings {numbers})"]
    results = list(dict.fromkeys(row.result for _, row in found if row.result))
    worst = min((row.so for _, row in found), key=_WORST.index)
    joined = replace(
        first,
        done="; ".join(part if at == 0 else part[:1].lower() + part[1:] for at, part in enumerate(done)),
        result="; ".join(part if at == 0 else part[:1].lower() + part[1:] for at, part in enumerate(results)),
        so=worst,
        but=next((row.but for _, row in reversed(found) if row.but), ""),
    )
    return joined, tuple(item.number for item, _ in found if item)


def _where(item: StatedFinding | None) -> str:
    if item is None:
        return ""
    if item.page.caution == OUTSIDE:
        return f" (finding {item.number}, outside what was tested)"
    return f" (finding {item.number})" if item.confirmatory else f" (finding {item.number}, exploratory)"


def _standing(material: OpinionMaterial) -> list[Explanation]:
    """Explanations that are named in every case, whatever was run."""
    protected = material.protected_name
    return [
        Explanation("base", 40, "The base weights", "Nothing: no base or sibling was compared", "", Bearing.OPEN),
        Explanation("family", 50, "Another family is the source", "Nothing: not asked", "", Bearing.OPEN),
        _reverse(material),
        Explanation("third", 80, "A third model taught both", "Nothing: text can’t tell", "", Bearing.OPEN),
        Explanation(
            "licensed",
            90,
            f"Licensed or public copies of {protected}’s answers",
            "Nothing: no licence, data set or log was supplied",
            "",
            Bearing.OPEN,
            "part of H1",
        ),
        Explanation("collection", 100, "How the answers were collected", "Nothing", "", Bearing.OPEN),
    ]


def _reverse(material: OpinionMaterial) -> Explanation:
    name = f"{material.protected_name} learned from {material.suspect.name}"
    own = _months(material.suspect.facts.released)
    dated = [(c.name, _months(c.facts.released)) for c in material.protected]
    if own is None or not dated or any(months is None for _, months in dated):
        return Explanation("reverse", 60, name, "Looked at the stated dates", "Not all are known", Bearing.OPEN)
    before = [(member, own - months) for member, months in dated if months is not None]
    said = listed([f"{member} {_months_before(gap)}" for member, gap in before], 4)
    so = Bearing.LESS if all(gap > 0 for _, gap in before) else Bearing.OPEN
    return Explanation("reverse", 60, name, "Looked at the stated dates", said, so, "if the dates are right")


def _months(released: str | None) -> int | None:
    if released is None or len(released) < 7:
        return None
    year, month = released[:4], released[5:7]
    return int(year) * 12 + int(month) - 1 if year.isdigit() and month.isdigit() else None


def _months_before(gap: int) -> str:
    if gap == 0:
        return "came out in the same month"
    way = "before" if gap > 0 else "after"
    return f"came out {abs(gap)} {'month' if abs(gap) == 1 else 'months'} {way}"


def _not_found(findings: Sequence[StatedFinding]) -> Iterable[tuple[str, str, int | None]]:
    for item in findings:
        for name, said in item.page.not_found:
            yield name, said, item.number
    if not _of(findings, Part.DIRECT):
        yield "Signals, logs, training data", "not asked; none were supplied.", None


def _change(material: OpinionMaterial) -> tuple[str, ...]:
    base, protected = material.suspect.facts.base, material.protected_name
    said = []
    if any(item.page.caution == OUTSIDE for item in material.findings):
        said.append("a trial of the method on models of this kind and date")
    if base:
        said.append(f"another model on {base} that was not trained on {protected} and yet comes close")
    return (
        *said,
        "a model that could have taught both",
        f"logs of {protected}’s service, or the suspect’s training data",
    )
