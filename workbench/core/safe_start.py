"""What is imported, and by which processes: only what is installed, never what lies in the folder that one works in.

Python looks for modules where it was started, and so do the processes that it starts. Whoever unpacks files from
somebody else and works in their folder would run a `signal.py` that lies there. This module is loaded before the
folder is off the path: so at its top it imports nothing but what Python holds in itself.
"""

import os
import sys

_SAFE = "PYTHONSAFEPATH"
_PATH = "PYTHONPATH"


def import_what_is_installed() -> None:
    """Take the current folder, and whatever is named relative to it, off the path of this process and of its children.

    The folder of the program itself stays, so that it runs from a checkout.
    """
    start_children_safely()
    if getattr(sys, "frozen", False):
        return  # what is frozen is looked for in itself
    before = sys.path[:]
    # What is needed to tell one folder from another comes from Python's own.
    sys.path[:] = [os.__file__.rpartition(os.sep)[0]]
    from pathlib import Path

    own = Path(__file__).resolve().parents[2]
    try:
        here = Path.cwd().resolve()
    except OSError:
        here = own  # a folder that is gone holds nothing

    def stays(entry: str) -> bool:
        path = Path(entry)
        return path.is_absolute() and (path.resolve() == own or path.resolve() != here)

    sys.path[:] = filter(stays, before)
    if _PATH in os.environ:
        os.environ[_PATH] = os.pathsep.join(filter(stays, os.environ[_PATH].split(os.pathsep)))


def start_children_safely() -> None:
    """Have every Python that this process starts look for modules where they are installed alone."""
    os.environ[_SAFE] = "1"


def own_folder() -> str:
    """A folder in which nothing lies that a library would take for its settings: that of this Python."""
    return sys.prefix


def leave_the_folder() -> None:
    """Work in a folder of its own from here on: what every process does that this program has started."""
    os.chdir(own_folder())


def load_drawing_library() -> None:
    """Load Matplotlib without the settings that may lie in the folder that one works in.

    It reads a file `matplotlibrc` from there before any other, whatever that is. Paths that the user gave relative to
    that folder are not looked at meanwhile: it is done where nothing else is under way, and once.
    """
    if "matplotlib" not in sys.modules:
        from contextlib import chdir
        from importlib import import_module

        with chdir(own_folder()):
            import_module("matplotlib")
