"""The packs page: verifying a case and a path; what is wrong is listed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from workbench.app.requests import ExportReport, ImportRequest
from workbench.app.session import Session
from workbench.core.errors import UsageError
from workbench.core.page_marks import PageMarks
from workbench.core.redactions import Kind, Redactions, Rule
from workbench.gui.pages.packs_parts.result import Digest
from workbench.gui.parts.buttons import Button


def test_a_whole_case_is_said_to_be_whole(open_window, case: Path, spin) -> None:
    window = open_window(case)
    window.at.packs.verify_case.trigger()
    spin(lambda: window.workspace.jobs.idle)
    assert window.at.packs.verdict.text().startswith("copy.case. The case is whole")
    assert window.stack.currentWidget() is window.at.packs
    groups = window.at.packs.result.groups
    assert [group.said.text() for group in groups] == ["originals, answers and ledger", "nothing", "nothing"]


def test_an_altered_original_is_named(open_window, case: Path, spin) -> None:
    original = next(path for path in (case / "originals").iterdir() if path.is_file())
    original.chmod(0o644)
    data = bytearray(original.read_bytes())
    data[100] ^= 1
    original.write_bytes(bytes(data))
    window = open_window(case)
    window.at.packs.verify_case.trigger()
    spin(lambda: window.workspace.jobs.idle)
    page = window.at.packs
    assert "1 problem in this case" in page.verdict.text()
    table = page.result.changed.table
    assert table.isVisible()
    assert original.name in table.rows.row_at(0)[0]
    assert table.rows.row_at(0)[1] == "changed"
    assert page.result.added.said.text() == "nothing"


def test_a_head_that_the_ledger_does_not_hold_is_a_problem(open_window, case: Path, spin) -> None:
    window = open_window(case)
    window.at.packs.head.setText("0" * 64)
    window.at.packs.verify_case.trigger()
    spin(lambda: window.workspace.jobs.idle)
    assert window.at.packs.result.changed.table.rows.row_at(0)[1] == "ledger"


def test_another_case_is_verified_without_being_opened(open_window, case: Path, answers, spin) -> None:
    window = open_window()
    answers.given = [case]
    window.at.packs.verify_folder.trigger()
    spin(lambda: window.workspace.jobs.idle)
    assert "The case is whole" in window.at.packs.verdict.text()
    assert window.workspace.opened is None


def test_a_zip_that_is_dropped_on_the_library_is_verified(open_window, tmp_path: Path, spin) -> None:
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pack/bagit.txt", "BagIt-Version: 1.0\n")
    window = open_window()
    window.take_dropped([path])
    spin(lambda: window.workspace.jobs.idle)
    assert window.page is window.at.packs
    assert window.at.packs.verdict.text().startswith("other.zip. ")
    assert window.at.packs.result.changed.table.isVisible()


def test_a_file_that_is_no_pack_is_refused_in_words(open_window, answers, tmp_path: Path, spin) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"no zip")
    window = open_window()
    window.go("packs")
    window.take_dropped([path])
    spin(lambda: window.workspace.jobs.idle)
    assert "x.zip" in window.trouble.shown
    assert "istake" not in window.trouble.shown
    assert window.at.packs.verdict.text() == "It could not be verified."


KEY = "sk-proj-" + "7Zk29dkLqPw83nsUeXo72KdmQnVb48sTyA"


@pytest.fixture
def secretive(conditions, tmp_path: Path) -> Path:
    """A case with one file in which a key stands."""
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps({"q": "Which key?", "r": f"Use {KEY}."}) + "\n", encoding="utf-8")
    with Session.create(tmp_path / "k", title="K", conditions=conditions) as session:
        session.import_file(path, ImportRequest(model="one", mapping={"prompt": "q", "response": "r"}))
    return tmp_path / "k.case"


@pytest.mark.parametrize("reason", ["", "the court asked for it"])
def test_a_file_with_a_secret_goes_into_a_pack_only_with_a_reason(
    open_window, secretive: Path, answers, tmp_path: Path, spin, reason: str
) -> None:
    window = open_window(secretive)
    pack = tmp_path / "p.zip"
    page = _form(window, spin)
    (line,) = page.form.reasons.values()
    line.setText(reason)
    answers.given = [pack]
    page.form.export.click()
    spin(lambda: window.workspace.jobs.idle, 60)
    assert window.trouble.shown == ""
    with zipfile.ZipFile(pack) as archive:
        held = any(KEY.encode() in archive.read(name) for name in archive.namelist())
    assert held == bool(reason)
    assert page.form.isHidden()
    digest = next(each for each in page.side.findChildren(Digest) if each.isVisible())
    next(iter(digest.findChildren(Button))).click()
    copied = QGuiApplication.clipboard().text()
    assert copied == hashlib.sha256(pack.read_bytes()).hexdigest()
    assert page.table.rows.row_at(0)[4] == copied


def _form(window, spin):
    """The page with the form of an export open; everything is examined first."""
    window.acts["pack.export"].trigger()
    spin(lambda: window.workspace.jobs.idle and window.at.packs.form.isVisible(), 60)
    assert window.workspace.session.examination().current
    return window.at.packs


def test_what_was_changed_gone_and_added_is_told_apart(
    open_window, secretive: Path, answers, tmp_path: Path, spin
) -> None:
    window = open_window(secretive)
    page = _form(window, spin)
    pack, spoilt = tmp_path / "p.zip", tmp_path / "spoilt.zip"
    page.form.copy.setChecked(True)
    assert page.form.included() == {}
    answers.given = [pack]
    page.form.export.click()
    spin(lambda: window.workspace.jobs.idle, 60)
    with zipfile.ZipFile(pack) as whole, zipfile.ZipFile(spoilt, "w") as made:
        names = whole.namelist()
        folder = names[0].partition("/")[0]
        for name in names:
            if not name.endswith("HOW_TO_CHECK.txt"):
                made.writestr(name, whole.read(name) + (b" " if name.endswith("START_HERE.html") else b""))
        made.writestr(f"{folder}/note.txt", "more")
    window.take_dropped([spoilt])
    spin(lambda: window.workspace.jobs.idle, 60)
    assert page.verdict.text().startswith("spoilt.zip. ")
    changed = {problem.path: problem.what for problem in page.checked.changed}
    assert changed["START_HERE.html"] == "changed"
    assert changed["HOW_TO_CHECK.txt"] == "removed"
    assert [problem.path for problem in page.checked.added] == ["note.txt"]
    assert 0 < page.checked.whole < len(names)


def test_a_redacted_copy_is_written_with_what_was_typed(
    open_window, case: Path, answers, tmp_path: Path, spin, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Redactions, int | None]] = []

    def export_copy(self, path, redactions, number=None, progress=None, **how):
        asked.append((redactions, number))
        return ExportReport(path, 1, "0" * 64, "1" * 64)

    monkeypatch.setattr(Session, "export_copy", export_copy)
    window = open_window(case)
    page = _form(window, spin)
    assert not page.form.redacted.isEnabled()  # A copy is one of a pack.
    page.form.redacted.setEnabled(True)
    page.form.redacted.setChecked(True)
    assert page.form.redactions.isVisible()
    assert not page.form.marks.isVisible()
    page.form.redactions.rules.setPlainText("name=Ostervik\n\nword=x")
    page.form.redactions.reason.setText("a third party")
    page.form.export.click()
    assert "no kind of redaction" in window.trouble.shown
    page.form.redactions.rules.setPlainText("name=Ostervik\ncorpus=student")
    page.form.redactions.requested_by.setText("counsel")
    answers.given = [tmp_path / "c.zip"]
    page.form.export.click()
    spin(lambda: window.workspace.jobs.idle and page.form.isHidden())
    rules = (Rule(Kind.NAME, "Ostervik", "a third party"), Rule(Kind.CORPUS, "student", "a third party"))
    assert asked == [(Redactions(rules, "counsel"), 0)]


def test_marks_of_pages_are_checked_before_anything_is_written(open_window, case: Path, spin) -> None:
    page = _form(open_window(case), spin)
    page.form.marks.legend.setText("CONFIDENTIAL")
    page.form.marks.prefix.setText("MA-")
    page.form.marks.first.setText("101")
    assert page.form.marks.marks() == PageMarks("CONFIDENTIAL", "MA-", 101)
    page.form.marks.first.setText("x")
    with pytest.raises(UsageError):
        page.form.marks.marks()


def test_an_export_is_left_when_the_form_is_closed(open_window, secretive: Path, spin) -> None:
    window = open_window(secretive)
    page = _form(window, spin)
    QTest.keyClick(page.form.export, Qt.Key.Key_Escape)
    assert page.form.isHidden()
    assert page.table.rows.rowCount() == 0
