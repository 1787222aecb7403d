"""Examinations as rows: resumed after a kill, sealed by one line, found out when somebody changes them."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from tests.store.making import answer, bring, but_for_charts, new_case, several
from tests.store.verify.test_verify import behind
from workbench.app.examination import run as examination_run
from workbench.app.examination.run import CHUNK, examine, is_current
from workbench.core.errors import Cancelled
from workbench.core.progress import silent
from workbench.core.surroundings import Conditions
from workbench.store import Case
from workbench.store import case as store_case
from workbench.store.disk_state import Place
from workbench.store.examination.read import on_prompts

KEY = "sk-proj-" + "7Zk29dkLqPw83nsUeXo72KdmQnVb48sTyA"


def seen(folder: Path) -> list[tuple[object, ...]]:
    """All that was seen of answers, with nothing that depends on how often it was begun."""
    database = sqlite3.connect(folder / "case.db")
    rows = database.execute(
        "SELECT answer, part, language, sure, marks, control, bidi, zero_width, hex(bands) FROM examined "
        "ORDER BY answer"
    ).fetchall()
    database.close()
    return rows


def filled(folder: Path, conditions: Conditions, count: int = 3 * CHUNK) -> Case:
    case = new_case(folder, conditions)
    bring(case, folder, several(count), "a.json")
    more = [answer(f"Use {KEY} now.", "Which key?", index=0, model="bob"), *several(20, "bob", 1)]
    bring(case, folder, more, "b.json")
    return case


def test_a_second_examination_finds_nothing_new(tmp_path: Path, conditions: Conditions) -> None:
    with filled(tmp_path, conditions) as case:
        first = examine(case, 1, silent)
        lines = len(list(case.ledger()))
        second = examine(case, 1, silent)
        assert (first.new, second.new) == (True, False)
        assert first.counts == second.counts
        assert len(list(case.ledger())) == lines
        assert first.counts["totals"]["answers"] == 3 * CHUNK + 21
        assert first.counts["totals"]["secret"] == 1
        assert case.verify() == []


@pytest.mark.parametrize("stop", [2, 4, 6, 8, 9])
def test_broken_off_anywhere_it_goes_on_to_the_same_end(tmp_path: Path, conditions: Conditions, stop: int) -> None:
    with filled(tmp_path, conditions) as case:
        shutil.copytree(tmp_path / "a.case", tmp_path / "b.case")
        whole = examine(case, 1, silent)
    calls = 0

    def breaking(fraction: float, note: str = "") -> None:
        nonlocal calls
        calls += 1
        if calls == stop:
            raise Cancelled

    with Case.open(tmp_path / "b.case", conditions=conditions, writing=True) as case:
        with pytest.raises(Cancelled):
            examine(case, 1, breaking)
        assert case.examinations.last() is None
        assert case.verify() == []
    with Case.open(tmp_path / "b.case", conditions=conditions, writing=True) as case:
        again = examine(case, 1, silent)
        assert again.counts == whole.counts
        assert [line.action for line in case.ledger()].count("case examined") == 1
        assert case.verify() == []
    assert seen(tmp_path / "b.case") == seen(tmp_path / "a.case")


def sealed(case: Case) -> tuple[object, ...]:
    """What the ledger says of the last examination, without when it was."""
    line = [line for line in case.ledger() if line.action == "case examined"][-1]
    return line.options["seen"], line.options["alike"], line.options["redactions"], line.options["counts"]


@pytest.mark.parametrize(("workers", "chunk", "network"), [(2, CHUNK, False), (1, 7, False), (2, 60, True)])
def test_neither_workers_nor_chunks_nor_the_disk_make_a_difference(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch, workers: int, chunk: int, network: bool
) -> None:
    with filled(tmp_path, conditions) as case:
        shutil.copytree(tmp_path / "a.case", tmp_path / "b %41 é.case")
        examine(case, 1, silent)
        whole, redactions = sealed(case), case.examinations.redactions()
    monkeypatch.setattr(examination_run, "CHUNK", chunk)
    monkeypatch.setattr(examination_run, "_SMALL", 0)
    monkeypatch.setattr(store_case, "place_of", lambda folder: Place(network=network))
    with Case.open(tmp_path / "b %41 é.case", conditions=conditions, writing=True) as case:
        database = sqlite3.connect(tmp_path / "b %41 é.case" / "case.db")
        assert database.execute("PRAGMA journal_mode").fetchone() == ("delete" if network else "wal",)
        database.close()
        examine(case, workers, silent)
        assert sealed(case) == whole
        assert case.examinations.redactions() == redactions
        assert case.verify() == []
    # Nobody holds it any longer: the journal of an open case was put away.
    assert not list((tmp_path / "b %41 é.case").glob("case.db-*"))


def test_the_answers_of_many_corpora_of_one_file_come_in_few_stretches(tmp_path: Path, conditions: Conditions) -> None:
    mixed = [answer(f"Answer {n} of {m}.", f"Why {n}?", index=n, model=f"m{m}") for n in range(300) for m in range(9)]
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, mixed, "a.json")
        stretches = list(case.examinations.begin({}).stretches(100))
        assert len(stretches) == 9 * 3
        unseen = case.examinations.begin({}).unseen()
        pages = [page for stretch in stretches for page in unseen.answers(stretch)]
    assert max(map(len, pages)) <= 110
    assert sorted(row.id for page in pages for row in page) == list(range(1, 9 * 300 + 1))


def test_what_comes_later_is_examined_alone(tmp_path: Path, conditions: Conditions) -> None:
    with filled(tmp_path, conditions) as case:
        examine(case, 1, silent)
        before = seen(tmp_path / "a.case")
        text = "Keyed {} is a long answer here."
        keyed = [answer(text.format(n), None, index=n, model="cy", key=f"k{n}") for n in range(4)]
        bring(case, tmp_path, keyed, "c.json")
        last = examine(case, 1, silent)
        assert seen(tmp_path / "a.case")[: len(before)] == before
        assert last.counts["corpora"]["cy"]["answers"] == 4
        path = tmp_path / "q.jsonl"
        path.write_text("later", encoding="utf-8")
        pairs = [(f"k{n}", f"Say “Keyed {n} is a long answer here.” and this: {KEY}") for n in range(3)]
        case.add_prompts(case.take(path), "cy", pairs)
        assert not is_current(case)
        joined = examine(case, 1, silent)
        assert {r.field for r in case.examinations.redactions()} == {"answer", "prompt", "source"}
        assert joined.counts["corpora"]["cy"]["sha256"] != last.counts["corpora"]["cy"]["sha256"]
        assert case.verify() == []


def test_other_rules_look_at_everything_anew(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled(tmp_path, conditions) as case:
        first = examine(case, 1, silent)
        found = case.examinations.redactions()
        old = examination_run.rules()
        monkeypatch.setattr(examination_run, "rules", lambda: old | {"inspection": "another"})
        second = examine(case, 1, silent)
        assert (second.new, second.counts) == (True, first.counts)
        assert (first.outdated, second.outdated) == ("", first.ended)
        assert examine(case, 1, silent).outdated == ""
        assert case.examinations.redactions() == found
        assert case.examinations.redactions(first.line) == found
        assert case.verify() == []
    assert len(seen(tmp_path / "a.case")) == first.counts["totals"]["answers"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE examined SET marks = 0 WHERE marks <> 0",
        "UPDATE examined SET language = 'xx' WHERE answer = 3",
        "DELETE FROM examined WHERE answer = 3",
        "DELETE FROM secrets",
        "UPDATE secrets SET length = length - 1",
        "UPDATE examinations SET counts = replace(counts, '\"refused\":0', '\"refused\":9')",
        "UPDATE examinations SET rules = '{}'",
        "UPDATE examinations SET line = 1",
    ],
)
def test_a_change_behind_the_back_is_found(tmp_path: Path, conditions: Conditions, statement: str) -> None:
    with filled(tmp_path, conditions, 30) as case:
        examine(case, 1, silent)
        assert case.verify() == []
    behind(tmp_path / "a.case", statement)
    with Case.open(tmp_path / "a.case", conditions=conditions) as case:
        assert case.verify() != []


# A case of the first schema


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A case that the first released schema wrote: two corpora, a join, two findings, a pack."""
    with zipfile.ZipFile(Path(__file__).parents[1].joinpath("schema_1.zip")) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "a.case" / "originals" / ".incoming").mkdir(parents=True, exist_ok=True)
    return tmp_path / "a.case"


def test_the_index_says_how_far_it_is_in_large_numbers(tmp_path: Path, conditions: Conditions) -> None:
    said = list[str]()
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(1200))
        case.words.build(lambda fraction, words: said.append(words))
    assert said[-1] == "indexing words: 1,200 answers"


def test_an_old_case_is_read_and_stays_as_it_is(old: Path, conditions: Conditions) -> None:
    before = (old / "case.db").read_bytes()
    with Case.open(old, conditions=conditions) as case:
        assert case.facts.schema == 1
        assert but_for_charts(case.verify()) == []
        assert [(row.corpus.name, row.accepted, row.unjoined) for row in case.catalogue()] == [
            ("ada", 8, 1),
            ("bob", 4, 0),
        ]
        assert len(list(case.normalised("ada"))) == 8
        assert [f.withdrawn for f in case.findings()] == ["r", ""]
        assert case.examinations.last() is None
        assert case.examinations.redactions() == []
        assert case.examinations.withheld() == {}
        assert case.words.missing() == 12
        assert case.words.answer(1).corpus == "ada"
        assert not is_current(case)
    assert (old / "case.db").read_bytes() == before
    assert not list(old.parent.glob("*.db"))


def test_an_old_case_is_migrated_when_it_is_written(old: Path, conditions: Conditions) -> None:
    with Case.open(old, conditions=conditions) as case:
        corpora, findings = case.corpora(), [f.sha256 for f in case.findings()]
        normalised = [list(case.normalised(c.name)) for c in corpora]
    with Case.open(old, conditions=conditions, writing=True) as case:
        assert case.facts.schema == 4
        for number, line in enumerate(list(case.ledger())[-3:], 1):
            assert (line.action, line.options["from"], line.options["to"]) == ("case migrated", number, number + 1)
        assert (case.corpora(), [f.sha256 for f in case.findings()]) == (corpora, findings)
        assert [list(case.normalised(c.name)) for c in corpora] == normalised
        assert but_for_charts(case.verify()) == []
        assert examine(case, 1, silent).counts["totals"]["answers"] == 12
        assert case.words.build() == 12
        assert but_for_charts(case.verify()) == []
    copy = sqlite3.connect(old.parent / "a.before-schema-4.db")
    assert copy.execute("PRAGMA user_version").fetchone() == (1,)
    assert copy.execute("SELECT count(*) FROM answers").fetchone() == (12,)
    copy.close()


def test_the_search_across_corpora_says_how_far_it_is(tmp_path: Path, conditions: Conditions) -> None:
    told: list[tuple[float, str]] = []
    with filled(tmp_path, conditions) as case:
        examine(case, 1, lambda fraction, note="": told.append((fraction, note)))
    across = [(fraction, note) for fraction, note in told if "across corpora" in note]
    assert len(across) > 1
    assert across[-1][1] == f"near duplicates across corpora: {3 * CHUNK + 21:,} of {3 * CHUNK + 21:,} answers"
    assert across[-1][0] == pytest.approx(0.97)


def steps_of_a_page(folder: Path, conditions: Conditions, count: int) -> int:
    """How many steps the database takes to find the answers to the second hundred prompts of twenty corpora."""
    with new_case(folder, conditions) as case:
        bring(case, folder, [row for at in range(20) for row in several(count, f"model {at}")], "a.json")
        examine(case, 1, silent)
    database = sqlite3.connect(folder / "a.case" / "case.db")
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    database.set_progress_handler(step, 1)
    page = on_prompts(database, 1, range(101, 201))
    database.close()
    assert len({row[0] for row in page}) == 100
    return steps


def test_the_answers_to_some_prompts_are_found_without_reading_all(tmp_path: Path, conditions: Conditions) -> None:
    few, many = tmp_path / "few", tmp_path / "many"
    few.mkdir()
    many.mkdir()
    assert steps_of_a_page(many, conditions, 1000) < 1.5 * steps_of_a_page(few, conditions, 200)
