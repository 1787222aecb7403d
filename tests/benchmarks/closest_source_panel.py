"""`closest_source` on a panel of known truth: speed against a named baseline, and every pair's result.

    python tests/benchmarks/closest_source_panel.py [PANEL.json] [--workers 2] [--best-of 1] [--pairs]

The baseline is one single-core pass of scikit-learn's TfidfVectorizer(ngram_range=(1, 2)) over the same
answers, in the same run. Times are wall time; memory is the largest sum over this process and its
workers, the answers that this script itself holds included. With --pairs, a table of all pairs follows.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workbench.core.hashing import sha256_lines, sha256_text
from workbench.core.model import Corpus, Facts, Finding, Role, SourceModel
from workbench.core.panel import Panel
from workbench.core.progress import silent
from workbench.core.selection import Answer, Block, Question, Similarities, choose
from workbench.core.text import normal_prompt

BLOCK = 128
SHARED_PANEL = Path(__file__).resolve().parents[3] / "shared" / "panel" / "panel.json"


@dataclass
class Answers:
    """A panel in memory: facts by model, and for each prompt (by digest, ascending) the answers by model."""

    facts: dict[str, Facts]
    prompts: dict[str, tuple[str, dict[str, tuple[str, ...]]]]

    def corpora(self) -> list[Corpus]:
        """The corpora, all in the role of controls that a manifest documents."""
        texts: dict[str, list[str]] = {name: [] for name in self.facts}
        for _, answers in self.prompts.values():
            for name, samples in answers.items():
                texts[name].extend(samples)
        return [
            Corpus(at, name, Role.CONTROL, facts, len(texts[name]), _digest(texts[name]), documented=True)
            for at, (name, facts) in enumerate(self.facts.items(), 1)
        ]

    def blocks(self) -> Iterator[Block]:
        """All answers, some hundred prompts at a time."""
        keys = list(self.prompts)
        for at in range(0, len(keys), BLOCK):
            some = keys[at : at + BLOCK]
            yield Block(tuple(some), tuple(self.prompts[k][0] for k in some), tuple(self.prompts[k][1] for k in some))


def _digest(texts: Sequence[str]) -> str:
    return sha256_lines(sorted(map(sha256_text, texts)))


def read(panel: Path) -> Answers:
    """The panel's answers (AlpacaEval form), matched by the prompt's normal form."""
    facts: dict[str, Facts] = {}
    prompts: dict[str, tuple[str, dict[str, tuple[str, ...]]]] = {}
    for entry in json.loads(panel.read_bytes())["corpora"]:
        name = entry["corpus"]
        sources = tuple(SourceModel(**source) for source in entry.get("sources", ()))
        known = {key: entry[key] for key in ("developer", "released", "base", "family", "teacherless") if key in entry}
        facts[name] = Facts(**known, group=tuple(entry.get("group", ())), sources=sources)
        for record in json.loads((panel.parent / entry["file"]).read_bytes()):
            key = sha256_text(normal_prompt(record["instruction"]))
            answers = prompts.setdefault(key, (record["instruction"], {}))[1]
            answers[name] = (*answers.get(name, ()), record["output"])
    return Answers(facts, dict(sorted(prompts.items())))


@dataclass
class PanelSelection:
    """A question over a panel in memory; the similarities are made or read through the cache of `app`."""

    question: Question
    answered: Answers
    cache: Path | None
    workers: int
    _found: list[Similarities] = field(default_factory=list)

    def blocks(self, corpora: Sequence[Corpus]) -> Iterator[Block]:
        """All answers: corpora that the question does not name do no harm."""
        return self.answered.blocks()

    def answers(self, corpus: Corpus) -> Iterator[Answer]:
        """The answers of one corpus."""
        for key, (_, answers) in self.answered.prompts.items():
            for text in answers.get(corpus.name, ()):
                yield Answer(corpus.name, key, text, None, ())

    def similarities(self) -> Similarities:
        """The similarities of all models, made once."""
        if not self._found:
            from workbench.app.similarity_cache import similarities

            names = sorted(self.answered.facts)
            key = sha256_lines(sorted(map(sha256_text, names)))
            made = similarities(
                self.answered.blocks(), names, len(self.answered.prompts), key, self.cache, self.workers, silent
            )
            self._found.append(made)
        return self._found[0]


def compare(selection: PanelSelection) -> Finding:
    """The Finding of `closest_source` with its defaults, through the door that the verbs use."""
    from workbench.analyses.closest_source.analysis import ClosestSource

    analysis = ClosestSource()
    return analysis.run(selection, 1, silent)


def baseline(answered: Answers) -> None:
    """One pass of the vectoriser that the comparison is measured against."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [text for _, answers in answered.prompts.values() for samples in answers.values() for text in samples]
    TfidfVectorizer(ngram_range=(1, 2)).fit_transform(texts)


class Memory:
    """The largest sum of the resident memory of this process and its children while `run` ran."""

    def __init__(self) -> None:
        self.peak = 0

    def run(self, work: Callable[[], object]) -> float:
        """Do the work; seconds taken."""
        stop = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(stop,))
        watcher.start()
        start = time.perf_counter()
        try:
            work()
        finally:
            taken = time.perf_counter() - start
            stop.set()
            watcher.join()
        return taken

    def _watch(self, stop: threading.Event) -> None:
        import psutil

        own = psutil.Process(os.getpid())
        while not stop.wait(0.05):
            total = 0
            for process in (own, *own.children(recursive=True)):
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.peak = max(self.peak, total)


def speed(answered: Answers, question: Question, workers: int, best_of: int) -> None:
    """Print the times of baseline, cold and cached comparison, best of some, taken in turn."""
    times: dict[str, list[float]] = {"TfidfVectorizer(1, 2), one core": [], "cold": [], "cached": []}
    memory = Memory()
    for _ in range(best_of):
        with tempfile.TemporaryDirectory() as name:
            for what in ("cold", "cached"):
                selection = PanelSelection(question, answered, Path(name), workers)
                times[what].append(memory.run(lambda selection=selection: compare(selection)))
        start = time.perf_counter()
        baseline(answered)
        times["TfidfVectorizer(1, 2), one core"].append(time.perf_counter() - start)
    reference = min(times["TfidfVectorizer(1, 2), one core"])
    for what, taken in times.items():
        print(f"{what:34} {min(taken):7.2f} s   {min(taken) / reference:5.2f}x of the baseline")
    print(f"largest memory, summed over workers {memory.peak / 1e6:7.0f} MB")


def pairs(answered: Answers, cache: Path, workers: int, *, every: bool) -> Iterator[Mapping[str, object]]:
    """The results of documented and teacherless pairs, or of every pair; they share one set of similarities."""
    panel, corpora = Panel(answered.facts), answered.corpora()
    shared: list[Similarities] = []
    for pair in panel.pairs():
        teacherless = answered.facts[pair.suspect].teacherless
        if not (every or pair.positive or teacherless):
            continue
        question = choose(corpora, suspect=pair.suspect, protected=f"family:{pair.family}")
        values = compare(PanelSelection(question, answered, cache, workers, shared)).values
        truth = pair.relation if pair.positive else pair.excluded or "negative"
        yield {
            "suspect": pair.suspect,
            "family": pair.family,
            "truth": "teacherless" if teacherless else truth,
            "statistic": values["statistic"],
            "interval": values["interval"],
            "rank": values["rank"],
            "p_model": values["p_model"],
            "m": values["n_controls"],
        }


def show(rows: Iterator[Mapping[str, object]]) -> None:
    """Print the pairs as a Markdown table, and how often the suspect came first."""
    print("| suspect | family | truth | statistic | interval | rank | p_model | m |\n" + "| --- " * 8 + "|")
    first: dict[str, list[bool]] = {}
    for row in rows:
        truth = str(row["truth"])
        first.setdefault(truth, []).append(row["rank"] == 1)
        low, high = row["interval"]
        cells = (row["suspect"], row["family"], truth, f"{row['statistic']:.2f}", f"{low:.2f} to {high:.2f}")
        print("|", " | ".join(map(str, (*cells, row["rank"], f"{row['p_model']:.3f}", row["m"]))), "|", flush=True)
    for truth, flags in first.items():
        print(f"{truth}: first in {sum(flags)} of {len(flags)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("panel", type=Path, nargs="?", default=SHARED_PANEL)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--best-of", type=int, default=1)
    parser.add_argument("--suspect", default="alpaca-farm-ppo-sim-gpt4-20k")
    parser.add_argument("--protected", default="davinci")
    parser.add_argument("--no-speed", action="store_true", help="leave out the timings")
    parser.add_argument("--pairs", action="store_true", help="the table of documented and teacherless pairs")
    parser.add_argument("--every", action="store_true", help="with --pairs: all pairs of the protocol")
    options = parser.parse_args()
    if not options.panel.exists():
        print(f"skipped: {options.panel.name} is not there; name a panel")
        return
    answered = read(options.panel)
    if not options.no_speed:
        question = choose(answered.corpora(), suspect=options.suspect, protected=options.protected)
        speed(answered, question, options.workers, options.best_of)
    if options.pairs:
        with tempfile.TemporaryDirectory() as name:
            show(pairs(answered, Path(name), options.workers, every=options.every))


if __name__ == "__main__":
    main()
