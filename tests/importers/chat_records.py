"""Invented records of chat exports, cloud batches and traces: each gives one answer, `text`, to `prompt N`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Record = dict[str, Any]
MODEL = "model-x"


def _asked(number: int) -> Record:
    return {"role": "user", "content": f"prompt {number}"}


def _attribute(key: str, value: str) -> Record:
    return {"key": key, "value": {"stringValue": value}}


def ai_studio(number: int, text: str) -> Record:
    """A prompt in chunks, with a thought before the answer."""
    chunks = [
        {"text": f"prompt {number}", "role": "user", "tokenCount": 3},
        {"text": "A thought.", "role": "model", "isThought": True},
        {"text": text, "role": "model", "finishReason": "STOP"},
    ]
    return {"runSettings": {"temperature": 1.0, "model": MODEL}, "chunkedPrompt": {"chunks": chunks}}


def bedrock_batch(number: int, text: str) -> Record:
    """A line of batch results, with the body of Anthropic's messages."""
    given = {"anthropic_version": "bedrock-2023-05-31", "messages": [_asked(number)], "max_tokens": 100}
    parts = [{"type": "thinking", "thinking": "A thought."}, {"type": "text", "text": text}]
    got = {"id": f"m{number}", "model": MODEL, "type": "message", "role": "assistant", "content": parts}
    return {"recordId": f"R{number}", "modelInput": given, "modelOutput": got | {"stop_reason": "end_turn"}}


def bedrock_log(number: int, text: str) -> Record:
    """A logged invocation by Converse."""
    given = {"messages": [{"role": "user", "content": [{"text": f"prompt {number}"}]}]}
    got = {"output": {"message": {"role": "assistant", "content": [{"text": text}]}}, "stopReason": "end_turn"}
    return {
        "schemaType": "ModelInvocationLog",
        "timestamp": "2025-01-01T00:00:00Z",
        "requestId": f"R{number}",
        "operation": "Converse",
        "modelId": MODEL,
        "input": {"inputContentType": "application/json", "inputBodyJson": given},
        "output": {"outputContentType": "application/json", "outputBodyJson": got},
    }


def chatgpt(number: int, text: str) -> Record:
    """A conversation as a tree of one branch."""

    def node(parent: str | None, child: str | None, role: str = "", said: str = "", **more: Any) -> Record:
        content = {"content_type": "text", "parts": [said]}
        message = {"id": "m", "author": {"role": role}, "content": content, "recipient": "all", "metadata": more}
        return {"parent": parent, "children": [child] if child else [], "message": message if role else None}

    mapping = {
        "root": node(None, "question"),
        "question": node("root", "answer", "user", f"prompt {number}"),
        "answer": node("question", None, "assistant", text, model_slug=MODEL),
    }
    return {"title": "t", "conversation_id": f"c{number}", "current_node": "answer", "mapping": mapping}


def claude_ai(number: int, text: str) -> Record:
    """A conversation with senders; its export names no model."""
    listed = [
        {"uuid": "q", "sender": "human", "text": f"prompt {number}", "created_at": "2025-01-01T00:00:00Z"},
        {"uuid": "a", "sender": "assistant", "text": text, "created_at": "2025-01-01T00:00:01Z"},
    ]
    return {"uuid": f"c{number}", "name": "t", "created_at": "2025-01-01T00:00:00Z", "chat_messages": listed}


def deepseek(number: int, text: str) -> Record:
    """A conversation as a tree whose messages are fragments, with a thought before the answer."""

    def node(parent: str | None, child: str | None, *fragments: tuple[str, str]) -> Record:
        listed = [{"type": kind, "content": said} for kind, said in fragments]
        message = {"files": [], "model": MODEL, "inserted_at": "2025-01-01T00:00:00+08:00", "fragments": listed}
        return {"parent": parent, "children": [child] if child else [], "message": message if fragments else None}

    mapping = {
        "root": node(None, "1"),
        "1": node("root", "2", ("REQUEST", f"prompt {number}")),
        "2": node("1", None, ("THINK", "A thought."), ("RESPONSE", text)),
    }
    return {"id": f"c{number}", "title": "t", "inserted_at": "2025-01-01T00:00:00+08:00", "mapping": mapping}


def grok(number: int, text: str) -> Record:
    """A conversation with its responses, of which both sides are some."""
    asked = {"_id": "q", "sender": "human", "message": f"prompt {number}", "model": ""}
    said = {"_id": "a", "sender": "ASSISTANT", "message": text, "model": MODEL}
    responses = [{"response": one, "share_link": None} for one in (asked, said)]
    return {"conversation": {"id": f"c{number}", "title": "t"}, "responses": responses}


def distilabel(number: int, text: str) -> Record:
    """A row of a data set that one model made."""
    return {"instruction": f"prompt {number}", "generation": text, "model_name": MODEL, "distilabel_metadata": {}}


def gemini_batch(number: int, text: str) -> Record:
    """A line of predictions, with a thought before the answer."""
    parts = [{"text": "A thought.", "thought": True}, {"text": text}]
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}
    return {
        "status": "",
        "processed_time": "2025-01-01T00:00:00Z",
        "request": {"contents": [{"role": "user", "parts": [{"text": f"prompt {number}"}]}]},
        "response": {"candidates": [candidate], "modelVersion": MODEL, "responseId": f"R{number}"},
    }


def langsmith(number: int, text: str) -> Record:
    """A run of a model, its messages as LangChain writes them."""
    human = {"lc": 1, "id": ["langchain", "schema", "HumanMessage"], "kwargs": {"content": f"prompt {number}"}}
    own = {"lc": 1, "id": ["langchain", "schema", "AIMessage"], "kwargs": {"content": text}}
    return {
        "id": f"R{number}",
        "run_type": "llm",
        "start_time": "2025-01-01T00:00:00Z",
        "inputs": {"messages": [[human]]},
        "outputs": {"generations": [[{"text": text, "message": own}]], "llm_output": {"model_name": MODEL}},
    }


def librechat(number: int, text: str) -> Record:
    """A conversation whose messages say whether a user wrote them."""
    listed = [
        {"messageId": "q", "parentMessageId": None, "isCreatedByUser": True, "text": f"prompt {number}"},
        {"messageId": "a", "parentMessageId": "q", "isCreatedByUser": False, "model": MODEL, "text": text},
    ]
    return {"conversationId": f"c{number}", "title": "t", "messages": listed}


def llama_cpp(number: int, text: str) -> Record:
    """A conversation of the web page."""
    listed = [
        {"id": "root", "convId": f"c{number}", "type": "root", "role": "system", "content": "", "parent": None},
        {"id": "q", "convId": f"c{number}", "type": "text", "parent": "root", **_asked(number)},
        {"id": "a", "convId": f"c{number}", "parent": "q", "role": "assistant", "content": text, "model": MODEL},
    ]
    return {"conv": {"id": f"c{number}", "currNode": "a"}, "messages": listed}


def lm_studio(number: int, text: str) -> Record:
    """A conversation whose messages have one version each."""
    asked = {"type": "singleStep", "role": "user", "content": [{"type": "text", "text": f"prompt {number}"}]}
    block = {"type": "contentBlock", "content": [{"type": "text", "text": text}], "genInfo": {"identifier": MODEL}}
    said = {"type": "multiStep", "role": "assistant", "steps": [block]}
    listed = [{"versions": [one], "currentlySelected": 0} for one in (asked, said)]
    return {"name": f"c{number}", "createdAt": 1735689600000, "systemPrompt": "", "messages": listed}


def mlflow(number: int, text: str) -> Record:
    """A trace of one call."""
    given = {"model": MODEL, "messages": [_asked(number)]}
    got = {"model": MODEL, "choices": [{"message": {"role": "assistant", "content": text}}]}
    attributes = {
        "mlflow.spanType": json.dumps("CHAT_MODEL"),
        "mlflow.spanInputs": json.dumps(given),
        "mlflow.spanOutputs": json.dumps(got),
    }
    return {"info": {"request_id": "t"}, "data": {"spans": [{"span_id": f"s{number}", "attributes": attributes}]}}


def oasst_trees(number: int, text: str) -> Record:
    """A tree of one prompt and one reply by a model."""
    reply = {"message_id": f"a{number}", "role": "assistant", "text": text, "synthetic": True, "model_name": MODEL}
    prompt = {"message_id": f"q{number}", "role": "prompter", "text": f"prompt {number}", "replies": [reply]}
    return {"message_tree_id": f"q{number}", "tree_state": "ready_for_export", "prompt": prompt}


def open_webui(number: int, text: str) -> Record:
    """A chat with a history by ids."""
    messages = {
        "q": {"id": "q", "parentId": None, "childrenIds": ["a"], **_asked(number)},
        "a": {"id": "a", "parentId": "q", "childrenIds": [], "role": "assistant", "content": text, "model": MODEL},
    }
    return {"id": f"c{number}", "title": "t", "chat": {"history": {"messages": messages, "currentId": "a"}}}


def otel_spans(number: int, text: str) -> Record:
    """A span with its messages as attributes in JSON."""
    asked = [{"role": "user", "parts": [{"type": "text", "content": f"prompt {number}"}]}]
    said = [{"role": "assistant", "parts": [{"type": "text", "content": text}], "finish_reason": "stop"}]
    attributes = [
        _attribute("gen_ai.response.model", MODEL),
        _attribute("gen_ai.input.messages", json.dumps(asked)),
        _attribute("gen_ai.output.messages", json.dumps(said)),
    ]
    return {
        "spanId": f"s{number}",
        "name": "chat",
        "startTimeUnixNano": "1735689600000000000",
        "attributes": attributes,
    }


def promptfoo(number: int, text: str) -> Record:
    """A result."""
    return {
        "id": f"R{number}",
        "provider": {"id": MODEL, "label": ""},
        "prompt": {"raw": f"prompt {number}", "label": "{{q}}"},
        "vars": {"q": "v"},
        "response": {"output": text},
        "success": False,
    }


def text_generation_webui(number: int, text: str) -> Record:
    """A chat of one pair."""
    pair = [f"prompt {number}", text]
    return {"internal": [pair], "visible": [pair], "metadata": {"assistant_0": {"model_name": MODEL}}}


CHAT_RECORDS: dict[str, Callable[[int, str], Record]] = {
    "ai_studio": ai_studio,
    "bedrock_batch": bedrock_batch,
    "bedrock_log": bedrock_log,
    "chatgpt": chatgpt,
    "claude_ai": claude_ai,
    "deepseek": deepseek,
    "distilabel": distilabel,
    "gemini_batch": gemini_batch,
    "grok": grok,
    "langsmith": langsmith,
    "librechat": librechat,
    "llama_cpp": llama_cpp,
    "lm_studio": lm_studio,
    "mlflow": mlflow,
    "oasst_trees": oasst_trees,
    "open_webui": open_webui,
    "otel_spans": otel_spans,
    "promptfoo": promptfoo,
    "text_generation_webui": text_generation_webui,
}


def claude_code(number: int, text: str) -> list[Record]:
    """A question, and an answer that is written twice as it grows."""
    line = {"sessionId": f"c{number}", "timestamp": "2025-01-01T00:00:00Z", "isSidechain": False}
    message = {"id": f"m{number}", "type": "message", "role": "assistant", "model": MODEL, "stop_reason": None}
    grown = [message | {"content": [{"type": "text", "text": part}]} for part in (text[: len(text) // 2], text)]
    return [
        {**line, "type": "user", "uuid": f"q{number}", "parentUuid": None, "message": _asked(number)},
        {**line, "type": "assistant", "uuid": f"x{number}", "parentUuid": f"q{number}", "message": grown[0]},
        {**line, "type": "assistant", "uuid": f"a{number}", "parentUuid": f"x{number}", "message": grown[1]},
    ]


def codex(number: int, text: str) -> list[Record]:
    """The items of a turn, after the line that begins a session."""
    said = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}
    asked = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": f"prompt {number}"}]}
    items: list[Record] = [
        {"type": "session_meta", "payload": {"id": f"c{number}"}},
        {"type": "turn_context", "payload": {"model": MODEL, "cwd": "/"}},
        {"type": "response_item", "payload": asked},
        {"type": "response_item", "payload": said},
    ]
    return [{"timestamp": "2025-01-01T00:00:00Z", **item} for item in items]


def oasst_messages(number: int, text: str) -> list[Record]:
    """A prompt and its reply, each a line."""
    tree = {"message_tree_id": f"q{number}", "lang": "en"}
    said = {"role": "assistant", "text": text, "synthetic": True, "model_name": MODEL}
    return [
        {**tree, "message_id": f"q{number}", "parent_id": None, "role": "prompter", "text": f"prompt {number}"},
        {**tree, "message_id": f"a{number}", "parent_id": f"q{number}", **said},
    ]


def silly_tavern(number: int, text: str) -> list[Record]:
    """A message of the user and one of the character."""
    said = {"name": "C", "is_user": False, "is_system": False, "mes": text, "extra": {"model": MODEL}}
    return [{"name": "U", "is_user": True, "is_system": False, "mes": f"prompt {number}", "extra": {}}, said]


def message_rows(number: int, text: str) -> list[Record]:
    """A question and an answer, each a record with its role."""
    talk = {"conversation_id": f"c{number}"}
    said = {"role": "assistant", "content": text, "model": MODEL}
    return [{"id": f"q{number}", **talk, **_asked(number), "model": ""}, {"id": f"a{number}", **talk, **said}]


SESSIONS: dict[str, Callable[[int, str], list[Record]]] = {
    "claude_code": claude_code,
    "codex": codex,
    "oasst_messages": oasst_messages,
    "silly_tavern": silly_tavern,
    "message_rows": message_rows,
}
"""Formats of lines that belong together."""

NOT_EMPTY = ("chatgpt", "codex", "claude_code")
"""Formats in which a message without words is none."""


def session_file(key: str, records: list[list[Record]], *, escaped: bool = True) -> bytes:
    """A file of these lines."""
    lines = [json.dumps(line, ensure_ascii=escaped) for record in records for line in record]
    return "".join(line + "\n" for line in lines).encode()
