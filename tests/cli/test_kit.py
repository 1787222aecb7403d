"""The prompt kit by the command: from the folder to the sender's batch files, and back through the importers."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.cli.conftest import REFUSED, USAGE, Command


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def kit(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit of a few topics in all languages, to be read only."""
    folder = tmp_path_factory.mktemp("kit") / "food"
    command("kit", folder, "--topics", "food,science", "--model", "some-model", "--system", "Be brief.")
    return folder


def openai_results(kit: Path, model: str) -> bytes:
    """What OpenAI's interface makes of the kit's file, in an order of its own."""
    found = [
        {
            "id": f"batch_req_{at}",
            "custom_id": asked["custom_id"],
            "response": {
                "status_code": 200,
                "request_id": f"r{at}",
                "body": {
                    "id": f"chatcmpl-{at}",
                    "object": "chat.completion",
                    "created": 1_711_475_054 + at,
                    "model": model,
                    "choices": [
                        {
                            "index": 0,
                            "message": {"role": "assistant", "content": answer(asked["custom_id"])},
                            "finish_reason": "stop",
                        }
                    ],
                    "usage": {},
                },
            },
            "error": None,
        }
        for at, asked in enumerate(lines(kit / "openai_batch.jsonl"))
    ]
    return b"".join(json.dumps(one).encode() + b"\n" for one in reversed(found))


def anthropic_results(kit: Path, model: str) -> bytes:
    """What Anthropic's interface makes of the kit's file."""
    asked = json.loads((kit / "anthropic_batch.json").read_text("utf-8"))["requests"]
    return b"".join(
        json.dumps(
            {
                "custom_id": one["custom_id"],
                "result": {
                    "type": "succeeded",
                    "message": {
                        "id": f"msg_{at}",
                        "type": "message",
                        "role": "assistant",
                        "model": model,
                        "content": [{"type": "text", "text": answer(one["custom_id"])}],
                        "stop_reason": "end_turn",
                        "usage": {},
                    },
                },
            }
        ).encode()
        + b"\n"
        for at, one in enumerate(asked)
    )


def jsonl_sheet(kit: Path, model: str) -> bytes:
    """The answer sheet, filled by a program."""
    rows = lines(kit / "answer_sheet.jsonl")
    for row in rows:
        text = answer(f"{row['prompt_id']}-s{row['sample']:02d}")
        row |= {"response": text, "model": model, "time": "2026-03-01T12:00Z"}
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def csv_sheet(kit: Path, model: str) -> bytes:
    """The answer sheet, filled in a spreadsheet that writes semicolons."""
    rows = list(csv.DictReader(io.StringIO((kit / "answer_sheet.csv").read_text("utf-8-sig"), newline="")))
    for row in rows:
        text = answer(f"{row['prompt_id']}-s{int(row['sample']):02d}")
        row |= {"response": text, "model": model, "time": "2026-03-01 12:00 +01:00"}
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_sheet(kit: Path, model: str) -> bytes:
    """The answer sheet, filled in a spreadsheet and saved as a workbook: with numbers, and a sheet without anything."""
    book = Workbook()
    header, *rows = csv.reader(io.StringIO(csv_sheet(kit, model).decode("utf-8-sig"), newline=""), delimiter=";")
    book.active.append(header)
    for order, key, sample, *rest in rows:
        book.active.append([int(order), key, int(sample), *rest])
    book.create_sheet("Sheet2")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def answer(custom_id: str) -> str:
    """An answer; a choice is the same in every sample."""
    return "Seven." if custom_id.startswith("k-x") else f"An answer to {custom_id}."


RESULTS: dict[str, tuple[str, Callable[[Path, str], bytes]]] = {
    "openai": ("openai_batch", openai_results),
    "anthropic": ("anthropic_batch", anthropic_results),
    "jsonl": ("kit_sheet", jsonl_sheet),
    "csv": ("kit_sheet", csv_sheet),
    "xlsx": ("kit_xlsx", xlsx_sheet),
}


def test_every_form_comes_back_with_nothing_to_map(
    command: Command, kit: Path, empty_case: Path, tmp_path: Path
) -> None:
    prompts = lines(kit / "prompts.jsonl")
    requests = sum(p["repeats"] for p in prompts)
    for name, (importer, made) in RESULTS.items():
        file = tmp_path / f"{name}.out"
        file.write_bytes(made(kit, f"{name}-model"))
        role = {"openai": "suspect", "anthropic": "protected"}.get(name, "control")
        report = command("import", empty_case, file, "--prompts", kit / "prompts.jsonl", "--role", role)
        assert report["importer"] == importer
        (corpus,) = report["corpora"]
        assert corpus["name"] == f"{name}-model"
        # Equal answers to one prompt are samples of it, not duplicates.
        assert (corpus["records"], corpus["accepted"]) == (requests, requests)
    held = command("corpora", empty_case)["corpora"]
    assert {c["name"]: (c["prompts"], c["unjoined"]) for c in held} == dict.fromkeys(
        (f"{name}-model" for name in RESULTS), (len(prompts), 0)
    )
    fitness = command("run", empty_case, "fitness")["values"]
    assert (fitness["n_prompts_suspect"], fitness["n_prompts_both"]) == (len(prompts), len(prompts))


def test_the_forms_give_equal_prompts_and_samples(kit: Path, tmp_path: Path) -> None:
    from workbench.importers.base import Options
    from workbench.importers.choose import choose, recognise
    from workbench.importers.containers.open import open_file
    from workbench.importers.mapping.prompt_files import PromptFile

    seen = {}
    for name, (_, made) in RESULTS.items():
        file = tmp_path / name
        file.write_bytes(made(kit, "m"))
        options = Options(prompts=PromptFile(kit / "prompts.jsonl"))
        opened = open_file(file)
        records = choose(recognise(opened), options).read(opened, options, lambda fraction, note="": None)
        seen[name] = sorted((r.prompt_key, r.sample, r.prompt, r.text) for r in records)
    asked = [(p["prompt_id"], p["prompt"], p["repeats"]) for p in lines(kit / "prompts.jsonl")]
    expected = sorted(
        (key, str(n), text, answer(f"{key}-s{n:02d}")) for key, text, repeats in asked for n in range(1, repeats + 1)
    )
    for name, found in seen.items():
        assert found == expected, name


@pytest.mark.parametrize("later", ["prompts.jsonl", "prompts.csv", "openai_batch.jsonl", "anthropic_batch.json"])
def test_prompts_join_later_from_each_of_the_files(
    command: Command, kit: Path, empty_case: Path, tmp_path: Path, later: str
) -> None:
    file = tmp_path / "results.jsonl"
    file.write_bytes(openai_results(kit, "m"))
    command("import", empty_case, file)
    requests = len(lines(kit / "openai_batch.jsonl"))
    assert command("prompts", empty_case, kit / later, "--for", "m")["joined"] == requests
    (corpus,) = command("corpora", empty_case)["corpora"]
    assert (corpus["prompts"], corpus["unjoined"]) == (len(lines(kit / "prompts.jsonl")), 0)


def test_the_map_line_of_the_protocol_works(command: Command, kit: Path, empty_case: Path, tmp_path: Path) -> None:
    words = next(s for s in (kit / "PROTOCOL.md").read_text("utf-8").splitlines() if s.startswith("- Any other file"))
    maps = words.split("`")[1].split(" --map ")[1:]
    file = tmp_path / "own.jsonl"
    rows = ({"prompt_id": p["prompt_id"], "sample": n, "response": "So.", "model": "own", "time": "2026-03-01"}
            for p in lines(kit / "prompts.jsonl") for n in (1, 2))  # fmt: skip
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    given = [word for one in maps for word in ("--map", one)]
    report = command("import", empty_case, file, "--prompts", kit / "prompts.jsonl", *given)
    assert report["importer"] == "mapped_jsonl"
    assert report["corpora"][0]["accepted"] == 2 * len(lines(kit / "prompts.jsonl"))
    assert command("corpora", empty_case)["corpora"][0]["unjoined"] == 0


def test_the_document_agrees_with_the_folder(command: Command, tmp_path: Path) -> None:
    told = command("kit", tmp_path / "kit", "--kinds", "choice", "--repeats", "3", "--formats", "anthropic,csv")
    names = {"prompts.jsonl", "answer_key.jsonl", "anthropic_batch.json", "prompts.csv", "answer_sheet.csv",
             "PROTOCOL.html", "PROTOCOL.md", "manifest.json"}  # fmt: skip
    assert {path.name for path in (tmp_path / "kit").iterdir()} == names == {file["path"] for file in told["files"]}
    for file in told["files"]:
        data = (tmp_path / "kit" / file["path"]).read_bytes()
        assert (file["size"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert told["requests"] == 3 * told["prompts"]
    requests = json.loads((tmp_path / "kit" / "anthropic_batch.json").read_text("utf-8"))["requests"]
    assert Counter(one["custom_id"].rsplit("-s", 1)[1] for one in requests) == dict.fromkeys(
        ("01", "02", "03"), told["prompts"]
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--repeats", "0"], "1 to 100"),
        (["--repeats", "101"], "1 to 100"),
        (["--repeats", "two"], "whole number"),
        (["--repeats", "-1"], "--repeats"),
        (["--max-tokens", "0"], "1 to 1,000,000"),
        (["--temperature", "nan"], "0 to 2"),
        (["--temperature", "2.1"], "0 to 2"),
        (["--temperature", "1.5"], "Anthropic"),
        (["--temperature", "warm"], "not a number"),
        (["--topics", "food,fod"], "“fod”"),
        (["--languages", "tlh"], "“tlh”"),
        (["--kinds", "identity", "--topics", "food"], "No prompt"),
        (["--formats", "word"], "“word”"),
        (["--formats", ","], "No format"),
        (["--model", "a\nb"], "name of a model"),
        (["--system", " "], "blank"),
        (["--repeats", "100", "--system", "x" * 9000], "batch file"),
    ],
)
def test_wrong_words_are_told(command: Command, tmp_path: Path, words: list[str], told: str) -> None:
    assert told in command.refused("kit", tmp_path / "kit", *words, code=USAGE)
    assert not (tmp_path / "kit").exists()


def test_nothing_is_overwritten(command: Command, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / ".note").write_text("mine")
    (tmp_path / "file").write_text("mine")
    assert "something in it" in command.refused("kit", tmp_path / "full", code=REFUSED)
    assert "no folder" in command.refused("kit", tmp_path / "file", code=REFUSED)
    assert "can't be written" in command.refused("kit", tmp_path / "file" / "kit", code=REFUSED)
    assert [path.name for path in (tmp_path / "full").iterdir()] == [".note"]


def test_a_full_disk_leaves_nothing(command: Command, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    for name in ("new", "there"):
        assert "enough space" in command.refused("kit", tmp_path / name, code=REFUSED, largest=20_000)
    assert not (tmp_path / "new").exists()
    assert list((tmp_path / "there").iterdir()) == []


def test_rows_that_nobody_filled_are_counted_on_one_line(command: Command, empty_case: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    rows = [f"p{n},1,What is {n}?,{'So.' if n < 2 else ''},," for n in range(300)]
    sheet.write_text("\n".join(["prompt_id,sample,prompt,response,model,time", *rows]) + "\n", encoding="utf-8")
    (dry,) = command("preview", sheet, "--dry-run")["dry_run"]["reasons"]
    code, out, _ = command.raw(["import", str(empty_case), str(sheet)])
    (line,) = (line for line in out.decode().splitlines() if line.startswith("rejected: "))
    assert code == 0
    assert line.startswith("rejected: 298 records, the first at record 3, bytes ")
    assert line.endswith(f": {dry['reason']}")
    assert dry["records"] == 298
    counts = command("corpora", empty_case)["corpora"][0]
    assert (counts["accepted"], counts["rejected"], counts["duplicate"]) == (2, 298, 0)
