"""Duplicates are listed, each with its place and its twin, and not only counted."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.store.importing.listed_duplicates import expected, listed
from tests.store.importing.test_finish import Killed, begun, broken_off, rows, twice
from tests.store.making import answer, bring, new_case, several
from tests.store.test_rescue import _file, _import, _read
from tests.store.verify.test_verify import behind
from workbench.core.errors import Cancelled, CaseError
from workbench.core.model import Response
from workbench.core.surroundings import Conditions
from workbench.store import Case, rescue, verify_case
from workbench.store.database import Store
from workbench.store.importing import finish, left_out_duplicates


@pytest.fixture
def case(tmp_path: Path, conditions: Conditions) -> Iterator[Case]:
    with new_case(tmp_path, conditions) as made:
        yield made


def drawn(seed: int, count: int) -> list[Response]:
    """Records drawn from few, so that many are met again, in any order."""
    chance = random.Random(seed)
    return [
        answer(
            f"Answer {chance.randrange(5)}.", f"Question {chance.randrange(9)}?", index=at, record=chance.choice("ab")
        )
        for at in range(count)
    ]


@pytest.mark.parametrize("step", [1, 7, 10_000])
def test_every_duplicate_of_several_files_is_listed_with_its_twin(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(finish, "STEP", step)
    monkeypatch.setattr("workbench.core.prepared_answers.BATCH_ROWS", 7)
    files = [(f"{seed}.json", drawn(seed, 150)) for seed in range(3)]
    counts = [bring(case, tmp_path, items, name)[0] for name, items in files]
    wanted = expected(files)
    assert listed(case) == wanted
    assert len(wanted) > 300
    for number, count in enumerate(counts, 1):
        own = [row for row in wanted if row[0] == number]
        assert listed(case, number) == own
        assert count.duplicate == len(own)
    for row in case.duplicates():
        assert (row.place.offset, row.place.length) == (row.place.index * 100, 90)
        twin = case.words.answer(row.answer)
        assert (twin.source.name, twin.offset) == (row.twin.source.name, row.twin.offset)
    keys = [row.key for row in case.duplicates()]
    assert [row.key for row in case.duplicates(after=keys[99])] == keys[100:]
    assert case.verify() == []


def test_several_corpora_of_one_file(case: Case, tmp_path: Path) -> None:
    items = [item._replace(model=name) for name in ("ada", None) for item in several(4)]
    bring(case, tmp_path, [*items, *several(2), *several(3, "bob"), *several(1, "bob")], default="ada")
    found = [(row.corpus, row.place.index, row.twin.index) for row in case.duplicates()]
    assert sorted(found) == [
        ("ada", 0, 0),
        ("ada", 0, 0),
        ("ada", 1, 1),
        ("ada", 1, 1),
        ("ada", 2, 2),
        ("ada", 3, 3),
        ("bob", 0, 0),
    ]
    line = list(case.ledger())[-1]
    assert [len(c["listed"]) for c in line.options["corpora"]] == [2, 1]
    assert case.verify() == []


def keyed(start: int, *, asked: bool) -> list[Response]:
    """Six records with their prompts, or known by their keys alone."""
    return [answer(f"Answer {n}.", f"Question {n}?" if asked else None, index=start + n, key=f"k{n}") for n in range(6)]


@pytest.mark.parametrize("asked", [True, False])
def test_a_record_that_lacks_its_prompt_has_the_one_with_it_as_its_twin(
    case: Case, tmp_path: Path, asked: bool
) -> None:
    bring(case, tmp_path, keyed(0, asked=asked), "one.json")
    bring(case, tmp_path, [*keyed(0, asked=not asked), *keyed(6, asked=asked), *keyed(12, asked=not asked)], "two.json")
    assert listed(case) == [(2, "two.json", n, "one.json", n % 6) for n in range(18)]
    assert case.verify() == []


@pytest.mark.parametrize("asked", [True, False])
def test_with_and_without_its_prompt_in_one_file(case: Case, tmp_path: Path, asked: bool) -> None:
    bring(case, tmp_path, [*keyed(0, asked=asked), *keyed(6, asked=not asked), *keyed(12, asked=asked)])
    kept = 0 if asked else 6
    wanted = [n for n in range(18) if n // 6 != kept // 6]
    assert [(place, twin) for _, _, place, _, twin in listed(case)] == [(n, kept + n % 6) for n in wanted]
    assert case.verify() == []


@pytest.mark.parametrize("seed", range(12))
def test_however_prompts_come_a_twin_is_an_answer_that_stayed(case: Case, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    files: dict[str, list[Response]] = {}
    for number in range(4):
        files[f"{number}.json"] = [
            answer(
                f"Answer {chance.randrange(2)}.",
                chance.choice([None, None, "Why?", "How?"]),
                index=at,
                key=chance.choice("kl"),
                sample=chance.choice([None, "1"]),
                model=chance.choice(["ada", None]),
            )
            for at in range(25)
        ]
        bring(case, tmp_path, files[f"{number}.json"], f"{number}.json", default="ada")
        if number == 1:
            path = tmp_path / "prompts"
            path.write_text("prompts")
            case.add_prompts(case.take(path), "ada", [("k", "Why?")])
    (corpus,) = case.catalogue()
    found = list(case.duplicates())
    assert len(found) == corpus.duplicate > 50
    left_out = {(row.place.source.name, row.place.index) for row in found}
    for row in found:
        own, twin = files[row.place.source.name][row.place.index], files[row.twin.source.name][row.twin.index]
        assert (own.text, own.prompt_key, own.sample) == (twin.text, twin.prompt_key, twin.sample)
        assert own.prompt == twin.prompt or None in (own.prompt, twin.prompt)
        assert (row.twin.source.name, row.twin.index) not in left_out
    assert case.verify() == []


def test_an_import_without_duplicates_says_nothing_new(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, several(4))
    assert list(case.duplicates()) == []
    assert "listed" not in list(case.ledger())[-1].options["corpora"][0]


def test_an_open_import_shows_nothing(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finish, "STEP", 4)

    def killed(fraction: float, note: str = "") -> None:
        if note == "duplicates":
            raise Killed

    made = begun(case, tmp_path, twice(30))
    with pytest.raises(Killed):
        made.finish(default_model="ada", progress=killed)
    assert rows(case, "SELECT count(*) FROM duplicates") == 4
    assert list(case.duplicates()) == []
    assert case.verify() == []


def _end(case: Case, folder: Path) -> Sequence[object]:
    made = begun(case, folder, [*drawn(4, 40), *several(6), *several(3)], "end.json")
    (counts,) = made.finish(default_model="ada")
    return [counts.accepted, counts.duplicate, counts.corpus.sha256, listed(case), list(case.normalised("ada"))]


def test_an_end_broken_off_anywhere_and_once_more_lists_the_same(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "STEP", 6)
    (tmp_path / "whole").mkdir()
    with new_case(tmp_path / "whole", conditions) as case:
        with broken_off(monkeypatch, -1) as transactions:
            wanted = _end(case, tmp_path / "whole")
        line = list(case.ledger())[-1].options["corpora"][0]
    for number in range(1, len(transactions)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with new_case(folder, conditions) as case, broken_off(monkeypatch, number), pytest.raises(Killed):
            _end(case, folder)
        # Nobody has set anything right yet.
        assert verify_case(folder / "a.case") == []
        with Case.open(folder / "a.case", conditions=conditions, writing=True) as case:
            for after in (1, number % 5 + 2):
                with broken_off(monkeypatch, after), pytest.raises(Killed):
                    _end(case, folder)
            assert _end(case, folder) == wanted
            assert list(case.ledger())[-1].options["corpora"][0] == line
            assert case.verify() == []


def test_an_end_that_only_had_to_be_sealed_is_not_made_at_once(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = begun(case, tmp_path, [*several(6), *several(3)])
    with monkeypatch.context() as patched:
        patched.setattr(finish, "_seal", lambda *given: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            made.finish(default_model="ada")
    finish.forget(case._store, 1)
    assert made.finish(default_model="ada")[0].duplicate == 3
    assert len(listed(case)) == 3
    assert case.verify() == []


def test_a_discard_broken_off_anywhere_leaves_nothing(
    tmp_path: Path, conditions: Conditions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "STEP", 4)
    monkeypatch.setattr("workbench.store.importing.imports.STEP", 4)
    for number in range(1, 30, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        with new_case(folder, conditions) as case:
            bring(case, folder, [*several(8), *several(2)], "earlier.json")
            made = begun(case, folder, [*twice(20), *several(6)])
            with broken_off(monkeypatch, 20), pytest.raises(Killed):
                made.finish(default_model="ada")
            assert rows(case, "SELECT count(*) FROM duplicates") > 2
            with broken_off(monkeypatch, number), pytest.raises(Killed):
                made.discard()
        assert verify_case(folder / "a.case") == []
        with Case.open(folder / "a.case", conditions=conditions, writing=True) as case:
            for waiting in case.open_imports():
                case.discard_import(waiting.id)
            assert [rows(case, f"SELECT count(*) FROM {t}") for t in ("duplicates", "answers", "records")] == [2, 8, 8]
            assert len(listed(case)) == 2
            assert case.verify() == []


def test_listing_can_be_cancelled(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finish, "STEP", 5)
    bring(case, tmp_path, several(40), "one.json")
    made = begun(case, tmp_path, several(40), "two.json")
    told: list[float] = []

    def until(fraction: float, note: str = "") -> None:
        told.append(fraction)
        if note == "duplicates":
            raise Cancelled

    with pytest.raises(Cancelled):
        made.finish(default_model="ada", progress=until)
    assert told == sorted(told)
    assert rows(case, "SELECT count(*) FROM duplicates") == 5
    made.discard()
    assert rows(case, "SELECT count(*) FROM duplicates") == 0
    assert case.verify() == []


def test_the_search_without_prompts_can_be_cancelled(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "ASKED", 20)
    bring(case, tmp_path, keyed(0, asked=True), "one.json")
    made = begun(case, tmp_path, keyed(0, asked=False), "two.json")
    searching: list[int] = []
    find = left_out_duplicates.find

    def watched(store: Store, part: int, before: Sequence[int]) -> None:
        searching.append(part)
        find(store, part, before)
        raise AssertionError("it was not stopped")

    def stop(fraction: float, note: str = "") -> None:
        if searching:
            raise Cancelled

    monkeypatch.setattr(left_out_duplicates, "find", watched)
    with pytest.raises(Cancelled):
        made.finish(default_model="ada", progress=stop)
    made.discard()
    assert case.verify() == []


TAMPERINGS = {
    "a place": ("UPDATE duplicates SET offset = offset + 1 WHERE id = 2", "The duplicates of import 1 (part 1) are"),
    "a member": ("UPDATE duplicates SET member = 'x' WHERE id = 2", "The duplicates of import 1 (part 1) are"),
    "another twin": ("UPDATE duplicates SET twin = 1 WHERE id = 2", "The duplicates of import 1 (part 1) are"),
    "no twin": ("UPDATE duplicates SET twin = 999 WHERE id = 2", "The twin of duplicate 2, answer 999,"),
    "a twin elsewhere": ("UPDATE duplicates SET twin = 6 WHERE id = 2", "The twin of duplicate 2, answer 6,"),
    "one is gone": ("DELETE FROM duplicates WHERE id = 2", "Part 1 lists 3 duplicates, and 2 are there."),
    "one is added": (
        "INSERT INTO duplicates (part, place, offset, length, member, twin) VALUES (1, 1, 1, 1, '', 1)",
        "Part 1 lists 3 duplicates, and 4 are there.",
    ),
    "the seal": ("UPDATE parts SET listed = 'x' WHERE id = 1", "“file imported” (import 1) does not hold"),
    "no seal": ("UPDATE parts SET listed = NULL WHERE id = 1", "“file imported” (import 1) does not hold"),
    "a move": ("UPDATE duplicates SET part = 2 WHERE id = 2", "Part 1 lists 3 duplicates, and 2 are there."),
}


@pytest.mark.parametrize(("statement", "words"), TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_a_change_behind_the_back_is_named(tmp_path: Path, conditions: Conditions, statement: str, words: str) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, [*several(5), *several(3)], "one.json")
        bring(case, tmp_path, [*several(2, "bob"), *several(1, "bob")], "two.json")
        assert case.verify() == []
    behind(tmp_path / "a.case", statement)
    assert any(words in problem.detail for problem in verify_case(tmp_path / "a.case"))


def test_who_takes_everything_away_is_named(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, [*several(5), *several(3)])
    behind(tmp_path / "a.case", "DELETE FROM duplicates", "UPDATE parts SET unlisted = duplicate, listed = NULL")
    (problem,) = verify_case(tmp_path / "a.case")
    assert "does not hold what line 2 says" in problem.detail


def test_a_twin_that_is_gone_is_refused_in_words(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, [*several(5), *several(3)])
    behind(tmp_path / "a.case", "UPDATE duplicates SET twin = 999 WHERE id = 2")
    with Case.open(tmp_path / "a.case", conditions=conditions) as case, pytest.raises(CaseError, match="answer 999"):
        list(case.duplicates())


def test_what_was_listed_stays_as_it_is(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, [*several(5), *several(3)])
    for statement in ("UPDATE duplicates SET twin = 1", "DELETE FROM duplicates"):
        with pytest.raises(Exception, match="nothing is changed or erased"):
            case._store.connection.execute(statement)


def test_a_backup_and_a_rescue_list_them_too(tmp_path: Path, conditions: Conditions) -> None:
    items = [*several(5), *several(3)]
    with new_case(tmp_path, conditions) as case:
        _import(case, _file(tmp_path, "one.json", [*items]))
        wanted = listed(case)
        case.backup(tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    with Case.open(tmp_path / "unpacked" / "a.case", conditions=conditions) as case:
        assert listed(case) == wanted
    assert rescue(tmp_path / "a.case", tmp_path / "new.case", conditions, read=_read).lost == ()
    with Case.open(tmp_path / "new.case", conditions=conditions) as case:
        assert listed(case) == wanted
        assert case.verify() == []


def test_the_end_at_once_is_for_imports_without_duplicates(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finish, "MOST", 100)
    bring(case, tmp_path, [*several(5), *several(1)], "one.json")
    assert [(place, twin) for _, _, place, _, twin in listed(case)] == [(0, 0)]
    assert case.verify() == []
