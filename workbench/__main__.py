"""The command `workbench`: alone or with a case the desktop window, with a verb the command line.

Nothing is imported at the top but what Python holds in itself: the folder that one works in may still be on the path.
"""

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
    from workbench.gui.system_libraries import why_no_window

    why_not = why_no_window()
    if not why_not:
        try:
            from workbench.gui.start import run
        except ImportError as error:
            why_not = f"Qt can't be loaded: {error}. `python3 installer/bootstrap.py desktop` says what it lacks."
        else:
            return run(case)
    from workbench.cli.parser import build

    sys.stderr.write(f"{build().format_help()}\n{why_not}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
