"""The report of an import in the window: each duplicate, and what it repeats."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtWidgets import QTabWidget

from workbench.app.session import Session
from workbench.gui.dialogs.import_report import ImportReportDialog


def test_the_report_names_each_duplicate_and_what_it_repeats(
    open_window, conditions, answers, tmp_path: Path, spin
) -> None:
    Session.create(tmp_path / "e", title="E", conditions=conditions).close()
    window = open_window(tmp_path / "e.case")
    window.go("corpora")
    answers.given = [lambda dialog: None]
    same = {"instruction": "Say 1", "output": "1.", "generator": "a", "dataset": "d"}
    path = tmp_path / "a.json"
    path.write_text(json.dumps([same, same | {"output": "2."}, *[same] * 120]), encoding="utf-8")
    window.take_dropped([path])
    spin(lambda: window.workspace.jobs.idle and bool(window.at.corpora.findChildren(ImportReportDialog)), 30)
    report = window.at.corpora.findChildren(ImportReportDialog)[-1]
    tabs = report.findChild(QTabWidget)
    (at,) = [at for at in range(tabs.count()) if "Duplicates" in tabs.tabText(at)]
    assert "the first 100 of 120" in tabs.tabText(at)
    model = tabs.widget(at).model()
    cells = [model.index(0, column).data() for column in range(3)]
    assert cells[0] == "a.json"
    assert cells[1].startswith("record 3, bytes ")
    assert cells[2].startswith("the same record as answer 1 (record 1, bytes ")
    report.close()
