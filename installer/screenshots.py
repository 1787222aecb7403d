"""Pictures of every page of the window, from the sample case, into `resources/screenshots`.

    python installer/screenshots.py [--out DIR] [--case CASE] [--size 1440x900] [--text 100] [--theme light] [PAGE…]

It needs no screen and no network. `--case` takes a case that is there; without it the sample case is made, its plan
locked and run. Fonts are bundled, so the pictures are alike on every machine.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QApplication

from workbench.app.exhibits.choosing import Labels
from workbench.app.session import Session
from workbench.core.exhibits import State
from workbench.core.resources import resource
from workbench.core.surroundings import Conditions
from workbench.gui.look.theme import Mode, theme
from workbench.gui.main_window import MainWindow
from workbench.gui.settings import Memory

ROOT = Path(__file__).resolve().parent.parent
BEGUN = datetime(2026, 11, 16, 9, 12, tzinfo=UTC)
PATIENCE = 120.0
PLACES = (
    "library",
    "overview",
    "corpora",
    "answers",
    "plan",
    "analyses",
    "findings/2",
    "exhibits",
    "report",
    "packs",
    "ledger",
    "settings",
    "help/glossary",
)
"""What is shown where no page is named; `findings/2` is the finding that the sample case is about."""


def main(arguments: Sequence[str]) -> int:
    """Make the pictures and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", metavar="PAGE", nargs="*", help="pages by their keys; `findings/3` is one finding")
    parser.add_argument("--out", type=Path, default=ROOT / "resources" / "screenshots")
    parser.add_argument("--case", type=Path, help="a case that is there")
    parser.add_argument("--keep", type=Path, help="keep the sample case in this folder")
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--text", type=int, default=100, help="size of texts in percent")
    parser.add_argument("--theme", choices=("light", "dark", "both"), default="both")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        case = options.case or make_case(options.keep or Path(made))
        take(case, options, Path(made))
    return 0


def conditions() -> Conditions:
    """A clock that goes by minutes, and an examiner of no place."""
    clock = count()
    return Conditions(
        lambda: BEGUN + timedelta(seconds=7 * next(clock)),
        "R. Okafor",
        "r.okafor",
        lambda: "00000000-0000-4000-8000-000000000001",
    )


def make_case(folder: Path) -> Path:
    """The sample case with its plan locked and run, and a pack of it."""
    case = folder / "marlin-chat.case"
    with Session.create(case, title="Kestrel v. Marlin", conditions=conditions()) as session:
        session.import_panel(resource("sample_case/panel.json"), "marlin-chat", "aurelia")
        session.examine()
        plan, _ = session.draft_plan()
        session.lock_plan(plan)
        session.run_plan()
        show_exhibits(session)
        session.export(folder / "marlin-chat_pack-01.zip")
    return case


def show_exhibits(session: Session) -> None:
    """Take in what the rule picks, and show two findings besides; review some."""
    names = session.exhibits.take(session.exhibits.propose())
    chart = session.exhibits.add_finding(
        2, Labels(tags=("closeness",), comment="State the envelope before the number.")
    )
    table = session.exhibits.add_finding(3, Labels(tags=("weight",)), table="calibration")
    for name in (names[0], chart):
        session.exhibits.review(name, State.CHECKED)
    session.exhibits.review(table, State.DISPUTED, "Say which drawing is which.")
    for at, name in enumerate((chart, table)):
        session.exhibits.move(name, names[at])
    session.exhibits.tag(names[0], ["passage"])
    session.exhibits.withdraw(names[1], "It says the same as the one before.")


@contextmanager
def opened(case: Path, made: Path) -> Iterator[tuple[MainWindow, Callable[[], None]]]:
    """The window on the case, and what waits until it rests."""
    application = QApplication.instance() or QApplication(["screenshots"])
    window = MainWindow(conditions(), case, memory=Memory(made / "window.ini"), log=made / "window.log")

    def settle() -> None:
        end = time.monotonic() + PATIENCE
        quiet = 0
        while quiet < 12:
            application.processEvents()
            time.sleep(0.01)
            quiet = quiet + 1 if window.workspace.jobs.idle else 0
            if time.monotonic() > end:
                raise SystemExit("The window does not come to rest.")

    window.show()
    settle()
    yield window, settle
    window.close()
    while window.isVisible():
        application.processEvents()


def save(window: MainWindow, path: Path) -> None:
    """Save what is seen; 256 colours are enough for pages that have some twenty, and a third of the size."""
    window.grab().save(str(path))
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def take(case: Path, options: argparse.Namespace, made: Path) -> None:
    """Go through the pages and save each as it is seen."""
    with opened(case, made) as (window, settle):
        width, _, height = options.size.partition("x")
        window.resize(int(width), int(height))
        modes = [mode for mode in (Mode.LIGHT, Mode.DARK) if options.theme in ("both", mode.value)]
        for mode in modes:
            theme().set(mode=mode, scale=options.text)
            for place in options.pages or PLACES:
                window.go(place)
                settle()
                window.toast.close_now()
                settle()
                path = options.out / f"{place.partition('/')[0]}-{mode.value}.png"
                save(window, path)
                sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
