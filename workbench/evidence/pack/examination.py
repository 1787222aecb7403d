"""Files of a pack about its examination: counts, what is masked, and which originals are withheld."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workbench.core.csv_lists import rows_in
from workbench.core.hashing import sha256_lines
from workbench.core.model import Json
from workbench.core.secrets.redaction_seal import COLUMNS, sealed_line
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.corpus_digest import Redacted
from workbench.evidence.pack.names import CUSTODY, DATA
from workbench.evidence.pack.registers import csv_bytes, pretty

REDACTION_LOG = f"{CUSTODY}redaction_log.csv"
WITHHELD = f"{CUSTODY}withheld.csv"
EXAMINATION = f"{DATA}examination.json"
EXAMINATION_TABLE = f"{DATA}examination.csv"

_COUNTS = (
    "answers", "empty", "truncated", "looks_cut", "refused", "copies", "near_duplicates", "like_other_corpora",
    "quoting", "mojibake", "hidden", "control", "bidi", "zero_width", "secret",
)  # fmt: skip


def examination_files(contents: PackContents) -> dict[str, bytes]:
    """The files, by path; of a case that was never examined none but the empty log."""
    files = {REDACTION_LOG: csv_bytes(COLUMNS, contents.redactions), WITHHELD: _withheld(contents)}
    exam = contents.examination
    if exam is not None:
        files[EXAMINATION] = pretty({"rules": exam.rules, "counts": exam.counts})
        files[EXAMINATION_TABLE] = counts_table(exam.counts)
    return files


def counts_table(counts: Json) -> bytes:
    """The counts of each corpus as a table, with the columns of the rules by which they were counted."""
    columns = counted_of(counts, _COUNTS)
    rows = [
        (name, *(item[key] for key in columns), languages(item["languages"], 100))
        for name, item in sorted(counts["corpora"].items())
    ]
    return csv_bytes(("corpus", *columns, "languages"), rows)


def counted_of(counts: Json, names: Iterable[str]) -> list[str]:
    """Those of some counts that an examination made; earlier rules made fewer."""
    return [name for name in names if name in counts["totals"]]


def languages(found: Mapping[str, int], most: int) -> str:
    """Languages with their counts, the commonest first."""
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    more = f" and {len(ordered) - most} more" if len(ordered) > most else ""
    return ", ".join(f"{name} {number}" for name, number in ordered[:most]) + more


def _withheld(contents: PackContents) -> bytes:
    included = contents.included
    rows = [
        (*(s.id, s.name, s.sha256, s.size), "withheld" if s.withheld else "included", s.withheld or included[s.sha256])
        for s in contents.sources
        if s.withheld or s.sha256 in included
    ]
    return csv_bytes(("source", "name", "sha256", "bytes", "what", "reason"), rows)


def sealed(rows: Iterable[Sequence[str]]) -> str:
    """The seal of a redaction log as it stands in a pack, header left out; ValueError for what is no such log."""
    return sha256_lines(
        sorted(
            sealed_line(field, text, int(start), int(length), kind, digest, masked)
            for _, field, text, start, length, kind, digest, masked in rows
        )
    )


def read_log(data: bytes) -> tuple[str, Redacted]:
    """The seal of a redaction log, and which masked texts it allows; ValueError for what is no such log."""
    rows = list(rows_in(data))
    if tuple(rows[0]) != COLUMNS:
        raise ValueError
    allowed = {(field, text, masked) for _, field, text, _, _, _, _, masked in rows[1:] if masked}
    return sealed(rows[1:]), allowed
