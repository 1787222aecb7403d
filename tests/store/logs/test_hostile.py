"""Logs that were damaged at random: every line is accepted, a duplicate, or rejected, whatever it holds."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.importers.logs import records
from workbench.core.logs import LogCounts
from workbench.core.pseudonyms import Pseudonyms
from workbench.importers.logs.formats import named
from workbench.importers.logs.lines import json_lines
from workbench.store.logs.engine import Engine
from workbench.store.logs.intake import Intake

NAMES = Pseudonyms(b"key")
RECORDS: dict[str, Any] = {
    "litellm": records.LITELLM,
    "langfuse": records.LANGFUSE,
    "helicone": records.HELICONE,
    "bedrock": records.BEDROCK,
    "otel": records.OTEL,
    "usage": records.USAGE,
}
ODD = (
    b"\x00", b"\xff", b"\n", b"\r", b'"', b"{", b"}", b"[", b"]", b"\\u0000", b"\\ud800", b"null", b"1e999", b"-0",
    b"99999999999999999999999", b"true", b'""', b"{}", b"[]", b"\xe2\x80\xae", b'{"$":1}', b"NaN", b"[" * 3000,
)  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(tmp_path_factory.mktemp("temporary")) as made:
        yield made


def damaged(chance: random.Random, data: bytes) -> bytes:
    """The same bytes with a few places cut out, doubled, or overwritten."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(found) + 1)
        kind = chance.randrange(4)
        if kind == 0:
            found[at : at + chance.randint(1, 40)] = b""
        elif kind == 1:
            found[at:at] = found[at : at + chance.randint(1, 200)]
        else:
            found[at : at + chance.randint(0, 6)] = chance.choice(ODD)
    return bytes(found)


def swapped(chance: random.Random, record: Any) -> Any:
    """The same record with one value of another type."""
    if not isinstance(record, dict) or not record:
        return chance.choice([None, 5, "x", [], {}, True, -1, 1e300, "2026-13-45", ["a", {"b": None}]])
    name = chance.choice(list(record))
    return record | {name: swapped(chance, record[name]) if chance.random() < 0.6 else swapped(chance, None)}


def taken(engine: Engine, folder: Path, key: str, data: bytes) -> LogCounts:
    """The counts of a log."""
    return Intake(engine, folder, 1, named(key), NAMES).take(json_lines(io.BytesIO(data)))


def check(engine: Engine, folder: Path, key: str, seed: int) -> None:
    """Damage a log of five records in every way, and count."""
    chance = random.Random(f"{key}/{seed}")
    lines = [
        json.dumps(swapped(chance, RECORDS[key]) if chance.random() < 0.5 else RECORDS[key]).encode() for _ in range(5)
    ]
    data = b"\n".join(lines) + (b"\n" if chance.random() < 0.5 else b"")
    if chance.random() < 0.7:
        data = damaged(chance, data)
    counts = taken(engine, folder / str(seed), key, data)
    assert counts.accepted + counts.duplicate + counts.all_rejected == counts.lines, data
    if key not in ("otel", "langfuse"):
        assert counts.lines == data.count(b"\n") + (not data.endswith(b"\n") and data != b""), data
    found = engine.one(f"SELECT count(*) FROM read_parquet('{folder}/{seed}/part-*.parquet')") if counts.lines else (0,)
    assert found == (counts.accepted,)


@pytest.mark.parametrize("key", list(RECORDS))
def test_every_line_is_accounted_for(engine: Engine, tmp_path: Path, key: str) -> None:
    for seed in range(5):
        check(engine, tmp_path, key, seed)


@pytest.mark.slow
@pytest.mark.parametrize("key", list(RECORDS))
def test_every_line_is_accounted_for_ten_thousand_times(engine: Engine, tmp_path: Path, key: str) -> None:
    for seed in range(1_000, 2_667):
        check(engine, tmp_path, key, seed)
