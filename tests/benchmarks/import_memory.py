"""Peak memory of importing one large JSONL file and one large JSON array, each in a process of its own.

python tests/benchmarks/import_memory.py [--megabytes 2000] [--folder DIR]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHILD = "--child"


def write(file: Path, size: int, *, array: bool) -> None:
    """Write records of about 2 kB, as one JSON array or as JSON lines, until the size is reached."""
    number = 0
    with file.open("w", encoding="utf-8") as stream:
        if array:
            stream.write("[")
        while stream.tell() < size:
            batch = []
            for _ in range(1000):
                text = f"Answer {number}: " + "the quick brown fox jumps over the lazy dog. " * 44
                record = {"dataset": "d", "instruction": f"prompt {number}", "output": text, "generator": "m"}
                batch.append(json.dumps(record))
                number += 1
            joiner = ",\n" if array else "\n"
            stream.write((joiner if array and number > 1000 else "") + joiner.join(batch) + ("" if array else "\n"))
        if array:
            stream.write("]")


def child(file: Path, folder: Path) -> None:
    """Import the file and print seconds and peak memory."""
    from workbench.app.requests import ImportRequest
    from workbench.app.session import Session
    from workbench.core.surroundings import of_this_machine

    start = time.perf_counter()
    mapping = {"prompt": "instruction", "response": "output"} if file.suffix == ".jsonl" else {}
    with Session.create(folder / (file.stem + file.suffix[1:]), title="bench", conditions=of_this_machine()) as session:
        report = session.import_file(file, ImportRequest(model="m", mapping=mapping))
    # Not ru_maxrss: that remembers the process that this one was forked from.
    status = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    accepted = sum(c.accepted for c in report.corpora)
    print(f"{file.name}: {accepted} answers in {time.perf_counter() - start:.1f} s, peak memory {peak:.0f} MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=2000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument(CHILD, nargs=2, type=Path)
    options = parser.parse_args()
    if options.child:
        child(*options.child)
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        for file, array in ((Path(name) / "large.jsonl", False), (Path(name) / "large.json", True)):
            write(file, options.megabytes * 1_000_000, array=array)
            subprocess.run([sys.executable, __file__, CHILD, str(file), name], check=True)
            file.unlink()


if __name__ == "__main__":
    main()
