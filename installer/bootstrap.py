"""Set up the workbench on a fresh machine, with nothing but Python's standard library.

    python3 installer/bootstrap.py demo [DIR]             install, run the main job on the sample case
    python3 installer/bootstrap.py desktop [--remove]     install with the window, and put it into your menu
    python3 installer/bootstrap.py test [--slow|--bench] [PYTEST ARGUMENTS]
    python3 installer/bootstrap.py bundle DIR             fetch everything for a laptop without a network
    python3 installer/bootstrap.py install --from DIR     install from such a folder, without a network
    python3 installer/bootstrap.py pins                   pin the newest packages that pyproject.toml allows
    python3 installer/bootstrap.py audit                  look for published weaknesses of the pinned packages

It makes `.venv` beside this checkout and nothing else on the machine, except that `desktop` writes a menu entry and an
icon of this user, and that `desktop`, `test` and a missing python3-venv may install system packages where it runs as
root on Debian or Ubuntu.
"""

# Any Python 3.6 must be able to read this file, to be told in words what it lacks.

import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWEST = (3, 13)


def other_python():
    # type: () -> str
    """The path of a Python on this machine that fits, or nothing."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        # A version manager's shim may stand there for a Python that is not.
        if found and subprocess.call([found, "-I", "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return found
    return ""


def main():
    # type: () -> int
    """Do the verb with this Python, or with one that fits, and return the exit code."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        # Where PYTHONSAFEPATH is set, Python does not look for modules beside the script by itself.
        sys.path.insert(0, str(Path(__file__).resolve().parent))
        from verbs import run

        return run(sys.argv[1:])
    here = ".".join(map(str, sys.version_info[:3]))
    wanted = f"Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}"
    found = other_python()
    if found:
        sys.stderr.write(f"This is Python {here}; the workbench needs {wanted}, so {found} is used.\n")
        sys.stderr.flush()
        os.execv(found, [found, *sys.argv])
    sys.stderr.write(
        f"This is Python {here}; the workbench needs {wanted}, and none was found here.\n"
        "Install one (from your system's packages or from python.org) and run, for example:\n"
        f"  python3.{NEWEST[1]} {' '.join(sys.argv)}\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
