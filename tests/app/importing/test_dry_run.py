"""Dry runs count as imports do; first records; mappings that are used again for the next file of their kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.conftest import ticking
from tests.inside import case_of
from workbench.app.importing.dry_run import dry_run, first_records, saved_mapping
from workbench.app.requests import ImportRequest
from workbench.app.search import raw_record
from workbench.app.session import Session, preview_file
from workbench.core.errors import BadInputError, Cancelled, UsageError

MAPPING = {"prompt": "ask.q", "response": "reply.0", "model": "who"}
KEY = "sk-proj-" + "7Zk29dkLqPw83nsUeXo72KdmQnVb48sTyA"


def lines(path: Path, records: list[object]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def record(n: int, model: str | None = None) -> dict[str, object]:
    return {"ask": {"q": f"What is {n}?"}, "reply": [f"It is {n}."], "who": model}


def counts(corpora) -> dict[str, tuple[int, int, int, int]]:
    return {c.name: (c.records, c.accepted, c.rejected, c.duplicate) for c in corpora}


RECORDS = st.lists(
    st.one_of(
        st.builds(record, st.integers(0, 3), st.sampled_from([None, "m", "n", "\ud800"])),
        st.sampled_from([{"ask": {}}, [], {"reply": [5], "ask": {"q": "x"}, "who": "m"}]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(RECORDS)
def test_a_dry_run_counts_as_the_import_does(tmp_path_factory, records: list[object]) -> None:
    folder = tmp_path_factory.mktemp("trial")
    path = lines(folder / "odd.jsonl", [record(9, "m"), *records])
    request = ImportRequest(mapping=MAPPING)
    with Session.create(folder / "c", conditions=ticking()) as session:
        tried = dry_run(path, request, case=case_of(session))
        done = session.import_file(path, request)
    assert counts(tried.corpora) == counts(done.corpora)
    assert tried.rejections == done.rejections
    assert tried.reasons == done.reasons
    assert tried.importer == done.importer


def test_real_files_are_counted_as_they_are_imported(tmp_path: Path, shared: Path) -> None:
    folder = shared / "formats"
    with Session.create(tmp_path / "c", conditions=ticking()) as session:
        for path in (folder / "raw-api", folder / "sharegpt" / "dummy_conversation.json"):
            tried = dry_run(path, ImportRequest(), case=case_of(session))
            done = session.import_file(path, ImportRequest())
            assert counts(tried.corpora) == counts(done.corpora)


def test_a_dry_run_says_what_the_case_holds(tmp_path: Path) -> None:
    path = lines(tmp_path / "odd.jsonl", [record(1)])
    request = ImportRequest(model="m", mapping={"prompt": "ask.q", "response": "reply.0"})
    with Session.create(tmp_path / "c", conditions=ticking()) as session:
        session.import_file(path, request)
        told = dry_run(path, request, case=case_of(session)).notices
    assert told[0].startswith("This file is in the case already")
    assert "m has answers in the case already; the same record counts once." in told


def test_a_dry_run_can_be_stopped(tmp_path: Path) -> None:
    path = lines(tmp_path / "odd.jsonl", [record(n) for n in range(3000)])

    def stop(fraction: float, note: str = "") -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        dry_run(path, ImportRequest(mapping={"prompt": "ask.q", "response": "reply.0"}), stop)


def test_first_records_are_read_as_an_import_would_and_masked(tmp_path: Path) -> None:
    path = lines(tmp_path / "odd.jsonl", [{**record(1, "m"), "reply": [f"Use {KEY}."]}, {"ask": {}}, record(3)])
    first = first_records(path, ImportRequest(mapping=MAPPING), 2)
    assert [r.place for r in first] == [1, 2]
    assert (first[0].prompt, first[0].model, first[0].reason) == ("What is 1?", "m", "")
    assert KEY not in first[0].text
    assert first[1].reason == "`reply.0` is missing"


def test_what_can_not_be_read_is_said(tmp_path: Path) -> None:
    path = lines(tmp_path / "odd.jsonl", [record(1)])
    with pytest.raises(UsageError):
        first_records(path, ImportRequest(mapping={"response": "reply.0"}))
    with pytest.raises(BadInputError):
        first_records(path, ImportRequest())
    with pytest.raises(BadInputError):
        dry_run(path, ImportRequest(mapping={"prompt": "nowhere", "response": "reply.0"}))


def test_the_next_file_of_its_kind_is_read_as_the_last(tmp_path: Path) -> None:
    first = lines(tmp_path / "first.jsonl", [record(n) for n in range(3)])
    second = lines(tmp_path / "second.jsonl", [record(n) for n in range(4)])
    other = lines(tmp_path / "other.jsonl", [{"a": 1, "b": 2}])
    mapping = {"prompt": "ask.q", "response": "reply.0"}
    with Session.create(tmp_path / "c", conditions=ticking()) as session:
        with pytest.raises(BadInputError):
            session.import_file(second, ImportRequest())
        session.import_file(first, ImportRequest(mapping=mapping))
        saved = saved_mapping(case_of(session), preview_file(second))
        assert saved is not None
        assert (saved.mapping, saved.source) == (mapping, "first.jsonl")
        report = session.import_file(second, ImportRequest())
        assert counts(report.corpora) == {"second": (4, 4, 0, 0)}
        assert report.notices[0].startswith("Read with the mapping of first.jsonl, which fits: prompt=ask.q")
        assert case_of(session).import_log()[-1].options["mapping"] == mapping
        assert saved_mapping(case_of(session), preview_file(other)) is None
        with pytest.raises(BadInputError):
            session.import_file(other, ImportRequest())


def answers(path: Path, rows: list[dict[str, object]], **more: object) -> Path:
    path.write_text(json.dumps({**more, "out": rows}), encoding="utf-8")
    return path


def rows(name: str, **more: object) -> list[dict[str, object]]:
    return [{"ask": f"What is {name} {n}?", "say": f"It is {name} {n}, nothing else.", **more} for n in range(4)]


def test_a_mapping_is_not_used_where_it_does_not_fit(tmp_path: Path) -> None:
    mapping = {"records": "out", "prompt": "ask", "response": "say"}
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_text(json.dumps({"other": rows("c")}), encoding="utf-8")
    no_text = answers(tmp_path / "no_text.json", [{"ask": "What is it?", "say": n} for n in range(4)])
    with Session.create(tmp_path / "c", conditions=ticking()) as session:
        session.import_file(answers(tmp_path / "a.json", rows("a")), ImportRequest(mapping=mapping))
        assert (
            saved_mapping(case_of(session), preview_file(answers(tmp_path / "b.json", rows("b", extra=1)))) is not None
        )
        assert saved_mapping(case_of(session), preview_file(elsewhere)) is None
        assert saved_mapping(case_of(session), preview_file(no_text)) is None


def test_counted_columns_are_used_again_only_where_they_look_the_same(tmp_path: Path) -> None:
    def table(name: str, turned: bool = False) -> Path:
        pairs = [(f"What is {name} {n}?", f"It is the {name} of number {n}, nothing else.") for n in range(4)]
        path = tmp_path / f"{name}.csv"
        path.write_text("".join(f'"{b if turned else a}","{a if turned else b}"\n' for a, b in pairs), encoding="utf-8")
        return path

    with Session.create(tmp_path / "c", conditions=ticking()) as session:
        session.import_file(table("one"), ImportRequest(mapping={"prompt": "column_1", "response": "column_2"}))
        assert saved_mapping(case_of(session), preview_file(table("two"))) is not None
        assert saved_mapping(case_of(session), preview_file(table("three", turned=True))) is None


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_empty_cells_are_counted_by_the_dry_run_and_the_import(tmp_path: Path, kind: str) -> None:
    rows = [["question", "answer"], *([f"What is {n}?", f"It is {n}." if n % 3 else None] for n in range(9))]
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        path.write_text("".join(f"{asked},{said or ''}\n" for asked, said in rows), encoding="utf-8")
    else:
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    request = ImportRequest(mapping={"prompt": "question", "response": "answer"}, model="m")
    told = "3 answers are empty; they carry the flag “empty answer”."
    with Session.create(tmp_path / "c", conditions=ticking()) as session:
        assert told in dry_run(path, request, case=case_of(session)).notices
        assert told in session.import_file(path, request).notices


def test_a_row_below_a_title_is_shown_with_its_answer(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["Title"], ["question", "answer"], ["Why?", "So."]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    request = ImportRequest(mapping={"prompt": "question", "response": "answer"}, model="m")
    with Session.create(tmp_path / "c", conditions=ticking()) as session:
        session.import_file(tmp_path / "a.xlsx", request)
        (answer,) = case_of(session).words.answers([1])
        raw = raw_record(case_of(session), answer)
    assert (answer.member, raw.why) == ("Sheet row 3", "")
    assert json.loads(raw.text) == {"question": "Why?", "answer": "So."}
