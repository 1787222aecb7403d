"""Digests against known values, and canonical JSON."""

from __future__ import annotations

from pathlib import Path

import pytest
import rfc8785

from workbench.core.hashing import canonical, sha256, sha256_file, sha256_lines, sha256_text

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
