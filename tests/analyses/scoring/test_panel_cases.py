"""Cases of known truth: which there are, that they are the same for one seed, and who counts as a relative."""

from __future__ import annotations

import numpy as np
import pytest

from tests.analyses.known_truth import panel
from workbench.analyses.scoring import panel_cases
from workbench.analyses.scoring.held_out import SEED, groups_left_out, known_truth, panel_left_out
from workbench.analyses.scoring.panel_cases import (
    Episode,
    TruthPanel,
    groups,
    relatives,
    rows_of,
    smaller,
    surroundings,
    whole,
    year_of,
)
from workbench.core.model import Facts
from workbench.core.panel import Panel
from workbench.core.progress import silent
from workbench.core.statistics.fitted_calibration import ANY, ENVELOPE
from workbench.core.statistics.lr_metrics import cllr


@pytest.fixture(scope="module")
def case() -> Episode:
    return whole(panel(), silent)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel_cases, "SUBPANELS", 12)


def test_a_whole_panel_has_every_pair_of_the_protocol(case: Episode) -> None:
    assert {one.pair for one in case.pairs} == set(Panel(panel().facts).pairs())
    assert case.unscored == {}


def test_smaller_panels_are_parts_of_it_with_their_own_controls() -> None:
    material = panel()
    case = smaller(material, 7, silent)
    known = set(Panel(material.facts).pairs())
    assert case.pairs
    assert {(one.pair.suspect, one.pair.family) for one in case.pairs} <= {(p.suspect, p.family) for p in known}
    assert max(one.score.controls for one in case.pairs) < len(material.facts) - 2
    assert len({one.score.controls for one in case.pairs}) > 2
    assert any(one.pair.positive for one in case.pairs)


def test_one_seed_gives_one_set_of_cases_and_another_another() -> None:
    one, again, other = (rows_of(smaller(panel(), seed, silent), 0, small=True) for seed in (7, 7, 8))
    assert np.array_equal(one.design, again.design)
    assert one.suspects.tolist() == again.suspects.tolist()
    assert one.suspects.tolist() != other.suspects.tolist()


def test_the_score_tells_students_from_the_others(case: Episode) -> None:
    rows = rows_of(case, 0, small=False)
    true = rows.relations != ""
    assert rows.design[true, 0].min() > np.quantile(rows.design[~true, 0], 0.95)


def test_a_control_that_answered_little_is_none(case: Episode) -> None:
    material = panel()
    material.found.present[10:, -1] = False
    found = whole(material, silent)
    silent_one = material.found.models[-1]
    assert silent_one not in {one.pair.suspect for one in found.pairs}
    assert found.unscored["too few prompts"] == len(list(Panel(material.facts).pairs(silent_one)))
    counts = {one.pair: one.score.controls for one in case.pairs}
    assert all(one.score.controls == counts[one.pair] - 1 for one in found.pairs)


def _several(count: int = 3) -> list[TruthPanel]:
    return [panel(seed, share=0.7) for seed in range(count)]


def test_a_panel_that_is_left_out_has_no_say_in_its_own_weights_and_bounds() -> None:
    """What is found of a panel can be anything: weights and bounds for it stay the same to the last bit."""
    panels = _several()
    known = known_truth(panels, silent)
    other = known_truth([panel(9, share=0.0), *panels[1:]], silent)
    one, changed = (panel_left_out(some, 0, (ANY,)) for some in (known, other))
    assert one.bounds == changed.bounds
    assert one.plain != changed.plain
    swapped = known_truth([panels[1], panel(9, share=0.0), panels[2]], silent)
    assert panel_left_out(swapped, 0, (ANY,)).bounds != panel_left_out(known, 1, (ANY,)).bounds


def test_suspects_of_a_panel_that_was_left_out_are_told_apart() -> None:
    known = known_truth(_several(), silent)
    found = [one for number in range(3) for one in panel_left_out(known, number, (ANY,)).plain]
    true = np.array([one.log10_lrs[ANY] for one in found if one.pair.positive])
    false = np.array([one.log10_lrs[ANY] for one in found if not one.pair.positive and not one.pair.excluded])
    assert cllr(true, false) < 0.5
    assert np.median(true) > 0 > np.median(false)


def test_every_suspect_is_left_out_with_all_its_relatives() -> None:
    known = known_truth([panel(share=0.7)], silent)
    folds = groups_left_out(known, 0, (ANY,))
    scored = [(one.pair.suspect, one.pair.family) for fold in folds for one in fold.plain]
    assert sorted(scored) == sorted((p.suspect, p.family) for p in Panel(panel().facts).pairs())
    for fold in folds:
        suspects = {one.pair.suspect for one in fold.plain}
        assert all(relatives(known.facts, name) >= suspects for name in suspects)


def test_a_maker_that_is_left_out_lends_no_true_pair() -> None:
    known = known_truth([panel(share=0.7)], silent)
    for fold in groups_left_out(known, 0, (ANY,), makers=True):
        plain = {(one.pair.suspect, one.pair.family): one.log10_lrs for one in fold.plain}
        without = {(one.pair.suspect, one.pair.family): one.log10_lrs for one in fold.makers}
        assert plain.keys() == without.keys()
        assert all(plain[key] != without[key] for key in plain)


def test_smaller_panels_are_drawn_by_a_fixed_seed() -> None:
    known = known_truth([panel()], silent)
    again = smaller(panel(), SEED, silent)
    assert [one.pair for one in known.small[0].pairs] == [one.pair for one in again.pairs]


def test_relatives_of_relatives_are_one_group_but_only_relatives_are_left_out() -> None:
    facts = {
        "a": Facts(group=("x",)),
        "b": Facts(group=("x", "y")),
        "c": Facts(group=("y",)),
        "d": Facts(group=("z",)),
        "e": Facts(),
    }
    number = groups(facts)
    assert number["a"] == number["b"] == number["c"]
    assert len(set(number.values())) == 3
    assert relatives(facts, "a") == {"a", "b"}
    assert relatives(facts, "e") == {"e"}


def test_the_surroundings_cover_every_key_of_the_envelope() -> None:
    found = surroundings(panel())
    assert tuple(found) == ENVELOPE
    assert all(low <= high for low, high in found.values())
    assert found["prompts"] == (40, 40)
    assert found["released"] == (pytest.approx(2023 + 0.5 / 12), pytest.approx(2023 + 5.5 / 12))


def test_a_year_alone_is_its_middle() -> None:
    assert year_of("2023") == 2023.5
    assert year_of("2023-12") == pytest.approx(2023 + 11.5 / 12)
