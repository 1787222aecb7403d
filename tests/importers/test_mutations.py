"""Damaged files of every format and container: no crash, no hang, and every record accounted for.

`tests/benchmarks/mutations.py` runs the same with as many files as one likes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers import damages
from tests.importers.campaign import CONTAINER_KINDS, KINDS, TEXT_KINDS, damaged, run
from tests.importers.chat_records import SESSIONS
from workbench.importers.choose import IMPORTERS

SEED = 1
COUNT = 40


def numbers_of(key: str) -> range:
    """Other files of each kind, so that together they have every damage."""
    start = sorted(KINDS).index(key) * COUNT
    return range(start, start + COUNT)


@pytest.mark.parametrize("key", sorted(KINDS))
def test_damaged_files_are_accounted_for(key: str, tmp_path: Path) -> None:
    figures = run(key, SEED, numbers_of(key), tmp_path)
    assert not figures.failures
    assert (figures.files, figures.read + figures.refused) == (COUNT, COUNT)
    assert figures.accepted
    assert figures.rejected
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("key", sorted(KINDS))
def test_every_damage_of_every_kind_is_accounted_for(key: str, tmp_path: Path) -> None:
    figures = run(key, SEED, range(300), tmp_path)
    assert not figures.failures
    assert (figures.files, figures.read + figures.refused) == (300, 300)
    assert figures.accepted
    assert figures.rejected
    assert figures.refused or key in SESSIONS  # of lines as they come hardly any file is refused as a whole
    if key in TEXT_KINDS:
        assert set(figures.damages) == damages.NAMES


def test_every_damage_has_its_turn() -> None:
    seen = {name for key in TEXT_KINDS for number in numbers_of(key) for name in damaged(key, SEED, number)[1]}
    assert seen == damages.NAMES


@pytest.mark.parametrize("key", sorted(KINDS))
def test_a_damaged_file_is_made_again_by_its_number(key: str) -> None:
    numbers = [0, 3, 11, 90]
    first = [damaged(key, 5, number)[0] for number in numbers]
    assert [damaged(key, 5, number)[0] for number in reversed(numbers)] == first[::-1]
    assert [damaged(key, 6, number)[0] for number in numbers] != first


def test_a_failure_is_told_with_its_number_and_its_bytes_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("tests.importers.accounting.in_order", broken)
    figures = run("fastchat", SEED, range(4, 5), tmp_path)
    assert "fastchat, seed 1, number 4" in figures.failures[0]
    assert "a fault of ours" in figures.failures[0]
    assert (tmp_path / "fastchat-1-4").read_bytes() == damaged("fastchat", SEED, 4)[0]


def test_every_importer_is_mutated() -> None:
    assert {importer.key for importer in IMPORTERS} <= set(KINDS)
    assert {"gzip", "zstd", "zip"} <= set(CONTAINER_KINDS)
