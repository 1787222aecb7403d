"""Runs over a session: material is gathered once, and a refusal is raised in its own words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.analyses.closest_source.analysis import ClosestSource
from workbench.app.requests import ImportRequest, RunRequest
from workbench.app.session import Session
from workbench.core.errors import RefusedError
from workbench.core.model import Facts, Role
from workbench.core.selection import Selection
from workbench.core.surroundings import Conditions


@pytest.fixture
def session(small_panel: Path, tmp_path: Path, conditions: Conditions) -> Iterator[Session]:
    with Session.create(tmp_path / "a", conditions=conditions, cache=tmp_path / "cache") as made:
        made.import_panel(small_panel, "student", "teachers")
        yield made


def test_a_run_gathers_its_material_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    gather, gathered = ClosestSource.gather, []

    def counted(self: ClosestSource, selection: Selection) -> object:
        gathered.append(selection)
        return gather(self, selection)

    monkeypatch.setattr(ClosestSource, "gather", counted)
    session.run("closest_source", RunRequest())
    assert len(gathered) == 1


def test_a_refusal_is_raised_in_its_words_and_nothing_is_stored(session: Session) -> None:
    with pytest.raises(RefusedError, match=r"^No corpus has the role base or sibling"):
        session.run("did", RunRequest())
    assert session.findings() == []


def test_a_family_that_was_changed_after_the_import_is_known(
    small_panel: Path, tmp_path: Path, conditions: Conditions
) -> None:
    """A control that is said to be one of the protected family later is asked as a control, too."""
    roles = {"student": Role.SUSPECT, "teacher": Role.PROTECTED}
    with Session.create(tmp_path / "a", conditions=conditions) as session:
        for file in sorted(small_panel.parent.glob("*.json")):
            if file != small_panel:
                family = "teachers" if file.stem == "teacher" else "others"
                request = ImportRequest(roles.get(file.stem, Role.CONTROL), facts=Facts(family=family))
                session.import_file(file, request)
        assert session.question(RunRequest()).apart == ()
        session.set_corpus("control-1", facts={"developer": "a maker"}, reason="its card says so")
        assert session.question(RunRequest()).apart == ()
        session.set_corpus("control-1", facts={"family": "teachers"}, reason="its card says so")
        question = session.question(RunRequest())
    assert [c.name for c in question.protected] == ["control-1", "teacher"]
    assert [(one.corpus.name, one.why) for one in question.apart] == [("control-1", "it came in as one of others")]


def test_an_opinion_knows_what_was_asked_under_another_name_of_the_protected_side(session: Session) -> None:
    for name in ("corpus:teacher", "family:teachers"):
        session.run("fitness", RunRequest(protected=name))
    opinions = session.form_opinions()
    assert [one.finding.values["beside"] for one in opinions] == [[2], [1]]
    assert session.form_opinions() == []
    session.run("fitness", RunRequest(protected="family:teachers", seed=2))
    assert [one.finding.values["beside"] for one in session.form_opinions()] == [[2, 5], [1]]
