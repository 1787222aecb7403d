"""Mappings: paths, joins, and what is said of a path that leads nowhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.importers.material import accepted, read, rejected
from workbench.core.errors import BadInputError, UsageError
from workbench.core.model import Json, Response
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import choose, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.mapping.mapped import Mapped
from workbench.importers.mapping.prompt_files import PromptFile
from workbench.importers.reading.paths import MISSING, written
from workbench.importers.reading.paths import Path as Dotted
from workbench.importers.reading.window import Span


def lines(folder: Path, *records: object) -> Path:
    """A file of JSON lines."""
    file = folder / "file.jsonl"
    file.write_text("".join(json.dumps(r) + "\n" for r in records))
    return file


def test_paths_go_into_lists_and_objects() -> None:
    record = {"a": {"b": [{"c": 1}, {"c": 2}]}, "x.y": 3, "z": None, "0": 4}
    finds = {"a.b.1.c": 2, "a.b.-1.c": 2, "x.y": 3, "x\\.y": 3, "z": None, "0": 4}
    assert {path: Dotted(path).find(record) for path in finds} == finds
    for path in ("a.b.2.c", "a.c", "z.q", "a.b.c", "q"):
        assert Dotted(path).find(record) is MISSING


@given(st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_a_written_path_finds_its_way_back(parts: list[str]) -> None:
    record: object = "here"
    for part in reversed(parts):
        record = {part: record}
    assert Dotted(written(tuple(parts))).find(record) == "here"


@pytest.mark.parametrize("path", ["", ".", "a.", ".a", "a..b"])
def test_a_path_with_nothing_between_dots_is_refused(path: str) -> None:
    with pytest.raises(UsageError):
        Dotted(path)


@pytest.mark.parametrize(
    "mapping",
    [
        {},
        {"response": "r"},
        {"prompt": "p"},
        {"prompt": "p", "response": "r", "answer": "a"},
        {"prompt": "", "response": "r"},
    ],
)
def test_a_mapping_that_says_too_little_is_refused(mapping: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read(lines(tmp_path, {"p": "x", "r": "y"}), "mapped_jsonl", Options(mapping=mapping))


def test_a_path_that_no_record_has_is_named_with_what_they_have(tmp_path: Path) -> None:
    file = lines(tmp_path, {"p": "x", "answer": "y"})
    with pytest.raises(BadInputError, match="No record has “r”") as error:
        read(file, "mapped_jsonl", Options(mapping={"prompt": "p", "response": "r"}))
    assert "p, answer" in error.value.hint
    with pytest.raises(BadInputError, match="gives as model"):
        read(file, "mapped_jsonl", Options(mapping={"prompt": "p", "response": "answer", "model": "m"}))


def test_a_wrong_path_is_noticed_before_the_end_of_a_long_file(tmp_path: Path) -> None:
    file = lines(tmp_path, *({"p": "x"} for _ in range(1500)), {"p": "x", "r": "y"})
    with pytest.raises(BadInputError, match="No record has “r”"):
        read(file, "mapped_jsonl", Options(mapping={"prompt": "p", "response": "r"}))


def test_single_records_without_the_path_are_rejected(tmp_path: Path) -> None:
    good = {"p": "x", "r": "y"}
    file = lines(tmp_path, good, {"p": "x"}, {"r": "y"}, {"p": None, "r": "y"}, {"p": "x", "r": None}, good)
    records = read(file, "mapped_jsonl", Options(mapping={"prompt": "p", "response": "r"}))
    assert [r.reason for r in rejected(records)] == [
        "`r` is missing",
        "`p` is missing",
        "`p` is null",
        "`r` is null, not a text",
    ]
    assert len(accepted(records)) == 2


def test_ids_take_the_place_of_prompts_and_are_joined(tmp_path: Path) -> None:
    file = lines(tmp_path, {"id": 7, "r": "y"}, {"id": "8", "r": "z"})
    options = Options(mapping={"prompt_key": "id", "response": "r"})
    assert [(a.prompt, a.prompt_key) for a in accepted(read(file, "mapped_jsonl", options))] == [
        (None, "7"),
        (None, "8"),
    ]
    asked = tmp_path / "asked.csv"
    asked.write_text("id,prompt\n7,seven\n")
    joined = accepted(read(file, "mapped_jsonl", Options(mapping=options.mapping, prompts=PromptFile(asked))))
    assert [(a.prompt, a.flags) for a in joined] == [("seven", ()), (None, ("prompt not found",))]


def test_duplicates_of_mapped_keys_are_flagged_and_others_are_not_suspected(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(
        '{"p":"x","r":"y","r":"z"}\n{"p":"x","r":"y","d":{"r":"no","p":"no"}}\n{"p":"x","r":"\\"r\\" \\"r\\""}\n'
    )
    records = accepted(read(file, "mapped_jsonl", Options(mapping={"prompt": "p", "response": "r"})))
    assert [(a.text, a.flags) for a in records] == [("z", ("duplicate keys",)), ("y", ()), ('"r" "r"', ())]


def test_labels_may_be_numbers_but_not_lists(tmp_path: Path) -> None:
    mapping = {"prompt": "p", "response": "r", "sample": "s", "time": "t", "model": "m"}
    file = lines(
        tmp_path,
        {"p": "x", "r": "y", "s": 3, "t": 1.5, "m": "a"},
        {"p": "x", "r": "y", "s": [3]},
        {"p": "x", "r": "y", "s": "", "t": None},
    )
    first, second, third = read(file, "mapped_jsonl", Options(mapping=mapping))
    assert first[3:7] == ("a", None, "3", "1.5")
    assert second.reason == "`s` is a list, not a text or a number"
    assert third[3:7] == (None, None, None, None)


def test_no_claim_is_answered_with_a_mapping_to_try(tmp_path: Path) -> None:
    file = lines(tmp_path, {"question": "x", "answer": "y", "model": "m"})
    with pytest.raises(BadInputError) as error:
        choose(recognise(open_file(file)), Options())
    assert "--map prompt=question --map response=answer --map model=model" in error.value.hint


def test_two_calls_with_one_answer_are_two_records(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    calls = [{"p": "Why?", "r": "So.", "id": n} for n in (1, 2)]
    nested = {"p": "Why?", "r": "So.", "id": 3}
    for _ in range(900):
        nested = {"p": "Why?", "r": "So.", "id": nested}
    lines = [*map(json.dumps, calls), json.dumps(dict(reversed(calls[0].items()))), json.dumps(nested)]
    file.write_text("\n".join(lines))
    mapping = {"prompt": "p", "response": "r"}
    options = Options(mapping=mapping)
    opened = open_file(file)
    read_all = [r for r in choose(recognise(opened), options).read(opened, options, silent) if isinstance(r, Response)]
    first, second, again, deep = [r.record_id for r in read_all]
    assert first != second
    assert first == again
    assert deep not in (first, second)
    numbered = Options(mapping=mapping | {"sample": "id"})
    records = choose(recognise(opened), numbered).read(opened, numbered, silent)
    assert all(r.record_id is None for r in records if isinstance(r, Response))


_CELL = st.sampled_from(["", " ", "a", "é", "Why?", "[]", '{"a": 1}']) | st.sampled_from(
    [None, 0, 1.5, True, ["x"], {"role": "user"}]
)
_RECORD = st.dictionaries(st.sampled_from("prskt"), _CELL, min_size=2)


@settings(deadline=None)
@example(record={"p": "", "r": "So.", "k": "7", "t": "x"}, keyed=True, numbered=False, prompted=True)
@given(record=_RECORD, keyed=st.booleans(), numbered=st.booleans(), prompted=st.booleans())
def test_what_is_as_usual_is_read_at_once_as_anything_else(
    record: dict[str, Any], keyed: bool, numbered: bool, prompted: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    mapping = {"response": "r", "time": "t"} | ({"prompt": "p"} if prompted else {"prompt_key": "k"})
    mapping |= ({"prompt_key": "k"} if keyed else {}) | ({"sample": "s"} if numbered else {})
    file = tmp_path_factory.getbasetemp() / "usual.jsonl"
    file.write_text("{}\n")
    mapped = Mapped(open_file(file), Options(mapping=mapping))
    seen = dict.fromkeys("prskt", "x")
    assert isinstance(mapped.answer(Span(0, 0, 2, b"{}", None), seen, []), Response)
    span: Span[Json] = Span(1, 3, 2, b"{}", None)
    assert mapped.answer_of_sound(span, record) == mapped.answer(span, record, [])
