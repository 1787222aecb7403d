"""Small files of programs and data sets that have no importer of their own, or share one, after their documentation.

The texts are invented; what must come of each was worked out by hand.
"""

from __future__ import annotations

import json

from tests.importers.public_exports import ASK, MORE, REPLY, THEN, Export, Right, as_lines, as_table

QUESTIONS = (ASK, MORE, "Who milks goats at night?", "How long is a league?", "Name a river in Peru.", "What is tar?")
REPLIES = (
    REPLY,
    THEN,
    "Nobody does so willingly.",
    "About three miles, once.",
    "The Marañón is one.",
    "It is what wood leaves.",
)
PAIRS = tuple(zip(QUESTIONS, REPLIES, strict=True))
OTHERS = tuple(f"Put otherwise: {text.lower()}" for text in REPLIES)


def _right(model: str | None, prompts: bool = True) -> tuple[Right, ...]:
    return tuple((ask if prompts else None, said, model) for ask, said in PAIRS)


def _turns(ask: str, said: str, names: tuple[str, str] = ("role", "content")) -> list[dict[str, str]]:
    who, what = names
    return [{who: "user", what: ask}, {who: "assistant", what: said}]


def _llm_logs() -> Export:
    rows: list[dict[str, object]] = [
        {
            "id": f"01j{at}",
            "model": "gpt-4o-mini",
            "prompt": ask,
            "system": None,
            "prompt_json": None,
            "response": said,
            "conversation_id": f"c{at}",
            "duration_ms": 900 + at,
            "datetime_utc": f"2026-01-05T10:00:0{at}.123456+00:00",
            "conversation_name": ask,
            "conversation_model": "gpt-4o-mini",
            "attachments": [],
        }
        for at, (ask, said) in enumerate(PAIRS)
    ]
    return Export("logs.json", json.dumps(rows, indent=2), _right("gpt-4o-mini"))


def _ollama() -> Export:
    rows = [
        {
            "model": "llama3.2",
            "prompt": ask,
            "created_at": f"2026-01-05T10:00:0{at}.123456789Z",
            "response": said,
            "done": True,
            "done_reason": "stop",
            "total_duration": 5_000_000 + at,
            "eval_count": 9,
        }
        for at, (ask, said) in enumerate(PAIRS)
    ]
    return Export("ollama.jsonl", as_lines(rows), _right("llama3.2"))


def _jan_thread() -> Export:
    rows = []
    for at, (ask, said) in enumerate(PAIRS):
        for role, text in (("user", ask), ("assistant", said)):
            held = [{"type": "text", "text": {"value": text, "annotations": []}}]
            rows.append(
                {
                    "id": f"{role}{at}",
                    "thread_id": f"t{at}",
                    "object": "thread.message",
                    "role": role,
                    "content": held,
                    "status": "ready",
                    "created_at": 1750000000 + at,
                }
            )
    return Export("messages.jsonl", as_lines(rows), _right(None))


def _ifeval() -> Export:
    return Export(
        "input_response_data_m.jsonl", as_lines([{"prompt": a, "response": r} for a, r in PAIRS]), _right(None)
    )


def _dolly() -> Export:
    rows = [{"instruction": a, "context": "", "response": r, "category": "open_qa"} for a, r in PAIRS]
    return Export("dolly.jsonl", as_lines(rows), _right(None))


def _ultrachat() -> Export:
    rows = [{"prompt": a, "prompt_id": f"p{at}", "messages": _turns(a, r)} for at, (a, r) in enumerate(PAIRS)]
    return Export("ultrachat.jsonl", as_lines(rows), _right(None))


def _ultrafeedback() -> Export:
    rows = [
        {
            "source": "x",
            "instruction": a,
            "models": ["one", "two"],
            "completions": [
                {"model": "one", "response": r, "overall_score": 7.0},
                {"model": "two", "response": o, "overall_score": 5.0},
            ],
            "correct_answers": ["None"],
        }
        for (a, r), o in zip(PAIRS, OTHERS, strict=True)
    ]
    return Export("ultrafeedback.jsonl", as_lines(rows), _right("one"))


def _evalplus() -> Export:
    rows = [{"task_id": f"HumanEval/{at}", "completion": f"    return {r!r}\n"} for at, (_, r) in enumerate(PAIRS)]
    right = tuple((None, str(row["completion"]), None) for row in rows)
    return Export("samples.jsonl", as_lines(rows), right)


def _survey_csv() -> Export:
    rows = [["Timestamp", "Model", "User prompt", "Model response", "Rating"]]
    rows += [[f"2026-01-05 10:00:0{at}", "mixtral-8x7b", a, r, str(at % 3)] for at, (a, r) in enumerate(PAIRS)]
    return Export("survey.csv", as_table(rows), _right("mixtral-8x7b"))


def _tabs() -> Export:
    rows: list[list[object]] = [
        ["id", "question", "answer", "model_id"],
        *([at, a, r, "phi-3"] for at, (a, r) in enumerate(PAIRS)),
    ]
    return Export("answers.tsv", as_table(rows, "\t"), _right("phi-3"))


def _semicolons() -> Export:
    rows = [["Frage", "Antwort", "Modell"], *([a, r, "teuken-7b"] for a, r in PAIRS)]
    return Export("antworten.csv", as_table(rows, ";"), _right("teuken-7b"))


def _predictions_under_keys() -> Export:
    held = {f"q{at}": {"question": a, "prediction": r, "gold": "x"} for at, (a, r) in enumerate(PAIRS)}
    return Export("predictions.json", json.dumps(held), _right(None))


def _records_in_data() -> Export:
    rows = [{"input": a, "output": r, "expected_output": "yes"} for a, r in PAIRS]
    return Export("run.json", json.dumps({"model": "x", "data": rows}, indent=1), _right(None))


def _braintrust() -> Export:
    rows = [
        {
            "id": f"s{at}",
            "span_id": f"s{at}",
            "created": f"2026-01-05T10:00:0{at}Z",
            "input": _turns(a, r)[:1],
            "output": [{"finish_reason": "stop", "index": 0, "message": {"role": "assistant", "content": r}}],
            "expected": None,
            "metadata": {"model": "gpt-4o"},
            "span_attributes": {"type": "llm", "name": "Chat"},
        }
        for at, (a, r) in enumerate(PAIRS)
    ]
    return Export("spans.jsonl", as_lines(rows), _right("gpt-4o"))


def _weave() -> Export:
    rows = [
        {
            "id": f"c{at}",
            "op_name": "openai.chat.completions.create",
            "started_at": f"2026-01-05T10:00:0{at}Z",
            "inputs": {"model": "gpt-4o", "messages": _turns(a, r)[:1]},
            "output": {
                "id": "x",
                "object": "chat.completion",
                "model": "gpt-4o-2024-08-06",
                "choices": [{"index": 0, "message": {"role": "assistant", "content": r}, "finish_reason": "stop"}],
            },
        }
        for at, (a, r) in enumerate(PAIRS)
    ]
    return Export("calls.jsonl", as_lines(rows), _right("gpt-4o-2024-08-06"))


def _no_robots() -> Export:
    rows = [{"prompt_id": f"p{at}", "category": "Open QA", "messages": _turns(a, r)} for at, (a, r) in enumerate(PAIRS)]
    return Export("train.json", json.dumps(rows), _right(None))


def _mistral_batch() -> Export:
    rows = [
        {
            "id": f"b{at}",
            "custom_id": str(at),
            "response": {
                "status_code": 200,
                "body": {
                    "id": "x",
                    "object": "chat.completion",
                    "model": "mistral-small-latest",
                    "created": 1750000000,
                    "choices": [
                        {
                            "index": 0,
                            "finish_reason": "stop",
                            "message": {"role": "assistant", "content": r, "tool_calls": None},
                        }
                    ],
                },
            },
            "error": None,
        }
        for at, (_, r) in enumerate(PAIRS)
    ]
    return Export("results.jsonl", as_lines(rows), _right("mistral-small-latest", prompts=False))


def _byte_order_mark() -> Export:
    rows = [["prompt", "completion", "model"], *([a, r, "granite-3"] for a, r in PAIRS)]
    return Export("excel.csv", "\ufeff" + as_table(rows), _right("granite-3"))


def _lighteval() -> Export:
    rows = [
        {"example": a, "full_prompt": a, "predictions": [r], "gold": ["x"], "input_tokens": [1, 2]} for a, r in PAIRS
    ]
    return Export("details.jsonl", as_lines(rows), _right(None))


def _chat_ui() -> Export:
    rows = [
        {
            "_id": {"$oid": f"{at:024x}"},
            "model": "zephyr-7b",
            "title": a,
            "messages": [
                {"from": "user", "content": a, "id": f"u{at}"},
                {"from": "assistant", "content": r, "id": f"a{at}"},
            ],
        }
        for at, (a, r) in enumerate(PAIRS)
    ]
    return Export("conversations.jsonl", as_lines(rows), _right("zephyr-7b"))


FURTHER: dict[str, Export] = {
    "llm_logs": _llm_logs(),
    "ollama": _ollama(),
    "jan_thread": _jan_thread(),
    "ifeval": _ifeval(),
    "dolly": _dolly(),
    "ultrachat": _ultrachat(),
    "ultrafeedback": _ultrafeedback(),
    "evalplus": _evalplus(),
    "survey_csv": _survey_csv(),
    "tabs": _tabs(),
    "semicolons": _semicolons(),
    "predictions_under_keys": _predictions_under_keys(),
    "records_in_data": _records_in_data(),
    "braintrust": _braintrust(),
    "weave": _weave(),
    "no_robots": _no_robots(),
    "mistral_batch": _mistral_batch(),
    "byte_order_mark": _byte_order_mark(),
    "lighteval": _lighteval(),
    "chat_ui": _chat_ui(),
}
