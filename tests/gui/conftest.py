"""A window without a screen: any warning of Qt, any lost exception and any thread left over fails the test."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMessageLogContext, QObject, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from workbench.app.session import Session
from workbench.core.surroundings import Conditions
from workbench.gui.ask import Ask
from workbench.gui.jobs import Jobs
from workbench.gui.main_window import MainWindow
from workbench.gui.settings import Memory

_OF_THE_OFFSCREEN_PLATFORM = "This plugin does not support propagateSizeHints()"

Spin = Callable[..., None]
Windows = Callable[..., MainWindow]


class Answers(Ask):
    """Answers questions as the test says; a question that nobody expected fails the test."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.given: list[object] = []
        self.asked: list[str] = []

    def _next(self, title: str) -> object:
        self.asked.append(title)
        assert self.given, f"unexpected question: {title}"
        return self.given.pop(0)

    def files(self, title: str, filters: str = "") -> list[Path]:
        answer = self._next(title)
        assert isinstance(answer, list)
        return answer

    def file(self, title: str, filters: str = "") -> Path | None:
        answer = self._next(title)
        assert answer is None or isinstance(answer, Path)
        return answer

    def folder(self, title: str) -> Path | None:
        return self.file(title)

    def save(self, title: str, name: str, filters: str = "") -> Path | None:
        return self.file(title)

    def yes(self, title: str, question: str, *, do: str, leave: str = "Cancel", until: object = None) -> bool:
        return bool(self._next(f"{title}: {question}"))

    def reason(self, title: str, question: str, *, do: str) -> str:
        return str(self._next(title))

    def accepted(self, dialog: QDialog) -> bool:
        answer = self._next(dialog.windowTitle())
        if callable(answer):
            answer(dialog)
        dialog.deleteLater()
        return answer is not None


@pytest.fixture(scope="session")
def app() -> QApplication:
    """The one application of this process."""
    existing = QApplication.instance()
    return existing if isinstance(existing, QApplication) else QApplication(["tests"])


@pytest.fixture(autouse=True)
def nothing_unexpected(app: QApplication) -> Iterator[list[BaseException]]:
    """No Qt message, no exception that a slot lost, no thread left; a test may clear what it expected."""
    messages: list[str] = []
    lost: list[BaseException] = []

    def note(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if text != _OF_THE_OFFSCREEN_PLATFORM:
            messages.append(f"{kind.name}: {text}")

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        lost.append(error)

    before_threads = set(threading.enumerate())
    before_hook, sys.excepthook = sys.excepthook, hook
    before = qInstallMessageHandler(note)
    yield lost
    app.processEvents()
    qInstallMessageHandler(before)
    sys.excepthook = before_hook
    left = [t.name for t in set(threading.enumerate()) - before_threads if t.name.startswith(("case", "beside"))]
    assert not messages
    assert not lost
    assert not left


def _delete(objects: Sequence[QObject]) -> None:
    """Delete now and here: the garbage collector would do it in any thread, and without `exec` Qt never does."""
    for each in objects:
        each.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def spin(app: QApplication) -> Spin:
    """Lets the window live until something is so; fails when it takes too long."""

    def until(so: Callable[[], bool], seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        while not so():
            assert time.monotonic() < end, "it never came to be so"
            app.processEvents()
            time.sleep(0.002)
        app.processEvents()

    return until


@pytest.fixture
def jobs(app: QApplication) -> Iterator[Jobs]:
    """Jobs that are shut down at the end."""
    made = Jobs()
    yield made
    made.shut_down()
    _delete([made])


@pytest.fixture
def answers() -> Answers:
    """What the person in front of the screen will answer."""
    return Answers()


@pytest.fixture
def open_window(
    tmp_path: Path, conditions: Conditions, answers: Answers, spin: Spin
) -> Iterator[Callable[[Path | None], MainWindow]]:
    """Opens windows that are closed, with everything behind them, at the end."""
    made: list[MainWindow] = []

    def make(case: Path | None = None) -> MainWindow:
        window = MainWindow(
            conditions, case, memory=Memory(tmp_path / "window.ini"), ask=answers, log=tmp_path / "window.log"
        )
        window.show()
        made.append(window)
        spin(lambda: window.workspace.jobs.idle)
        return window

    yield make
    for window in made:
        window.close()
    spin(lambda: not any(window.isVisible() for window in made))
    _delete(made)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed case that holds the sample panel, with its suspect and its protected family."""
    from workbench.app.session import Session
    from workbench.core.resources import resource

    folder = tmp_path_factory.mktemp("sample") / "sample.case"
    clock = iter(datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=n) for n in range(100_000))
    conditions = Conditions(lambda: next(clock), "A. Examiner", "tester@machine", lambda: "00000000-sample")
    with Session.create(folder, title="The sample & more", conditions=conditions) as session:
        session.import_panel(resource("sample_case/panel.json"), "marlin-chat", "aurelia")
    return folder


@pytest.fixture
def case(sample: Path, tmp_path: Path) -> Path:
    """A copy of the sample case that a test may change."""
    return Path(shutil.copytree(sample, tmp_path / "copy.case"))


@pytest.fixture
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's cache in a folder that all tests of this run share."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def window(open_window, conditions, tmp_path: Path):
    """A window on an empty case, at its corpora."""
    Session.create(tmp_path / "e", title="E", conditions=conditions).close()
    made = open_window(tmp_path / "e.case")
    made.go("corpora")
    return made
