"""Large material comes in within a small memory, and goes on where it was stopped; the full size is a benchmark."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.import_scale import import_of, measure, write_files, write_lines


def test_two_hundred_megabytes_come_in_within_a_small_memory(tmp_path: Path) -> None:
    count = write_lines(tmp_path / "lines", 200_000_000)
    said = import_of(tmp_path / "lines", tmp_path / "case.case", "whole")
    assert said["accepted"] == count
    assert said["megabytes"] < 350  # of the importing process and two that read, each with what they share
    assert said["told"] > 50


@pytest.mark.slow
@pytest.mark.parametrize(("write", "size"), [(write_lines, 20_000_000), (write_files, 6000)])
def test_large_material_is_cancelled_and_goes_on_where_it_was_killed(write, size: int, tmp_path: Path) -> None:
    count = write(tmp_path / "material", size)
    found = measure(tmp_path / "material", tmp_path)
    assert found["whole"]["accepted"] == found["resumed"]["accepted"] == count
    assert found["resumed"]["resumed"]
    assert not found["whole"]["resumed"]
    assert found["cancelled"]["stopped_after"] < 10
    assert all(said["megabytes"] < 350 for said in found.values())
