"""An import that is stopped: what is said of it, and what the ledger says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.inside import case_of
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.errors import Cancelled
from workbench.core.surroundings import Conditions

REQUEST = ImportRequest(mapping={"prompt": "q", "response": "r"}, model="m")


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions) -> Iterator[Session]:
    with Session.create(tmp_path / "a.case", conditions=conditions, cache=tmp_path / "cache") as made:
        yield made


def much(folder: Path) -> Path:
    file = folder / "much.jsonl"
    file.write_text("".join(json.dumps({"q": f"Q {n}", "r": f"A {n}"}) + "\n" for n in range(12_000)), "utf-8")
    return file


class Ends:
    """Progress that ends the work by an exception while a file is read and some records are stored."""

    def __init__(self, session: Session, error: BaseException) -> None:
        self._session, self._error = session, error
        self._over = False

    def __call__(self, fraction: float, note: str = "") -> None:
        """End the work, once."""
        if not self._over and fraction > 0.5 and any(waiting.records for waiting in self._session.open_imports()):
            self._over = True
            raise self._error


def test_what_a_resumed_import_loses_is_said(session: Session, tmp_path: Path) -> None:
    file = much(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        session.import_file(file, REQUEST, Ends(session, KeyboardInterrupt()))
    (waiting,) = session.open_imports()
    with pytest.raises(Cancelled, match=f"nor the {waiting.records:,} records that an interrupted import had left"):
        session.import_file(file, REQUEST, Ends(session, Cancelled()))
    line = [*case_of(session).ledger()][-1]
    assert (line.action, line.reason) == ("import discarded", "stopped by the examiner")
    assert session.open_imports() == []
    assert case_of(session).verify() == []


def test_a_stopped_import_that_resumed_nothing_says_no_more(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Cancelled) as stopped:
        session.import_file(much(tmp_path), REQUEST, Ends(session, Cancelled()))
    assert str(stopped.value) == ""
    assert [*case_of(session).ledger()][-1].reason == "stopped by the examiner"
