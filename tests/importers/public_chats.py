"""Chats and transcripts of agents, each after the public documentation of the program that saves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.importers.public_exports import (
    ASK,
    MORE,
    REPLY,
    THEN,
    THOUGHT,
    Export,
    as_json,
    as_lines,
    as_table,
    second_answer,
)


def _chatgpt() -> Export:
    def node(name: str, parent: str | None, role: str, parts: list[str], **more: Any) -> dict[str, Any]:
        content = {"content_type": "text", "parts": parts}
        message = {"id": name, "author": {"role": role}, "content": content, "recipient": "all", "metadata": more}
        return {"id": name, "message": message, "parent": parent, "children": []}

    nodes = [
        {"id": "root", "message": None, "parent": None, "children": ["s"]},
        node("s", "root", "system", [""], is_visually_hidden_from_conversation=True),
        node("u1", "s", "user", [ASK]),
        node("a1", "u1", "assistant", ["An answer that was asked for again."], model_slug="gpt-4o"),
        node("a2", "u1", "assistant", [REPLY], model_slug="gpt-4o"),
        node("u2", "a2", "user", [MORE]),
        node("t", "u2", "assistant", [""], model_slug="o3"),
        node("a3", "t", "assistant", [THEN], model_slug="o3"),
    ]
    thoughts = nodes[6]["message"]
    thoughts["content"] = {"content_type": "thoughts", "thoughts": [{"summary": "Soda", "content": THOUGHT}]}
    for one in nodes:
        one["children"] = [other["id"] for other in nodes if other["parent"] == one["id"]]
    talk = {"title": "Bread", "create_time": 1750000000.5, "current_node": "a3", "conversation_id": "c1"}
    right = (
        (ASK, "An answer that was asked for again.", "gpt-4o"),
        (ASK, REPLY, "gpt-4o"),
        second_answer("o3"),
    )
    return Export("conversations.json", as_json([talk | {"mapping": {one["id"]: one for one in nodes}}]), right)


def _claude_ai() -> Export:
    def said(sender: str, text: str, at: int, **more: Any) -> dict[str, Any]:
        block = {"type": "text", "text": text, "citations": []}
        return {
            "uuid": f"m{at}",
            "sender": sender,
            "text": text,
            "created_at": f"2026-01-05T10:00:0{at}Z",
            "content": [block],
            "attachments": [],
            "files": [],
        } | more

    thinking = [{"type": "thinking", "thinking": THOUGHT}, {"type": "text", "text": THEN}]
    messages = [
        said("human", ASK, 1),
        said("assistant", REPLY, 2),
        said("human", MORE, 3),
        said("assistant", THEN, 4, content=thinking),
    ]
    talk = {"uuid": "c1", "name": "Bread", "created_at": "2026-01-05T10:00:00Z", "account": {"uuid": "x"}}
    right = ((ASK, REPLY, None), second_answer(None))
    return Export("conversations.json", as_json([talk | {"chat_messages": messages}]), right)


def _open_webui() -> Export:
    def said(name: str, parent: str | None, role: str, text: str, **more: Any) -> dict[str, Any]:
        return {
            "id": name,
            "parentId": parent,
            "childrenIds": [],
            "role": role,
            "content": text,
            "timestamp": 1750000000,
        } | more

    thought = (
        f'<details type="reasoning" done="true" duration="3">\n<summary>Thought</summary>\n> {THOUGHT}\n</details>\n'
    )
    listed = [
        said("u1", None, "user", ASK, models=["llama3.2:3b", "qwen3:8b"]),
        said("a1", "u1", "assistant", REPLY, model="llama3.2:3b", done=True),
        said("a2", "u1", "assistant", thought + "Gas.", model="qwen3:8b", done=True),
        said("a3", "u1", "assistant", "", model="qwen3:8b", error={"content": "Ollama: model not found"}),
    ]
    chat = {
        "title": "Bread",
        "models": ["llama3.2:3b"],
        "history": {"messages": {m["id"]: m for m in listed}, "currentId": "a1"},
    }
    right = ((ASK, REPLY, "llama3.2:3b"), (ASK, "Gas.", "qwen3:8b"))
    return Export(
        "chat-export-1.json", as_json([{"id": "c1", "user_id": "x", "title": "Bread", "chat": chat}]), right, 1
    )


def _librechat() -> Export:
    def said(name: str, parent: str, by_user: bool, text: str, **more: Any) -> dict[str, Any]:
        return {
            "messageId": name,
            "parentMessageId": parent,
            "conversationId": "c1",
            "isCreatedByUser": by_user,
            "sender": "User" if by_user else "Claude",
            "text": text,
            "createdAt": "2026-01-05T10:00:00.000Z",
        } | more

    root = "00000000-0000-0000-0000-000000000000"
    thinking = [{"type": "think", "think": THOUGHT}, {"type": "text", "text": THEN}]
    messages = [
        said("u1", root, True, ASK),
        said("a1", "u1", False, REPLY, model="claude-sonnet-4"),
        said("u2", "a1", True, MORE),
        said("a2", "u2", False, "", model="claude-sonnet-4", content=thinking),
    ]
    talk = {
        "conversationId": "c1",
        "endpoint": "anthropic",
        "title": "Bread",
        "exportAt": "10:00",
        "branches": True,
        "recursive": False,
        "options": {"model": "claude-sonnet-4"},
        "messages": messages,
    }
    right = ((ASK, REPLY, "claude-sonnet-4"), second_answer("claude-sonnet-4"))
    return Export("bread.json", as_json(talk), right)


def _lm_studio() -> Export:
    def user(text: str) -> dict[str, Any]:
        version = {"type": "singleStep", "role": "user", "content": [{"type": "text", "text": text}]}
        return {"versions": [version], "currentlySelected": 0}

    def step(text: str, kind: str = "default") -> dict[str, Any]:
        made = {"identifier": "qwen3-8b", "stats": {"stopReason": "eosFound"}}
        return {
            "type": "contentBlock",
            "stepIdentifier": "1",
            "content": [{"type": "text", "text": text}],
            "style": {"type": kind},
            "genInfo": made,
        }

    def model(*versions: Sequence[dict[str, Any]], selected: int = 0) -> dict[str, Any]:
        made = [
            {"type": "multiStep", "role": "assistant", "senderInfo": {"senderName": "qwen3-8b"}, "steps": list(steps)}
            for steps in versions
        ]
        return {"versions": made, "currentlySelected": selected}

    messages = [
        user(ASK),
        model([step("An answer that was asked for again.")], [step(REPLY)], selected=1),
        user(MORE),
        model([step(THOUGHT, "thinking"), step(THEN), {"type": "debugInfoBlock", "debugInfo": "x"}]),
    ]
    talk = {"name": "Bread", "pinned": False, "createdAt": 1750000000000, "systemPrompt": "", "messages": messages}
    right = (
        (ASK, "An answer that was asked for again.", "qwen3-8b"),
        (ASK, REPLY, "qwen3-8b"),
        second_answer("qwen3-8b"),
    )
    return Export("1750000000000.conversation.json", as_json(talk), right)


def _silly_tavern() -> Export:
    def said(name: str, is_user: bool, text: str, **more: Any) -> dict[str, Any]:
        return {
            "name": name,
            "is_user": is_user,
            "is_system": False,
            "send_date": "January 5, 2026 10:00am",
            "mes": text,
            "extra": {},
        } | more

    extra = {"api": "openai", "model": "gpt-4o"}
    info = [{"send_date": "January 5, 2026 10:00am", "extra": extra}] * 2
    lines = [
        {"user_name": "Ann", "character_name": "Baker", "create_date": "2026-01-05@10h00m", "chat_metadata": {}},
        said("Baker", False, "Welcome to the bakery."),
        said("Ann", True, ASK),
        said("Baker", False, REPLY, extra=extra, swipe_id=1, swipes=["Because.", REPLY], swipe_info=info),
        said("Note", False, "A hidden note.", is_system=True),
        said("Ann", True, MORE),
        said("Baker", False, THEN, extra=extra | {"reasoning": THOUGHT}),
    ]
    right = (
        (None, "Welcome to the bakery.", None),
        (ASK, "Because.", "gpt-4o"),
        (ASK, REPLY, "gpt-4o"),
        second_answer("gpt-4o"),
    )
    return Export("Baker - 2026-01-05.jsonl", as_lines(lines), right)


def _text_generation_webui() -> Export:
    pairs = [["<|BEGIN-VISIBLE-CHAT|>", "Hello there."], [ASK, REPLY], [MORE, THEN]]
    right = ((None, "Hello there.", None), (ASK, REPLY, None), second_answer(None))
    return Export("20260105-10-00-00.json", as_json({"internal": pairs, "visible": pairs}), right)


def _llama_cpp() -> Export:
    def said(name: int, parent: int, role: str, text: str, **more: Any) -> dict[str, Any]:
        return {
            "id": name,
            "convId": "conv-1",
            "type": "text",
            "timestamp": name,
            "role": role,
            "content": text,
            "parent": parent,
            "children": [],
        } | more

    root = said(1, -1, "system", "") | {"type": "root"}
    messages = [
        root,
        said(2, 1, "user", ASK),
        said(3, 2, "assistant", REPLY, model="gemma-3-4b.gguf"),
        said(4, 3, "user", MORE),
        said(5, 4, "assistant", THEN, model="gemma-3-4b.gguf", thinking=THOUGHT),
    ]
    conv = {"id": "conv-1", "lastModified": 5, "currNode": 5, "name": "Bread"}
    right = ((ASK, REPLY, "gemma-3-4b.gguf"), second_answer("gemma-3-4b.gguf"))
    return Export("conversation.json", as_json({"conv": conv, "messages": messages}), right)


def _ai_studio() -> Export:
    chunks = [
        {"text": ASK, "role": "user", "tokenCount": 6},
        {"text": THOUGHT, "role": "model", "isThought": True, "tokenCount": 7},
        {"text": REPLY, "role": "model", "finishReason": "STOP", "tokenCount": 9},
        {"text": MORE, "role": "user"},
        {"text": THEN, "role": "model", "finishReason": "STOP"},
    ]
    prompt = {
        "runSettings": {"temperature": 1.0, "model": "models/gemini-2.5-pro", "topP": 0.95},
        "citations": [],
        "systemInstruction": {},
        "chunkedPrompt": {"chunks": chunks, "pendingInputs": []},
    }
    return Export("Bread", as_json(prompt), ((ASK, REPLY, "gemini-2.5-pro"), second_answer("gemini-2.5-pro")))


def _claude_code() -> Export:
    def line(kind: str, name: str, parent: str | None, message: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": kind,
            "uuid": name,
            "parentUuid": parent,
            "sessionId": "s",
            "isSidechain": False,
            "cwd": "/x",
            "version": "1.0.60",
            "timestamp": "2026-01-05T10:00:00.000Z",
            "message": message,
        }

    def reply(*blocks: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "claude-sonnet-4",
            "content": list(blocks),
        }

    lines = [
        {"type": "summary", "summary": "Bread", "leafUuid": "c"},
        line("user", "m", None, {"role": "user", "content": "Caveat: commands follow."}) | {"isMeta": True},
        line("user", "a", "m", {"role": "user", "content": ASK}),
        line("assistant", "b", "a", reply({"type": "thinking", "thinking": THOUGHT, "signature": ""})),
        line("assistant", "c", "b", reply({"type": "text", "text": REPLY})),
    ]
    return Export("session.jsonl", as_lines(lines), ((ASK, REPLY, "claude-sonnet-4"),))


def _codex() -> Export:
    def item(**payload: Any) -> dict[str, Any]:
        return {"timestamp": "2026-01-05T10:00:01.000Z", "type": "response_item", "payload": payload}

    def message(role: str, kind: str, text: str) -> dict[str, Any]:
        return item(type="message", role=role, content=[{"type": kind, "text": text}])

    lines = [
        {
            "timestamp": "2026-01-05T10:00:00.000Z",
            "type": "session_meta",
            "payload": {"id": "s", "timestamp": "2026-01-05T10:00:00.000Z", "cwd": "/x", "originator": "codex_cli_rs"},
        },
        message("user", "input_text", "<environment_context>\n  <cwd>/x</cwd>\n</environment_context>"),
        {
            "timestamp": "2026-01-05T10:00:00.500Z",
            "type": "turn_context",
            "payload": {"cwd": "/x", "model": "gpt-5-codex"},
        },
        message("user", "input_text", ASK),
        item(type="reasoning", summary=[{"type": "summary_text", "text": THOUGHT}], encrypted_content="x"),
        {
            "timestamp": "2026-01-05T10:00:02.000Z",
            "type": "event_msg",
            "payload": {"type": "agent_message", "message": REPLY},
        },
        message("assistant", "output_text", REPLY),
    ]
    return Export("rollout-2026-01-05.jsonl", as_lines(lines), ((ASK, REPLY, "gpt-5-codex"),))


def _markdown() -> Export:
    text = f"# Bread\n\n## User\n\n{ASK}\n\n## Assistant\n\n{REPLY}\n\n## User\n\n{MORE}\n\n## Assistant\n\n{THEN}\n"
    return Export("bread.md", text, ((ASK, REPLY, None), second_answer(None)))


def _mhtml() -> Export:
    body = "".join(
        f'<div data-message-author-role=3D"{role}" data-message-id=3D"{at}"><p>{text}</p></div>'
        for at, (role, text) in enumerate([("user", ASK), ("assistant", REPLY), ("user", MORE), ("assistant", THEN)])
    )
    text = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://chat.example/c/1\r\nSubject: Bread\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--x--"\r\n\r\n'
        "----x--\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        "Content-Location: https://chat.example/c/1\r\n\r\n"
        f"<!DOCTYPE html><html><body>{body}</body></html>\r\n----x----\r\n"
    )
    return Export("bread.mhtml", text, ((ASK, REPLY, None), second_answer(None)))


def _message_rows(role: str, person: str, model: str) -> Export:
    rows = [["thread_id", role, "text"]]
    rows += [
        [f"t{at}", who, text]
        for at in range(3)
        for who, text in ((person, ASK), (model, REPLY), (person, MORE), (model, THEN))
    ]
    return Export("messages.csv", as_table(rows), ((ASK, REPLY, None), second_answer(None)) * 3)


def _rows_by_user() -> Export:
    lines = [
        {"conversationId": f"t{at}", "isCreatedByUser": by, "text": text}
        for at in range(3)
        for by, text in ((True, ASK), (False, REPLY), (True, MORE), (False, THEN))
    ]
    return Export("messages.jsonl", as_lines(lines), ((ASK, REPLY, None), second_answer(None)) * 3)


CHATS: dict[str, Export] = {
    "chatgpt": _chatgpt(),
    "claude_ai": _claude_ai(),
    "open_webui": _open_webui(),
    "librechat": _librechat(),
    "lm_studio": _lm_studio(),
    "silly_tavern": _silly_tavern(),
    "text_generation_webui": _text_generation_webui(),
    "llama_cpp": _llama_cpp(),
    "ai_studio": _ai_studio(),
    "claude_code": _claude_code(),
    "codex": _codex(),
    "markdown": _markdown(),
    "mhtml": _mhtml(),
    "rows_role": _message_rows("role", "user", "assistant"),
    "rows_sender": _message_rows("sender", "human", "ai"),
    "rows_author": _message_rows("author", "user", "assistant"),
    "rows_from": _message_rows("from", "human", "gpt"),
    "rows_type": _message_rows("type", "human", "ai"),
    "rows_by_user": _rows_by_user(),
}
