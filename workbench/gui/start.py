"""Starting the desktop application."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from workbench.core.surroundings import of_this_machine
from workbench.gui.error_dialog import catch_all
from workbench.gui.main_window import NAME, MainWindow


def run(case: Path | None) -> int:
    """Start the desktop application, on a case where one is given; returns the exit code."""
    application = QApplication([NAME])
    application.setApplicationName(NAME)
    application.setDesktopFileName("distillation-workbench")
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    # Every call of Qt into Python waits this long for a worker that computes: the usual 5 ms freeze a table.
    sys.setswitchinterval(0.0005)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    window = MainWindow(of_this_machine(), case)
    before = catch_all(window.trouble)
    window.show()
    try:
        return application.exec()
    finally:
        window.workspace.jobs.shut_down()
        sys.excepthook = before
