"""Damaged containers: no crash, no hang, and what is read is numbered through and placed."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
from backports import zstd

from tests.importers.containers import CONTAINER_OPTIONS, CONTAINERS
from tests.importers.material import accepted, damage, rejected
from tests.importers.test_containers import read
from workbench.core.errors import WorkbenchError

WRAPPED = {
    "gzip": lambda source, count: gzip.compress(CONTAINERS["inspect_json"](source, count)),
    "zstd": lambda source, count: zstd.compress(CONTAINERS["inspect_json"](source, count)),
}
KINDS = CONTAINERS | WRAPPED


def attempt(file: Path, key: str, data: bytes) -> bool:
    """Read damaged data; whether something could be read of it."""
    file.write_bytes(data)
    try:
        # Asking every importer takes longer than reading; the others below ask.
        records = read(file, CONTAINER_OPTIONS.get(key), key if key == "inspect_json" else None)
    except WorkbenchError:
        return False
    assert [r.number for r in records] == list(range(len(records)))
    for answer in accepted(records):
        answer.text.encode()
        assert answer.prompt is not None or answer.prompt_key is not None
    assert all(r.reason for r in rejected(records))
    return bool(records)


def flipped(source: random.Random, data: bytes) -> bytes:
    """The data with some bytes changed and none moved, so that a directory at its end still fits."""
    changed = bytearray(data)
    for _ in range(source.choice([1, 1, 2, 5, 20])):
        changed[source.randrange(len(changed))] ^= 1 << source.randrange(8)
    return bytes(changed)


def mutate(folder: Path, key: str, count: int, seed: int) -> tuple[int, int]:
    """`count` damaged files of one kind, from one seed; how many were read in part, and how many refused."""
    source = random.Random(seed)
    whole = [KINDS[key](source, source.randint(1, 12)) for _ in range(20)]
    read_of = 0
    for number in range(count):
        data = source.choice([damage, flipped, flipped])(source, source.choice(whole))
        try:
            read_of += attempt(folder / "file", key, data)
        except Exception as error:
            (folder / "failing").write_bytes(data)
            raise AssertionError(f"{key}, seed {seed}, file {number}: {error!r}") from error
    return read_of, count - read_of


@pytest.mark.parametrize("key", sorted(KINDS))
def test_damaged_containers_are_accounted_for(key: str, tmp_path: Path) -> None:
    mutate(tmp_path, key, 300, 1)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("key", sorted(KINDS))
def test_many_damaged_containers_are_accounted_for(key: str, tmp_path: Path) -> None:
    print(key, *mutate(tmp_path, key, 10_000, 2))
