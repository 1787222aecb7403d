"""Damaged files of every format: no crash, no hang, and every byte accounted for."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from tests.importers.material import MAKERS, accepted, damage, gaps, read, rejected
from workbench.core.errors import WorkbenchError
from workbench.importers import IMPORTERS, claim, open_file
from workbench.importers.preview import preview

BETWEEN = {
    "alpaca_eval": b" \t\r\n,[]\xef\xbb\xbf",
    "mapped_json": b" \t\r\n,[]\xef\xbb\xbf",
    "mapped_jsonl": b" \t\r\n\x0b\x0c\xef\xbb\xbf",
    "fastchat": b" \t\r\n\x0b\x0c\xef\xbb\xbf",
}


def attempt(file: Path, key: str, data: bytes) -> None:
    """Read damaged data; whatever comes of it must be in order."""
    file.write_bytes(data)
    try:
        records = read(file, key)
    except WorkbenchError:
        return
    assert [r.number for r in records] == list(range(len(records)))
    if key == "fastchat":
        records = [r for at, r in enumerate(records) if not at or r.offset != records[at - 1].offset or not r.length]
    between = list(gaps(data, records))
    if key in BETWEEN:
        assert not any(gap.strip(BETWEEN[key]) for gap in between), between
    for answer in accepted(records):
        answer.text.encode()
        (answer.prompt or "").encode()
        assert answer.prompt is not None or answer.prompt_key is not None
    assert all(r.reason for r in rejected(records))


def mutate(folder: Path, key: str, count: int, seed: int) -> None:
    """`count` damaged files of one format, from one seed."""
    source = random.Random(seed)
    for number in range(count):
        data = damage(source, MAKERS[key](source, source.randint(1, 12)))
        try:
            attempt(folder / "file", key, data)
        except Exception as error:
            (folder / "failing").write_bytes(data)
            raise AssertionError(f"{key}, seed {seed}, file {number}: {error!r}") from error


@pytest.mark.parametrize("key", sorted(MAKERS))
def test_damaged_files_are_accounted_for(key: str, tmp_path: Path) -> None:
    mutate(tmp_path, key, 300, 1)


@pytest.mark.slow
@pytest.mark.parametrize("key", sorted(MAKERS))
def test_many_damaged_files_are_accounted_for(key: str, tmp_path: Path) -> None:
    mutate(tmp_path, key, 20_000, 2)


def test_damaged_files_are_claimed_and_previewed_without_a_crash(tmp_path: Path) -> None:
    source = random.Random(3)
    file = tmp_path / "file"
    for key in sorted(MAKERS):
        for _ in range(60):
            file.write_bytes(damage(source, MAKERS[key](source, source.randint(1, 6))))
            with suppress(WorkbenchError):
                opened = open_file(file)
                assert len(claim(opened)) <= 1
                preview(opened)


def test_every_importer_is_mutated() -> None:
    assert {importer.key for importer in IMPORTERS} == set(MAKERS)
