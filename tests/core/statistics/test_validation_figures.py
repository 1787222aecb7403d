"""The figures of the validation protocol against plain definitions on invented panels."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from tests.core.statistics.scored_pairs import pair, panel
from workbench.core.statistics.lr_metrics import auc, cllr, cllr_min, equal_error_rate
from workbench.core.statistics.no_text_baseline import PairFacts as Known
from workbench.core.statistics.no_text_baseline import no_text_scores
from workbench.core.statistics.validation_figures import (
    ENTRIES,
    ScoredPair,
    figures,
    is_source,
    negatives,
    positives,
    rankings,
)

KEYS = {
    *("n_pairs", "n_positive", "n_suspects", "n_families", "auc", "auc_siblings", "auc_within_family", "auc_no_text"),
    *("eer", "cllr", "cllr_min", "neg_lr_gt_1", "neg_lr_ge_10", "neg_lr_gt_10", "neg_lr_gt_100", "pos_lr_lt_1"),
    *("top1", "top1_siblings", "top1_n"),
}


def lrs(pairs: list[ScoredPair], *, capped: bool) -> np.ndarray:
    return np.array([p.log10_lr if capped else p.log10_lr_uncapped for p in pairs], float)


def test_every_figure_is_there_and_each_has_an_interval() -> None:
    found = figures(panel(1), 7, 50)
    assert tuple(found) == ENTRIES
    for entry in found.values():
        assert {*entry} == KEYS | {"interval"}
        assert {*entry["interval"]} == KEYS
        for key in KEYS:
            low, high = entry["interval"][key]
            assert low <= high
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("entry", ENTRIES)
def test_figures_are_those_of_the_pairs(entry: str) -> None:
    pairs = panel(2, true=0.5, false=-0.5, spread=1.2)
    found = figures(pairs, 7, 0)[entry]
    true, false = positives(pairs, entry), negatives(pairs)
    siblings = [p for p in pairs if p.excluded == "sibling"]
    assert (found["n_pairs"], found["n_positive"]) == (len(true) + len(false), len(true))
    assert (found["n_suspects"], found["n_families"]) == (30, 5)
    free1, free2 = lrs(true, capped=False), lrs(false, capped=False)
    held1, held2 = lrs(true, capped=True), lrs(false, capped=True)
    assert found["auc"] == pytest.approx(auc(free1, free2))
    assert found["auc_siblings"] == pytest.approx(auc(free1, np.r_[free2, lrs(siblings, capped=False)]))
    assert found["eer"] == pytest.approx(equal_error_rate(free1, free2))
    assert found["cllr"] == pytest.approx(cllr(held1, held2))
    assert found["cllr_min"] == pytest.approx(cllr_min(held1, held2))
    assert found["neg_lr_gt_1"] == (held2 > 0).sum()
    assert found["neg_lr_gt_10"] == (held2 > 1).sum()
    assert found["pos_lr_lt_1"] == pytest.approx((held1 < 0).mean())
    assert found["interval"]["auc"] is None, "without replicates there is no interval"


def test_within_family_a_constant_for_the_family_is_worth_nothing() -> None:
    pairs = panel(3)
    lifted = [
        pair(
            p.suspect,
            p.family,
            p.log10_lr_uncapped + 40 * int(p.family[1]),
            cap=999.0,
            **_kind(p),
        )
        for p in pairs
    ]
    plain, moved = figures(pairs, 7, 0)["all"], figures(lifted, 7, 0)["all"]
    assert moved["auc_within_family"] == pytest.approx(plain["auc_within_family"])
    assert moved["auc"] < plain["auc"] - 0.1


def test_within_family_weights_by_positives_and_needs_five_negatives() -> None:
    def family(name: str, true: list[float], false: list[float]) -> list[ScoredPair]:
        made = [pair(f"{name}-t{k}", name, lr, relation="distilled", positive=True) for k, lr in enumerate(true)]
        return made + [pair(f"{name}-f{k}", name, lr) for k, lr in enumerate(false)]

    good = family("good", [2.0, 2.0, 2.0], [0.0] * 5)
    bad = family("bad", [-2.0], [0.0] * 5)
    small = family("small", [-2.0] * 4, [0.0] * 4)
    assert figures(good + bad + small, 7, 0)["all"]["auc_within_family"] == pytest.approx(0.75)
    assert figures(small, 7, 0)["all"]["auc_within_family"] is None


def test_top_one_needs_a_source_alone_on_top() -> None:
    source = {"relation": "distilled", "positive": True}
    sibling = {"excluded": "sibling"}
    pairs = [
        # Behind the cap the source is higher: the order is that before the cap.
        *(pair("a", "f1", 5.0, **source), pair("a", "f2", 4.0)),
        *(pair("b", "f1", 1.0, **source), pair("b", "f2", 1.0)),
        *(pair("c", "f1", 1.0, **source), pair("c", "f2", 0.5), pair("c", "f3", 2.0, **sibling)),
        # Another source on top is a source, and one that was reached through others is no candidate.
        *(pair("d", "f1", 1.0, **source), pair("d", "f2", 2.0, relation="derived", positive=True)),
        pair("d", "f3", 9.0, excluded="other source"),
        pair("e", "f1", 3.0),
    ]
    found = figures(pairs, 7, 0)
    assert (found["distilled"]["top1"], found["distilled"]["top1_n"]) == (0.75, 4)
    assert found["distilled"]["top1_siblings"] == 0.5
    assert (found["derived"]["top1"], found["derived"]["top1_n"]) == (1.0, 1)
    assert found["relay"]["top1"] is None
    ranked = dict(rankings(pairs, with_siblings=True))
    assert [p.family for p in ranked["c"]] == ["f3", "f1", "f2"]
    assert not is_source(ranked["b"])


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [pair("a", "f1", 1.0)],
        [pair("a", "f1", 1.0, relation="relay", positive=True)],
        [pair("a", "f1", 1.0, excluded="sibling"), pair("a", "f2", 0.5, excluded="other source")],
        [pair("a", "f1", 0.0, relation="relay", positive=True), pair("b", "f1", 0.0, released=None, developer=None)],
    ],
)
def test_what_is_undefined_is_none_and_never_nan(pairs: list[ScoredPair]) -> None:
    found = figures(pairs, 7, 20)
    json.dumps(found, allow_nan=False)
    for entry in found.values():
        if not entry["n_positive"] or entry["n_positive"] == entry["n_pairs"]:
            assert entry["auc"] is entry["cllr"] is entry["cllr_min"] is entry["eer"] is None
            assert entry["interval"]["cllr"] is None


def test_the_seed_decides_and_resampling_keeps_a_suspects_pairs_together() -> None:
    pairs = panel(4, spread=0.2, shared=1.0)
    first, again, other = figures(pairs, 7, 200), figures(pairs, 7, 200), figures(pairs, 8, 200)
    assert first == again
    assert first["all"]["interval"]["cllr"] != other["all"]["interval"]["cllr"]
    apart = [pair(f"{p.suspect}-{p.family}", p.family, p.log10_lr_uncapped, **_kind(p)) for p in pairs]
    width = np.ptp(first["all"]["interval"]["neg_lr_gt_1"])
    assert width > 1.25 * np.ptp(figures(apart, 7, 200)["all"]["interval"]["neg_lr_gt_1"])


def _kind(p: ScoredPair) -> dict[str, object]:
    return {"relation": p.relation, "positive": p.positive, "excluded": p.excluded}


@pytest.mark.slow
def test_intervals_cover_the_true_cost_when_suspects_differ() -> None:
    """In simulated panels whose suspects share a shift, the 95 % interval holds the long-run Cllr about as often."""
    many = panel(99, suspects=6000, shared=0.4)
    truth = cllr(lrs(positives(many), capped=True), lrs(negatives(many), capped=True))
    held = 0
    for seed in range(60):
        low, high = figures(panel(seed, shared=0.4), seed, 100)["all"]["interval"]["cllr"]
        held += low <= truth <= high
    # Fewer than 51 of 60 has a chance of 0.2 % at a coverage of 95 %.
    assert held >= 51


def test_no_text_rule_finds_a_pattern_of_maker_and_date_and_nothing_else() -> None:
    chance = np.random.default_rng(8)
    pairs = []
    for number, maker in product(range(40), ("Orakel", "Sibyl")):
        early = number % 2 == 0
        pairs.append(
            pair(
                f"s{number}",
                maker,
                float(chance.normal()),
                relation="distilled",
                positive=early and maker == "Orakel",
                developer=maker,
                released="2023-02" if early else "2024-09",
                group=(f"g{number}",),
            )
        )
    assert figures(pairs, 7, 0)["all"]["auc_no_text"] == 1.0
    assert figures(pairs, 7, 0)["all"]["auc"] < 0.8


def test_no_text_rule_learns_nothing_from_its_own_group() -> None:
    """With every suspect in one group there is nobody to learn from: all pairs get the same value."""
    facts = [Known(f"s{k}", ("line",), "Orakel" if k % 2 else "Sibyl", 24_000.0 + k, k % 2 == 0) for k in range(8)]
    assert np.ptp(no_text_scores(facts)) == 0
    alone = [Known(f.suspect, (f.suspect,), f.developer, f.month, f.positive) for f in facts]
    assert np.ptp(no_text_scores(alone)) > 0.3
    undated = [Known(f.suspect, (f.suspect,), f.developer, None, f.positive) for f in facts]
    assert np.isfinite(no_text_scores(undated)).all()
    assert no_text_scores([]).size == 0


def test_pairs_as_json() -> None:
    told = pair("a", "f1", 3.0, excluded="sibling").as_json()
    assert told == {
        "suspect": "a",
        "family": "f1",
        "relation": "none",
        "positive": False,
        "excluded": "sibling",
        "log10_lr": 2.0,
        "log10_lr_uncapped": 3.0,
    }
    assert pair("a", "f1", 3.0).as_json()["excluded"] is None
