"""The splitter of JSON arrays: exact ends, damage, and records that are never held."""

from __future__ import annotations

import io
import itertools
import json
import random
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.core.errors import BadInputError
from workbench.core.progress import silent
from workbench.importers import base
from workbench.importers.base import Opened
from workbench.importers.reading import arrays, window
from workbench.importers.reading.arrays import AFTER, CUT_BETWEEN, CUT_INSIDE, array_spans
from workbench.importers.reading.brackets import Structure
from workbench.importers.reading.lines import each, line_spans
from workbench.importers.reading.window import TOO_LONG, Span, Window

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9**9) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def opened(data: bytes) -> Opened:
    """Bytes as an opened file."""
    return Opened(Path("none"), "none", len(data), data[:65536], lambda: io.BytesIO(data))


def split(data: bytes, *, array: bool = True) -> list[Span[object]]:
    """The spans of the data, with orjson as the fast parser."""
    with Window(opened(data), silent) as view:
        return list(array_spans(view, orjson.loads) if array else line_spans(view, each(orjson.loads)))


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window of a few bytes, so that every border is met."""
    monkeypatch.setattr(window, "STEP", 7)
    monkeypatch.setattr(window, "LARGEST_STEP", 16)


@pytest.mark.usefixtures("narrow")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(VALUES, max_size=6), st.sampled_from([None, 1]), st.booleans())
def test_arrays_and_lines_come_out_as_they_went_in(values: list[object], indent: int | None, ascii_only: bool) -> None:
    array = json.dumps(values, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    spans = split(array)
    assert [json.loads(array[s.offset : s.offset + s.length]) for s in spans] == values
    assert all(s.raw == array[s.offset : s.offset + s.length] for s in spans)
    lines = b"\n".join(json.dumps(v).encode() for v in values)
    if lines.strip():
        found = split(lines, array=False)
        assert [json.loads(lines[s.offset : s.offset + s.length]) for s in found] == values


@settings(max_examples=60, deadline=None)
@given(VALUES, st.lists(st.integers(0, 60), max_size=4))
def test_the_end_of_a_value_is_found_in_pieces(value: object, cuts: list[int]) -> None:
    data = json.dumps(value, ensure_ascii=False).encode() + b", 5]"
    places = sorted({0, len(data), *(c for c in cuts if c < len(data))})
    structure, end = Structure(), -1
    for start, stop in itertools.pairwise(places):
        found = structure.end(data[start:stop], 0)
        if found >= 0:
            end = start + found
            break
    assert json.loads(data[:end]) == value


def test_a_cut_is_one_rejected_record() -> None:
    data = json.dumps([{"a": "x" * 20, "b": [{"c": 1}]} for _ in range(5)]).encode()
    for cut in range(1, len(data)):
        spans = split(data[:cut])
        bad = [s for s in spans if s.raw is None]
        assert len(bad) == 1, cut
        assert spans[-1] is bad[0]
        assert bad[0].reason in (CUT_INSIDE, CUT_BETWEEN)
        assert [s.value for s in spans[:-1]] == json.loads(data)[: len(spans) - 1]


def test_damage_costs_one_record_and_reading_goes_on() -> None:
    records = [json.dumps({"q": f"prompt {n}", "r": "it says", "m": [{"z": 1}, {"z": 2}]}) for n in range(9)]
    records[4] = records[4].replace('"it', "it")
    spans = split(("[" + ",\n ".join(records) + "]").encode())
    assert len(spans) == 9
    assert [s.value is None for s in spans] == [n == 4 for n in range(9)]


def test_text_after_the_array_is_one_rejected_record() -> None:
    spans = split(b'[{"a":1}] and more {"b"} [1]')
    assert [s.reason for s in spans] == ["", AFTER]
    assert spans[1].offset == 10
    assert spans[1].length == 18


def test_a_stray_bracket_ends_nothing() -> None:
    assert [s.value for s in split(b'[{"a":1}], {"a":2}, {"a":3}]')] == [{"a": 1}, {"a": 2}, {"a": 3}]


def test_what_is_no_array_is_refused() -> None:
    with pytest.raises(BadInputError, match="no JSON array"):
        split(b'{"a":1}')


@pytest.mark.parametrize("array", [True, False])
def test_a_record_beyond_the_limit_is_passed_over(array: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MAX_RECORD", 5_000)
    monkeypatch.setattr(arrays, "_MOST_REACH", 1_000)
    monkeypatch.setattr(window, "STEP", 1_000)
    monkeypatch.setattr(window, "LARGEST_STEP", 1_000)
    small = json.dumps({"q": 1, "t": [{"q": 2}]}).encode()
    for size in (4_000, 5_100, 20_000, 20_003):
        big = json.dumps({"r": '"' * (size // 2), "t": [{"q": 3}]}).encode()
        between = b",\n" if array else b"\n"
        body = between.join([small, big, small, small])
        data = b"[" + body + b"]" if array else body
        spans = split(data, array=array)
        assert len(spans) == 4
        assert (spans[1].raw is None) == (len(big) > 5_000)
        assert spans[1].reason == (TOO_LONG if len(big) > 5_000 else "")
        assert data[spans[1].offset : spans[1].offset + spans[1].length] == big
        assert [s.raw for s in (spans[0], *spans[2:])] == [small] * 3


def test_hostile_arrays_take_time_in_proportion() -> None:
    good = b'{"q":"a","r":"bcd"}'
    hostile = (
        b"[" + b",".join([good, b"1"] * 3000) + b"]",
        b"[" + b'},{"' * 3000,
        b"[" + b"{" * 300_000,
        b'["' + b"\\" * 300_001 + b'"]',
        b"[" + b",".join([b'{"q":"a,"r":"bcd"}'] * 2000) + b"]",
        b"[" + good + b" " * 3_000_000 + b"," + good + b"]",
        b"[" + b'{"a":' * 300_000 + b"1" + b"}" * 300_000 + b"," + good + b"]",
    )
    for data in hostile:
        at = 0
        for span in split(data):
            assert span.offset >= at
            at = span.offset + span.length


def test_mixed_kinds_of_records_are_split_right() -> None:
    source = random.Random(6)
    kinds: list[object] = [{"q": 1}, {"r": {"q": [{"q": 1}, {"q": 2}]}}, [{"q": 1}, {"q": 2}], "}, {", 5, None, {}, []]
    values = [source.choice(kinds) for _ in range(2000)]
    spans = split(json.dumps(values).encode())
    assert [orjson.loads(s.raw or b"") for s in spans] == values
