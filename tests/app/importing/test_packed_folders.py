"""Folders as sources: one archive, the same each time, that any program opens; links and oddities are refused."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from tests.inside import case_of
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.errors import BadInputError, Cancelled, CaseError
from workbench.core.prepared_answers import Batch
from workbench.core.progress import silent
from workbench.core.surroundings import Conditions
from workbench.importers.containers import folder_archive
from workbench.importers.containers.folder_archive import pack_folder
from workbench.importers.containers.open import open_file
from workbench.importers.containers.zip_directory import entries
from workbench.importers.locate import raw_bytes
from workbench.store.importing.open_import import Intake

NAMES = ["b.txt", "a/2.txt", "a/1.txt", "a.txt", "a/deep/er/x.txt", "Größe.txt", "雪.txt", ".hidden"]


def folder_of(folder: Path, names: list[str]) -> Path:
    """A folder of files that hold their own names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"This is {name}.", encoding="utf-8")
    return folder


def packed(folder: Path) -> bytes:
    """The archive of a folder."""
    out = io.BytesIO()
    pack_folder(folder, out, silent)
    return out.getvalue()


def test_a_folder_packs_into_the_same_bytes_whenever_its_files_are_the_same(tmp_path: Path) -> None:
    first = packed(folder_of(tmp_path / "one", NAMES))
    second = folder_of(tmp_path / "two", NAMES[::-1])
    os.utime(second / "b.txt", (1, 1))
    (second / "b.txt").chmod(0o600)
    (second / "empty").mkdir()
    assert packed(second) == first
    (second / "b.txt").write_text("This is c.txt.")
    assert packed(second) != first


def test_another_program_opens_the_archive_of_a_folder(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "one", NAMES)
    (folder / "large.bin").write_bytes(bytes(3 << 20) + b"end")
    (folder / "none.txt").touch()
    with zipfile.ZipFile(io.BytesIO(packed(folder))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == sorted(names, key=os.fsencode)
        assert set(names) == {*NAMES, "large.bin", "none.txt"}
        assert all(archive.read(name) == (folder / name).read_bytes() for name in names)
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_archives_of_more_files_than_old_zip_knows_can_be_opened() -> None:
    out, index = io.BytesIO(), io.BytesIO()
    writer = folder_archive.Writer(out, index)
    for n in range(70_000):
        assert writer.add(b"%06d.txt" % n, io.BytesIO(b"%d" % n), len(str(n)))
    writer.finish()
    with zipfile.ZipFile(out) as archive:
        assert len(archive.namelist()) == 70_000
        assert archive.read("069999.txt") == b"69999"
    assert sum(1 for _ in entries(out)) == 70_000


@pytest.mark.slow
def test_archives_of_more_bytes_than_old_zip_knows_can_be_opened(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "one", ["z.txt"])
    with (folder / "large.bin").open("wb") as file:
        file.truncate((4 << 30) + 5)
    with (tmp_path / "file.zip").open("w+b") as target:
        pack_folder(folder, target, silent)
        assert [(e.name, e.size) for e in entries(target)] == [("large.bin", (4 << 30) + 5), ("z.txt", 14)]
        with zipfile.ZipFile(target) as archive:
            assert [i.file_size for i in archive.infolist()] == [(4 << 30) + 5, 14]
            assert archive.read("z.txt") == b"This is z.txt."


def test_links_pipes_and_empty_folders_are_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "one", ["a/1.txt"])
    (folder / "a" / "link.txt").symlink_to("/etc/passwd")
    with pytest.raises(BadInputError, match=r"link\.txt” is a link"):
        packed(folder)
    (folder / "a" / "link.txt").unlink()
    (folder / "around").symlink_to(folder)
    with pytest.raises(BadInputError, match="never followed"):
        packed(folder)
    (folder / "around").unlink()
    os.mkfifo(folder / "pipe")
    with pytest.raises(BadInputError, match="no plain file"):
        packed(folder)
    (tmp_path / "empty" / "inside").mkdir(parents=True)
    with pytest.raises(BadInputError, match="holds no files"):
        packed(tmp_path / "empty")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such names")
def test_odd_names_are_kept_or_refused_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / os.fsdecode(b"caf\xe9.txt")).write_text("one")
    (folder / "a b\n\u202e.txt").write_text("two")
    with zipfile.ZipFile(io.BytesIO(packed(folder))) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [b"two", b"one"]
    (folder / "..\\x.txt").write_text("three")
    with pytest.raises(BadInputError, match="can't be kept"):
        packed(folder)


def test_a_folder_of_text_comes_in_as_one_source(tmp_path: Path, conditions: Conditions) -> None:
    folder = tmp_path / "model-x"
    folder.mkdir()
    for n in range(30):
        (folder / f"p{n}.txt").write_text(f"Answer {n}.")
    (folder / "old.txt").write_bytes("Größe".encode("cp1252"))
    prompts = "".join(json.dumps({"id": f"p{n}", "prompt": f"Question {n}?"}) + "\n" for n in range(30))
    (folder / "prompts.jsonl").write_text(prompts)
    with Session.create(tmp_path / "c.case", title="t", conditions=conditions) as session:
        report = session.import_file(folder, ImportRequest())
        (corpus,) = report.corpora
        assert (corpus.name, corpus.records, corpus.accepted, corpus.rejected) == ("model-x", 31, 31, 0)
        assert (report.importer, report.name) == ("text_files", "model-x.zip")
        assert any("windows-1252" in notice for notice in report.notices)
        rows = list(case_of(session).normalised("model-x"))
        assert {row["prompt"] for row in rows} == {None, *(f"Question {n}?" for n in range(30))}
        original = case_of(session).original(report.source)
        for row in rows:
            place = row["source"] if isinstance(row.get("source"), dict) else row
            raw = raw_bytes(original, place["member"], place["offset"], place["length"])
            assert raw.decode() == row["response"]
        again = session.import_file(folder, ImportRequest())
        assert again.known
        assert len(case_of(session).sources()) == 1
        assert not list((tmp_path / "c.case" / "originals" / ".incoming").iterdir())


def test_a_folder_of_one_file_is_a_folder_still(tmp_path: Path, conditions: Conditions) -> None:
    folder = folder_of(tmp_path / "model-y", ["1.txt"])
    with Session.create(tmp_path / "c.case", title="t", conditions=conditions) as session:
        report = session.import_file(folder, ImportRequest())
    assert report.importer == "text_files"
    assert [c.accepted for c in report.corpora] == [1]


def test_a_folder_that_is_refused_or_cancelled_leaves_nothing(tmp_path: Path, conditions: Conditions) -> None:
    folder = folder_of(tmp_path / "model-x", [f"{n}.txt" for n in range(500)])

    def stop(fraction: float, note: str = "") -> None:
        if "packed" in note and fraction > 0.1:
            raise Cancelled

    with Session.create(tmp_path / "c.case", title="t", conditions=conditions) as session:
        with pytest.raises(Cancelled):
            session.import_file(folder, ImportRequest(), stop)
        (folder / "link").symlink_to("1.txt")
        with pytest.raises(BadInputError, match="link"):
            session.import_file(folder, ImportRequest())
        assert case_of(session).sources() == []
        assert not [p for p in (tmp_path / "c.case" / "originals").rglob("*") if p.is_file()]


def test_a_full_disk_is_said_as_what_it_is(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path / "model-x", ["1.txt"])

    def full(*_: object) -> tuple[int, int]:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(folder_archive.Writer, "_copied", full)
    with Session.create(tmp_path / "c.case", title="t", conditions=conditions) as session:
        with pytest.raises(CaseError, match="No space left"):
            session.import_file(folder, ImportRequest())
        assert not list((tmp_path / "c.case" / "originals" / ".incoming").iterdir())


def test_the_room_for_a_folder_is_looked_at_before_a_byte_is_written(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path / "model-x", ["1.txt", "a/2.txt"])
    (folder / "3.txt").write_bytes(bytes(4000))
    with Session.create(tmp_path / "c.case", title="t", conditions=conditions) as session:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**6, 10**6 - 9000, 9000))
        monkeypatch.setattr("workbench.app.importing.packed_folders.pack_folder", None)
        with pytest.raises(CaseError, match=r"not enough space for this folder: it needs about 14 KB, and 8\.8 KB"):
            session.import_file(folder, ImportRequest())
        assert case_of(session).sources() == []


def test_the_encoding_is_stated_and_kept(tmp_path: Path, conditions: Conditions) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes("p,r\nFrage,schöne Grüße und Äpfel\n".encode("cp1252"))
    request = ImportRequest(mapping={"prompt": "p", "response": "r"})
    with Session.create(tmp_path / "c.case", title="t", conditions=conditions) as session:
        report = session.import_file(file, request)
        assert any("windows-1252, guessed" in notice for notice in report.notices)
        (row,) = case_of(session).import_log()
        assert row.options["encoding"] == {"name": "windows-1252", "how": "guessed"}
        assert open_file(case_of(session).original(report.source)).encoding == "windows-1252"


def test_a_rejected_record_has_its_number_within_its_own_file(tmp_path: Path, conditions: Conditions) -> None:
    folder = tmp_path / "several"
    folder.mkdir()
    good = '{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}\n'
    for name in ("a.jsonl", "b.jsonl", "c.jsonl"):
        (folder / name).write_text(good.replace("q", name) + good.replace("q", f"more {name}") + "{broken\n")
    with Session.create(tmp_path / "c.case", title="t", conditions=conditions) as session:
        report = session.import_file(folder, ImportRequest(model="m"))
    assert [place.rpartition(",")[0] for place, _ in report.rejections] == [
        f"{name}, record 3" for name in ("a.jsonl", "b.jsonl", "c.jsonl")
    ]


@pytest.mark.parametrize("changed", [False, True])
def test_a_killed_import_of_a_folder_goes_on_or_says_that_the_folder_changed(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch, changed: bool
) -> None:
    class KilledError(BaseException):
        pass

    folder = folder_of(tmp_path / "texts", [f"p{n:02}.txt" for n in range(30)])
    monkeypatch.setattr("workbench.core.prepared_answers.BATCH_ROWS", 7)
    monkeypatch.setattr("workbench.store.importing.open_import.TOGETHER", 1)
    put = Intake.put

    def until_killed(ready: Iterable[Batch]) -> Iterator[Batch]:
        yield from islice(ready, 2)
        raise KilledError

    def killed(self: Intake, ready: Iterable[Batch]) -> None:
        put(self, until_killed(ready))

    with Session.create(tmp_path / "c.case", title="t", conditions=conditions) as session:
        with monkeypatch.context() as patched:
            patched.setattr(Intake, "put", killed)
            with pytest.raises(KilledError):
                session.import_file(folder, ImportRequest(model="m"))
        assert session.corpora() == []
    with Session.open(tmp_path / "c.case", conditions=conditions) as session:
        (waiting,) = session.open_imports()
        assert waiting.records == 14
        if changed:
            (folder / "p30.txt").write_text("One more.")
        report = session.import_file(folder, ImportRequest(model="m"))
        assert report.resumed is not changed
        assert report.corpora[0].accepted == 30 + changed
        assert any("its bytes have changed since" in notice for notice in report.notices) is changed
        assert len(session.open_imports()) == changed
        if changed:
            session.discard_import(waiting.id)
        assert session.verify().ok
