"""The forms in which the kit's requests are written: batch files, tables and sheets, as chunks of bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from workbench.app.kit.battery import KitPrompt
from workbench.core.kit_ids import custom_id

SHEET = ("order", "prompt_id", "sample", "prompt", "response", "model", "time")
_TABLE = ("prompt_id", "kind", "topic", "language", "length", "repeats", "prompt")
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sending:
    """How each request is to be sent: the same for all of them."""

    model: str
    max_tokens: int
    temperature: float | None
    system: str


@dataclass(frozen=True, slots=True)
class PromptRequest:
    """One request: a prompt and the number of its sample, from 1."""

    prompt: KitPrompt
    sample: int

    @property
    def custom_id(self) -> str:
        """The id that the answer comes back under."""
        return custom_id(self.prompt.id, self.sample)


def in_random_order(prompts: Iterable[KitPrompt], repeats: int | None, seed: int) -> list[PromptRequest]:
    """Every sample of every prompt, in an order that the seed alone decides.

    The order is that of the SHA-256 of seed and id, so that it is the same on every machine and version.
    """
    asked = [PromptRequest(p, n) for p in prompts for n in range(1, (p.repeats if repeats is None else repeats) + 1)]
    return sorted(asked, key=lambda a: hashlib.sha256(f"{seed} {a.custom_id}".encode()).digest())


def openai_batch(asked: Sequence[PromptRequest], sending: Sending, limit: str) -> Iterator[bytes]:
    """Chat completions, one request a line; `limit` is the name of the field that limits the output."""
    for one in asked:
        messages = [{"role": "system", "content": sending.system}] if sending.system else []
        messages.append({"role": "user", "content": one.prompt.prompt})
        body = {"model": sending.model, "messages": messages, limit: sending.max_tokens} | _temperature(sending)
        yield _line({"custom_id": one.custom_id, "method": "POST", "url": "/v1/chat/completions", "body": body})


def anthropic_batch(asked: Sequence[PromptRequest], sending: Sending) -> Iterator[bytes]:
    """One JSON object that holds all requests, as the interface for message batches takes it."""
    yield b'{"requests": [\n'
    for at, one in enumerate(asked):
        params: dict[str, Any] = {"model": sending.model, "max_tokens": sending.max_tokens} | _temperature(sending)
        if sending.system:
            params["system"] = sending.system
        params["messages"] = [{"role": "user", "content": one.prompt.prompt}]
        line = _line({"custom_id": one.custom_id, "params": params}).rstrip(b"\n")
        yield line + (b",\n" if at + 1 < len(asked) else b"\n")
    yield b"]}\n"


def prompt_lines(prompts: Iterable[KitPrompt], repeats: int | None) -> Iterator[bytes]:
    """The prompts, one a line: what answers are joined with by id."""
    for row in _table(prompts, repeats):
        yield _line(row)


def prompt_table(prompts: Iterable[KitPrompt], repeats: int | None) -> Iterator[bytes]:
    """The same as CSV."""
    return csv_rows(_TABLE, (list(row.values()) for row in _table(prompts, repeats)))


def answer_key(prompts: Iterable[KitPrompt]) -> Iterator[bytes]:
    """The right answers where there are any, one a line."""
    for prompt in prompts:
        if prompt.reference:
            yield _line({"prompt_id": prompt.id, "reference": prompt.reference})


def sheet_lines(asked: Sequence[PromptRequest]) -> Iterator[bytes]:
    """The answer sheet, one request a line, with null where an answer is to stand."""
    for order, one in enumerate(asked, 1):
        cells = (order, one.prompt.id, one.sample, one.prompt.prompt, None, None, None)
        yield _line(dict(zip(SHEET, cells, strict=True)))


def sheet_table(asked: Sequence[PromptRequest]) -> Iterator[bytes]:
    """The answer sheet as CSV, with empty cells where an answer is to stand."""
    rows = ([n, one.prompt.id, one.sample, one.prompt.prompt, "", "", ""] for n, one in enumerate(asked, 1))
    return csv_rows(SHEET, rows)


def csv_rows(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """CSV as spreadsheets take it: UTF-8 with its mark, CR LF, and no text that would be taken for a formula."""
    yield "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
    yield _row(header)
    for row in rows:
        yield _row([_guarded(cell) for cell in row])


def _row(cells: Sequence[Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()


def _guarded(cell: Any) -> Any:
    return "'" + cell if isinstance(cell, str) and cell.startswith(_RISKY) else cell


def _table(prompts: Iterable[KitPrompt], repeats: int | None) -> Iterator[dict[str, Any]]:
    for prompt in prompts:
        fields = asdict(prompt) | {"prompt_id": prompt.id, "repeats": prompt.repeats if repeats is None else repeats}
        yield {name: fields[name] for name in _TABLE}


def _temperature(sending: Sending) -> dict[str, float]:
    return {} if sending.temperature is None else {"temperature": sending.temperature}


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
