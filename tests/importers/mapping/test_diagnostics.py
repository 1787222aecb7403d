"""What is said of whole files whose lines are no records, and of files in which there is nothing to read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.core.errors import BadInputError
from workbench.core.model import Rejected
from workbench.core.progress import silent
from workbench.importers.base import Options
from workbench.importers.choose import by_key, choose, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.locate import records_of
from workbench.importers.preview import preview

LINES = [json.dumps({"prompt": f"What is {n}?", "response": f"It is “{n}”."}, ensure_ascii=False) for n in range(5)]
CUT = "It ends in the middle of a record"
MAPPED = Options(mapping={"prompt": "prompt", "response": "response"})


def notes(folder: Path, text: str, name: str = "file.jsonl") -> tuple[str, ...]:
    file = folder / name
    file.write_bytes(text.encode())
    return preview(recognise(open_file(file))).notes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (",\n".join(LINES) + ",\n", "A comma stands after the record in line 1 and after 4 more;"),
        (",\r\n".join(LINES) + ",\r\n", "A comma stands after the record in line 1 and after 4 more;"),
        (",\n".join(LINES), "A comma stands after the record in line 1 and after 3 more;"),
        ("\n".join(LINES) + ",", "A comma stands after the record in line 5;"),
        ("\r".join(LINES), "Its lines end with a carriage return alone,"),
        ("\r".join(LINES) + "\r", "Its lines end with a carriage return alone,"),
    ],
    ids=["after-all", "crlf", "but-the-last", "the-last", "cr", "cr-at-the-end"],
)
def test_a_whole_file_is_not_said_to_be_cut_off(text: str, said: str, tmp_path: Path) -> None:
    (told,) = notes(tmp_path, text)
    assert told.startswith(said)
    assert told.endswith("and import that.")
    assert CUT not in told


@pytest.mark.parametrize("between", [",\n", "\r"])
def test_a_missing_end_is_said_beside_it(between: str, tmp_path: Path) -> None:
    (told,) = notes(tmp_path, between.join(LINES)[:-9])
    assert told.startswith(("A comma stands", "Its lines end"))
    assert CUT in told


def test_good_lines_have_no_fault(tmp_path: Path) -> None:
    for text in ("\n".join(LINES), "\r\n".join(LINES), "\n\n".join(LINES) + "\n", json.dumps({"p": "a,\rb"}) + "\r\n"):
        assert not any("comma" in note or "carriage" in note for note in notes(tmp_path, text))


def test_the_refusal_of_a_file_says_it_too(tmp_path: Path) -> None:
    file = tmp_path / "file.jsonl"
    file.write_text(",\n".join(LINES) + ",\n", "utf-8")
    with pytest.raises(BadInputError, match="No importer knows") as refused:
        choose(recognise(open_file(file)), Options())
    assert refused.value.hint.startswith("A comma stands after the record in line 1 and after 4 more")


@pytest.mark.parametrize(
    ("between", "reason"),
    [
        (",\n", "a comma stands after the record"),
        ("\r", "another record follows a carriage return, which ends no line here"),
        (" ", "more text follows the record"),
    ],
)
def test_a_record_is_rejected_for_what_is_wrong_with_it(between: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "file.jsonl"
    file.write_text(between.join(LINES), "utf-8")
    first = next(records_of(by_key("mapped_jsonl"), open_file(file), MAPPED, silent))
    assert isinstance(first, Rejected)
    assert first.reason.startswith(f"not valid JSON: {reason} (at character ")


@pytest.mark.parametrize(
    ("megabytes", "said"),
    [
        (66, "Its first line can't be looked into: the record is longer than 64 MB, and would be rejected."),
        (6, "Its first line has 6 MB, more than the 4 MB that are looked at."),
    ],
)
def test_a_first_record_that_is_too_long_is_said(megabytes: int, said: str, tmp_path: Path) -> None:
    text = json.dumps({"prompt": "q", "response": "x" * (megabytes * 1_000_000 + (2 << 20) * (megabytes > 64))})
    assert notes(tmp_path, f"{text}\n{LINES[0]}\n") == (said,)


def test_a_long_array_is_not_said_to_be_empty(tmp_path: Path) -> None:
    (told,) = notes(tmp_path, json.dumps([{"prompt": "q", "response": "x" * 5_000_000}]), "long.json")
    assert told == "No record could be read from its first 4 MB, which are all that is looked at."


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("[]", "JSON array without records", "No record with a field can be read from it, and so no answer."),
        ("{}", "JSON lines", "No record with a field can be read from it, and so no answer."),
        ("42", "one JSON value", "It has neither records nor columns, so that no answer can be read"),
        ("Nothing of the kind.\n", "text", "It has neither records nor columns, so that no answer can be read"),
    ],
)
def test_a_file_without_answers_is_said_to_hold_none(text: str, kind: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(text, "utf-8")
    seen = preview(recognise(open_file(file)))
    assert (seen.words, seen.importer) == (kind, None)
    assert len(seen.notes) == 1
    assert seen.notes[0].startswith(said)
