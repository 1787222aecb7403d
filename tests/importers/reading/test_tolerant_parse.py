"""The tolerant parser: what it accepts with flags, and what it says when it refuses."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.importers.material import read
from workbench.core.model import Rejected, Response
from workbench.importers.reading import tolerant_parse


@pytest.mark.parametrize(
    ("raw", "flags"),
    [
        (b'{"a": NaN}', ["not a number"]),
        (b'{"a": -Infinity, "b": 1e999}', ["not a number"]),
        (b'{"a": 1, "a": 2}', ["duplicate keys"]),
        (b'{"b": {"a": 1, "a": 2}}', ["duplicate keys"]),
        (b'{"a": "\xff"}', ["invalid utf-8 replaced"]),
        (b'{"a": "\x01"}', ["control character in a text"]),
        (b'{"a": ' + b"9" * 5000 + b"}", ["not a number"]),
        (b'{"a": "fine"}', []),
    ],
)
def test_it_accepts_with_flags(raw: bytes, flags: list[str]) -> None:
    assert tolerant_parse.parse(raw)[1] == flags


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"a": ', "ends too early"),
        (b'{"a" 1}', "a colon is missing (at character 6)"),
        (b'{"a": "x}', "a text has no end"),
        (b'{"a": 1} {"b": 2}', "more text follows"),
        (b"[" * 1_000_000, "nested too deeply"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "nested too deeply"),
    ],
)
def test_it_refuses_in_words(raw: bytes, reason: str) -> None:
    with pytest.raises(tolerant_parse.RecordError) as error:
        tolerant_parse.parse(raw)
    assert reason in error.value.reason


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_give_a_value_or_a_reason(raw: bytes) -> None:
    with suppress(tolerant_parse.RecordError):
        assert all(tolerant_parse.parse(raw)[1])


def test_numbers_that_are_too_large_become_infinite() -> None:
    assert math.isinf(tolerant_parse.parse(b"9" * 500)[0])
    assert tolerant_parse.parse(b"9" * 300)[0] == int("9" * 300)


ALPACA = [
    ('{"instruction":"p","output":"t","generator":"m"}', ("p", "t", "m"), ()),
    ('{"instruction":"p","output":"x","output":"t","generator":"m"}', ("p", "t", "m"), ("duplicate keys",)),
    ('{"instruction":"p","output":"a\\ud800b","generator":"m"}', ("p", "a⟦U+D800⟧b", "m"), ("lone surrogate",)),
    ('{"instruction":"p","output":"t","generator":"m","n":NaN}', ("p", "t", "m"), ("not a number",)),
    ('{"instruction":"p","output":" ","generator":"m"}', ("p", " ", "m"), ("empty answer",)),
    ('{"instruction":"p","output":"t"}', ("p", "t", None), ()),
    ('{"instruction":"p","output":"the \\"output\\" key","generator":"m"}', ("p", 'the "output" key', "m"), ()),
]


@pytest.mark.parametrize(("record", "fields", "flags"), ALPACA)
def test_an_unusual_record_is_accepted(record: str, fields: tuple, flags: tuple, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(f"[{record}]")
    (answer,) = read(file, "alpaca_eval")
    assert isinstance(answer, Response)
    assert (answer.prompt, answer.text, answer.model) == fields
    assert answer.flags == flags


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"instruction": "p", "generator": "m"}, "`output` is missing"),
        ({"instruction": "p", "output": None, "generator": "m"}, "`output` is null, not a text"),
        ({"instruction": "p", "output": 5, "generator": "m"}, "`output` is a number, not a text"),
        ({"instruction": "p", "output": ["x"], "generator": "m"}, "`output` is a list, not a text"),
        ({"instruction": "p", "output": True, "generator": "m"}, "`output` is true or false, not a text"),
        ({"instruction": {}, "output": "t", "generator": "m"}, "`instruction` is an object, not a text"),
        ({"instruction": "p", "output": "t", "generator": []}, "`generator` is a list, not a text or a number"),
        (7, "the record is a number, not an object"),
        (None, "the record is null, not an object"),
        ([], "the record is a list, not an object"),
    ],
)
def test_a_wrong_type_is_said_in_words(record: object, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(json.dumps([record]))
    (found,) = read(file, "alpaca_eval")
    assert isinstance(found, Rejected)
    assert found.reason == reason
    assert (found.number, found.offset) == (0, 1)
