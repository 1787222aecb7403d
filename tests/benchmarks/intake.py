"""Taking files in, format by format, against a bare loop of hash + orjson + executemany with the same pragmas.

    python tests/benchmarks/intake.py [--megabytes 100] [--best-of 3] [--only KEY,...] [--folder DIR]

The bare loop hashes the file, parses each line (each row of CSV with the standard library), and inserts prompt, model
and answer into a table without an index, 4,000 rows a transaction. The import does what it always does: the original is
copied and hashed, every answer gets its place, its digests and its ids, duplicates are found, the ledger is written.
Files are invented, with answers of some 1,500 characters; where the real files are at hand, those of `raw-api` are
measured too, their lines repeated under new ids. Wall and CPU times are the best of N, warm page cache, the two in
turn, each time in a new process, whose own start does not count but that of the processes which read for it does.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import psutil

# What is imported here each reading process imports again, as it does with the command's own main module.

REAL = Path(__file__).resolve().parents[3] / "shared" / "formats" / "raw-api"
WORDS = Path(__file__).read_text(encoding="utf-8").split()
MAPPED = {"prompt": "instruction", "response": "output", "sample": "id"}
BATCH = 4_000

Row = tuple[str | None, str | None, str | None]


def _mapped(number: int, text: str) -> dict[str, Any]:
    return {"instruction": f"prompt {number}", "output": text, "id": str(number), "model": "model-x"}


def _chosen(body: Any) -> Row:
    return None, body.get("model"), body["choices"][0]["message"]["content"]


def _said(turns: Any, speaker: str, text: str) -> Row:
    return turns[0][text], None, next(turn[text] for turn in turns if turn[speaker] in ("assistant", "gpt"))


BARE: dict[str, Callable[[Any], Row]] = {
    "mapped_jsonl": lambda r: (r["instruction"], r.get("model"), r["output"]),
    "openai_batch": lambda r: _chosen(r["response"]["body"]),
    "anthropic_batch": lambda r: (None, r["result"]["message"]["model"], r["result"]["message"]["content"][0]["text"]),
    "chat_log": lambda r: (r["request"]["messages"][0]["content"], *_chosen(r["response"])[1:]),
    "call_records": lambda r: (r["request"]["prompt"], r["returned_model"], _chosen(r["response"])[2]),
    "openai_tuning": lambda r: _said(r["messages"], "role", "content"),
    "lm_eval": lambda r: (r["arguments"]["gen_args_0"]["arg_0"], None, r["resps"][0][0]),
    "chat_corpora": lambda r: _said(r["conversation"], "role", "content"),
    "litellm": lambda r: (r["messages"][0]["content"], *_chosen(r["response"])[1:]),
    "langfuse": lambda r: (r["input"][0]["content"], r["provided_model_name"], r["output"]["content"]),
    "helicone": lambda r: (r["request_body"]["messages"][0]["content"], *_chosen(r["response_body"])[1:]),
    "kit_sheet": lambda r: (r["prompt"], r["model"], r["response"]),
    "mapped_csv": lambda r: (r[0], r[3], r[1]),
}


def made(key: str, file: Path, size: int) -> None:
    """JSON lines of a format, up to a size in bytes."""
    source = random.Random(1)
    from tests.importers.made_records import RECORDS

    build = _mapped if key.startswith("mapped") else RECORDS[key]
    number = 0
    with file.open("wb") as stream:
        if key == "mapped_csv":
            stream.write(b"instruction,output,id,model\n")
        while stream.tell() < size:
            text = " ".join(source.choices(WORDS, k=source.randint(20, 480)))
            record = build(number, text)
            stream.write(_row(record) if key == "mapped_csv" else json.dumps(record).encode() + b"\n")
            number += 1


def _row(record: dict[str, Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(record.values())
    return text.getvalue().encode()


def repeated(file: Path, size: int) -> None:
    """The real call records again and again, each time under other ids."""
    lines = [json.loads(line) for one in sorted(REAL.glob("*.jsonl")) for line in one.read_bytes().splitlines()]
    turn = 0
    with file.open("wb") as stream:
        while stream.tell() < size:
            for line in lines:
                own = {"id": f"{line['id']}-{turn}"}
                if isinstance(line["response"], dict):
                    own["response"] = line["response"] | {"id": f"{line['response'].get('id')}-{turn}"}
                stream.write(json.dumps(line | own).encode() + b"\n")
            turn += 1


def bare_loop(file: Path, folder: Path, key: str) -> None:
    """Hash the file, parse its records, insert them."""
    from workbench.store.database import CHECKPOINT, PAGE

    database = sqlite3.connect(folder / "bare.db", isolation_level=None)
    database.execute(f"PRAGMA page_size = {PAGE}")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("PRAGMA cache_size = -32768")
    database.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")
    database.execute("CREATE TABLE answers (id INTEGER PRIMARY KEY, prompt TEXT, model TEXT, text TEXT)")
    with file.open("rb") as stream:
        hashlib.file_digest(stream, "sha256")
        stream.seek(0)
        for rows in _batches(map(BARE[key], _records(stream, key))):
            database.execute("BEGIN")
            database.executemany("INSERT INTO answers (prompt, model, text) VALUES (?, ?, ?)", rows)
            database.execute("COMMIT")
    database.close()


def _records(stream: BinaryIO, key: str) -> Iterator[Any]:
    if key == "mapped_csv":
        return csv.reader(io.TextIOWrapper(stream, encoding="utf-8", newline=""))
    return map(orjson.loads, stream)


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def workbench(file: Path, folder: Path, key: str) -> None:
    """The same file through the verb, into a whole case."""
    from workbench.app.requests import ImportRequest
    from workbench.app.session import Session
    from workbench.core.surroundings import of_this_machine

    mapping = MAPPED if key.startswith("mapped") else {}
    with Session.create(folder / "bench.case", title="bench", conditions=of_this_machine()) as session:
        session.import_file(file, ImportRequest(model="bench", mapping=mapping))


def timed(what: str, file: Path, key: str) -> tuple[float, float]:
    """Wall and CPU seconds of one way to take a file in, in a process of its own."""
    with tempfile.TemporaryDirectory(dir=file.parent) as folder, ProcessPoolExecutor(1, get_context("spawn")) as alone:
        return alone.submit(_timed, what, file, Path(folder), key).result()


def _timed(what: str, file: Path, folder: Path, key: str) -> tuple[float, float]:
    import_module("workbench.app.session")
    wall, cpu = time.perf_counter(), _cpu()
    if what == "bare":
        bare_loop(file, folder, key)
    else:
        workbench(file, folder, key)
    return time.perf_counter() - wall, _cpu() - cpu


def _cpu() -> float:
    """CPU seconds of this process, of those that it started and of those which these did, also of such as ended."""
    started = [one.cpu_times() for one in psutil.Process().children(recursive=True)]
    return sum(os.times()[:4]) + sum(t.user + t.system + t.children_user + t.children_system for t in started)


def measure(name: str, file: Path, key: str, best_of: int) -> None:
    """Measure one file and print a line."""
    found: dict[str, list[tuple[float, float]]] = {"bare": [], "import": []}
    for _ in range(best_of):
        for what, times in found.items():
            times.append(timed(what, file, key))
    (bare, bare_cpu), (ours, ours_cpu) = (tuple(map(min, zip(*found[what], strict=True))) for what in found)
    size = file.stat().st_size / 1e6
    print(
        f"{name:<18} {size:6.0f} MB  bare {bare:6.2f} s ({bare_cpu:6.2f} CPU)  "
        f"import {ours:6.2f} s ({ours_cpu:6.2f} CPU)  {size / ours:6.1f} MB/s  "
        f"ratio {ours / bare:5.2f} wall, {ours_cpu / bare_cpu:5.2f} CPU",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--best-of", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else [*BARE, "real"]
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        for key in (key for key in BARE if key in wanted):
            file = Path(name) / ("answers.csv" if key == "mapped_csv" else "answers.jsonl")
            made(key, file, options.megabytes * 1_000_000)
            measure(key, file, key, options.best_of)
        if "real" in wanted and REAL.exists():
            file = Path(name) / "answers.jsonl"
            repeated(file, options.megabytes * 1_000_000)
            measure("real call_records", file, "call_records", options.best_of)


if __name__ == "__main__":
    main()
