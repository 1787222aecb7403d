"""What is said of a run before it is made is what is stored of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from workbench.app.catalogue import analyses, analysis
from workbench.app.desk.forecast import forecast, known_of, lacking
from workbench.app.requests import RunRequest
from workbench.app.session import Session
from workbench.core.errors import RefusedError
from workbench.core.plan import status_of
from workbench.core.resources import resource
from workbench.core.surroundings import Conditions


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("forecast")
    conditions = Conditions(lambda: datetime(2026, 3, 1, tzinfo=UTC), "A", "a", lambda: "0")
    with Session.create(folder / "f", conditions=conditions, cache=folder / "cache") as made:
        made.import_panel(resource("sample_case/panel.json"), "marlin-chat", "aurelia")
        yield made


def test_who_answered_what_is_known_without_a_comparison(session: Session) -> None:
    known, found = known_of(session, session.question(RunRequest())), session.similarities()
    assert known.models == found.models
    assert sorted(map(tuple, known.present.tolist())) == sorted(map(tuple, found.present.tolist()))


def test_the_forecast_is_what_is_stored(session: Session) -> None:
    """With the calibration by its word, too: the plan has its digest, and so has the run."""
    plan, _ = session.draft_plan()
    session.lock_plan(plan)
    for key, changed in (("weigh", {}), ("closest_source", {}), ("closest_source", {"replicates": 150})):
        request = RunRequest(parameters=changed)
        foreseen = forecast(session, key, request)
        stored = session.run(key, request)
        assert foreseen.number == stored.number
        assert foreseen.same == ()
        assert foreseen.status == status_of(stored.options)
        assert foreseen.foreseen.controls == stored.finding.values["n_controls"]
        used = stored.finding.values["n_prompts"]
        assert foreseen.foreseen.prompts == used or (not foreseen.foreseen.exact and foreseen.foreseen.prompts > used)
        assert foreseen.foreseen.exact == (key != "weigh"), "a weighing leaves out short answers, which only texts show"
        assert forecast(session, key, request).same == (stored.number,)
    assert not status_of(stored.options).confirmatory


def test_nothing_is_refused_that_would_run(session: Session) -> None:
    known = known_of(session, session.question(RunRequest()))
    missing = lacking(session, [info.key for info in analyses()])
    selection = session.selection(known.question)
    for info in analyses():
        refused = analysis(info.key)().refuse(selection)
        assert (info.key in missing) == (refused is not None), info.key
        assert refused is None or refused == missing[info.key].said
    selection.close()


def test_too_few_answers_are_said_in_the_words_of_the_run(session: Session) -> None:
    known = known_of(session, session.question(RunRequest()))
    few = known.present.copy()
    few[20:, known.models.index("marlin-chat")] = False
    thin = replace(known, present=few)
    with pytest.raises(RefusedError, match="Only 20 prompts were answered"):
        analysis("closest_source")().foresee(thin)
    absent = known.present.copy()
    absent[:60, known.models.index("quillet-1")] = False
    seen = analysis("closest_source")().foresee(replace(known, present=absent))
    assert (seen.controls, [item.corpus for item in seen.left_out]) == (23, ["quillet-1"])
    assert "Left out for too few answers: quillet-1." in seen.words()
    assert seen.prompts == int(np.sum(known.present.all(axis=1)))
