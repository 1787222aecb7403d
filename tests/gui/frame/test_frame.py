"""What stands round every page: sidebar, palette, history, toasts, banners, foot, focus."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from workbench.gui.frame.banners import Banner
from workbench.gui.frame.command_palette import Offer, matching
from workbench.gui.frame.foot import time_left
from workbench.gui.frame.history import History
from workbench.gui.frame.sidebar import FOLDED, WIDE, letters_of
from workbench.gui.look.theme import theme

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def test_the_sidebar_counts_what_is_in_the_case(open_window, case: Path) -> None:
    window = open_window(case)
    counts = window.sidebar.view.rows.counts
    assert counts["corpora"] == "28"
    assert counts["answers"] == "3,360"
    assert window.sidebar.case.text() == "The sample & more"
    assert window.foot.ledger.text().startswith("Ledger whole, ")


def test_the_sidebar_is_walked_with_arrows_and_skips_headings(open_window, case: Path) -> None:
    window = open_window(case)
    view = window.sidebar.view
    view.setFocus()
    for key in ("corpora", "answers"):
        QTest.keyClick(view, Qt.Key.Key_Down)
        assert window.page.key == key


def test_every_entry_of_the_sidebar_leads_somewhere(open_window, case: Path) -> None:
    window = open_window(case)
    shown = [entry.key for entry in window.sidebar.view.rows.entries if entry.key]
    assert len(shown) > 8
    for key in shown:
        window.go(key)
        assert window.page.key == key


def test_the_sidebar_folds_so_that_the_page_keeps_its_width(open_window, case: Path) -> None:
    window = open_window(case)
    for width, wanted in ((1440, WIDE), (1280, FOLDED), (1440, WIDE)):
        window.resize(width, 720)
        assert window.sidebar.width() == theme().px(wanted)


def test_back_and_forward_walk_through_pages_with_what_was_shown(open_window, case: Path, spin) -> None:
    window = open_window(case)
    for key in ("corpora", "ledger", "packs"):
        window.go(key)
    window.acts["view.back"].trigger()
    window.acts["view.back"].trigger()
    assert window.page.key == "corpora"
    window.acts["view.forward"].trigger()
    assert window.page.key == "ledger"
    window.go("corpora")
    assert not window.acts["view.forward"].isEnabled()
    spin(lambda: window.workspace.jobs.idle)


def test_a_history_forgets_what_lay_ahead() -> None:
    history = History()
    for place in ("a", "b", "b", "c"):
        history.visit(place)
    assert history.walk(-1) == "b"
    assert history.walk(-1) == "a"
    assert history.walk(-1) == ""
    history.visit("d")
    assert not history.can(1)
    history.settle("d/1")
    assert (history.here, history.walk(-1)) == ("d/1", "a")


def test_the_palette_finds_models_and_says_what_can_be_done_with_them(open_window, case: Path, spin) -> None:
    window = open_window(case)
    before = window.focusWidget()
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    assert window.palette_.isVisible()
    QTest.keyClicks(window.palette_.field, "wrack")
    offers = window.palette_.offers()
    assert offers[0].said == "wrack-7b-chat"
    assert any(offer.said == "Compare wrack-7b-chat with marlin-chat" for offer in offers)
    assert any("in 3,360 answers" in offer.said for offer in offers)
    QTest.keyClick(window.palette_.field, Qt.Key.Key_Return)
    assert not window.palette_.isVisible()
    assert window.page.key == "corpora"
    window.open_palette()
    QTest.keyClick(window.palette_.field, Qt.Key.Key_Escape)
    assert before is None or window.focusWidget() is not window.palette_.field
    spin(lambda: window.workspace.jobs.idle)


def test_the_best_fit_comes_first() -> None:
    offers = [Offer("g", said, print) for said in ("one ledger", "the ledger", "ledger")]
    assert next(offer.said for offer in matching(offers, "ledger")) == "ledger"
    assert matching(offers, "lost") == []


def test_a_toast_offers_to_undo_and_so_does_the_key(open_window, case: Path) -> None:
    window = open_window(case)
    undone: list[int] = []
    window.say("eskmere is set aside.", lambda: undone.append(1))
    assert window.toast.isVisible()
    window.toast.undo.click()
    assert undone == [1]
    assert not window.toast.isVisible()
    window.say("again", lambda: undone.append(2))
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert undone == [1, 2]
    assert not window.acts["edit.undo"].isEnabled()


def test_a_banner_stays_until_it_was_decided(open_window, case: Path) -> None:
    window = open_window(case)
    done: list[str] = []
    banner = Banner(
        "import", "The import stopped.", "412 answers are safe.", buttons=(("Go on", lambda: done.append("x")),)
    )
    window.banners.show_banner(banner)
    (button,) = [b for b in window.banners.findChildren(QPushButton) if b.text() == "Go on"]
    button.click()
    assert done == ["x"]
    (close,) = [b for b in window.banners.findChildren(QPushButton) if b.accessibleName() == "Close this notice"]
    close.click()
    window.banners.show_banner(banner)
    assert not window.banners.isVisible(), "a banner that was closed comes back by itself"


def test_the_foot_says_what_runs_and_how_long(open_window, case: Path, spin) -> None:
    window = open_window(case)
    assert not window.foot.bar.isVisible()
    gate = threading.Event()
    window.workspace.do("Examining", lambda session, progress: gate.wait(10))
    assert window.foot.bar.isVisible()
    assert window.foot.title.text() == "Examining"
    gate.set()
    spin(lambda: window.workspace.jobs.idle)
    assert [time_left(seconds) for seconds in (None, 0.2, 59.0, 360.0, 5400.0)] == [
        "",
        "about 1 s left",
        "about 59 s left",
        "about 6 min left",
        "about 1.5 h left",
    ]


def test_whatever_has_the_focus_wears_a_ring(open_window, case: Path, app) -> None:
    window = open_window(case)
    window.activateWindow()
    window.search.setFocus()
    app.processEvents()
    assert window.ring.isVisible()
    assert window.ring.width() >= min(window.search.width(), window.width()) - 4
    window.sidebar.view.setFocus()
    app.processEvents()
    assert not window.ring.isVisible()


def test_texts_can_be_made_larger_with_keys(open_window, case: Path) -> None:
    window = open_window(case)
    window.acts["view.larger"].trigger()
    assert theme().scale == 110
    assert window.memory.text("text") == "110"
    window.acts["view.normal"].trigger()
    assert theme().scale == 100


def test_letters_of_a_case() -> None:
    assert [letters_of(title) for title in ("Marlin and Aurelia", "one", "")] == ["MA", "O", ""]
