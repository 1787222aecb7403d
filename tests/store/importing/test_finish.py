"""The end of an import: prompts and records in order, whatever it met and wherever it was broken off."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.store.making import Item, answer, bring, but_for_charts, new_case, several
from workbench.core.errors import Cancelled
from workbench.core.model import Response
from workbench.core.surroundings import Conditions
from workbench.store import Case, Intake
from workbench.store.database import Store
from workbench.store.importing import finish, imports
from workbench.store.importing import write as import_writer


class Killed(BaseException):
    """What stands for a program's end."""


@pytest.fixture
def case(tmp_path: Path, conditions: Conditions) -> Iterator[Case]:
    with new_case(tmp_path, conditions) as made:
        yield made


def twice(count: int) -> list[Response]:
    """Two calls a prompt, one after all the others: every second text of them is the same; and some records again."""
    first = [answer(f"Answer {n}.", f"Question {n}?", index=n, record=f"a{n}") for n in range(count)]
    texts = [f"Answer {n}." if n % 2 else f"Otherwise {n}." for n in range(count)]
    second = [answer(text, f"Question {n}?", index=count + n, record=f"b{n}") for n, text in enumerate(texts)]
    return [*first, *second, *first[: count // 3]]


def begun(case: Case, folder: Path, items: list[Item], name: str = "twice.json") -> Intake:
    """An import of these items, all written, not ended; begun again it goes on."""
    file = folder / name
    if not file.exists():
        file.write_text(name)
    made = case.begin_import(case.take(file), "test", {})
    made.add(items[made.records :])
    return made


def rows(case: Case, query: str) -> int:
    """A count in the database."""
    return int(case._store.connection.execute(query).fetchone()[0])


@pytest.mark.parametrize("memory", [0, 250_000], ids=["forgetful", "mindful"])
def test_a_prompt_is_stored_once_however_little_is_remembered(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: int
) -> None:
    monkeypatch.setattr(import_writer, "_REMEMBERED", memory)
    monkeypatch.setattr("workbench.core.prepared_answers.BATCH_ROWS", 7)
    monkeypatch.setattr(finish, "STEP", 5)
    (counts,) = begun(case, tmp_path, twice(30)).finish(default_model="ada")
    assert (counts.accepted, counts.duplicate, counts.prompts) == (60, 10, 30)
    flags = {row["index"]: row["flags"] for row in case.normalised("ada")}
    assert {index for index, own in flags.items() if own} == {30 + n for n in range(30) if n % 2}
    assert rows(case, "SELECT count(*) FROM prompts") == 30
    assert rows(case, "SELECT count(*) FROM new_prompts") == 0
    (block,) = case.blocks(["ada"])
    assert all(len(own["ada"]) == 2 for own in block.answers)
    assert case.verify() == []


def test_two_open_imports_with_the_same_prompts(case: Case, tmp_path: Path) -> None:
    mine = [answer(f"Mine {n}.", f"Question {n}?", index=n) for n in range(9)]
    one, two = begun(case, tmp_path, mine, "one.json"), begun(case, tmp_path, twice(12), "two.json")
    two.finish(default_model="ada")
    (counts,) = one.finish(default_model="ada")
    assert (counts.accepted, counts.duplicate, counts.prompts) == (9, 0, 12)
    assert rows(case, "SELECT count(*) FROM prompts") == 12
    assert case.verify() == []


@contextmanager
def broken_off(monkeypatch: pytest.MonkeyPatch, after: int) -> Iterator[list[int]]:
    """The program ends at a transaction; the list that is given counts them."""
    done: list[int] = []
    whole = Store.transaction

    @contextmanager
    def counted(self: Store) -> Iterator[object]:
        if len(done) == after:
            raise Killed
        done.append(1)
        with whole(self) as connection:
            yield connection

    with monkeypatch.context() as patch:
        patch.setattr(Store, "transaction", counted)
        yield done


def _material(case: Case, folder: Path) -> Intake:
    bring(case, folder, several(8), "earlier.json")
    return begun(case, folder, [*twice(20), *several(10)])


def test_an_end_that_was_broken_off_is_made_again_or_discarded(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_writer, "_REMEMBERED", 0)
    monkeypatch.setattr("workbench.core.prepared_answers.BATCH_ROWS", 7)
    monkeypatch.setattr(finish, "STEP", 6)
    (tmp_path / "whole").mkdir()
    with new_case(tmp_path / "whole", conditions) as case:
        made = _material(case, tmp_path / "whole")
        with broken_off(monkeypatch, -1) as transactions:
            (wanted,) = made.finish(default_model="ada")
        clean = list(case.normalised("ada"))
    assert len(transactions) > 20
    for number in range(len(transactions)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with new_case(folder, conditions) as case:
            made = _material(case, folder)
            with broken_off(monkeypatch, number), pytest.raises(Killed):
                made.finish(default_model="ada")
        with Case.open(folder / "a.case", conditions=conditions, writing=True) as case:
            assert case.verify() == []
            if number % 2:
                case.discard_import(case.open_imports()[0].id)
                assert [rows(case, f"SELECT count(*) FROM {t}") for t in ("answers", "records", "prompts")] == [8] * 3
                assert rows(case, "SELECT count(*) FROM known_prompts") == 8
            again = begun(case, folder, [*twice(20), *several(10)])
            assert again.records == 56
            (found,) = again.finish(default_model="ada")
            assert (found.accepted, found.duplicate) == (wanted.accepted, wanted.duplicate)
            assert found.corpus.sha256 == wanted.corpus.sha256
            assert list(case.normalised("ada")) == clean
            assert case.verify() == []


def test_the_end_of_an_import_can_be_cancelled(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finish, "STEP", 5)
    told: list[float] = []

    def until(fraction: float, note: str = "") -> None:
        told.append(fraction)
        if fraction > 0.6:
            raise Cancelled

    made = begun(case, tmp_path, twice(30))
    with pytest.raises(Cancelled):
        made.finish(default_model="ada", progress=until)
    assert told == sorted(told)
    made.discard()
    assert rows(case, "SELECT count(*) FROM answers") == 0
    assert case.verify() == []


def test_one_long_sort_can_be_cancelled(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finish, "ASKED", 50)
    made = begun(case, tmp_path, twice(30))

    def stop(fraction: float, note: str = "") -> None:
        if note == "sorting":
            raise Cancelled

    with pytest.raises(Cancelled):
        made.finish(default_model="ada", progress=stop)
    made.discard()
    assert rows(case, "SELECT count(*) FROM answers") == 0
    assert case.verify() == []


def test_the_work_at_the_end_grows_with_the_records_and_no_faster(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "MOST", 0)
    monkeypatch.setattr(finish, "ASKED", 100)
    monkeypatch.setattr("workbench.core.prepared_answers.BATCH_ROWS", 5)
    steps = []
    for count in (500, 2_000):
        told: list[str] = []
        (tmp_path / str(count)).mkdir()
        with new_case(tmp_path / str(count), conditions) as case:
            made = begun(case, tmp_path / str(count), several(count))
            made.finish(default_model="ada", progress=lambda fraction, note="", told=told: told.append(note))
        steps.append(told.count("sorting"))
    # Four times the records in four times the batches: held against each other they would be sixteen times the work.
    assert 2 < steps[1] / steps[0] < 8


@pytest.mark.parametrize("items", [several(30), twice(30), [*several(20), *several(5)]])
def test_at_once_and_step_by_step_give_the_same(
    items: list[Item], tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for most in (finish.MOST, 0):
        monkeypatch.setattr(finish, "MOST", most)
        folder = tmp_path / str(most)
        folder.mkdir()
        with new_case(folder, conditions) as case:
            (counts,) = begun(case, folder, items).finish(default_model="ada")
            bring(case, folder, several(8), "other.json")
            assert case.verify() == []
            connection = case._store.connection
            names = ("records", "known_prompts", "new_prompts", "prompts")
            tables = [connection.execute(f"SELECT * FROM {name}").fetchall() for name in names]
            lines = [(line.action, line.before, line.after) for line in case.ledger()]
            found.append((counts, list(case.normalised("ada")), tables, lines))
    assert found[0] == found[1]


def test_what_several_stopped_imports_left_is_swept_whichever_knew_its_prompts(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(case, tmp_path, several(8), "earlier.json")
    again = [item._replace(record_id="again") for item in several(8)]
    with monkeypatch.context() as patched:
        patched.setattr(imports, "sweep", lambda *given: None)
        for name, items in (("known.json", again), ("new.json", several(30, start=100))):
            begun(case, tmp_path, items, name).discard()
    assert case._store.connection.execute("SELECT count(*) FROM new_prompts").fetchone() == (1,)
    imports.sweep(case._store)
    for table, left in (("new_prompts", 0), ("prompts", 8), ("answers", 8), ("parts", 1)):
        assert rows(case, f"SELECT count(*) FROM {table}") == left
    assert case.verify() == []


def test_an_end_at_once_that_was_broken_off_changes_nothing(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with new_case(tmp_path, conditions) as case:
        made = begun(case, tmp_path, several(10))
        with broken_off(monkeypatch, 0), pytest.raises(Killed):
            made.finish(default_model="ada")
    with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
        assert rows(case, "SELECT count(*) FROM records") == rows(case, "SELECT count(*) FROM known_prompts") == 0
        again = begun(case, tmp_path, several(10))
        assert again.records == 10
        assert again.finish(default_model="ada")[0].accepted == 10
        assert case.verify() == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM records WHERE answer = 3", "does not hold answer 3"),
        ("UPDATE records SET answer = 999 WHERE answer = 3", "does not hold answer 3"),
        ("INSERT INTO records SELECT part, randomblob(32), answer FROM records LIMIT 1", "and 9 records"),
        ("DELETE FROM known_prompts WHERE prompt = 2", "does not hold prompt 2"),
    ],
)
def test_tables_of_digests_that_were_changed_are_named(case: Case, tmp_path: Path, statement: str, words: str) -> None:
    bring(case, tmp_path, several(8))
    assert case.verify() == []
    case._store.connection.execute(statement)
    assert any(words in problem.detail for problem in case.verify())


def test_a_case_of_the_second_schema_with_an_open_import(tmp_path: Path, conditions: Conditions) -> None:
    with zipfile.ZipFile(Path(__file__).parents[1].joinpath("schema_2.zip")) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "a.case"
    (folder / "originals" / ".incoming").mkdir(parents=True, exist_ok=True)
    before = (folder / "case.db").read_bytes()
    with Case.open(folder, conditions=conditions) as case:
        assert case.facts.schema == 2
        assert but_for_charts(case.verify()) == []
        corpora, normalised = case.corpora(), [list(case.normalised(c.name)) for c in case.corpora()]
    assert (folder / "case.db").read_bytes() == before
    with Case.open(folder, conditions=conditions, writing=True) as case:
        assert case.facts.schema == 4
        assert (case.corpora(), [list(case.normalised(c.name)) for c in corpora]) == (corpora, normalised)
        assert but_for_charts(case.verify()) == []
        (waiting,) = case.open_imports()
        made = case.begin_import(waiting.source, waiting.importer, waiting.options)
        made.add([answer("Twice.", "A new question?", index=5, model="eve"), *several(2, "eve", 2)])
        (counts,) = made.finish(default_model="eve")
        # Four of five were taken by the old program, which counted the fifth as a duplicate at once.
        assert (counts.records, counts.accepted, counts.duplicate) == (8, 5, 3)
        assert but_for_charts(case.verify()) == []
