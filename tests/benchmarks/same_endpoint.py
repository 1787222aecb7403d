"""How often `same_endpoint` errs on real answers: one model split in two, and every pair of models.

    python tests/benchmarks/same_endpoint.py [--panel ../shared/panels/misguided] [--splits 6] [--draws 499]

Each model's answers to a prompt are split at random into one and the rest: the share of splits with p at or below 0.05
and 0.01 is the rate of false alarms, with its exact interval, and whether all p are uniform is tested. Then every pair
of models is compared by all answers: those that are not told apart are named, and so are those that are called the same
within the margin of the second model's halves. Last comes a power curve: a share of a model's answers is exchanged for
a relay's, and how often the mixture is told from the relayed model is counted beside what the power line says.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import numpy as np
from scipy.stats import kstest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from workbench.analyses.same_endpoint.compute import Distance, Pair, distance, halves, passed_on, upper_limit
from workbench.analyses.same_endpoint.tables import Texts, common
from workbench.core.statistics.exact_tests import proportion_interval
from workbench.core.text import normal_prompt

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
CHARACTERS = 200


def read_panel(folder: Path) -> dict[str, Texts]:
    """The answers of each model by prompt, in their normal form."""
    found: dict[str, Texts] = {}
    for item in json.loads((folder / "panel.json").read_text("utf-8"))["corpora"]:
        said: dict[str, list[str]] = {}
        for record in json.loads((folder / item["file"]).read_text("utf-8")):
            said.setdefault(normal_prompt(record["prompt"]), []).append(normal_prompt(record["response"]))
        found[item["corpus"]] = {prompt: tuple(texts) for prompt, texts in said.items()}
    return found


def false_alarms(models: dict[str, Texts], splits: int, draws: int) -> None:
    """One model against itself, split at random within each prompt."""
    found = []
    for at, texts in enumerate(models.values()):
        for split in range(splits):
            chance = np.random.default_rng([at, split])
            pairs = []
            for answers in texts.values():
                if len(answers) >= 3:
                    order = chance.permutation(len(answers))
                    pairs.append(Pair((answers[order[0]],), tuple(answers[n] for n in order[1:])))
            found.append(distance(pairs, CHARACTERS, draws, split).p)
    for level in (0.05, 0.01):
        alarms = sum(p <= level for p in found)
        low, high = proportion_interval(alarms, len(found))
        print(
            f"p <= {level}: {alarms} of {len(found)} splits ({alarms / len(found):.3f}; 95 %: {low:.3f} to {high:.3f})"
        )
    print(f"uniform: KS p = {kstest(found, 'uniform').pvalue:.2f}")


def compared(one: Texts, other: Texts, draws: int) -> Distance:
    """Two models by all prompts that they have in common."""
    pairs = [Pair(one[prompt], other[prompt]) for prompt in common(one, other)]
    return distance(pairs, CHARACTERS, draws, 1)


def every_pair(models: dict[str, Texts], draws: int) -> None:
    """Which pairs of models are not told apart, and which are called the same."""
    margins = {
        name: float(np.quantile(halves([a for a in texts.values() if len(a) >= 3], CHARACTERS, draws, 1), 0.95))
        for name, texts in models.items()
    }
    pairs = {(a, b): compared(models[a], models[b], draws) for a, b in permutations(models, 2) if a < b}
    near = [(a, b, one) for (a, b), one in pairs.items() if one.p > 0.05]
    print(f"told apart: {len(pairs) - len(near)} of {len(pairs)} pairs; not:")
    for a, b, one in near:
        print(f"  {a} and {b}: MMD² {one.mean:.4f}, p = {one.p:.3f}")
    print("called the same:")
    for (a, b), one in pairs.items():
        limit = upper_limit(one.by_prompt, 0.95, 999, 1)
        for name in (a, b):
            if one.p > 0.05 and limit <= margins[name]:
                print(f"  {a} and {b}, by {name}: at most {limit:.4f}, halves {margins[name]:.4f}")


def power(models: dict[str, Texts], names: Sequence[str], draws: int) -> None:
    """How often a mixture of a stranger and a relay is told from the relayed model, by share and number of prompts.

    What is passed on are the relay's own answers, and not those that the other model's sample holds.
    """
    one, relay, other = (models[name] for name in names)
    chance = np.random.default_rng(1)
    for prompts in (20, 50):
        shared = [prompt for prompt in common(one, other) if len(relay.get(prompt, ())) >= len(one[prompt])][:prompts]
        far = distance([Pair(one[p], other[p]) for p in shared], CHARACTERS, draws, 1)
        line = passed_on(far.detectable, far.mean)
        print(f"{prompts} prompts: the line says that up to {line if line is None else round(line, 2)} is told apart")
        for share in (0.0, 0.25, 0.5, 0.75, 0.9):
            hits = 0
            for run in range(40):
                mixed = [
                    Pair(
                        tuple(b if chance.random() < share else a for a, b in zip(one[p], relay[p], strict=False)),
                        other[p],
                    )
                    for p in shared
                ]
                hits += distance(mixed, CHARACTERS, 199, run).p <= 0.05
            print(f"  {share:.2f} passed on: told apart in {hits} of 40")


def main() -> None:
    """Read the panel, then print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--panel", type=Path, default=SHARED / "panels" / "misguided")
    parser.add_argument("--splits", type=int, default=6)
    parser.add_argument("--draws", type=int, default=499)
    mixed = ["claude-3.7-sonnet", "optimus-alpha", "gpt-4.1"]
    parser.add_argument("--mixed", nargs=3, default=mixed, metavar="MODEL", help="stranger, relay, relayed model")
    given = parser.parse_args()
    models = read_panel(given.panel)
    false_alarms(models, given.splits, given.draws)
    every_pair(models, given.draws)
    power(models, given.mixed, given.draws)


if __name__ == "__main__":
    main()
