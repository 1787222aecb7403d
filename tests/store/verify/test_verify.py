"""Verification: whatever is changed behind the workbench's back is named."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from tests.store.making import bring, new_case, record, sealed_pack, several
from workbench.core.errors import CaseError
from workbench.core.model import Rejected, Role
from workbench.core.surroundings import Conditions, of_this_machine
from workbench.store import Case, Problem, verify_case


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed case in which something of everything has happened."""
    tmp_path = tmp_path_factory.mktemp("made")
    with new_case(tmp_path, of_this_machine("A. Examiner")) as case:
        bring(case, tmp_path, [*several(4), *several(3, "bob"), Rejected("bad", 9, 0, 1)], "one.json")
        waiting = [r._replace(prompt=None, prompt_key=f"k{r.number}") for r in several(3, "cy")]
        bring(case, tmp_path, waiting, "two.json")
        (tmp_path / "prompts.json").write_text("prompts", encoding="utf-8")
        case.add_prompts(case.take(tmp_path / "prompts.json"), "cy", [("k0", "Question 0?"), ("k1", "New?")])
        case.set_corpus("bob", role=Role.SUSPECT, reason="so it is")
        record(case, 1)
        record(case, 2)
        case.withdraw(1, "wrong")
        case.finish_export(sealed_pack(case, {"a": 1}).number, "c" * 64)
        (tmp_path / "three.json").write_text("three", encoding="utf-8")
        open_import = case.begin_import(case.take(tmp_path / "three.json"), "test", {})
        open_import.add(several(2, "dee"))
        discarded = case.begin_import(case.take(tmp_path / "one.json"), "test", {"x": 1})
        discarded.discard()
    assert verify_case(tmp_path / "a.case") == []
    return tmp_path / "a.case"


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of that case to tamper with."""
    return Path(shutil.copytree(made, tmp_path / "a.case"))


def behind(folder: Path, *statements: str) -> None:
    """Change the database as somebody would who knows SQL; the guards are put back afterwards."""
    database = sqlite3.connect(folder / "case.db")
    guards = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        database.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        assert database.execute(statement).rowcount != 0, statement
    for _, sql in guards:
        database.execute(sql)
    database.commit()
    database.close()


TAMPERINGS = {
    "an answer's text": "UPDATE answers SET text = 'Mine.' WHERE id = 2",
    "an answer's prompt": "UPDATE answers SET prompt = 1 WHERE id = 3",
    "an answer's sample": "UPDATE answers SET sample = '5' WHERE id = 3",
    "an answer's place": "UPDATE answers SET place = 7 WHERE id = 2",
    "an answer's offset": "UPDATE answers SET offset = -99999 WHERE id = 2",
    "an answer's length": "UPDATE answers SET length = 7 WHERE id = 2",
    "an answer's member": "UPDATE answers SET member = 'x' WHERE id = 2",
    "an answer's time": "UPDATE answers SET time = '2020-01-01T00:00:00Z' WHERE id = 2",
    "an answer's flags": "UPDATE answers SET flags = 'truncated' WHERE id = 2",
    "what stands beside an answer": "UPDATE answers SET extra = '{}' WHERE id = 2",
    "the places of two answers": "UPDATE answers SET (place, offset, length) = (SELECT b.place, b.offset, b.length "
    "FROM answers b WHERE b.id = 3 - answers.id) WHERE id IN (1, 2)",
    "an answer is gone": "DELETE FROM answers WHERE id = 2",
    "an answer is added": "INSERT INTO answers SELECT 99, part, prompt, zeroblob(32), sha256, place, offset, length, "
    "member, prompt_key, record_id, sample, time, flags, text, extra FROM answers WHERE id = 1",
    "a prompt": "UPDATE prompts SET text = 'Mine?' WHERE id = 1",
    "a prompt and its form": "UPDATE prompts SET text = 'Mine?', form = 'other' WHERE id = 1",
    "a joined prompt": "UPDATE joined SET prompt = 3",
    "a join's count": "UPDATE joins SET answers = 3",
    "a join is gone": "DELETE FROM joins",
    "a rejection's reason": "UPDATE rejections SET reason = 'none'",
    "a rejection's place": "UPDATE rejections SET place = 7",
    "a rejection's offset": "UPDATE rejections SET offset = 7",
    "a rejection's length": "UPDATE rejections SET length = 7",
    "a rejection's member": "UPDATE rejections SET member = 'x'",
    "a rejection's model": "UPDATE rejections SET model = 'x'",
    "a rejection is gone": "DELETE FROM rejections",
    "a corpus's role": "UPDATE corpora SET role = 'control' WHERE name = 'bob'",
    "a corpus's facts": "UPDATE corpora SET facts = '{\"developer\":\"X\"}' WHERE name = 'ada'",
    "a corpus's facts are no JSON": "UPDATE corpora SET facts = 'x' WHERE name = 'ada'",
    "a corpus's digest": "UPDATE corpora SET sha256 = 'x' WHERE name = 'ada'",
    "a corpus's name": "UPDATE corpora SET name = 'eve' WHERE name = 'ada'",
    "an import's counts": "UPDATE parts SET duplicate = 7 WHERE id = 1",
    "an import's importer": "UPDATE imports SET importer = 'other' WHERE id = 1",
    "an import is open again": "UPDATE imports SET state = 'open', line = NULL WHERE id = 1",
    "an import names another line": "UPDATE imports SET line = 1 WHERE id = 1",
    "a discarded import is gone": "DELETE FROM imports WHERE state = 'discarded'",
    "a finding's JSON": "UPDATE findings SET json = replace(json, 'thin', 'fine') WHERE number = 2",
    "a finding's sentences": "UPDATE findings SET narrative = replace(narrative, 'closer', 'far') WHERE number = 2",
    "a finding's chart": "UPDATE findings SET svg = (SELECT data FROM tables LIMIT 1) WHERE number = 2",
    "a finding is gone": "DELETE FROM findings WHERE number = 2",
    "a table": "UPDATE tables SET data = x'00' WHERE rowid = 1",
    "a table's name": "UPDATE finding_tables SET name = 'other' WHERE name = 'same'",
    "a withdrawal is gone": "DELETE FROM withdrawals",
    "a withdrawal's reason": "UPDATE withdrawals SET reason = 'typo'",
    "a pack's choices": "UPDATE exports SET choices = '{}'",
    "a pack's digest": "UPDATE exports_done SET sha256 = 'x'",
    "a pack is gone": "DELETE FROM exports",
    "the title": "UPDATE cases SET title = 'Another'",
    "a source is gone": "DELETE FROM sources WHERE name = 'one.json'",
    "a source's name": "UPDATE sources SET name = 'other' WHERE name = 'one.json'",
    "a ledger line's words": "UPDATE ledger SET line = replace(line, 'so it is', 'so it was')",
    "a ledger line is gone": "DELETE FROM ledger WHERE sequence = 3",
    "the ledger's end is gone": "DELETE FROM ledger WHERE sequence > 5",
    "a ledger row's hash": "UPDATE ledger SET hash = 'x' WHERE sequence = 2",
    "a table is added": "CREATE TABLE extra (a)",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_a_change_behind_the_back_is_found(folder: Path, statement: str) -> None:
    behind(folder, statement)
    assert verify_case(folder)


def test_a_missing_guard_is_found(folder: Path) -> None:
    database = sqlite3.connect(folder / "case.db")
    database.execute("DROP TRIGGER ledger_no_update")
    database.commit()
    database.close()
    (problem,) = verify_case(folder)
    assert (problem.what, "ledger_no_update" in problem.detail) == ("database", True)


def _chain(folder: Path) -> list[str]:
    return (folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)


def test_altered_removed_and_cut_lines_are_told_apart(folder: Path) -> None:
    head = json.loads(_chain(folder)[-1])["hash"]
    assert verify_case(folder, head=head) == []
    behind(folder, "UPDATE ledger SET line = replace(line, 'so it is', 'so it was') WHERE line LIKE '%so it is%'")
    first = next(p.detail for p in verify_case(folder) if p.path == "ledger")
    assert first.startswith("Line 5 of the ledger was altered")
    behind(folder, "DELETE FROM ledger WHERE sequence = 5")
    found = [p.detail for p in verify_case(folder) if p.path == "ledger"]
    assert "Where line 5 of the ledger should stand, there is line 6." in found


def test_a_cut_end_is_found_with_a_head(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(2))
        head = sealed_pack(case, {}).head
    folder = tmp_path / "a.case"
    behind(folder, "DELETE FROM exports", "DELETE FROM ledger WHERE sequence = 3")
    mirror = folder / "ledger.jsonl"
    mirror.write_text("".join(_chain(folder)[:2]), encoding="utf-8", newline="\n")
    # A keeper who cuts cleanly leaves nothing to see, but for the head that a pack holds.
    assert verify_case(folder) == []
    (problem,) = verify_case(folder, head=head)
    assert (problem.what, "end was cut" in problem.detail) == ("ledger", True)
    assert verify_case(folder, head="nonsense")


def _mirror_tampering(change: Callable[[list[str]], list[str]]) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        lines = "".join(change(_chain(folder)))
        (folder / "ledger.jsonl").write_text(lines, encoding="utf-8", newline="\n")

    return tamper


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda lines: lines[:-1], None),
        (lambda lines: [*lines[:-1], lines[-1][:30]], None),
        (lambda lines: lines[:-2], "changed"),
        (lambda lines: [*lines, lines[-1]], "ledger"),
        (lambda lines: [*lines[:2], lines[2].replace("A. Examiner", "B. Examiner"), *lines[3:]], "changed"),
        (lambda lines: [*lines[:2], *lines[3:]], "changed"),
        (lambda lines: [], "changed"),
    ],
    ids=["lags by one", "half a line", "lags by two", "one more", "altered", "removed", "empty"],
)
def test_the_mirror(folder: Path, change: Callable[[list[str]], list[str]], what: str | None) -> None:
    _mirror_tampering(change)(folder)
    assert [p.what for p in verify_case(folder)] == ([what] if what else [])


def test_a_missing_mirror_is_found(folder: Path) -> None:
    (folder / "ledger.jsonl").unlink()
    assert [(p.path, p.what) for p in verify_case(folder)] == [("ledger.jsonl", "removed")]


def test_originals(folder: Path) -> None:
    first, second, *_ = sorted(p for p in (folder / "originals").iterdir() if p.is_file())
    first.chmod(0o644)
    first.write_bytes(first.read_bytes()[:-1] + b"!")
    second.unlink()
    (folder / "originals" / "extra").write_text("x", encoding="utf-8")
    found = {(p.path, p.what) for p in verify_case(folder)}
    assert found == {
        (f"originals/{first.name}", "changed"),
        (f"originals/{second.name}", "removed"),
        ("originals/extra", "added"),
    }


@pytest.mark.parametrize("where", [0, 100, 16384, 16384 * 2 - 80, 16384 * 3 - 80])
def test_a_damaged_database_is_a_problem_and_no_traceback(folder: Path, where: int) -> None:
    data = bytearray((folder / "case.db").read_bytes())
    data[where : where + 60] = b"\xff" * 60
    (folder / "case.db").write_bytes(data)
    assert verify_case(folder)


def test_a_database_that_is_none_or_gone(folder: Path) -> None:
    (folder / "case.db").write_bytes(b"no database" * 500)
    assert [(p.path, p.what) for p in verify_case(folder)] == [("case.db", "database")]
    (folder / "case.db").write_bytes((folder / "ledger.jsonl").read_bytes()[:10])
    assert [(p.path, p.what) for p in verify_case(folder)] == [("case.db", "database")]
    (folder / "case.db").unlink()
    assert [(p.path, p.what) for p in verify_case(folder)] == [("case.db", "removed")]


def test_where_there_is_no_case(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no case"):
        verify_case(tmp_path / "a.case")


def test_many_problems_are_counted(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(300))
    behind(tmp_path / "a.case", "UPDATE answers SET text = text || '!'")
    found = verify_case(tmp_path / "a.case")
    assert len(found) == 201
    assert found[-1] == Problem("case.db", "changed", "... and 100 more of this kind.")


def test_progress_goes_from_nought_to_one(folder: Path) -> None:
    seen: list[float] = []

    def progress(fraction: float, note: str = "") -> None:
        seen.append(fraction)

    verify_case(folder, progress=progress)
    assert seen == sorted(seen)
    assert (seen[0] >= 0, seen[-1]) == (True, 1.0)


@pytest.mark.parametrize("table", ["ledger", "findings", "exports", "withdrawals", "tables", "cases", "imports"])
def test_guards_stop_update_delete_and_replace(folder: Path, table: str) -> None:
    database = sqlite3.connect(folder / "case.db")
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    done = " WHERE state = 'done'" if table == "imports" else ""
    for statement in (
        f"UPDATE {table} SET {columns[1]} = {columns[1]}{done}",
        f"DELETE FROM {table}",
        f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="nothing is changed or erased"):
            database.execute(statement)
    database.close()


def test_the_ledger_takes_only_the_next_line(folder: Path) -> None:
    database = sqlite3.connect(folder / "case.db")
    with pytest.raises(sqlite3.IntegrityError):
        database.execute("INSERT INTO ledger VALUES (99, 'a', 'b', 'c')")
    database.close()


def test_answers_of_a_finished_import_are_guarded(folder: Path) -> None:
    database = sqlite3.connect(folder / "case.db")
    for statement in ("DELETE FROM answers WHERE id = 1", "UPDATE answers SET text = '' WHERE id = 1"):
        with pytest.raises(sqlite3.IntegrityError, match="nothing is changed or erased"):
            database.execute(statement)
    database.close()


def test_rejected_records_of_a_finished_import_are_guarded(folder: Path) -> None:
    database = sqlite3.connect(folder / "case.db")
    for statement in (
        "DELETE FROM rejections",
        "UPDATE rejections SET reason = ''",
        "UPDATE rejections SET offset = 7",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="rejections: nothing is changed or erased"):
            database.execute(statement)
    database.close()


@pytest.mark.parametrize("discarded", [False, True])
def test_rejected_records_of_an_open_import_go_on_with_it(
    tmp_path: Path, conditions: Conditions, discarded: bool
) -> None:
    items = [Rejected("bad", n, n * 10, 5) for n in range(6)]
    (tmp_path / "a.json").write_text("a", encoding="utf-8")
    with new_case(tmp_path, conditions) as case:
        case.begin_import(case.take(tmp_path / "a.json"), "test", {}).add([*several(2), *items[2:4]])
    with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
        again = case.begin_import(case.sources()[0], "test", {})
        assert again.records == 4
        if discarded:
            again.discard()
        else:
            again.add(items[4:])
            again.finish(default_model="ada", role=None, facts=None)
        assert [row.index for row in case.rejections(again.id)] == ([] if discarded else [2, 3, 4, 5])
        assert case.verify() == []
    database = sqlite3.connect(tmp_path / "a.case" / "case.db")
    assert database.execute("SELECT count(*) FROM rejections").fetchone()[0] == (0 if discarded else 4)
    database.close()


def test_no_line_of_a_long_ledger_is_written_again_in_the_slow_way(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each line took two canonical forms by `rfc8785`, 400 µs each: most of what `verify` took with 10,000 lines."""
    written = 0
    slow = rfc8785.dumps

    def counted(value: Any) -> bytes:
        nonlocal written
        written += 1
        return slow(value)

    def work() -> int:
        nonlocal written
        written = 0
        assert verify_case(folder) == []
        return written

    monkeypatch.setattr(rfc8785, "dumps", counted)
    before = work()
    with Case.open(folder, conditions=of_this_machine("A. Examiner"), writing=True) as case:
        for number in range(20):
            case.set_corpus("bob", note=f"note {number}", reason="once more")
    assert work() == before


def test_a_mirror_that_is_a_hole_of_terabytes_is_not_read_to_its_end(folder: Path) -> None:
    with (folder / "ledger.jsonl").open("r+b") as mirror:
        mirror.truncate(1 << 40)
    (problem,) = verify_case(folder)
    assert "at least" in problem.detail
