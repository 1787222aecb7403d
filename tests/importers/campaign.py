"""The campaign against the importers: damaged files of every kind, each made anew from its kind, a seed and a number.

The tests run a hundred of each kind, `tests/benchmarks/mutations.py` as many as one likes.
"""

from __future__ import annotations

import gzip
import io
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from backports import zstd
from backports.zstd import zipfile

from tests.importers import accounting, damages
from tests.importers.container_files import CONTAINER_OPTIONS, CONTAINERS, DEFLATED, STORED, ZSTD, zipped
from tests.importers.material import MAKERS, OPTIONS
from workbench.core.errors import WorkbenchError
from workbench.core.model import CorpusFacts, Rejected, Response
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import choose, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.locate import records_of
from workbench.importers.preview import preview

Damaged = tuple[bytes, tuple[str, ...]]
BASES = 24
"""So many whole files there are of each kind and seed; which of them is damaged, the number says."""

PREVIEWED = 25
"""Of so many files one is also offered to all importers and to the preview."""

WRAPPED = "openai_batch"


@dataclass(frozen=True, slots=True)
class Kind:
    """How files of a kind are made and damaged, who reads them, and what must hold then."""

    make: Callable[[random.Random, int], bytes]
    damage: Callable[[random.Random, bytes, int], Damaged]
    account: accounting.Account
    importer: str
    options: Options = field(default_factory=Options)


def of_bytes(source: random.Random, data: bytes, number: int) -> Damaged:
    """A container whose bytes are damaged, most often in place."""
    chosen = source.choice(
        [damages.flipped] * 6 + [damages.truncated, damages.dropped, damages.repeated, damages.nul_bytes]
    )
    return chosen(source, data), (chosen.__name__,)


def of_zip(source: random.Random, data: bytes, number: int) -> Damaged:
    """A zip archive that is damaged itself, or made anew around a damaged file."""
    if source.random() < 0.4 and not damages.rare(number):
        return of_bytes(source, data, number)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = source.choice(sorted(files))
    files[name], names = damages.of_text(source, files[name], number)
    return zipped(files, source.choice([STORED, STORED, ZSTD])), names


def of_workbook(source: random.Random, data: bytes, number: int) -> Damaged:
    """A workbook that is damaged as any zip archive, or whose sheet says of its cells what is not so."""
    if source.random() < 0.4 or damages.rare(number):
        return of_zip(source, data, number)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(source.choice([1, 1, 2, 5])):
        pattern, values = source.choice(_OF_CELLS)
        sheet = files[_SHEET]
        found = list(pattern.finditer(sheet))
        if found:
            match = source.choice(found)
            files[_SHEET] = b"".join((sheet[: match.start(1)], source.choice(values), sheet[match.end(1) :]))
    return zipped(files, STORED), (damages.wrong_types.__name__,)


_SHEET = "xl/worksheets/sheet1.xml"
_OF_CELLS = (
    (re.compile(rb't="([^"]*)"'), (b"b", b"e", b"s", b"str", b"n", b"d", b"inlineStr", b"zzz", b"")),
    (re.compile(rb'r="([^"]*)"'), (b"A1", b"A1048577", b"ZZZZ1", b"-1", b"", b"7", b"99999999999", b"A", b"XFD3")),
    (re.compile(rb's="([^"]*)"'), (b"99999", b"-1", b"", b"x")),
    (re.compile(rb"<v>([^<]*)</v>"), (b"", b"99999999", b"-1", b"NaN", b"1e999", b"x", b"2020-13-45", b"TRUE")),
    (re.compile(rb"(<c [^>]*>.*?</c>)", re.DOTALL), (b"", b"<c/>", b"<c><f>1+1</f></c>", b"<c><v/></c>", b"<row/>")),
    (re.compile(rb"(</row>)"), (b"", b"</row><row>", b"</row></row>", b'</row><row r="3"/>')),
)


def of_pages(source: random.Random, data: bytes, number: int) -> Damaged:
    """A Parquet file that is damaged anywhere, in its pages alone, or in its directory alone."""
    end = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    where = source.choice(["anywhere", "pages", "pages", "directory"])
    if where == "anywhere":
        return of_bytes(source, data, number)
    first, stop = (4, end) if where == "pages" else (end, len(data) - 8)
    changed = damages.flipped(source, data[first:stop])
    return b"".join((data[:first], changed, data[stop:])), (damages.flipped.__name__,)


def of_wrapped(wrap: Callable[[random.Random, bytes], bytes]) -> Callable[[random.Random, bytes, int], Damaged]:
    """Text that is damaged before it is wrapped, or in its wrapping."""

    def damage(source: random.Random, data: bytes, number: int) -> Damaged:
        if source.random() < 0.5 or damages.rare(number):
            data, names = damages.of_text(source, data, number)
            return wrap(source, data), names
        return of_bytes(source, wrap(source, data), number)

    return damage


def _gzip(source: random.Random, data: bytes) -> bytes:
    at = source.randrange(len(data) + 1) if source.random() < 0.2 else len(data)
    rest = gzip.compress(data[at:], 1, mtime=0) if at < len(data) else b""
    return gzip.compress(data[:at], 1, mtime=0) + rest


def _zstd(source: random.Random, data: bytes) -> bytes:
    at = source.randrange(len(data) + 1) if source.random() < 0.2 else len(data)
    return zstd.compress(data[:at]) + (zstd.compress(data[at:]) if at < len(data) else b"")


WRAPS: dict[str, Callable[[random.Random, bytes], bytes]] = {
    "gzip": _gzip,
    "zstd": _zstd,
    "zip": lambda source, data: zipped({"a/b.jsonl": data}, source.choice([STORED, DEFLATED, ZSTD])),
    "gzip in zip": lambda source, data: zipped({"b.jsonl.gz": _gzip(source, data)}, STORED),
    "zip in gzip": lambda source, data: gzip.compress(zipped({"b.jsonl": data}, DEFLATED), 1, mtime=0),
}
TEXTS = MAKERS | {key: CONTAINERS[key] for key in ("inspect_json", "markdown_chat", "web_page")}
_BINARY: dict[str, tuple[Callable[[random.Random, bytes, int], Damaged], accounting.Account]] = {
    "inspect_log": (of_zip, accounting.samples),
    "archive": (of_zip, accounting.members),
    "text_files": (of_zip, accounting.members),
    "mapped_xlsx": (of_workbook, accounting.sheets),
    "kit_xlsx": (of_workbook, accounting.sheets),
    "chat_parquet": (of_pages, accounting.rows),
    "mapped_parquet": (of_pages, accounting.rows),
    "mapped_arrow": (of_bytes, accounting.read_rows),
}
TEXT_KINDS = {
    key: Kind(make, damages.of_text, accounting.text_of(key), key, OPTIONS.get(key, Options()))
    for key, make in TEXTS.items()
}
CONTAINER_KINDS = {
    key: Kind(CONTAINERS[key], damage, account, key, CONTAINER_OPTIONS.get(key, Options()))
    for key, (damage, account) in _BINARY.items()
} | {
    name: Kind(MAKERS[WRAPPED], of_wrapped(wrap), accounting.text_of(WRAPPED), WRAPPED) for name, wrap in WRAPS.items()
}
KINDS = TEXT_KINDS | CONTAINER_KINDS


@dataclass(slots=True)
class Figures:
    """What came of some damaged files of a kind."""

    files: int = 0
    read: int = 0
    refused: int = 0
    accepted: int = 0
    rejected: int = 0
    slowest: float = 0.0
    slowest_number: int = -1
    damages: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


@lru_cache(maxsize=4)
def bases(key: str, seed: int) -> tuple[bytes, ...]:
    """The whole files of a kind; most are small, for they show the same."""
    source = random.Random(f"{key} {seed}")
    sizes = [source.randint(1, 12) for _ in range(BASES - 1)] + [60]
    return tuple(KINDS[key].make(source, size) for size in sizes)


def damaged(key: str, seed: int, number: int) -> Damaged:
    """The damaged file of this number, and the names of its damages; always the same."""
    source = random.Random(f"{key} {seed} {number}")
    return KINDS[key].damage(source, source.choice(bases(key, seed)), number)


def attempt(file: Path, key: str, *, looked_at: bool = False) -> list[Response | Rejected] | None:
    """The records of a damaged file, which are in order whatever was done to it; None where it is refused in words."""
    kind = KINDS[key]
    try:
        opened = open_file(file)
        if looked_at:
            assert len(recognise(opened).known.claims) <= 1
            preview(recognise(opened))
        chosen = choose(recognise(opened), kind.options, kind.importer)
        found = list(records_of(chosen, opened, kind.options, silent))
    except WorkbenchError as error:
        accounting.in_words(error)
        return None
    records = [record for record in found if not isinstance(record, CorpusFacts)]
    accounting.in_order(records)
    # A damaged directory may have made a log or a workbook an archive as any other.
    account = accounting.members if opened.container == "zip" else kind.account
    account(opened, records)
    return records


def run(key: str, seed: int, numbers: range, folder: Path, watch: Callable[[], None] = lambda: None) -> Figures:
    """Make, read and count the damaged files of these numbers; one that fails stays in the folder.

    `watch` is called before each file, so that somebody may start a clock.
    """
    figures, seen = Figures(), Counter[str]()
    for number in numbers:
        data, names = damaged(key, seed, number)
        file = folder / f"{key}-{seed}-{number}".replace(" ", "-")
        file.write_bytes(data)
        del data
        watch()
        started = time.perf_counter()
        try:
            records = attempt(file, key, looked_at=number % PREVIEWED == 3)
        except Exception as error:
            figures.failures.append(f"{key}, seed {seed}, number {number} ({', '.join(names)}): {error!r:.500}")
            continue
        _count(figures, records, number, time.perf_counter() - started)
        seen.update(names)
        file.unlink()
    figures.damages = dict(seen)
    return figures


def _count(figures: Figures, records: list[Response | Rejected] | None, number: int, seconds: float) -> None:
    figures.files += 1
    figures.read += records is not None
    figures.refused += records is None
    answers = sum(isinstance(record, Response) for record in records or ())
    figures.accepted += answers
    figures.rejected += len(records or ()) - answers
    if seconds > figures.slowest:
        figures.slowest, figures.slowest_number = seconds, number
