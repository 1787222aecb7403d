"""The report as it will be printed: every page, in its order; and what is shown is what the pack has."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from workbench.app.requests import RunRequest
from workbench.app.session import Session


def _page(shade: int) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (760, 1075), shade).save(stream, "PNG")
    return stream.getvalue()


def test_pages_are_shown_in_their_order_and_turned(open_window, case: Path, conditions, spin, monkeypatch) -> None:
    with Session.open(case, conditions=conditions) as session:
        session.run("fitness", RunRequest())
    monkeypatch.setattr(Session, "report_pages", lambda self, dots, progress: [_page(250), _page(200), _page(150)])
    window = open_window(case)
    window.go("report")
    page = window.at.report
    spin(lambda: window.workspace.jobs.idle and len(page.pages) == 3)
    shades = [sheet.pixmap().toImage().pixelColor(9, 9).red() for sheet in page.pages]
    assert shades == [250, 200, 150]
    assert page.at.text() == "1 of 3"
    page.turn_page(2)
    assert page.at.text() == "3 of 3"
    QTest.keyClick(page.scroller, Qt.Key.Key_PageUp)
    assert page.at.text() in ("1 of 3", "2 of 3")
    monkeypatch.setattr(Session, "report_pages", lambda self, dots, progress: [_page(90)])
    window.acts["view.refresh"].trigger()
    spin(lambda: window.workspace.jobs.idle and len(page.pages) == 1)


def test_without_findings_there_is_nothing_to_print(open_window, case: Path, spin) -> None:
    window = open_window(case)
    window.go("report")
    spin(lambda: window.workspace.jobs.idle)
    assert window.at.report.pages == []
    assert window.at.report.empty.isVisible()


@pytest.mark.slow
def test_the_pages_are_those_of_the_pack(case: Path, conditions, tmp_path: Path) -> None:
    import zipfile

    with Session.open(case, conditions=conditions) as session:
        session.run("fitness", RunRequest())
        session.form_opinions()
        pages = session.report_pages(40.0)
        session.export(tmp_path / "p.zip")
    with zipfile.ZipFile(tmp_path / "p.zip") as pack:
        (name,) = [name for name in pack.namelist() if name.endswith("01_report/report.pdf")]
        pdf = pack.read(name)
    assert len(pages) == pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page/") + pdf.count(b"/Type /Page ")
