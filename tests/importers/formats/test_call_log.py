"""Logged calls and batches: tool calls, reasoning, null content, failures, several answers, two model names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.importers.made_records import (
    anthropic_batch,
    call_records,
    chat_log,
    completion,
    file_of,
    helicone,
    helm,
    langfuse,
    litellm,
    lm_eval,
    openai_batch,
)
from tests.importers.material import accepted, read, rejected
from workbench.core.errors import BadInputError
from workbench.core.model import Rejected, Response
from workbench.importers.base import Options
from workbench.importers.choose import recognise
from workbench.importers.containers.open import open_file
from workbench.importers.mapping.prompt_files import PromptFile, prompt_texts
from workbench.importers.preview import refusal


def found(folder: Path, key: str, *records: Any, options: Options | None = None) -> list[Response | Rejected]:
    """What a file of these records gives."""
    file = folder / "file"
    file.write_bytes(file_of(key, list(records)))
    return read(file, key, options)


def with_message(**message: Any) -> dict[str, Any]:
    """A log record whose answer is this message."""
    record = chat_log(1, "")
    record["response"]["choices"][0]["message"] = {"role": "assistant", **message}
    return record


def test_reasoning_is_kept_apart_from_the_answer(tmp_path: Path) -> None:
    forms = [
        with_message(content="4", reasoning_content="two and two"),
        with_message(content="4", reasoning="two and two"),
        with_message(content="<think>two and two</think>\n4"),
        with_message(content=[{"type": "thinking", "thinking": "two and two"}, {"type": "text", "text": "4"}]),
    ]
    for answer in accepted(found(tmp_path, "chat_log", *forms)):
        assert (answer.text, (answer.extra or {})["reasoning"]) == ("4", "two and two")
        assert "reasoning apart" in answer.flags


def test_an_answer_of_tool_calls_or_nothing_is_kept_and_flagged(tmp_path: Path) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "look", "arguments": '{"q": 1}'}}
    tool, null, refused = accepted(
        found(
            tmp_path,
            "chat_log",
            with_message(content=None, tool_calls=[call]),
            with_message(content=None),
            with_message(content=None, refusal="I can't."),
        )
    )
    assert (tool.text, tool.flags) == ("", ("null content", "tool call", "empty answer"))
    assert (tool.extra or {})["tools"] == [{"name": "look", "arguments": '{"q": 1}'}]
    assert (null.text, null.flags) == ("", ("null content", "empty answer"))
    assert (refused.text, refused.flags) == ("I can't.", ("refusal",))


def test_several_choices_are_several_samples(tmp_path: Path) -> None:
    record = chat_log(1, "a")
    record["response"]["choices"].append({"index": 1, "message": {"content": "b"}, "finish_reason": "length"})
    first, second = accepted(found(tmp_path, "chat_log", record))
    assert (first.sample, first.text, first.number) == ("0", "a", 0)
    assert (second.sample, second.text, second.number, second.flags) == ("1", "b", 1, ("truncated",))
    assert (first.offset, first.length) == (second.offset, second.length)


def test_what_the_request_says_stands_beside_the_answer(tmp_path: Path) -> None:
    record = chat_log(1, "a") | {"url": "https://user:pw@example.org/v1?key=secret"}
    record["request"]["model"] = "asked"
    record["request"]["messages"].insert(0, {"role": "system", "content": "Be brief."})
    (answer,) = accepted(found(tmp_path, "chat_log", record))
    assert (answer.prompt, answer.model, answer.record_id) == ("prompt 1", "model-x", "chatcmpl-1")
    assert answer.flags == ("system prompt",)
    assert answer.extra == {
        "system": "Be brief.",
        "settings": {"temperature": 0.5},
        "requested_model": "asked",
        "endpoint": "https://example.org/v1",
    }


def test_the_question_of_a_longer_request_is_the_conversation_so_far(tmp_path: Path) -> None:
    record = chat_log(1, "a")
    record["request"]["messages"] = [
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]},
        {"role": "tool", "content": "result"},
        {"role": "user", "content": [{"type": "text", "text": "two"}, {"type": "image_url", "image_url": {}}]},
    ]
    (answer,) = accepted(found(tmp_path, "chat_log", record))
    assert answer.prompt == "USER: one\n\nASSISTANT: [call f {}]\n\nTOOL: result\n\nUSER: two[image_url]"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"response": None, "error": {"message": "rate limit"}}, "the call failed: rate limit"),
        ({"response": {"error": {"message": "overloaded", "type": "x"}}}, "the call failed: overloaded"),
        ({"response": {}}, "`response` holds no answer in a form that is known"),
        ({"response": {"choices": []}}, "`response` holds no answer in a form that is known"),
        ({"request": {"messages": []}}, "`request` holds no prompt"),
        ({"request": {"messages": [{"role": "user"}]}}, "`request.messages.0.content` is missing"),
        ({"request": {"messages": [{"role": "x", "content": "y"}]}}, "is “x”, which is no speaker that is known"),
        ({"request": {"prompt": ["a", "b"]}}, "holds 2 prompts at once"),
    ],
)
def test_a_call_without_an_answer_is_rejected_in_words(change: dict[str, Any], reason: str, tmp_path: Path) -> None:
    (record,) = rejected(found(tmp_path, "chat_log", chat_log(1, "a") | change))
    assert reason in record.reason


def test_bodies_of_other_interfaces_are_read(tmp_path: Path) -> None:
    responses = {
        "id": "resp_1",
        "model": "model-x",
        "created_at": 5,
        "status": "incomplete",
        "output": [
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}]},
        ],
    }
    google = {
        "modelVersion": "model-x",
        "candidates": [{"content": {"parts": [{"text": "a"}]}, "finishReason": "STOP"}],
    }
    ollama = {"model": "model-x", "message": {"role": "assistant", "content": "a"}, "done": True}
    old = {"id": "cmpl", "model": "model-x", "choices": [{"text": "a", "index": 0, "finish_reason": "stop"}]}
    records = [chat_log(1, "") | {"response": body} for body in (responses, google, ollama, old)]
    answers = accepted(found(tmp_path, "chat_log", *records))
    assert [(a.text, a.model) for a in answers] == [("a", "model-x")] * 4
    assert answers[0].flags == ("reasoning apart", "truncated")
    assert (answers[0].record_id, answers[0].time) == ("resp_1", "5")


def test_batch_results_are_joined_with_the_requests_in_any_order(tmp_path: Path) -> None:
    asked = tmp_path / "input.jsonl"
    bodies = {f"r-{n}": {"model": "m", "messages": [{"role": "user", "content": f"q{n}"}]} for n in (1, 2)}
    lines = [{"custom_id": i, "method": "POST", "url": "/v1/chat/completions", "body": b} for i, b in bodies.items()]
    asked.write_text("".join(json.dumps(line) + "\n" for line in lines))
    answers = found(tmp_path, "openai_batch", openai_batch(2, "b"), openai_batch(1, "a"), openai_batch(9, "z"),
                    options=Options(prompts=PromptFile(asked)))  # fmt: skip
    assert [(a.prompt, a.prompt_key, a.text) for a in accepted(answers)] == [
        ("q2", "r-2", "b"),
        ("q1", "r-1", "a"),
        (None, "r-9", "z"),
    ]
    assert accepted(answers)[2].flags == ("prompt not found",)
    requests = [{"custom_id": i, "params": b} for i, b in bodies.items()]
    for text in (json.dumps({"requests": requests}, indent=1), "".join(json.dumps(r) + "\n" for r in requests)):
        asked.write_text(text)
        assert prompt_texts(asked) == {"r-1": "q1", "r-2": "q2"}
    answers = found(tmp_path, "anthropic_batch", anthropic_batch(2, "b"), options=Options(prompts=PromptFile(asked)))
    assert [(a.prompt, a.text, a.record_id) for a in accepted(answers)] == [("q2", "b", "msg_2")]


def test_a_batch_input_without_a_prompt_is_refused_in_words(tmp_path: Path) -> None:
    asked = tmp_path / "input.jsonl"
    asked.write_text('{"custom_id": "r-1", "body": {"model": "m"}}\n')
    with pytest.raises(BadInputError, match="`body` holds no prompt"):
        prompt_texts(asked)


def test_requests_of_a_batch_that_failed_are_rejected(tmp_path: Path) -> None:
    failed = openai_batch(1, "") | {"response": None, "error": {"code": "batch_expired", "message": "too late"}}
    status = openai_batch(2, "")
    status["response"] = {"status_code": 400, "body": {"error": {"message": "bad request"}}}
    reasons = [r.reason for r in rejected(found(tmp_path, "openai_batch", failed, status))]
    assert reasons == ["the call failed: too late", "the call failed: bad request"]
    results: list[dict[str, Any]] = [
        {"type": "errored", "error": {"type": "error", "error": {"type": "invalid_request", "message": "no"}}},
        {"type": "canceled"},
        {"type": "expired"},
    ]
    records = [{"custom_id": f"r-{n}", "result": result} for n, result in enumerate(results)]
    reasons = [r.reason for r in rejected(found(tmp_path, "anthropic_batch", *records))]
    assert reasons == [
        "the call failed: no",
        "the call was cancelled",
        "the call expired before it was made",
    ]


def test_thinking_and_tools_of_a_message_are_kept_apart(tmp_path: Path) -> None:
    record = anthropic_batch(1, "text")
    content = record["result"]["message"]["content"]
    content[:0] = [{"type": "thinking", "thinking": "hm"}, {"type": "redacted_thinking", "data": "x"}]
    content.append({"type": "tool_use", "id": "t", "name": "look", "input": {"q": 1}})
    record["result"]["message"]["stop_reason"] = "max_tokens"
    (answer,) = accepted(found(tmp_path, "anthropic_batch", record))
    assert (answer.text, answer.flags) == ("text", ("reasoning apart", "tool call", "truncated"))
    assert answer.extra == {"reasoning": "hm\n[redacted]", "tools": [{"name": "look", "arguments": '{"q": 1}'}]}


def test_the_model_that_answered_counts_and_the_one_asked_for_is_kept(tmp_path: Path) -> None:
    answers = found(tmp_path, "call_records", call_records(1, "a"), call_records(2, "b") | {"http_status": 502},
                    call_records(3, "c") | {"error": "timeout"})  # fmt: skip
    (answer,) = accepted(answers)
    assert (answer.model, answer.time, (answer.extra or {})["requested_model"]) == ("model-x", "1700000000.25", "model")
    assert [r.reason for r in rejected(answers)] == ["the call failed: status 502", "the call failed: timeout"]


def test_rows_of_several_filters_say_the_same_sample(tmp_path: Path) -> None:
    first = lm_eval(1, "The answer is 4.")
    other = first | {"filter": "flexible-extract", "filtered_resps": ["4"], "exact_match": 0.0}
    one, two = accepted(found(tmp_path, "lm_eval", first, other))
    assert one[:7] == two[:7]
    assert (one.extra or {})["settings"] == {"until": ["\n"], "temperature": 0.0}
    several = accepted(found(tmp_path, "lm_eval", first | {"resps": [["a", "b"]]}))
    assert [(a.text, a.sample) for a in several] == [("a", "0"), ("b", "1")]


def test_harness_samples_come_with_scores_and_in_older_forms(tmp_path: Path) -> None:
    chat = json.dumps([{"role": "system", "content": "s"}, {"role": "user", "content": "q"}])
    records = [
        lm_eval(1, "a") | {"arguments": [["old", {}]]},
        lm_eval(2, "a") | {"arguments": {"gen_args_0": {"arg_0": chat}}},
        lm_eval(3, "a") | {"arguments": {"gen_args_0": {"arg_0": [chat], "arg_1": {}}}},
        lm_eval(4, "a") | {"resps": [[["-1.5", "False"]], [["-0.5", "True"]]]},
        lm_eval(5, "a") | {"resps": [[-1.5, False]]},
        lm_eval(6, "a") | {"resps": [["-1.5", "False"], ["-0.5", "True"]]},
        lm_eval(7, "a") | {"arguments": {"gen_args_0": {"arg_0": "a text"}}, "resps": [["-0.8116287085078785"]]},
    ]
    all_of_it = found(tmp_path, "lm_eval", *records)
    assert [a.prompt for a in accepted(all_of_it)] == ["old", "q", "q"]
    assert len(rejected(all_of_it)) == 4
    (number,) = accepted(found(tmp_path, "lm_eval", lm_eval(1, "-4")))
    assert number.text == "-4"
    assert {r.reason for r in rejected(all_of_it)} == {
        "`resps` holds log-probabilities, not text: the task was multiple choice or perplexity"
    }


def test_helm_asks_by_the_whole_prompt_and_knows_encrypted_ones_by_id(tmp_path: Path) -> None:
    hidden, failed, many = helm(1, "a"), helm(2, "b"), helm(3, "c")
    hidden["request"]["prompt"] = "[encrypted_text_0]"
    failed["result"] = {"success": False, "error": "timeout", "completions": []}
    many["result"]["completions"].append({"text": "d"})
    all_of_it = found(tmp_path, "helm", hidden, failed, many)
    first, second, third = accepted(all_of_it)
    assert (first.prompt, first.prompt_key, first.flags) == (None, "id1 trial 0", ("encrypted prompt",))
    assert [(a.prompt, a.sample, a.text) for a in (second, third)] == [("prompt 3", "0", "c"), ("prompt 3", "1", "d")]
    assert [r.reason for r in rejected(all_of_it)] == ["the call failed: timeout"]


def test_encrypted_answers_of_helm_are_no_answers(tmp_path: Path) -> None:
    hidden, changed, plain = helm(1, "[encrypted_text_7]"), helm(2, "a"), helm(2, "b")
    hidden["request"]["prompt"] = changed["request"]["prompt"] = plain["request"]["prompt"] = "[encrypted_text_0]"
    changed["instance"]["perturbation"] = {"name": "typos"}
    plain["reference_index"] = 3
    all_of_it = found(tmp_path, "helm", hidden, changed, plain)
    (refused,) = rejected(all_of_it)
    assert "the answer is encrypted" in refused.reason
    assert [a.prompt_key for a in accepted(all_of_it)] == ["id2 typos trial 0", "id2 reference 3 trial 0"]


def test_helm_tells_thoughts_ends_and_pictures(tmp_path: Path) -> None:
    record = helm(1, "a")
    record["result"]["completions"] = [
        {"text": "a", "logprob": 0, "tokens": [], "finish_reason": {"reason": "length"}, "thinking": {"text": "hm"}}
    ]
    media = [{"content_type": "image/png", "location": "p.png"}, {"content_type": "text/plain", "text": " What is it?"}]
    record["request"] |= {"prompt": "", "multimodal_prompt": {"media_objects": media}}
    (answer,) = accepted(found(tmp_path, "helm", record))
    assert (answer.prompt, answer.text) == ("[image] What is it?", "a")
    assert answer.flags == ("reasoning apart", "truncated")
    assert (answer.extra or {})["reasoning"] == "hm"


def test_an_export_without_bodies_is_said_to_be_one(tmp_path: Path) -> None:
    bare = helicone(1, "a") | {"request_body": {}, "response_body": {}, "signed_body_url": "https://example.org/b"}
    (record,) = rejected(found(tmp_path, "helicone", bare))
    assert "without its bodies" in record.reason
    file = tmp_path / "file"
    file.write_text(f"[\n{json.dumps(helicone(1, 'a'), indent=2)},\n]\n")  # a comma stands before the end of the list
    assert [importer.key for importer, _ in recognise(open_file(file)).known.claims] == ["helicone"]
    (answer,) = read(file, "helicone")
    assert isinstance(answer, Response)


def test_observability_logs_tell_failures_and_other_steps(tmp_path: Path) -> None:
    (record,) = rejected(found(tmp_path, "litellm", litellm(1, "a") | {"status": "failure", "error_str": "429"}))
    assert record.reason == "the call failed: 429"
    hidden = litellm(1, "redacted-by-litellm") | {"messages": [{"role": "user", "content": "redacted-by-litellm"}]}
    (record,) = rejected(found(tmp_path, "litellm", hidden))
    assert "not in the file" in record.reason
    (record,) = rejected(found(tmp_path, "langfuse", langfuse(1, "a") | {"type": "SPAN"}))
    assert record.reason == "an observation of type SPAN holds no answer of a model"
    error = langfuse(1, "a") | {"output": None, "level": "ERROR", "status_message": "429"}
    (record,) = rejected(found(tmp_path, "langfuse", error))
    assert record.reason == "the call failed: 429"
    (record,) = rejected(found(tmp_path, "helicone", helicone(1, "a") | {"response_status": 500}))
    assert record.reason == "the call failed: status 500"


def test_bodies_inside_texts_are_opened(tmp_path: Path) -> None:
    record = helicone(1, "a")
    record |= {name: json.dumps(record[name]) for name in ("request_body", "response_body")}
    (answer,) = accepted(found(tmp_path, "helicone", record))
    assert (answer.prompt, answer.text) == ("prompt 1", "a")
    text = langfuse(1, "a") | {"input": '[{"role": "user", "content": "q"}]', "output": "plain words"}
    camel = {"id": "o", "traceId": "t", "type": "GENERATION", "startTime": "2025", "model": "m",
             "input": {"messages": [{"role": "user", "content": "q"}]}, "output": completion(1, "b")}  # fmt: skip
    answers = accepted(found(tmp_path, "langfuse", text, camel))
    assert [(a.prompt, a.text) for a in answers] == [("q", "plain words"), ("q", "b")]


@pytest.mark.parametrize(
    "output",
    [
        {"role": "assistant", "content": "a"},
        {"content": "a"},
        {"type": "ai", "content": "a", "additional_kwargs": {}},
        [{"role": "assistant", "content": "a"}],
        [{"type": "text", "text": "a"}],
        {"role": "model", "parts": [{"text": "a"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "a"}]},
        completion(1, "a"),
        "a",
    ],
)
def test_whatever_an_application_handed_to_langfuse_is_read(output: Any, tmp_path: Path) -> None:
    (answer,) = accepted(found(tmp_path, "langfuse", langfuse(1, "") | {"output": output}))
    assert (answer.prompt, answer.text, answer.model) == ("prompt 1", "a", "model-x")


def test_the_helicone_table_is_refused_since_it_has_no_answers(tmp_path: Path) -> None:
    file = tmp_path / "helicone.csv"
    file.write_text('response_id,request_created_at,request_body,request_user_id,model\n1,2,"{}",u,m\n')
    opened = open_file(file)
    assert recognise(opened).known.claims == ()
    assert "holds no answers" in refusal(recognise(opened)).hint
