"""A large file is read by another process, and nobody can tell from what comes of it."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.importers.material import MAKERS, MAPPING
from workbench.app import reading_ahead
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.conditions import Conditions
from workbench.core.errors import BadInputError, Cancelled
from workbench.core.progress import Progress, silent
from workbench.store.preparing import Batch

MAPPED = ImportRequest(model="named", mapping={"prompt": "q", "response": "r", "model": "m"})


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch):
    """A session in which every file is large."""
    monkeypatch.setattr(reading_ahead, "LARGE", 0)
    monkeypatch.setattr(reading_ahead, "cores", lambda: 2)
    with Session.create(tmp_path / "a.case", title="t", conditions=conditions) as made:
        yield made
        assert made.case.verify() == []
    assert not readers()


def readers() -> list[psutil.Process]:
    """The processes that read for this one, as far as they live."""
    return [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]


def lines(folder: Path, count: int) -> Path:
    """Records with an awkward text, another model, a line that is none."""
    file = folder / "answers.jsonl"
    with file.open("w") as stream:
        for n in range(count):
            stream.write(json.dumps({"q": f"Question {n}?", "r": f"Answer {n} \ud800 雪", "m": "other"}) + "\n")
        stream.write("not JSON\n")
    return file


def test_the_same_comes_of_it(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = lines(tmp_path, 5_000)
    told: list[float] = []
    ahead = session.import_file(file, MAPPED, lambda fraction, note="": told.append(fraction))
    found = list(session.case.normalised("named"))
    assert told == sorted(told)
    assert 0 <= told[0] < told[-1] <= 1
    monkeypatch.setattr(reading_ahead, "LARGE", 1 << 60)
    with Session.create(tmp_path / "b.case", title="t", conditions=session.case._store.conditions) as other:
        assert other.import_file(file, MAPPED) == ahead
        assert list(other.case.normalised("named")) == found
    assert len(found) == 5_000
    assert any("the records name other (5000)" in notice for notice in ahead.notices)
    (rejected,) = ahead.rejections
    assert "not valid JSON" in rejected[1]


def test_what_is_wrong_with_a_file_is_said_as_ever(session: Session, tmp_path: Path) -> None:
    file = lines(tmp_path, 2_000)
    with pytest.raises(BadInputError, match="No record has “nothing”"):
        session.import_file(file, ImportRequest(mapping={"prompt": "nothing", "response": "r"}))
    assert session.case.sources() == [] or session.case.open_imports() == []


def at(limit: float, act: Callable[[], None]) -> Progress:
    """A progress that acts once, beyond a fraction."""
    done: list[int] = []

    def progress(fraction: float, note: str = "") -> None:
        if fraction > limit and not done:
            done.append(1)
            act()

    return progress


def _cancel() -> None:
    raise Cancelled


def test_cancel_ends_the_reader_and_leaves_nothing(session: Session, tmp_path: Path) -> None:
    file = lines(tmp_path, 20_000)
    with pytest.raises(Cancelled):
        session.import_file(file, MAPPED, at(0.4, _cancel))
    assert not readers()
    assert session.case.corpora() == []
    assert not any(thread.name.startswith("Thread") and thread.is_alive() for thread in threading.enumerate()[1:])


def test_a_reader_that_comes_to_a_sudden_end(session: Session, tmp_path: Path) -> None:
    file = lines(tmp_path, 60_000)

    def kill() -> None:
        for process in readers():
            os.kill(process.pid, signal.SIGKILL)

    with pytest.raises(BadInputError, match="sudden end"):
        session.import_file(file, MAPPED, at(0.33, kill))
    assert session.case.corpora() == []
    assert session.import_file(file, MAPPED, silent).corpora[0].accepted == 60_000


def read_ahead(file: Path, key: str, request: ImportRequest, skipped: int = 0) -> list[Batch]:
    """All batches of a file, from another process."""
    with reading_ahead.Reader() as reader:
        kept = reading_ahead.Kept(file, "file", key, request)
        return list(reader.reading(kept, skipped).batches(silent))


def test_a_fault_of_ours_is_no_fault_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b'{"q": "a", "r": "b"}\n')
    with pytest.raises(Exception, match="no such importer"):
        read_ahead(file, "no such importer", MAPPED)


@pytest.mark.parametrize("key", ["mapped_json", "fastchat", "har"])
def test_records_of_any_format(key: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(MAKERS[key](random.Random(1), 30))
    request = ImportRequest(mapping=MAPPING if key.startswith("mapped") else {})
    (whole,) = read_ahead(file, key, request)
    (rest,) = read_ahead(file, key, request, 21)
    assert (whole.items, rest.items) == (30, 9)
    assert list(rest.rows[0].columns["text"]) == list(whole.rows[0].columns["text"])[21:]


@pytest.mark.parametrize("stage", ["ordering what was read", "ordering prompts", "ordering records"])
def test_the_last_stage_is_said_and_can_be_stopped(session: Session, tmp_path: Path, stage: str) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [{"q": f"What is {n}?", "r": f"It is {n}.", "m": "m"} for n in range(50)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    def stopping(fraction: float, note: str = "") -> None:
        if note == stage:
            raise Cancelled

    with pytest.raises(Cancelled):
        session.import_file(path, MAPPED, stopping)
    assert session.catalogue() == []
    assert session.open_imports() == []
    assert session.import_file(path, MAPPED).corpora[0].accepted == 50
