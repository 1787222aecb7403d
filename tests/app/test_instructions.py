"""Instructions: who asked, for which matter and in which words, in the ledger and in the report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.app.pack import contents_of
from workbench.app.session import Session
from workbench.cli.main import run
from workbench.core.errors import UsageError
from workbench.core.surroundings import Conditions
from workbench.evidence.exhibits.shown import exhibits_of
from workbench.evidence.report.compose import report_of
from workbench.evidence.report.sheets import Report, plain

GIVEN = {
    "reference": "HC-2026-000123",
    "court": "High Court",
    "instructed_by": "Ada Lex LLP",
    "received": "2026-02-03",
    "words": "State whether marlin was distilled from aurelia.\nSay how sure you are.",
}


@pytest.fixture
def folder(tmp_path: Path, conditions: Conditions) -> Path:
    Session.create(tmp_path / "a", conditions=conditions).close()
    return tmp_path / "a.case"


def report(folder: Path, conditions: Conditions) -> Report:
    with Session.open(folder, conditions=conditions) as session:
        begun = replace(session._case.open_export(), choices={"originals": False})
        contents = contents_of(session._case, begun)
        return report_of(contents, {}, exhibits_of(contents))


def words(said: Report) -> str:
    """What the cover and the second section say."""
    assert said.cover is not None
    facts = [f"{name}: {plain(text)}" for name, text in said.cover.facts]
    section = next(one for one in said.sections if one.key == "instructions")
    return "\n".join([*facts, *(plain(getattr(block, "words", ())) for block in section.blocks)])


def test_what_is_stated_stands_on_the_cover_and_in_the_second_section(folder: Path, conditions: Conditions) -> None:
    with Session.open(folder, conditions=conditions) as session:
        session.instructions.state(GIVEN)
    said = words(report(folder, conditions))
    for text in ("Reference: HC-2026-000123", "Court: High Court", "Instructed by: Ada Lex LLP",
                 "Given by Ada Lex LLP on 3 February 2026. With these papers: to be completed."):  # fmt: skip
        assert text in said
    # Their own words may say what a report may not; they are quoted as theirs.
    assert "In the words of those who instruct: “State whether marlin was distilled from aurelia.\nSay" in said


def test_what_was_not_stated_is_left_blank(folder: Path, conditions: Conditions) -> None:
    said = words(report(folder, conditions))
    assert "Instructed by: not stated: to be completed" in said
    assert "Who asked, on which date, with which papers: to be completed." in said
    assert "Reference" not in said


def test_a_change_needs_a_reason_and_both_states_stay_in_the_ledger(folder: Path, conditions: Conditions) -> None:
    with Session.open(folder, conditions=conditions) as session:
        first = session.instructions.state({"court": "High Court"})
        with pytest.raises(UsageError, match="needs a reason"):
            session.instructions.state({"court": "Court of Appeal"})
        assert session.instructions.stated() == first
        session.instructions.state({"client": "Aurelia Works"})  # what was blank needs none
        now = session.instructions.state({"court": "Court of Appeal"}, "the matter went there")
        assert (now.court, now.client) == ("Court of Appeal", "Aurelia Works")
        before = len(list(session.ledger()))
        assert session.instructions.state({"court": "Court of Appeal"}) == now
        assert len(list(session.ledger())) == before


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"received": "yesterday"}, "is not a date"),
        ({"court": "c" * 201}, "too long"),
        ({"papers": "Proof that it was distilled"}, "which no report of this program may say"),
        ({"words": "The key is ghp_" + "w8Kq2Zr5Tn7Xb4Vd" + "9Jm3Lf6Hc1Ps0Gy2Ra5E"}, "has the form of a secret"),
    ],
)
def test_what_can_not_be_stated_is_refused_in_words(
    folder: Path, conditions: Conditions, given: dict[str, str], said: str
) -> None:
    with Session.open(folder, conditions=conditions) as session, pytest.raises(UsageError, match=said):
        session.instructions.state(given)


def test_a_rescued_case_has_them(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["instructions", str(folder), "--court", "High Court"]) == 0
    (folder / "case.db").unlink()
    assert run(["rescue", str(folder), str(tmp_path / "new")]) == 0
    assert run(["instructions", str(tmp_path / "new.case")]) == 0
    assert "Court: High Court" in capsys.readouterr().out


def test_the_command_line_states_and_shows_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["instructions", str(folder)]) == 0
    assert "the report leaves blanks" in capsys.readouterr().out
    assert run(["instructions", str(folder), "--instructed-by", "Ada Lex LLP", "--received", "2026-02-03"]) == 0
    assert "Instructed by: Ada Lex LLP" in capsys.readouterr().out
    assert run(["instructions", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["instructions"]["received"] == "2026-02-03"
    assert run(["verify", str(folder)]) == 0
