"""Invented records of the JSON formats: each gives one answer, `text`, to `prompt N`."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from typing import Any

from tests.importers.chat_records import CHAT_RECORDS, NOT_EMPTY, SESSIONS, session_file

Record = dict[str, Any]


def said(number: int, text: str) -> list[Record]:
    """A question and its answer."""
    return [{"role": "user", "content": f"prompt {number}"}, {"role": "assistant", "content": text}]


def completion(number: int, text: str) -> Record:
    """The body of a chat completion."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 1700000000 + number,
        "model": "model-x",
        "choices": [choice],
    }


def openai_batch(number: int, text: str) -> Record:
    """A line of a batch output file."""
    response = {"status_code": 200, "request_id": f"q{number}", "body": completion(number, text)}
    return {"id": f"batch_req_{number}", "custom_id": f"r-{number}", "response": response, "error": None}


def anthropic_batch(number: int, text: str) -> Record:
    """A line of a results file."""
    message = {
        "id": f"msg_{number}",
        "type": "message",
        "role": "assistant",
        "model": "model-x",
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
    }
    return {"custom_id": f"r-{number}", "result": {"type": "succeeded", "message": message}}


def chat_log(number: int, text: str) -> Record:
    """A request beside its response."""
    request = {"model": "model-x", "messages": said(number, text)[:1], "temperature": 0.5}
    return {"request": request, "response": completion(number, text)}


def call_records(number: int, text: str) -> Record:
    """A call with its two model names."""
    return {
        "id": f"gen-{number}",
        "requested_model": "model",
        "returned_model": "model-x",
        "request": {"prompt": f"prompt {number}", "temperature": 1.0},
        "response": completion(number, text),
        "error": None,
        "http_status": 200,
        "timestamp": 1700000000.25,
    }


def openai_tuning(number: int, text: str) -> Record:
    """A training example."""
    return {"messages": said(number, text)}


def sharegpt(number: int, text: str) -> Record:
    """A conversation of two turns."""
    turns = [{"from": "human", "value": f"prompt {number}"}, {"from": "gpt", "value": text}]
    return {"id": f"identity_{number}", "conversations": turns}


def alpaca(number: int, text: str) -> Record:
    """An instruction without input."""
    return {"instruction": f"prompt {number}", "input": "", "output": text}


def lm_eval(number: int, text: str) -> Record:
    """A sample of a generating task."""
    return {
        "doc_id": number,
        "doc": {"question": "q"},
        "target": "4",
        "arguments": {"gen_args_0": {"arg_0": f"prompt {number}", "arg_1": {"until": ["\n"], "temperature": 0.0}}},
        "resps": [[text]],
        "filtered_resps": [text],
        "filter": "none",
        "doc_hash": f"h{number}",
        "exact_match": 1.0,
    }


def helm(number: int, text: str) -> Record:
    """A request state."""
    return {
        "instance": {"input": {"text": "short"}, "references": [], "split": "test", "id": f"id{number}"},
        "train_trial_index": 0,
        "request": {"model": "model-x", "prompt": f"prompt {number}", "temperature": 0.0, "messages": None},
        "result": {"success": True, "completions": [{"text": text, "logprob": 0, "tokens": []}], "cached": True},
    }


def chat_corpora(number: int, text: str) -> Record:
    """A conversation with a named model."""
    return {
        "conversation_id": f"c{number}",
        "model": "model-x",
        "conversation": said(number, text),
        "turn": 1,
        "language": "English",
        "redacted": False,
    }


def litellm(number: int, text: str) -> Record:
    """A logging payload."""
    return {
        "id": f"chatcmpl-{number}",
        "call_type": "acompletion",
        "status": "success",
        "model": "model-x",
        "api_base": "https://example.org/v1/",
        "startTime": 1700000000.5,
        "endTime": 1700000001.5,
        "messages": said(number, text)[:1],
        "response": completion(number, text),
        "model_parameters": {"temperature": 0.2},
    }


def langfuse(number: int, text: str) -> Record:
    """A generation."""
    return {
        "id": f"o{number}",
        "trace_id": "t",
        "type": "GENERATION",
        "start_time": "2025-01-01T00:00:00Z",
        "input": said(number, text)[:1],
        "output": said(number, text)[1],
        "provided_model_name": "model-x",
        "model_parameters": {"temperature": 1},
    }


def helicone(number: int, text: str) -> Record:
    """A call with its bodies."""
    return {
        "response_id": f"h{number}",
        "request_created_at": "2025-01-01T00:00:00Z",
        "request_body": {"model": "model-x", "messages": said(number, text)[:1]},
        "response_body": completion(number, text),
        "response_status": 200,
    }


def har(number: int, text: str) -> Record:
    """An entry whose response is in base64 every third time, and a stream every other."""
    body = json.dumps(completion(number, text))
    if number % 2:
        pieces = [
            {"model": "model-x", "choices": [{"index": 0, "delta": {"content": c}}]} for c in (text[:3], text[3:])
        ]
        body = "".join(f"data: {json.dumps(piece)}\n\n" for piece in pieces) + "data: [DONE]\n\n"
    content = {"mimeType": "application/json", "text": body}
    if number % 3 == 0:
        content = {
            "mimeType": "application/json",
            "text": base64.b64encode(body.encode()).decode(),
            "encoding": "base64",
        }
    posted = {
        "mimeType": "application/json",
        "text": json.dumps({"model": "model-x", "messages": said(number, text)[:1]}),
    }
    return {
        "startedDateTime": f"2025-01-01T00:00:{number:02d}.000Z",
        "request": {"method": "POST", "url": "https://example.org/v1/chat/completions?key=k", "postData": posted},
        "response": {"status": 200, "content": content},
    }


def kit_sheet(number: int, text: str) -> Record:
    """A filled row of the answer sheet."""
    row = {"order": number + 1, "prompt_id": f"k-w-{number:03d}", "sample": 1, "prompt": f"prompt {number}"}
    return row | {"response": text, "model": "model-x", "time": "2026-03-01T12:00:00Z"}


RECORDS: dict[str, Callable[[int, str], Record]] = {
    "openai_batch": openai_batch,
    "anthropic_batch": anthropic_batch,
    "chat_log": chat_log,
    "call_records": call_records,
    "openai_tuning": openai_tuning,
    "sharegpt": sharegpt,
    "alpaca": alpaca,
    "lm_eval": lm_eval,
    "helm": helm,
    "kit_sheet": kit_sheet,
    "chat_corpora": chat_corpora,
    "litellm": litellm,
    "langfuse": langfuse,
    "helicone": helicone,
    "har": har,
    **CHAT_RECORDS,
}
INSIDE = {"helm": ("request_states",), "har": ("log", "entries")}
ARRAYS = ("sharegpt", "alpaca")
LINES = tuple(key for key in RECORDS if key not in INSIDE and key not in ARRAYS)
BEFORE: Record = {
    "adapter_spec": {"model": "model-x", "instructions": 'a "]}', "n": 1},
    "version": "1.2",
    "pages": [{}],
}


def file_of(key: str, records: list[Record], indent: int | None = None, *, escaped: bool | None = None) -> bytes:
    """A file of these records, as the format has it; `escaped` says whether it is written in ASCII alone."""
    if key in LINES:
        return b"".join(json.dumps(record, ensure_ascii=escaped is not False).encode() + b"\n" for record in records)
    whole: Any = records
    for name in reversed(INSIDE.get(key, ())):
        whole = BEFORE | {name: whole} | {"comment": "after"}
    return json.dumps(whole, indent=indent, ensure_ascii=bool(escaped)).encode()


def maker(key: str, text: Callable[[random.Random], str]) -> Callable[[random.Random, int], bytes]:
    """What makes a file of so many records of a format."""

    def words(source: random.Random) -> str:
        return text(source) or "Words." if key in NOT_EMPTY else text(source)

    def make(source: random.Random, count: int) -> bytes:
        if key in SESSIONS:
            return session_file(key, [SESSIONS[key](n, words(source)) for n in range(count)])
        return file_of(key, [RECORDS[key](n, words(source)) for n in range(count)], source.choice([None, 2]))

    return make
