"""Answers beside the bytes at their places: bytes that give another answer are never shown without a word."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.inside import case_of
from tests.store.verify.test_verify import behind
from workbench.app.desk.answers import raw_of
from workbench.app.search import disagreement
from workbench.app.session import Session
from workbench.core.surroundings import of_this_machine

MAPPED = ("--map", "prompt=q", "--map", "response=r", "--model", "one")
RECORDS = [
    {"q": "Why?", "r": "Because."},
    {"q": "Why  not?", "r": "Because."},
    {"q": "Wer? é", "r": "Ich. \ud800 大"},
    {"q": "How?", "r": "So."},
]
LINES = [json.dumps(record) for record in RECORDS]


def plain(lines: list[str]) -> bytes:
    return "\n".join(lines).encode()


FORMS: dict[str, Callable[[list[str]], bytes]] = {
    "a.jsonl": plain,
    "crlf.jsonl": lambda lines: b"\xef\xbb\xbf" + "\r\n\r\n".join(lines).encode() + b"\r\n",
    "a.jsonl.gz": lambda lines: gzip.compress(plain(lines)),
    "wide.jsonl": lambda lines: "\n".join(
        json.dumps(json.loads(line) | {"u": "é"}, ensure_ascii="\\ud800" in line) for line in lines
    ).encode("utf-16"),
}


def numbers(case: Path) -> list[int]:
    database = sqlite3.connect(case / "case.db")
    found = [key for (key,) in database.execute("SELECT id FROM answers ORDER BY id")]
    database.close()
    return found


def said(case: Path) -> list[str]:
    """What is said of each answer in the case."""
    with Session.open(case, conditions=of_this_machine(), writing=False) as session:
        return [disagreement(case_of(session), case_of(session).words.answer(number)) for number in numbers(case)]


@pytest.mark.parametrize("name", FORMS)
def test_bytes_that_give_their_answer_are_shown_without_a_word(
    command: Command, empty_case: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(FORMS[name](LINES))
    command("import", empty_case, tmp_path / name, *MAPPED)
    assert said(empty_case) == ["", "", "", ""]
    # That nothing is said is no rule of this form: one place moved is named.
    behind(empty_case, "UPDATE answers SET offset = offset + 3 WHERE id = 4")
    assert [bool(words) for words in said(empty_case)] == [False, False, False, True]


def test_a_prompt_that_came_from_another_file_is_not_asked_of_the_bytes(
    command: Command, empty_case: Path, tmp_path: Path
) -> None:
    path = tmp_path / "batch.jsonl"
    body = {"model": "m", "choices": [{"index": n, "message": {"content": f"Yes {n}."}} for n in range(2)]}
    lines = [{"custom_id": f"c{n}", "response": {"status_code": 200, "body": body}} for n in range(3)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    asked = tmp_path / "asked.jsonl"
    asked.write_text("".join(json.dumps({"id": f"c{n}", "prompt": f"Q{n}?"}) + "\n" for n in range(3)), "utf-8")
    command("import", empty_case, path, "--prompts", asked)
    assert said(empty_case) == [""] * 6
    behind(empty_case, "UPDATE answers SET length = length - 9 WHERE id = 1")
    assert "they give no answer" in said(empty_case)[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("offset = (SELECT offset FROM answers WHERE id = 4), length = (SELECT length FROM answers WHERE id = 4)",
         "another answer"),
        ("offset = (SELECT offset FROM answers WHERE id = 2), length = (SELECT length FROM answers WHERE id = 2)",
         "another prompt"),
        ("offset = offset + 5", "no answer"),
        ("length = length - 3", "no answer"),
    ],
)  # fmt: skip
def test_bytes_that_give_another_answer_are_named(
    command: Command, empty_case: Path, tmp_path: Path, change: str, words: str
) -> None:
    (tmp_path / "a.jsonl").write_bytes(plain(LINES))
    command("import", empty_case, tmp_path / "a.jsonl", *MAPPED)
    behind(empty_case, f"UPDATE answers SET {change} WHERE id = 1")
    seen = command("verify", empty_case, code=1)
    assert [one["what"] for one in seen["problems"]] == ["changed"]
    assert "Places, times or marks of the answers of import 1" in seen["problems"][0]["detail"]
    told = command("answer", empty_case, "1")["disagrees"]
    assert told.startswith("The bytes at this place do not give this answer")
    assert f"they give {words}." in told
    assert command("answer", empty_case, "2")["disagrees"] == ""
    assert told in command.raw(["answer", str(empty_case), "1"])[1].decode()
    with Session.open(empty_case, conditions=of_this_machine(), writing=False) as session:
        assert raw_of(session, 1).disagrees == told
        assert raw_of(session, 2).disagrees == ""


@pytest.mark.parametrize("name", ["a.json", "a.csv"])
def test_where_records_are_not_lines_nothing_is_said(
    command: Command, empty_case: Path, tmp_path: Path, name: str
) -> None:
    rows = "q,r\r\n" + "".join(f"Why {n}?,Because {n}.\r\n" for n in range(3))
    (tmp_path / name).write_text(f"[{','.join(LINES)}]" if name == "a.json" else rows, encoding="utf-8")
    command("import", empty_case, tmp_path / name, *MAPPED)
    assert set(said(empty_case)) == {""}
    behind(empty_case, "UPDATE answers SET offset = offset + 5, length = length - 5 WHERE id = 1")
    assert set(said(empty_case)) == {""}
