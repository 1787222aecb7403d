"""Invented files in containers, written by other programs' libraries than those that read them here."""

from __future__ import annotations

import html
import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from backports.zstd import zipfile as newer_zipfile

from tests.importers.material import mapped_jsonl, text
from workbench.importers.base import Options

if TYPE_CHECKING:
    from openpyxl import Workbook

_TIMES = re.compile(rb"\d{4}-\d\d-\d\dT[\d:]{8}Z")

STORED, DEFLATED, ZSTD = 0, 8, 93
WHEN = datetime.fromisoformat("2026-03-01T12:30")
ROWS = Options(mapping={"prompt": "question", "response": "reply", "model": "model", "sample": "n"})


def zipped(files: Mapping[str, bytes], method: int = DEFLATED) -> bytes:
    """A zip archive of these files."""
    out = io.BytesIO()
    with newer_zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(newer_zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def sample(source: random.Random, number: int, epoch: int, *, attached: bool = False) -> dict[str, object]:
    """One sample of an Inspect log, as it is written."""
    asked, said = f"Question {number}?", text(source)
    kept = {"0" * 31 + "1": asked, "0" * 31 + "2": said}
    asked_here, said_here = (f"attachment://{key}" for key in kept) if attached else (asked, said)
    answer = {"id": f"m{number}.{epoch}", "role": "assistant", "content": said_here, "source": "generate"}
    return {
        "id": number,
        "epoch": epoch,
        "input": asked_here,
        "target": "t",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": asked_here}, answer],
        "output": {
            "model": "model-x",
            "choices": [{"message": answer, "stop_reason": "stop"}],
            "completion": said_here,
        },
        "scores": {},
        "events": [],
        "attachments": kept if attached else {},
        "completed_at": "2026-03-01T10:00:00+00:00",
    }


HEADER = {
    "version": 2,
    "status": "success",
    "eval": {
        "model": "openai/model-x",
        "task": "t",
        "model_generate_config": {"temperature": 0.5, "max_connections": 20},
    },
    "invalidated": False,
}


def inspect_log(source: random.Random, count: int) -> bytes:
    """A log as a zip archive, deflated as older ones or in zstd as today's."""
    method = source.choice([DEFLATED, ZSTD])
    files = {"_journal/start.json": json.dumps(HEADER | {"status": "started"}).encode()}
    for number in range(count):
        one = sample(source, number // 2, number % 2 + 1, attached=source.random() < 0.5)
        files[f"samples/{one['id']}_epoch_{one['epoch']}.json"] = json.dumps(one).encode()
    files["summaries.json"] = b"[]"
    files["header.json"] = json.dumps(HEADER).encode()
    return zipped(files, method)


def inspect_json(source: random.Random, count: int) -> bytes:
    """A log as one JSON object."""
    samples = [sample(source, n // 2, n % 2 + 1, attached=source.random() < 0.5) for n in range(count)]
    return json.dumps(HEADER | {"samples": samples}, indent=2).encode()


def conversation(source: random.Random, number: int) -> dict[str, object]:
    """A conversation of one question and one answer, as LMSYS has them."""
    turns = [{"role": "user", "content": f"prompt {number}"}, {"role": "assistant", "content": text(source)}]
    return {"conversation_id": f"c{number}", "model": "model-x", "conversation": turns, "turn": 1, "redacted": False}


def chat_parquet(source: random.Random, count: int) -> bytes:
    """Conversations in Parquet, in small row groups."""
    return _parquet([conversation(source, n) for n in range(count)], source)


def mapped_parquet(source: random.Random, count: int) -> bytes:
    """A table in Parquet."""
    rows = [
        {
            "question": f"prompt {n}",
            "reply": text(source),
            "model": "model-x",
            "n": n,
            "when": WHEN,
            "raw": b"\0\xff",
        }
        for n in range(count)
    ]
    return _parquet(rows, source)


def _parquet(rows: list[dict[str, object]], source: random.Random) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    codec = source.choice(["snappy", "zstd", "gzip", "none"])
    version = source.choice(["1.0", "2.0"])
    parquet.write_table(pa.Table.from_pylist(rows), out, row_group_size=7, compression=codec, data_page_version=version)
    return out.getvalue()


def mapped_arrow(source: random.Random, count: int) -> bytes:
    """A table as an Arrow stream."""
    return arrow_stream([{"question": f"prompt {n}", "reply": text(source), "model": "model-x", "n": n}
                         for n in range(count)])  # fmt: skip


def arrow_stream(rows: list[dict[str, object]]) -> bytes:
    """A table as an Arrow stream, some rows a batch."""
    import pyarrow as pa

    out, table = io.BytesIO(), pa.Table.from_pylist(rows)
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table, max_chunksize=7)
    return out.getvalue()


def markdown_chat(source: random.Random, count: int) -> bytes:
    """A conversation under headings."""
    parts = [f"## User\n\nprompt {n}\n\n## Assistant\n\n{text(source) or 'Words.'}\n\n" for n in range(count)]
    return "".join(parts).encode()


def web_page(source: random.Random, count: int) -> bytes:
    """A page whose parts name their authors."""
    return page_of([(f"prompt {n}", text(source) or "Words.", "model-x") for n in range(count)])


def page_of(said: list[tuple[str, str, str]]) -> bytes:
    """A page with these prompts, answers and models."""
    parts = [
        f'<div data-message-author-role="user"><pre>{html.escape(prompt)}</pre></div>'
        f'<div data-message-author-role="assistant" data-message-model-slug="{html.escape(model)}">'
        f"<pre>{html.escape(answer)}</pre></div>"
        for prompt, answer, model in said
    ]
    return f"<!DOCTYPE html><html><body>{''.join(parts)}</body></html>".encode()


def mapped_xlsx(source: random.Random, count: int) -> bytes:
    """A workbook with formulas, dates, and a note beside the table's sheet."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Answers"
    sheet.append(["question", "reply", "model", "n", "when"])
    for n in range(count):
        sheet.append([f"prompt {n}", text(source), "model-x", n, WHEN])
    return _saved(book)


def kit_xlsx(source: random.Random, count: int) -> bytes:
    """The prompt kit's answer sheet as a workbook, its numbers stored as numbers."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["order", "prompt_id", "sample", "prompt", "response", "model", "time"])
    for n in range(count):
        book.active.append([n, f"k-w-{n:03d}", 1, f"prompt {n}", text(source), "model-x", WHEN])
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    """The bytes of a workbook, without the time of day in them."""
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as saved:
        parts = {name: saved.read(name) for name in saved.namelist()}
    parts["docProps/core.xml"] = _TIMES.sub(b"2026-01-01T00:00:00Z", parts["docProps/core.xml"])
    return zipped(parts)


def archive(source: random.Random, count: int) -> bytes:
    """A zip archive of two files of JSON lines and what systems strew in."""
    files = {
        "a/one.jsonl": mapped_jsonl(source, count - count // 2),
        "__MACOSX/._one.jsonl": b"\0\5\x16\7",
        "a/.DS_Store": bytes(100),
    }
    if count // 2:
        files["b/two.jsonl"] = mapped_jsonl(source, count // 2)
    return zipped(files, source.choice([STORED, DEFLATED, ZSTD]))


def text_files(source: random.Random, count: int) -> bytes:
    """A zip archive of text files and the file of their prompts."""
    files = {f"answers/p{n}.txt": text(source).encode() for n in range(count)}
    prompts = "".join(json.dumps({"id": f"p{n}", "prompt": f"prompt {n}"}) + "\n" for n in range(count))
    return zipped(files | {"answers/prompts.jsonl": prompts.encode()}, source.choice([STORED, DEFLATED, ZSTD]))


Maker = Callable[[random.Random, int], bytes]
CONTAINERS: dict[str, Maker] = {
    "inspect_log": inspect_log,
    "inspect_json": inspect_json,
    "chat_parquet": chat_parquet,
    "mapped_parquet": mapped_parquet,
    "mapped_arrow": mapped_arrow,
    "markdown_chat": markdown_chat,
    "web_page": web_page,
    "mapped_xlsx": mapped_xlsx,
    "kit_xlsx": kit_xlsx,
    "archive": archive,
    "text_files": text_files,
}
MAPPED = Options(mapping={"prompt": "q.text", "prompt_key": "id", "response": "a.0.content", "model": "m"})
CONTAINER_OPTIONS = {"mapped_parquet": ROWS, "mapped_arrow": ROWS, "mapped_xlsx": ROWS, "archive": MAPPED}


def old_zip(files: Mapping[str, bytes]) -> bytes:
    """A zip archive by Python's own module."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in files.items():
            written.writestr(name, data)
    return out.getvalue()
