"""Digests against known values, and canonical JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.hashing import canonical, sealed_object, sha256, sha256_file, sha256_lines, sha256_text

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_known_digests(tmp_path: Path) -> None:
    file = tmp_path / "abc"
    file.write_bytes(b"abc")
    assert sha256(b"abc") == sha256_text("abc") == sha256_file(file) == ABC
    assert sha256_lines(["a", "b"]) == sha256(b"a\nb\n")


def test_canonical_json_is_rfc_8785() -> None:
    assert canonical({"b": 1e21, "a": [True, None, "€\n", 0.1, -0.0]}) == (
        '{"a":[true,null,"€\\n",0.1,0],"b":1e+21}'.encode()
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1])
def test_numbers_that_json_cannot_carry_are_errors(value: float) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical({"x": value})


_SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e15, 1e15)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from(["1.5", ",1.5", '"a":1e9', "12:30.5", "\U0001f600", "\uffff"])
)  # fmt: skip
_NAMES = st.sampled_from(["a", "hash", "a1", "\U0001f600", "\uffff", "é", "2.5"])
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(_NAMES, inner), max_leaves=6)


@given(st.dictionaries(_NAMES, _VALUES, max_size=4))
def test_a_sealed_object_is_read_and_covered_as_the_slow_way_says(value: dict[str, object]) -> None:
    sealed = value | {"hash": "0"}
    text = canonical(sealed)
    found = sealed_object(text, "hash")
    assert found.is_canonical
    assert found.fields == sealed
    assert found.covered == canonical({name: field for name, field in value.items() if name != "hash"})
    loose = json.dumps(sealed, ensure_ascii=False).encode()
    assert sealed_object(loose, "hash").is_canonical == (loose == text)


@pytest.mark.parametrize(
    "text",
    [
        '{"hash":"0","x":1.0}', '{"hash":"0","x":[2,1.0]}', '{"hash":"0","x":-0}', '{"hash":"0","x":1e2}',
        '{"hash":"0","x":1,"x":1}', '{"x":1,"hash":"0"}', '{"hash":"0" ,"x":1}', '{"hash":"0","x":"\\u0041"}',
        '{"hash":"0","x":"\\/"}', '\ufeff{"hash":"0"}', '{"hash":"0"}\n',
        '{"hash":"0","x":{"\uffff":1,"\U0001f600":2}}',
        '{"hash":"0","x":9007199254740993}',
        '{"hash":"0","x":NaN}', '{"hash":"0","x":1e999}', '{"hash":"0","x":"\\ud800"}',
        '{"x":1}', "[]", "", "[" * 100_000, '{"hash":' + "[" * 900 + "]" * 900 + "}",
    ],
)  # fmt: skip
def test_a_text_that_is_not_canonical_is_never_said_to_be(text: str) -> None:
    try:
        found = sealed_object(text.encode(), "hash")
    except ValueError:
        return
    assert not found.is_canonical or canonical(json.loads(text)) == text.encode()
    assert not found.is_canonical or "[[" in text
