"""A large file is read by another process, and nobody can tell from what comes of it."""

from __future__ import annotations

import errno
import gzip
import json
import os
import random
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.importers.made_records import openai_batch as batch_record
from tests.importers.material import MAKERS, MAPPING
from tests.inside import case_of
from workbench.app.importing import reader_processes
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.errors import BadInputError, Cancelled
from workbench.core.prepared_answers import Batch
from workbench.core.progress import Progress, silent
from workbench.core.surroundings import Conditions
from workbench.importers.base import Options
from workbench.importers.choose import by_key
from workbench.importers.containers.open import open_file
from workbench.importers.reading.lines import may_be_split
from workbench.store.importing import finish

MAPPED = ImportRequest(model="named", mapping={"prompt": "q", "response": "r", "model": "m"})


@pytest.fixture
def session(tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch):
    """A session in which every file is large."""
    monkeypatch.setattr(reader_processes, "LARGE", 0)
    monkeypatch.setattr(reader_processes, "cores", lambda: 2)
    with Session.create(tmp_path / "a.case", title="t", conditions=conditions) as made:
        yield made
        assert case_of(made).verify() == []
    assert not readers()


def readers() -> list[psutil.Process]:
    """The processes that read for this one, as far as they live: children of the one that they are forked off."""
    servers = [p for p in psutil.Process().children() if "forkserver" in " ".join(p.cmdline())]
    return [p for server in servers for p in server.children() if p.status() != psutil.STATUS_ZOMBIE]


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
    found = list(case_of(session).normalised("named"))
    assert told == sorted(told)
    assert 0 <= told[0] < told[-1] <= 1
    monkeypatch.setattr(reader_processes, "LARGE", 1 << 60)
    with Session.create(tmp_path / "b.case", title="t", conditions=case_of(session)._store.conditions) as other:
        assert other.import_file(file, MAPPED) == ahead
        assert list(case_of(other).normalised("named")) == found
    assert len(found) == 5_000
    assert any("the records name other (5000)" in notice for notice in ahead.notices)
    (rejected,) = ahead.rejections
    assert "not valid JSON" in rejected[1]


@pytest.mark.parametrize("step", [1, 997, 50_000])
@pytest.mark.parametrize("key", ["mapped_jsonl", "call_records"])
def test_several_readers_give_what_one_gives(
    key: str, step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    long = json.dumps({"q": "long", "r": "word " * 10_000}).encode()
    data = MAKERS[key](random.Random(1), 120).splitlines()
    file.write_bytes(b"\xef\xbb\xbf" + b"\n".join([*data[:50], long, b"", b"no JSON", *data[50:], b'{"r": "cut']))
    request = ImportRequest(model="named", mapping=MAPPING if key.startswith("mapped") else {})
    monkeypatch.setattr(reader_processes, "RANGE", step)
    (alone,), said = read_ahead(file, key, request)
    for skipped in (0, 37):
        batches, ahead = read_ahead(file, key, request, skipped, many=3, split=True)
        assert ahead == said
        assert sum(batch.items for batch in batches) == alone.items - skipped
        assert [one for batch in batches for one in batch.rejected] == [o for o in alone.rejected if o[0] >= skipped]
        for name in ("place", "offset", "length", "text", "digest"):
            columns = [value for batch in batches for rows in batch.rows for value in rows.columns[name]]
            assert columns == list(alone.rows[0].columns[name])[skipped:]


@pytest.mark.parametrize("key", ["openai_batch", "mapped_jsonl"])
def test_prompts_are_joined_by_every_reader(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader_processes, "RANGE", 2_000)
    file, prompts = tmp_path / "file", tmp_path / "prompts"
    own = {"custom_id": "id", "q": "", "r": ""}
    records = [batch_record(n, f"Answer {n}.") if key == "openai_batch" else own for n in range(60)]
    records = [record | {"custom_id": f"q{n}", "r": f"Answer {n}."} for n, record in enumerate(records)]
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    prompts.write_text("".join(json.dumps({"id": f"q{n}", "prompt": f"Question {n}?"}) + "\n" for n in range(59)))
    mapping = {"prompt_key": "custom_id", "response": "r"} if key == "mapped_jsonl" else {}
    kept = reader_processes.KeptFile(file, "file", by_key(key), ImportRequest(mapping=mapping), (prompts, "prompts"))
    found = []
    for split in (False, True):
        with reader_processes.Readers(2) as readers:
            batches = list(readers.reading(replace(kept, split=split), 0).batches(silent))
        digests = [digest for batch in batches for rows in batch.rows for digest in rows.asked]
        found.append(
            [batch.prompts[digest] for batch in batches for rows in batch.rows for digest in rows.asked if digest]
        )
        assert len(digests) == 60
    assert found[0] == found[1] == [f"Question {n}?" for n in range(59)]


def test_a_file_is_split_only_where_its_lines_stand_for_themselves(tmp_path: Path) -> None:
    def split(data: bytes, key: str = "mapped_jsonl", mapping: dict[str, str] = MAPPING, name: str = "f") -> bool:
        (tmp_path / name).write_bytes(data)
        return may_be_split(by_key(key), open_file(tmp_path / name, name), Options(mapping=mapping))

    lines = MAKERS["mapped_jsonl"](random.Random(1), 30)
    assert split(lines)
    assert not split(lines, mapping=MAPPING | {"time": "nowhere"})
    assert not split(gzip.compress(lines))
    assert not split(lines.decode().encode("utf-16"))
    assert split(MAKERS["call_records"](random.Random(1), 30), "call_records", {})
    assert not split(MAKERS["mapped_json"](random.Random(1), 30), "mapped_json")


def test_what_is_wrong_with_a_file_is_said_as_ever(session: Session, tmp_path: Path) -> None:
    file = lines(tmp_path, 2_000)
    with pytest.raises(BadInputError, match="No record has “nothing”"):
        session.import_file(file, ImportRequest(mapping={"prompt": "nothing", "response": "r"}))
    assert case_of(session).sources() == [] or case_of(session).open_imports() == []


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
    assert case_of(session).corpora() == []
    assert not any(thread.name.startswith("Thread") and thread.is_alive() for thread in threading.enumerate()[1:])


def test_what_is_dropped_after_a_cancel_is_told_of(session: Session, tmp_path: Path) -> None:
    file = lines(tmp_path, 20_000)
    told: list[tuple[float, str]] = []

    def progress(fraction: float, note: str = "") -> None:
        told.append((fraction, note))
        if fraction > 0.4:
            raise Cancelled

    with pytest.raises(Cancelled):
        session.import_file(file, MAPPED, progress)
    assert told == sorted(told, key=lambda one: one[0])
    assert [note for _, note in told].count("discarding") >= 2
    assert told[-1] == (1.0, "discarded")
    assert case_of(session).corpora() == []


def test_a_reader_that_comes_to_a_sudden_end(session: Session, tmp_path: Path) -> None:
    file = lines(tmp_path, 60_000)

    def kill() -> None:
        for process in readers():
            os.kill(process.pid, signal.SIGKILL)

    with pytest.raises(BadInputError, match="sudden end"):
        session.import_file(file, MAPPED, at(0.33, kill))
    assert case_of(session).corpora() == []
    assert session.import_file(file, MAPPED, silent).corpora[0].accepted == 60_000


@pytest.mark.parametrize("what", ["forkserver.ensure_running", "_ReaderProcess.__init__"])
def test_where_no_process_can_be_had_this_one_reads(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOMEM, "no memory for it")

    monkeypatch.setattr(f"workbench.app.importing.reader_processes.{what}", fail)
    report = session.import_file(lines(tmp_path, 500), MAPPED)
    assert (report.corpora[0].accepted, report.corpora[0].rejected) == (500, 1)


def read_ahead(
    file: Path, key: str, request: ImportRequest, skipped: int = 0, *, many: int = 1, split: bool = False
) -> tuple[list[Batch], tuple[str, ...]]:
    """All batches of a file, from other processes, and what is said of it."""
    with reader_processes.Readers(many) as readers:
        reading = readers.reading(reader_processes.KeptFile(file, "file", by_key(key), request, split=split), skipped)
        assert reading is not None
        return list(reading.batches(silent)), reading.notices()


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
    (whole,), _ = read_ahead(file, key, request)
    (rest,), _ = read_ahead(file, key, request, 21)
    assert (whole.items, rest.items) == (30, 9)
    assert list(rest.rows[0].columns["text"]) == list(whole.rows[0].columns["text"])[21:]


@pytest.mark.parametrize("stage", ["ordering what was read", "ordering prompts", "ordering records"])
def test_the_last_stage_is_said_and_can_be_stopped(
    session: Session, tmp_path: Path, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "MOST", 0)
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
