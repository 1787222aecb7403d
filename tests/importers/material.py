"""Invented files in every format, and what can be asked of the records that come of them."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.importers.chat_records import SESSIONS
from tests.importers.made_records import RECORDS, maker
from workbench.core.model import CorpusFacts, Rejected, Response
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import by_key
from workbench.importers.containers.open import open_file

TEXTS = (
    "Plain words.",
    "Zeile\nzwei, „Anführung“",
    'quotes " and \\ back',
    '}, {"a": 1}, [',
    "雪 \U0001f600",
    "这是一个很好的问题 我们可以这样回答",
    "=1+1",
    "",
)
MAPPING = {"prompt": "q.text", "prompt_key": "id", "response": "a.0.content", "model": "m", "time": "t", "sample": "s"}
COLUMNS = {"prompt": "prompt", "response": "answer", "model": "model", "sample": "n"}
OPTIONS = {
    "alpaca_eval": Options(),
    "fastchat": Options(),
    "mapped_json": Options(mapping=MAPPING),
    "mapped_jsonl": Options(mapping=MAPPING),
    "mapped_csv": Options(mapping=COLUMNS),
    "mapped_object": Options(mapping=MAPPING),
}


def text(source: random.Random) -> str:
    """An answer made of a few of the awkward texts."""
    return " ".join(source.choice(TEXTS) for _ in range(source.randint(1, 4)))


def nested(source: random.Random, number: int) -> dict[str, object]:
    """A record for the mapping."""
    return {
        "id": number,
        "q": {"text": f"prompt {number}", "tags": [{"b": 1}, {"b": 2}]},
        "a": [{"content": text(source)}],
        "m": "model-x",
        "t": 1700000000.5,
        "s": number % 3,
    }


def alpaca(source: random.Random, count: int) -> bytes:
    """An AlpacaEval file."""
    records = [
        {"dataset": "d", "instruction": f"prompt {n}", "output": text(source), "generator": "model-x"}
        for n in range(count)
    ]
    return json.dumps(records, indent=source.choice([None, 2]), ensure_ascii=source.random() < 0.5).encode()


def fastchat(source: random.Random, count: int) -> bytes:
    """A FastChat answer file with one answer a line."""
    return b"".join(
        json.dumps(
            {
                "question_id": n,
                "answer_id": f"a{n}",
                "model_id": "model-x",
                "choices": [{"index": 0, "turns": [text(source)]}],
                "tstamp": 1.5,
            }
        ).encode()
        + b"\n"
        for n in range(count)
    )


def mapped_json(source: random.Random, count: int) -> bytes:
    """A JSON array of nested records."""
    return json.dumps([nested(source, n) for n in range(count)], indent=source.choice([None, 1])).encode()


def mapped_jsonl(source: random.Random, count: int) -> bytes:
    """JSON lines of nested records."""
    return b"".join(json.dumps(nested(source, n)).encode() + b"\n" for n in range(count))


def mapped_object(source: random.Random, count: int) -> bytes:
    """Nested records in a list in an object, under keys, or one after the other over several lines."""
    records = [nested(source, n) for n in range(count)]
    kind = source.randrange(3)
    if kind == 2:
        return "\n".join(json.dumps(record, indent=2) for record in records).encode()
    held = {f"k {n}": record for n, record in enumerate(records)} if kind else records
    return json.dumps({"about": {"n": count}, "data": held}, indent=source.choice([None, 1])).encode()


def mapped_csv(source: random.Random, count: int) -> bytes:
    """A CSV file with quotes and line feeds inside cells."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["prompt", "answer", "model", "n"])
    for n in range(count):
        writer.writerow([f"prompt {n}", text(source), "model-x", n])
    return out.getvalue().encode()


def promptfoo_csv(source: random.Random, count: int) -> bytes:
    """A table of promptfoo with the outcome of a check before each answer."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["q", "[model-x] {{q}}"])
    for n in range(count):
        writer.writerow([f"prompt {n}", f"[PASS] {text(source)}"])
    return out.getvalue().encode()


MAKERS: dict[str, Callable[[random.Random, int], bytes]] = {
    "alpaca_eval": alpaca,
    "fastchat": fastchat,
    "mapped_json": mapped_json,
    "mapped_jsonl": mapped_jsonl,
    "mapped_csv": mapped_csv,
    "mapped_object": mapped_object,
    "promptfoo_csv": promptfoo_csv,
    **{key: maker(key, text) for key in (*RECORDS, *SESSIONS)},
}


def read(file: Path, key: str, options: Options | None = None) -> list[Response | Rejected]:
    """All records of a file."""
    records = by_key(key).read(open_file(file), options or OPTIONS.get(key, Options()), silent)
    return [record for record in records if not isinstance(record, CorpusFacts)]


def accepted(records: Sequence[Response | Rejected]) -> list[Response]:
    """The answers among the records."""
    return [record for record in records if isinstance(record, Response)]


def rejected(records: Sequence[Response | Rejected]) -> list[Rejected]:
    """The rejected among the records."""
    return [record for record in records if isinstance(record, Rejected)]


def gaps(data: bytes, records: Sequence[Response | Rejected]) -> Iterator[bytes]:
    """What stands between the places of the records; fails when they overlap or leave the data."""
    at = 0
    for record in records:
        assert at <= record.offset <= record.offset + record.length <= len(data), record
        yield data[at : record.offset]
        at = record.offset + record.length
    yield data[at:]
