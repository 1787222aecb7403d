"""How much marked text `keyed_signal` needs: how often it is found, by share of marked text and number of tokens.

    python tests/benchmarks/keyed_signal.py [--runs 20] [--tokens 2000 8000] [--shares 0.05 0.1 0.2 0.5 1.0]
                                            [--schemes lefthash unigram gumbel]

Text is drawn from an invented language of 400 tokens; a share of its tokens is drawn with the signal (KGW and Unigram
with delta 2). For each share and length the runs with p below 1e-6 are counted, beside the share that the finding's
power line says is found in half of all cases.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.analyses.keyed_signal.marked_text import V, kgw, stream
from workbench.analyses.keyed_signal.compute import FOUND, marked, smallest_share
from workbench.analyses.keyed_signal.schemes import Gumbel, Scheme, Unigram
from workbench.analyses.keyed_signal.windows import windows_of

SCHEMES: dict[str, Scheme] = {"lefthash": kgw(), "unigram": Unigram(V, 0.5), "gumbel": Gumbel(V, 2)}
KEY = (982451653,)


def windows(scheme: Scheme, tokens: int, seed: int, share: float) -> np.ndarray:
    """The windows of a text of which a share is marked."""
    text = stream(scheme, KEY, tokens, seed, share=share)
    return windows_of([text], np.empty((0, scheme.context + 1), np.int64), scheme.context, V).rows


def main() -> None:
    """Print a line for each scheme, length and share."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--tokens", type=int, nargs="+", default=[2_000, 8_000])
    parser.add_argument("--shares", type=float, nargs="+", default=[0.05, 0.1, 0.2, 0.5, 1.0])
    parser.add_argument("--schemes", nargs="+", choices=SCHEMES, default=list(SCHEMES))
    given = parser.parse_args()
    for name in given.schemes:
        scheme = SCHEMES[name]
        for tokens in given.tokens:
            whole = marked(scheme, windows(scheme, tokens, 0, 1.0), KEY)
            expected = scheme.expected()
            variance = expected * (1 - expected) if expected < 1 else 1.0
            line = (smallest_share(scheme, whole.windows, variance) - expected) / (whole.mean - expected)
            print(f"{name}, {tokens:,} tokens: half of all cases at a share of {line:.2f}, says the power line")
            for share in given.shares:
                found = [marked(scheme, windows(scheme, tokens, 1 + run, share), KEY) for run in range(given.runs)]
                hits = sum(one.below or (one.p is not None and one.p < FOUND) for one in found)
                mean = sum(one.windows for one in found) / len(found)
                print(f"  {share:.2f} marked: found in {hits} of {given.runs} (mean of {mean:,.0f} windows)")


if __name__ == "__main__":
    main()
