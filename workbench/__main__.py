"""The command `workbench`: alone or with a case the desktop window, with a verb the command line.

Nothing is imported at the top but what Python holds in itself: the folder that one works in may still be on the path.
"""

import os
import sys

from workbench.core.safe_start import import_what_is_installed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def main() -> int:
    """Open the window or do a verb, and return the exit code."""
    import_what_is_installed()
    import signal

    if getattr(sys, "frozen", False):
        # In a frozen program its workers begin here too, and must not become a second window.
        from multiprocessing import freeze_support

        freeze_support()
    try:
        return _done(sys.argv[1:])
    except KeyboardInterrupt:
        # While the program is still loading, or the second one while it stops.
        from workbench.cli.output import show_cancelled

        return show_cancelled(as_json="--json" in sys.argv)
    finally:
        # The interpreter's own end would be cut short by an interrupt, and the exit code with it.
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _done(arguments: list[str]) -> int:
    from pathlib import Path

    if not arguments:
        return _window(None)
    if len(arguments) == 1 and _is_case(Path(arguments[0])):
        return _window(Path(arguments[0]))
    from workbench.cli.main import run

    return run(arguments)


def _is_case(path: "Path") -> bool:
    try:
        return (path / "case.db").is_file()
    except OSError:
        return False


def _window(case: "Path | None") -> int:
    """The window; where it can't open, the help and how to get it, and exit code 2."""
    missing = _why_no_window()
    if missing:
        from workbench.cli.parser import build

        sys.stderr.write(f"{build().format_help()}\n{missing}\n")
        return 2
    from workbench.gui.start import run

    return run(case)


def _why_no_window() -> str:
    from importlib.util import find_spec

    if find_spec("PySide6") is None:
        return "The window needs the extra “desktop”: pip install 'distillation-workbench[desktop]'"
    # Qt aborts the process where there is no display, so this is asked before Qt is.
    headless = sys.platform.startswith("linux") and not (os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"})
    if headless and "QT_QPA_PLATFORM" not in os.environ:
        return "The window needs a display, and there is none here. Every verb above works without one."
    return ""


if __name__ == "__main__":
    sys.exit(main())
