"""Kill -9 at any moment of an import, a run and an export: the case opens, verifies, and goes on."""

from __future__ import annotations

import json
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import Command, Word, leftovers, state_of

MAPPED = ("--map", "prompt=q", "--map", "response=r", "--model", "many")


@dataclass(frozen=True)
class Bench:
    """What the killed verbs work on: a case, a file that takes a while to import, and what a whole import gives."""

    case: Path
    file: Path
    wanted: dict[str, tuple[int, str]]
    lasts: dict[str, float]
    """Seconds that each verb takes when nobody kills it."""


Benches = Callable[[int, tuple[str, ...]], Bench]


@pytest.fixture
def benches(command: Command, whole_case: Path, tmp_path: Path) -> Benches:
    """Makes a bench with a file of so many answers, and does some verbs on it undisturbed."""

    def make(answers: int, names: tuple[str, ...]) -> Bench:
        folder = tmp_path / "bench"
        folder.mkdir()
        file = folder / "many.jsonl"
        text = "word " * 250
        file.write_text("".join(json.dumps({"q": f"Q {n}", "r": f"{text}{n}"}) + "\n" for n in range(answers)), "utf-8")
        case, undisturbed = folder / "k.case", folder / "u.case"
        for copy in (case, undisturbed):
            shutil.copytree(whole_case.parent / "bare.case", copy)
        every = verbs(undisturbed, file, folder / "p.zip")
        # What is done for the first time waits for the disk. Of these verbs only a run is the same when it is repeated.
        lasts = {name: min(seconds(command, every[name]) for _ in range(1 + (name == "run"))) for name in names}
        return Bench(case, file, state_of(command, undisturbed), lasts)

    return make


def seconds(command: Command, words: tuple[Word, ...]) -> float:
    """How long a verb takes when nobody kills it."""
    begun = time.monotonic()
    child = command.start(*words)
    child.communicate()
    assert child.returncode == 0
    return time.monotonic() - begun


def verbs(case: Path, file: Path, pack: Path) -> dict[str, tuple[Word, ...]]:
    """The verbs that are killed."""
    return {
        "import": ("import", case, file, *MAPPED),
        "run": ("run", case, "fitness"),
        "export": ("export", case, pack),
    }


def killed(command: Command, words: tuple[Word, ...], delay: float, log: Path | None = None) -> None:
    """Start a verb and kill it after a while, of which a hundredth follows the next line of a log where one is given.

    It may be done by then.
    """
    size = log.stat().st_size if log else 0
    child = command.start(*words)
    while log and child.poll() is None and log.stat().st_size == size:
        time.sleep(0.001)
    time.sleep(delay / 100 if log else delay)
    child.kill()
    child.communicate()
    assert child.returncode in (-signal.SIGKILL, 0)


def check(command: Command, bench: Bench, case: Path, before: dict[str, tuple[int, str]]) -> None:
    """What must hold before anything is set right, and of what reading verbs show."""
    assert command("verify", case) == {"ok": True, "kind": "case", "problems": []}
    now = state_of(command, case)
    # All of an import is there or nothing of it.
    assert now in (before, bench.wanted)
    assert len(command("log", case)["lines"]) >= 10


def kill_an_import(command: Command, bench: Bench, case: Path, folder: Path, delay: float, resume: bool) -> bool:
    """Whether it was killed in its midst."""
    before = state_of(command, case)
    words = verbs(case, bench.file, folder / "p.zip")["import"]
    killed(command, words, delay)
    check(command, bench, case, before)
    waiting = command("corpora", case)["open_imports"]
    if waiting and not resume:
        command("import", case, "--discard", str(waiting[0]))
        assert state_of(command, case) == before
    command(*words)
    assert state_of(command, case) == bench.wanted
    assert command("corpora", case)["open_imports"] == []
    return bool(waiting)


def kill_a_run(command: Command, bench: Bench, case: Path, folder: Path, delay: float, resume: bool) -> bool:
    """Whether it was killed before its finding was there."""
    before = state_of(command, case)
    known = len(command("findings", case)["findings"])
    words = verbs(case, bench.file, folder / "p.zip")["run"]
    killed(command, words, delay)
    check(command, bench, case, before)
    found = command("findings", case)["findings"]
    assert len(found) in (known, known + 1)
    # Done again it is a finding like any other.
    assert command(*words)["number"] == len(found) + 1
    return len(found) == known


def kill_an_export(command: Command, bench: Bench, case: Path, folder: Path, delay: float, resume: bool) -> bool:
    """Whether it was killed when its pack was begun and not done."""
    before = state_of(command, case)
    pack = folder / "p.zip"
    words = verbs(case, bench.file, pack)["export"]
    # A pack is begun when its report is set, shortly before it is done: every second kill waits for that.
    killed(command, words, delay, case / "ledger.jsonl" if resume else None)
    check(command, bench, case, before)
    if pack.exists():
        # It is put in its place whole, or not at all.
        assert command("verify", pack)["ok"] is True
        pack.unlink()
    lines = command("log", case)["lines"]
    begun = [line for line in lines if line["action"] == "export begun"]
    if resume and begun:
        number = str(begun[-1]["object"]["export"])
        assert command("export", case, pack, "--number", number)["head"] == begun[-1]["hash"]
    else:
        command("export", case, pack)
    assert command("verify", pack)["ok"] is True
    pack.unlink()
    return lines[-1]["action"] == "export begun"


Killing = Callable[[Command, Bench, Path, Path, float, bool], bool]
KILLINGS: dict[str, Killing] = {"import": kill_an_import, "run": kill_a_run, "export": kill_an_export}


def rounds(
    command: Command, bench: Bench, folder: Path, counts: dict[str, int], least: dict[str, int] | None = None
) -> Counter[str]:
    """Kill each verb so often, in an order and at moments that a fixed seed gives; how many hit its midst.

    A busy machine makes a verb slower than it was measured. So a verb whose midst was hit less often than `least`
    says is killed more often, at most three times as often.
    """
    folder = folder / "rounds"
    folder.mkdir()
    chance = random.Random(20260301)
    names = [name for name, count in counts.items() for _ in range(count)]
    chance.shuffle(names)
    names += [name for name in least or () for _ in range(2 * counts[name])]
    planned = sum(counts.values())
    hit: Counter[str] = Counter()
    for number, name in enumerate(names):
        if number >= planned and least and hit[name] >= least[name]:
            continue
        case = folder / "k.case"
        if number % 3 == 0 or name == "import":
            # A finished import leaves nothing to kill, and findings make every later pack slower.
            shutil.rmtree(case, ignore_errors=True)
            shutil.copytree(bench.case, case)
        delay = chance.uniform(0.3, 1.05) * bench.lasts[name]
        hit[name] += KILLINGS[name](command, bench, case, folder, delay, bool(number % 2))
        command("set", case, "teacher", "--base", f"b{number}", "--reason", "r")
        assert command("verify", case)["ok"] is True
        assert leftovers(folder) == []
    return hit


def test_a_few_moments(command: Command, benches: Benches, tmp_path: Path) -> None:
    rounds(command, benches(4_000, ("export", "import")), tmp_path, {"import": 2, "export": 1})


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_sixty_moments(command: Command, benches: Benches, tmp_path: Path) -> None:
    # An import makes later verbs slower, and the rounds begin without it: so it is measured last.
    bench = benches(12_000, ("run", "export", "import"))
    least = {"import": 5, "run": 5, "export": 3}
    hit = rounds(command, bench, tmp_path, {"import": 30, "run": 12, "export": 18}, least)
    assert {name: hit[name] for name, times in least.items() if hit[name] < times} == {}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_moments_of_a_panel(command: Command, panel: Path, tmp_path: Path) -> None:
    """A panel of nine files: importing it again ends with the same corpora, however often it was killed."""
    command("new", tmp_path / "whole")
    words = (panel, "--suspect", "student", "--protected", "teachers")
    lasts = seconds(command, ("import", tmp_path / "whole.case", *words))
    wanted = state_of(command, tmp_path / "whole.case")
    chance = random.Random(7)
    for number in range(10):
        case = tmp_path / f"{number}.case"
        command("new", case)
        for _ in range(3):
            killed(command, ("import", case, *words), chance.uniform(0.5, 1.0) * lasts)
            assert command("verify", case)["ok"] is True
        command("import", case, *words)
        assert state_of(command, case) == wanted
        roles = [c["role"] for c in command("corpora", case)["corpora"]]
        assert roles == ["protected", "suspect", *["control"] * 7]
        assert command("verify", case)["ok"] is True
        assert leftovers(case) == []
