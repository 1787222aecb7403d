"""Cases of known truth: which there are, that they are the same for one seed, and who counts as a relative."""

from __future__ import annotations

import numpy as np
import pytest

from tests.analyses.known_truth import panel
from workbench.analyses.scoring import panel_cases
from workbench.analyses.scoring.panel_cases import (
    Episode,
    episodes,
    groups,
    joined,
    relatives,
    rows_of,
    surroundings,
    year_of,
)
from workbench.core.model import Facts
from workbench.core.panel import Panel
from workbench.core.progress import silent
from workbench.core.statistics.fitted_calibration import ENVELOPE


@pytest.fixture(scope="module")
def cases() -> list[Episode]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panel_cases, "SUBPANELS", 12)
        return list(episodes(panel(), 7, silent))


def test_the_first_case_is_the_whole_panel_and_the_rest_are_parts_of_it(cases: list[Episode]) -> None:
    models = frozenset(panel().facts)
    assert cases[0].models == models
    assert {one.pair for one in cases[0].pairs} == set(Panel(panel().facts).pairs())
    assert all(case.models < models for case in cases[1:])
    assert len({case.models for case in cases}) > 6


def test_one_seed_gives_one_set_of_cases_and_another_another(cases: list[Episode], monkeypatch) -> None:
    monkeypatch.setattr(panel_cases, "SUBPANELS", 12)
    again, other = (list(episodes(panel(), seed, silent)) for seed in (7, 8))
    assert [case.models for case in again] == [case.models for case in cases]
    assert np.array_equal(joined([rows_of(c) for c in again]).design, joined([rows_of(c) for c in cases]).design)
    assert [case.models for case in other] != [case.models for case in cases]


def test_the_score_tells_students_from_the_others(cases: list[Episode]) -> None:
    rows = rows_of(cases[0])
    true = rows.relations != ""
    assert rows.design[true, 0].min() > np.quantile(rows.design[~true, 0], 0.95)


def test_scores_do_not_depend_on_the_slab(cases: list[Episode], monkeypatch) -> None:
    monkeypatch.setattr(panel_cases, "_SLAB", 3)
    again = panel().ground().episode(frozenset(panel().facts))
    for one, other in zip(cases[0].pairs, again.pairs, strict=True):
        assert one.pair == other.pair
        np.testing.assert_allclose(one.score.partial, other.score.partial, rtol=1e-12)


def test_a_control_that_answered_little_is_none() -> None:
    material = panel()
    material.found.present[10:, -1] = False
    ground = material.ground()
    pairs = ground.scored(Panel(material.facts))
    suspects = {one.pair.suspect for one in pairs}
    assert material.found.models[-1] not in suspects
    assert max(one.score.controls for one in pairs) < max(
        one.score.controls for one in panel().ground().scored(Panel(material.facts))
    )


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
