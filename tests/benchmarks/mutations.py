"""The campaign against the importers: damaged files by the hundred thousand, in processes that may die.

    python tests/benchmarks/mutations.py [--texts 100000] [--containers 10000] [--workers 2] [--only KEY,KEY]
                                         [--seed 2] [--keep FOLDER] [--number N]

Every file is made anew from its kind, the seed and its number, so that `--only KEY --seed S --number N` reads that
file once more. A task is some thousand files in a process of its own; one that dies, works more than SECONDS on a
file or holds more than MEGABYTES at any time is a failure, and the bytes that did it are kept. With `--keep` the
figures of finished tasks are kept too, and the same command goes on where it was stopped. The exit code is 1 after
a failure.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import multiprocessing
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.importers.campaign import CONTAINER_KINDS, KINDS, TEXT_KINDS, attempt, damaged, run

SECONDS, PATIENCE = 20, 120
"""A file that takes more seconds of work, or of any time, ends its process."""

MEGABYTES = 500
"""A task that holds more at any time, the makers of its files included, has failed."""

_HARD_LIMIT = 4 << 30
_TASK = {True: 2_500, False: 1_000}
"""Files of a task, of text and of containers."""


class Task(NamedTuple):
    """Some files of one kind."""

    key: str
    seed: int
    first: int
    stop: int

    @property
    def name(self) -> str:
        return f"{self.key}-{self.seed}-{self.first}-{self.stop}".replace(" ", "-")


def work(task: Task, folder: Path) -> None:
    """Run a task in this process, which dies where a file takes too long."""
    resource.setrlimit(resource.RLIMIT_AS, (_HARD_LIMIT, _HARD_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tempfile.tempdir = str(folder)
    with (folder / "trace").open("w") as trace:
        faulthandler.enable(trace)
        # The trace is written and then the signal does what it always does: it ends the process, also inside C.
        for clock in (signal.SIGALRM, signal.SIGPROF):
            faulthandler.register(clock, trace, chain=True)
        started = time.process_time()
        figures = run(task.key, task.seed, range(task.first, task.stop), folder, watch)
        watch(0, 0)
        told = asdict(figures) | {"seconds": time.process_time() - started, "megabytes": peak()}
        (folder / "told.json").write_text(json.dumps(told))
        for clock in (signal.SIGALRM, signal.SIGPROF):
            faulthandler.unregister(clock)
        faulthandler.disable()


def watch(work: float = SECONDS, patience: float = PATIENCE) -> None:
    """Set the clocks for the next file."""
    signal.setitimer(signal.ITIMER_PROF, work)
    signal.setitimer(signal.ITIMER_REAL, patience)


def peak() -> int:
    """The most megabytes that this process has held."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) >> 10


@dataclass(slots=True)
class Campaign:
    """Tasks on their way through a number of processes at a time."""

    waiting: Iterator[Task]
    kept: Path
    scratch: Path
    told: list[tuple[Task, dict[str, Any]]]

    def through(self, workers: int, total: int) -> None:
        """Run all tasks."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.importers.campaign"])
        running: dict[int, tuple[BaseProcess, Task, Path]] = {}
        while True:
            while len(running) < workers and (task := next(self.waiting, None)):
                folder = Path(tempfile.mkdtemp(dir=self.scratch))
                process = context.Process(target=work, args=(task, folder))
                process.start()
                running[process.sentinel] = process, task, folder
            if not running:
                return
            for sentinel in wait(list(running)):
                process, task, folder = running.pop(sentinel)
                process.join()
                self._ended(task, folder, process.exitcode or 0)
                print(f"\r{len(self.told):,} of {total:,} tasks", end="", file=sys.stderr, flush=True)

    def _ended(self, task: Task, folder: Path, code: int) -> None:
        told = folder / "told.json"
        if code == 0 and told.exists():
            found = json.loads(told.read_text())
            if found["megabytes"] > MEGABYTES:
                found["failures"].append(f"{task.name}: {found['megabytes']} MB in memory")
        else:
            how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
            found = {"failures": [f"{task.name}: the process ended by {how}"], "files": 0}
        left = [file for file in folder.iterdir() if file.is_file() and file != told]
        for file in left if found["failures"] else ():
            shutil.copy(file, self.kept / f"failed-{task.name}-{file.name}")
        if not found["failures"]:
            (self.kept / f"{task.name}.json").write_text(json.dumps(found))
        self.told.append((task, found))
        shutil.rmtree(folder)


def tasks(keys: list[str], texts: int, containers: int, seed: int) -> list[Task]:
    """All tasks, the kinds one after the other."""
    found = []
    for key in keys:
        count, size = (texts, _TASK[True]) if key in TEXT_KINDS else (containers, _TASK[False])
        found += [Task(key, seed, at, min(count, at + size)) for at in range(0, count, size)]
    return found


TITLES = ("format", "files", "read", "refused", "accepted", "rejected", "slowest ms", "at", "peak MB", "files/s")


def table(told: list[tuple[Task, dict[str, Any]]], keys: list[str]) -> Iterator[str]:
    """The figures of each kind; files a second are those of one core, the making of the files included."""
    yield f"{TITLES[0]:16}" + "".join(f"{title:>12}" for title in TITLES[1:])
    for key in keys:
        mine = [figures for task, figures in told if task.key == key and figures["files"]]
        if not mine:
            continue
        sums = [sum(figures[name] for figures in mine) for name in ("files", "read", "refused", "accepted", "rejected")]
        slowest = max(mine, key=lambda figures: figures["slowest"])
        rate = sums[0] / sum(figures["seconds"] for figures in mine)
        more = [slowest["slowest"] * 1e3, slowest["slowest_number"], max(f["megabytes"] for f in mine), rate]
        yield f"{key:16}" + "".join(f"{value:12,.0f}" for value in [*sums, *more])


def again(key: str, seed: int, number: int, kept: Path) -> None:
    """Read one file of the campaign in this process, and say what comes of it."""
    data, names = damaged(key, seed, number)
    file = kept / Task(key, seed, number, number + 1).name
    file.write_bytes(data)
    print(f"{file}: {len(data):,} bytes, {', '.join(names)}", flush=True)
    records = attempt(file, key, looked_at=True)
    print("refused in words" if records is None else f"{len(records):,} records")


def main() -> int:
    """Run what the command line says."""
    words = argparse.ArgumentParser(description="Read damaged files of every format and container.")
    words.add_argument("--texts", "--lines", type=int, default=100_000, help="files of each format of text")
    words.add_argument("--containers", type=int, default=10_000, help="files of each kind of container")
    words.add_argument("--workers", type=int, default=2)
    words.add_argument("--only", help="kinds, with commas between them")
    words.add_argument("--seed", type=int, default=2)
    words.add_argument("--keep", type=Path, help="folder for figures and for files that fail")
    words.add_argument("--number", type=int, help="read this one file alone")
    options = words.parse_args()
    keys = options.only.split(",") if options.only else list(KINDS)
    if unknown := set(keys) - set(KINDS):
        words.error(f"no kind {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
    kept = options.keep or Path(tempfile.mkdtemp(prefix="mutations-"))
    kept.mkdir(parents=True, exist_ok=True)
    if options.number is not None:
        again(keys[0], options.seed, options.number, kept)
        return 0
    wanted = tasks(keys, options.texts, options.containers, options.seed)
    done = [(task, kept / f"{task.name}.json") for task in wanted]
    told = [(task, json.loads(file.read_text())) for task, file in done if file.exists()]
    memory = Path("/dev/shm")
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as scratch:
        campaign = Campaign(iter([t for t, file in done if not file.exists()]), kept, Path(scratch), told)
        campaign.through(options.workers, len(wanted))
    print(f"\n{time.perf_counter() - started:,.0f} seconds with {options.workers} workers, seed {options.seed}")
    print("\n".join(table(told, keys)))
    kinds = Counter[str]()
    for _, figures in told:
        kinds.update(figures.get("damages", {}))
    print("damages: " + ", ".join(f"{name} {count:,}" for name, count in sorted(kinds.items())))
    failures = [failure for _, figures in told for failure in figures["failures"]]
    missing = [key for key in keys if key not in {task.key for task, _ in told}]
    print(f"{len(CONTAINER_KINDS.keys() & set(keys))} containers, {len(TEXT_KINDS.keys() & set(keys))} formats of text")
    print("\n".join([f"FAILED {failure}" for failure in failures] or ["no failure"]) + f"; kept in {kept}")
    return 1 if failures or missing else 0


if __name__ == "__main__":
    sys.exit(main())
