"""Replies in all their forms: what a service did in the midst of an answer is told apart from the model's words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.importers.made_records import anthropic_batch, chat_log, file_of, openai_batch
from tests.importers.material import accepted, read
from workbench.core.model import Response
from workbench.importers.messages import bodies
from workbench.importers.reading.fields import Fields
from workbench.importers.reading.tolerant_parse import RecordError


def answer(folder: Path, key: str, record: Any) -> Response:
    """The one answer of a file of this record."""
    file = folder / "file"
    file.write_bytes(file_of(key, [record]))
    (found,) = accepted(read(file, key))
    return found


def response(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A batch line with a body of the Responses API."""
    record = openai_batch(1, "")
    record["response"]["body"] = {"id": "resp_1", "object": "response", "model": "m", "output": list(items), **more}
    return record


def spoken(text: str) -> dict[str, Any]:
    """A message of the Responses API."""
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"type": "message", "role": "assistant", "status": "completed", "content": [part]}


@pytest.mark.parametrize(
    ("item", "name", "arguments"),
    [
        ({"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}, "f", "{}"),
        ({"type": "custom_tool_call", "call_id": "c", "name": "g", "input": "1+1"}, "g", "1+1"),
        ({"type": "mcp_call", "name": "h", "arguments": "{}", "server_label": "s", "output": "o"}, "h", "{}"),
        ({"type": "web_search_call", "action": {"query": "q"}}, "web_search", '{"query": "q"}'),
        ({"type": "file_search_call", "queries": ["q"], "results": None}, "file_search", '["q"]'),
        ({"type": "code_interpreter_call", "code": "1+1", "outputs": None}, "code_interpreter", "1+1"),
        ({"type": "image_generation_call", "result": "AAAA"}, "image_generation", ""),
    ],
)
def test_calls_of_tools_are_no_words_of_the_answer(
    item: dict[str, Any], name: str, arguments: str, tmp_path: Path
) -> None:
    found = answer(tmp_path, "openai_batch", response(item, spoken("four"), spoken(" more")))
    assert (found.text, found.flags) == ("four more", ("tool call", "several messages"))
    assert (found.extra or {})["tools"] == [{"name": name, "arguments": arguments}]


def test_what_lists_tools_or_shortens_the_conversation_is_no_word_either(tmp_path: Path) -> None:
    items = [{"type": "mcp_list_tools", "tools": []}, {"type": "compaction", "encrypted_content": "x"}, spoken("four")]
    assert answer(tmp_path, "openai_batch", response(*items)).text == "four"


def test_the_whole_reasoning_goes_before_its_summary(tmp_path: Path) -> None:
    both = {
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": "short"}],
        "content": [{"type": "reasoning_text", "text": "long"}],
    }
    found = answer(tmp_path, "openai_batch", response(both, spoken("four")))
    assert (found.extra or {})["reasoning"] == "long"
    found = answer(tmp_path, "openai_batch", response(both | {"content": None}, spoken("four")))
    assert (found.extra or {})["reasoning"] == "short"


def test_what_a_server_searched_and_ran_is_told_apart(tmp_path: Path) -> None:
    record = anthropic_batch(1, "")
    record["result"]["message"]["content"] = [
        {"type": "text", "text": "I look. "},
        {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "q"}},
        {
            "type": "web_search_tool_result",
            "tool_use_id": "s",
            "content": [{"type": "web_search_result", "title": "t"}],
        },
        {"type": "mcp_tool_use", "id": "m", "name": "n", "server_name": "s", "input": {}},
        {"type": "mcp_tool_result", "tool_use_id": "m", "content": [{"type": "text", "text": "out"}]},
        {"type": "container_upload", "file_id": "f"},
        {"type": "text", "text": "Found.", "citations": [{"type": "x", "cited_text": "c"}]},
    ]
    record["result"]["message"]["stop_reason"] = "model_context_window_exceeded"
    found = answer(tmp_path, "anthropic_batch", record)
    assert (found.text, found.flags) == ("I look. Found.", ("not only text", "tool call", "truncated"))
    assert (found.extra or {})["tools"] == [
        {"name": "web_search", "arguments": '{"query": "q"}'},
        {"name": "n", "arguments": "{}"},
    ]


def with_message(**message: Any) -> dict[str, Any]:
    """A log record whose answer is this message."""
    record = chat_log(1, "")
    record["response"]["choices"][0]["message"] = {"role": "assistant", **message}
    return record


def test_a_spoken_answer_is_its_transcript(tmp_path: Path) -> None:
    audio = {"id": "a", "data": "AAAA", "expires_at": 1, "transcript": "spoken words"}
    for content in (None, ""):
        found = answer(tmp_path, "chat_log", with_message(content=content, audio=audio))
        assert found.text == "spoken words"
        assert "not only text" in found.flags
    assert answer(tmp_path, "chat_log", with_message(content="written", audio=audio)).text == "written"


def test_calls_of_custom_tools_have_their_name(tmp_path: Path) -> None:
    call = {"id": "c", "type": "custom", "custom": {"name": "g", "input": "print(1)"}}
    found = answer(tmp_path, "chat_log", with_message(content=None, tool_calls=[call]))
    assert (found.extra or {})["tools"] == [{"name": "g", "arguments": "print(1)"}]


def test_redacted_reasoning_is_not_taken_for_words(tmp_path: Path) -> None:
    hidden = {"type": "reasoning", "reasoning": "gAAAAcipher", "redacted": True}
    text = {"type": "text", "text": "I can't.", "refusal": True}
    found = answer(tmp_path, "chat_log", with_message(content=[hidden, text]))
    assert found.text == "I can't."
    assert set(found.flags) == {"reasoning apart", "refusal"}
    assert (found.extra or {})["reasoning"] == "[redacted]"
    found = answer(tmp_path, "chat_log", with_message(content=[hidden | {"summary": "in short"}, text]))
    assert (found.extra or {})["reasoning"] == "in short"


_WORDS = st.sampled_from(["", "What?", "é", "<think>x</think>y", "{}"])
_MESSAGE = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "system", "assistant", "human"]), "content": _WORDS | st.none() | st.just(["a"])},
    optional={"name": st.just("n"), "refusal": st.just("no")},
)
_SAID = _WORDS | st.none() | st.lists(_MESSAGE | _WORDS, max_size=2) | _MESSAGE


@given(st.dictionaries(st.sampled_from(["prompt", "messages", "input", "contents", "system", "n"]), _SAID, max_size=2))
def test_one_question_is_read_at_once_as_it_is_in_a_conversation(request: dict[str, object]) -> None:
    def outcome(read: Callable[..., tuple[str | None, str]]) -> object:
        try:
            return read(Fields(request, []), "request", request)
        except RecordError as refused:
            return refused.reason

    def read_tolerantly(*given: Any) -> tuple[str | None, str]:
        context = bodies._context(*given)
        return context.prompt(), context.system

    assert outcome(bodies._said) == outcome(read_tolerantly)


_LABEL = st.sampled_from(["a", "é", "\ud800", "", 0, 7, 1.5, True, None]) | st.just([])
_REPLY = st.fixed_dictionaries(
    {"content": _WORDS | st.just(" <think>x</think>y") | st.none()},
    optional={"role": st.just("assistant"), "reasoning": st.sampled_from([None, "", "so"]), "tool_calls": st.none()},
)
_CHOICE = st.fixed_dictionaries(
    {"message": _REPLY},
    optional={"index": _LABEL, "finish_reason": st.sampled_from(["stop", None, "length", "STOP", ["stop"]])},
)
_BODY = st.fixed_dictionaries(
    {"choices": st.lists(_CHOICE, min_size=1, max_size=2)},
    optional={"id": _LABEL, "model": _LABEL, "created": _LABEL, "status": st.just("incomplete"), "error": st.none()},
)


_MESSAGE = st.fixed_dictionaries({"message": _REPLY | st.just([])}, optional={"choices": st.just([]), "id": _LABEL})


@given(_BODY | _MESSAGE)
def test_one_answer_is_read_at_once_as_answers_are(body: dict[str, Any]) -> None:
    flags, others = list[str](), list[str]()
    found = bodies._one_answer(Fields(body, flags), body)
    if found is not None:
        assert found == bodies._answers(Fields(body, others), "response", body)
        assert flags == others


def test_most_replies_are_read_at_once() -> None:
    for body in (chat_log(1, "It is.")["response"], {"message": {"role": "assistant", "content": "It is."}}):
        assert bodies._one_answer(Fields(body, []), body) == bodies._answers(Fields(body, []), "response", body)
