"""Runs over a session: material is gathered once, and a refusal is raised in its own words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.analyses.closest_source.analysis import ClosestSource
from workbench.app.requests import RunRequest
from workbench.app.session import Session
from workbench.core.errors import RefusedError
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
