"""Similarities of a case: the same from any number of workers, from the cache, and after damage."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.analyses.listed import Listed, listed, speakers
from workbench.analyses.closest_source.analysis import ClosestSource
from workbench.app import similarity_cache
from workbench.core.progress import silent
from workbench.core.selection import Block, Similarities


@pytest.fixture(scope="module")
def material() -> Listed:
    return listed(speakers(6, 33))


def make(
    material: Listed, cache: Path | None, *, workers: int = 1, key: str = "k", blocks: Iterator[Block] | None = None
) -> Similarities:
    everybody = [material.question.suspect, *material.question.protected, *material.question.controls]
    names = sorted(material.texts)
    given = material.blocks(everybody) if blocks is None else blocks
    return similarity_cache.similarities(given, names, 10, key, cache, workers, silent)


def same(one: Similarities, other: Similarities) -> bool:
    return (
        one.models == other.models
        and one.prompts == other.prompts
        and one.tokens is not None
        and other.tokens is not None
        and np.array_equal(one.tokens, other.tokens)
        and np.array_equal(one.present, other.present)
        and all(np.array_equal(one.values[v], other.values[v]) for v in one.values)
    )


def test_workers_do_not_change_a_bit(material: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    here = make(material, None)
    assert len(here.prompts) == 33
    monkeypatch.setattr(similarity_cache, "_SMALL", 0)
    assert same(make(material, None, workers=2), here)


def test_the_cache_answers_without_reading(material: Listed, tmp_path: Path) -> None:
    first = make(material, tmp_path)
    again = make(material, tmp_path, blocks=_untouchable())
    assert same(first, again)
    assert len(list(tmp_path.iterdir())) == 1
    findings = []
    for found in (first, again):
        selection = Listed(material.question, material.texts, _found=[found])
        findings.append(ClosestSource().run(selection, 1, silent).as_json(tables=True))
    assert findings[0] == findings[1]


def _untouchable() -> Iterator[Block]:
    raise AssertionError("the answers were read")
    yield


def test_other_answers_are_another_entry(material: Listed, tmp_path: Path) -> None:
    make(material, tmp_path)
    make(material, tmp_path, key="other")
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text", "folder"])
def test_a_damaged_cache_is_made_anew(material: Listed, tmp_path: Path, damage: str) -> None:
    first = make(material, tmp_path)
    (file,) = tmp_path.iterdir()
    data = bytearray(file.read_bytes())
    if damage == "cut":
        file.write_bytes(data[: len(data) // 2])
    elif damage == "flipped":
        data[len(data) // 2] ^= 0xFF
        file.write_bytes(data)
    elif damage == "folder":
        file.unlink()
        file.mkdir()
    else:
        file.write_bytes(b"" if damage == "empty" else b"no zip at all")
    assert same(make(material, tmp_path), first)


def test_a_cache_that_cannot_be_written_is_no_error(material: Listed, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    assert same(make(material, blocked / "views"), make(material, None))


def test_the_cache_is_bounded(material: Listed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(material, tmp_path, key="a")
    (first,) = tmp_path.iterdir()
    monkeypatch.setattr(similarity_cache, "CACHE_LIMIT", int(1.5 * first.stat().st_size))
    make(material, tmp_path, key="b")
    assert len(list(tmp_path.iterdir())) == 1
    assert not first.exists()


def test_cancel_stops_between_chunks_and_leaves_nothing(material: Listed, tmp_path: Path) -> None:
    def stop(fraction: float, note: str = "") -> None:
        raise InterruptedError

    names = sorted(material.texts)
    everybody = [material.question.suspect, *material.question.protected, *material.question.controls]
    with pytest.raises(InterruptedError):
        similarity_cache.similarities(material.blocks(everybody), names, 33, "k", tmp_path, 1, stop)
    assert not list(tmp_path.iterdir())


def test_no_block_at_all(tmp_path: Path) -> None:
    found = similarity_cache.similarities(iter(()), ["A", "B"], 0, "k", tmp_path, 2, silent)
    assert found.present.shape == (0, 2)
    assert same(similarity_cache.similarities(iter(()), ["A", "B"], 0, "k", tmp_path, 2, silent), found)


def test_what_killed_runs_left_goes(material: Listed, tmp_path: Path) -> None:
    old, new = tmp_path / ".old.part", tmp_path / ".new.part"
    for left in (old, new):
        left.write_bytes(b"half")
    os.utime(old, (0, 0))
    make(material, tmp_path)
    assert (old.exists(), new.exists()) == (False, True)
