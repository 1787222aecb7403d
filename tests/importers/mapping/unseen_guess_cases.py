"""More invented files, written after the rules of the guesses; the last ones after the rules had failed at such."""

from __future__ import annotations

import json

from tests.importers.mapping.guess_files import (
    ASKED,
    IDS,
    MORE,
    OPENAI,
    PAIRS,
    SAID,
    SHORT,
    TIMES,
    TURNS,
    array,
    case,
    lines,
    named,
    plain,
    rows,
    semicolons,
    table,
)

UNSEEN = (
    case(
        "prompt and gpt4_response", plain("prompt", "gpt4_response", lines), prompt="prompt", response="gpt4_response"
    ),
    case(
        "instruction, llm_out", plain("instruction", "llm_output_raw"), prompt="instruction", response="llm_output_raw"
    ),
    case("final", plain("user_question", "final_response"), prompt="user_question", response="final_response"),
    case(
        "chat export",
        table(rows(date=TIMES, user_id=IDS, user_input=ASKED, bot_answer=SAID)),
        prompt="user_input",
        response="bot_answer",
        time="date",
    ),
    case(
        "Dutch",
        plain("Vraag", "Antwoord", semicolons, Model=lambda n: "mistral-large"),
        prompt="Vraag",
        response="Antwoord",
        model="Model",
    ),
    case(
        "Spanish with a particle",
        plain("Texto de la pregunta", "Respuesta del modelo"),
        prompt="Texto de la pregunta",
        response="Respuesta del modelo",
    ),
    case(
        "Chinese with the model's words",
        plain("用户问题", "模型回答", lines, 参考答案=MORE),
        prompt="用户问题",
        response="模型回答",
    ),
    case("Swedish", plain("Fråga", "Svar", semicolons), prompt="Fråga", response="Svar"),
    case("Turkish", plain("Soru", "Cevap"), prompt="Soru", response="Cevap"),
    case(
        "question, context, answer",
        lines(rows(question=ASKED, context=MORE, answer=SAID)),
        unsure="prompt",
        prompt="question",
        response="answer",
    ),
    case("ground truth", lines(rows(problem=ASKED, ground_truth=SHORT, pred=SAID)), prompt="problem", response="pred"),
    case(
        "thinking",
        lines(rows(prompt=ASKED, thinking=MORE, response=SAID, model=lambda n: "deepseek-r1")),
        prompt="prompt",
        response="response",
        model="model",
    ),
    case(
        "two models side by side",
        table(named({"prompt": ASKED, "gpt-4o": SAID, "claude-3-opus": MORE})),
        "response",
        prompt="prompt",
        response="gpt-4o",
    ),
    case(
        "judge",
        lines(
            rows(
                question=ASKED,
                answer=SAID,
                judge_comment=MORE,
                judge_model=lambda n: "gpt-4",
                model=lambda n: "llama-3",
            )
        ),
        prompt="question",
        response="answer",
        model="model",
    ),
    case(
        "epochs",
        lines(
            [{"item_id": n % 2, "input": ASKED[n % 2], "epoch": n // 2 + 1, "prediction": SAID[n]} for n in range(6)]
        ),
        prompt="input",
        response="prediction",
        prompt_key="item_id",
        sample="epoch",
    ),
    case(
        "log of a gateway",
        lines(
            [
                {
                    "ts": TIMES[n],
                    "request": {"model": "gpt-4o", "messages": TURNS[n]},
                    "response": OPENAI[n],
                    "latency": 0.4,
                }
                for n in range(6)
            ]
        ),
        prompt="request.messages",
        response="response.choices.0.message.content",
        model="response.model",
        time="ts",
    ),
    case(
        "Ollama",
        lines(
            [
                {
                    "model": "llama3",
                    "created_at": TIMES[n],
                    "prompt": ASKED[n],
                    "response": SAID[n],
                    "done": True,
                    "eval_count": 12,
                }
                for n in range(6)
            ]
        ),
        prompt="prompt",
        response="response",
        model="model",
        time="created_at",
    ),
    case(
        "Ollama chat",
        lines(
            [
                {
                    "model": "llama3",
                    "created_at": TIMES[n],
                    "asked": TURNS[n],
                    "message": {"role": "assistant", "content": SAID[n]},
                }
                for n in range(6)
            ]
        ),
        prompt="asked",
        response="message.content",
        model="model",
        time="created_at",
    ),
    case(
        "vLLM",
        lines(
            [
                {"prompt": ASKED[n], "outputs": [{"index": 0, "text": SAID[n], "finish_reason": "stop"}]}
                for n in range(6)
            ]
        ),
        prompt="prompt",
        response="outputs.0.text",
    ),
    case(
        "a page of a listing",
        json.dumps(
            {
                "object": "list",
                "has_more": False,
                "data": [{"id": IDS[n], "input": ASKED[n], "output": SAID[n], "model": "m-1"} for n in range(6)],
            }
        ).encode(),
        records="data",
        prompt="input",
        response="output",
        model="model",
    ),
    case(
        "a report",
        json.dumps(
            {"config": {"model": "m"}, "evaluation": {"examples": PAIRS}, "scores": [{"a": 1}, {"a": 2}]}, indent=1
        ).encode(),
        records="evaluation.examples",
        prompt="prompt",
        response="response",
    ),
    case(
        "by question id",
        array({}).replace(
            b"{}", json.dumps({f"mt-{n}": {"question": ASKED[n], "response": SAID[n]} for n in range(6)}).encode()
        ),
        prompt="question",
        response="response",
    ),
    case(
        "semicolons and a line feed",
        semicolons(rows(Nr=lambda n: n + 1, Aufgabe=ASKED, Ausgabe=SAID)),
        prompt="Aufgabe",
        response="Ausgabe",
    ),
    case(
        "no header, with ids",
        table(rows(a=IDS, b=TIMES, c=ASKED, d=SAID), header=False),
        "prompt response",
        prompt="column_3",
        response="column_4",
    ),
    case(
        "bars",
        table(rows(run_id=lambda n: f"r{n}", prompt=ASKED, completion=SAID), "|"),
        prompt="prompt",
        response="completion",
    ),
    case(
        "tags and topics",
        lines(rows(topic=SHORT, prompt=ASKED, tags=lambda n: ["a", "b"], text=SAID)),
        prompt="prompt",
        response="text",
    ),
    case(
        "conversation of two",
        lines(
            [{"conv": [{"speaker": "user", "text": ASKED[n]}, {"speaker": "bot", "text": SAID[n]}]} for n in range(6)]
        ),
        prompt="conv.0.text",
        response="conv.1.text",
    ),
    case(
        "a seed for each",
        lines([{"prompt": ASKED[n // 3], "seed": 1000 + n % 3, "output": SAID[n]} for n in range(6)]),
        prompt="prompt",
        response="output",
        sample="seed",
    ),
    case(
        "nested names",
        lines(
            [{"task": {"id": f"t{n}", "prompt": ASKED[n]}, "result": {"text": SAID[n], "model": "m"}} for n in range(6)]
        ),
        prompt="task.prompt",
        response="result.text",
        model="result.model",
    ),
    case(
        "dots in keys",
        lines([{"input.prompt": ASKED[n], "output.text": SAID[n], "llm.model": "qwen2"} for n in range(6)]),
        prompt="input\\.prompt",
        response="output\\.text",
        model="llm\\.model",
    ),
    case(
        "inputs and outputs in cells",
        table(
            [
                {"id": IDS[n], "inputs": json.dumps({"question": ASKED[n]}), "outputs": json.dumps({"answer": SAID[n]})}
                for n in range(6)
            ]
        ),
        prompt="inputs.question",
        response="outputs.answer",
    ),
    case(
        "a test runner",
        json.dumps(
            {
                "results": {
                    "version": 3,
                    "results": [
                        {
                            "prompt": {"raw": ASKED[n], "label": "p"},
                            "provider": {"id": "openai:gpt-4o"},
                            "response": {"output": SAID[n]},
                        }
                        for n in range(6)
                    ],
                }
            }
        ).encode(),
        "model",
        records="results.results",
        prompt="prompt.raw",
        response="response.output",
        model="provider.id",
    ),
    case(
        "system output",
        table(rows(qid=lambda n: n, query=ASKED, system_output=SAID), "\t"),
        prompt_key="qid",
        prompt="query",
        response="system_output",
    ),
    case(
        "passages beside",
        lines(rows(instruction=ASKED, context=MORE, response=SAID)),
        "prompt",
        prompt="instruction",
        response="response",
    ),
)
