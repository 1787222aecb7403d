"""Packs rebuilt later, backups, rescue, prompts that come later, previews, help: what has to last."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import REFUSED, USAGE, Command, kept, leftovers, state_of

VERBS = (
    "examine", "search", "answer",
    "new", "import", "preview", "set", "corpora", "duplicates", "findings", "show", "log", "plan", "run", "withdraw",
    "export", "verify", "keys", "sign", "stamp", "replay", "prompts", "kit", "backup", "rescue", "demo",
)  # fmt: skip


def questions(path: Path, numbers: range) -> Path:
    path.write_text("".join(json.dumps({"question_id": n, "turns": [f"Why {n}?"]}) + "\n" for n in numbers), "utf-8")
    return path


def keyed_answers(path: Path, model: str, numbers: range) -> Path:
    lines = [
        {"question_id": n, "model_id": model, "choices": [{"index": 0, "turns": [f"Because of {n}."]}]} for n in numbers
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


# Packs rebuilt


def test_a_pack_is_rebuilt_whatever_was_done_since(command: Command, bare_case: Path, tmp_path: Path) -> None:
    case = bare_case
    keyed = keyed_answers(tmp_path / "keyed.jsonl", "keyed", range(20))
    command("import", case, keyed)
    command("run", case, "fitness")
    first = command("export", case, tmp_path / "1.zip")
    # Prompts joined, a corpus grown, roles and facts changed, a finding withdrawn, a file refused.
    assert command("prompts", case, questions(tmp_path / "q.jsonl", range(15)), "--for", "keyed")["joined"] == 15
    command("import", case, keyed_answers(tmp_path / "more.jsonl", "keyed", range(15, 40)))
    command("set", case, "control-1", "--role", "aside", "--released", "2020", "--family", "f", "--reason", "r")
    command("withdraw", case, "1", "--reason", "r")
    command.refused("import", case, keyed_answers(tmp_path / "bad.jsonl", "bad", range(3)), "--format", "alpaca_eval")
    second = command("export", case, tmp_path / "2.zip", "--lawyer-copy")
    command("prompts", case, questions(tmp_path / "q2.jsonl", range(40)), "--for", "keyed")
    command("set", case, "control-1", "--role", "control", "--reason", "r")
    lines = len(command("log", case)["lines"])
    for number, pack in ((1, first), (2, second)):
        again = command("export", case, tmp_path / f"{number}-again.zip", "--number", str(number))
        assert again == pack | {"path": str(tmp_path / f"{number}-again.zip")}
        assert (tmp_path / f"{number}-again.zip").read_bytes() == (tmp_path / f"{number}.zip").read_bytes()
        assert command("verify", case, "--head", pack["head"])["ok"] is True
    assert command("verify", tmp_path / "1-again.zip")["ok"] is True
    assert len(command("log", case)["lines"]) == lines
    assert command("verify", case)["ok"] is True


# Backup and rescue


def test_a_backup_unpacks_into_the_same_case(command: Command, case: Path, tmp_path: Path) -> None:
    command("backup", case, tmp_path / "b.zip")
    shutil.unpack_archive(tmp_path / "b.zip", tmp_path / "back")
    back = tmp_path / "back" / "a.case"
    assert command("verify", back) == {"ok": True, "kind": "case", "problems": []}
    assert state_of(command, back) == state_of(command, case)
    assert command("log", back) == command("log", case)
    assert command("show", back, "2", "--tables") == command("show", case, "2", "--tables")
    command("set", back, "teacher", "--base", "b", "--reason", "r")
    assert command("verify", back)["ok"] is True
    command("export", back, tmp_path / "p.zip", "--number", "1")
    assert (tmp_path / "p.zip").read_bytes() == (command.folder / "whole" / "one.zip").read_bytes()
    told = command.refused("verify", tmp_path / "b.zip")
    assert "is a backup of a case (a.case), not an evidence pack" in told
    assert "Unpack it" in told
    assert "`workbench verify a.case`" in told
    before = (tmp_path / "b.zip").read_bytes()
    assert "exists already" in command.refused("backup", case, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() == before


def test_a_rescue_brings_the_same_corpora_and_tells_what_is_lost(command: Command, case: Path, tmp_path: Path) -> None:
    keyed = keyed_answers(tmp_path / "keyed.jsonl", "keyed", range(20))
    command("import", case, keyed, "--role", "control", "--released", "2023")
    command("prompts", case, questions(tmp_path / "q.jsonl", range(20)), "--for", "keyed")
    command("set", case, "control-1", "--role", "aside", "--released", "2020", "--reason", "a good one")
    command("withdraw", case, "1", "--reason", "r")
    before = command("corpora", case)
    (case / "case.db").unlink()
    assert "rescue" in command.refused("corpora", case)
    assert command("rescue", case, tmp_path / "new")["case"] == str(tmp_path / "new.case")
    new = tmp_path / "new.case"
    assert command("corpora", new) == before
    assert command("verify", new)["ok"] is True
    last = command("log", new)["lines"][-1]
    assert last["action"] == "case rescued"
    lost = last["options"]["lost"]
    assert [words.split(" (")[0].split(":")[0] for words in lost] == ["finding 1", "finding 2", "finding 3", "pack 1"]
    assert set(kept(case)) < set(kept(new))
    assert leftovers(tmp_path) == []
    assert "exists already" in command.refused("rescue", case, tmp_path / "new")


def test_a_rescue_without_one_original_says_which(command: Command, bare_case: Path, tmp_path: Path) -> None:
    (bare_case / "case.db").unlink()
    victim = next(
        line
        for line in map(json.loads, (bare_case / "ledger.jsonl").read_text("utf-8").splitlines())
        if line["action"] == "file imported"
    )["options"]["source"]
    (bare_case / "originals" / victim["sha256"]).unlink()
    command("rescue", bare_case, tmp_path / "new")
    lost = command("log", tmp_path / "new.case")["lines"][-1]["options"]["lost"]
    assert victim["name"] in " ".join(lost)
    assert len(command("corpora", tmp_path / "new.case")["corpora"]) == 8


def test_a_rescue_without_a_ledger_is_refused(command: Command, bare_case: Path, tmp_path: Path) -> None:
    (bare_case / "case.db").unlink()
    (bare_case / "ledger.jsonl").write_bytes(b"\x00\xff nothing\n")
    assert "tells of no case" in command.refused("rescue", bare_case, tmp_path / "new")
    (bare_case / "ledger.jsonl").unlink()
    assert "without the ledger" in command.refused("rescue", bare_case, tmp_path / "new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.case"]


# Prompts that come later


def test_prompts_that_come_later_are_joined_once(command: Command, empty_case: Path, tmp_path: Path) -> None:
    command("import", empty_case, keyed_answers(tmp_path / "a.jsonl", "m", range(10)))
    unjoined = command("corpora", empty_case)["corpora"][0]
    assert (unjoined["prompts"], unjoined["unjoined"]) == (0, 10)
    half = questions(tmp_path / "half.jsonl", range(5))
    assert command("prompts", empty_case, half, "--for", "m")["joined"] == 5
    assert command("prompts", empty_case, half, "--for", "m")["joined"] == 0
    assert command("prompts", empty_case, questions(tmp_path / "all.jsonl", range(10)), "--for", "m")["joined"] == 5
    joined = command("corpora", empty_case)["corpora"][0]
    assert (joined["prompts"], joined["unjoined"], joined["accepted"]) == (10, 0, 10)
    assert joined["sha256"] != unjoined["sha256"]
    # The same as if the prompts had been there from the start.
    command("new", tmp_path / "at-once")
    command("import", tmp_path / "at-once.case", tmp_path / "a.jsonl", "--prompts", tmp_path / "all.jsonl")
    assert command("corpora", tmp_path / "at-once.case")["corpora"][0]["sha256"] == joined["sha256"]
    assert command("verify", empty_case)["ok"] is True


# Previews of real files


@pytest.mark.parametrize(
    ("pattern", "importer", "proposed"),
    [
        ("formats/fastchat/[!q]*.jsonl", "fastchat", ""),
        ("formats/fastchat/question.jsonl", None, ""),
        ("formats/sharegpt/*.json", "sharegpt", "--map prompt="),
        ("formats/raw-api/*.jsonl", "call_records", "--map prompt="),
        ("panel/corpora/a*.json", "alpaca_eval", ""),
    ],
)
def test_a_preview_of_a_real_file(
    command: Command, shared: Path, pattern: str, importer: str | None, proposed: str
) -> None:
    files = sorted(shared.glob(pattern))
    assert files
    for file in files:
        seen = command("preview", file)
        assert seen["importer"] == importer
        assert seen["records"]
        assert seen["fields"]
        if proposed:
            assert seen["map"].startswith(proposed)
            assert " --map response=" in seen["map"]


def test_a_preview_of_a_real_archive_says_what_it_is(command: Command, shared: Path) -> None:
    for file in sorted((shared / "formats" / "inspect").iterdir()):
        assert command("preview", file)["importer"] == "inspect_log"


# Words


def test_help_of_every_verb_is_there_and_fits(command: Command) -> None:
    for verb in (*VERBS, "run x closest_source", "run x fitness"):
        code, out, err = command.raw([*verb.split(), "--help"])
        assert (code, err) == (0, b"")
        lines = out.decode("utf-8").splitlines()
        assert lines[0].startswith("usage: workbench " + verb.split()[0])
        assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_fails_in_one_document(command: Command, tmp_path: Path, verb: str) -> None:
    assert "Unrecognized arguments: --nonsense" in command.refused(*_complete(verb), "--nonsense", code=USAGE)
    if verb not in ("new", "demo", "kit"):
        assert command(*_complete(verb), code=REFUSED, cwd=tmp_path)["error"]["kind"] in ("case", "bad_input")
    assert list(tmp_path.iterdir()) == []


def _complete(verb: str) -> list[str]:
    """A verb with what it needs, on a case that is not there."""
    more = {
        "import": ["x.json"], "search": ["w"], "answer": ["1"],
        "set": ["c", "--role", "control", "--reason", "r"], "show": ["1"], "run": ["fitness"],
        "withdraw": ["1", "--reason", "r"], "export": ["p.zip"], "prompts": ["q.jsonl", "--for", "c"],
        "backup": ["b.zip"], "rescue": ["new"], "demo": [], "sign": ["--key", "k"], "stamp": ["--request", "q.tsq"],
    }  # fmt: skip
    if verb == "keys":
        return ["keys", "import", "k", "nowhere"]
    return [verb, "nowhere", *more.get(verb, [])]


def test_no_verb_and_a_wrong_verb(command: Command) -> None:
    assert "VERB" in command.refused("", code=USAGE)
    assert "invalid choice" in command.refused("frobnicate", code=USAGE)


@pytest.mark.slow
def test_the_demonstration_makes_a_new_case_beside_an_earlier_one(command: Command, tmp_path: Path) -> None:
    (tmp_path / "sample.case").mkdir()
    (tmp_path / "sample.case" / "mine").write_text("mine", encoding="utf-8")
    told = command("demo", tmp_path)
    assert told["ok"] is True
    assert Path(told["case"]).name == "sample-2.case"
    assert zipfile.is_zipfile(told["pack"])
    assert (tmp_path / "sample.case" / "mine").read_text("utf-8") == "mine"
