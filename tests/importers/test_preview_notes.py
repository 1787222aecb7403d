"""What a look into a file says beside its fields: a missing end, and what its text could also read."""

from __future__ import annotations

import gzip
import json
import random
from contextlib import suppress
from pathlib import Path

import pytest

from workbench.core.errors import BadInputError
from workbench.importers.choose import recognise
from workbench.importers.containers.file_kind import text_only
from workbench.importers.containers.open import open_file
from workbench.importers.mapping.diagnostics import other_readings
from workbench.importers.preview import preview

RECORDS = [{"prompt": f"What is {n}?", "response": f"It is “{n}”, and no more."} for n in range(20)]
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS)
SENTENCES = {
    "shift_jis": "これは日本語の文章です。質問に答えます",
    "euc_jp": "これは日本語の文章です。質問に答えます",
    "euc_kr": "이것은 한국어 문장입니다. 질문에 대답합니다",
    "big5": "這是繁體中文的句子。我們回答問題",
    "koi8-r": "Это русский текст. Мы отвечаем на вопросы",
    "windows-1251": "Это русский текст. Мы отвечаем на вопросы",
}


def notes(folder: Path, data: bytes, name: str = "file") -> tuple[str, ...]:
    file = folder / name
    file.write_bytes(data)
    return preview(recognise(open_file(file))).notes


@pytest.mark.parametrize(
    "text",
    [LINES, json.dumps(RECORDS), json.dumps({"data": RECORDS}, indent=1), json.dumps(RECORDS, indent=1)],
    ids=["lines", "array", "object", "pretty"],
)
def test_a_missing_end_is_said(text: str, tmp_path: Path) -> None:
    assert notes(tmp_path, text.encode()) == ()
    (told,) = notes(tmp_path, text[:-30].encode())
    assert told.startswith("It ends in the middle of a record")
    (told,) = notes(tmp_path, gzip.compress(text[:-30].encode()))
    assert told.startswith("It ends in the middle of a record")


def test_the_end_of_a_large_file_is_looked_at(tmp_path: Path) -> None:
    text = LINES * 4000
    assert notes(tmp_path, text.encode()) == ()
    assert notes(tmp_path, text[:-30].encode()) != ()


def test_an_open_quote_at_the_end_of_a_table_is_said(tmp_path: Path) -> None:
    table = b'prompt,response\nWhy?,"So it is."\nHow?,"Like this."\n'
    assert notes(tmp_path, table) == ()
    (told,) = notes(tmp_path, table[:-4])
    assert "the quote that opens in line 3 " in told


def test_a_stray_quote_at_the_beginning_of_a_table_is_said(tmp_path: Path) -> None:
    for count, ends in ((20, "It ends inside"), (200_000, "Its first megabytes end inside")):
        (told,) = notes(tmp_path, b'prompt,response\nWhy?,"So it is.\n' + b"How?,Like this, and so.\n" * count)
        assert told.startswith(ends)
        assert "the quote that opens in line 2 (a stray quote?)" in told
    assert notes(tmp_path, b'prompt,response\nHow long?,It is 5" long.\n') == ()


def test_compressed_data_without_its_end_is_said(tmp_path: Path) -> None:
    (told,) = notes(
        tmp_path, gzip.compress(random.Random(5).randbytes(900).hex().encode() + b"\n" + LINES.encode())[:-90]
    )
    assert told == "It can't be read to its end: the gzip data was cut off here."


@pytest.mark.parametrize("encoding", SENTENCES)
@pytest.mark.parametrize("table", [False, True], ids=["lines", "table"])
def test_what_a_text_could_also_read_is_shown(encoding: str, table: bool, tmp_path: Path) -> None:
    said = SENTENCES[encoding]
    rows = [(f"{said} {n}?", f"{said}{said} {n}") for n in range(8)]
    text = "".join(json.dumps({"prompt": a, "response": b}, ensure_ascii=False) + "\n" for a, b in rows)
    if table:
        text = "prompt,response\n" + "".join(f'"{a}","{b}"\n' for a, b in rows)
    (told,) = notes(tmp_path, text.encode(encoding))
    assert told.startswith(("That its text is in", "Its text is not valid UTF-8"))
    assert f"“{said} 0?” with --encoding {encoding}" in told
    assert [r.encoding for r in other_readings(open_file(tmp_path / "file"))] == [encoding]
    assert other_readings(open_file(tmp_path / "file", encoding=encoding)) == []


def test_a_guess_that_nothing_rivals_is_called_one(tmp_path: Path) -> None:
    (told,) = notes(tmp_path, "prompt,response\nOù est-elle ?,Déjà là.\n".encode("windows-1252"))
    assert (
        told
        == "That its text is in windows-1252 is a guess: where it reads wrongly, name another with --encoding NAME."
    )
    cyrillic = "".join(f'{{"prompt": "Кто {n}?", "response": "Это я, {n}."}}\n' for n in range(9))
    (told,) = notes(tmp_path, cyrillic.encode("utf-16-le"))
    assert told.endswith("where it reads wrongly, name another with --encoding NAME.")
    (told,) = notes(tmp_path, "prompt,response\n你是谁从哪里来呢,我是一个模型来自中国。\n".encode("gb18030"))
    assert "gb18030 is a guess: where it reads wrongly" in told


@pytest.mark.parametrize("said", [*SENTENCES.values(), "Où est-elle, déjà ?", "plain"])
def test_valid_utf8_has_no_other_reading(said: str, tmp_path: Path) -> None:
    assert notes(tmp_path, f'{{"prompt": "{said}", "response": "{said}"}}\n'.encode()) == ()


def test_random_bytes_are_no_text_and_old_texts_are(tmp_path: Path) -> None:
    file, source, taken = tmp_path / "file", random.Random(7), 0
    for _ in range(500):
        file.write_bytes(source.randbytes(64))
        opened = open_file(file)
        with suppress(BadInputError):
            text_only(opened)
            taken += 1
    assert taken < 15
    for encoding, said in SENTENCES.items():
        file.write_bytes(f"{said}\x1a".encode(encoding))
        text_only(open_file(file))
    file.write_bytes(b"caf\xe9 con leche, 0 \x00 or more\n" * 4 + bytes(300))
    text_only(open_file(file))
