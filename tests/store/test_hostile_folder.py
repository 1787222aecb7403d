"""A case folder from somebody else: nothing in it leads out of it, whoever opens it and for what."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.store.making import bring, new_case, record, several
from workbench.core.errors import CaseError
from workbench.core.surroundings import Conditions, of_this_machine
from workbench.store import Case, rescue, verify_case
from workbench.store.folder import CaseFolder, ForeignEntryError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="made with links of POSIX")

ORIGINAL = "0" * 64


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed case."""
    tmp_path = tmp_path_factory.mktemp("made")
    with new_case(tmp_path, of_this_machine("A. Examiner")) as case:
        bring(case, tmp_path, several(4))
        record(case, 1)
    return tmp_path / "a.case"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """What the examiner has outside of any case."""
    folder = tmp_path / "home"
    (folder / "folder").mkdir(parents=True)
    (folder / "folder" / "part-1").write_text("mine", encoding="utf-8")
    (folder / "file").write_text("mine", encoding="utf-8")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of the case to prepare."""
    return Path(shutil.copytree(made, tmp_path / "a.case"))


def contents(home: Path) -> dict[str, str]:
    """Every name below a folder, with what the file says."""
    found = sorted(home.rglob("*"))
    return {str(p.relative_to(home)): p.read_text("utf-8") if p.is_file() else "" for p in found}


def put(entry: Path, make: Callable[[Path], None]) -> None:
    """Put something in the place of an entry, and what was there aside."""
    if entry.is_dir():
        shutil.rmtree(entry)
    else:
        entry.unlink(missing_ok=True)
    make(entry)


LINKS = {
    "the folder that is swept": ("originals/.incoming", "folder"),
    "the vault": ("originals", "folder"),
    "an original": (f"originals/{ORIGINAL}", "file"),
    "an original that waits": (f"originals/.incoming/{ORIGINAL}", "file"),
    "the draft of the lock": ("lock.new", "file"),
    "the lock": ("lock", "file"),
    "who holds the lock": ("lock.json", "file"),
    "a mirror that is made": ("ledger.jsonl", "profile"),
    "the mirror": ("ledger.jsonl", "file"),
    "the database": ("case.db", "file"),
    "a log of the database": ("case.db-wal", "profile"),
    "a journal of the database": ("case.db-journal", "profile"),
    "a file of another name": ("notes.txt", "file"),
    "a file in a folder of another name": ("notes/2025/mine.txt", "file"),
}


@pytest.mark.parametrize(("entry", "target"), LINKS.values(), ids=LINKS.keys())
def test_a_link_is_refused_by_every_verb(
    folder: Path, home: Path, conditions: Conditions, entry: str, target: str
) -> None:
    (folder / entry).parent.mkdir(parents=True, exist_ok=True)
    put(folder / entry, lambda place: place.symlink_to(home / target))
    refused_everywhere(folder, entry, conditions, home)


def refused_everywhere(folder: Path, entry: str, conditions: Conditions, home: Path) -> None:
    before = contents(home)
    for writing in (False, True):
        with pytest.raises(ForeignEntryError) as refused:
            Case.open(folder, conditions=conditions, writing=writing)
        assert f"“{entry}”" in refused.value.message
    (problem,) = verify_case(folder)
    assert f"“{entry}”" in problem.detail
    with pytest.raises(ForeignEntryError, match=entry):
        rescue(folder, folder.parent / "new.case", conditions, read=lambda *_: iter(()))
    assert contents(home) == before
    assert not (folder.parent / "new.case").exists()


MADE: dict[str, Callable[[Path], None]] = {
    "a pipe": lambda place: os.mkfifo(place),
    "a socket": lambda place: socket.socket(socket.AF_UNIX).bind(str(place)),
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE.keys())
@pytest.mark.parametrize("entry", ["case.db", "ledger.jsonl", "lock", "lock.json", f"originals/.incoming/{ORIGINAL}"])
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_is_no_file_is_refused_at_once(
    folder: Path, home: Path, conditions: Conditions, entry: str, make: Callable[[Path], None]
) -> None:
    os.chdir(folder.parent)  # the path of a socket may be no longer than 100 bytes
    put(Path("a.case") / entry, make)
    refused_everywhere(folder, entry, conditions, home)


def test_a_device_is_refused(folder: Path, home: Path, conditions: Conditions) -> None:
    (folder / "lock").unlink()
    try:
        os.mknod(folder / "lock", 0o600 | 0o020000, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("only root makes devices")
    refused_everywhere(folder, "lock", conditions, home)


@pytest.mark.parametrize("entry", ["case.db", "ledger.jsonl", "lock.json", f"originals/{ORIGINAL}"])
def test_a_hard_link_is_refused(folder: Path, home: Path, conditions: Conditions, entry: str) -> None:
    put(folder / entry, lambda place: place.hardlink_to(home / "file"))
    refused_everywhere(folder, entry, conditions, home)


@pytest.mark.parametrize("entry", ["ledger.jsonl", "lock", "lock.json", "lock.new", f"originals/.incoming/{ORIGINAL}"])
def test_a_folder_in_the_place_of_a_file_ends_in_words(folder: Path, conditions: Conditions, entry: str) -> None:
    put(folder / entry, lambda place: place.mkdir())
    with suppress(CaseError):
        Case.open(folder, conditions=conditions, writing=True).close()
    assert {problem.path for problem in verify_case(folder)} <= {entry, f"originals/{ORIGINAL}"}


def test_folders_without_an_end_are_refused(folder: Path, conditions: Conditions) -> None:
    deep = folder.joinpath(*["d"] * 20)
    deep.mkdir(parents=True)
    with pytest.raises(ForeignEntryError, match="more folders within each other"):
        Case.open(folder, conditions=conditions)


def test_files_of_the_system_are_no_reason_to_refuse(folder: Path, conditions: Conditions) -> None:
    (folder / ".DS_Store").write_bytes(b"\0")
    (folder / "@eaDir").mkdir()
    (folder / "@eaDir" / "x").write_bytes(b"\0")
    (folder / os.fsdecode(b"odd \xff name")).write_bytes(b"\0")
    with Case.open(folder, conditions=conditions, writing=True) as case:
        assert case.verify() == []


def test_a_case_that_the_user_reaches_by_a_link_opens(folder: Path, conditions: Conditions) -> None:
    (folder.parent / "link.case").symlink_to(folder)
    with Case.open(folder.parent / "link.case", conditions=conditions, writing=True) as case:
        bring(case, folder.parent, several(2, "bob"), "bob.json")
        assert case.verify() == []


def test_a_journal_that_names_another_file_is_refused(folder: Path, home: Path, conditions: Conditions) -> None:
    """SQLite deletes the file that the end of a journal names, once it has rolled the journal back."""
    other = home / "notes.txt"
    other.write_text("mine", encoding="utf-8")
    name, magic, size = bytes(other), bytes.fromhex("d9d505f920a163d7"), 16384
    data = (folder / "case.db").read_bytes()
    header = magic + struct.pack(">IIIII", 1, 0, len(data) // size, 512, size)
    page = struct.pack(">I", 1) + data[:size] + struct.pack(">I", sum(data[size - 200 : 0 : -200]) & 0xFFFFFFFF)
    tail = struct.pack(">I", 0x40000000 // size + 1) + name + struct.pack(">II", len(name), sum(name)) + magic
    (folder / "case.db-journal").write_bytes(header.ljust(512, b"\0") + page + tail)
    refused_everywhere(folder, "case.db-journal", conditions, home)
    assert other.exists()


# What is put there after the folder was looked through


def test_links_that_come_later_are_not_followed(folder: Path, home: Path, conditions: Conditions) -> None:
    before = contents(home)
    with Case.open(folder, conditions=conditions, writing=True) as case:
        taken = case.sources()[0]
        for entry, target in (("originals/.incoming", "folder"), ("lock.new", "file"), ("ledger.jsonl", "profile")):
            put(folder / entry, lambda place, target=target: place.symlink_to(home / target))
        (folder.parent / "b.json").write_text("b", encoding="utf-8")
        with pytest.raises(CaseError, match=r"originals/\.incoming.*link"):
            case.take(folder.parent / "b.json")
        put(folder / "originals" / taken.sha256, lambda place: place.symlink_to(home / "file"))
        with pytest.raises(CaseError, match="link"):
            case.original(taken.sha256)
        with pytest.raises(CaseError, match="link"):
            case.backup(folder.parent / "backup.zip")
        # What the ledger holds was done; its mirror is left as it is, and opening the case names it.
        case.set_corpus("ada", note="x", reason="r")
    assert contents(home) == before
    assert not (folder.parent / "backup.zip").exists()


def test_a_database_that_was_exchanged_for_a_link_is_not_read(folder: Path, home: Path, conditions: Conditions) -> None:
    shutil.copy(folder / "case.db", home / "other.db")
    with Case.open(folder, conditions=conditions) as case:
        put(folder / "case.db", lambda place: place.symlink_to(home / "other.db"))
        with pytest.raises(CaseError, match="link"):
            case.corpora()


@pytest.mark.parametrize("name", ["lock", "ledger.jsonl", f"originals/{ORIGINAL}"])
def test_the_door_follows_no_link_and_waits_for_no_pipe(tmp_path: Path, name: str) -> None:
    (tmp_path / "originals").mkdir()
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    files = CaseFolder(tmp_path)
    for make in (lambda place: place.symlink_to(tmp_path / "file"), os.mkfifo):
        put(tmp_path / name, make)
        for use in (files.open, files.open_to_write, files.create, files.status):
            with pytest.raises(ForeignEntryError):
                use(name)
    files.remove(name)
    assert (tmp_path / "file").read_text("utf-8") == "mine"


def test_a_copy_before_a_migration_takes_nobody_elses_place(tmp_path: Path, home: Path, conditions: Conditions) -> None:
    shutil.unpack_archive(Path(__file__).with_name("schema_3.zip"), tmp_path / "old")
    (folder,) = (tmp_path / "old").glob("*.case")
    taken = folder.with_name(f"{folder.stem}.before-schema-4.db")
    taken.symlink_to(home / "file")
    taken.with_name(taken.name + ".part").symlink_to(home / "file")
    before = contents(home)
    Case.open(folder, conditions=conditions, writing=True).close()
    assert contents(home) == before
    copy = folder.with_name(f"{folder.stem}.before-schema-4-2.db")
    assert sqlite3.connect(copy).execute("PRAGMA user_version").fetchone() == (3,)


# Who may read


def test_a_case_is_for_its_owner_alone(tmp_path: Path, conditions: Conditions) -> None:
    before = os.umask(0)
    try:
        with new_case(tmp_path, conditions) as case:
            bring(case, tmp_path, several(3))
            found = {str(p.relative_to(tmp_path)): p.stat().st_mode & 0o777 for p in (tmp_path / "a.case").rglob("*")}
            case.backup(tmp_path / "backup.zip")
    finally:
        os.umask(before)
    assert (tmp_path / "a.case").stat().st_mode & 0o777 == 0o700
    folders = {"a.case/originals", "a.case/originals/.incoming"}
    assert {name for name, mode in found.items() if mode == 0o700} == folders
    assert {mode for name, mode in found.items() if name not in folders} <= {0o600, 0o400}
    assert {name for name in found if name.endswith(("-wal", "-shm"))}
    assert (tmp_path / "backup.zip").stat().st_mode & 0o777 == 0o600
