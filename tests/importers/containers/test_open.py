"""Opening: what is unwrapped, and what is refused in words."""

from __future__ import annotations

import gzip
import os
import random
from pathlib import Path

import pytest

from tests.importers.material import accepted, alpaca, mapped_jsonl, read, rejected
from workbench.core.errors import BadInputError
from workbench.importers.choose import recognise
from workbench.importers.containers.open import open_file
from workbench.importers.preview import preview


def written(folder: Path, data: bytes) -> Path:
    """A file with these bytes."""
    file = folder / "file"
    file.write_bytes(data)
    return file


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04rest of it", "zip archive"),
        (b"\x28\xb5\x2f\xfdrest of it", "zstd"),
        (b"PAR1 and so on", "Parquet"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x7fELF\2\1\1\0", "a program"),
        (bytes(5000), "NUL bytes"),
        (bytes(range(1, 9)) * 99, "control characters"),
        (b"   \n\t\n", "only white space"),
        (gzip.compress(gzip.compress(b"[]", mtime=0), mtime=0), "gzip inside gzip"),
    ],
)
def test_what_is_no_text_is_refused_in_words(data: bytes, words: str, tmp_path: Path) -> None:
    file = written(tmp_path, data)
    for look in (lambda opened: recognise(opened).known, lambda opened: preview(recognise(opened))):
        with pytest.raises(BadInputError, match=words):
            look(open_file(file))
    with pytest.raises(BadInputError, match=words):
        read(file, "mapped_jsonl")


def test_random_bytes_are_refused_without_a_crash(tmp_path: Path) -> None:
    source = random.Random(7)
    for _ in range(100):
        file = written(tmp_path, source.randbytes(source.randint(1, 3000)))
        try:
            assert recognise(open_file(file)).known.claims == ()
        except BadInputError as error:
            hint = error.hint
            assert isinstance(hint, str)


@pytest.mark.parametrize("data", [b"", gzip.compress(b"", mtime=0), b"\xff\xfe"])
def test_an_empty_file_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"is empty|holds nothing"):
        open_file(written(tmp_path, data))


def test_missing_files_folders_and_pipes_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, words in (("missing", "can't be opened"), (".", "folder"), ("pipe", "not a plain file")):
        with pytest.raises(BadInputError, match=words):
            open_file(tmp_path / name)
    with pytest.raises(BadInputError):
        open_file(Path("a\0b"))


def test_a_name_that_was_given_is_the_one_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"answers\.json"):
        open_file(written(tmp_path, b""), "answers.json")


@pytest.mark.parametrize("key", ["alpaca_eval", "mapped_jsonl"])
def test_gzip_that_was_cut_or_damaged_gives_what_can_be_read(key: str, tmp_path: Path) -> None:
    data = {"alpaca_eval": alpaca, "mapped_jsonl": mapped_jsonl}[key](random.Random(8), 4000)
    packed = gzip.compress(data)
    cut = read(written(tmp_path, packed[: len(packed) // 2]), key)
    assert len(accepted(cut)) > 500
    assert [r.reason for r in rejected(cut)] == ["the gzip data was cut off here"]
    middle = len(packed) // 2
    damaged = read(written(tmp_path, packed[:middle] + b"\0\0\0\0" + packed[middle + 4 :]), key)
    assert "the gzip data is damaged here" in rejected(damaged)[-1].reason
    assert len(accepted(damaged)) > 500


def test_a_mark_without_its_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="not in that encoding"):
        open_file(written(tmp_path, b"\xff\xfe\0\0" + b"\xff" * 64))


def test_half_a_character_at_the_end_costs_no_more(tmp_path: Path) -> None:
    data = mapped_jsonl(random.Random(9), 3).decode().encode("utf-16")
    records = read(written(tmp_path, data[:-1]), "mapped_jsonl")
    assert len(accepted(records)) == 2


def test_several_gzip_members_are_one_stream(tmp_path: Path) -> None:
    first, second = mapped_jsonl(random.Random(1), 30), mapped_jsonl(random.Random(2), 30)
    assert len(accepted(read(written(tmp_path, gzip.compress(first) + gzip.compress(second)), "mapped_jsonl"))) == 60


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_lone_surrogate_in_wide_encodings_is_flagged(encoding: str, tmp_path: Path) -> None:
    text = '[{"instruction":"p","output":"a\ud800b","generator":"m"}]'
    (answer,) = accepted(read(written(tmp_path, text.encode(encoding, "surrogatepass")), "alpaca_eval"))
    assert answer.flags[0] == encoding
    assert "invalid utf-8 replaced" in answer.flags
