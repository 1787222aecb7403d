"""The real command in a process of its own, and a small case that tests may spoil."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.app_corpora import write_panel

DONE, REFUSED, USAGE, BUG, CANCELLED = 0, 1, 2, 3, 130
Word = str | bytes | Path
ROOT = Path(__file__).resolve().parents[2]


class Command:
    """Calls `workbench` as a user does, in a process of its own, with caches and logs of its own.

    Whatever is asked, it must answer with exactly one JSON document, never with a trace.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_STATE_HOME": str(folder / "state"),
            "MPLCONFIGDIR": str(folder / "matplotlib"),
        }
        self._server: subprocess.Popen[str] | None = None
        self._started: list[subprocess.Popen[bytes]] = []

    def start(
        self, *words: Word, as_json: bool = True, program: Sequence[str] = ("-m", "workbench"), **how: Any
    ) -> subprocess.Popen[bytes]:
        """Start it from nothing, as a shell does, and don't wait; it ends with the test at the latest."""
        child = subprocess.Popen(
            [sys.executable, *program, *_plain(words, as_json=as_json)],
            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            | {"env": self.environment, "cwd": self.folder}
            | how,
        )
        self._started.append(child)
        return child

    def end_started(self) -> None:
        """End what a test has left running, so that a failure stays its own."""
        for child in self._started:
            if child.poll() is None:
                child.kill()
                child.wait()
            for pipe in (child.stdin, child.stdout, child.stderr):
                if pipe is not None:
                    pipe.close()
        self._started.clear()

    def __call__(
        self,
        *words: Word,
        code: int = DONE,
        cwd: Path | None = None,
        largest: int | None = None,
        stranger: bool = False,
    ) -> Any:
        """Call it, check code and manners, and return its one document.

        No file may grow beyond `largest` bytes, as on a full disk; a `stranger` has no rights of root.
        """
        plain = _plain(words, as_json=True)
        return checked(*self.raw(plain, cwd=cwd, largest=largest, stranger=stranger), code)

    def refused(self, *words: Word, code: int = REFUSED, **how: Any) -> str:
        """Call it, expect an error, and return its message and hint as one text."""
        error = self(*words, code=code, **how)["error"]
        return f"{error['message']} {error['hint']}".strip()

    def raw(
        self, words: Sequence[Word], cwd: Path | None = None, largest: int | None = None, stranger: bool = False
    ) -> tuple[int, bytes, bytes]:
        """Call it with these words and nothing else: exit code, standard output and standard error."""
        if self._server is None:
            self._server = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("serving.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=self.environment | {"PYTHONPATH": str(ROOT)},
            )
        out, err = self.folder / "out", self.folder / "err"
        plain = [os.fsencode(word).decode("latin-1") for word in words]
        how = {"cwd": str(cwd or self.folder), "largest": largest, "stranger": stranger}
        request = {"words": plain, "out": str(out), "err": str(err), **how}
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline()), out.read_bytes(), err.read_bytes()

    def stop(self) -> None:
        """End the process that serves."""
        if self._server is not None:
            self._server.communicate()


def _plain(words: Sequence[Word], *, as_json: bool) -> list[str | bytes]:
    plain = [os.fspath(w) if isinstance(w, Path) else w for w in words]
    at = 3 if plain[0] == "run" else 1
    return [*plain[:at], *(["--json"] if as_json else []), *plain[at:]]


def checked(got: int, out: bytes, err: bytes, code: int) -> Any:
    """The one document that a call printed; fails where it is not one, or speaks of our insides."""
    told = err.decode("utf-8", "replace")
    assert got == code, f"exit code {got} in place of {code}\n{out.decode('utf-8', 'replace')[:2000]}\n{told[-3000:]}"
    assert "Traceback" not in told
    document = json.loads(out)
    if code and "error" in document:
        error = document["error"]
        assert set(error) == {"kind", "message", "hint"}
        assert error["message"].strip().endswith((".", "”", ")"))
        for ours in ("Errno", "Error(", "sqlite", "None", "Traceback"):
            assert ours not in error["message"] + error["hint"]
    return document


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    one = Command(tmp_path_factory.mktemp("command"))
    yield one
    one.stop()


@pytest.fixture(autouse=True)
def nothing_left_running(command: Command) -> Iterator[None]:
    yield
    command.end_started()


@pytest.fixture(scope="session")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A panel of a teacher, its student and seven controls, forty answers each."""
    return write_panel(tmp_path_factory.mktemp("panel"))


@pytest.fixture(scope="session")
def whole_case(command: Command, panel: Path) -> Path:
    """A case with nine corpora, two findings and one pack (`one.zip` beside it), not to be spoiled."""
    folder = command.folder / "whole"
    folder.mkdir()
    command("new", folder / "a", "--title", "A matter", "--examiner", "A. Examiner")
    case = folder / "a.case"
    command("import", case, panel, "--suspect", "student", "--protected", "teachers")
    shutil.copytree(case, folder / "bare.case")
    command("run", case, "fitness")
    command("run", case, "closest_source")
    command("export", case, folder / "one.zip")
    return case


@pytest.fixture
def case(whole_case: Path, tmp_path: Path) -> Path:
    """A copy of the case, to be spoiled."""
    folder = tmp_path / "a.case"
    shutil.copytree(whole_case, folder)
    return folder


@pytest.fixture
def bare_case(whole_case: Path, tmp_path: Path) -> Path:
    """A case with the same corpora and no findings, whose packs are quickly made."""
    folder = tmp_path / "a.case"
    shutil.copytree(whole_case.parent / "bare.case", folder)
    return folder


@pytest.fixture
def empty_case(command: Command, tmp_path: Path) -> Path:
    command("new", tmp_path / "empty")
    return tmp_path / "empty.case"


def state_of(command: Command, case: Path) -> dict[str, tuple[int, str]]:
    """The corpora of a case: how many answers each has, and their digest."""
    return {c["name"]: (c["accepted"], c["sha256"]) for c in command("corpora", case)["corpora"]}


def kept(case: Path) -> list[str]:
    """The names of all files in the originals of a case."""
    return sorted(path.name for path in (case / "originals").rglob("*") if path.is_file())


def leftovers(*folders: Path) -> list[str]:
    """Files below some folders that no finished verb leaves there."""
    found = [path for folder in folders for path in folder.rglob("*")]
    marks = (".partial", ".part", "-wal", "-shm", "-journal")
    return [
        str(path)
        for path in found
        if path.name.endswith(marks)
        or path.name.startswith((".new-", ".backup-", ".rescue-", "part-"))
        or path.parent.name == ".incoming"
    ]
