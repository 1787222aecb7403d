"""Names and titles that try to be something else: a path, an option, markup, a control sequence."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import zipfile
from pathlib import Path

import pytest

from tests.app_corpora import WORDS, answer
from tests.cli.conftest import USAGE, Command, checked, state_of
from workbench.cli.verbs import list_of_names

NAMES = [
    "../../etc/passwd", "a/b\\c", "..", ".", "--json", "-rf", "CON", "a,b", "control-1,x", "corpus:x", "family:y",
    "bell\x07 escape\x1b[31m\nnext", "nul\0byte", "L" * 300, "Ä" * 150, "😀 émoji \u202ertl\u2066",
    "\"quoted\" 'single'", "<script>alert(1)</script>", "=1+1", "  spaces  ", "%s%d{}", "#let x $y$ *b* _i_ @ref <l>",
]  # fmt: skip
TITLE = '<script>alert(1)</script> \x1b[2J "t" & \u202e #let $x$'
ATTACK = " <script>alert(2)</script>\x00\x08\ud800 \u202e=cmd|' /C calc'!A0"


def records(number: int, name: str) -> list[dict[str, str]]:
    source = random.Random(number)
    habits = [f"moreover-{number}", f"notably-{number}"]
    return [
        {
            "instruction": f"Tell me about the {WORDS[n % len(WORDS)]}, part {n} <b>&",
            "output": answer(source, habits, WORDS[n % len(WORDS)]) + (ATTACK if n == 3 else ""),
            "generator": name,
        }
        for n in range(32)
    ]


@pytest.fixture(scope="module")
def hostile(command: Command) -> Path:
    """A case of corpora with hostile names, from one file whose own name is hostile too."""
    folder = command.folder / "hostile"
    folder.mkdir()
    file = folder / "all<script>'\"\x1b\n.json"
    file.write_text(json.dumps([r for n, name in enumerate(NAMES) for r in records(n, name)]), encoding="utf-8")
    command("new", folder / "h", "--title", TITLE, "--examiner", "<img src=x onerror=alert(1)>")
    case = folder / "h.case"
    command("import", case, file)
    command("set", "--role=suspect", "--reason=<b>", "--family=f/../x", "--", case, NAMES[0])
    command("set", "--role=protected", "--reason=<b>", "--family=<i>fam</i>", "--", case, NAMES[1])
    return case


def test_every_name_is_kept_as_it_is_but_for_spaces_around_it(command: Command, hostile: Path) -> None:
    assert list(state_of(command, hostile)) == [name.strip() for name in NAMES]
    assert {count for count, _ in state_of(command, hostile).values()} == {32}
    # Nothing was written by a name.
    assert {p.name for p in hostile.iterdir()} <= {"case.db", "originals", "ledger.jsonl", "lock"}
    assert not (hostile.parent.parent / "etc").exists()


def test_a_terminal_gets_no_control_sequence_and_no_endless_column(command: Command, hostile: Path) -> None:
    for verb in ("corpora", "log", "findings"):
        child = command.start(verb, hostile, as_json=False)
        out, err = child.communicate()
        assert child.returncode == 0
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", out + err)
        assert "\u202e" not in out.decode("utf-8")
        assert max(map(len, out.decode("utf-8").split("\n"))) < 400


def test_names_go_through_run_export_and_verify(command: Command, hostile: Path, tmp_path: Path) -> None:
    found = command("run", hostile, "closest_source", "--exclude=-rf", "--exclude", "a,b", "--reason", "\x1b[2J")
    left_out = [item["corpus"] for item in found["left_out"]]
    assert {"-rf", "a,b"} <= set(left_out)
    named = {c["model"] for c in found["values"]["controls"]}
    assert named == {name.strip() for name in NAMES[2:]} - {"-rf", "a,b"}
    command("show", hostile, "1", "--figure", tmp_path / "f.svg")
    assert "<script" not in (tmp_path / "f.svg").read_text("utf-8")
    command("export", hostile, tmp_path / "p.zip")
    assert command("verify", tmp_path / "p.zip") == {"ok": True, "kind": "pack", "problems": [], "seal": []}
    assert command("verify", hostile) == {"ok": True, "kind": "case", "problems": []}
    _is_tame(tmp_path / "p.zip")


def _is_tame(pack: Path) -> None:
    """Members have plain names; nothing that a browser or a spreadsheet would run is in them."""
    with zipfile.ZipFile(pack) as archive:
        for name in archive.namelist():
            assert re.fullmatch(r"[A-Za-z0-9_.\-/]{1,140}", name)
            assert ".." not in name
            data = archive.read(name)
            if name.endswith((".html", ".svg")):
                text = data.decode("utf-8")
                assert not re.search(r"<script(?!>\s*</script>)|<img[^>]*onerror|<i>fam|\x1b|\u202e", text)
            if name.endswith(".csv"):
                rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
                assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "\t", "\r"))]


def test_names_with_commas_are_found_in_a_list() -> None:
    known = {"a,b", "control-1,x", "a", "b,c,d"}
    assert list_of_names("--json,control-1,x,a,b,b,c,d,..", known) == ["--json", "control-1,x", "a,b", "b,c,d", ".."]
    assert list_of_names("", known) == [""]


def test_files_with_hostile_names(command: Command, empty_case: Path, tmp_path: Path) -> None:
    names = [b"-x.json", b"--help.json", b"a\nb.json", b"\xff\xfe.json", b"y" * 250 + b".json", b"..json"]
    for number, name in enumerate(names):
        path = os.fsencode(tmp_path) + b"/" + name
        answers = [{"instruction": "q", "output": f"{number}"}]
        Path(os.fsdecode(path)).write_text(json.dumps(answers), encoding="utf-8")
        told = command("import", empty_case, path, "--map", "prompt=instruction", "--map", "response=output")
        assert told["corpora"][0]["accepted"] == 1
    assert list(state_of(command, empty_case)) == ["-x", "--help", "a\nb", "⟦U+DCFF⟧⟦U+DCFE⟧", "y" * 250, "."]
    command("export", empty_case, tmp_path / "p.zip")
    assert command("verify", tmp_path / "p.zip")["ok"] is True


def test_words_that_are_no_text(command: Command, case: Path, tmp_path: Path) -> None:
    """Bytes that no encoding explains come to the program as lone surrogates: they are made visible and kept."""
    odd, seen = b"\xff", "⟦U+DCFF⟧"
    made = command("new", tmp_path / "odd", "--title", odd, "--examiner", odd)
    assert (made["title"], made["examiner"]) == (seen, seen)
    assert command("set", case, "teacher", "--family", odd, "--reason", odd)["facts"]["family"] == seen
    assert command("withdraw", case, "1", "--reason", odd)["withdrawn"] == seen
    assert seen in command.refused("set", case, odd, "--base", "x", "--reason", "r", code=USAGE)
    found = command("run", case, "closest_source", "--exclude", "control-1", "--reason", odd, "--despite-date", odd)
    assert seen in json.dumps(found, ensure_ascii=False)
    assert command("verify", case)["ok"] is True


def test_an_account_that_is_no_text(command: Command, tmp_path: Path) -> None:
    odd = command.environment | {"LOGNAME": "\udcff", "PYTHONUTF8": "0", "LC_ALL": "C"}
    child = command.start("new", tmp_path / "odd", env=odd)
    out, err = child.communicate()
    checked(child.returncode, out, err, 0)
    assert command("verify", tmp_path / "odd.case")["ok"] is True


def test_an_option_behind_the_two_dashes_is_a_name(command: Command, hostile: Path) -> None:
    child = command.start("set", "--role=control", "--reason=r", "--", hostile, "--json", as_json=False)
    out, _ = child.communicate()
    assert child.returncode == 0
    assert out.startswith(b"--json: role control")
