"""The findings page: words, chart, tables, withdrawal."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QTabWidget

from workbench.app.requests import RunRequest
from workbench.app.session import Session
from workbench.core.model import Finding, LeftOut, LeftOutKind, Narrative
from workbench.gui.pages.findings import Shown, in_html


@pytest.fixture(scope="module")
def found(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample case with a finding of each analysis."""
    from workbench.core.surroundings import of_this_machine

    folder = Path(shutil.copytree(sample, tmp_path_factory.mktemp("found") / "found.case"))
    cache = tmp_path_factory.mktemp("cache")
    with Session.open(folder, conditions=of_this_machine("A. Examiner"), cache=cache) as session:
        session.run("fitness", RunRequest())
        session.run("closest_source", RunRequest(parameters={"replicates": 100}))
    return folder


@pytest.fixture
def page(open_window, found: Path, tmp_path: Path, spin):
    window = open_window(Path(shutil.copytree(found, tmp_path / "found.case")))
    window.go("findings")
    spin(lambda: window.workspace.jobs.idle and window.findings_page.list.rows.rowCount() == 2)
    return window.findings_page


def _tabs(tabs: QTabWidget) -> list[str]:
    return [tabs.tabText(at) for at in range(tabs.count())]


def test_the_latest_finding_is_shown_with_words_chart_and_tables(page, spin) -> None:
    stored = page.desk.workspace.session.finding(2)
    assert page.list.key() == 2
    text = page.text.toPlainText()
    assert stored.narrative.headline in text
    assert all(limit in text for limit in stored.narrative.limits)
    assert all(warning in text for warning in stored.finding.warnings)
    assert page.figure.has_chart
    assert page.save.isEnabled()
    names = [name.replace("_", " ").capitalize() for name in stored.finding.tables]
    assert _tabs(page.tabs) == ["Finding", *names, "Inputs", "Details"]


def test_another_finding_takes_its_place(page, spin) -> None:
    page.list.choose(1)
    spin(lambda: page.desk.workspace.jobs.idle)
    assert page.desk.workspace.session.finding(1).narrative.headline in page.text.toPlainText()
    assert page.figure.has_chart


def test_the_chart_is_saved_as_drawing_and_as_image(page, answers, spin, tmp_path: Path) -> None:
    for name, magic in (("a.svg", b"<?xml"), ("a.png", b"\x89PNG")):
        answers.given = [tmp_path / name]
        page.save.trigger()
        spin(lambda: page.desk.workspace.jobs.idle)
        assert (tmp_path / name).read_bytes().startswith(magic)
    assert page.window().trouble.shown == ""


def test_the_chart_follows_the_width(page, spin) -> None:
    page.window().resize(1300, 800)
    spin(lambda: True)
    wide = page.figure._label.pixmap().width()
    page.window().resize(1000, 800)
    spin(lambda: page.figure._label.pixmap().width() < wide)


def test_a_withdrawn_finding_stays_listed_and_marked(page, answers, spin) -> None:
    answers.given = ["", "wrong controls"]
    page.withdraw.trigger()
    assert page.desk.workspace.session.finding(2).withdrawn == ""
    page.withdraw.trigger()
    spin(lambda: page.desk.workspace.jobs.idle and page.list.rows.row_at(1)[-1] != "")
    assert page.list.rows.row_at(1)[-1] == "withdrawn: wrong controls"
    assert "Withdrawn: wrong controls" in page.text.toPlainText()
    assert not page.withdraw.isEnabled()


def test_words_that_this_version_would_choose_otherwise_are_not_hidden(page, spin, monkeypatch) -> None:
    from workbench.app import catalogue

    assert "otherwise" not in page.text.toPlainText()
    stored = page.desk.workspace.session.finding(2).narrative
    monkeypatch.setattr(catalogue, "narrative_of", lambda finding: Narrative(0, "Other words.", (), ()))
    page.refresh()
    spin(lambda: "otherwise" in page.text.toPlainText())
    assert stored.headline in page.text.toPlainText()
    assert "Other words." not in page.text.toPlainText()


def test_a_chart_that_can_not_be_drawn_is_said_in_its_place(page, spin, monkeypatch) -> None:
    from workbench.core.errors import UsageError

    def refuse(self: Session, number: int, out: Path) -> None:
        raise UsageError("There is no analysis “old”.")

    monkeypatch.setattr(Session, "write_figure", refuse)
    page._charts.clear()
    page.list.choose(1)
    spin(lambda: "no analysis" in page.figure._label.text())
    assert not page.figure.has_chart
    assert not page.save.isEnabled()
    assert page.window().trouble.shown == ""


def test_text_of_a_finding_can_not_become_markup() -> None:
    left_out = LeftOut("<img src=x>", LeftOutKind.OTHER, "<b>")
    finding = Finding("a", 1, "q", {}, "1", (), (left_out,), {}, {}, ("<script>\u202e",), {})
    shown = Shown(1, finding, Narrative(1, "<h1>", ("a & b",), ("<i>",)), "", "<u>", "0" * 64, 1)
    html = in_html(shown)
    for markup in ("<img", "<script", "<h1", "<i>", "<u>", "\u202e"):
        assert markup not in html
    assert "⟦U+202E⟧" in html
