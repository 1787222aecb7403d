"""Batches, logs and traces of calls, evaluations and data sets, after the public documentation of each."""

from __future__ import annotations

import json
from typing import Any

from tests.importers.public_exports import ASK, MORE, REPLY, THEN, THOUGHT, TWO, Export, as_json, as_lines


def _vertex_batch() -> Export:
    asked = {"contents": [{"role": "user", "parts": [{"text": ASK}]}]}
    parts = [{"text": THOUGHT, "thought": True}, {"text": REPLY}]
    response = {
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}],
        "modelVersion": "gemini-2.5-flash",
        "createTime": "2026-01-05T10:00:00.123456Z",
    }
    lines = [
        {"status": "", "processed_time": "2026-01-05T10:00:00Z", "request": asked, "response": response},
        {"status": 'Bad Request: {"error": {"code": 400, "message": "too long"}}', "request": asked, "response": {}},
    ]
    return Export("predictions.jsonl", as_lines(lines), ((ASK, REPLY, "gemini-2.5-flash"),), 1)


def _bedrock_batch() -> Export:
    asked = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 99,
        "messages": [{"role": "user", "content": [{"type": "text", "text": ASK}]}],
    }
    reply = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-3-5-sonnet",
        "stop_reason": "end_turn",
        "content": [{"type": "text", "text": REPLY}],
        "usage": {"input_tokens": 6, "output_tokens": 9},
    }
    nova_asked = {"schemaVersion": "messages-v1", "messages": [{"role": "user", "content": [{"text": MORE}]}]}
    nova = {"output": {"message": {"role": "assistant", "content": [{"text": THEN}]}}, "stopReason": "end_turn"}
    lines = [
        {"recordId": "1", "modelInput": asked, "modelOutput": reply},
        {"recordId": "2", "modelInput": nova_asked, "modelOutput": nova},
        {"recordId": "3", "modelInput": asked, "error": {"errorCode": 400, "errorMessage": "bad request"}},
    ]
    return Export("in.jsonl.out", as_lines(lines), ((ASK, REPLY, "claude-3-5-sonnet"), (MORE, THEN, None)), 1)


def _bedrock_log() -> Export:
    asked = {"messages": [{"role": "user", "content": [{"text": ASK}]}], "inferenceConfig": {"maxTokens": 99}}
    reply = {"output": {"message": {"role": "assistant", "content": [{"text": REPLY}]}}, "stopReason": "end_turn"}
    base = {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": "2026-01-05T10:00:00Z",
        "accountId": "1",
        "region": "us-east-1",
        "operation": "Converse",
        "modelId": "amazon.nova-lite-v1:0",
    }
    first = base | {
        "requestId": "r1",
        "input": {"inputContentType": "application/json", "inputBodyJson": asked},
        "output": {"outputContentType": "application/json", "outputBodyJson": reply},
    }
    second = base | {"requestId": "r2", "errorCode": "ThrottlingException", "input": {"inputBodyJson": asked}}
    return Export("log.json", as_lines([first, second]), ((ASK, REPLY, "amazon.nova-lite-v1:0"),), 1)


def _chat_completion(text: str, model: str, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1750000000,
        "model": model,
        "choices": [choice],
    } | more


def _azure_batch() -> Export:
    good = {
        "custom_id": "q1",
        "response": {"body": _chat_completion(REPLY, "gpt-4o-2024-08-06"), "request_id": "r", "status_code": 200},
        "error": None,
    }
    filtered = {"error": {"code": "content_filter", "message": "The response was filtered"}}
    bad = {
        "custom_id": "q2",
        "response": {"body": filtered, "request_id": "r", "status_code": 400},
        "error": {"code": "400", "message": "filtered"},
    }
    return Export("output.jsonl", as_lines([good, bad]), ((None, REPLY, "gpt-4o-2024-08-06"),), 1)


def _vllm_batch() -> Export:
    good = {
        "id": "vllm-1",
        "custom_id": "q1",
        "response": {"status_code": 200, "request_id": "vllm-batch-1", "body": _chat_completion(REPLY, "qwen")},
        "error": None,
    }
    failed = {
        "object": "error",
        "message": "This model's maximum context length is 8 tokens.",
        "type": "BadRequestError",
        "param": None,
        "code": 400,
    }
    bad = {
        "id": "vllm-2",
        "custom_id": "q2",
        "response": {"status_code": 400, "request_id": "vllm-batch-2", "body": None},
        "error": failed,
    }
    return Export("results.jsonl", as_lines([good, bad]), ((None, REPLY, "qwen"),), 1)


def _litellm_spend() -> Export:
    asked = {"model": "gpt-4o", "messages": [{"role": "user", "content": ASK}]}
    base = {
        "call_type": "acompletion",
        "api_key": "x",
        "spend": 0.1,
        "startTime": "2026-01-05T10:00:00.123Z",
        "endTime": "2026-01-05T10:00:01Z",
        "model": "gpt-4o",
        "model_group": "gpt-4o",
        "messages": {},
    }
    rows = [
        base | {"request_id": "r1", "response": _chat_completion(REPLY, "gpt-4o"), "proxy_server_request": asked},
        base | {"request_id": "r2", "response": {}, "proxy_server_request": asked, "status": "failure"},
    ]
    return Export("spend.jsonl", as_lines(rows), ((ASK, REPLY, "gpt-4o"),), 1)


def _langfuse() -> Export:
    asked = json.dumps({"messages": [{"role": "user", "content": ASK}]})
    base = {"traceId": "t", "startTime": "2026-01-05T10:00:00.000Z", "level": "DEFAULT", "parentObservationId": None}
    rows = [
        base | {"id": "s", "type": "SPAN", "name": "chain", "input": MORE, "output": "not a model's words"},
        base
        | {
            "id": "g",
            "type": "GENERATION",
            "name": "call",
            "model": "gpt-4o",
            "input": asked,
            "output": json.dumps({"role": "assistant", "content": REPLY}),
        },
    ]
    return Export("observations.json", as_json(rows), ((ASK, REPLY, "gpt-4o"),), 1)


def _otel() -> Export:
    def attribute(key: str, value: str) -> dict[str, Any]:
        return {"key": key, "value": {"stringValue": value}}

    asked = [{"role": "user", "parts": [{"type": "text", "content": ASK}]}]
    parts = [{"type": "reasoning", "content": THOUGHT}, {"type": "text", "content": REPLY}]
    said = [{"role": "assistant", "parts": parts, "finish_reason": "stop"}]
    attributes = [
        attribute("gen_ai.operation.name", "chat"),
        attribute("gen_ai.request.model", "gpt-4o"),
        attribute("gen_ai.response.model", "gpt-4o-2024-08-06"),
        attribute("gen_ai.input.messages", json.dumps(asked)),
        attribute("gen_ai.output.messages", json.dumps(said)),
    ]
    span = {
        "traceId": "0",
        "spanId": "1",
        "name": "chat gpt-4o",
        "kind": 3,
        "startTimeUnixNano": "1750000000000000000",
        "attributes": attributes,
    }
    other = {"traceId": "0", "spanId": "2", "name": "GET /", "kind": 3, "attributes": [attribute("http.method", "GET")]}
    spans = {
        "resourceSpans": [
            {"resource": {"attributes": []}, "scopeSpans": [{"scope": {"name": "x"}, "spans": [span, other]}]}
        ]
    }
    return Export("spans.json", as_json(spans), ((ASK, REPLY, "gpt-4o-2024-08-06"),), 1)


def _promptfoo() -> Export:
    def result(text: str | None, error: str = "") -> dict[str, Any]:
        return {
            "provider": {"id": "openai:gpt-4o", "label": ""},
            "prompt": {"raw": ASK, "label": "{{q}}"},
            "vars": {"q": ASK},
            "success": not error,
            "score": 1,
            **({"error": error} if error else {}),
            **({"response": {"output": text}} if text is not None else {}),
        }

    results = [result(REPLY), result("Gas.", "Expected output to contain yeast"), result(None, "API error: 401")]
    whole = {
        "evalId": "e",
        "results": {"version": 3, "timestamp": "2026-01-05T10:00:00Z", "results": results, "stats": {}},
        "config": {},
    }
    return Export("output.json", as_json(whole), ((ASK, REPLY, "openai:gpt-4o"), (ASK, "Gas.", "openai:gpt-4o")), 1)


def _langsmith() -> Export:
    asked = {
        "messages": [
            [
                {
                    "lc": 1,
                    "type": "constructor",
                    "id": ["langchain", "schema", "messages", "HumanMessage"],
                    "kwargs": {"content": ASK, "type": "human"},
                }
            ]
        ]
    }
    message = {
        "lc": 1,
        "type": "constructor",
        "id": ["langchain", "schema", "messages", "AIMessage"],
        "kwargs": {"content": REPLY, "type": "ai"},
    }
    said = {
        "generations": [[{"text": REPLY, "message": message, "generation_info": {"finish_reason": "stop"}}]],
        "llm_output": {"model_name": "gpt-4o"},
    }
    base = {"start_time": "2026-01-05T10:00:00.000000", "session_id": "x", "extra": {}}
    runs = [
        base
        | {"id": "1", "name": "chain", "run_type": "chain", "inputs": {"question": ASK}, "outputs": {"output": REPLY}},
        base | {"id": "2", "name": "ChatOpenAI", "run_type": "llm", "inputs": asked, "outputs": said},
    ]
    return Export("runs.jsonl", as_lines(runs), ((ASK, REPLY, "gpt-4o"),), 1)


def _phoenix() -> Export:
    span = {
        "name": "ChatCompletion",
        "span_kind": "LLM",
        "start_time": "2026-01-05T10:00:00+00:00",
        "status_code": "OK",
        "context.span_id": "1",
        "context.trace_id": "0",
        "attributes.openinference.span.kind": "LLM",
        "attributes.llm.model_name": "gpt-4o",
        "attributes.llm.input_messages": [{"message.role": "user", "message.content": ASK}],
        "attributes.llm.output_messages": [{"message.role": "assistant", "message.content": REPLY}],
    }
    return Export("spans.jsonl", as_lines([span]), ((ASK, REPLY, "gpt-4o"),))


def _mlflow() -> Export:
    def span(name: str, kind: str, given: Any, got: Any) -> dict[str, Any]:
        held = {"mlflow.spanType": kind, "mlflow.spanInputs": given, "mlflow.spanOutputs": got}
        return {
            "name": name,
            "span_id": name,
            "start_time_unix_nano": 1750000000000000000,
            "attributes": {key: json.dumps(value) for key, value in held.items()},
        }

    asked = {"model": "gpt-4o", "messages": [{"role": "user", "content": ASK}]}
    spans = [
        span("predict", "CHAIN", {"q": ASK}, REPLY),
        span("Completions", "CHAT_MODEL", asked, _chat_completion(REPLY, "gpt-4o")),
    ]
    trace = {
        "info": {"request_id": "tr-1", "experiment_id": "0", "timestamp_ms": 1750000000000, "status": "OK"},
        "data": {"spans": spans},
    }
    return Export("traces.json", as_json([trace]), ((ASK, REPLY, "gpt-4o"),), 1)


def _wandb_table() -> Export:
    columns = ["prompt", "completion", "model"]
    rows = [[f"{ask} ({at})", f"{said} ({at})", "llama-3"] for at in range(4) for ask, said in TWO]
    table = {"columns": columns, "data": rows, "ncols": 3, "nrows": len(rows), "column_types": {"wb_type": "typedDict"}}
    return Export("answers.table.json", json.dumps(table), tuple((ask, said, model) for ask, said, model in rows))


def _pandas_columns() -> Export:
    rows = [(f"{ask} ({at})", f"{said} ({at})", "llama-3") for at in range(4) for ask, said in TWO]
    names = ("prompt", "response", "model")
    held = {name: {str(at): row[place] for at, row in enumerate(rows)} for place, name in enumerate(names)}
    return Export("answers.json", json.dumps(held), tuple(rows))


def _distilabel() -> Export:
    row = {
        "instruction": ASK,
        "system_prompt": None,
        "generation": REPLY,
        "model_name": "meta-llama/Llama-3.1-8B",
        "distilabel_metadata": {"raw_output_text_generation_0": REPLY},
    }
    pair = {"instruction": MORE, "generations": [THEN, "Steam."], "generation_models": ["a/one", "b/two"]}
    right = ((ASK, REPLY, "meta-llama/Llama-3.1-8B"), (MORE, THEN, "a/one"), (MORE, "Steam.", "b/two"))
    return Export("train.jsonl", as_lines([row, pair]), right)


def _oasst() -> Export:
    def said(name: str, parent: str | None, role: str, text: str, *replies: dict[str, Any]) -> dict[str, Any]:
        return {
            "message_id": name,
            "parent_id": parent,
            "text": text,
            "role": role,
            "lang": "en",
            "replies": list(replies),
        }

    tree = said("p", None, "prompter", ASK, said("a", "p", "assistant", REPLY), said("b", "p", "assistant", "Gas."))
    line = {"message_tree_id": "p", "tree_state": "ready_for_export", "prompt": tree}
    return Export("trees.jsonl", as_lines([line]), ((ASK, REPLY, None), (ASK, "Gas.", None)))


CALLS: dict[str, Export] = {
    "vertex_batch": _vertex_batch(),
    "bedrock_batch": _bedrock_batch(),
    "bedrock_log": _bedrock_log(),
    "azure_batch": _azure_batch(),
    "vllm_batch": _vllm_batch(),
    "litellm_spend": _litellm_spend(),
    "langfuse": _langfuse(),
    "otel_spans": _otel(),
    "promptfoo": _promptfoo(),
    "langsmith": _langsmith(),
    "phoenix": _phoenix(),
    "mlflow": _mlflow(),
    "wandb_table": _wandb_table(),
    "pandas_columns": _pandas_columns(),
    "distilabel": _distilabel(),
    "oasst": _oasst(),
}
