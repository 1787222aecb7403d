"""One record of each format of usage logs, as its tool documents it, and what is to come of it."""

from __future__ import annotations

import json
from typing import Any

PROMPT, SYSTEM, ANSWER = "Grade this answer.", "You are strict.", "Two of three."
MESSAGES = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": PROMPT}]
CHAT = {"model": "p-1", "choices": [{"index": 0, "message": {"role": "assistant", "content": ANSWER}}]}
TIME = "2026-01-02 03:04:05"

LITELLM = {
    "request_id": "chatcmpl-1",
    "call_type": "acompletion",
    "api_key": "88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b",
    "spend": 0.0003,
    "prompt_tokens": 20,
    "completion_tokens": 5,
    "startTime": "2026-01-02 03:04:05",
    "model": "p-1",
    "user": "default",
    "metadata": {"user_agent": "client/1"},
    "requester_ip_address": "203.0.113.7",
    "messages": MESSAGES,
    "response": CHAT,
}
LANGFUSE = {
    "id": "obs-1",
    "traceId": "trace-1",
    "type": "GENERATION",
    "startTime": "2026-01-02T03:04:05.000Z",
    "userId": "user-1",
    "model": "p-1",
    "input": MESSAGES,
    "output": {"role": "assistant", "content": ANSWER},
    "usage": {"input": 20, "output": 5, "unit": "TOKENS"},
    "level": "DEFAULT",
}
HELICONE = {
    "request_id": "r-1",
    "request_created_at": "2026-01-02T03:04:05+00:00",
    "request_user_id": "user-1",
    "request_body": {"model": "p-1", "messages": MESSAGES},
    "response_body": CHAT,
    "response_status": 200,
    "request_model": "p-1",
    "prompt_tokens": 20,
    "completion_tokens": 5,
    "delay_ms": 300,
    "country_code": "DE",
}
BEDROCK = {
    "schemaType": "ModelInvocationLog",
    "schemaVersion": "1.0",
    "timestamp": "2026-01-02T03:04:05Z",
    "accountId": "123456789012",
    "region": "us-east-1",
    "requestId": "r-1",
    "operation": "Converse",
    "modelId": "p-1",
    "identity": {"arn": "arn:aws:iam::123456789012:user/jo"},
    "input": {
        "inputContentType": "application/json",
        "inputBodyJson": {
            "system": [{"text": SYSTEM}],
            "messages": [{"role": "user", "content": [{"text": PROMPT}]}],
        },
        "inputTokenCount": 20,
    },
    "output": {
        "outputContentType": "application/json",
        "outputBodyJson": {"output": {"message": {"role": "assistant", "content": [{"text": ANSWER}]}}},
        "outputTokenCount": 5,
    },
}


def attributes(pairs: dict[str, Any]) -> list[dict[str, Any]]:
    """Attributes as OTLP writes them: integers as text."""
    return [
        {"key": k, "value": {"intValue": str(v)} if isinstance(v, int) else {"stringValue": v}}
        for k, v in pairs.items()
    ]


def span(number: int, pairs: dict[str, Any], events: list[dict[str, Any]]) -> dict[str, Any]:
    """One span."""
    return {
        "traceId": "5b8efff798038103d269b633813fc60c",
        "spanId": f"eee19b7ec3c1b17{number}",
        "name": "chat p-1",
        "startTimeUnixNano": "1767323045000000000",
        "attributes": attributes(pairs),
        "events": events,
    }


_MODEL = {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "p-1",
    "gen_ai.usage.input_tokens": 20,
    "gen_ai.usage.output_tokens": 5,
}
_TODAY = {
    "gen_ai.input.messages": json.dumps([{"role": "user", "parts": [{"type": "text", "content": PROMPT}]}]),
    "gen_ai.output.messages": json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": ANSWER}]}]),
    "gen_ai.system_instructions": json.dumps([{"type": "text", "content": SYSTEM}]),
}
_EVENTS = [
    {"name": "gen_ai.user.message", "attributes": attributes({"content": PROMPT})},
    {"name": "gen_ai.choice", "attributes": attributes({"message": json.dumps({"content": ANSWER})})},
]
OTEL = {
    "resourceSpans": [
        {
            "resource": {"attributes": attributes({"service.name": "shop", "user.id": "user-1"})},
            "scopeSpans": [
                {"spans": [span(1, _MODEL | _TODAY, []), span(2, {"http.route": "/"}, []), span(3, _MODEL, _EVENTS)]}
            ],
        }
    ]
}
USAGE = {
    "start_time": 1767323045,
    "api_key_id": "key-1",
    "model": "p-1",
    "input_tokens": 20,
    "output_tokens": 5,
    "num_model_requests": 3,
}
