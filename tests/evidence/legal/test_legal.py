"""What lawyers and other programs take over: the certificate, the custody as a graph, the lists as a workbook."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook

from workbench.evidence.legal.certificate import CERTIFICATE
from workbench.evidence.legal.custody_graph import CUSTODY_GRAPH
from workbench.evidence.legal.files import legal_files
from workbench.evidence.legal.workbook import LISTS, MOST_CHARACTERS, workbook
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.registers import csv_bytes

Made = Callable[..., PackContents]
HOSTILE = ("a/b:c", "=cmd|'/c calc'!A1", "\u202egpj.exe", "<script>alert(1)</script>", "模型", "x" * 300)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def contents(made_up: Made, tmp_path: Path) -> PackContents:
    return made_up(tmp_path, models=HOSTILE)


@pytest.fixture
def files(contents: PackContents) -> dict[str, bytes]:
    return legal_files(contents, b"")


def graph(files: dict[str, bytes]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files[CUSTODY_GRAPH])["@graph"]
    return found


def of_kind(files: dict[str, bytes], kind: str) -> list[dict[str, Any]]:
    return [node for node in graph(files) if node["@type"] == kind]


def words(docx: bytes) -> str:
    """The text of a Word file, one paragraph a line."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        body = ET.fromstring(archive.read("word/document.xml"))
    return "\n".join("".join(text.text or "" for text in line.iter(f"{WORD}t")) for line in body.iter(f"{WORD}p"))


def test_the_same_contents_give_the_same_files(contents: PackContents, files: dict[str, bytes]) -> None:
    assert legal_files(contents, b"") == files
    assert sorted(files) == sorted([CERTIFICATE, CUSTODY_GRAPH, LISTS])


def test_the_certificate_names_every_file_and_leaves_its_blanks(
    contents: PackContents, files: dict[str, bytes]
) -> None:
    said = words(files[CERTIFICATE])
    for source in contents.sources:
        assert source.sha256 in said
    assert contents.head in said
    assert "I, name, of employer and address, certify as follows." in said
    assert contents.examiner not in said  # Who certifies is for a person to say.
    assert "The program has certified nothing." in said


def test_every_act_was_informed_by_the_one_before_it(contents: PackContents, files: dict[str, bytes]) -> None:
    lines = [json.loads(line) for line in contents.ledger_lines]
    acts = of_kind(files, "investigation:InvestigativeAction")
    assert [act["core:name"] for act in acts] == [line["action"] for line in lines]
    assert all(line["hash"] in act["core:description"] for act, line in zip(acts, lines, strict=True))
    before = [act.get("investigation:wasInformedBy") for act in acts]
    assert before == [None, *([{"@id": act["@id"]}] for act in acts[:-1])]


def test_every_file_has_its_hash_and_what_is_pointed_at_is_there(
    contents: PackContents, files: dict[str, bytes]
) -> None:
    facets = [facet for node in of_kind(files, "observable:File") for facet in node["core:hasFacet"]]
    hashes = [facet["observable:hash"][0] for facet in facets if "observable:hash" in facet]
    assert [one["types:hashValue"]["@value"].lower() for one in hashes] == [s.sha256 for s in contents.sources]
    known = [node["@id"] for node in graph(files)]
    assert len(known) == len(set(known))
    pointed = {
        one["@id"]
        for node in graph(files)
        for value in node.values()
        for one in (value if isinstance(value, list) else [value])
        if isinstance(one, dict) and set(one) == {"@id"}
    }
    assert pointed <= set(known)


@pytest.mark.slow
def test_case_validate_finds_no_fault(files: dict[str, bytes], tmp_path: Path) -> None:
    """The tool of the CASE community, with its ontology and shapes."""
    tool = Path(sys.executable).with_name("case_validate")
    if not tool.exists():
        pytest.skip("case-utils is not installed")
    (tmp_path / "custody.jsonld").write_bytes(files[CUSTODY_GRAPH])
    done = subprocess.run([tool, tmp_path / "custody.jsonld"], capture_output=True, text=True, check=False)
    assert (done.returncode, "Conforms: True" in done.stdout) == (0, True), done.stdout + done.stderr


def test_the_workbook_has_what_the_lists_have_as_text_and_numbers(
    contents: PackContents, files: dict[str, bytes]
) -> None:
    book = load_workbook(io.BytesIO(files[LISTS]))
    assert book.sheetnames == ["Models", "Names and hashes", "Imports", "Custody before this pack"]
    assert len(list(book["Models"].rows)) == 1 + len(contents.corpora)
    kinds = {cell.data_type for sheet in book for row in sheet.rows for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}  # Nothing is a formula.
    assert book.properties.created == book.properties.modified
    assert book.properties.created.isoformat() == contents.begun[:19]


def test_a_clock_beyond_what_a_zip_can_say_makes_the_same_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    table = csv_bytes(("a", "b"), [("one", "2")])
    now = workbook({"One": table}, "2026-03-01T12:00:07.000Z")
    monkeypatch.setattr("time.time", lambda: 4_611_000_000.0)
    assert workbook({"One": table}, "2026-03-01T12:00:07.000Z") == now


def test_texts_stay_what_they_are_and_long_ones_are_said_to_be_cut() -> None:
    rows = [("=1+1", "007"), ("@x", -2.5), ("y" * 40_000, 12), ("-3", "\x00\ud800")]
    table = csv_bytes(("text", "other"), rows)
    sheet = load_workbook(io.BytesIO(workbook({"One": table}, "2026-03-01T12:00:07.000Z")))["One"]
    found = [[cell.value for cell in row] for row in sheet.rows]
    assert found[1:3] == [["'=1+1", "007"], ["'@x", -2.5]]
    assert len(found[3][0]) == MOST_CHARACTERS
    assert found[3][0].endswith("cut here; the CSV file has it whole")
    assert [found[4][0], found[3][1]] == ["'-3", 12]
    with_csv = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    assert [str(value) for value in found[1]] == with_csv[1]


def test_a_cell_longer_than_pythons_own_limit_and_a_number_beyond_all_make_a_workbook() -> None:
    """A system prompt of 131,073 characters ended an export in a fault of the program."""
    table = csv_bytes(("text", "other"), [("y" * 200_000, "1e999"), ("two", "2")])
    sheet = load_workbook(io.BytesIO(workbook({"One": table}, "2026-03-01T12:00:07.000Z")))["One"]
    found = [[cell.value for cell in row] for row in sheet.rows]
    assert len(found[1][0]) == MOST_CHARACTERS
    assert found[1][1] == "1e999"
    assert found[2] == ["two", 2]
