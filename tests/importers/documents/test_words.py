"""The words of documents of all formats, and of files that were made to do harm."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from tests.made_documents import TERMS, paragraph, write_pdf, write_word_file
from workbench.importers.documents import read as module
from workbench.importers.documents.read import words_of


def text_of(path: Path) -> str:
    return words_of(path, path.name).text()


def note_of(path: Path) -> str:
    found = words_of(path, path.name)
    assert found.text() == ""
    return found.note


def test_each_page_of_a_pdf(tmp_path: Path) -> None:
    found = words_of(write_pdf(tmp_path / "a.bin", "First page", "", "Third page"), "a.bin")
    assert (found.paged, found.texts) == (True, ("First page", "", "Third page"))
    assert found.text() == "First page\f\fThird page\f"
    assert found.reader.startswith("pypdf ")


def test_a_scan_and_a_locked_pdf_have_no_words(tmp_path: Path) -> None:
    assert "may be a picture" in note_of(write_pdf(tmp_path / "scan.pdf", "", ""))
    with pikepdf.open(write_pdf(tmp_path / "a.pdf", "Secret")) as held:
        held.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
        held.save(tmp_path / "open.pdf", encryption=pikepdf.Encryption(owner="o", user=""))
    assert "needs a password" in note_of(tmp_path / "locked.pdf")
    assert text_of(tmp_path / "open.pdf") == "Secret\f", "a file that anybody may open is read"


def test_a_damaged_pdf_has_no_words_and_a_reason(tmp_path: Path) -> None:
    whole = write_pdf(tmp_path / "a.pdf", "Words").read_bytes()
    (tmp_path / "cut.pdf").write_bytes(whole[:200])
    assert note_of(tmp_path / "cut.pdf").startswith("Its text can't be read: ")


def test_a_word_file_as_it_stands_after_all_changes(tmp_path: Path) -> None:
    body = [
        '<w:p><w:r><w:t xml:space="preserve">We </w:t></w:r><w:ins><w:r><w:t>did </w:t></w:r></w:ins>'
        "<w:del><w:r><w:delText>never</w:delText></w:r></w:del><w:r><w:t>it.</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:tab/><w:t>seen</w:t></w:r></w:p>',
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        f"<mc:AlternateContent>{paragraph('once')}<mc:Fallback>{paragraph('once')}</mc:Fallback></mc:AlternateContent>",
    ]
    found = words_of(write_word_file(tmp_path / "a", body, header1=paragraph("Version of May")), "a")
    assert found.text().split() == ["We", "did", "it.", "seen", "cell", "once", "Version", "of", "May"]
    assert "deleted" in found.note
    assert "hidden" in found.note


@pytest.mark.parametrize(
    ("start", "body", "said"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', paragraph("&b;"), "made to do harm"),
        ("", "<w:p>" * 3_000 + "</w:p>" * 3_000, "nested too deeply"),
        ("", "<w:p>", "no well-formed XML"),
    ],
)
def test_word_files_that_were_made_to_do_harm(tmp_path: Path, start: str, body: str, said: str) -> None:
    assert said in note_of(write_word_file(tmp_path / "a.docx", [body], start))


def test_a_word_file_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.importers.documents.word_file._MOST_BYTES", 1 << 20)
    assert "unpacks to more than 1 MB" in note_of(write_word_file(tmp_path / "a.docx", [" " * (2 << 20)]))


def test_a_web_page_as_it_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"<!doctype html><script>evil()</script><style>p{{}}</style>{TERMS}&lt;end&gt;", "utf-8")
    assert text_of(path).splitlines() == [
        "Terms", "", "You may not use outputs to train a model that competes.", "It is “ours”.<end>",
    ]  # fmt: skip
    path.write_bytes('<html><meta charset="windows-1252"><p>Prüfung'.encode("cp1252"))
    assert text_of(path) == "Prüfung"
    path.write_bytes(b'<html><meta charset="zip"><p>words')
    assert text_of(path) == "words", "an encoding that is none is passed over"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_plain_text_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a").write_bytes("Die Prüfung läuft.\r\nSie dauert.".encode(encoding))
    assert text_of(tmp_path / "a") == "Die Prüfung läuft.\nSie dauert."


def test_what_is_no_text_has_no_words(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(bytes(range(256)) * 9)
    assert "neither a PDF" in note_of(tmp_path / "a.txt")
    write_word_file(tmp_path / "b.zip", []).write_bytes(b"PK\x03\x04")
    assert "zip archive" in note_of(tmp_path / "b.zip")


def test_no_more_is_kept_than_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CHARACTERS", 10)
    found = words_of(write_pdf(tmp_path / "a.pdf", "Six in", "Twelve in it"), "a.pdf")
    assert found.texts == ("Six in", "Twel")
    assert found.note == "Only the first 10 characters were read."
