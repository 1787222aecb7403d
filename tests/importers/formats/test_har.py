"""HAR captures: streams put together, everything that is no call told apart, nothing secret carried over."""

from __future__ import annotations

import base64
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.importers.made_records import file_of, har
from tests.importers.material import accepted, read, rejected
from workbench.core.errors import BadInputError
from workbench.core.model import Rejected, Response
from workbench.importers.choose import recognise
from workbench.importers.containers.open import open_file
from workbench.importers.formats.call_logs.har import ASIDE
from workbench.importers.preview import preview


def events(*data: Any) -> str:
    """Server-sent events with these data."""
    return "".join(f"event: x\ndata: {json.dumps(d)}\n\n" for d in data) + ": ping\n\ndata: [DONE]\n\n"


def entry(text: str, request: Any = None, **more: Any) -> dict[str, Any]:
    """An entry whose response has this text."""
    record = har(1, "")
    record["response"]["content"] = {"text": text}
    if request is not None:
        record["request"]["postData"]["text"] = request if isinstance(request, str) else json.dumps(request)
    return record | more


def found(folder: Path, *entries: Any) -> list[Response | Rejected]:
    """What a capture of these entries gives."""
    file = folder / "file"
    file.write_bytes(file_of("har", list(entries)))
    return read(file, "har")


OPENAI = events(
    {"id": "c", "model": "m", "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]},
    {"id": "c", "model": "m", "choices": [{"index": 0, "delta": {"reasoning_content": "hm"}}]},
    {"id": "c", "model": "m", "choices": [{"index": 0, "delta": {"content": "Hel"}}]},
    {"id": "c", "model": "m", "choices": [{"index": 0, "delta": {"content": "lo"}, "finish_reason": "length"}]},
    {"id": "c", "model": "m", "choices": [], "usage": {}},
)
ANTHROPIC = events(
    {"type": "message_start", "message": {"id": "msg", "model": "m", "content": []}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "hm"}},
    {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "Hel"}},
    {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "lo"}},
    {"type": "message_delta", "delta": {"stop_reason": "max_tokens"}},
)
RESPONSES = events(
    {"type": "response.created", "response": {"id": "r", "model": "m", "output": []}},
    {"type": "response.output_text.delta", "output_index": 1, "content_index": 0, "delta": "Hel"},
    {"type": "response.output_text.delta", "output_index": 1, "content_index": 0, "delta": "lo"},
)
CHATGPT = events(
    "v1",
    {"p": "", "o": "add", "v": {"message": {"author": {"role": "assistant"}, "metadata": {"model_slug": "m"},
     "content": {"content_type": "text", "parts": [""]}}}},
    {"p": "/message/content/parts/0", "o": "append", "v": "H"},
    {"v": "el"},
    {"p": "", "o": "patch", "v": [{"p": "/message/content/parts/0", "o": "append", "v": "lo"},
                                  {"p": "/message/status", "o": "replace", "v": "finished_successfully"}]},
)  # fmt: skip
GOOGLE = events(
    {"candidates": [{"content": {"parts": [{"text": "Hel"}]}}], "modelVersion": "m"},
    {"candidates": [{"content": {"parts": [{"text": "lo"}]}, "finishReason": "MAX_TOKENS"}]},
)


@pytest.mark.parametrize(
    "stream", [OPENAI, ANTHROPIC, CHATGPT, GOOGLE], ids=["openai", "anthropic", "chatgpt", "google"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_stream_is_put_together(stream: str, end: str, tmp_path: Path) -> None:
    (answer,) = accepted(found(tmp_path, entry(stream.replace("\n", end))))
    assert (answer.text, answer.model) == ("Hello", "m")
    assert "put together from events" in answer.flags
    assert ("truncated" in answer.flags) is (stream is not CHATGPT)
    assert (answer.extra or {}).get("reasoning", "hm") == "hm"


def test_a_stream_of_json_lines_is_put_together(tmp_path: Path) -> None:
    chat = [
        {"model": "m", "created_at": "2025-01-01", "message": {"role": "assistant", "thinking": "hm"}, "done": False},
        {"model": "m", "message": {"role": "assistant", "content": "Hel"}, "done": False},
        {"model": "m", "message": {"role": "assistant", "content": "lo"}, "done": False},
        {"model": "m", "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "length"},
    ]
    plain = [{"model": "m", "response": piece, "done": piece == ""} for piece in ("Hel", "lo", "")]
    whole = [json.dumps(chat[-1] | {"message": {"role": "assistant", "content": "Hello"}})]
    lines = ("\n".join(map(json.dumps, one)) + "\n" for one in (chat, plain))
    first, second, third = accepted(found(tmp_path, *map(entry, [*lines, *whole])))
    assert [(a.text, a.model) for a in (first, second, third)] == [("Hello", "m")] * 3
    assert first.flags == ("reasoning apart", "truncated", "put together from events")
    assert "put together from events" not in third.flags


def test_texts_kept_beside_the_capture_are_said_to_be_missing(tmp_path: Path) -> None:
    asked, answered = entry("x"), entry("")
    asked["request"]["postData"] = {"mimeType": "application/json", "text": "", "_file": "a.json"}
    answered["response"]["content"] |= {"_file": "b.dat"}
    reasons = [record.reason for record in rejected(found(tmp_path, asked, answered))]
    assert ["another file, a.json" in reasons[0], "another file, b.dat" in reasons[1]] == [True, True]


def test_a_stream_that_was_cut_gives_what_had_come(tmp_path: Path) -> None:
    (answer,) = accepted(found(tmp_path, entry(RESPONSES)))
    assert answer.text == "Hello"


def test_the_pages_of_chat_services_ask_in_their_own_way(tmp_path: Path) -> None:
    chatgpt = {
        "action": "next",
        "messages": [{"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["q"]}}],
    }
    google = {"contents": [{"role": "user", "parts": [{"text": "q"}]}], "systemInstruction": {"parts": [{"text": "s"}]}}
    one, two = accepted(found(tmp_path, entry(CHATGPT, chatgpt), entry(GOOGLE, google)))
    assert (one.prompt, two.prompt) == ("q", "q")
    assert (two.extra or {})["system"] == "s"


def test_nothing_of_address_queries_headers_or_cookies_is_carried_over(tmp_path: Path) -> None:
    record = har(2, "a")
    record["request"] |= {"headers": [{"name": "Authorization", "value": "Bearer zz"}], "cookies": [{"value": "zz"}]}
    record["request"]["url"] = "https://u:zz@example.org/v1/chat?key=zz#zz"
    picture = {"method": "GET", "url": "https://example.org/a.png?token=zz"}
    other = {"startedDateTime": "t", "request": picture, "response": {"status": 200, "content": {}}}
    records = found(tmp_path, record, other)
    assert "zz" not in repr(records)
    assert (accepted(records)[0].extra or {})["endpoint"] == "https://example.org/v1/chat"
    assert rejected(records)[0].reason == "not a call to a model: GET https://example.org/a.png"


def test_a_preview_shows_nothing_that_a_browser_is_known_by(tmp_path: Path) -> None:
    record = har(2, "a")
    record["request"] |= {
        "headers": [{"name": "x-api-key", "value": "zz-one"}, {"name": "Authorization", "value": "zz-two"}],
        "cookies": [{"name": "session", "value": "zz-three"}],
        "queryString": [{"name": "token", "value": "zz-four"}],
    }
    record["response"] |= {"cookies": [{"name": "session", "value": "zz-five"}], "headers": {"Set-Cookie": "zz-six"}}
    file = tmp_path / "file"
    file.write_bytes(file_of("har", [record]))
    seen = preview(recognise(open_file(file)))
    assert "zz" not in repr([seen.records, [field[:3] for field in seen.fields], seen.map_line])
    assert any(field.path == "request.cookies.0.value" for field in seen.fields)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (entry("x", "a=b"), "not a call to a model"),
        (entry("x", {"a": 1}), "holds no prompt"),
        (entry(""), "does not hold the text of the response"),
        (entry("<html>"), "in no form that is known"),
        (entry(events({"error": {"message": "overloaded"}})), "the call failed: overloaded"),
        (entry('{"error": {"message": "no"}}', response={"status": 429, "content": {"text": "{}"}}), "status 429"),
        (
            entry("x", response={"status": 200, "content": {"text": "%%%", "encoding": "base64"}}),
            "is not text in base64",
        ),
    ],
)
def test_what_is_no_answer_is_rejected_in_words(record: dict[str, Any], reason: str, tmp_path: Path) -> None:
    (refused,) = rejected(found(tmp_path, record))
    assert reason in refused.reason


def test_a_stream_of_very_many_pieces_takes_time_in_proportion(tmp_path: Path) -> None:
    piece = 'data: {"choices":[{"index":0,"delta":{"content":"abc"}}]}\n\n'
    (answer,) = accepted(found(tmp_path, entry(piece * 30_000)))
    assert answer.text == "abc" * 30_000


def test_an_object_without_entries_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    for text in (
        '{"log": {"version": "1.2"}}',
        '{"log": 5}',
        '{"log": {"entries": {}}}',
        "{",
        '{"log',
        '{"a": "b", "log": [1]}',
    ):
        file.write_text(text)
        with pytest.raises(BadInputError, match=r"no list “log\.entries”"):
            read(file, "har")


def test_entries_behind_a_bracket_too_many_are_not_lost(tmp_path: Path) -> None:
    whole = file_of("har", [har(1, "a"), har(2, "b"), har(3, "c")])
    file = tmp_path / "file"
    file.write_bytes(whole.replace(b'}, {"startedDateTime"', b'}], {"startedDateTime"', 1))
    records = read(file, "har")
    assert [a.text for a in accepted(records)][:1] == ["a"]
    assert len(records) == 3


def kept_aside(names: dict[str, str], count: int = 3) -> list[dict[str, Any]]:
    """Entries as Playwright writes them unless told: the texts stand in files beside the capture, put into `names`."""
    found = []
    for n in range(count):
        record = har(n, f"It is {n}, so.")
        for holder, name in (
            (record["request"]["postData"], f"sent{n}.json"),
            (record["response"]["content"], f"{n}.dat"),
        ):
            text = holder.pop("text")
            names[name] = base64.b64decode(text).decode() if holder.pop("encoding", "") else text
            holder["_file"] = name
        found.append(record)
    return found


@pytest.mark.parametrize("folder", ["", "run/"])
def test_texts_in_files_beside_the_capture_are_read_in_an_archive(folder: str, tmp_path: Path) -> None:
    names: dict[str, str] = {}
    capture = file_of("har", kept_aside(names))
    plain = read(
        written_zip(
            tmp_path / "plain.zip", {"plain.har": file_of("har", [har(n, f"It is {n}, so.") for n in range(3)])}
        ),
        "har",
    )
    assert len(accepted(plain)) == 3
    whole = {f"{folder}har.har": capture, **{f"{folder}{name}": text.encode() for name, text in names.items()}}
    file = written_zip(tmp_path / "whole.zip", whole)
    records = read(file, "archive")
    assert [(r.text, r.prompt) for r in accepted(records)] == [(r.text, r.prompt) for r in accepted(plain)]
    assert rejected(records) == []
    assert all(ASIDE in r.flags for r in accepted(records))
    assert {r.member for r in accepted(records)} == {f"{folder}har.har"}
    assert (
        "6 files in it are read as texts of the HAR capture that names them."
        in preview(recognise(open_file(file))).notes
    )


def test_a_text_that_is_not_beside_the_capture_is_rejected_with_what_to_do(tmp_path: Path) -> None:
    names: dict[str, str] = {}
    capture = file_of("har", kept_aside(names))
    file = tmp_path / "alone.har"
    file.write_bytes(capture)
    for record in rejected(read(file, "har")):
        assert "import the folder or the zip archive that holds both" in record.reason
    assert accepted(read(file, "har")) == []
    some = {"har.har": capture, **{name: text.encode() for name, text in names.items()}}
    some["1.dat"] = b"\xff\xfe\x00binary"
    del some["sent2.json"]
    records = read(written_zip(tmp_path / "some.zip", some), "archive")
    assert len(accepted(records)) == 1
    reasons = [r.reason for r in rejected(records)]
    assert reasons[0] == "the file 1.dat beside the capture is not text"
    assert reasons[1].startswith("the text is in another file, sent2.json: import the folder")


def test_what_a_capture_does_not_name_is_passed_over_by_nobody(tmp_path: Path) -> None:
    names: dict[str, str] = {}
    capture = file_of("har", kept_aside(names, 1)).replace(b'"0.dat"', b'"../0.dat"')
    files = {"run/har.har": capture, **{f"run/{name}": text.encode() for name, text in names.items()}}
    records = read(written_zip(tmp_path / "out.zip", {**files, "0.dat": b"not this one"}), "archive")
    assert accepted(records) == []
    assert {r.member for r in rejected(records)} == {"run/har.har", "run/0.dat", "0.dat"}


def written_zip(file: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file
