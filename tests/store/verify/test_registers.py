"""Lines that are a register of their own: what somebody else wrote into one is named, though the chain is sound."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.store.making import bring, new_case, several
from workbench.core.exhibits import EXHIBITS_ADDED, AnswerPlace, Choice, Kind, Picker, added_options
from workbench.core.surroundings import Conditions
from workbench.store import Case, verify_case

DIGEST = "0" * 64


@pytest.fixture
def case(tmp_path: Path, conditions: Conditions) -> Case:
    made = new_case(tmp_path, conditions)
    bring(made, tmp_path, several(2))
    return made


def exhibit(case: Case) -> Any:
    """The options of a line that takes in an exhibit of the first answer, as this program writes them."""
    answer = case.words.answer(1)
    place = AnswerPlace(
        1, answer.corpus, "", answer.sha256, answer.prompt_sha256, answer.source.sha256, answer.member, answer.place,
        answer.offset, answer.length,
    )  # fmt: skip
    choice = Choice(Kind.ANSWERS, Picker.HAND, "An answer", answers=(place,))
    return added_options(["AM-0001"], [choice], ["tag"], "A comment.")


def problems(case: Case) -> list[str]:
    case.close()
    return [problem.detail for problem in verify_case(case.notes.folder.parent)]


def test_what_this_program_writes_is_whole(case: Case) -> None:
    case.notes.write(EXHIBITS_ADDED, {"exhibits": ["AM-0001"]}, exhibit(case))
    case.notes.write("note written", {"note": 1}, {"note": 1, "about": "case", "name": "", "text": "x"})
    case.notes.write("secret kept", {"secret": "a"}, {"commitment": DIGEST, "kept_in": "file"})
    assert problems(case) == []


SPOILT: dict[str, Callable[[Any], object]] = {
    "a name that is a path": lambda e: e.update(exhibit="../../AM-0001"),
    "a name with too many digits": lambda e: e.update(exhibit="AM-" + "9" * 5000),
    "a name that is a number": lambda e: e.update(exhibit=1),
    "an unknown kind": lambda e: e["choice"].update(kind="virus"),
    "a title that is none": lambda e: e["choice"].update(title=["x"]),
    "tags that are none": lambda e: e.update(tags="tag"),
    "a comment that is none": lambda e: e.update(comment={"a": 1}),
    "no choice": lambda e: e.pop("choice"),
    "another answer": lambda e: e["choice"]["answers"][0].update(sha256=DIGEST),
    "an answer of another model": lambda e: e["choice"]["answers"][0].update(model="eve"),
    "another place": lambda e: e["choice"]["answers"][0].update(offset=7),
    "another file": lambda e: e["choice"]["answers"][0].update(source="../../../etc/passwd"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_exhibit_is_named(case: Case, name: str) -> None:
    options = copy.deepcopy(exhibit(case))
    SPOILT[name](options["exhibits"][0])
    case.notes.write(EXHIBITS_ADDED, {"exhibits": ["AM-0001"]}, options)
    (said,) = problems(case)
    assert "Line 3 of the ledger does not say of exhibits" in said or "not in the case, or not where it says" in said


@pytest.mark.parametrize("action", ["commented", "tagged", "reviewed", "moved"])
def test_a_change_of_an_exhibit_that_says_nothing_is_named(case: Case, action: str) -> None:
    case.notes.write(EXHIBITS_ADDED, {"exhibits": ["AM-0001"]}, exhibit(case))
    case.notes.write(f"exhibit {action}", {"exhibit": "AM-0001"}, {})
    assert problems(case) == [
        "Line 4 of the ledger does not say of exhibits, notes and marks what this program writes."
    ]


@pytest.mark.parametrize(
    ("action", "subject", "options"),
    [
        (EXHIBITS_ADDED, {"exhibits": ["AM-0001"]}, {}),
        (EXHIBITS_ADDED, {"exhibits": ["AM-0001"]}, {"rule": "", "counts": [], "exhibits": "x"}),
        ("exhibit withdrawn", {"exhibit": "AM-0009"}, {}),
        ("note written", {"note": 1}, {"note": [1], "about": "case", "name": "", "text": "x"}),
        ("note written", {"note": 1}, {"note": 1, "about": "moon", "name": "", "text": "x"}),
        ("note written", {"note": 1}, {"note": 1, "about": "case", "name": "", "text": 5}),
        ("note withdrawn", {"note": 9}, {}),
        ("answers marked", {"answers": 1}, {"mark": "marked", "set": 1, "answers": [{"number": [1]}]}),
        ("instructions stated", {"case": "x"}, {"instructions": {"words": 7}}),
        ("secret kept", {"secret": ["a"]}, {"commitment": DIGEST, "kept_in": "file"}),
        ("markers made", {"markers": "1-"}, {"kind": "moon", "number": 1, "prefix": "1-", "markers_hmac": DIGEST}),
        ("markers added", {"markers": DIGEST}, {"served": [], "secret": ""}),
        ("log events added", {"sha256": DIGEST}, {"events": [5]}),
        ("known accounts added", {"sha256": DIGEST}, {"known": "x"}),
        ("usage log added", {"log": "x", "sha256": "../../../../dev/zero", "size": 1}, {"number": 1, "left": False}),
        ("usage log added", {"log": "x", "sha256": DIGEST, "size": 1}, {"number": -1, "left": True}),
        ("plan locked", {"plan": 1}, {"plan": 5}),
        ("plan locked", {"plan": 1}, {"plan": {"seed": "1"}, "findings_before": 0}),
        ("plan locked", {"plan": 1}, {"plan": [[[]]], "findings_before": 0}),
        ("artefact settled", {"corpus": "ada"}, {"kind": "moon", "detail": "", "how": ""}),
    ],
)
def test_a_spoilt_line_of_any_register_is_named(case: Case, action: str, subject: Any, options: Any) -> None:
    """Verbs that read such a line ended in a fault of the program while `verify` said that the case was whole."""
    case.notes.write(action, subject, options)
    assert any("what this program writes" in said or "as this program writes" in said for said in problems(case))


def test_a_usage_log_can_name_no_other_file(case: Case) -> None:
    """`verify` read /dev/zero without an end."""
    subject = {"log": "x", "sha256": "../../../../../../../../dev/zero", "size": 1}
    case.notes.write("usage log added", subject, {"number": 1, "left": False})
    assert "A line on a usage log names no SHA-256." in problems(case)
