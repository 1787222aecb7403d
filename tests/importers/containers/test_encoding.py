"""Encodings: what is guessed, how it is stated, and that nothing is repaired."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.importers.container_files import old_zip
from tests.importers.containers.test_round_trips_in_containers import read, written
from workbench.core.errors import UsageError
from workbench.importers.base import Options
from workbench.importers.containers.encoding import Encoding, guess, named
from workbench.importers.containers.open import open_file
from workbench.importers.locate import raw_bytes

GERMAN = "Größe und Übermut: „schön“ – fünf Äpfel, naïve Café."
CHINESE = "今天天气很好、我们去公园散步。这个问题的答案是什么。"
FRENCH = "L’été dernier, nous avons mangé des crêpes à la fraîche."
TABLE = Options(mapping={"prompt": "p", "response": "r"})


def table(text: str) -> str:
    """A small table with the text as its answer."""
    return f"p,r\nquestion,{text.replace(',', ' ')}\nanother,plain words\n"


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        (GERMAN, "utf-8", Encoding()),
        (GERMAN, "utf-8-sig", Encoding()),
        (GERMAN, "utf-16", Encoding("utf-16", "mark")),
        (GERMAN, "utf-32", Encoding("utf-32", "mark")),
        (GERMAN, "utf-16-le", Encoding("utf-16-le", "guessed")),
        (GERMAN, "utf-16-be", Encoding("utf-16-be", "guessed")),
        (GERMAN, "cp1252", Encoding("windows-1252", "guessed")),
        (FRENCH, "cp1252", Encoding("windows-1252", "guessed")),
        (CHINESE, "gb18030", Encoding("gb18030", "guessed")),
        (CHINESE, "utf-8", Encoding()),
        ("plain words", "ascii", Encoding()),
    ],
)
def test_a_text_is_read_in_the_encoding_that_it_is_in(text: str, encoding: str, expected: Encoding, tmp_path) -> None:
    file = written(tmp_path, table(text).encode(encoding))
    opened = open_file(file)
    assert (opened.encoding, opened.encoded) == expected
    first, _ = read(file, TABLE)
    assert first.text == text.replace(",", " ")
    assert (expected.name in first.flags) is bool(expected.name)
    raw = raw_bytes(file, first.member, first.offset, first.length)
    assert raw.decode() == f"question,{first.text}"


@pytest.mark.parametrize(
    ("text", "encoding", "name"), [(GERMAN, "cp1252", "windows-1252"), (CHINESE, "gb18030", "gb18030")]
)
def test_short_texts_are_mostly_guessed_right(text: str, encoding: str, name: str) -> None:
    source, right = random.Random(1), 0
    for _ in range(400):
        start = source.randrange(len(text) - 8)
        piece = text[start : start + source.randint(6, 20)]
        data = piece.encode(encoding)
        right += data.isascii() or guess(data).name == name
    assert right / 400 >= 0.9


def test_a_wrong_guess_is_overruled_by_the_user(tmp_path: Path) -> None:
    data = table("Žluťoučký kůň").encode("cp1250")
    file = written(tmp_path, data)
    options = Options(mapping=TABLE.mapping, encoding="cp1250")
    assert read(file, options)[0].text == "Žluťoučký kůň"
    assert open_file(file, encoding="cp1250").encoded == "given"
    assert read(written(tmp_path, old_zip({"a.csv": data, "b.csv": data}), "zip"), options)[1].prompt == "another"
    with pytest.raises(UsageError, match="no encoding"):
        open_file(file, encoding="rot13")
    assert (named("CP1252"), named("UTF8")) == ("windows-1252", "utf-8")


def test_damage_in_utf8_stays_damage(tmp_path: Path) -> None:
    data = (table(GERMAN) * 3).encode() + b"x,caf\xe9\n"
    assert guess(data) == Encoding()
    records = read(written(tmp_path, data), TABLE)
    assert records[-1].flags == ("invalid utf-8 replaced",)
    few = json.dumps([{"p": "a", "r": "b"}]).encode().replace(b'"b"', b'"caf\xe9"')
    assert guess(few) == Encoding()


def test_words_that_were_saved_wrongly_are_not_repaired(tmp_path: Path) -> None:
    wrong = GERMAN.encode().decode("cp1252", "replace").replace("\ufffd", "")
    file = written(tmp_path, table(wrong).encode())
    assert read(file, TABLE)[0].text == wrong.replace(",", " ")


def test_each_text_file_in_an_archive_has_an_encoding_of_its_own(tmp_path: Path) -> None:
    files = {"a.txt": GERMAN.encode(), "b.txt": GERMAN.encode("utf-16"), "c.txt": CHINESE.encode("gb18030")}
    file = written(tmp_path, old_zip(files))
    records = read(file)
    assert [(r.text, r.flags) for r in records] == [
        (GERMAN, ()), (GERMAN, ("utf-16",)), (CHINESE, ("gb18030",))
    ]  # fmt: skip
    for record in records:
        assert raw_bytes(file, record.member, record.offset, record.length).decode() == record.text


def test_nothing_that_is_guessed_stops_the_reading() -> None:
    source = random.Random(2)
    for _ in range(3000):
        data = source.randbytes(source.randint(0, 60))
        assert guess(data).name in ("", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "gb18030", "windows-1252")
