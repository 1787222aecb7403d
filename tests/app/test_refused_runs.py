"""A run that is refused is a look like any other: it stands in the ledger, with what was asked and why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.app.requests import RunRequest
from workbench.app.session import Session
from workbench.core.errors import RefusedError
from workbench.core.resources import resource
from workbench.core.surroundings import of_this_machine
from workbench.store import verify_case


def test_a_refused_run_leaves_a_line_and_the_case_whole(tmp_path: Path) -> None:
    folder = tmp_path / "a.case"
    with Session.create(folder, title="A", conditions=of_this_machine("A. Examiner")) as session:
        session.import_panel(resource("sample_case/panel.json"), "marlin-chat", "aurelia")
        request = RunRequest(controls=("fenbird-7b", "pellmoor-s"))
        with pytest.raises(RefusedError):
            session.run("closest_source", request)
        last = list(session.ledger())[-1]
        assert last.action == "run refused"
        assert last.options["controls"] == ["fenbird-7b", "pellmoor-s"]
        assert last.reason.startswith("Controls: 2.")
        with pytest.raises(RefusedError):
            session.run("combined", RunRequest())
        assert list(session.ledger())[-1].sequence == last.sequence
    assert verify_case(folder) == []
