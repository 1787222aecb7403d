"""The main job through the window: new case, import, run, findings, export, verify."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.conftest import ticking
from workbench.cli.main import run
from workbench.core.resources import resource
from workbench.gui.dialogs.import_files import PanelDialog
from workbench.gui.dialogs.import_report import ImportReportDialog
from workbench.gui.dialogs.new_case import NewCaseDialog


def test_the_main_job(open_window, answers, spin, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    window = open_window()

    def idle() -> None:
        spin(lambda: window.workspace.jobs.idle, 60)
        assert window.trouble.shown == ""

    def name_it(dialog: NewCaseDialog) -> None:
        dialog.case_title.setText("Journey")
        dialog.name.setText("journey")
        dialog.place.setText(str(tmp_path))
        dialog.examiner.setText("A. Examiner")

    answers.given = [name_it]
    window.acts["case.new"].trigger()
    idle()

    def roles(dialog: PanelDialog) -> None:
        dialog.suspect.setText("marlin-chat")
        dialog.protected.setText("aurelia")

    window.go("corpora")
    answers.given = [[resource("sample_case/panel.json")], roles]
    window.at.corpora.import_.trigger()
    idle()
    window.at.corpora.findChildren(ImportReportDialog)[-1].close()

    window.go("analyses")
    idle()
    page = window.at.analyses
    page.show_item("closest_source")
    page.run.trigger()
    idle()
    page.run.trigger()
    idle()
    window.go("findings/1")
    idle()
    assert window.stack.currentWidget() is window.at.findings
    assert window.at.findings.item() == "1"
    assert window.at.findings.picture.canvas.marks()
    assert "marlin-chat" in window.at.findings.sentence.text()

    pack, again = tmp_path / "journey_pack-01.zip", tmp_path / "again.zip"
    window.go("packs")
    answers.given = [pack]
    window.at.packs.export.trigger()
    idle()
    window.at.packs.form.export.click()
    idle()
    assert window.at.packs.table.rows.row_at(0)[0] == 1
    assert zipfile.is_zipfile(pack)

    answers.given = [again]
    window.at.packs.rebuild.trigger()
    idle()
    assert again.read_bytes() == pack.read_bytes()

    answers.given = [pack]
    window.at.packs.verify_file.trigger()
    idle()
    assert "The pack is whole" in window.at.packs.verdict.text()
    window.at.packs.verify_case.trigger()
    idle()
    assert "The case is whole" in window.at.packs.verdict.text()
    actions = [line.action for line in window.workspace.session.ledger()]
    assert actions[0] == "case created"
    assert len(actions) > 30
    assert _by_command_line(tmp_path / "typed", capsys) == pack.read_bytes()


def _by_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> bytes:
    """The pack that the same verbs give when they are typed, at the same injected times."""
    folder.mkdir()
    case, pack = folder / "journey.case", folder / "pack.zip"
    panel = resource("sample_case/panel.json")
    conditions = ticking()
    for words in (
        ["new", case, "--title", "Journey"],
        ["import", case, panel, "--suspect", "marlin-chat", "--protected", "aurelia"],
        ["run", case, "closest_source"],
        ["export", case, pack],
    ):
        assert run([str(word) for word in words], conditions) == 0, capsys.readouterr().err
    return pack.read_bytes()
