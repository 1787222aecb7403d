"""Opening the viewer of a pack with many exhibits in a browser: how long it takes, and how much memory.

    python tests/benchmarks/exhibit_viewer.py [--exhibits 150000] [--best-of 5] [--browser chromium] [--folder DIR]

Invented exhibits, each with three answers of some 900 characters, are made as a pack has them; of the pages those that
are opened are written, since no page asks for another one before a reader does. Each page is opened
in a new process of the browser, without a window, until it is drawn, in turn with an empty page: the page of parts, a
part in the middle, and the page of parts with the number of the last exhibit behind `#`, which reads what a search
reads and goes on to that exhibit. Times are those of the whole process, the least of N; what the empty page takes is
the browser's own. Memory is the proportional set size of all processes that the browser started, the most of all
samples; that of the renderer alone, in which the page lies, stands beside it.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests.evidence.conftest import made_up_contents
from workbench.core.exhibits import CaseExhibit, Choice, Kind, Picker, Side
from workbench.evidence.exhibits.shown import ExhibitSet, Passage, Shown, ShownExhibit
from workbench.evidence.exhibits.viewer import VIEWER, exhibit_files
from workbench.evidence.pack.names import EXHIBITS

WORDS = Path(__file__).read_text(encoding="utf-8").split()
ANSWER, PASSAGE = 900, 12


def said(chance: random.Random, length: int) -> str:
    """Words without sense, of about so many characters."""
    words = chance.choices(WORDS, k=length // 4)
    return " ".join(words)[:length]


def exhibits(many: int) -> Iterator[ShownExhibit]:
    """Exhibits of suspect, protected model and control with a passage that the first two share."""
    chance = random.Random(20261201)
    pool = [said(chance, ANSWER) for _ in range(500)]
    for at in range(1, many + 1):
        passage = " ".join(chance.choices(WORDS, k=PASSAGE))
        own, source, other = chance.choices(pool, k=3)
        texts = (f"{passage} {own}", f"{source} {passage}", other)
        spans = [((0, len(passage), 0),), ((len(source) + 1, len(source) + 1 + len(passage), 0),), ()]
        columns = tuple(
            Shown(role, f"model-{role}", {"response": text, "sha256": "0" * 64, "source": "", "offset": at}, marks)
            for role, text, marks in zip(("suspect", "protected", "control"), texts, spans, strict=True)
        )
        side = Side.AGAINST if at % 9 == 0 else Side.FOR
        choice = Choice(Kind.PASSAGES, Picker.RULE, f"“{passage}”", side, passage=passage, compared=24)
        entry = CaseExhibit(f"MA-{at:04d}", choice, "2026-03-01T12:00:00.000Z", "A. Examiner", at)
        yield ShownExhibit(entry, pool[at % len(pool)][:80], columns, (Passage(passage, at % 7),), 24)


def written(folder: Path, many: int) -> tuple[Path, str, dict[str, int]]:
    """The pages that are opened: where the list of parts is, the part in the middle, and the bytes of each page."""
    contents = made_up_contents(folder)
    files = exhibit_files(contents, ExhibitSet(tuple(exhibits(many)), of_case=True))
    pages = {one.path: one for one in files if one.path.endswith(".html")}
    parts = [path for path in pages if path != VIEWER] or [VIEWER]
    middle, last = parts[len(parts) // 2], parts[-1]
    sizes: dict[str, int] = {}
    for path in dict.fromkeys((VIEWER, middle, last)):
        data = pages[path].make()
        assert len(data) <= pages[path].size, f"{path} has {len(data)} bytes, told were {pages[path].size}"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        sizes[path.removeprefix(EXHIBITS)] = len(data)
    return folder / VIEWER, middle.removeprefix(EXHIBITS), sizes


def opened(browser: str, address: str, folder: Path) -> tuple[float, int, int]:
    """Seconds from start to end, and bytes of all processes and of the largest renderer at their most."""
    profile = tempfile.mkdtemp(dir=folder)
    words = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", "--no-first-run",
             "--window-size=1366,768", f"--screenshot={folder / 'page.png'}", address]  # fmt: skip
    begun = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = renderer = 0
    while process.poll() is None:
        total = 0
        for one in [psutil.Process(process.pid), *_children(process.pid)]:
            try:
                held = one.memory_full_info().pss
                total += held
                if "--type=renderer" in one.cmdline():
                    renderer = max(renderer, held)
            except psutil.Error:
                continue
        most = max(most, total)
        time.sleep(0.02)
    seconds = time.perf_counter() - begun
    if process.returncode:
        raise SystemExit(f"{browser} ended with {process.returncode} over {address}")
    return seconds, most, renderer


def _children(number: int) -> list[psutil.Process]:
    try:
        return psutil.Process(number).children(recursive=True)
    except psutil.Error:
        return []


def main() -> None:
    """Write the pages, open each N times, and print a line of JSON a page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exhibits", type=int, default=150_000)
    parser.add_argument("--best-of", type=int, default=5)
    parser.add_argument("--browser", default="chromium")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder, prefix="viewer-") as work:
        folder = Path(work)
        begun = time.perf_counter()
        first, middle, sizes = written(folder, given.exhibits)
        made = round(time.perf_counter() - begun, 1)
        print(json.dumps({"exhibits": given.exhibits, "seconds_to_make": made, "bytes": sizes}), flush=True)
        address = first.as_uri()
        pages = {
            "empty": "about:blank",
            "list of parts": address,
            "a part": f"{address.rpartition('/')[0]}/{middle}",
            "last by number": f"{address}#MA-{given.exhibits:04d}",
        }
        runs: dict[str, list[tuple[float, int, int]]] = {name: [] for name in pages}
        for _ in range(given.best_of):
            for name, where in pages.items():
                runs[name].append(opened(given.browser, where, folder))
        for name, found in runs.items():
            seconds = sorted(one[0] for one in found)
            most, renderer = (max(one[at] for one in found) >> 20 for at in (1, 2))
            told = {"page": name, "n": len(found), "least_s": round(seconds[0], 2), "most_s": round(seconds[-1], 2)}
            print(json.dumps({**told, "most_MB": most, "renderer_MB": renderer}), flush=True)


if __name__ == "__main__":
    main()
