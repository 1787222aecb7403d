"""Damaged files of every format: no crash, no hang, and every byte accounted for."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from tests.importers.containers import CONTAINERS
from tests.importers.made_records import ARRAYS, INSIDE, LINES, RECORDS
from tests.importers.material import LINE_FORMATS, MAKERS, accepted, damage, gaps, read, rejected
from workbench.core.errors import WorkbenchError
from workbench.importers import IMPORTERS, claim, open_file
from workbench.importers.preview import preview

BETWEEN = {
    **dict.fromkeys(("alpaca_eval", "mapped_json", *ARRAYS, *INSIDE), b" \t\r\n,[]\xef\xbb\xbf"),
    **dict.fromkeys(("mapped_jsonl", "fastchat", *LINES), b" \t\r\n\x0b\x0c\xef\xbb\xbf"),
}


def attempt(file: Path, key: str, data: bytes) -> None:
    """Read damaged data; whatever comes of it must be in order."""
    file.write_bytes(data)
    try:
        records = read(file, key)
    except WorkbenchError:
        return
    assert [r.number for r in records] == list(range(len(records)))
    with open_file(file).stream() as stream:
        data = stream.read()  # the places are in UTF-8, whatever the encoding was
    # One line or element may give several answers.
    places = [r for at, r in enumerate(records) if not at or r.offset != records[at - 1].offset or not r.length]
    between = list(gaps(data, places))
    array = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    if key in INSIDE and not array:
        between = between[1:-1]
    if key in BETWEEN and (key != "kit_sheet" or array or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")):
        # The formats of records are read as an array where the file begins like one.
        allowed = BETWEEN["alpaca" if array and key in RECORDS else key]
        assert not any(gap.strip(allowed) for gap in between), between
    for answer in accepted(records):
        answer.text.encode()
        (answer.prompt or "").encode()
        assert answer.prompt is not None or answer.prompt_key is not None
    assert all(r.reason for r in rejected(records))


def mutate(folder: Path, key: str, count: int, seed: int) -> None:
    """`count` damaged files of one format, from one seed."""
    source = random.Random(seed)
    for number in range(count):
        data = damage(source, MAKERS[key](source, source.randint(1, 12)))
        try:
            attempt(folder / "file", key, data)
        except BaseException as error:  # nothing is held back: it goes on with its seed
            error.add_note(f"{key}, seed {seed}, file {number}: {folder / 'file'}")
            raise


@pytest.mark.parametrize("key", sorted(MAKERS))
def test_damaged_files_are_accounted_for(key: str, tmp_path: Path) -> None:
    mutate(tmp_path, key, 300, 1)


@pytest.mark.slow
@pytest.mark.parametrize("key", sorted(MAKERS))
def test_many_damaged_files_are_accounted_for(key: str, tmp_path: Path) -> None:
    mutate(tmp_path, key, 100_000 if key in LINE_FORMATS else 20_000, 2)


def test_damaged_files_are_claimed_and_previewed_without_a_crash(tmp_path: Path) -> None:
    source = random.Random(3)
    file = tmp_path / "file"
    for key in sorted(MAKERS):
        for _ in range(25):
            file.write_bytes(damage(source, MAKERS[key](source, source.randint(1, 6))))
            with suppress(WorkbenchError):
                opened = open_file(file)
                assert len(claim(opened)) <= 1
                preview(opened)


def test_every_importer_is_mutated() -> None:
    texts = {importer.key for importer in IMPORTERS if not importer.container}
    assert texts - set(CONTAINERS) == set(MAKERS)
