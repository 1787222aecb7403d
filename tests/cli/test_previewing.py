"""`workbench preview` with a mapping: the first records as they would be read, and the counts of a dry run."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from tests.cli.conftest import Command


def odd(path: Path) -> Path:
    records = [{"ask": {"q": f"What is {n}?"}, "reply": [f"It is {n}."]} for n in (0, 1, 2, 0)]
    path.write_text("".join(json.dumps(r) + "\n" for r in [*records, {"ask": {}}]), encoding="utf-8")
    return path


def said(command: Command, *words: str | Path) -> str:
    """What a verb says without --json."""
    code, out, err = command.raw([str(word) for word in words])
    assert (code, err) == (0, b"")
    return out.decode()


def test_a_mapping_is_tried_and_nothing_is_kept(command: Command, tmp_path: Path) -> None:
    path = odd(tmp_path / "odd.jsonl")
    told = command("preview", path, "--map", "prompt=ask.q", "--map", "response=reply.0", "--model", "m")
    (corpus,) = told["dry_run"]["corpora"]
    assert corpus == {"name": "m", "records": 5, "accepted": 3, "rejected": 1, "duplicate": 1}
    assert told["first"][1]["text"] == "It is 1."
    assert told["dry_run"]["rejections"][0]["reason"] == "`reply.0` is missing"
    assert told["kind"] == "JSON lines"
    assert [file.name for file in tmp_path.iterdir()] == ["odd.jsonl"]


def test_a_known_file_is_counted_with_dry_run(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"instruction": "Say", "output": "So.", "generator": "g"}]), encoding="utf-8")
    assert "dry_run" not in command("preview", path)
    assert command("preview", path, "--dry-run")["dry_run"]["importer"] == "alpaca_eval"


def test_a_mapping_that_does_not_fit_is_refused(command: Command, tmp_path: Path) -> None:
    path = odd(tmp_path / "odd.jsonl")
    assert "No record has" in command.refused("preview", path, "--map", "prompt=ask.x", "--map", "response=reply.0")
    assert "knows no" in command.refused("preview", path, "--map", "colour=ask.q", code=2)
    assert "not KEY=PATH" in command.refused("preview", path, "--map", "colour", code=2)


def test_the_next_file_of_its_kind_needs_no_mapping(command: Command, empty_case: Path, tmp_path: Path) -> None:
    first, second = odd(tmp_path / "first.jsonl"), tmp_path / "second.jsonl"
    second.write_text('{"ask": {"q": "Why?"}, "reply": ["So."]}\n', encoding="utf-8")
    command("import", empty_case, first, "--map", "prompt=ask.q", "--map", "response=reply.0")
    told = command("import", empty_case, second)
    assert told["corpora"][0]["accepted"] == 1
    assert "mapping of first.jsonl" in told["notices"][0]


def test_the_line_that_is_proposed_can_be_pasted(command: Command, empty_case: Path, tmp_path: Path) -> None:
    path = tmp_path / "my answers.json"
    records = {f"q {n}": {"User's question": f"What is {n}?", "reply": f"It is {n}."} for n in range(4)}
    path.write_text(json.dumps({"by id": records}, indent=1), encoding="utf-8")
    (line,) = (line for line in said(command, "preview", path).splitlines() if line.startswith("To import it: "))
    words = shlex.split(line.removeprefix("To import it: workbench "))
    (corpus,) = command(*(empty_case if word == "CASE" else word for word in words))["corpora"]
    assert (corpus["accepted"], corpus["rejected"]) == (4, 0)


def test_what_is_not_sure_is_said_and_nothing_is_guessed_in_silence(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("prompt,response_a,response_b\nWhy is it so?,So it is.,Thus it is.\n", encoding="utf-8")
    told = command("preview", path)
    assert told["unsure"] == {"response": "“response_b” could be the answer too"}
    assert "Unsure of response (response_a): “response_b” could be" in said(command, "preview", path)
    path.write_text("question,score\nWhy is it so?,1\n", encoding="utf-8")
    assert "Found prompt (question); no field looks like the answer." in said(command, "preview", path)


def test_a_misspelled_mapping_is_met_with_what_was_meant(command: Command, tmp_path: Path) -> None:
    path = odd(tmp_path / "odd.jsonl")
    assert "Did you mean “prompt”" in command.refused("preview", path, "--map", "promt=ask.q", code=2)
    refused = command.refused("preview", path, "--map", "prompt=ask.p", "--map", "response=reply.0")
    assert "Did you mean “ask.q”" in refused


def test_the_mapping_stands_in_the_ledger(command: Command, empty_case: Path, tmp_path: Path) -> None:
    path = odd(tmp_path / "odd.jsonl")
    command("import", empty_case, path, "--map", "prompt=ask.q", "--map", "response=reply.0")
    line = command("log", empty_case)["lines"][-1]
    assert line["options"]["options"]["mapping"] == {"prompt": "ask.q", "response": "reply.0"}
    assert "import 1: odd.jsonl, mapped prompt=ask.q, response=reply.0" in said(command, "log", empty_case)


def batch(path: Path) -> Path:
    """What a batch answered, without what was asked."""
    choice = {"index": 0, "message": {"role": "assistant", "content": "So."}, "finish_reason": "stop"}
    reply = {"object": "chat.completion", "model": "aurelia", "choices": [choice]}
    answers = [{"custom_id": f"c{n}", "response": {"status_code": 200, "body": reply}} for n in range(4)]
    path.write_text("".join(json.dumps(answer) + "\n" for answer in answers), encoding="utf-8")
    return path


def test_a_known_format_gets_its_command_and_asks_for_the_prompts(
    command: Command, empty_case: Path, tmp_path: Path
) -> None:
    path, prompts = batch(tmp_path / "my answers.jsonl"), tmp_path / "asked.csv"
    prompts.write_text("".join(["id,prompt\n", *(f"c{n},What is {n}?\n" for n in range(4))]), encoding="utf-8")
    told = said(command, "preview", path)
    assert "Its answers carry no prompts: PROMPTS is the file of what was asked" in told
    (line,) = (line for line in told.splitlines() if line.startswith("To import it: "))
    words = shlex.split(line.removeprefix("To import it: workbench "))
    assert command("preview", path)["import"] == [f"workbench {shlex.join(words)}"]
    given = {"CASE": empty_case, "PROMPTS": prompts}
    assert command(*(given.get(word, word) for word in words))["corpora"][0]["accepted"] == 4
    assert command("corpora", empty_case)["corpora"][0]["prompts"] == 4


def test_a_known_format_with_prompts_asks_for_none(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"instruction": "Say", "output": "So.", "generator": "g"}]), encoding="utf-8")
    told = said(command, "preview", path)
    assert f"To import it: workbench import CASE {path}" in told.splitlines()
    assert "set aside" not in told
    assert command("preview", path)["first"][0]["text"] == "So."
    path.write_text(json.dumps([{"instruction": "Say", "output": "So.", "input": ""}]), encoding="utf-8")
    assert "it is set aside by default" in said(command, "preview", path)


def test_a_folder_shows_records_and_where_their_prompts_come_from(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    batch(folder / "answers.jsonl")
    (folder / "prompts.csv").write_text("id,prompt\nc0,Why is it so?\n", encoding="utf-8")
    told = command("preview", folder)
    assert told["notes"] == ["Answers that carry no prompt get theirs by id from “prompts.csv”, which is in it."]
    assert (told["first"][0]["prompt"], told["first"][0]["text"]) == ("Why is it so?", "So.")
    (folder / "prompts.csv").rename(folder / "other.txt")
    assert command("preview", folder)["import"] == [f"workbench import CASE {folder} --prompts PROMPTS"]


def test_a_folder_of_texts_shows_no_empty_table(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.txt").write_text(f"It is {n}.", encoding="utf-8")
    told = said(command, "preview", folder)
    assert "It is 1." in told
    assert "field" not in told.split("As it would be read:")[0]


def test_a_panel_gets_its_command(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "panel.json"
    path.write_text('{"corpora": [{"corpus": "x", "file": "y"}]}', encoding="utf-8")
    assert f"import CASE {path} --suspect NAME --protected NAME" in said(command, "preview", path)


def test_each_of_several_answers_gets_a_command_that_can_be_pasted(
    command: Command, empty_case: Path, tmp_path: Path
) -> None:
    path = tmp_path / "duel.jsonl"
    rows = [
        {
            "prompt": f"What is {n}, say?",
            "model_a": a,
            "model_b": b,
            "answer_a": f"A {n}, so.",
            "answer_b": f"B {n}, so.",
        }
        for n, (a, b) in enumerate([("gpt-4", "llama-2"), ("llama-2", "gpt-4"), ("gpt-4", "llama-2")])
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    for words in command("preview", path)["import"]:
        _, *rest = shlex.split(words)
        assert not command(*(empty_case if word == "CASE" else word for word in rest))["sources"][0]["known"]
    counts = {c["name"]: c["accepted"] for c in command("corpora", empty_case)["corpora"]}
    assert counts == {"gpt-4": 3, "llama-2": 3}
    assert command(*(empty_case if word == "CASE" else word for word in rest))["sources"][0]["known"]
    assert command("verify", empty_case)["ok"]
    bare = [{"prompt": row["prompt"], "response_a": row["answer_a"], "response_b": row["answer_b"]} for row in rows]
    path.write_text("".join(json.dumps(row) + "\n" for row in bare), encoding="utf-8")
    assert [words.rpartition(" --model ")[2] for words in command("preview", path)["import"]] == [
        "response_a",
        "response_b",
    ]
    assert "To import it, once for each answer (after --model goes the model's own name):" in said(
        command, "preview", path
    )
