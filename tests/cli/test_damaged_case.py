"""Cases and packs that were spoilt: what is wrong is named, what can still be read is, and nothing is made worse."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import REFUSED, USAGE, Command, kept

READING = (("corpora",), ("findings",), ("show", "2"), ("log",))


def problems(command: Command, path: Path, *more: str) -> list[dict[str, str]]:
    """What verify names; there must be something."""
    report = command("verify", path, *more, code=REFUSED)
    assert report["ok"] is False
    assert report["problems"]
    assert {p["what"] for p in report["problems"]} <= {"changed", "added", "removed", "ledger", "database"}
    return report["problems"]


def edit_lines(case: Path, change: Callable[[list[str]], list[str]]) -> None:
    mirror = case / "ledger.jsonl"
    mirror.write_text("".join(change(mirror.read_text("utf-8").splitlines(keepends=True))), encoding="utf-8")


# The mirror of the ledger


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: [*lines[:3], lines[3].replace("imported", "Imported"), *lines[4:]], "Line 4 of the mirror"),
        (lambda lines: [*lines[:3], *lines[4:]], "Line 4 of the mirror"),
        (lambda lines: lines[:-3], "lacks the last 3 lines"),
        (lambda lines: [*lines, lines[-1]], "1 lines more than the ledger"),
        (lambda lines: ["\x00\x01 garbage\n"], "Line 1 of the mirror"),
    ],
)
def test_a_mirror_that_was_altered_is_named_and_left_as_it_is(
    command: Command, case: Path, change: Callable[[list[str]], list[str]], words: str
) -> None:
    edit_lines(case, change)
    found = problems(command, case)
    assert [p["path"] for p in found] == ["ledger.jsonl"]
    assert words in found[0]["detail"]
    for verb in READING:
        command(verb[0], case, *verb[1:])
    spoilt = (case / "ledger.jsonl").read_bytes()
    code, out, err = command.raw(["set", case, "--json", "teacher", "--base", "b", "--reason", "r"])
    assert code == 0
    assert json.loads(out)["facts"]["base"] == "b"
    if "lacks" in words:
        # Lines that are missing at its end are written anew.
        assert command("verify", case)["ok"] is True
    else:
        # Whoever goes on writing is told; the mirror stays for verify to name.
        assert b"does not agree" in err
        assert (case / "ledger.jsonl").read_bytes() == spoilt
        problems(command, case)


def test_a_mirror_that_is_gone_is_named_and_written_anew(command: Command, case: Path) -> None:
    whole = (case / "ledger.jsonl").read_bytes()
    (case / "ledger.jsonl").unlink()
    assert problems(command, case)[0]["what"] == "removed"
    command("set", case, "teacher", "--base", "b", "--reason", "r")
    assert (case / "ledger.jsonl").read_bytes().startswith(whole)
    assert command("verify", case)["ok"] is True


# The ledger in the database


def tamper(case: Path, *statements: str) -> None:
    """Change the database as somebody would who knows SQLite, and put its guards back."""
    connection = sqlite3.connect(case / "case.db", isolation_level=None)
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, sql in guards:
        connection.execute(sql)
    connection.close()


def head_of(case: Path) -> str:
    with zipfile.ZipFile(case.parent / "one.zip") as archive:
        return next(archive.read(n).decode().strip() for n in archive.namelist() if n.endswith("audit_head.txt"))


EXAMINED = ("alike", "examined", "examined_parts", "examined_prompts", "examined_sources", "examinations")


def test_an_end_that_was_cut_shows_against_the_head_of_a_pack(command: Command, case: Path, whole_case: Path) -> None:
    head = head_of(whole_case)
    command("set", case, "teacher", "--base", "b", "--reason", "r")
    assert command("verify", case, "--head", head)["ok"] is True
    tamper(
        case,
        "DELETE FROM exports_done",
        "DELETE FROM exports",
        *(f"DELETE FROM {table}" for table in EXAMINED),
        # The opinion, which was formed when the pack was made.
        "DELETE FROM finding_tables WHERE finding = 3",
        "DELETE FROM tables WHERE sha256 NOT IN (SELECT sha256 FROM finding_tables)",
        "DELETE FROM findings WHERE number = 3",
        "DELETE FROM ledger WHERE sequence > 12",
        'UPDATE corpora SET facts = replace(facts, \'"base":"b"\', \'"base":null\')',
    )
    edit_lines(case, lambda lines: lines[:12])
    # A chain alone can't show that its end was cut. A head from outside can.
    assert command("verify", case)["ok"] is True
    found = problems(command, case, "--head", head)
    assert [p["what"] for p in found] == ["ledger"]
    assert "its end was cut" in found[0]["detail"]


@pytest.mark.parametrize(
    ("statement", "path", "words"),
    [
        ("UPDATE ledger SET line = replace(line, 'imported', 'Imported') WHERE sequence = 4", "ledger", "Line 4"),
        pytest.param(
            "UPDATE ledger SET line = 'garbage' WHERE sequence = 4", "ledger", "Line 4", marks=pytest.mark.slow
        ),
        ("DELETE FROM ledger WHERE sequence = 4", "ledger", "there is line 5"),
        ("UPDATE answers SET text = 'other' WHERE id = 3", "case.db", "Answer 3"),
        ("UPDATE corpora SET facts = 'nope' WHERE id = 1", "case.db", "teacher"),
        pytest.param("UPDATE corpora SET role = 'nope' WHERE id = 2", "case.db", "student", marks=pytest.mark.slow),
        ("UPDATE findings SET json = '{}' WHERE number = 2", "case.db", "Finding 2"),
        pytest.param(
            "UPDATE findings SET svg = x'00' WHERE number = 2", "case.db", "can't be read", marks=pytest.mark.slow
        ),
        ("UPDATE findings SET narrative = '[]' WHERE number = 2", "case.db", "finding 2"),
        pytest.param("UPDATE tables SET data = x'0011'", "case.db", "does not have the bytes", marks=pytest.mark.slow),
        pytest.param("UPDATE imports SET options = 'xx' WHERE id = 2", "case.db", "Import 2", marks=pytest.mark.slow),
        ("UPDATE sources SET sha256 = '../../../etc/passwd' WHERE id = 2", "case.db", "etc/passwd"),
        pytest.param("DELETE FROM prompts WHERE id < 5", "case.db", "does not exist", marks=pytest.mark.slow),
        ("DROP TABLE joins", "case.db", "table joins of the database is missing"),
    ],
)
def test_a_row_that_was_altered_is_named_and_no_verb_stumbles_over_it(
    command: Command, case: Path, tmp_path: Path, statement: str, path: str, words: str
) -> None:
    tamper(case, statement)
    named = [p["detail"] for p in problems(command, case) if path in p["path"] or path == "case.db"]
    assert any(words in detail for detail in named), named
    changing = [("set", "teacher", "--base", "b", "--reason", "r"), ("withdraw", "1", "--reason", "r")]
    for verb, *more in [*READING, *changing, ("backup", str(tmp_path / "b.zip"))]:
        either(command, verb, case, *more)


def test_analyses_and_packs_do_not_stumble_over_altered_rows(command: Command, case: Path, tmp_path: Path) -> None:
    tamper(case, "UPDATE imports SET options = 'xx' WHERE id = 2")
    assert "Import 2 in the database" in command.refused("export", case, tmp_path / "p.zip")
    tamper(case, "UPDATE corpora SET role = 'nope' WHERE id = 2")
    assert "The corpus student in the database" in command.refused("run", case, "fitness")
    assert not list(tmp_path.glob("*.zip*"))


def either(command: Command, *words: Any) -> None:
    """Done or refused in words, but nothing else."""
    try:
        command(*words)
    except AssertionError as error:
        if "exit code 1 in place of 0" not in str(error):
            raise


def test_no_pack_is_made_of_what_was_altered(command: Command, bare_case: Path, tmp_path: Path) -> None:
    tamper(bare_case, "UPDATE answers SET text = 'other' WHERE id = 3")
    assert "does not have the text that was stored" in command.refused("export", bare_case, tmp_path / "p.zip")
    tamper(bare_case, "UPDATE ledger SET line = replace(line, 'imported', 'Imported') WHERE sequence = 4")
    assert "The ledger is broken" in command.refused("export", bare_case, tmp_path / "p.zip")
    assert list(tmp_path.glob("*.zip*")) == []


def test_a_case_can_not_name_files_outside_it(command: Command, case: Path, tmp_path: Path) -> None:
    """A case that somebody hands over is not trusted: no file is moved or packed by a path in its database."""
    (case / "stolen").write_text("secret", encoding="utf-8")
    (case / "originals" / ".incoming").mkdir(exist_ok=True)
    tamper(case, "UPDATE sources SET sha256 = '../stolen' WHERE id = 2")
    either(command, "set", case, "teacher", "--base", "b", "--reason", "r")
    assert (case / "stolen").read_text("utf-8") == "secret"
    command.refused("backup", case, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


# The database as a file


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _zeroed_within(data: bytes) -> bytes:
    return data[:20_000] + bytes(200_000) + data[220_000:]


@pytest.mark.parametrize(
    "change", [_cut, _zeroed_within, lambda data: data[:50], lambda data: b"", lambda data: bytes(len(data))]
)
def test_a_database_that_is_damaged(
    command: Command, case: Path, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    database = case / "case.db"
    damaged = change(database.read_bytes())
    database.write_bytes(damaged)
    assert "case.db" in {p["path"] for p in problems(command, case)}
    for verb in READING:
        either(command, verb[0], case, *verb[1:])
    for verb, *more in (("set", "teacher", "--base", "b", "--reason", "r"), ("export", str(tmp_path / "p.zip"))):
        assert "case" in command.refused(verb, case, *more)
    assert len(kept(case)) == 10
    assert command("rescue", case, tmp_path / "new")["case"].endswith("new.case")


def _other_database(case: Path) -> None:
    (case / "case.db").unlink()
    connection = sqlite3.connect(case / "case.db")
    connection.execute("CREATE TABLE t (x)")
    connection.close()


def _no_database(case: Path) -> None:
    (case / "case.db").unlink()


def _folder_for_database(case: Path) -> None:
    (case / "case.db").unlink()
    (case / "case.db").mkdir()


@pytest.mark.parametrize(
    ("change", "what"), [(_other_database, "database"), (_no_database, "removed"), (_folder_for_database, "removed")]
)
def test_a_database_that_is_no_case(command: Command, case: Path, change: Callable[[Path], None], what: str) -> None:
    change(case)
    found = problems(command, case)
    assert found[0]["what"] == what
    assert "rescue" in found[0]["detail"]
    for verb in (*READING, ("set", "teacher", "--base", "b", "--reason", "r")):
        assert "rescue" in command.refused(verb[0], case, *verb[1:])


def test_a_case_of_a_newer_workbench_is_left_alone(command: Command, case: Path) -> None:
    connection = sqlite3.connect(case / "case.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = (case / "case.db").read_bytes()
    for verb in (*READING, ("verify",), ("set", "teacher", "--base", "b", "--reason", "r")):
        assert "newer workbench (schema 99" in command.refused(verb[0], case, *verb[1:])
    assert (case / "case.db").read_bytes() == before


# Originals


def test_originals_that_are_missing_extra_or_altered_are_named(command: Command, case: Path, tmp_path: Path) -> None:
    first, second = sorted(p for p in (case / "originals").iterdir() if p.is_file())[:2]
    first.unlink()
    second.chmod(stat.S_IRUSR | stat.S_IWUSR)
    second.write_bytes(second.read_bytes() + b" ")
    (case / "originals" / ("f" * 64)).write_text("extra", encoding="utf-8")
    (case / "originals" / "readme.txt").write_text("extra", encoding="utf-8")
    named = {p["path"].removeprefix("originals/"): p["what"] for p in problems(command, case)}
    assert named == {
        first.name: "removed", second.name: "changed", "f" * 64: "added", "readme.txt": "added",
    }  # fmt: skip
    for verb in READING:
        command(verb[0], case, *verb[1:])
    command.refused("export", case, tmp_path / "p.zip")
    assert not list(tmp_path.glob("*p.zip*"))


# Packs


@pytest.fixture
def pack(whole_case: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(whole_case.parent / "one.zip", tmp_path / "p.zip"))


def test_what_is_no_pack_is_refused(command: Command, tmp_path: Path) -> None:
    (tmp_path / "empty.zip").write_bytes(b"PK\5\6" + bytes(18))
    (tmp_path / "none.zip").write_bytes(b"")
    (tmp_path / "text.zip").write_text("no zip", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    for name in ("nowhere.zip", "empty.zip", "none.zip", "text.zip", "folder", "text.zip/x"):
        error = command("verify", tmp_path / name, code=REFUSED)["error"]
        assert error["kind"] == "bad_input"


def _member(name: str, data: bytes = b"x", mode: int = 0o100644) -> Callable[[Path], None]:
    def add(pack: Path) -> None:
        with zipfile.ZipFile(pack, "a", zipfile.ZIP_DEFLATED) as archive:
            top = archive.namelist()[0].split("/")[0]
            info = zipfile.ZipInfo(name.replace("TOP", top))
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)

    return add


def _cut_pack(pack: Path) -> None:
    pack.write_bytes(pack.read_bytes()[:-1000])


def _flip(pack: Path) -> None:
    data = bytearray(pack.read_bytes())
    data[len(data) // 2] ^= 1
    pack.write_bytes(data)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_member("TOP/data/added.txt"), "does not list this file"),
        (_member("TOP/../../escape.txt"), "leads out of the pack"),
        (_member("/etc/escape"), "absolute path"),
        (_member("other/file.txt"), "outside the pack's folder"),
        (_member("TOP/data/link", b"/etc/passwd", 0o120777), "A link"),
        (_member("TOP/data/bomb", bytes(80 << 20)), "zip bomb"),
        (_member("TOP/BAGIT.TXT"), "twice"),
        (_flip, ""),
    ],
)
def test_a_pack_that_was_altered_is_named_and_nothing_unpacked(
    command: Command, pack: Path, change: Callable[[Path], None], words: str
) -> None:
    change(pack)
    assert any(words in p["detail"] for p in problems(command, pack))
    assert sorted(p.name for p in pack.parent.iterdir()) == ["p.zip"]


def test_a_pack_that_was_cut_is_refused(command: Command, pack: Path) -> None:
    _cut_pack(pack)
    assert "p.zip" in command.refused("verify", pack)


def test_a_pack_with_another_head_is_named(command: Command, pack: Path, whole_case: Path) -> None:
    assert command("verify", pack, "--head", head_of(whole_case).upper())["ok"] is True
    assert problems(command, pack, "--head", "0" * 64)[0]["what"] == "ledger"
    assert "Unrecognized" in command.refused("verify", pack, "--hat", "x", code=USAGE)
