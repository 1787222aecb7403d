"""Verifying a case and a pack whose ledger is long: processor time against that of a short one.

    python tests/benchmarks/long_ledger.py [--lines 10000] [--answers 20000] [--best-of 5] [--folder DIR]

A case with so many answers is made, with eight lines in its ledger, and verified; then notes on a corpus are changed
until the ledger has so many lines, and it is verified again. Each time is the least of N, of this process alone, with
all modules loaded. The walk along the chain of the log, which is what a pack adds, is timed apart.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.store.making import bring, new_case, several
from workbench.core.surroundings import of_this_machine
from workbench.evidence.check.audit import Chain, lines_of
from workbench.store import Case, verify_case

FIRST_LINES = 8


def least(of: int, work: Callable[[], object]) -> float:
    """The least processor time in seconds of so many runs; each must find nothing wrong."""
    times = []
    for _ in range(of):
        start = time.process_time()
        if work():
            raise RuntimeError("something is wrong with the case")
        times.append(time.process_time() - start)
    return min(times)


def lengthen(folder: Path, lines: int) -> None:
    """Change notes until the ledger has so many lines."""
    with Case.open(folder, conditions=of_this_machine("A. Examiner"), writing=True) as case:
        for number in range(len(list(case.ledger())), lines):
            case.set_corpus("ada", note=f"note {number}", reason="to make the ledger longer")


def measure(folder: Path, of: int) -> tuple[float, float]:
    """Seconds of `verify` of the case, and of the walk along the log as a pack has it."""
    log = folder / "ledger.jsonl"
    return (
        least(of, lambda: verify_case(folder)),
        least(of, lambda: list(Chain().walk(lines_of([log.read_bytes()])))),
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--answers", type=int, default=20_000)
    parser.add_argument("--best-of", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        with new_case(Path(name), of_this_machine("A. Examiner")) as case:
            bring(case, Path(name), several(options.answers))
        folder = Path(name) / "a.case"
        for lines in (FIRST_LINES, options.lines):
            lengthen(folder, lines)
            verified, walked = measure(folder, options.best_of)
            print(f"{lines:,} lines: verify {verified:.2f} s, walk along the log of a pack {walked:.3f} s", flush=True)


if __name__ == "__main__":
    main()
