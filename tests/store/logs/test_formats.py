"""Each format's record comes to one exchange with the same time, texts and counts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.importers.logs import records
from workbench.core.errors import BadInputError, UsageError
from workbench.core.logs import LineBatch, LogCounts, LogFormat
from workbench.core.pseudonyms import Pseudonyms
from workbench.importers.logs.formats import FORMATS, LANGFUSE, OTEL, guessed, mapped, named, recognised
from workbench.importers.logs.lines import json_lines
from workbench.importers.logs.rows import array_records, batches, csv_records, parquet_records
from workbench.store.logs.engine import Engine
from workbench.store.logs.intake import Intake

COLUMNS = 'ts::VARCHAR, prompt, "system", response, model, pt, ct, calls, ok'
ALL = (records.TIME, records.PROMPT, records.SYSTEM, records.ANSWER, "p-1", 20, 5, 1, True)
NAMES = Pseudonyms(b"key")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path / "temporary") as made:
        yield made


def stored(
    engine: Engine, folder: Path, form: LogFormat, given: Iterator[LineBatch], columns: str = COLUMNS
) -> tuple[LogCounts, list[tuple[Any, ...]]]:
    """The counts, and the columns of all exchanges."""
    counts = Intake(engine, folder, 1, form, NAMES).take(given)
    sql = f"SELECT {columns} FROM read_parquet('{folder}/part-*.parquet') ORDER BY row, call"
    return counts, engine.connection.execute(sql).fetchall()


def as_lines(*given: Any) -> Iterator[LineBatch]:
    """Records as JSON lines."""
    return json_lines(io.BytesIO(b"".join(json.dumps(one).encode() + b"\n" for one in given)))


CASES = {
    "litellm": (records.LITELLM, ALL, records.LITELLM["api_key"]),
    "langfuse": (records.LANGFUSE, ALL, "user-1"),
    "helicone": (records.HELICONE, ALL, "user-1"),
    "bedrock": (records.BEDROCK, ALL, "arn:aws:iam::123456789012:user/jo"),
    "usage": (records.USAGE, (records.TIME, None, None, None, "p-1", 20, 5, 3, True), "key-1"),
}


@pytest.mark.parametrize("key", list(CASES))
def test_a_record_is_recognised_and_read(engine: Engine, tmp_path: Path, key: str) -> None:
    record, expected, account = CASES[key]
    form = recognised(record)
    assert form is named(key)
    counts, rows = stored(engine, tmp_path / "log", form, as_lines(record), COLUMNS + ", account")
    assert (counts.lines, counts.accepted) == (1, 1)
    assert rows == [(*expected, NAMES.of("account", str(account)))]


def test_every_format_but_mapped_ones_has_a_record_here() -> None:
    assert {form.key for form in FORMATS} == {*CASES, "otel"}
    assert recognised({"ts", "account", "prompt"}) is None


def test_spans_come_one_by_one_out_of_their_line(engine: Engine, tmp_path: Path) -> None:
    assert recognised(records.OTEL) is OTEL
    counts, rows = stored(engine, tmp_path / "log", OTEL, as_lines(records.OTEL, {"resourceSpans": []}))
    assert (counts.accepted, counts.rejected) == (2, {"no call to a model": 1, "no record": 1})
    assert sorted(rows, key=str) == sorted([ALL, (*ALL[:2], None, *ALL[3:])], key=str)


def test_observations_within_a_trace_take_its_user(engine: Engine, tmp_path: Path) -> None:
    inner = {k: v for k, v in records.LANGFUSE.items() if k != "userId"}
    trace = {"id": "trace-1", "userId": "user-1", "observations": [inner, inner | {"type": "SPAN", "id": "obs-2"}]}
    assert recognised(trace) is LANGFUSE
    counts, rows = stored(engine, tmp_path / "log", LANGFUSE, as_lines(trace), COLUMNS + ", account")
    assert (counts.accepted, counts.rejected) == (1, {"no call to a model": 1})
    assert rows == [(*ALL, NAMES.of("account", "user-1"))]


def test_a_call_that_is_there_twice_counts_once(engine: Engine, tmp_path: Path) -> None:
    other = records.HELICONE | {"request_id": "r-2"}
    counts, rows = stored(
        engine, tmp_path / "log", named("helicone"), as_lines(records.HELICONE, records.HELICONE, other)
    )
    assert (counts.lines, counts.accepted, counts.duplicate) == (3, 2, 1)
    assert len(rows) == 2
    usage = as_lines(records.USAGE, records.USAGE)
    assert stored(engine, tmp_path / "usage", named("usage"), usage)[0].accepted == 2


def test_a_failed_call_is_kept_and_marked(engine: Engine, tmp_path: Path) -> None:
    failed = records.HELICONE | {"response_status": 429}
    _, rows = stored(engine, tmp_path / "log", named("helicone"), as_lines(failed), "ok")
    assert rows == [(False,)]


def table(text: str) -> io.BytesIO:
    """A CSV file."""
    return io.BytesIO(text.encode())


def test_csv_rows_keep_their_place(engine: Engine, tmp_path: Path) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(
        out, ["startTime", "api_key", "spend", "messages", "response", "model"], lineterminator="\r\n"
    )
    writer.writeheader()
    row = {
        "startTime": "2026-01-02 03:04:05",
        "api_key": "k",
        "spend": 0,
        "messages": json.dumps(records.MESSAGES),
        "response": json.dumps(records.CHAT, indent=1),
        "model": "p-1",
    }
    writer.writerows([row, row | {"startTime": "x"}])
    text = "\ufeff" + out.getvalue() + "\r\n,,,,,,,9\r\n"
    data = text.encode()
    counts, rows = stored(
        engine,
        tmp_path / "log",
        named("litellm"),
        batches(csv_records(io.BytesIO(data))),
        '"offset", length, prompt, "system", response',
    )
    assert (counts.lines, counts.accepted) == (4, 1)
    assert counts.rejected == {"blank line": 1, "more cells than the header has": 1, "unreadable time": 1}
    ((offset, length, *texts),) = rows
    assert texts == [records.PROMPT, records.SYSTEM, records.ANSWER]
    assert data[offset : offset + length].startswith(b"2026-01-02 03:04:05,k,0,")
    assert data[offset + length :].startswith(b"x,k")


def test_damaged_csv_is_told_row_by_row() -> None:
    records_of = list(csv_records(io.BytesIO(b'a,b\n1,"x"y\n2,\xff\n3,ok\n4,"open\n')))
    assert [line if isinstance(line, str) else json.loads(line) for _, _, line in records_of] == [
        "damaged CSV: ',' expected after '\"'",
        "no UTF-8",
        {"a": "3", "b": "ok"},
        "damaged CSV: unexpected end of data",
    ]
    with pytest.raises(BadInputError, match="no header"):
        list(csv_records(io.BytesIO(b"")))
    assert [offset for offset, _, _ in csv_records(table("a\n1\n2\n3\n"), 4)] == [4, 6]


def test_parquet_rows_are_read_from_any_row_on(engine: Engine, tmp_path: Path) -> None:
    rows = [
        {
            "startTime": "2026-01-02 03:04:05",
            "api_key": f"k{n}",
            "call_type": "c",
            "messages": records.MESSAGES,
            "response": records.CHAT,
            "model": "p-1",
        }
        for n in range(10)
    ]
    path = tmp_path / "log.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    counts, found = stored(
        engine, tmp_path / "log", named("litellm"), batches(parquet_records(path)), "prompt, response"
    )
    assert (counts.accepted, set(found)) == (10, {(records.PROMPT, records.ANSWER)})
    assert [offset for offset, _, _ in parquet_records(path, 7)] == [7, 8, 9]
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(BadInputError, match="can't be read"):
        list(parquet_records(path))


def test_elements_of_an_array_are_one_line_each(engine: Engine, tmp_path: Path) -> None:
    spans = [(1, json.dumps(records.HELICONE, indent=2).encode()), (900, b'{"a":\r\n1}')]
    counts, rows = stored(engine, tmp_path / "log", named("helicone"), batches(array_records(spans)))
    assert (counts.accepted, counts.rejected, rows) == (1, {"no time": 1}, [ALL])


def test_mappings_are_checked() -> None:
    form = mapped(["ts=when", "account=who", "account=key", "prompt=body.text"])
    assert form.fields == {"ts": ("when",), "account": ("who", "key"), "prompt": ("body.text",)}
    assert mapped(["account=team_id"], named("litellm")).fields["account"] == ("team_id",)
    for wrong in (["ts"], ["when=ts"], ["ts="]):
        with pytest.raises(UsageError, match="maps no column"):
            mapped(wrong)
    with pytest.raises(UsageError, match="no field for account"):
        mapped(["ts=when"])
    assert guessed(["timestamp", "user", "prompt", "x"]) == ("ts=timestamp", "account=user", "prompt=prompt")
    with pytest.raises(UsageError, match="no format"):
        named("other")
    with pytest.raises(ValueError, match="no column"):
        LogFormat("x", "x", {"wrong": ("a",)})
