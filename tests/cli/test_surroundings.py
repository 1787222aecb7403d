"""Two programs on one case, disks that are full or can't be written, interrupts, readers that go away."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.cli.conftest import CANCELLED, DONE, REFUSED, Command, checked, kept, leftovers, state_of

READING = (("corpora",), ("findings",), ("show", "1"), ("log",), ("verify",))
ANY = ("set", "teacher", "--base", "b", "--reason", "r")

# Two programs

_HOLDER = """
import sys
from pathlib import Path
from workbench.core.surroundings import of_this_machine
from workbench.core.model import Response
from workbench.store import Case
with Case.open(Path(sys.argv[1]), conditions=of_this_machine("H"), writing=True) as case:
    case.set_corpus("teacher", note="held", reason="r")
    print("ready", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_program(case: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program that has the case open for writing, and has written."""
    holder = subprocess.Popen([sys.executable, "-c", _HOLDER, str(case)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"ready\n"
    try:
        yield holder
    finally:
        if holder.poll() is None:
            holder.kill()
        holder.communicate()


def test_a_second_writer_is_told_who_writes_and_readers_go_on(
    command: Command, case: Path, panel: Path, tmp_path: Path
) -> None:
    with another_program(case) as holder:
        for words in (ANY, ("import", panel), ("run", "fitness"), ("export", tmp_path / "p.zip")):
            said = command.refused(words[0], case, *words[1:])
            assert f"process {holder.pid} on {socket.gethostname()}, user " in said
            assert f"since {time.gmtime().tm_year}-" in said
        for verb in READING:
            command(verb[0], case, *verb[1:])
        assert command("log", case)["lines"][-1]["action"] == "corpus changed"
        command("backup", case, tmp_path / "b.zip")
        holder.kill()
    # The lock died with the program that held it, and so did what it had not closed.
    command(ANY[0], case, *ANY[1:])
    assert command("verify", case)["ok"] is True
    assert leftovers(case) == []


# What can't be written


@contextmanager
def not_ours(folder: Path) -> Iterator[None]:
    """A folder that another user owns and nobody may write to."""
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        if os.geteuid() == 0:
            os.chown(path, 65534, 65534)
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.skipif(sys.platform != "linux", reason="takes permissions away in Linux's way")
@pytest.mark.parametrize("all_of_it", [False, True])
def test_a_case_that_may_only_be_read(
    command: Command, case: Path, panel: Path, tmp_path: Path, all_of_it: bool
) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    with not_ours(tmp_path if all_of_it else case):
        for verb in READING:
            command(verb[0], case, *verb[1:], stranger=True)
        for words in (ANY, ("import", panel), ("run", "fitness"), ("export", outside / "p.zip")):
            said = command.refused(words[0], case, *words[1:], stranger=True)
            assert "a.case can't be written: Permission denied" in said
        command("backup", case, outside / "b.zip", stranger=True)
        if all_of_it:
            assert "can't be written" in command.refused("new", tmp_path / "n", stranger=True)
            assert "can't be written" in command.refused("backup", case, tmp_path / "b.zip", stranger=True)
    assert [p.name for p in outside.iterdir()] == ["b.zip"]


def test_a_case_that_may_not_even_be_read(command: Command, case: Path, tmp_path: Path) -> None:
    with not_ours(case):
        case.chmod(0)
        for verb in (*READING, ANY, ("backup", tmp_path / "b.zip"), ("rescue", tmp_path / "r")):
            said = command.refused(verb[0], case, *verb[1:], stranger=True)
            assert "can't be" in said
            assert "Permission denied" in said


def test_a_case_that_was_not_closed_on_a_medium_that_can_not_be_written(command: Command, case: Path) -> None:
    with another_program(case) as holder:
        holder.kill()
    (case / "case.db-shm").unlink()
    with not_ours(case):
        said = command.refused("corpora", case, stranger=True)
        assert "was not closed properly" in said
        assert "Copy the whole folder" in said


def in_own_mounts(script: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a shell script that mounts what only it and its children see; skip where that is not permitted."""
    if shutil.which("unshare") is None:
        pytest.skip("no `unshare` here")
    tried = subprocess.run(["unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("mounting is not permitted here")
    return subprocess.run(
        ["unshare", "-m", "sh", "-c", script, *map(str, words)], capture_output=True, text=True, check=False
    )


def test_a_case_on_a_read_only_mount(command: Command, case: Path) -> None:
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" || exit 9; shift 0; '
    script += '"$@" corpora --json "$0" && "$@" verify --json "$0"; '
    script += '"$@" set --json "$0" teacher --base b --reason r; echo "code $?" >&2'
    done = in_own_mounts(script, case, sys.executable, "-m", "workbench")
    documents = list(_documents(done.stdout))
    assert len(documents[0]["corpora"]) == 9
    assert documents[1]["ok"] is True
    assert "Read-only file system" in documents[2]["error"]["message"]
    assert done.stderr.endswith("code 1\n")


def _documents(text: str) -> Iterator[dict[str, object]]:
    decoder = json.JSONDecoder()
    while text.strip():
        found, end = decoder.raw_decode(text.lstrip())
        text = text.lstrip()[end:]
        yield found


# Full disks


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five megabytes of answers."""
    file = tmp_path_factory.mktemp("answers") / "many.json"
    records = [{"instruction": f"Q {n}", "output": "word " * 400 + str(n), "generator": "many"} for n in range(2500)]
    file.write_text(json.dumps(records), encoding="utf-8")
    return file


@pytest.mark.parametrize("size", [1000, 20_000, 1_000_000, 6_000_000])
def test_a_disk_that_fills_up_during_an_import(command: Command, case: Path, answers: Path, size: int) -> None:
    before = state_of(command, case)
    said = command.refused("import", case, answers, largest=size)
    assert "full" in said
    assert "What was under way was not stored" in said
    assert command("verify", case)["ok"] is True
    assert state_of(command, case) == before
    report = command("import", case, answers)
    assert report["corpora"][0]["accepted"] == 2500
    assert command("verify", case)["ok"] is True
    assert leftovers(case) == []


@pytest.mark.parametrize("size", [1000, 20_000])
def test_a_disk_that_fills_up_during_a_run(command: Command, case: Path, size: int) -> None:
    assert "full" in command.refused("run", case, "fitness", largest=size)
    assert command("verify", case)["ok"] is True
    assert command("run", case, "fitness")["number"] == 4
    assert leftovers(case) == []


@pytest.mark.parametrize("size", [1000, 50_000, 150_000])
def test_a_disk_that_fills_up_during_an_export(command: Command, bare_case: Path, tmp_path: Path, size: int) -> None:
    out = tmp_path / "out"
    out.mkdir()
    said = command.refused("export", bare_case, out / "p.zip", largest=size)
    assert "full" in said or "could not be written" in said
    assert list(out.iterdir()) == []
    assert command("verify", bare_case)["ok"] is True
    assert command("set", bare_case, *ANY[1:])["facts"]["base"] == "b"
    assert leftovers(bare_case) == []


def test_a_disk_that_fills_up_elsewhere(command: Command, case: Path, tmp_path: Path) -> None:
    for words in (
        ("new", tmp_path / "n"),
        ("backup", case, tmp_path / "b.zip"),
        ("show", case, "1", "--figure", tmp_path / "f.svg"),
        ("rescue", case, tmp_path / "r"),
    ):
        if words[0] == "rescue":
            (case / "case.db").unlink()
        said = command.refused(*words, largest=1000)
        assert "full" in said or "File too large" in said
    assert [p.name for p in tmp_path.iterdir()] == ["a.case"]


def test_a_disk_without_room(command: Command, case: Path, answers: Path, tmp_path: Path) -> None:
    """On a small disk of its own: what needs room is refused in words, and done once there is some."""
    script = 'mount -t tmpfs -o size=24m none /mnt || exit 9; cp -r "$0" /mnt/a.case; file=$1; shift; '
    script += "dd if=/dev/zero of=/mnt/filler bs=1k 2>/dev/null; rm /mnt/a.case/lock; "
    script += 'one() { verb=$1; shift; "$W0" -m workbench "$verb" --json "$@"; }; W0=$1; '
    script += "one set /mnt/a.case teacher --base b --reason r; truncate -s -200k /mnt/filler; "
    script += 'one import /mnt/a.case "$file"; one export /mnt/a.case /mnt/p.zip; one verify /mnt/a.case; '
    script += 'rm /mnt/filler; one import /mnt/a.case "$file"; one verify /mnt/a.case; ls -A /mnt >&2'
    done = in_own_mounts(script, case, answers, sys.executable)
    full, no_room, no_pack, fine, taken, whole = list(_documents(done.stdout))
    assert "error" in full
    assert "There is not enough space for this import: it needs about" in no_room["error"]["message"]
    assert "The pack needs up to" in no_pack["error"]["message"]
    assert (fine["ok"], whole["ok"]) == (True, True)
    assert taken["corpora"][0]["accepted"] == 2500
    assert done.stderr.splitlines()[-1] == "a.case"


# Interrupts


@pytest.fixture(scope="module")
def much(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty-five megabytes of answers, which take a while to come in."""
    file = tmp_path_factory.mktemp("much") / "much.jsonl"
    text = "word " * 400
    with file.open("w", encoding="utf-8") as stream:
        for n in range(12_000):
            stream.write(json.dumps({"q": f"Q {n}", "r": text + str(n)}) + "\n")
    return file


MAPPED = ("--map", "prompt=q", "--map", "response=r", "--model", "many")


def when(condition: Callable[[], bool], child: subprocess.Popen[bytes]) -> None:
    """Wait until something is so, while the child lives."""
    end = time.monotonic() + 60
    while not condition() and child.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.005)


def interrupted(child: subprocess.Popen[bytes], times: int = 1) -> None:
    for _ in range(times):
        child.send_signal(signal.SIGINT)
        time.sleep(0.05)
    out, err = child.communicate(timeout=60)
    error = checked(child.returncode, out, err, CANCELLED)["error"]
    assert error["kind"] == "cancelled"


def written(case: Path, size: int) -> Callable[[], bool]:
    """Whether so many bytes are in the database or its log; a journal may come and go while one looks."""

    def reached() -> bool:
        for file in case.glob("case.db*"):
            with suppress(FileNotFoundError):
                if file.stat().st_size > size:
                    return True
        return False

    return reached


def test_an_interrupt_during_an_import_leaves_nothing(command: Command, case: Path, much: Path) -> None:
    before = command("corpora", case)
    copying = command.start("import", case, much, *MAPPED)
    when(lambda: any((case / "originals" / ".incoming").glob("part-*")), copying)
    interrupted(copying)
    assert len(kept(case)) == 10
    storing = command.start("import", case, much, *MAPPED)
    when(written(case, 4_000_000), storing)
    interrupted(storing)
    assert command("corpora", case) == before
    assert command("log", case)["lines"][-1]["action"] == "import discarded"
    assert command("verify", case)["ok"] is True
    assert leftovers(case) == []


def test_a_second_interrupt_stops_at_once_and_the_import_goes_on_later(
    command: Command, case: Path, much: Path
) -> None:
    child = command.start("import", case, much, *MAPPED)
    when(written(case, 4_000_000), child)
    interrupted(child, times=3)
    assert command("verify", case)["ok"] is True
    report = command("import", case, much, *MAPPED)
    assert report["corpora"][0]["accepted"] == 12_000
    assert command("corpora", case)["open_imports"] == []
    assert command("verify", case)["ok"] is True


@pytest.mark.skipif(sys.platform == "win32", reason="no signal stops a program there")
def test_an_import_under_way_is_not_said_to_be_interrupted(command: Command, case: Path, much: Path) -> None:
    child = command.start("import", case, much, *MAPPED)
    when(written(case, 4_000_000), child)
    child.send_signal(signal.SIGSTOP)
    told = command("corpora", case)
    assert (len(told["under_way"]), told["open_imports"]) == (1, [])
    words = command.raw(["corpora", case])[1].decode()
    assert f"Import {told['under_way'][0]} of much.jsonl is under way in another program: " in words
    assert "interrupted" not in words
    child.kill()
    child.communicate(timeout=60)
    left = command("corpora", case)
    assert (left["under_way"], left["open_imports"]) == ([], told["under_way"])
    assert "of much.jsonl was interrupted after " in command.raw(["corpora", case])[1].decode()


def test_an_interrupt_during_an_export_leaves_nothing(command: Command, bare_case: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    child = command.start("export", bare_case, out / "p.zip")
    when(lambda: any(out.iterdir()), child)
    interrupted(child)
    assert list(out.iterdir()) == []
    assert command("verify", bare_case)["ok"] is True
    begun = '"action":"export begun","after"' in (bare_case / "ledger.jsonl").read_text("utf-8")
    again = ("--number", "1") if begun else ()
    assert command("export", bare_case, out / "p.zip", *again)["number"] == 1
    assert command("verify", out / "p.zip")["ok"] is True


# Readers that go away


def test_a_reader_that_goes_away_is_no_fault(command: Command, case: Path) -> None:
    for as_json in (True, False):
        child = command.start("log", case, as_json=as_json)
        assert child.stdout is not None
        child.stdout.close()
        assert child.stderr is not None
        assert child.stderr.read() == b""
        child.stderr.close()
        assert child.wait() == DONE


def test_an_answer_that_can_not_be_written_is_said(command: Command, case: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        child = command.start("log", case, stdout=full)
        assert b"can't be written" in child.communicate()[1]
        assert child.returncode == REFUSED
        child = command.start("show", case, "9", stdout=full)
        assert b"There is no finding 9" in child.communicate()[1]
        assert child.returncode == 2


@pytest.mark.parametrize("closed", [1, 2])
def test_without_standard_output_or_error(command: Command, case: Path, closed: int) -> None:
    child = command.start("corpora", case / "no", preexec_fn=lambda: os.close(closed))
    out, err = child.communicate()
    assert child.returncode == REFUSED
    assert b"Traceback" not in err
    assert bool(out) is (closed == 2)
