"""Twenty small files in the form that public documentation shows, each with the answers that a person reads in it."""

from __future__ import annotations

import json
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """An answer as it must come out; a prompt of None is not known from this file."""

    prompt: str | None
    text: str
    model: str | None = None


class Further(NamedTuple):
    """A file by its name and text, the answers in it, and how many of its records hold none."""

    name: str
    text: str
    answers: tuple[Answer, ...]
    rejected: int = 0


def _lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def _azure(key: str, body: Any, status: int = 200) -> dict[str, Any]:
    return {"custom_id": key, "response": {"body": body, "request_id": key, "status_code": status}, "error": None}


def _message(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


FILTERED = {"hate": {"filtered": False, "severity": "safe"}}
NOVA = {
    "recordId": "N1",
    "modelInput": {
        "system": [{"text": "Be short."}],
        "messages": [{"role": "user", "content": [{"text": "Name a sea."}]}],
    },
    "modelOutput": {
        "output": {"message": {"role": "assistant", "content": [{"text": "The Aral Sea."}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 4, "outputTokens": 5},
    },
}
TITAN_FAILED = {
    "recordId": "N2",
    "modelInput": {"messages": [{"role": "user", "content": [{"text": "Name a lake."}]}]},
    "error": {"errorCode": 400, "errorMessage": "Bad Request"},
}
CHUNKS = [
    {"text": "Name a river.", "role": "user", "tokenCount": 4},
    {"text": "They want one river.", "role": "model", "isThought": True},
    {"text": "The ", "role": "model"},
    {"text": "Danube.", "role": "model", "finishReason": "STOP"},
]
SWIPED = {"name": "Aqua", "is_user": False, "mes": "A pike.", "swipe_id": 1, "swipes": ["A carp.", "A pike."]}
TREE = {
    "message_tree_id": "t1",
    "tree_state": "ready_for_export",
    "prompt": {
        "message_id": "t1",
        "role": "prompter",
        "text": "Name a bird.",
        "replies": [
            {"message_id": "t2", "role": "assistant", "text": "A wren.", "rank": 0, "replies": []},
            {"message_id": "t3", "role": "assistant", "text": "A kite.", "rank": 1, "replies": []},
        ],
    },
}
THINKING = [
    {"type": "thinking", "thinking": "An easy one.", "signature": "s"},
    {"type": "text", "text": "Oak."},
]
SPLIT = {
    "columns": ["question", "answer", "model"],
    "index": [0, 1],
    "data": [["Name a metal.", "It is tin.", "m-1"], ["Name a gas.", "It is neon.", "m-1"]],
}
DEFAULT = {
    "question": {"0": "Name a metal.", "1": "Name a gas."},
    "answer": {"0": "It is tin.", "1": "It is neon."},
}
METALS = (Answer("Name a metal.", "It is tin."), Answer("Name a gas.", "It is neon."))

FILES: tuple[Further, ...] = (
    Further(
        "azure batch.jsonl",
        _lines(
            _azure(
                "a1",
                {
                    "model": "gpt-4o-2024-08-06",
                    "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": FILTERED}],
                    "choices": [
                        {"index": 0, "message": _message("assistant", "A fox."), "content_filter_results": FILTERED}
                    ],
                },
            ),
            _azure("a2", {"error": {"code": "content_filter", "message": "The prompt was filtered."}}, 400),
        ),
        (Answer(None, "A fox.", "gpt-4o-2024-08-06"),),
        1,
    ),
    Further("nova.jsonl.out", _lines(NOVA, TITAN_FAILED), (Answer("Name a sea.", "The Aral Sea."),), 1),
    Further(
        "ai studio prompt",
        json.dumps({"runSettings": {"model": "models/gemini-x"}, "chunkedPrompt": {"chunks": CHUNKS}}, indent=2),
        (Answer("Name a river.", "The Danube.", "gemini-x"),),
    ),
    Further(
        "gemini results.jsonl",
        _lines(
            {
                "key": "k1",
                "response": {
                    "candidates": [
                        {"content": {"role": "model", "parts": [{"text": "A bee."}]}, "finishReason": "STOP"}
                    ],
                    "modelVersion": "gemini-x",
                },
            },
            {"key": "k2", "error": {"code": 429, "message": "Resource exhausted"}},
        ),
        (Answer(None, "A bee.", "gemini-x"),),
        1,
    ),
    Further(
        "Aqua - 2025-01-01.jsonl",
        _lines(
            {"user_name": "U", "character_name": "Aqua", "create_date": "2025-01-01", "chat_metadata": {}},
            {"name": "U", "is_user": True, "mes": "Name a fish."},
            SWIPED,
        ),
        (Answer("Name a fish.", "A carp."), Answer("Name a fish.", "A pike.")),
    ),
    Further("oasst.jsonl", _lines(TREE), (Answer("Name a bird.", "A wren."), Answer("Name a bird.", "A kite."))),
    Further(
        "claude batch.jsonl",
        _lines(
            {
                "custom_id": "c1",
                "result": {
                    "type": "succeeded",
                    "message": {
                        "model": "claude-x",
                        "role": "assistant",
                        "content": THINKING,
                        "stop_reason": "end_turn",
                    },
                },
            },
            {"custom_id": "c2", "result": {"type": "expired"}},
        ),
        (Answer(None, "Oak.", "claude-x"),),
        1,
    ),
    Further("split.json", json.dumps(SPLIT), tuple(a._replace(model="m-1") for a in METALS)),
    Further("default.json", json.dumps(DEFAULT), METALS),
    Further(
        "sender.jsonl",
        _lines(
            {"conversationId": "s1", "sender": "User", "text": "Name a metal."},
            {"conversationId": "s1", "sender": "Assistant", "text": "It is tin."},
            {"conversationId": "s2", "sender": "User", "text": "Name a gas."},
            {"conversationId": "s2", "sender": "Assistant", "text": "It is neon."},
        ),
        METALS,
    ),
    Further(
        "from.csv",
        "thread,from,body\n1,human,Name a metal.\n1,ai,It is tin.\n2,human,Name a gas.\n2,ai,It is neon.\n",
        METALS,
    ),
    Further(
        "chat.md",
        "# Chat\n\n**User:** Name a metal.\n\n**Assistant:** It is tin.\n\n"
        "**User:** Name a gas.\n\n**Assistant:** It is neon.\n",
        (
            METALS[0],
            Answer("USER: Name a metal.\n\nASSISTANT: It is tin.\n\nUSER: Name a gas.", "It is neon."),
        ),
    ),
    Further(
        "semicolons.csv",
        'Frage;Antwort;Modell\nNenne ein Metall.;"Zinn; was sonst?";m-1\nNenne ein Gas.;Neon.;m-1\n',
        (
            Answer("Nenne ein Metall.", "Zinn; was sonst?", "m-1"),
            Answer("Nenne ein Gas.", "Neon.", "m-1"),
        ),
    ),
    Further(
        "promptfoo.json",
        json.dumps(
            {
                "version": 3,
                "results": {
                    "results": [
                        {
                            "provider": {"id": "openai:m-1", "label": ""},
                            "prompt": {"raw": "Name a metal.", "label": "x"},
                            "vars": {},
                            "response": {"output": "It is tin."},
                            "success": True,
                        },
                        {
                            "provider": {"id": "openai:m-1", "label": ""},
                            "prompt": {"raw": "Name a gas.", "label": "x"},
                            "vars": {},
                            "response": {"error": "429 rate limited"},
                            "error": "429 rate limited",
                            "success": False,
                        },
                    ]
                },
            }
        ),
        (Answer("Name a metal.", "It is tin.", "openai:m-1"),),
        1,
    ),
    Further(
        "ranks.jsonl",
        _lines(
            {
                "instruction": "Name a metal.",
                "generations": ["It is tin.", "It is lead."],
                "generation_models": ["m-1", "m-2"],
                "ratings": [5, 4],
            },
        ),
        (Answer("Name a metal.", "It is tin.", "m-1"), Answer("Name a metal.", "It is lead.", "m-2")),
    ),
    Further(
        "responses.jsonl",
        _lines(
            _azure(
                "r1",
                {
                    "object": "response",
                    "model": "o-x",
                    "output": [
                        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Metals."}]},
                        {
                            "type": "message",
                            "role": "assistant",
                            "content": [{"type": "output_text", "text": "It is tin.", "annotations": []}],
                        },
                    ],
                },
            )
        ),
        (Answer(None, "It is tin.", "o-x"),),
    ),
    Further(
        "fastchat.jsonl",
        _lines(
            {
                "question_id": 81,
                "model_id": "m-1",
                "answer_id": "x",
                "choices": [{"index": 0, "turns": ["It is tin."]}, {"index": 1, "turns": ["It is zinc."]}],
                "tstamp": 1.5,
            },
        ),
        (Answer(None, "It is tin.", "m-1"), Answer(None, "It is zinc.", "m-1")),
    ),
    Further(
        "sharegpt.json",
        json.dumps(
            [
                {
                    "id": "x",
                    "conversations": [
                        {"from": "system", "value": "Be short."},
                        {"from": "human", "value": "Name a metal."},
                        {"from": "gpt", "value": "It is tin."},
                    ],
                }
            ]
        ),
        (Answer("Name a metal.", "It is tin."),),
    ),
    Further(
        "codex.jsonl",
        _lines(
            {"timestamp": "2025-01-01T00:00:00Z", "type": "session_meta", "payload": {"id": "x", "cwd": "/"}},
            {"timestamp": "2025-01-01T00:00:00Z", "type": "turn_context", "payload": {"model": "m-1", "cwd": "/"}},
            {
                "timestamp": "2025-01-01T00:00:01Z",
                "type": "response_item",
                "payload": {
                    "type": "message",
                    "role": "user",
                    "content": [{"type": "input_text", "text": "Name a metal."}],
                },
            },
            {
                "timestamp": "2025-01-01T00:00:02Z",
                "type": "response_item",
                "payload": {"type": "reasoning", "summary": [], "encrypted_content": "x"},
            },
            {
                "timestamp": "2025-01-01T00:00:03Z",
                "type": "response_item",
                "payload": {
                    "type": "message",
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": "It is tin."}],
                },
            },
        ),
        (Answer("Name a metal.", "It is tin.", "m-1"),),
    ),
    Further(
        "tabs.tsv",
        "prompt\tcompletion\tmodel\nName a metal.\tIt is tin.\tm-1\nName a gas.\tIt is neon.\tm-1\n",
        tuple(a._replace(model="m-1") for a in METALS),
    ),
)
