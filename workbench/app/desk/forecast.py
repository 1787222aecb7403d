"""What a run would be, said before it is made: who is compared with whom, on how much, and under which status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from workbench.app import catalogue as known
from workbench.app.calibrations import settled
from workbench.app.desk.coverage import shape_of
from workbench.core.errors import RefusedError, WorkbenchError
from workbench.core.foreseen import Foreseen, Known
from workbench.core.plan import RunStatus
from workbench.core.selection import Question, of_logs

if TYPE_CHECKING:
    from workbench.app.requests import RunRequest
    from workbench.app.session import Session


@dataclass(frozen=True, slots=True)
class Forecast:
    """A run that was not made yet: its question, what it rests on, its status, and findings that are the same run."""

    question: Question
    foreseen: Foreseen
    status: RunStatus | None
    """None for an opinion: its status follows from the findings that it rests on."""
    same: tuple[int, ...]
    number: int
    """The number that its finding will have."""


def forecast(session: Session, key: str, request: RunRequest) -> Forecast:
    """What a run would be; raises UsageError or RefusedError, in words, where it can't be made.

    Its status is judged of the settings as they would be stored: a calibration by its digest, not by the word for it.
    """
    owner = known.analysis(key)
    parameters, _ = settled(key, request.parameters, lambda: [stored.finding for stored in session.findings()])
    asked = replace(request, parameters=parameters)
    question = of_logs(session.corpora()) if owner.about_logs else session.question(asked)
    foreseen = owner(parameters).foresee(known_of(session, question))
    runs = session.runs()
    if owner.opinion:
        return Forecast(question, foreseen, None, (), len(runs) + 1)
    status = session.status_of(key, asked, question)
    same = tuple(run.number for run in runs if run.status.look == status.look and not run.withdrawn)
    return Forecast(question, foreseen, status, same, len(runs) + 1)


def known_of(session: Session, question: Question) -> Known:
    """What counts alone tell of a case."""
    compared = sorted((c for c in session.corpora() if c.role.compared), key=lambda corpus: corpus.name)
    last = session.examination().last
    shapes = [shape_of(session, corpus, last.id if last else 0) for corpus in compared]
    prompts = sorted({prompt for shape in shapes for prompt in shape.codes})
    place = {prompt: at for at, prompt in enumerate(prompts)}
    present = np.zeros((len(prompts), len(shapes)), dtype=np.bool_)
    for column, shape in enumerate(shapes):
        present[[place[prompt] for prompt in shape.codes], column] = True
    evidence = session.direct_evidence
    return Known(
        question=question,
        models=tuple(corpus.name for corpus in compared),
        present=present,
        markers=len(evidence.marker_facts()),
        signals=len(evidence.signals()),
        logs=bool(evidence.logs()),
        findings=_on(session, question),
    )


def _on(session: Session, question: Question) -> int:
    """How many findings that stand are on the same question."""
    asked = (question.suspect.name, question.protected_name)
    runs = [run for run in session.runs() if not run.withdrawn and not known.analysis(run.analysis).opinion]
    return sum((run.suspect, run.protected) == asked for run in runs)


@dataclass(frozen=True, slots=True)
class Lack:
    """What a case lacks for an analysis, in words, and what can be done about it."""

    said: str
    hint: str = ""


def lacking(session: Session, keys: Sequence[str]) -> dict[str, Lack]:
    """Which analyses can't run on the case as its roles stand, each with what is missing."""
    from workbench.app.requests import RunRequest

    request, logs = RunRequest(), of_logs(session.corpora())
    try:
        stored: Question | WorkbenchError = session.question(request)
    except WorkbenchError as refused:
        stored = refused
    counted = known_of(session, logs)
    missing: dict[str, Lack] = {}
    for key in keys:
        owner = known.analysis(key)
        question = logs if owner.about_logs else stored
        if isinstance(question, WorkbenchError):
            missing[key] = Lack(question.message, question.hint)
            continue
        asked = replace(counted, question=question, findings=_on(session, question))
        try:
            owner().foresee(asked)
        except RefusedError as refused:
            missing[key] = Lack(refused.message, refused.hint)
    return missing
