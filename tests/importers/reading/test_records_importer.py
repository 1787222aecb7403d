"""All formats of JSON records: what goes in comes out, and whatever is wrong with a record is said in words."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.importers.made_records import INSIDE, LINES, RECORDS, file_of
from tests.importers.material import accepted, read, rejected
from workbench.importers import base
from workbench.importers.choose import recognise
from workbench.importers.containers.open import open_file

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
CHANGES: tuple[Any, ...] = (
    None,
    True,
    5,
    0.5,
    "",
    "x",
    "{",
    "[]",
    [],
    [[]],
    [None],
    {},
    {"a": 1},
    [{"role": 1}],
    ["x", 5],
)
KEYS = sorted(RECORDS)


@pytest.mark.parametrize("key", KEYS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT, min_size=1, max_size=6), indent=st.sampled_from([None, 2]))
def test_answers_come_out_as_they_went_in(key: str, texts: list[str], indent: int | None, tmp_path: Path) -> None:
    if key == "chatgpt":
        texts = [text or "-" for text in texts]  # an export has empty messages where nothing was said
    records = [RECORDS[key](n, text) for n, text in enumerate(texts)]
    data = file_of(key, records, indent)
    file = tmp_path / "file"
    file.write_bytes(data)
    found = read(file, key)
    assert [(r.number, r.text) for r in accepted(found)] == list(enumerate(texts))
    assert [json.loads(data[r.offset : r.offset + r.length]) for r in found] == records
    if not key.endswith("_batch"):
        assert [r.prompt for r in accepted(found)] == [f"prompt {n}" for n in range(len(texts))]


def variants(value: Any) -> Iterator[Any]:
    """The record with one value after the other taken out or turned into something else."""
    paths = list(places(value, ()))
    for path in paths:
        for change in (..., *CHANGES):
            changed = copy.deepcopy(value)
            holder = changed
            for step in path[:-1]:
                holder = holder[step]
            if change is ...:
                del holder[path[-1]]
            else:
                holder[path[-1]] = change
            yield changed


def places(value: Any, before: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in inner:
        yield (*before, step)
        yield from places(child, (*before, step))


@pytest.mark.parametrize("key", KEYS)
def test_values_of_any_type_are_accounted_for(key: str, tmp_path: Path) -> None:
    records = list(variants(RECORDS[key](1, "answer")))
    file = tmp_path / "file"
    file.write_bytes(file_of(key, records))
    found = read(file, key)
    places = list(dict.fromkeys((r.offset, r.length) for r in found))
    assert len(places) == len(records)
    assert all(r.reason for r in rejected(found))
    assert all(r.prompt is not None or r.prompt_key is not None for r in accepted(found))
    assert accepted(found)
    json.dumps([r.extra for r in accepted(found)])


@pytest.mark.parametrize("key", KEYS)
def test_what_is_no_usual_json_is_flagged_or_rejected(key: str, tmp_path: Path) -> None:
    good = json.dumps(RECORDS[key](1, "answer"))
    twice = good[:-1] + ', "zz": 1, "zz": 2}'
    number = good[:-1] + ', "zz": NaN}'
    surrogate = json.dumps(RECORDS[key](2, "a\ud800b"))
    deep = good[:-1] + ', "zz": ' + "[" * 1_000_000 + "]" * 1_000_000 + "}"
    array = good[:-1] + ', "zz": ' + "[" * 300 + "]" * 300 + "}"
    parts = [good, twice, number, surrogate, deep, array, "5", "[]", '"x"', good]
    inside = INSIDE.get(key)
    text = "\n".join(parts) if key in LINES else "[" + ",".join(parts) + "]"
    if inside:
        text = "".join(f'{{"{name}": ' for name in inside) + text + "}" * len(inside)
    file = tmp_path / "file"
    file.write_text(text)
    found = read(file, key)
    assert len(found) == len(parts)
    flags = {answer.number: answer.flags for answer in accepted(found)}
    assert "duplicate keys" in flags[1]
    assert "not a number" in flags[2]
    assert "⟦U+D800⟧" in accepted(found)[3].text
    assert [r.number for r in rejected(found)] == [4, 6, 7, 8]
    assert "nested too deeply" in rejected(found)[0].reason
    assert sorted(flags) == [0, 1, 2, 3, 5, 9]


@pytest.mark.parametrize("key", KEYS)
def test_a_giant_record_is_rejected_with_its_place(key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MAX_RECORD", 2_000_000)
    records = [RECORDS[key](1, "a"), RECORDS[key](2, "b" * 5_000_000), RECORDS[key](3, "c")]
    file = tmp_path / "file"
    file.write_bytes(file_of(key, records))
    found = read(file, key)
    assert [type(r).__name__ for r in found] == ["Response", "Rejected", "Response"]
    assert "longer than" in rejected(found)[0].reason


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("size", [100_000, 5_000_000])
def test_long_records_are_recognised_by_their_first_keys(key: str, size: int, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(file_of(key, [RECORDS[key](1, "a" * size), RECORDS[key](2, "b" * size)]))
    asked = [importer.key for importer, _ in recognise(open_file(file)).known.claims]
    # What tells these two stands behind the answer, and so much is not read to tell a format.
    assert asked == ([] if size > 1_000_000 and key in ("distilabel", "text_generation_webui") else [key])


def test_half_of_one_format_and_half_of_another_is_claimed_by_none(tmp_path: Path) -> None:
    file = tmp_path / "file"
    pairs = [RECORDS["openai_batch"](1, "a"), RECORDS["anthropic_batch"](2, "b")] * 2
    file.write_bytes(file_of("openai_batch", pairs))
    assert recognise(open_file(file)).known.claims == ()
