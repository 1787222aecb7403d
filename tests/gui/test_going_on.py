"""In the window: imports that go on with an interrupted one, and what is lost where they are stopped."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from tests.gui.test_importing import known
from tests.inside import case_of
from workbench.app.requests import ImportRequest
from workbench.app.session import Session

# An import that goes on with an interrupted one

MAPPED = ImportRequest(mapping={"prompt": "ask.q", "response": "reply.0"})


@pytest.fixture
def interrupted(conditions, tmp_path: Path) -> tuple[Path, str]:
    """The file of an import that waits, in a case beside it, and how many records of it are stored."""
    lines = (json.dumps({"ask": {"q": f"What is {n}?"}, "reply": [f"It is {n}."]}) for n in range(12_000))
    path = tmp_path / "much.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    with Session.create(tmp_path / "i", title="I", conditions=conditions) as session:

        def end(fraction: float, note: str = "") -> None:
            if any(waiting.records for waiting in session.open_imports()):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            session.import_file(path, MAPPED, end)
        (waiting,) = session.open_imports()
    return path, f"{waiting.records:,}"


@pytest.fixture
def held(monkeypatch) -> threading.Event:
    """Holds every import at its end until it is stopped; is set when one is there."""
    from workbench.store import Intake

    at_work = threading.Event()

    def wait(self: Intake, *, progress, **more: object) -> None:
        at_work.set()
        while True:
            progress(0.5)
            time.sleep(0.001)

    monkeypatch.setattr(Intake, "finish", wait)
    return at_work


def test_what_is_lost_with_a_stopped_resume_is_said_before_and_after(
    open_window, interrupted: tuple[Path, str], held: threading.Event, answers, spin
) -> None:
    path, left = interrupted
    window = open_window(path.with_name("i.case"))
    seen: list[str] = []
    answers.given = [lambda dialog: seen.extend(label.text() for label in dialog.findChildren(QLabel)), False, True]
    window.take_dropped([path])
    spin(held.is_set, 30)
    assert any(f"An import of much.jsonl was interrupted after {left} records" in text for text in seen)
    window.foot.stop.click()
    assert f"what that one left is dropped too ({left} records)." in answers.asked[-1]
    assert window.workspace.busy
    window._ask_to_stop()
    spin(lambda: window.workspace.jobs.idle, 30)
    assert f"nor the {left} records that an interrupted import had left" in window.trouble.shown
    assert window.workspace.session.open_imports() == []
    assert case_of(window.workspace.session).verify() == []


def test_what_is_lost_is_said_where_an_import_is_resumed_on_the_page_case(
    open_window, interrupted: tuple[Path, str], held: threading.Event, answers, spin
) -> None:
    path, left = interrupted
    window = open_window(path.with_name("i.case"))
    answers.given = [lambda dialog: None, True]
    window.at.overview.resume.trigger()
    spin(held.is_set, 30)
    window.close()
    assert f"What the interrupted import had left is dropped too ({left} records)." in answers.asked[-1]
    spin(lambda: not window.isVisible(), 30)
    assert window.trouble.shown == ""


def test_a_stop_amid_several_files_says_which_were_taken_in(window, answers, tmp_path: Path, spin, monkeypatch) -> None:
    at_work = threading.Event()
    whole = Session.import_file

    def slow_at_the_second(self: Session, path: Path, request: ImportRequest, progress) -> object:
        if path.name == "a.json":
            return whole(self, path, request, progress)
        at_work.set()
        while True:
            progress(0.5)
            time.sleep(0.001)

    monkeypatch.setattr(Session, "import_file", slow_at_the_second)
    answers.given = [lambda dialog: None, True]
    window.take_dropped([known(tmp_path / "a.json", "a"), known(tmp_path / "b.json", "b")])
    spin(at_work.is_set)
    window._ask_to_stop()
    assert "dropped too" not in answers.asked[-1]
    spin(lambda: window.workspace.jobs.idle)
    assert "1 of 2 files were taken in before: a.json." in window.trouble.shown
