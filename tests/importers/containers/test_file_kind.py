"""What is no text is told from it by its first bytes, also where it is short and stands among answers."""

from __future__ import annotations

import bz2
from pathlib import Path

import pytest

from tests.importers.container_files import zipped
from tests.importers.material import accepted, rejected
from workbench.core.errors import BadInputError
from workbench.core.model import Rejected, Response
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import choose, recognise
from workbench.importers.containers.file_kind import text_only
from workbench.importers.containers.open import open_file

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"
GIF = (
    b"GIF89a\x02\x00\x02\x00\x80\x01\x00\xff\xff\xff\xe4\xe9\xfc!\xf9\x04\x01\x0a\x00\x01\x00"
    b",\x00\x00\x00\x00\x02\x00\x02\x00\x00\x02\x02\x8c\x53\x00\xe9\xe9\xfc\xe9;"
)
SHORT = {
    "png of 11": (PNG[:11], "a picture"),
    "png of 18": (PNG[:18], "a picture"),
    "gif": (GIF, "a picture"),
    "gif, older": (b"GIF87a\x01\x00\x01\x00\x80\xe9\xe9\xfc;", "a picture"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
    "bmp": (b"BM\xe6\xe9\x04\x00\x00\x00\x00\x00\xb6\xe4\xfc\xe9", "a picture"),
    "tiff": (b"II*\x00\xe9\xe9\xe9\xfc", "a picture"),
    "webp": (b"RIFF\x24\xe9\x00\x00WEBPVP8 \xe9\xe9\xfc", "a picture or a recording"),
    "mp3": (b"ID3\x04\x00\xe9\xe9\xe9\xfc", "a recording"),
    "ogg": (b"OggS\x00\x02\xe9\xe9\xfc\xe4", "a recording"),
    "font": (b"wOFF\x00\x01\xe9\xe9\xfc\xe4", "a font"),
    "program": (b"MZ\x90\x00\x03\xe9\xe9\xfc\xe4", "a program"),
    "class": (b"\xca\xfe\xba\xbe\x00\x03\xe9\xe9", "a program"),
    "pickle": (b"\x80\x04\x95\xe9\xe9\xfc\xe4.", "a Python pickle"),
    "bzip2": (bz2.compress("Über Ähren und Öfen.".encode()), "compressed with bzip2"),
}
TEXTS = ("BMW überall, für alle", "MZ für Mainz: die ältere", "GIF89a, ça, c'est un format", "ID3 né en 1996",
         "RIFF für Töne", "II* ist größer", "BZh übt")  # fmt: skip


def read(folder: Path, files: dict[str, bytes], options: Options | None = None) -> list[Response | Rejected]:
    """The records of an archive of answers in text files."""
    (folder / "a.zip").write_bytes(zipped(files | {f"p{n}.txt": b"An answer." for n in range(len(files) + 1)}))
    opened = open_file(folder / "a.zip")
    chosen = choose(recognise(opened), options or Options())
    assert chosen.key == "text_files"
    found = [r for r in chosen.read(opened, options or Options(), silent) if r.member in files]
    assert len(found) == len(files)
    return found


@pytest.mark.parametrize("name", sorted(SHORT))
def test_no_short_file_of_another_kind_is_an_answer(name: str, tmp_path: Path) -> None:
    data, words = SHORT[name]
    for options in (Options(), Options(encoding="windows-1252")):
        (only,) = rejected(read(tmp_path, {"x": data}, options))
        assert only.reason == f"“x” is {words}, which is not read here."
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(BadInputError, match=words):
        text_only(open_file(tmp_path / "x"))


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252"])
def test_a_text_may_begin_with_their_letters(encoding: str, tmp_path: Path) -> None:
    files = {f"x{n}.txt": text.encode(encoding) for n, text in enumerate(TEXTS)}
    assert [answer.text for answer in accepted(read(tmp_path, files))] == list(TEXTS)
    for data in files.values():
        (tmp_path / "x").write_bytes(data)
        text_only(open_file(tmp_path / "x"))


def test_a_guess_at_the_encoding_makes_no_text_of_other_bytes(tmp_path: Path) -> None:
    (only,) = rejected(read(tmp_path, {"x": b"\xe9\xe4\x01\xfc\xe9\x02\xf6\xe4\x03"}))
    assert "not text" in only.reason
