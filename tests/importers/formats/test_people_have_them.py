"""Small files of the forms that programs write, made after their public documentation, with what is right for each."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.importers.material import accepted, rejected
from workbench.app.session import preview_file
from workbench.core.model import Rejected, Response
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import choose, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.locate import records_of
from workbench.importers.preview import FileKind

HI = {"role": "user", "content": "Hi"}


def read(path: Path) -> list[Response | Rejected]:
    """What comes in by the first command that preview names."""
    seen = preview_file(path)
    options = Options(mapping={} if seen.importer else seen.guesses)
    recognised = recognise(open_file(path, path.name))
    return list(records_of(choose(recognised, options), recognised.opened, options, silent))


def said(path: Path) -> list[tuple[str | None, str, str | None]]:
    return [(answer.prompt, answer.text, answer.model) for answer in accepted(read(path))]


def lines(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


def table(path: Path, *rows: list[str]) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path.write_text(out.getvalue(), "utf-8")
    return path


def test_people_are_no_model_in_a_deepseek_export(tmp_path: Path) -> None:
    """Its tree names no current node, and the person's words stand before the model's at the same kind of place."""
    nodes = {
        "root": {"parent": None, "children": ["1"], "message": None},
        "1": {"parent": "root", "children": ["2", "3"], "message": {"fragments": [
            {"type": "REQUEST", "content": "Hi"}]}},
        "2": {"parent": "1", "children": [], "message": {"model": "deepseek-chat", "fragments": [
            {"type": "RESPONSE", "content": "Hello"}]}},
        "3": {"parent": "1", "children": [], "message": {"model": "deepseek-chat", "fragments": [
            {"type": "THINK", "content": "hm"}, {"type": "SEARCH"}, {"type": "RESPONSE", "content": "Hey"}]}},
    }  # fmt: skip
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps([{"id": "c", "inserted_at": "2025-01-01", "mapping": nodes}]))
    assert said(path) == [("Hi", "Hello", "deepseek-chat"), ("Hi", "Hey", "deepseek-chat")]
    assert [answer.sample for answer in accepted(read(path))] == ["0", "1"]
    assert {"reasoning apart", "not only text"} <= set(accepted(read(path))[1].flags)


def test_no_path_into_a_tree_of_messages_is_guessed(tmp_path: Path) -> None:
    """A tree of no known format: each path leads to one message alone, whoever wrote it."""
    tree = {"a": {"parent": None, "text": "Hi there, you"}, "b": {"parent": "a", "text": "Hello to you too"}}
    path = lines(tmp_path / "t.jsonl", *({"n": n, "nodes": tree} for n in range(4)))
    assert "response" not in preview_file(path).guesses


def test_senders_of_a_grok_export_decide(tmp_path: Path) -> None:
    when = {"$date": {"$numberLong": "1735689600123"}}
    responses = [
        {"response": {"_id": "1", "message": "Hi", "sender": "human", "create_time": when, "model": ""}},
        {"response": {"_id": "2", "message": "Hello", "sender": "ASSISTANT", "create_time": when, "model": "grok-3"}},
    ]
    path = tmp_path / "grok.json"
    path.write_text(json.dumps({"conversations": [{"conversation": {"id": "c"}, "responses": responses}]}))
    assert said(path) == [("Hi", "Hello", "grok-3")]
    assert accepted(read(path))[0].time == "1735689600.123"


def test_messages_of_a_thread_are_read_by_their_roles(tmp_path: Path) -> None:
    """As OpenAI's threads have them, and Jan: the text is an object with a value."""
    rows = [
        {"id": str(n), "object": "thread.message", "thread_id": "t", "role": role,
         "content": [{"type": "text", "text": {"value": text, "annotations": []}}]}
        for n, (role, text) in enumerate([("user", "Hi"), ("assistant", "Hello")])
    ]  # fmt: skip
    assert said(lines(tmp_path / "messages.jsonl", *rows)) == [("Hi", "Hello", None)]


@pytest.mark.parametrize("mark", ["<think>hm, well</think>\n\n", "<thinking>hm, well</thinking>", "hm, well</think>\n"])
def test_thoughts_are_no_answer_under_a_mapping_either(tmp_path: Path, mark: str) -> None:
    rows = [{"prompt": f"Say {n}", "response": f"{mark}Answer {n}.", "model": "m"} for n in range(3)]
    found = accepted(read(lines(tmp_path / "a.jsonl", *rows)))
    assert [answer.text for answer in found] == ["Answer 0.", "Answer 1.", "Answer 2."]
    assert {answer.flags for answer in found} == {("reasoning apart",)}
    assert [dict(answer.extra or {})["reasoning"] for answer in found] == ["hm, well"] * 3


def test_an_answer_that_speaks_of_thoughts_stays_whole(tmp_path: Path) -> None:
    texts = [
        "Write <think> to begin.",
        "The tag <think>x</think> is hidden.",
        "<reasoning without an end",
        "Close it with </think> at last.",
    ]
    rows = [{"prompt": f"Say {n}", "response": text} for n, text in enumerate(texts)]
    assert [text for _, text, _ in said(lines(tmp_path / "a.jsonl", *rows))] == texts


def test_observations_of_langfuse_come_in_from_a_table_and_from_traces(tmp_path: Path) -> None:
    """Spans are no answers, an empty cell is none, and a trace's own output is never one."""
    head = ["id", "traceId", "type", "startTime", "model", "input", "output", "level", "statusMessage"]
    start = "2025-01-01T00:00:00Z"
    asked, answered = json.dumps([HI]), json.dumps({"role": "assistant", "content": 'Hello, "you"'})
    path = table(
        tmp_path / "observations.csv",
        head,
        ["o1", "t1", "GENERATION", start, "gpt-4o", asked, answered, "DEFAULT", ""],
        ["o2", "t1", "SPAN", start, "", "x", "y", "DEFAULT", ""],
        ["o3", "t2", "GENERATION", start, "gpt-4o", asked, "null", "ERROR", "Rate limit"],
        ["o4", "t2", "GENERATION", start, "gpt-4o", asked, "", "DEFAULT", ""],
    )
    assert said(path) == [("Hi", 'Hello, "you"', "gpt-4o")]
    assert "the call failed: Rate limit" in [one.reason for one in rejected(read(path))]
    assert len(rejected(read(path))) == 3
    observation = dict(zip(head, ["o1", "t1", "GENERATION", start, "gpt-4o", asked, answered], strict=False))
    traces = [{"id": "t1", "input": "Ask", "output": "Another word", "observations": [observation]}]
    path = tmp_path / "traces.json"
    path.write_text(json.dumps(traces))
    assert said(path) == [("Hi", 'Hello, "you"', "gpt-4o")]


def test_spans_of_phoenix_come_in_from_a_table(tmp_path: Path) -> None:
    """pandas writes lists as Python does; chains and retrievers repeat the answer in `output.value`."""
    head = ["name", "span_kind", "start_time", "attributes.llm.model_name", "attributes.llm.input_messages",
            "attributes.llm.output_messages", "attributes.input.value", "attributes.output.value"]  # fmt: skip
    asked = "[{'message.role': 'user', 'message.content': \"What's up?\"}]"
    answered = "[{'message.role': 'assistant', 'message.content': 'Not much'}]"
    path = table(
        tmp_path / "spans.csv",
        head,
        ["query", "CHAIN", "2025-01-01", "", "", "", "What's up?", "Not much"],
        ["ChatCompletion", "LLM", "2025-01-01", "gpt-4o", asked, answered, "{}", "{}"],
        ["retrieve", "RETRIEVER", "2025-01-01", "", "", "", "What's up?", "[]"],
    )
    assert said(path) == [("What's up?", "Not much", "gpt-4o")]
    assert len(rejected(read(path))) == 2


def test_runs_and_spend_logs_come_in_from_tables(tmp_path: Path) -> None:
    request = json.dumps({"model": "gpt-4o", "messages": [HI]})
    choice = {"index": 0, "message": {"role": "assistant", "content": "Hello"}}
    spent = table(
        tmp_path / "spend.csv",
        ["request_id", "call_type", "startTime", "model", "api_base", "messages", "proxy_server_request", "response",
         "status", "metadata"],
        ["r1", "acompletion", "2025-01-01", "gpt-4o", "b", "{}", request, json.dumps({"choices": [choice]}),
         "success", "{}"],
        ["r2", "acompletion", "2025-01-01", "gpt-4o", "b", "{}", request, "{}", "failure",
         json.dumps({"error_information": {"error_code": "429", "error_message": "Rate limit reached"}})],
    )  # fmt: skip
    assert said(spent) == [("Hi", "Hello", "gpt-4o")]
    assert [one.reason for one in rejected(read(spent))] == ["the call failed: Rate limit reached"]
    runs = table(
        tmp_path / "runs.csv",
        ["id", "name", "run_type", "start_time", "inputs", "outputs"],
        ["r1", "ChatOpenAI", "llm", "2025-01-01", json.dumps({"messages": [HI]}), json.dumps({"choices": [choice]})],
    )
    assert [(prompt, text) for prompt, text, _ in said(runs)] == [("Hi", "Hello")]


def test_what_vllm_says_of_a_failed_call_is_kept(tmp_path: Path) -> None:
    failed = {"status_code": 400, "request_id": "x", "body": None}
    error = {"object": "error", "message": "max_tokens is too large", "type": "BadRequestError", "code": 400}
    path = lines(tmp_path / "out.jsonl", {"id": "1", "custom_id": "a", "response": failed, "error": error})
    assert [one.reason for one in rejected(read(path))] == ["the call failed: max_tokens is too large"]


def test_requests_of_a_gemini_batch_are_said_to_hold_no_answers(tmp_path: Path) -> None:
    request = {"contents": [{"parts": [{"text": "Why is the sky blue?"}]}]}
    path = lines(tmp_path / "requests.jsonl", *({"key": f"k{n}", "request": request} for n in range(3)))
    assert preview_file(path).kind is FileKind.REQUESTS


@pytest.mark.parametrize("rule", ["---", "* * *", "***", "_ _ _"])
def test_a_line_between_parts_of_a_saved_chat_is_no_part_of_them(tmp_path: Path, rule: str) -> None:
    path = tmp_path / "chat.md"
    path.write_text(
        f"**You:**\n\nHi\n\n{rule}\n\n**ChatGPT:**\n\nHello\n\n{rule}\n\n**You:**\n\nBye\n\n**ChatGPT:**\n\nSo long\n"
    )
    assert [text for _, text, _ in said(path)] == ["Hello", "So long"]
