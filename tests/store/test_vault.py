"""Originals, the disk under them, and the lock."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.making import bring, new_case, several
from workbench.core.errors import BadInputError, Cancelled, CaseError, UsageError
from workbench.core.hashing import sha256
from workbench.core.surroundings import Conditions
from workbench.store import Case, require_space
from workbench.store.disk_state import Place, place_of


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _incoming(folder: Path) -> list[Path]:
    return list((folder / "a.case" / "originals" / ".incoming").iterdir())


def test_a_file_is_kept_byte_for_byte_and_read_only(tmp_path: Path, conditions: Conditions) -> None:
    data = os.urandom(3_000_000)
    with new_case(tmp_path, conditions) as case:
        source = case.take(_write(tmp_path / "x.json", data))
        kept = case.original(source.sha256)
        assert (source.sha256, source.size, source.name, source.known) == (sha256(data), len(data), "x.json", False)
        assert kept.read_bytes() == data
        assert kept.stat().st_mode & 0o222 == 0
        again = case.take(_write(tmp_path / "y.json", data))
        assert (again.id, again.name, again.known) == (source.id, "x.json", True)
        assert _incoming(tmp_path) == []
        assert case.verify() == []
        with pytest.raises(UsageError, match="was received"):
            case.original("../../etc/passwd")


def test_files_that_cannot_be_taken(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        for path, words in (
            (tmp_path / "none", "There is no file none"),
            (tmp_path, "is a folder"),
            (_write(tmp_path / "empty", b""), "is empty"),
            (Path("/dev/null"), "no ordinary file"),
            (tmp_path / ("x" * 300), "can't be read"),
        ):
            with pytest.raises(BadInputError, match=words):
                case.take(path)
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(BadInputError, match="no ordinary file"):
            case.take(tmp_path / "pipe")
        assert case.sources() == []
        assert _incoming(tmp_path) == []


def test_a_cancelled_copy_leaves_nothing(tmp_path: Path, conditions: Conditions) -> None:
    def stop(fraction: float, note: str = "") -> None:
        raise Cancelled

    with new_case(tmp_path, conditions) as case:
        with pytest.raises(Cancelled):
            case.take(_write(tmp_path / "x", b"data"), stop)
        assert _incoming(tmp_path) == []
        assert case.sources() == []


def test_a_file_that_changes_under_way_is_refused(tmp_path: Path, conditions: Conditions) -> None:
    path = _write(tmp_path / "x", b"data" * 1_000_000)

    def grow(fraction: float, note: str = "") -> None:
        with path.open("ab") as stream:
            stream.write(b"more")

    with new_case(tmp_path, conditions) as case:
        with pytest.raises(BadInputError, match="changed while"):
            case.take(path, grow)
        assert case.sources() == []


def test_a_file_nobody_knows_can_be_let_go(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        source = case.take(_write(tmp_path / "x", b"data"))
        kept = case.original(source.sha256)
        assert case.release(source)
        assert not kept.exists()
        assert case.sources() == []
        bring(case, tmp_path, several(1))
        assert not case.release(case.sources()[0])
        assert case.verify() == []


def test_opening_sweeps_what_no_row_names(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(1))
        waiting = case.sources()[0].sha256
    vault = tmp_path / "a.case" / "originals"
    _write(vault / ".incoming" / "part-abc", b"half")
    stray = _write(vault / sha256(b"stray"), b"stray")
    stray.chmod(0o444)
    # A program that was killed between the row and the move.
    (vault / waiting).rename(vault / ".incoming" / waiting)
    with Case.open(tmp_path / "a.case", conditions=conditions) as case:
        assert [p.path for p in case.verify()] == [f"originals/{stray.name}"]
        assert case.original(waiting).exists()
    with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
        line = list(case.ledger())[-1]
        assert line.action == "vault swept"
        assert {f["name"] for f in line.options["files"]} == {"part", stray.name}
        assert {p.name for p in vault.iterdir()} == {".incoming", waiting}
        assert case.verify() == []


def test_an_original_that_the_ledger_names_is_never_swept(tmp_path: Path, conditions: Conditions) -> None:
    new_case(tmp_path, conditions).close()
    older = (tmp_path / "a.case" / "case.db").read_bytes()
    with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
        bring(case, tmp_path, several(1))
        kept = case.original(case.sources()[0].sha256)
    # Somebody puts an older database back: the mirror still names the original.
    (tmp_path / "a.case" / "case.db").write_bytes(older)
    with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
        assert "does not agree" in case.notice
    assert kept.exists()


def test_a_disk_without_room_is_refused_in_words(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _write(tmp_path / "x", b"x" * 10_000)
    with new_case(tmp_path, conditions) as case:
        usage = shutil.disk_usage(tmp_path)._replace(free=20_000)
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
        with pytest.raises(CaseError, match=r"not enough space for this import: it needs about 39 KB, and 20 KB"):
            case.take(path)
        with pytest.raises(CaseError, match="for the pack"):
            require_space(tmp_path, 1 << 40, "the pack")
        assert _incoming(tmp_path) == []


_LIMITED = """
import resource, sys
from pathlib import Path
from tests.store.making import several
from workbench.core.surroundings import of_this_machine
from workbench.core.errors import CaseError
from workbench.store import Case
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
with Case.open(folder / "a.case", conditions=of_this_machine("x"), writing=True) as case:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        intake = case.begin_import(case.take(folder / "x"), "test", {})
        intake.add([r._replace(text=r.text * 200) for r in several(9000)])
        intake.finish(default_model="ada")
        print("done")
    except CaseError as error:
        print(error.message)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(case.verify(), len(case.corpora()), len(case.sources()))
"""


@pytest.mark.parametrize(("limit", "sources"), [(50_000, 0), (1_000_000, 1)])
def test_a_file_size_limit_is_said_and_nothing_is_half_written(
    tmp_path: Path, conditions: Conditions, limit: int, sources: int
) -> None:
    new_case(tmp_path, conditions).close()
    _write(tmp_path / "x", b"x" * 100_000)
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(tmp_path), str(limit)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    said, after = done.stdout.splitlines()
    assert "full" in said
    assert after == f"[] 0 {sources}"
    assert _incoming(tmp_path) == []
    with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
        assert case.verify() == []


def test_kinds_of_disk(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    share = tmp_path / "my share"
    share.mkdir()
    escaped = str(share).replace(" ", "\\040")
    for kind, place in (
        ("ext4", Place()),
        ("nfs4", "network share (nfs4)"),
        ("cifs", "network share (cifs)"),
        ("vfat", "4 GB"),
        ("exfat", "permissions"),
    ):
        mounts.write_text(f"/dev/a / ext4 rw 0 0\nx {escaped} {kind} rw 0 0\n", encoding="utf-8")
        found = place_of(share / "a.case", mounts)
        assert found == place if isinstance(place, Place) else place in found.notice
        assert found.network == (kind in ("nfs4", "cifs"))
        assert place_of(tmp_path / "a.case", mounts) == Place()
    assert place_of(tmp_path, tmp_path / "nothing") == Place()


def test_fat_refuses_files_of_four_gigabytes(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_case(tmp_path, conditions).close()
    with (tmp_path / "huge").open("wb") as stream:
        stream.truncate(4 << 30)
    monkeypatch.setattr("workbench.store.case.place_of", lambda folder: Place(limit=(4 << 30) - 1))
    with (
        Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case,
        pytest.raises(CaseError, match="can't hold a file that large"),
    ):
        case.take(tmp_path / "huge")


def test_an_import_that_another_program_is_at_is_told_from_an_interrupted_one(
    tmp_path: Path, conditions: Conditions
) -> None:
    holder = tmp_path / "a.case" / "lock.json"
    with new_case(tmp_path, conditions) as case, Case.open(tmp_path / "a.case", conditions=conditions) as other:
        left = case.take(_write(tmp_path / "left.json", b"left"))
        case.begin_import(left, "test", {})
        assert [one.under_way for one in other.open_imports()] == [True]
        assert [one.under_way for one in case.open_imports()] == [False]
        said = holder.read_text(encoding="utf-8")
    holder.write_text(said, encoding="utf-8")  # as a killed program leaves it
    with Case.open(tmp_path / "a.case", conditions=conditions) as other:
        assert [one.under_way for one in other.open_imports()] == [False]
        with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
            case.begin_import(case.take(_write(tmp_path / "next.json", b"next")), "test", {})
            assert [one.under_way for one in other.open_imports()] == [False, True]


def test_two_programs_on_one_case(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions):
        holder = json.loads((tmp_path / "a.case" / "lock.json").read_text(encoding="utf-8"))
        assert (holder["pid"], holder["user"]) == (os.getpid(), "tester@machine")
        with pytest.raises(CaseError, match=f"program: process {os.getpid()} on .*, user tester@machine, since"):
            Case.open(tmp_path / "a.case", conditions=conditions, writing=True)
        (tmp_path / "a.case" / "lock.json").write_text("{", encoding="utf-8")
        with pytest.raises(CaseError, match="another program"):
            Case.open(tmp_path / "a.case", conditions=conditions, writing=True)
    assert not (tmp_path / "a.case" / "lock.json").exists()
    Case.open(tmp_path / "a.case", conditions=conditions, writing=True).close()


def test_errors_of_the_disk_in_words(tmp_path: Path) -> None:
    from workbench.store.disk_state import disk_words

    assert "full" in disk_words(OSError(errno.ENOSPC, "x"), tmp_path).message
    assert "can't be written" in disk_words(OSError(errno.EROFS, "x"), tmp_path).message
    assert "failed: broken" in disk_words(OSError(errno.EIO, "broken"), tmp_path).message
