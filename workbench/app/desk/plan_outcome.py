"""What a draft of a plan comes to: its comparisons, its runs, what each will rest on, and its whole text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.app import catalogue as known
from workbench.app.desk.forecast import known_of
from workbench.app.plan_draft import request_of
from workbench.core.errors import RefusedError, WorkbenchError
from workbench.core.model import Json
from workbench.core.selection import of_logs

if TYPE_CHECKING:
    from workbench.app.session import Session

_NAMES = (("era", "Era"), ("size_class", "Size class"), ("base", "Base"))


@dataclass(frozen=True, slots=True)
class Foretold:
    """One planned run: what it will rest on, or why it can't run on this material."""

    title: str
    rests_on: str
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One suspect against one protected side; `impossible` is why it can't be made."""

    suspect: str
    protected: str
    controls: int
    left_out: tuple[tuple[str, str], ...]
    runs: tuple[Foretold, ...]
    impossible: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a draft comes to; `wrong` is what keeps it from being locked, `text` what would be locked, in words."""

    comparisons: tuple[Comparison, ...] = ()
    text: str = ""
    wrong: str = ""
    hint: str = ""

    @property
    def runs(self) -> int:
        """How many runs it says: the looks that a p-value is corrected for."""
        return sum(len(one.runs) for one in self.comparisons)


def outcome_of(session: Session, draft: Json) -> Outcome:
    """What a draft comes to on the case as it is."""
    try:
        plan = session.resolve_plan(draft)
    except WorkbenchError as error:
        return Outcome(wrong=error.message, hint=error.hint)
    made = [_comparison(session, plan, one) for one in plan["comparisons"]]
    made += [
        Comparison(one["suspect"], one["protected"].partition(":")[2], 0, (), (), one["reason"])
        for one in plan["impossible"]
    ]
    return Outcome(tuple(made), "\n".join(_whole(plan)))


def _comparison(session: Session, plan: Json, one: Json) -> Comparison:
    question = session.question(request_of(plan, one["suspect"], one["protected"]))
    compared = known_of(session, question)
    logs = known_of(session, of_logs(session.corpora()))
    runs = []
    for planned in plan["analyses"]:
        owner = known.analysis(planned["analysis"])
        try:
            foreseen = owner(planned["parameters"]).foresee(logs if owner.about_logs else compared)
        except RefusedError as refused:
            runs.append(Foretold(owner.title, "", refused.message))
        else:
            runs.append(Foretold(owner.title, foreseen.words()))
    left_out = tuple((item.corpus, item.reason) for item in question.left_out)
    return Comparison(one["suspect"], one["label"], len(question.controls), left_out, tuple(runs))


def _whole(plan: Json) -> Iterator[str]:
    """Everything that is locked, in words, but the digests of the corpora."""
    for key in ("H1", "H2"):
        yield f"{key}. {plan['propositions'][key]}"
    said = [f"{title.lower()} {plan['population'][key]}" for key, title in _NAMES]
    yield f"Population of H2: {'; '.join(said)}."
    for one in plan["comparisons"]:
        controls = [name for name, role in one["parts"].items() if role == "control"]
        yield f"{one['suspect']} against {one['label']}, with {len(controls)} controls: {', '.join(controls)}."
        yield from (f"Left out: {item['corpus']}, {item['reason']}." for item in one["left_out"])
    yield from (f"Can’t be compared: {one['suspect']}, {one['reason']}" for one in plan["impossible"])
    for planned in plan["analyses"]:
        settings = ", ".join(f"{name} {value}" for name, value in planned["parameters"].items())
        yield f"{known.analysis(planned['analysis']).title}, version {planned['version']}: {settings or 'no settings'}."
    yield f"Seed {plan['seed']}."
    if plan["despite_date"]:
        yield f"The dates are set aside: {plan['despite_date']}"
    if plan["notes"]:
        yield f"Notes: {plan['notes']}"
