"""What must hold of any file, however damaged it is: every record has a number, a place and an end that is told."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from tests.importers.chat_records import SESSIONS
from tests.importers.made_records import ARRAYS, INSIDE, LINES, RECORDS
from tests.importers.material import accepted, gaps, rejected
from workbench.core.errors import WorkbenchError
from workbench.core.model import Rejected, Response
from workbench.importers.base import MAX_RECORD, Opened
from workbench.importers.choose import by_key
from workbench.importers.containers.answer_files import holds_answers, prompts_in
from workbench.importers.containers.parquet_page_sizes import groups
from workbench.importers.containers.zip_directory import entries
from workbench.importers.reading import tolerant_parse
from workbench.importers.reading.sample import is_one_object

Records = Sequence[Response | Rejected]
Account = Callable[[Opened, Records], None]

BLANK = b" \t\r\n\x0b\x0c"
MARK = b"\xef\xbb\xbf"
JSON_LINES = ("mapped_jsonl", "fastchat", *LINES)
INSIDES = {*INSIDE, "inspect_json"}
_LOST = re.compile(r"rows ([\d,]+) to ([\d,]+) can't be read")
_SAMPLE = re.compile(r"samples/.+_epoch_\d+(/sample)?\.json")


def in_order(records: Records) -> None:
    """The records of each file are numbered through; each answer is whole, each rejected record has its reason."""
    for before, record in pairwise(records):
        assert record.number == before.number + 1 or (record.number == 0 and record.member != before.member)
    assert not records or records[0].number == 0
    for answer in accepted(records):
        answer.text.encode()
        (answer.prompt or "").encode()
        assert answer.prompt is not None or answer.prompt_key is not None
    assert all(record.reason for record in rejected(records))


def in_words(error: WorkbenchError) -> None:
    """The refusal says something, and nothing of our insides."""
    assert error.message.strip(), "refused without a word"
    assert not any(ours in error.message + error.hint for ours in ("Errno", "Traceback", "Error(")), error.message


def text_of(key: str) -> Account:
    """Every byte of a text stands in the place of a record or is what separates records."""

    def account(opened: Opened, records: Records) -> None:
        with opened.stream() as stream:
            data = stream.read()  # the places are in UTF-8, whatever the encoding was
        # One line or element may give several answers.
        placed = [r for at, r in enumerate(records) if not at or r.offset != records[at - 1].offset or not r.length]
        start = data[:4096].removeprefix(MARK).lstrip(b" \t\r\n")[:1]
        if start == b"[" and key in (*RECORDS, *INSIDES, "fastchat", "alpaca_eval", "mapped_json"):
            _separated(data, placed, BLANK + b",[]" + MARK)
        elif key in INSIDES:
            _separated(data, placed, BLANK + b",[]" + MARK, slice(1, -1))
        elif key == "mapped_object" or (getattr(by_key(key), "documents", False) and is_one_object(opened)):
            _held(data, placed)
        elif key in SESSIONS:
            _lines_of_sessions(data, records, lines=key != "message_rows" or start == b"{")
        elif key in ("markdown_chat", "web_page"):
            _within(data, records)
        elif key in ("mapped_csv", "promptfoo_csv") or (key == "kit_sheet" and start != b"{"):
            _rows(data, placed)
        elif key in JSON_LINES:
            _lines(data, placed)
        else:
            assert key in ("alpaca_eval", "mapped_json", *ARRAYS), key
            _lines(data, placed)

    return account


def _separated(data: bytes, records: Records, allowed: bytes, which: slice = slice(None)) -> None:
    lost = [gap[:200] for gap in list(gaps(data, records))[which] if gap.strip(allowed)]
    assert not lost, lost


def _held(data: bytes, records: Records) -> None:
    """Between two records stands a comma and the key of the second, or the end of what held the first; else nothing."""
    for gap in list(gaps(data, records))[1:-1]:
        assert re.fullmatch(rb'[\s,\[\]]*(\}\s*|"(?:[^"\\]|\\.)*"\s*:\s*)?', gap, re.DOTALL), gap[:200]


def _lines(data: bytes, records: Records) -> None:
    """The places are those of all lines that are not blank, found here by themselves."""
    expected = list(lines_of(data))
    found = [(record.offset, record.length) for record in records]
    if found and not found[-1][1]:
        found.pop()  # what ended the stream before its time, where it broke between two lines
    assert found == expected


def _lines_of_sessions(data: bytes, records: Records, *, lines: bool) -> None:
    """Each place is a line's, or an element's of an array; every line that is no JSON at all was rejected."""
    for record in records:
        assert 0 <= record.offset <= record.offset + record.length <= len(data), record
    if not lines or data[:4096].removeprefix(MARK).lstrip(b" \t\r\n")[:1] == b"[":
        return
    places = {(record.offset, record.length) for record in rejected(records)}
    known = dict(lines_of(data))
    assert all(known.get(record.offset) == record.length for record in records if record.length)
    unreadable = [place for place in known.items() if not _is_record(data[place[0] : sum(place)])]
    assert places.issuperset(unreadable), set(unreadable) - places


def _is_record(line: bytes) -> bool:
    if len(line) > MAX_RECORD:
        return False  # The importer reads none so long, and nor does this.
    try:
        tolerant_parse.parse(line)
    except tolerant_parse.RecordError:
        return False
    return True


def _within(data: bytes, records: Records) -> None:
    """The places are in order and within the file."""
    assert all(0 <= record.offset <= record.offset + record.length <= len(data) for record in records)
    assert [record.offset for record in records] == sorted(record.offset for record in records)


def lines_of(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each line begins that is not blank, and how long it is."""
    at = len(MARK) if data.startswith(MARK) else 0
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        if data[at : min(end, at + 100)].strip() or data[at:end].strip():
            yield at, end - at
        at = end + 1


def _rows(data: bytes, records: Records) -> None:
    """Between the rows stands the header, below those above it, and else nothing but line ends."""
    texts = [gap.removeprefix(MARK).decode("utf-8", "replace") for gap in gaps(data, records)]
    text, *others = [one for one in texts if one.strip("\r\n")] or [""]
    assert not others
    delimiter = max((",", "\t", ";", "|"), key=text.count)
    if text.strip("\r\n") and records:
        assert len([row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]) == 1


def members(opened: Opened, records: Records) -> None:
    """Every file of an archive that may hold answers gave a record."""
    named = {record.member for record in records}
    with opened.stream() as listing, opened.stream() as file:
        prompts = prompts_in(opened, file, threading.Lock())
        wanted = [entry for entry in entries(listing) if holds_answers(entry, prompts)]
    # A damaged name may itself hold what separates an archive from its member.
    of = {place: {e.name for e in wanted if place == e.name or place.startswith(f"{e.name}!/")} for place in named}
    missing = [entry for entry in wanted if entry.name not in set().union(*of.values())]
    assert not missing, missing
    assert all(of.values())


def samples(opened: Opened, records: Records) -> None:
    """Every sample in the directory of an Inspect log gave a record, also one that a later file replaces."""
    with opened.stream() as listing:
        wanted = [entry.name for entry in entries(listing) if _SAMPLE.fullmatch(entry.name)]
    found = [record.member for at, record in enumerate(records) if not at or record.member != records[at - 1].member]
    assert sorted(set(found)) == sorted(set(wanted))
    assert len(records) >= len(wanted)


def rows(opened: Opened, records: Records) -> None:
    """Every row that the directory of a Parquet file counts is read, or among those that are said to be lost."""
    with opened.stream() as stream:
        count = sum(group.rows for group in groups(stream))
    at = 0
    for record in records:
        number = int(record.member.removeprefix("row "))
        assert number in (at, at + 1), record
        at = number
        lost = _LOST.match(record.reason) if isinstance(record, Rejected) else None
        if lost:
            first, last = (int(words.replace(",", "")) for words in lost.groups())
            assert first == number
            at = last
    assert at == count


def read_rows(opened: Opened, records: Records) -> None:
    """The rows come in order and none twice."""
    numbers = [int(record.member.removeprefix("row ")) for record in records]
    assert numbers == sorted(set(numbers))


def sheets(opened: Opened, records: Records) -> None:
    """The rows of each sheet come in order and none twice."""
    places = [record.member.rsplit(" row ", 1) for record in records]
    numbers = [(sheet, int(number)) for sheet, number in places]
    assert len(set(numbers)) == len(numbers)
    sheets_in_order = list(dict.fromkeys(sheet for sheet, _ in numbers))
    assert numbers == sorted(numbers, key=lambda place: (sheets_in_order.index(place[0]), place[1]))
