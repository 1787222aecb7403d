"""File names inside a pack: short plain ASCII that every operating system takes; real names are data."""

from __future__ import annotations

import re

from workbench.evidence.pack.contents import PackContents, PackSource

LONGEST_PATH = 100
_PLAIN = re.compile(r"[^A-Za-z0-9]+")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

REPORT = "data/01_report/"
EXHIBITS = "data/02_exhibits/"
EXHIBIT_LIST = f"{EXHIBITS}exhibit_list.csv"
CHARTS = "data/03_charts/"
ORIGINALS = "data/04_data/original/"
DOCUMENTS = "data/04_data/documents/"
NORMALISED = "data/04_data/normalised/"
DATA = "data/04_data/"
ANALYSIS = "data/05_analysis/"
TABLES = "data/05_analysis/tables/"
CALIBRATIONS = "data/05_analysis/calibration-"
CUSTODY = "data/06_custody/"
LEGAL = "data/07_legal/"


def plain(text: str, longest: int) -> str:
    """The ASCII letters and digits of a text, words joined by hyphens; never empty."""
    return _PLAIN.sub("-", text[: 4 * longest]).strip("-")[:longest].strip("-") or "x"


def top_folder(contents: PackContents) -> str:
    """The folder that a pack unpacks into, such as CASE-2026-014_pack-03."""
    return top_folder_of(contents.case_id, contents.number)


def top_folder_of(case: str, number: int) -> str:
    """The folder that a pack unpacks into, by the case and the pack's number."""
    # The first group of a random id tells two packs on a desk apart; bag-info.txt holds it whole.
    short = case[:8] if _UUID.fullmatch(case) else plain(re.sub("(?i)^case-", "", case), 20)
    return f"CASE-{short}_pack-{number:02d}"


def corpus_file(number: int) -> str:
    """Where a corpus's normalised answers lie."""
    return f"{NORMALISED}corpus-{number:04d}.jsonl"


def source_file(source: PackSource) -> str:
    """Where a file as received lies: its number and the start of its SHA-256; a document has a name of its own."""
    if source.document:
        return f"{DOCUMENTS}{source.document}-{source.sha256[:12]}{source.ending}"
    return f"{ORIGINALS}source-{source.id:04d}-{source.sha256[:12]}.bin"


def document_stem(number: int, title: str) -> str:
    """The beginning of the names of a document's files."""
    return f"D{number:03d}-{plain(title, 30).lower()}"


def calibration_file_name(digest: str) -> str:
    """Where the calibration with this SHA-256 lies, from which likelihood ratios were computed."""
    return f"{CALIBRATIONS}{digest[:12]}.json"


def finding_stem(number: int, key: str) -> str:
    """The common name of everything that belongs to one finding."""
    return f"F{number:03d}_{plain(key, 24).replace('-', '_').lower()}"


def table_stem(number: int, at: int, name: str) -> str:
    """The name of a finding's table; its place in the alphabet keeps two alike names apart."""
    return f"F{number:03d}_{at:02d}_{plain(name, 24).replace('-', '_').lower()}"
