"""What an import and a correction say of what they know, and an examination of what it keeps."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.cli.conftest import USAGE, Command, checked


def lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


def test_times_without_a_zone_are_said_as_such(command: Command, empty_case: Path, tmp_path: Path) -> None:
    said = [{"q": f"Question {n}?", "r": f"Answer {n}.", "t": f"0{n}/03/2025 10:00", "m": "m-1"} for n in (1, 2)]
    mapped = [word for key in ("prompt=q", "response=r", "time=t", "model=m") for word in ("--map", key)]
    told = command("import", empty_case, lines(tmp_path / "a.jsonl", *said), *mapped)
    (unknown,) = told["unknown"]
    assert "time of collection" not in unknown
    assert unknown.endswith("with the day first, without a time zone.")
    (corpus,) = command("corpora", empty_case)["corpora"]
    collected = corpus["collected"]
    assert collected.startswith("2025-01-03T10:00:00/2025-02-03T10:00:00 with the month first, 2025-03-01T10:00:00/")
    command("set", empty_case, "m-1", "--collected", collected, "--reason", "as it is")
    command("set", empty_case, "m-1", "--collected", "2025-03-01/2025-03-02", "--reason", "the collector said so")
    assert command("corpora", empty_case)["corpora"][0]["collected"] == "2025-03-01/2025-03-02"


def test_a_snapshot_is_said_once_and_another_model_is_warned_of(
    command: Command, empty_case: Path, tmp_path: Path
) -> None:
    for number, named in enumerate(("model-x-2024-07-18", "model-y")):
        said = {"q": f"Question {number}?", "r": "Answer.", "m": named}
        mapped = [word for key in ("prompt=q", "response=r", "model=m") for word in ("--map", key)]
        command("import", empty_case, lines(tmp_path / f"{number}.jsonl", said), *mapped)
        command("set", empty_case, named, "--claimed", "model-x", "--reason", "as the other side says")
    other = lines(tmp_path / "2.jsonl", {"q": "Question?", "r": "Yes.", "m": "model-z-2024-07-18"})
    told = command("import", empty_case, other, "--model", "model-z", *mapped)
    assert "The records of model-z name model-z-2024-07-18: a dated snapshot of model-z." in told["unknown"][0]
    assert [corpus["warning"] for corpus in command("corpora", empty_case)["corpora"]] == ["", "", ""]


def test_the_name_of_a_file_is_said_to_be_one(command: Command, empty_case: Path, tmp_path: Path) -> None:
    mapped = ("--map", "prompt=q", "--map", "response=r")
    said = (
        "log has the name of its file, for its records name no model. To have it under the model's name, set it aside "
        "(`set CASE log --role aside --reason T`) and import the file again with --model NAME."
    )
    told = command("import", empty_case, lines(tmp_path / "log.jsonl", {"q": "One?", "r": "1"}), *mapped)
    assert said in told["notices"]
    other = lines(tmp_path / "other.jsonl", {"q": "One?", "r": "2"})
    assert command("import", empty_case, other, "--model", "other", *mapped)["notices"] == []
    named = lines(tmp_path / "gpt-4.jsonl", {"q": "Two?", "r": "2", "m": "gpt-4"})
    assert command("import", empty_case, named, *mapped, "--map", "model=m")["notices"] == []


def test_white_space_around_a_name_makes_no_other_corpus(command: Command, empty_case: Path, tmp_path: Path) -> None:
    said = [{"q": f"Question {n}?", "r": f"{n}", "m": name} for n, name in enumerate(("gpt-4", "gpt-4 ", " gpt-4"))]
    mapped = [word for key in ("prompt=q", "response=r", "model=m") for word in ("--map", key)]
    file = lines(tmp_path / "a.jsonl", *said)
    assert [c["accepted"] for c in command("preview", file, *mapped)["dry_run"]["corpora"]] == [3]
    told = command("import", empty_case, file, *mapped)
    assert [(c["name"], c["accepted"]) for c in told["corpora"]] == [("gpt-4", 3)]
    (corpus,) = command("corpora", empty_case)["corpora"]
    assert corpus["warning"] == ""
    with closing(sqlite3.connect(empty_case / "case.db")) as database:
        kept = [row[0] and json.loads(row[0]) for row in database.execute("SELECT extra FROM answers ORDER BY id")]
    assert kept == [None, {"record_model": "gpt-4 "}, {"record_model": " gpt-4"}]


def test_a_correction_without_a_reason_is_asked_for_one_first(command: Command, tmp_path: Path) -> None:
    error = command.refused("set", tmp_path / "no.case", "m", "--role", "control", code=USAGE)
    assert "reason" in error
    assert "--reason TEXT" in command.raw(["set", tmp_path / "no.case", "m", "--role", "control"])[2].decode()


def test_a_cancelled_examination_says_that_what_was_seen_is_kept(
    command: Command, empty_case: Path, tmp_path: Path
) -> None:
    words = "the quick brown fox jumps over a lazy dog and then it rests for some time under an old oak tree"
    said = [{"q": f"Question {n}?", "r": words[n % 7 :] * 9 + f" {n}."} for n in range(8000)]
    command("import", empty_case, lines(tmp_path / "m.jsonl", *said), "--map", "prompt=q", "--map", "response=r")
    child = command.start("examine", empty_case)
    end = time.monotonic() + 60
    while not begun(empty_case) and child.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.005)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    error = checked(child.returncode, out, err, 130)["error"]
    assert error["message"] == "Cancelled: what was seen is kept; `workbench examine CASE` goes on from there."
    assert command("examine", empty_case)["new"] is True


def begun(case: Path) -> bool:
    with closing(sqlite3.connect(f"file:{case / 'case.db'}?mode=ro", uri=True)) as connection:
        return bool(connection.execute("SELECT count(*) FROM examined_parts").fetchone()[0])
