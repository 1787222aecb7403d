"""How many independent models some controls are: documents and near copies count, names do not."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.analyses.scoring.independent import COPY, copies, count, kin_of, most
from workbench.analyses.scoring.similarity import CHARACTERS, COMPUTED
from workbench.core.model import Facts, SourceModel

FACTS = {
    "a": Facts(family="f"),
    "b": Facts(family="f"),
    "c": Facts(sources=(SourceModel("b", "distilled"),)),
    "d": Facts(group=("tree",)),
    "e": Facts(group=("tree", "other")),
    "f": Facts(group=("other",)),
    "g": Facts(),
    "h": Facts(),
}


def test_family_group_and_source_make_relatives() -> None:
    kin = kin_of(FACTS, list(FACTS))
    at = {name: place for place, name in enumerate(FACTS)}
    assert (kin == kin.T).all()
    assert kin[at["a"], at["b"]]
    assert kin[at["b"], at["c"]]
    assert kin[at["d"], at["e"]]
    assert not kin[at["d"], at["f"]]
    assert not kin[at["g"], at["h"]]


def test_relatives_of_relatives_are_one_group_as_far_as_they_are_among_the_controls() -> None:
    kin = kin_of(FACTS, list(FACTS))
    assert count(kin, range(8)) == 4
    assert count(kin, [0, 2]) == 2
    assert count(kin, [3, 5, 6, 7]) == 4
    assert count(kin, []) == 0


def test_forty_near_copies_count_once() -> None:
    kernel = np.full((len(COMPUTED), 45, 45), 0.4)
    kernel[COMPUTED.index(CHARACTERS), :40, :40] = COPY
    assert count(copies(kernel), range(45)) == 6
    assert most(6) == pytest.approx(np.log10(7))


def test_no_control_bears_nothing() -> None:
    assert most(0) == 0.0
    assert [most(one) for one in range(1, 60)] == sorted(most(one) for one in range(1, 60))
