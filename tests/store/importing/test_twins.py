"""One record is one record, whether its prompt is known already or comes later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.making import answer, bring, new_case
from workbench.core.model import Response
from workbench.core.surroundings import Conditions
from workbench.store import Case, Joining
from workbench.store.importing import left_out_duplicates

PAIRS = [(f"k{n}", f"Question {n}?") for n in range(6)]


@pytest.fixture
def case(tmp_path: Path, conditions: Conditions) -> Iterator[Case]:
    with new_case(tmp_path, conditions) as made:
        yield made


def records(asked: bool, *, model: str | None = "ada", prompts: str = "Question") -> list[Response]:
    """Six records with their prompts, or known by their keys alone."""
    return [
        answer(
            f"Answer {n}.", f"{prompts} {n}?" if asked else None, index=n, key=f"k{n}", record=f"r{n % 2}", model=model
        )
        for n in range(6)
    ]


def counted(case: Case) -> tuple[int, int, int, int]:
    """Accepted, duplicate, prompts and unjoined of the one corpus."""
    (row,) = case.catalogue()
    assert case.verify() == []
    return row.accepted, row.duplicate, row.prompts, row.unjoined


def joined(case: Case, folder: Path, pairs: list[tuple[str, str]]) -> Joining:
    """What a file of these prompts comes to."""
    path = folder / "prompts"
    path.write_text(repr(pairs))
    return case.add_prompts(case.take(path), "ada", pairs)


def test_first_with_prompts_and_then_without(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, records(True), "one")
    digest = case.corpora()[0].sha256
    bring(case, tmp_path, records(False), "two")
    assert counted(case) == (6, 6, 6, 0)
    assert joined(case, tmp_path, PAIRS) == Joining(0, 0, 0)
    assert case.corpora()[0].sha256 == digest


def test_first_without_prompts_and_then_with_them(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, records(False), "one")
    bring(case, tmp_path, records(True), "two")
    assert counted(case) == (6, 6, 0, 6)
    assert joined(case, tmp_path, PAIRS) == Joining(6, 0, 0)
    assert counted(case) == (6, 6, 6, 0)


@pytest.mark.parametrize("asked", [True, False])
def test_again_after_the_prompts_were_joined(case: Case, tmp_path: Path, asked: bool) -> None:
    bring(case, tmp_path, records(False), "one")
    joined(case, tmp_path, PAIRS)
    bring(case, tmp_path, records(asked), "two")
    assert counted(case) == (6, 6, 6, 0)
    bring(case, tmp_path, records(not asked), "three")
    assert counted(case) == (6, 12, 6, 0)


@pytest.mark.parametrize("model", ["ada", None])
def test_both_in_one_file(case: Case, tmp_path: Path, model: str | None) -> None:
    bring(case, tmp_path, [*records(False, model=model), *records(True)], default="ada")
    accepted, duplicate, prompts, unjoined = counted(case)
    assert (accepted, duplicate) == (6, 6)
    assert prompts + unjoined == 6


def test_what_only_resembles_it_is_another_record(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, records(False), "one")
    joined(case, tmp_path, PAIRS)
    other = [
        answer("Answer 0.", "Another?", key="k0", record="r0"),
        answer("Answer 0.", "Question 0?", key="k0", record="r1"),
        answer("Answer 0.", "Question 0?", key="k0", record="r0", sample="2"),
        answer("Answer.", "Question 0?", key="k0", record="r0"),
        answer("Answer 0.", "Question 0?", record="r0"),
    ]
    bring(case, tmp_path, other, "two")
    assert counted(case) == (11, 0, 7, 0)
    bring(case, tmp_path, [item._replace(prompt=None) for item in other[:4]], "three")
    assert counted(case)[:2] == (11, 4)


def test_prompts_that_say_otherwise_change_nothing(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, records(True)[:4], "one")
    bring(case, tmp_path, records(False)[4:], "two")
    joined(case, tmp_path, PAIRS[:5])
    before = list(case.normalised("ada"))
    other = [("k0", "Otherwise?"), ("k1", "Question  1?"), ("k4", "Otherwise?"), ("zz", "Nobody asked?")]
    assert joined(case, tmp_path, other) == Joining(0, 0, 2)
    assert list(case.normalised("ada")) == before


def test_a_case_that_counted_a_record_twice_joins_it_once(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(case, tmp_path, records(True)[:3], "one")
    with monkeypatch.context() as patched:
        # As imports were before they compared records without their prompts.
        patched.setattr(left_out_duplicates, "_waiting", lambda store, parts: False)
        bring(case, tmp_path, records(False), "two")
    assert counted(case) == (9, 0, 3, 6)
    assert joined(case, tmp_path, PAIRS) == Joining(3, 3, 0)
    assert counted(case) == (9, 0, 6, 3)
    assert [len(own["ada"]) for block in case.blocks(["ada"]) for own in block.answers] == [1] * 6
