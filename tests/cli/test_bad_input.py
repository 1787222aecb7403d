"""Files that can't be taken in, and questions that can't be asked: said in words, and nothing half-done."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import DONE, REFUSED, USAGE, Command, checked, kept, state_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + bytes(range(256)) * 4
RECORDS = [
    {"instruction": f"Wie groß ist “{n}”?", "output": f"Größe {n} – naïve", "generator": "neu"} for n in range(6)
]
TEXT = json.dumps(RECORDS, ensure_ascii=False)
CSV = "question,reply\r\nWie groß?,Größe\r\nWas – naïve?,Café\r\n"
MAPPED = ("--map", "prompt=question", "--map", "response=reply", "--model", "m")


# Files that no importer takes


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.json", b"", "is empty (0 bytes)"),
        ("space.json", b" \n\t ", "only white space"),
        ("picture.json", PNG, "a picture"),
        ("program.csv", ELF, "a program"),
        ("zeros.jsonl", bytes(5000), "NUL bytes"),
        ("cut.json", b'[{"instru', "No importer knows"),
        ("packed.json.gz", gzip.compress(b"x" * 4000, mtime=0)[:30], "packed.json.gz"),
        ("words.txt", b"Nothing of the kind.\n", "No importer knows"),
        ("number.json", b"42", "No importer knows"),
        ("none.json", b"[]", "No importer knows"),
        ("deep.json", b"[" * 100_000, "No importer knows"),
    ],
)
def test_a_file_that_is_no_answers_is_refused_and_not_kept(
    command: Command, case: Path, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    before = kept(case)
    assert words in command.refused("import", case, file)
    assert kept(case) == before
    assert command("log", case)["lines"][-1]["action"] == "export done"


def test_what_is_no_file_is_refused(command: Command, case: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, words in {
        "nowhere.json": "There is no file nowhere.json",
        "x" * 300 + ".json": "File name too long",
        ".": "a folder that holds this case itself",
        "/dev/zero": "no ordinary file",
        "pipe": "no ordinary file",
        "a.case/case.db/x": "Not a directory",
    }.items():
        assert words in command.refused("import", case, path, cwd=tmp_path)
    assert "can't be opened" in command.refused("preview", tmp_path / "nowhere.json")
    assert "no plain file" in command.refused("preview", tmp_path)


def test_an_unknown_format_is_named_before_anything_is_read(command: Command, case: Path, panel: Path) -> None:
    known = panel.parent / "control-1.json"
    assert "There is no format “nope”" in command.refused("import", case, known, "--format", "nope", code=USAGE)


# Files of which a part can be taken


def test_a_file_that_was_cut_short_gives_what_is_whole(
    command: Command, empty_case: Path, panel: Path, tmp_path: Path
) -> None:
    whole = (panel.parent / "control-1.json").read_bytes()
    (tmp_path / "half.json").write_bytes(whole[: len(whole) // 2])
    report = command("import", empty_case, tmp_path / "half.json")
    counts = report["corpora"][0]
    assert counts["records"] == counts["accepted"] + counts["rejected"] + counts["duplicate"]
    assert counts["accepted"] > 5
    assert counts["rejected"] == 1
    assert "ends inside" in report["rejections"][0]["reason"]
    assert str(len(whole) // 2) in report["rejections"][0]["place"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-32"])
def test_an_encoding_with_its_mark_is_read(command: Command, empty_case: Path, tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.json").write_bytes(TEXT.encode(encoding))
    (tmp_path / "b.json").write_bytes(TEXT.encode("utf-8"))
    assert command("import", empty_case, tmp_path / "a.json")["corpora"][0]["accepted"] == len(RECORDS)
    # The same records: nothing of them was lost in the encoding.
    assert command("import", empty_case, tmp_path / "b.json")["corpora"][0]["duplicate"] == len(RECORDS)


def test_bytes_of_another_encoding_are_taken_with_a_flag(command: Command, empty_case: Path, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(TEXT.encode("cp1252"))
    (tmp_path / "b.csv").write_bytes(CSV.encode("cp1252"))
    assert command("import", empty_case, tmp_path / "a.json")["corpora"][0]["accepted"] == len(RECORDS)
    assert command("import", empty_case, tmp_path / "b.csv", *MAPPED)["corpora"][0]["accepted"] == 2
    command("export", empty_case, tmp_path / "p.zip")
    shutil.unpack_archive(tmp_path / "p.zip", tmp_path / "p")
    lines = [json.loads(x) for f in (tmp_path / "p").rglob("corpus-*.jsonl") for x in f.read_text("utf-8").splitlines()]
    assert len(lines) == len(RECORDS) + 2
    assert all(line["flags"] for line in lines)


def test_a_damaged_record_costs_itself_alone(command: Command, empty_case: Path, tmp_path: Path) -> None:
    lines = [json.dumps({"q": f"Question {n}", "r": f"Answer {n}"}) for n in range(5)]
    lines[1] = '{"q": "broken'
    lines[2] = '{"q": 7, "r": ["no", "text"]}'
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    told = command(
        "import", empty_case, tmp_path / "a.jsonl", "--map", "prompt=q", "--map", "response=r", "--model", "m"
    )
    assert told["corpora"][0] == {
        "name": "m", "role": "control", "records": 5, "accepted": 3, "rejected": 2, "duplicate": 0,
    }  # fmt: skip
    assert [r["place"].split(",")[0] for r in told["rejections"]] == ["record 2", "record 3"]


# Imports that come to nothing


@pytest.mark.parametrize(
    ("how", "code", "words"),
    [
        (["--map", "prompt=no.where", "--map", "response=nor.here"], REFUSED, "No record has “no.where”"),
        (["--map", "prompt=instruction"], USAGE, "must say where the answer is"),
        (["--map", "response"], USAGE, "is not KEY=PATH"),
        (["--map", "colour=x", "--map", "response=output"], USAGE, "knows no “colour”"),
        (["--format", "fastchat"], REFUSED, "Not one record of a.json could be taken in; record 1"),
        (["--released", "yesterday"], USAGE, "is not a release date"),
        (["--prompts", "nowhere.jsonl"], REFUSED, "There is no file nowhere.jsonl"),
    ],
)
def test_an_import_that_comes_to_nothing_leaves_the_file_free(
    command: Command, empty_case: Path, tmp_path: Path, how: list[str], code: int, words: str
) -> None:
    file = tmp_path / "a.json"
    file.write_text(TEXT, encoding="utf-8")
    assert words in command.refused("import", empty_case, file, *how, code=code)
    assert command("corpora", empty_case) == {"corpora": [], "open_imports": [], "under_way": []}
    assert command("verify", empty_case)["ok"] is True
    # Nothing says now that the file was imported before.
    report = command("import", empty_case, file)
    assert report["sources"][0]["known"] is False
    assert report["corpora"][0]["accepted"] == len(RECORDS)


def test_prompts_that_can_not_be_read_are_not_kept(command: Command, case: Path, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_bytes(PNG)
    (tmp_path / "a.jsonl").write_text('{"question_id":1,"model_id":"m","choices":[{"index":0,"turns":["a"]}]}\n')
    before = kept(case)
    command.refused("prompts", case, tmp_path / "p.json", "--for", "student")
    command.refused("prompts", case, tmp_path / "a.jsonl", "--for", "nobody")
    (tmp_path / "q.jsonl").write_text('{"question_id": 1, "turns": ["Why?"]}\n')
    assert command("prompts", case, tmp_path / "q.jsonl", "--for", "student")["joined"] == 0
    assert kept(case) == before


def test_what_has_no_effect_on_a_known_file_is_said(command: Command, case: Path, panel: Path) -> None:
    told = command("import", case, panel.parent / "control-1.json", "--format", "fastchat")
    assert told["sources"][0]["known"] is True
    assert "--format changed nothing" in told["notices"][0]


def test_of_several_files_those_before_the_bad_one_are_named(
    command: Command, empty_case: Path, tmp_path: Path
) -> None:
    (tmp_path / "good.json").write_text(TEXT, encoding="utf-8")
    said = command.refused("import", empty_case, tmp_path / "good.json", tmp_path / "gone.json")
    assert said.endswith("Taken in before it: good.json.")
    assert list(state_of(command, empty_case)) == ["neu"]


# Very large records

GIGABYTE = 1 << 30


def sparse(path: Path, start: bytes, size: int, end: bytes = b"") -> Path:
    with path.open("wb") as stream:
        stream.write(start)
        stream.truncate(size)
        stream.seek(0, os.SEEK_END)
        stream.write(end)
    return path


MEASURED = """
import sys
from pathlib import Path
from workbench.cli.main import run
code = run(sys.argv[2:])
Path(sys.argv[1]).write_text(Path("/proc/self/status").read_text())
sys.exit(code)
"""


def in_memory(command: Command, limit: int, *words: Any) -> tuple[int, bytes, bytes]:
    """Call it; its largest memory must stay below the limit (bytes)."""
    status = command.folder / "status"
    child = command.start(*words, program=("-c", MEASURED, str(status)))
    out, err = child.communicate()
    # Not ru_maxrss: that remembers the process that this one was forked from.
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    assert int(peak.split()[1]) * 1024 < limit
    return child.returncode, out, err


@pytest.mark.parametrize("start", [b"", b'[{"instruction": "', b'{"question": "'])
def test_ten_gigabytes_of_no_known_format_are_refused_at_once(
    command: Command, empty_case: Path, tmp_path: Path, start: bytes
) -> None:
    file = sparse(tmp_path / "vast.json", start, 10 * GIGABYTE)
    code, out, err = in_memory(command, 120 << 20, "import", empty_case, file)
    assert "vast.json" in checked(code, out, err, REFUSED)["error"]["message"]
    assert kept(empty_case) == []


@pytest.mark.slow
def test_a_record_of_ten_gigabytes_is_rejected_and_the_next_one_taken(
    command: Command, empty_case: Path, tmp_path: Path
) -> None:
    rejects_a_record_of(10 * GIGABYTE, command, empty_case, tmp_path)


def test_a_record_over_the_limit_is_rejected_and_the_next_one_taken(
    command: Command, empty_case: Path, tmp_path: Path
) -> None:
    rejects_a_record_of(GIGABYTE // 4, command, empty_case, tmp_path)


def rejects_a_record_of(size: int, command: Command, case: Path, folder: Path) -> None:
    if shutil.disk_usage(folder).free < 3 * size:
        pytest.skip("too little space for a file of this size")
    file = sparse(
        folder / "vast.jsonl", b'{"question": "x", "reply": "', size, b'"}\n{"question": "a", "reply": "b"}\n'
    )
    code, out, err = in_memory(command, 260 << 20, "import", case, file, *MAPPED)
    report = checked(code, out, err, DONE)
    assert (report["corpora"][0]["accepted"], report["corpora"][0]["rejected"]) == (1, 1)
    assert "longer than 64 MB" in report["rejections"][0]["reason"]
    # A hole in the file is a hole in the copy.
    original = next((case / "originals").glob("?" * 64))
    assert original.stat().st_size > size
    assert original.stat().st_blocks * 512 < size // 2
