"""The fast parser takes no record that says one key twice, however it is written."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.importers.reading import tolerant_parse
from workbench.importers.reading.tolerant_parse import strict

KEYS = st.sampled_from(["a", "b:", "c :", '"d"', "", "\\u003a", "é", 'x": "y'])
TEXTS = st.text(alphabet=':" \\\n\tau0é{}', max_size=8)
VALUES = st.recursive(
    TEXTS | st.integers(-5, 5) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(KEYS, inner), max_size=4).map(tuple),
    max_leaves=8,
)


def written(source: random.Random, value: object) -> str:
    """JSON of a value in any of the ways that JSON may be written; a tuple is an object, whose keys may repeat."""
    gap = source.choice(["", " ", "\n", " \t\r\n"])
    if isinstance(value, tuple):
        inside = (f"{_text(source, key)}{gap}:{gap}{written(source, item)}" for key, item in value)
        return f"{{{gap}{f'{gap},'.join(inside)}{gap}}}"
    if isinstance(value, list):
        return f"[{gap}{f',{gap}'.join(written(source, item) for item in value)}]"
    return _text(source, value) if isinstance(value, str) else json.dumps(value)


def _text(source: random.Random, text: str) -> str:
    def escaped(character: str) -> str:
        plain = json.dumps(character, ensure_ascii=source.random() < 0.5)[1:-1]
        form = source.choice(["\\u{:04x}", "\\u{:04X}"])
        return form.format(ord(character)) if source.random() < 0.3 else plain

    return '"' + "".join(map(escaped, text)) + '"'


@settings(max_examples=400, deadline=None)
@given(VALUES, st.integers(0, 1 << 30))
def test_it_takes_a_record_only_without_duplicate_keys(value: object, seed: int) -> None:
    raw = written(random.Random(seed), value).encode()
    expected, flags = tolerant_parse.parse(raw)
    try:
        found = strict(raw)
    except ValueError:
        return
    assert found == expected
    assert tolerant_parse.DUPLICATE_KEYS not in flags


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": "x\\u003ay", "a": 2}',
        b'{"a": "x\\u003Ay", "b": {"c": 1, "c":2}}',
        b'{"a"\n: 1, "a" : "x\\": y"}',
        b'{"a": {"b": 1}, "a": "b"}',
    ],
)
def test_duplicate_keys_are_left_to_the_tolerant_parser(raw: bytes) -> None:
    assert tolerant_parse.DUPLICATE_KEYS in tolerant_parse.parse(raw)[1]
    with pytest.raises(ValueError, match="duplicate"):
        strict(raw)


@pytest.mark.parametrize(
    "raw", [b'{"a": "<b>: \\u003cb\\u003e"}', b'{"a" :"b:c", "d": [":", {"a": ": :"}]}', b"[1, 2]"]
)
def test_usual_records_are_taken(raw: bytes) -> None:
    assert strict(raw) == json.loads(raw)
