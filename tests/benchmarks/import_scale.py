"""A large JSONL file and a folder of many text files, taken into a case: time, memory, progress, cancel, resume.

python tests/benchmarks/import_scale.py [--megabytes 10000] [--files 1000000] [--folder DIR]

Each import is a process of its own; its peak memory is read, and that of its reader. It is cancelled half way once (how
long until it stops, and what is left), killed half way once and begun anew (it goes on where it was), and let through;
for the lines the bare loop of `intake.py` is timed beside that.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.intake import timed

ROOT = Path(__file__).resolve().parents[2]
CHILD = "--child"
WORDS = "the quick brown fox jumps over the lazy dog and goes home by another way "


def write_lines(file: Path, size: int) -> int:
    """JSON lines of about 2 kB until the size is reached; how many there are."""
    number = 0
    with file.open("wb") as stream:
        while stream.tell() < size:
            lines = []
            for _ in range(1000):
                record = {"instruction": f"prompt {number}", "output": f"Answer {number}: {WORDS * 26}", "id": number}
                lines.append(json.dumps(record))
                number += 1
            stream.write("\n".join(lines).encode() + b"\n")
    return number


def write_files(folder: Path, count: int) -> int:
    """Text files, a thousand to a folder."""
    for number in range(count):
        if number % 1000 == 0:
            inside = folder / "model-x" / f"{number // 1000:04}"
            inside.mkdir(parents=True)
        handle = os.open(inside / f"{number:07}.txt", os.O_WRONLY | os.O_CREAT, 0o644)
        os.write(handle, f"Answer {number}: {WORDS * 3}".encode())
        os.close(handle)
    return count


def child(path: Path, case: Path, how: str) -> None:
    """Import into the case and print a JSON line of what came of it; `how` is whole, cancel or kill."""
    from tests.inside import case_of
    from workbench.app.requests import ImportRequest
    from workbench.app.session import Session
    from workbench.core.errors import Cancelled
    from workbench.core.surroundings import of_this_machine

    start = time.perf_counter()
    readers: dict[int, int] = {}
    threading.Thread(target=watch, args=(readers,), daemon=True).start()
    told = stopped = 0.0
    calls = 0

    def tell(fraction: float, note: str = "") -> None:
        nonlocal told, calls, stopped
        if fraction < told:
            raise AssertionError(f"progress went back from {told} to {fraction}")
        told, calls = fraction, calls + 1
        if how == "cancel" and fraction > 0.6:
            stopped = stopped or time.perf_counter()
            raise Cancelled
        if how == "kill" and fraction > 0.9:
            os._exit(9)

    mapping = {} if path.is_dir() else {"prompt": "instruction", "response": "output"}
    open_case = Session.open(case, conditions=of_this_machine()) if case.exists() else None
    said = {}
    with open_case or Session.create(case, title="scale", conditions=of_this_machine()) as session:
        try:
            report = session.import_file(path, ImportRequest(model="m", mapping=mapping), tell)
            said = {"accepted": sum(c.accepted for c in report.corpora), "resumed": report.resumed}
        except Cancelled:
            said = {"sources": len(case_of(session).sources()), "stopped_after": time.perf_counter() - stopped}
    peak = (peak_of(os.getpid()) + sum(readers.values())) // 1024
    print(json.dumps(said | {"seconds": round(time.perf_counter() - start, 1), "megabytes": peak, "told": calls}))


def peak_of(process: int) -> int:
    """The most memory that a process had, in kB; 0 for one that is gone."""
    # Not ru_maxrss: that remembers the process that this one was forked from.
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1])
    return 0


def watch(readers: dict[int, int]) -> None:
    """Look at the processes that read for this one, for as long as it lives."""
    here = psutil.Process()
    while True:
        for process in here.children(recursive=True):
            readers[process.pid] = max(readers.get(process.pid, 0), peak_of(process.pid))
        time.sleep(0.05)


def import_of(path: Path, case: Path, how: str) -> dict[str, float]:
    """What a process of its own says of the import; nothing when it was killed."""
    command = [sys.executable, __file__, CHILD, str(path), str(case), how]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode not in (0, 9):
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, float] = json.loads(done.stdout) if done.stdout.strip() else {}
    return found


def measure(path: Path, folder: Path) -> dict[str, dict[str, float]]:
    """An import that is cancelled, one that is killed and resumed, in cases of their own."""
    cancelled, killed = folder / "cancelled.case", folder / "killed.case"
    found = {"cancelled": import_of(path, cancelled, "cancel")}
    shutil.rmtree(cancelled)
    import_of(path, killed, "kill")
    found["resumed"] = import_of(path, killed, "whole")
    shutil.rmtree(killed)
    found["whole"] = import_of(path, killed, "whole")
    shutil.rmtree(killed)
    if path.is_file():
        found["bare"] = {"seconds": round(timed("bare", path, "mapped_jsonl")[0], 1)}
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument(CHILD, nargs=3)
    options = parser.parse_args()
    if options.child:
        child(Path(options.child[0]), Path(options.child[1]), options.child[2])
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        for what, size in (("lines", options.megabytes), ("files", options.files)):
            if not size:
                continue
            path = Path(name) / what
            count = write_lines(path, size * 1_000_000) if what == "lines" else write_files(path, size)
            print(f"{what}: {count:,} answers", flush=True)
            for kind, said in measure(path, Path(name)).items():
                print(f"  {kind}: {json.dumps(said)}", flush=True)
            shutil.rmtree(path) if path.is_dir() else path.unlink()


if __name__ == "__main__":
    main()
