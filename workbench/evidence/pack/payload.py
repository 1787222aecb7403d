"""What lies under data/ in a pack: each file's path, its size at most, and a way to its bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import orjson

from workbench.core.hashing import canonical
from workbench.core.model import Json
from workbench.core.resources import resource
from workbench.core.statistics.fitted_calibration import used_in
from workbench.evidence.pack.collection import COLLECTION, collection_table
from workbench.evidence.pack.contents import PackContents, PackFinding
from workbench.evidence.pack.documents import document_files
from workbench.evidence.pack.examination import examination_files
from workbench.evidence.pack.names import (
    ANALYSIS,
    CHARTS,
    DATA,
    TABLES,
    calibration_file_name,
    corpus_file,
    finding_stem,
    source_file,
    table_stem,
)
from workbench.evidence.pack.registers import BOM, csv_bytes, csv_lines, custody_table, pretty, registers, table_csv
from workbench.evidence.pack.replay import replay_text
from workbench.evidence.pack.sealed import AUDIT_HEAD, AUDIT_LOG, CUSTODY_TABLE
from workbench.evidence.pack.zip_writer import file_chunks, worth_packing
from workbench.evidence.report.charts import Chart

CHECKER = f"{ANALYSIS}check_pack.py.txt"
"""The check of a pack as one file of Python; as text, since mail filters drop programs."""

METHOD = f"{ANALYSIS}method.md"

_TOGETHER = 1000
"""Rows of a long list that are written at once."""

DUPLICATES = (
    "corpus", "place", "index", "offset", "length", "member",
    "twin", "twin_source", "twin_place", "twin_index", "twin_offset", "twin_length", "twin_member",
)  # fmt: skip
"""The columns of duplicates.csv, after the import and its source; the ledger seals index to member, and twin."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the pack: `size` is an upper bound, `packed` whether the zip deflates it.

    `sha256` is what its bytes must hash to, where that is known beforehand.
    """

    path: str
    size: int
    chunks: Callable[[], Iterable[bytes]]
    packed: bool = True
    sha256: str = ""


def payload(contents: PackContents, charts: Mapping[int, Chart], set_files: Mapping[str, bytes]) -> list[Member]:
    """Every member under data/, sorted by path; normalised answers and originals are streamed.

    `set_files` are the report, the summary and what is for lawyers.
    """
    small = dict(set_files)
    for item in contents.findings:
        small |= _chart_files(item, charts[item.exhibit.number]) | _table_files(item) | _calibration_file(item)
    small |= _register_files(contents) | examination_files(contents)
    small[f"{DATA}import_log.csv"] = import_log(contents)
    small[f"{DATA}names.csv"] = names_table(contents)
    small[COLLECTION] = collection_table(contents)
    small |= document_files(map(json.loads, contents.ledger_lines))
    members = [Member(path, len(data), partial(iter, (data,))) for path, data in small.items()]
    members += _streamed(contents)
    return sorted(members, key=lambda member: member.path)


def _streamed(contents: PackContents) -> Iterator[Member]:
    received = sum(source.size for source in contents.sources)
    yield Member(f"{DATA}rejected.csv", received, partial(_rejected, contents))
    # A row takes some hundred bytes; the names of members may be longer.
    bound = received + 1_000 * (1 + sum(item.duplicate for item in contents.imports))
    yield Member(f"{DATA}duplicates.csv", bound, partial(_duplicates, contents))
    for item in contents.corpora:
        # A control character takes six bytes in JSON; lineage adds some hundred bytes to each answer.
        bound = 6 * received + 2_000 * item.accepted
        yield Member(corpus_file(item.corpus.id), bound, partial(_lines, contents, item.corpus.name))
    for source in contents.sources if contents.include_originals else ():
        if source.path is not None and not source.withheld:
            chunks = partial(file_chunks, source.path)
            yield Member(source_file(source), source.size, chunks, worth_packing(source.path), source.sha256)


def _lines(contents: PackContents, corpus: str) -> Iterator[bytes]:
    batch = bytearray()
    for record in contents.normalised(corpus):
        batch += orjson.dumps(record, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)
        if len(batch) > 1 << 20:
            yield bytes(batch)
            batch.clear()
    yield bytes(batch)


def _rejected(contents: PackContents) -> Iterator[bytes]:
    yield BOM + csv_bytes(("import", "source", "place", "reason"), ())
    for item in contents.imports:
        for place, reason in contents.rejections(item.id):
            yield csv_lines([(item.id, item.source, place, reason)]).encode()


def _duplicates(contents: PackContents) -> Iterator[bytes]:
    yield BOM + csv_bytes(("import", "source", *DUPLICATES), ())
    for item in contents.imports:
        rows = contents.duplicates(item.id)
        while some := list(islice(rows, _TOGETHER)):
            yield csv_lines([(item.id, item.source, *row) for row in some]).encode()


def _chart_files(item: PackFinding, chart: Chart) -> dict[str, bytes]:
    stem = CHARTS + finding_stem(item.exhibit.number, item.exhibit.finding.analysis)
    return {
        f"{stem}.svg": chart.svg,
        f"{stem}.png": chart.png,
        f"{stem}.csv": chart.csv,
        f"{stem}.txt": f"{chart.text}\n".encode(),
    }


def _table_files(item: PackFinding) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for at, (name, table) in enumerate(sorted(item.exhibit.finding.tables.items()), 1):
        stem = TABLES + table_stem(item.exhibit.number, at, name)
        files[f"{stem}.csv"] = table_csv(table)
        # The canonical bytes: their SHA-256 is the digest that results.json gives for the table.
        files[f"{stem}.json"] = canonical(table.as_json())
    return files


def _calibration_file(item: PackFinding) -> dict[str, bytes]:
    """The calibration that a finding was made with; several findings share one file."""
    used = used_in(item.exhibit.finding)
    return {} if used is None else {calibration_file_name(used[0]): used[1]}


def _result(item: PackFinding) -> Json:
    exhibit = item.exhibit
    tables = sorted(exhibit.finding.tables)
    return {
        "number": exhibit.number,
        "title": exhibit.title,
        "status": exhibit.status,
        "made": exhibit.made,
        "withdrawn": exhibit.withdrawn,
        "sha256": item.sha256,
        "ledger_line": item.ledger_line,
        "options": item.options,
        "finding": exhibit.finding.as_json(),
        "narrative": {
            "rung": exhibit.narrative.rung,
            "headline": exhibit.narrative.headline,
            "sentences": list(exhibit.narrative.sentences),
            "limits": list(exhibit.narrative.limits),
        },
        "alternative_text": exhibit.alternative_text,
        "opinion": item.opinion,
        "chart": CHARTS + finding_stem(exhibit.number, exhibit.finding.analysis),
        "tables": {name: TABLES + table_stem(exhibit.number, at, name) for at, name in enumerate(tables, 1)},
    }


def _register_files(contents: PackContents) -> dict[str, bytes]:
    results = [_result(f) for f in contents.findings]
    return registers(results, map(json.loads, contents.ledger_lines)) | {
        f"{ANALYSIS}results.json": pretty({"case": contents.case_id, "findings": results}),
        f"{ANALYSIS}replay.md": replay_text(contents).encode(),
        METHOD: contents.method.encode(),
        CHECKER: resource("report/check_pack.py.txt").read_bytes(),
    }


def log_files(lines: Sequence[str]) -> dict[str, bytes]:
    """The audit log up to and with the line that seals the pack, its head, and the log as a table."""
    entries = [json.loads(line) for line in lines]
    return {
        AUDIT_LOG: "".join(f"{line}\n" for line in lines).encode(),
        AUDIT_HEAD: f"{entries[-1]['hash']}\n".encode(),
        CUSTODY_TABLE: custody_table(entries),
    }


def import_log(contents: PackContents) -> bytes:
    """Which file was read how, when, and what came of its records."""
    header = ("import", "source", "importer", "begun", "done", "records", "accepted", "rejected", "duplicate")
    rows = [
        (
            *(i.id, i.source, i.importer, i.begun, i.done, i.records, i.accepted, i.rejected, i.duplicate),
            *(" | ".join(i.corpora), canonical(i.options).decode(), i.state, i.ledger_line),
        )
        for i in contents.imports
    ]
    return csv_bytes((*header, "corpora", "options", "state", "ledger_line"), rows)


def names_table(contents: PackContents) -> bytes:
    """Which file stands for which name: the only place where names as given meet file names."""
    rows: list[tuple[Json, ...]] = [
        ("corpus", c.corpus.id, c.corpus.name, corpus_file(c.corpus.id), c.corpus.sha256, c.accepted)
        for c in contents.corpora
    ]
    for source in contents.sources:
        kept = contents.include_originals and source.path is not None and not source.withheld
        rows.append(("source", source.id, source.name, source_file(source) if kept else "", source.sha256, source.size))
    return csv_bytes(("kind", "id", "name", "file", "sha256", "answers_or_bytes"), rows)
