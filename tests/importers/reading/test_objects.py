"""Records that one object holds, and objects one after the other: their places, their keys, and damage among them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.importers.material import accepted, read, rejected
from workbench.core.errors import BadInputError, UsageError
from workbench.core.model import Rejected, Response
from workbench.importers import base
from workbench.importers.base import Options
from workbench.importers.choose import choose, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.mapping.layout import KEYED, LINES, LIST, OBJECTS, Layout, layout_of
from workbench.importers.reading import window
from workbench.importers.reading.arrays import CUT_INSIDE, DAMAGED
from workbench.importers.reading.objects import AFTER_OBJECT, BETWEEN, NOT_CLOSED

MAPPING = {"prompt": "p", "response": "r"}
KEYED_BY_ID = {"prompt_key": "@key", "response": "r"}


def put(folder: Path, data: str | bytes) -> Path:
    file = folder / "file.json"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


def found(file: Path, mapping: dict[str, str]) -> list[Response | Rejected]:
    return read(file, "mapped_object", Options(mapping=mapping))


def pairs(count: int) -> list[dict[str, str]]:
    return [{"p": f"asked {n}", "r": f"said {n}"} for n in range(count)]


@pytest.mark.parametrize(
    ("data", "layout"),
    [
        (json.dumps({"data": pairs(3)}), Layout(LIST, ("data",))),
        (json.dumps({"a": {"b": [{"prompt": "x", "response": "y"}]}}), Layout(LIST, ("a", "b"))),
        (json.dumps({"k": {"prompt": "x", "response": "y"}, "l": {"prompt": "z", "response": "y"}}), Layout(KEYED)),
        (json.dumps(pairs(1)[0], indent=1) + "\n" + json.dumps(pairs(1)[0], indent=1), Layout(OBJECTS)),
        (json.dumps(pairs(1)[0], indent=1), Layout(OBJECTS)),
        (json.dumps({"prompt": "x", "choices": [{"message": {"content": "y"}}]}), Layout(LINES)),
        (json.dumps({"messages": [{"role": "user", "content": "x"}], "output": "y"}), Layout(LINES)),
        (json.dumps({"request": {"prompt": "x"}, "response": {"text": "y"}}), Layout(LINES)),
        ('{"p":"a","r":"b"}\n{"p":"a"', Layout(LINES)),
        ('{"p":"a","r\n{"p":"a","r":"b"}\n', Layout(LINES)),
        ("log of a run\n" + '{"p":"a","r":"b"}\n' * 3, Layout(LINES)),
        ('["a","b"]\n["c","d"]\n', Layout(LINES)),
        ("a,b\n1,2\n", None),
    ],
)
def test_where_the_records_are_is_seen(data: str, layout: Layout | None, tmp_path: Path) -> None:
    assert layout_of(open_file(put(tmp_path, data))) == layout


@given(
    texts=st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=2, max_size=6, unique=True),
    indent=st.sampled_from([None, 0, 3]),
    step=st.sampled_from([7, 64, 1 << 20]),
)
@settings(max_examples=60, deadline=None)
def test_each_member_comes_with_its_key_and_its_place(
    tmp_path_factory, texts: list[str], indent: int, step: int
) -> None:
    held = {f"k{n} {text}": {"r": f"r {text}", "n": n} for n, text in enumerate(texts)}
    data = json.dumps({"about": [1, {"held": 2}], "held": held}, indent=indent, ensure_ascii=False).encode()
    file = put(tmp_path_factory.mktemp("held"), data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window, "STEP", step)
        records = accepted(found(file, {"records": "held", **KEYED_BY_ID}))
    assert [(r.prompt_key, r.text) for r in records] == [(key, value["r"]) for key, value in held.items()]
    assert [json.loads(data[r.offset : r.offset + r.length]) for r in records] == list(held.values())
    assert [r.number for r in records] == list(range(len(texts)))


@given(
    texts=st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=6),
    between=st.sampled_from(["", "\n", ",\n", "\r\n\r\n"]),
    step=st.sampled_from([5, 1 << 20]),
)
@settings(max_examples=60, deadline=None)
def test_objects_one_after_the_other_are_records(tmp_path_factory, texts: list[str], between: str, step: int) -> None:
    objects = [json.dumps({"p": text, "r": f"r {text}"}, indent=2, ensure_ascii=False) for text in texts]
    data = between.join(objects).encode()
    file = put(tmp_path_factory.mktemp("objects"), data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window, "STEP", step)
        records = accepted(found(file, MAPPING))
    assert [(r.prompt, r.text) for r in records] == [(text, f"r {text}") for text in texts]
    assert [data[r.offset : r.offset + r.length].decode() for r in records] == objects


def test_what_is_no_object_is_a_value_under_its_key(tmp_path: Path) -> None:
    file = put(tmp_path, json.dumps({f"Why {n}?": f"So {n}." for n in range(30)} | {"Who?": 5}))
    records = found(file, {"prompt": "@key", "response": "@value"})
    assert [(r.prompt, r.text) for r in accepted(records)] == [(f"Why {n}?", f"So {n}.") for n in range(30)]
    assert [r.reason for r in rejected(records)] == ["`@value` is a number, not a text"]


def test_a_damaged_object_is_one_rejected_record(tmp_path: Path) -> None:
    good = json.dumps(pairs(1)[0], indent=1)
    broken = '{\n "p": "a",\n "r": "b"\n'
    records = found(put(tmp_path, f'{good}\n{broken}{good}\n{{\n "p": 1'), MAPPING)
    assert [type(r).__name__ for r in records] == ["Response", "Rejected", "Response", "Rejected"]
    assert [r.reason for r in rejected(records)] == [DAMAGED, CUT_INSIDE]
    records = found(put(tmp_path, f"{good}\nTraceback: it failed\n{good}"), MAPPING)
    assert [r.reason for r in rejected(records)] == [BETWEEN]
    assert len(accepted(records)) == 2


@pytest.mark.parametrize(
    ("data", "count", "reason"),
    [
        ('{"a": {"r": "x"}, "b": {"r": "y"', 1, CUT_INSIDE),
        ('{"a": {"r": "x"}, "b": {"r": "y"}', 2, NOT_CLOSED),
        ('{"a": {"r": "x"}, "b": {"r": "y"}, ] {"z": 1}}', 2, DAMAGED),
        ('{"a": {"r": "x"}, "b": {"r": "y"}} and more', 2, AFTER_OBJECT),
        ('{"a": {"r": "x"}, "b": {"r": ~}, "c": {"r": "z"}}', 2, "a value is missing"),
    ],
)
def test_damage_among_members_is_told(data: str, count: int, reason: str, tmp_path: Path) -> None:
    file = put(tmp_path, '{"a": {"answer": "x"}, "b": {"answer": "y"}}')
    assert layout_of(open_file(file)) == Layout(KEYED)
    before = "".join(f'"k{n}": {{"answer": "said {n}"}}, ' for n in range(10))
    file = put(tmp_path, data.replace('"r"', '"answer"').replace("{", "{" + before, 1))
    records = found(file, {"prompt_key": "@key", "response": "answer"})
    assert len(accepted(records)) == 10 + count
    assert reason in rejected(records)[-1].reason


def test_a_record_beyond_the_limit_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "MAX_RECORD", 1000)
    held = {"a": {"r": "x"}, "b": {"r": "y" * 5000}, "c": {"r": "z"}}
    for step in (300, 1 << 20):
        monkeypatch.setattr(window, "STEP", step)
        records = found(put(tmp_path, json.dumps({"held": held})), {"records": "held", **KEYED_BY_ID})
        assert [getattr(r, "text", "too long") for r in records] == ["x", "too long", "z"]
        assert "longer than" in rejected(records)[0].reason


def test_the_mapping_says_where_the_records_are(tmp_path: Path) -> None:
    file = put(tmp_path, json.dumps({"results": pairs(2), "errors": {"extra": pairs(3)}}))
    assert len(accepted(found(file, MAPPING))) == 2
    options = Options(mapping={"records": "errors.extra", **MAPPING})
    assert choose(recognise(open_file(file)), options).key == "mapped_object"
    assert len(accepted(found(file, dict(options.mapping)))) == 3
    with pytest.raises(BadInputError, match=r"no list and no object at “errors\.more”.*It has “results”"):
        found(file, {"records": "errors.more", **MAPPING})
    other = tmp_path / "a.csv"
    other.write_text("p,r\nx,y\n")
    with pytest.raises(UsageError, match="not one JSON object that holds them"):
        choose(recognise(open_file(other)), options)


@pytest.mark.parametrize(
    "record",
    [
        {"key": "k1", "model": "m-x", "utterance": "What is it that you do?", "comeback": "I do many things."},
        {"id": "17", "ask": "What is it?", "says": "It is so.", "who": "m"},
        {"question": {"text": "Why is it?", "lang": "en"}, "answer": {"text": "Because so.", "lang": "en"}},
        {"in": {"text": "Why is it?", "tokens": 3}, "out": {"text": "Because so.", "tokens": 4}},
    ],
)
def test_a_single_record_is_not_taken_for_records_under_keys(record: dict, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert layout_of(open_file(file)) == Layout(LINES)
    file.write_text(json.dumps(record, indent=1), encoding="utf-8")
    assert layout_of(open_file(file)) == Layout(OBJECTS)


@pytest.mark.parametrize(
    "keys",
    [
        ("q1", "q2", "q3", "q4"),
        ("What is two and two?", "What is it?", "Who is it then?", "And so it is?"),
        ("0f3a99d2", "77bc01ee", "a1b2c3d4", "00ffee11"),
        tuple(f"item {chr(97 + n)}" for n in range(24)),
    ],
)
def test_texts_under_keys_that_are_ids_are_records(keys: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(json.dumps({key: f"It is so, {key}." for key in keys}) + "\n", encoding="utf-8")
    assert layout_of(open_file(file)) == Layout(KEYED)
