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
    path.write_text(json.dumps({**ASKED, **shown}) + "\n", encoding="utf-8")
    assert command("preview", path)["records"] == [{**ASKED, **shown}]
