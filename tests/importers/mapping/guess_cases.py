"""Invented files such as people's pipelines write them, each with the mapping that reads it rightly."""

from __future__ import annotations

import json

from tests.importers.mapping.guess_files import (
    ANTHROPIC,
    ASKED,
    GEMINI,
    IDS,
    MORE,
    OPENAI,
    PAIRS,
    SAID,
    SHORT,
    TIMES,
    TURNS,
    Case,
    array,
    case,
    gpt,
    lines,
    named,
    plain,
    rows,
    semicolons,
    table,
)

SEEN: tuple[Case, ...] = (
    case("completion", plain("prompt", "completion", lines), prompt="prompt", response="completion"),
    case("generation", plain("question", "generation", lines), prompt="question", response="generation"),
    case("model_output", plain("query", "model_output"), prompt="query", response="model_output"),
    case("input and output", plain("input", "output", array), prompt="input", response="output"),
    case("user and assistant", plain("user", "assistant"), prompt="user", response="assistant"),
    case("human and bot", plain("human", "bot", lines), prompt="human", response="bot"),
    case("user_message and reply", plain("user_message", "reply"), prompt="user_message", response="reply"),
    case("text", plain("prompt", "text", lines), prompt="prompt", response="text"),
    case("content", plain("query", "content", lines), prompt="query", response="content"),
    case("camel case", plain("promptText", "generatedAnswer", lines), prompt="promptText", response="generatedAnswer"),
    case("with spaces", plain("User Prompt", "Model Response"), prompt="User Prompt", response="Model Response"),
    case("Question, Answer", plain("Question", "Answer", semicolons), prompt="Question", response="Answer"),
    case("q and a", plain("Q", "A"), prompt="Q", response="A"),
    case(
        "German",
        plain("Frage", "Antwort", semicolons, Modell=gpt),
        prompt="Frage",
        response="Antwort",
        model="Modell",
    ),
    case(
        "French",
        plain("question", "réponse", semicolons, modèle=gpt),
        prompt="question",
        response="réponse",
        model="modèle",
    ),
    case(
        "Spanish",
        plain("pregunta", "respuesta", modelo=gpt, fecha=TIMES),
        prompt="pregunta",
        response="respuesta",
        model="modelo",
        time="fecha",
    ),
    case(
        "Chinese",
        plain("问题", "回答", lines, 模型=gpt, 时间=TIMES),
        prompt="问题",
        response="回答",
        model="模型",
        time="时间",
    ),
    case("Japanese", plain("質問", "回答"), prompt="質問", response="回答"),
    case("Russian", plain("Вопрос", "Ответ", lines, Модель=gpt), prompt="Вопрос", response="Ответ", model="Модель"),
    case("Portuguese", plain("pergunta", "resposta"), prompt="pergunta", response="resposta"),
    case("Italian", plain("Domanda", "Risposta", semicolons), prompt="Domanda", response="Risposta"),
    case("Korean", plain("질문", "답변", lines), prompt="질문", response="답변"),
    case("Polish", plain("pytanie", "odpowiedź"), prompt="pytanie", response="odpowiedź"),
    case(
        "a and b",
        table(rows(prompt=ASKED, response_a=SAID, response_b=MORE)),
        "response",
        prompt="prompt",
        response="response_a",
    ),
    case(
        "chosen and rejected",
        lines(rows(prompt=ASKED, chosen=SAID, rejected=MORE)),
        "response",
        prompt="prompt",
        response="chosen",
    ),
    case(
        "reasoning beside",
        lines(rows(question=ASKED, reasoning=MORE, answer=SAID)),
        prompt="question",
        response="answer",
    ),
    case(
        "expected output",
        table(rows(input=ASKED, expected_output=MORE, output=SAID)),
        prompt="input",
        response="output",
    ),
    case(
        "prediction and reference",
        lines(rows(question=ASKED, reference=MORE, prediction=SAID)),
        prompt="question",
        response="prediction",
    ),
    case(
        "gold answer",
        lines(rows(question=ASKED, gold_answer=SHORT, generated_answer=SAID)),
        prompt="question",
        response="generated_answer",
    ),
    case("target", table(rows(source=ASKED, target=MORE, prediction=SAID)), prompt="source", response="prediction"),
    case(
        "short answer key",
        lines(rows(question=ASKED, answer=SHORT, model_output=SAID)),
        "response",
        prompt="question",
        response="model_output",
    ),
    case(
        "system prompt",
        lines(rows(system_prompt=lambda n: "Be brief and kind.", prompt=ASKED, response=SAID)),
        prompt="prompt",
        response="response",
    ),
    case(
        "uuid and model_name",
        table(rows(uuid=IDS, model_name=gpt, prompt=ASKED, response=SAID, created_at=TIMES)),
        prompt="prompt",
        response="response",
        model="model_name",
        time="created_at",
    ),
    case(
        "ids of prompts",
        lines(
            [
                {
                    "prompt_id": f"p{n % 3}",
                    "prompt": ASKED[n % 3],
                    "sample": n // 3,
                    "response": SAID[n],
                    "engine": "davinci-002",
                    "ts": 1740000000 + n,
                }
                for n in range(6)
            ]
        ),
        prompt="prompt",
        response="response",
        model="engine",
        prompt_key="prompt_id",
        time="ts",
        sample="sample",
    ),
    case(
        "ids alone",
        lines([{"qid": n // 2, "attempt": n % 2, "answer": SAID[n], "deployment": "prod-west"} for n in range(6)]),
        prompt_key="qid",
        response="answer",
        model="deployment",
        sample="attempt",
    ),
    case(
        "a number that says nothing",
        lines(rows(id=IDS, prompt=ASKED, n=lambda n: 1, seed=lambda n: 42, completion=SAID)),
        prompt="prompt",
        response="completion",
    ),
    case(
        "milliseconds",
        lines(rows(prompt=ASKED, output=SAID, timestamp=lambda n: 1740000000000 + n, latency_ms=lambda n: 300 + n)),
        prompt="prompt",
        response="output",
        time="timestamp",
    ),
    case(
        "lengths and scores",
        table(
            rows(
                prompt=ASKED,
                prompt_length=lambda n: 20 + n,
                response=SAID,
                response_length=lambda n: 50 + n,
                response_time=lambda n: 0.5 + n,
                score=lambda n: n / 10,
            )
        ),
        prompt="prompt",
        response="response",
    ),
    case(
        "trial",
        table(
            [{"question": ASKED[n // 3], "trial": n % 3 + 1, "response": SAID[n], "model_id": "m1"} for n in range(6)]
        ),
        prompt="question",
        response="response",
        sample="trial",
        model="model_id",
    ),
    case(
        "messages and reply",
        lines([{"messages": t, "output": s, "model": "gpt-4o"} for t, s in zip(TURNS, SAID, strict=True)]),
        prompt="messages",
        response="output",
        model="model",
    ),
    case(
        "request and completion",
        lines([{"input": {"messages": t}, "completion": c} for t, c in zip(TURNS, OPENAI, strict=True)]),
        prompt="input.messages",
        response="completion.choices.0.message.content",
        model="completion.model",
        time="completion.created",
    ),
    case(
        "choices beside a prompt",
        lines([{"prompt": a, **c} for a, c in zip(ASKED, OPENAI, strict=True)]),
        prompt="prompt",
        response="choices.0.message.content",
        model="model",
        time="created",
    ),
    case(
        "Gemini",
        lines(GEMINI),
        prompt="request.contents.0.parts.0.text",
        response="response.candidates.0.content.parts.0.text",
        model="response.modelVersion",
    ),
    case("Anthropic", array(ANTHROPIC), prompt="params.messages", response="reply.content.0.text", model="reply.model"),
    case(
        "body in a cell",
        table(
            [
                {"request_id": IDS[n], "body": json.dumps({"model": "gpt-4o", "messages": TURNS[n]}), "answer": SAID[n]}
                for n in range(6)
            ]
        ),
        "prompt",
        prompt="body.messages.-1.content",
        response="answer",
        model="body.model",
    ),
    case(
        "both bodies in cells",
        table([{"request": json.dumps({"prompt": ASKED[n]}), "response": json.dumps(OPENAI[n])} for n in range(6)]),
        prompt="request.prompt",
        response="response.choices.0.message.content",
        model="response.model",
    ),
    case(
        "answers as a list",
        lines([{"prompt": a, "responses": [b, c]} for a, b, c in zip(ASKED, SAID, MORE, strict=True)]),
        "response",
        prompt="prompt",
        response="responses.0",
    ),
    case(
        "in data",
        json.dumps({"status": "ok", "data": PAIRS}).encode(),
        records="data",
        prompt="prompt",
        response="response",
    ),
    case(
        "in results, indented",
        json.dumps({"meta": {"n": 6}, "results": PAIRS}, indent=2).encode(),
        records="results",
        prompt="prompt",
        response="response",
    ),
    case(
        "in rows",
        json.dumps(
            {"features": [{"name": "prompt"}], "rows": [{"row_idx": n, "row": r} for n, r in enumerate(PAIRS)]}
        ).encode(),
        records="rows",
        prompt="row.prompt",
        response="row.response",
    ),
    case(
        "in items by id",
        json.dumps({"items": dict(zip(IDS, PAIRS, strict=True))}).encode(),
        records="items",
        prompt="prompt",
        response="response",
    ),
    case(
        "by id",
        json.dumps({f"q{n}": {"answer": SAID[n], "model": "m"} for n in range(6)}, indent=1).encode(),
        response="answer",
        model="model",
        prompt_key="@key",
    ),
    case(
        "answers by question",
        json.dumps(dict(zip(ASKED, SAID, strict=True))).encode(),
        "prompt response",
        prompt="@key",
        response="@value",
    ),
    case(
        "nested",
        json.dumps({"run": {"id": 1, "outputs": PAIRS}}).encode(),
        records="run.outputs",
        prompt="prompt",
        response="response",
    ),
    case("one object", json.dumps(PAIRS[0], indent=2).encode(), prompt="prompt", response="response"),
    case(
        "objects one after the other",
        "\n".join(json.dumps(r, indent=2) for r in PAIRS).encode(),
        prompt="prompt",
        response="response",
    ),
    case("a line above the lines", b"# exported 2025-03-01\n" + lines(PAIRS), prompt="prompt", response="response"),
    case(
        "a header object above the lines",
        lines([{"version": 2, "source": "pipeline"}, *PAIRS]),
        prompt="prompt",
        response="response",
    ),
    case(
        "lists in lines",
        lines([[a, s] for a, s in zip(ASKED, SAID, strict=True)]),
        "prompt response",
        prompt="@value.0",
        response="@value.1",
    ),
    case(
        "lists in an array",
        json.dumps([[a, s] for a, s in zip(ASKED, SAID, strict=True)]).encode(),
        "prompt response",
        prompt="@value.0",
        response="@value.1",
    ),
    case(
        "no header",
        table(rows(a=ASKED, b=SAID, c=gpt), header=False),
        "prompt response model",
        prompt="column_1",
        response="column_2",
        model="column_3",
    ),
    case("tabs", table(rows(prompt=ASKED, reply=SAID), "\t"), prompt="prompt", response="reply"),
    case(
        "a title above",
        b"Export of 1 March 2025\r\n\r\n" + table(rows(id=IDS, prompt=ASKED, response=SAID)),
        prompt="prompt",
        response="response",
    ),
    case("sep=", b"sep=;\r\n" + table(rows(prompt=ASKED, response=SAID), ";"), prompt="prompt", response="response"),
    case(
        "UTF-16",
        table(rows(prompt=ASKED, response=SAID), "\t").decode().encode("utf-16"),
        prompt="prompt",
        response="response",
    ),
    case(
        "GB18030",
        table(
            named({"问题": lambda n: "天空为什么是蓝色的呢" * (n + 1), "答案": lambda n: "因为空气散射短波" * (n + 1)})
        )
        .decode()
        .encode("gb18030"),
        prompt="问题",
        response="答案",
    ),
    case(
        "Windows-1252",
        table(
            named({"Frage": lambda n: f"Wie heißt der größte See Nr. {n}?", "Antwort": lambda n: f"Größe {n} für Öl"}),
            ";",
        )
        .decode()
        .encode("windows-1252"),
        prompt="Frage",
        response="Antwort",
    ),
    case(
        "names that say nothing",
        table(named({"field_one": ASKED, "field_two": SAID})),
        "prompt response",
        prompt="field_one",
        response="field_two",
    ),
)
