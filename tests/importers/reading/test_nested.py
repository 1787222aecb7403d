"""Arrays inside objects, found and split; long records recognised by their start."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.core.errors import BadInputError
from workbench.core.progress import silent
from workbench.importers.base import Opened
from workbench.importers.reading import window as window_module
from workbench.importers.reading.nested import nested_spans
from workbench.importers.reading.sample import close_json
from workbench.importers.reading.window import Span, Window

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
RECORD = st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES, min_size=1, max_size=3)


def spans(data: bytes) -> Iterator[Span[Any]]:
    """The spans of `log.entries`."""
    opened = Opened(Path("x"), "x", len(data), data[:65536], lambda: io.BytesIO(data))
    with Window(opened, silent) as window:
        yield from nested_spans(window, ("log", "entries"), orjson.loads)


@pytest.mark.parametrize("step", [7, 1 << 20])
@settings(max_examples=120, deadline=None)
@given(
    records=st.lists(RECORD, max_size=5),
    before=st.dictionaries(st.text(max_size=4), VALUES, max_size=3),
    after=VALUES,
    indent=st.sampled_from([None, 1]),
)
def test_elements_and_places_are_those_of_the_array(
    step: int, records: list[Any], before: dict[str, Any], after: Any, indent: int | None
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window_module, "STEP", step)
        before = {key: value for key, value in before.items() if key not in ("log", "entries")}
        whole = before | {"log": before | {"entries": records, "more": after}, "most": after}
        data = b"\xef\xbb\xbf" + json.dumps(whole, indent=indent).encode()
        found = list(spans(data))
        assert [orjson.loads(data[s.offset : s.offset + s.length]) for s in found] == records
        assert [s.number for s in found] == list(range(len(records)))


@pytest.mark.parametrize(
    ("tail", "reasons"),
    [
        ('{"a": 1}], "more": 2}}', []),
        ('{"a": 1}]', []),
        ('{"a": 1}', ["the array is not closed"]),
        ('{"a": 1}, {"a": ', ["the file ends inside this record"]),
        ('{"a": 1}], {"a": 2}]}}', ["text after the end of the array"]),
    ],
)
def test_a_cut_and_what_stands_behind_a_bracket_too_many_are_said(tail: str, reasons: list[str]) -> None:
    found = list(spans(('{"log": {"entries": [' + tail).encode()))
    assert found[0].value == {"a": 1}
    said = [s.reason for s in found if s.raw is None and s.reason]
    assert len(said) == len(reasons)
    assert all(word in reason for word, reason in zip(reasons, said, strict=True))


@pytest.mark.parametrize("text", ["{}", "[]", '{"log": [], "entries": []}', '{"log" {"entries": []}}', '{"a', ""])
def test_a_list_that_is_not_there_is_said_to_be_missing(text: str) -> None:
    with pytest.raises(BadInputError, match=r"no list “log\.entries”"):
        list(spans(text.encode() or b"x"))


@settings(max_examples=300, deadline=None)
@given(value=RECORD, cut=st.floats(0, 1), ascii_only=st.booleans())
def test_a_start_that_is_closed_is_json_with_the_first_keys(
    value: dict[str, Any], cut: float, ascii_only: bool
) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode()
    start = data[: 1 + int(cut * (len(data) - 1))]
    whole = close_json(start)
    found = orjson.loads(whole)
    assert list(found) == list(value)[: len(found)]
    first = next(iter(value))
    if len(start) > len(json.dumps({first: value[first]}, ensure_ascii=ascii_only).encode()):
        assert found[first] == value[first]
