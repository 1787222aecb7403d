"""`closest_source` and `weigh` written again from method.md alone, in plain numpy; nothing of the program is used.

It reads an unpacked pack: the answers, and what the findings say of who takes part. All numbers and lists of words come
from the list at the end of method.md.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np


class Pack:
    """The answers of a pack by corpus and prompt, its findings, and the constants of its method.md."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        text = (folder / "data/05_analysis/method.md").read_text("utf-8")
        self.c: dict[str, Any] = json.loads(text.split("```json\n")[1].split("```")[0])
        self.closed, self.each = set(self.c["CLOSED"]), self.c["EACH"]
        self.results = json.loads((folder / "data/05_analysis/results.json").read_text("utf-8"))["findings"]
        self.answers: dict[str, dict[str, list[str]]] = {}
        for path in sorted((folder / "data/04_data/normalised").glob("*.jsonl")):
            for line in path.read_text("utf-8").split("\n")[:-1]:
                one = json.loads(line)
                if one["prompt_sha256"] and one["response"].strip():
                    self.answers.setdefault(one["model"], {}).setdefault(one["prompt_sha256"], []).append(
                        one["response"]
                    )
        self._vectors: dict[tuple[str, str, str], list[Counter[Any]]] = {}

    def finding(self, analysis: str) -> dict[str, Any]:
        """The first finding of an analysis."""
        return next(item["finding"] for item in self.results if item["finding"]["analysis"] == analysis)

    def table(self, analysis: str, name: str) -> list[dict[str, Any]]:
        """The rows of a table of that finding."""
        item = next(item for item in self.results if item["finding"]["analysis"] == analysis)
        table = json.loads((self.folder / f"{item['tables'][name]}.json").read_text("utf-8"))
        names = [column["name"] for column in table["columns"]]
        return [dict(zip(names, row, strict=True)) for row in table["rows"]]

    def parts(self, analysis: str) -> tuple[str, list[str], list[str]]:
        """Suspect, members and controls of a finding."""
        by_role: dict[str, list[str]] = {}
        for one in self.finding(analysis)["inputs"]:
            by_role.setdefault(one["role"], []).append(one["corpus"])
        return by_role["suspect"][0], by_role["protected"], by_role["control"]

    # 2. Tokens

    def kind(self, character: str) -> str:
        point, category = ord(character), unicodedata.category(character)
        if point in (0x0A, 0x2028, 0x2029):
            return "newline"
        if any(low <= point <= high for low, high in self.each):
            return "each"
        if category[0] in "ZC":
            return "space"
        if category in ("Lu", "Lt"):
            return "upper"
        if category[0] == "N":
            return "digit"
        return "lower" if category[0] in "LM" else "punctuation"

    def tokens(self, text: str) -> list[tuple[str, str, Any]]:
        """Class, text and shape of each token; a word has the class "word"."""
        text = unicodedata.normalize("NFC", text)
        found: list[tuple[str, str, Any]] = []
        word = ""
        for character in [*text, "\0"]:
            kind = self.kind(character)
            if kind in ("lower", "upper", "digit"):
                word += character
                continue
            if word:
                found.append(("word", word, (self.kind(word[0]), self.kind(word[-1]))))
                word = ""
            if kind != "space":
                found.append((kind, character, character))
        return found

    # 3. Views

    def features(self, view: str, text: str) -> Counter[Any]:
        if view == "characters":
            plain = " ".join(unicodedata.normalize("NFC", text).split())
            return Counter(plain[at : at + self.c["RUN"]] for at in range(len(plain) - self.c["RUN"] + 1))
        every = self.tokens(text)
        lexical = [token for token in every if token[0] != "newline"]
        lower = ["".join(c.lower() if len(c.lower()) == 1 else c for c in token[1]) for token in lexical]
        if view == "words":
            return runs([low for low, token in zip(lower, lexical, strict=True) if token[0] != "punctuation"], 1, 3)
        if view == "cased":
            return runs([token[1] for token in lexical], 2, 4)
        if view == "layout":
            return runs([token[2] for token in every], 1, 4)
        if view == "openings":
            return runs(lower[: self.c["EDGE"]], 1, 3)
        if view == "endings":
            ended = lexical and lexical[-1][0] == "punctuation" and lexical[-1][1] not in self.c["CONTINUING"]
            return runs(lower[-self.c["EDGE"] :], 1, 3) if ended else Counter()
        return runs([low for low in lower if low in self.closed], 1, 2)

    def weights(self, view: str, text: str) -> dict[Any, int]:
        scale, most = self.c["SCALE"], self.c["MOST_COUNT"]
        return {f: round(scale * (1 + math.log(min(n, most)))) for f, n in self.features(view, text).items()}

    def similarities(self, view: str, models: list[str], prompts: list[str]) -> np.ndarray:
        """(prompts, models, models), as 32-bit numbers."""
        out = np.zeros((len(prompts), len(models), len(models)), dtype=np.float32)
        for at, prompt in enumerate(prompts):
            held = [self.answers[model].get(prompt, []) for model in models]
            assert all(len(one) <= 1 for one in held), "this script reads one answer a prompt"
            vectors = [self.weights(view, one[0]) if one else {} for one in held]
            squares = [sum(w * w for w in vector.values()) for vector in vectors]
            for i, j in combinations(range(len(models)), 2):
                if squares[i] and squares[j]:
                    product = sum(w * vectors[j].get(f, 0) for f, w in vectors[i].items())
                    out[at, i, j] = out[at, j, i] = product / math.sqrt(squares[i] * squares[j])
            for i, square in enumerate(squares):
                out[at, i, i] = 1.0 if square else 0.0
        return out


def runs(tokens: list[Any], low: int, high: int) -> Counter[Any]:
    return Counter((n, *tokens[at : at + n]) for n in range(low, high + 1) for at in range(len(tokens) - n + 1))


def mad(values: np.ndarray) -> float:
    return float(np.median(np.abs(values - np.median(values))))


# 4. closest_source


class Closest:
    """The statistics of the seats; members come after the seats in every array."""

    def __init__(self, pack: Pack) -> None:
        self.c = pack.c
        finding = pack.finding("closest_source")
        self.settings = finding["parameters"]
        self.seed = int(finding["seed"])
        suspect, members, controls = pack.parts("closest_source")
        self.seats, self.members = [suspect, *controls], members
        models = [*self.seats, *members]
        self.prompts = sorted(set.intersection(*(set(pack.answers[model]) for model in models)))
        self.views = []
        for name in self.c["VIEWS"]:
            plain = pack.similarities(name, models, self.prompts).astype(np.float64)
            has = np.diagonal(plain, axis1=1, axis2=2) > self.c["PRESENT"]
            self.views += [(name, plain, has), (f"{name} less consensus", *self.twin(plain, has))]
        even = np.ones(len(self.prompts))
        self.views = [view for view in self.views if self.in_use(view, even)]
        every = list(range(len(self.seats)))
        self.least = {
            view[0]: {k: self.c["FLOOR"] * v[1] for k, v in self.spread(self.means(view, even), every).items()}
            for view in self.views
        }

    def twin(self, plain: np.ndarray, has: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        seats, out, keeps = len(self.seats), np.zeros_like(plain), np.zeros_like(has)
        for at, (s, present) in enumerate(zip(plain, has, strict=True)):
            sitting = np.flatnonzero(present[:seats])
            r = s[:, sitting].mean(axis=1)
            t = s - r[:, None] - r[None, :] + r[sitting].mean()
            keeps[at] = present & (np.diagonal(t) > self.c["NO_DIRECTION"])
            keep = np.flatnonzero(keeps[at])
            scale = np.sqrt(np.diagonal(t)[keep])
            out[at][np.ix_(keep, keep)] = t[np.ix_(keep, keep)] / scale[:, None] / scale[None, :]
        return out, keeps

    def means(self, view: tuple[str, np.ndarray, np.ndarray], weights: np.ndarray) -> np.ndarray:
        _, s, has = view
        both = np.einsum("p,pi,pj->ij", weights, has * 1.0, has * 1.0)
        return np.einsum("p,pij->ij", weights, s * has[:, :, None] * has[:, None, :]) / np.maximum(both, 1e-12)

    def spread(self, means: np.ndarray, seats: list[int]) -> dict[Any, tuple[float, float]]:
        """Median and MAD of the seat's own similarities, and of each member's with the other seats."""
        found: dict[Any, tuple[float, float]] = {}
        for a in seats:
            others = [b for b in seats if b != a]
            for m in (None, *range(len(self.members))):
                row = means[a if m is None else len(self.seats) + m, others]
                found[m, a] = float(np.median(row)), mad(row)
        return found

    def in_use(self, view: tuple[str, np.ndarray, np.ndarray], even: np.ndarray) -> bool:
        has = view[2] * 1.0
        both = has.T @ has
        count = len(self.seats)
        pairs = both[:, :count][~np.eye(len(both), count, dtype=bool)]
        spread = self.spread(self.means(view, even), list(range(count)))
        return pairs.min() >= self.c["MIN_PROMPTS"] and min(m for _, m in spread.values()) > self.c["NO_SPREAD"]

    def statistics(self, weights: np.ndarray, gone: int | None = None, *, floors: bool = False) -> np.ndarray:
        """The statistic of each seat; NaN for one that is left out."""
        seats = [a for a in range(len(self.seats)) if a != gone]
        total = np.zeros((len(self.members), len(self.seats)))
        for view in self.views:
            means = self.means(view, weights)
            spread = self.spread(means, seats)
            least = self.least[view[0]] if floors else {}
            for m in range(len(self.members)):
                for a in seats:
                    f = means[len(self.seats) + m, a]
                    for key in ((None, a), (m, a)):
                        centre, width = spread[key]
                        total[m, a] += (f - centre) / (self.c["NORMAL_MAD"] * max(width, least.get(key, 0.0)))
        total /= 2 * len(self.views)
        total[:, [a for a in range(len(self.seats)) if a not in seats]] = np.nan
        return total.max(axis=0)

    def drawn(self, replicates: int) -> np.ndarray:
        """The first so many rows of prompt weights."""
        size = (self.settings["replicates"], len(self.prompts))
        rows = np.random.default_rng(self.seed).integers(0, len(self.prompts), size=size)[:replicates]
        return np.array([np.bincount(row, minlength=len(self.prompts)) for row in rows], dtype=np.float64)


# 5. weigh


class Weigh:
    """The uncapped log10 LR, its two scores, and the ceiling of the controls."""

    def __init__(self, pack: Pack) -> None:
        c = self.c = pack.c
        self.suspect, members, controls = pack.parts("weigh")
        models = [self.suspect, *members, *controls]
        prompts = sorted(
            p for p in pack.answers[self.suspect] if self.tokens(pack, self.suspect, p) >= c["LEAST_TOKENS"]
        )
        counts = np.array([[self.tokens(pack, m, p) >= c["LEAST_TOKENS"] for m in models] for p in prompts])
        names = [*c["VIEWS"], "characters"]
        kernel = {}
        in_use = {}
        for view in names:
            s = pack.similarities(view, models, prompts).astype(np.float64)
            has = (np.diagonal(s, axis1=1, axis2=2) > c["PRESENT"]) & counts
            both = np.einsum("pi,pj->ij", has * 1.0, has * 1.0)
            kernel[view] = np.einsum("pij->ij", s * has[:, :, None] * has[:, None, :]) / np.maximum(both, 1e-12)
            np.fill_diagonal(kernel[view], 1.0)
            in_use[view] = has.sum() > c["PRESENT"] * counts.sum()
        shared = (counts * 1.0).T @ (counts * 1.0)
        most = max(shared[0, 1 : 1 + len(members)])
        seated = [
            1 + len(members) + at
            for at in range(len(controls))
            if shared[0, 1 + len(members) + at] >= c["COVERAGE"] * most
        ]
        self.m = len(seated)
        self.scores = []
        for member in range(1, 1 + len(members)):
            places = [0, member, *seated]
            k = {view: kernel[view][np.ix_(places, places)] for view in names}
            self.scores.append((*self.score(k, in_use), shared[0, member]))
        self.partial, self.lead, self.n = max(self.scores)
        self.close = kernel["characters"][np.ix_(seated, seated)] >= c["COPY"]
        self.controls = [models[place] for place in seated]

    @staticmethod
    def tokens(pack: Pack, model: str, prompt: str) -> int:
        held = pack.answers[model].get(prompt)
        return sum(token[0] != "newline" for token in pack.tokens(held[0])) if held else 0

    def score(self, k: dict[str, np.ndarray], in_use: dict[str, bool]) -> tuple[float, float]:
        c, m = self.c, self.m
        statistic, own, among = [], [], []
        for view in [view for view in c["STYLE"] if in_use[view]]:
            between = k[view][2:, 2:]
            r = (between.sum() - m) / (m * (m - 1))
            whole = k[view] + c["RIDGE"] * np.eye(m + 2)
            statistic.append(partials(whole)[0, 1] - r / (1 + m * r))
            keep = [0, *range(2, m + 2)]
            own.append(partials(whole[np.ix_(keep, keep)])[0, 1:] - r / (1 + (m - 1) * r))
            among.append(partials(whole[2:, 2:])[np.triu_indices(m, 1)] - r / (1 + (m - 2) * r))
        mine, others = np.median(own, axis=0), np.median(among, axis=0)
        scale = math.sqrt((m * half(mine) ** 2 + c["PLACEBOS"] * half(others) ** 2) / (m + c["PLACEBOS"]))
        partial = (np.median(statistic) - np.median(mine)) / max(scale, c["LEAST_SCALE"])
        leads = [self.lead_of([k[view] for view in views]) for views in self.sets(in_use)]
        return float(partial), float(np.mean(leads))

    def sets(self, in_use: dict[str, bool]) -> list[list[str]]:
        both = [[view for view in self.c["VIEWS"] if in_use[view]], [v for v in ["characters"] if in_use[v]]]
        return [views for views in both if views]

    def lead_of(self, kernels: list[np.ndarray]) -> float:
        m, near, among = self.m, [], []
        for k in kernels:
            between = k[2:, 2:]
            r = (between.sum() - m) / (m * (m - 1))
            room = max(1 - r, self.c["LEAST_ROOM"])
            near.append((k[0, 1:] - r) / room)
            among.append((between - r) / room)
        close, among_ = np.median(near, axis=0), np.median(among, axis=0)
        leads = [
            among_[i, j] - max(among_[i, x] for x in range(m) if x not in (i, j))
            for i in range(m)
            for j in range(m)
            if i != j
        ]
        ahead = close[0] - close[1:].max()
        return float((ahead - np.median(leads)) / max(half(np.array(leads)), self.c["LEAST_SCALE"]))

    def log10_lr(self, weights: list[float]) -> float:
        c = self.c
        size = math.log(min(self.m, c["MOST"]) / c["USUAL"])
        long = math.log(min(max(self.n, c["PROMPTS"][0]), c["PROMPTS"][1]) / c["USUAL_PROMPTS"])
        partial = math.asinh(self.partial)
        s = float(np.dot(weights[:-1], [partial, self.lead, size, long, partial * long]))
        return (s + weights[-1]) / math.sqrt(1 + math.pi * (c["TAU"] ** 2 + (c["OMEGA"] * s) ** 2) / 8) / math.log(10)


def half(values: np.ndarray) -> float:
    low, high = np.quantile(values, (0.16, 0.84))
    return float((high - low) / 2)


def partials(covariance: np.ndarray) -> np.ndarray:
    precision = np.linalg.inv(covariance)
    scales = np.sqrt(np.maximum(np.diagonal(precision), 1e-12))
    return np.clip(-precision / scales[:, None] / scales[None, :], -1, 1)
