"""Examining a panel, and indexing its words, against the rates of their own parts in the same run.

    python tests/benchmarks/examination.py [PANEL.json] [--corpora 20] [--workers 2] [--best-of 2]

The parts of the examination are timed alone, on one core and without a database: searching the files for secrets,
and of each answer the language, the shingles and sketches, the marks, the secrets. Their sum is divided by the
number of workers, files that are searched in this process not. The index is held against a bare FTS5 table that is
filled with the same texts in one transaction. Times are wall times; on a machine that others use, CPU seconds say
more and are printed beside.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from workbench.app.examining import CHUNK, examine
from workbench.app.inspecting import language_of
from workbench.app.raw_search import search_file
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.conditions import of_this_machine
from workbench.core.fulltext import spaced
from workbench.core.inspection import hidden, marks_of
from workbench.core.likeness import shingles, sketches
from workbench.core.progress import silent
from workbench.core.secrets import find_in

SHARED_PANEL = Path(__file__).resolve().parents[3] / "shared" / "panel" / "panel.json"


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Wall and CPU seconds of some work, that of the workers with it."""
    wall, cpu = time.perf_counter(), spent()
    work()
    return time.perf_counter() - wall, spent() - cpu


def spent() -> float:
    """CPU seconds of this process and of its workers, which live on."""
    here = psutil.Process()
    return sum(sum(one.cpu_times()[:2]) for one in (here, *here.children(recursive=True)))


def parts(files: list[Path], records: list[dict[str, str]]) -> dict[str, Callable[[], Any]]:
    """Each part of an examination as a piece of work on one core."""
    texts = [r["output"] for r in records]
    chunks = [texts[at : at + CHUNK] for at in range(0, len(texts), CHUNK)]
    return {
        "files searched": lambda: [search_file(file, file.name) for file in files],
        "language": lambda: [language_of(text) for text in texts],
        "shingles, sketches": lambda: [sketches(shingles(chunk)) for chunk in chunks],
        "marks": lambda: [(marks_of(r["output"], r["instruction"]), hidden(r["output"])) for r in records],
        "secrets": lambda: [find_in(chunk) for chunk in chunks],
    }


def bare_index(texts: list[str], folder: Path) -> Callable[[], Any]:
    """A bare FTS5 table over the same texts."""

    def work() -> None:
        (folder / "bare.db").unlink(missing_ok=True)
        database = sqlite3.connect(folder / "bare.db", isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE a (id INTEGER PRIMARY KEY, text TEXT)")
        database.executemany("INSERT INTO a (text) VALUES (?)", [(text,) for text in texts])
        database.execute("CREATE VIRTUAL TABLE w USING fts5 (text, content = 'a', content_rowid = 'id')")
        database.execute("BEGIN")
        database.executemany(
            "INSERT INTO w (rowid, text) VALUES (?, ?)", [(n, spaced(t)) for n, t in enumerate(texts, 1)]
        )
        database.execute("COMMIT")
        database.close()

    return work


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("panel", type=Path, nargs="?", default=SHARED_PANEL)
    parser.add_argument("--corpora", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--best-of", type=int, default=2)
    options = parser.parse_args()
    if not options.panel.exists():
        print(f"skipped: {options.panel.name} is not there; name a panel")
        return
    entries = json.loads(options.panel.read_bytes())["corpora"][: options.corpora]
    files = [options.panel.parent / entry["file"] for entry in entries]
    records = [record for file in files for record in json.loads(file.read_bytes())]
    size = sum(len(record["output"]) for record in records)
    print(f"{len(files)} corpora, {len(records)} answers, {size / 1e6:.1f} MB of text")
    language_of("One is loaded before anything is timed.")
    alone = {n: min(timed(work) for _ in range(options.best_of)) for n, work in parts(files, records).items()}
    for name, (wall, cpu) in alone.items():
        rate = f"{len(records) / cpu:9.0f} answers/s {size / cpu / 1e6:6.1f} MB/s"
        print(f"  {name:<20} {wall:6.2f} s wall {cpu:6.2f} s CPU {rate} on one core")
    with tempfile.TemporaryDirectory() as name:
        whole, index = [], []
        for turn in range(options.best_of):
            with Session.create(Path(name) / f"{turn}.case", title="bench", conditions=of_this_machine()) as session:
                for entry, file in zip(entries, files, strict=True):
                    session.import_file(file, ImportRequest(model=entry["corpus"]))
                if turn == 0:
                    examine(session.case, options.workers, silent)  # Workers are started, models loaded.
                    continue
                whole.append(timed(lambda case=session.case: examine(case, options.workers, silent)))
                index.append(timed(session.case.words.build))
        if not whole:
            print("name --best-of 2 or more: the first turn warms up")
            return
        bare = min(timed(bare_index([r["output"] for r in records], Path(name))) for _ in range(options.best_of))
    total, work = sum(wall for wall, _ in alone.values()), sum(cpu for _, cpu in alone.values())
    wall, cpu = min(whole)
    print(f"examination {wall:6.2f} s wall, {cpu:6.2f} s CPU on {options.workers} workers")
    print(f"  its parts {total:6.2f} s wall, {work:6.2f} s CPU on one core")
    print(f"  ratio to them on so many cores {wall / (total / options.workers):5.2f} wall, {cpu / work:5.2f} CPU")
    wall, cpu = min(index)
    print(f"index {wall:6.2f} s wall, {cpu:6.2f} s CPU, {size / cpu / 1e6:.1f} MB/s of CPU")
    print(f"  bare {bare[0]:6.2f} s, ratio {wall / bare[0]:5.2f} wall; {bare[1]:6.2f} s, {cpu / bare[1]:5.2f} CPU")


if __name__ == "__main__":
    main()
