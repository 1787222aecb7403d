"""Passwords in a file that is only looked into: neither the words nor --json show them, whatever they look like."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

SECRET = "hunter"
"""No rule finds it by its form."""

ADDRESS = f"https://bob:{SECRET}@x.example/v1?key={SECRET}#{SECRET}"
ASKED = {"prompt": "What?", "response": "So.", "model": "o"}
RECORDS: list[dict[str, Any]] = [
    {"auth": {"password": SECRET}}, {"password": SECRET}, {"Passwort": SECRET}, {"secret": SECRET}, {"пароль": SECRET},
    {"auth": {"passwd": SECRET}}, {"login": {"token": SECRET}}, {"clientSecret": SECRET}, {"dbPass": SECRET},
    {"login": [{"heslo": SECRET}]}, {"response": json.dumps({"login": {"password": f"{SECRET}\"2"}})},
    {"response": "Call it: " + json.dumps({"arguments": json.dumps({"password": SECRET})})},
    {"tool_calls": [{"function": {"name": "f", "arguments": json.dumps({"api_key": SECRET})}}]},
    {"request": {"url": ADDRESS}}, {"response": f"See https://x.example/v1?a=b&key={SECRET}"},
    {"response": json.dumps({"password": SECRET * 2000})},
]  # fmt: skip

PAIRS: list[Any] = [
    {"name": "password", "value": SECRET}, {"key": "Authorization", "value": SECRET},
    {"value": SECRET, "key": "Cookie"}, {"fieldName": "apiKey", "enabled": True, "fieldValue": [SECRET]},
    {"label": "Client Secret", "Value": SECRET}, {"@name": "password", "#text": SECRET},
    ["password", SECRET], ["X-Auth-Token", [SECRET]],
]  # fmt: skip
"""Names for secrets that stand beside their values."""

RECORDS += [{"login": [["user", "bob"], pair, {"name": "temperature", "value": 1}]} for pair in PAIRS]
RECORDS += [{"request_headers": [["X-Own", SECRET]]}, {"rawHeaders": ["X-Own", SECRET]}]
IN_TEXT: list[Any] = [
    {"name": "password", "value": SECRET}, {"value": SECRET, "name": "password"},
    [["user", "bob"], ["password", SECRET]], {"key": "password", "extra": {"note": {}}, "value": SECRET},
    [{"key": "a", "value": 1}, {"key": "token", "value": SECRET}],
    {"name": "password", "value": ["a", SECRET]}, {"value": {"is": [SECRET]}, "name": "password"},
    {"name": "password", "extra": ["}", "a\\"], "value": SECRET}, {"password": {"is": SECRET}},
    [["user", "bob"], ["password", [SECRET]]], {"all": [{"headers": [{"name": "X-Own", "value": [SECRET]}]}]},
]  # fmt: skip
RECORDS += [
    {"response": said} for one in IN_TEXT for said in (f"Send {json.dumps(one)} on.", json.dumps(json.dumps(one)))
]
RECORDS += [{"response": f"Send {json.dumps(one)[:-3]}"} for one in (*IN_TEXT[:1], IN_TEXT[5])]


@pytest.mark.parametrize("record", RECORDS, ids=range(len(RECORDS)))
def test_what_stands_under_a_name_for_secrets_is_not_shown(
    command: Command, tmp_path: Path, record: dict[str, Any]
) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text(json.dumps({**ASKED, **record}) + "\n", encoding="utf-8")
    for more in ([], ["--map", "prompt=prompt", "--map", "response=response"]):
        for way in ([], ["--json"]):
            code, out, err = command.raw(["preview", *way, str(path), *more])
            assert (code, err) == (0, b"")
            assert b"What?" in out
            assert SECRET.encode() not in out


def test_a_column_of_passwords_is_not_shown(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(f"prompt,response,password\nWhat is it?,It is so.,{SECRET}\n", encoding="utf-8")
    assert SECRET not in json.dumps(command("preview", path))


def test_what_is_no_secret_is_shown(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    shown = {"pass": True, "max_tokens": 512, "author": "Ann", "passage": "Of old", "url": "https://x.example/v1"}
    pairs = [{"name": "temperature", "value": 1}, {"key": "stop", "value": ["a"]}, ["top_p", 0.9], ["password"]]
    pairs += [{"name": "password", "value": []}, {"name": "stop", "value": {"words": ["b", {"c": "] } d"}]}}]
    asked = [["Think of a strong password", "Gladly"], {"key": "What is a password?", "value": "A word"}]
    said = json.dumps([*pairs, *asked])
    record = {**ASKED, **shown, "pairs": pairs, "asked": asked, "said": said, "from": "human", "value": "So"}
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    seen = command("preview", path)
    assert seen["records"] == [record]
    assert {"path": "pairs.0.value", "kind": "a number", "example": "1"} in seen["fields"]


def test_what_is_not_shown_is_taken_for_no_prompt_and_no_answer(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    sent = {"request_headers": {"A": "b"}, "sent": [["X-Api-Key", "A long text of many words that differs"]]}
    lines = [{"ask": {"q": f"Which {n}?"}, "reply": [f"Number {n}, I say."], **sent} for n in range(2)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert command("preview", path)["guesses"] == {"prompt": "ask.q", "response": "reply.0"}
