"""Importing a panel against a bare loop of hash + orjson + executemany with the same pragmas.

    python tests/benchmarks/import_panel.py [PANEL.json] [--best-of 3]

Prints both wall times (best of N, warm page cache, the two in turn) and their ratio.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import tempfile
import time
from pathlib import Path

import orjson

from workbench.app.session import Session
from workbench.core.surroundings import of_this_machine

SHARED_PANEL = Path(__file__).resolve().parents[3] / "shared" / "panel" / "panel.json"


def bare_loop(files: list[Path], folder: Path) -> float:
    """Seconds for: hash every file, parse it, insert its answers in one transaction a file."""
    start = time.perf_counter()
    db = sqlite3.connect(folder / "bare.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE answers (id INTEGER PRIMARY KEY, file TEXT, prompt TEXT, model TEXT, text TEXT)")
    for file in files:
        data = file.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        rows = [(digest, r["instruction"], r["generator"], r["output"]) for r in orjson.loads(data)]
        db.execute("BEGIN")
        db.executemany("INSERT INTO answers (file, prompt, model, text) VALUES (?, ?, ?, ?)", rows)
        db.execute("COMMIT")
    db.close()
    return time.perf_counter() - start


def workbench(panel: Path, folder: Path) -> float:
    """Seconds for the same files through the verb, into a whole case."""
    start = time.perf_counter()
    with Session.create(folder / "bench.case", title="bench", conditions=of_this_machine()) as session:
        session.import_panel(panel)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("panel", type=Path, nargs="?", default=SHARED_PANEL)
    parser.add_argument("--best-of", type=int, default=3)
    options = parser.parse_args()
    if not options.panel.exists():
        print(f"skipped: {options.panel.name} is not there; name a panel")
        return
    files = [options.panel.parent / c["file"] for c in json.loads(options.panel.read_bytes())["corpora"]]
    times: dict[str, list[float]] = {"bare loop": [], "workbench": []}
    for _ in range(options.best_of):
        with tempfile.TemporaryDirectory() as name:
            times["bare loop"].append(bare_loop(files, Path(name)))
            times["workbench"].append(workbench(options.panel, Path(name)))
    size = sum(file.stat().st_size for file in files)
    print(f"{len(files)} files, {size / 1e6:.1f} MB, best of {options.best_of}")
    for name, seconds in times.items():
        print(f"{name:<10} {min(seconds):6.2f} s   all: {', '.join(f'{s:.2f}' for s in seconds)}")
    print(f"ratio      {min(times['workbench']) / min(times['bare loop']):6.2f}")


if __name__ == "__main__":
    main()
