"""The entry of the workbench in the user's menu, with its icon, as freedesktop.org wants them; and their removal."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from words import SetupError

NAME = "distillation-workbench"
_OURS = "X-Distillation-Workbench=bootstrap"
"""The line by which an entry is known to be ours."""


def data_home() -> Path:
    """Where the entries of this user are; a path that is not absolute is not used, as the standard says."""
    given = os.environ.get("XDG_DATA_HOME", "")
    return Path(given) if given.startswith("/") else Path.home() / ".local" / "share"


def entry_file() -> Path:
    """The file of the entry."""
    return data_home() / "applications" / f"{NAME}.desktop"


def icon_file() -> Path:
    """The file of the icon."""
    return data_home() / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg"


def write_entry(command: Path, icon: Path) -> list[Path]:
    """Write the entry and its icon; returns what was written.

    Raises SetupError where a file of that name is not ours, and where nothing can be written.
    """
    entry, picture = entry_file(), icon_file()
    _require_ours(entry)
    _put(picture, icon.read_bytes())
    _put(entry, _entry(command).encode("utf-8"))
    return [entry, picture]


def remove_entry() -> list[Path]:
    """Remove entry and icon; returns what was removed. Raises SetupError where the entry is not ours."""
    entry, picture = entry_file(), icon_file()
    _require_ours(entry)
    # The icon first: while the entry is there, what is left is known for ours.
    found = [path for path in (picture, entry) if path.is_file() and not path.is_symlink()]
    for path in found:
        try:
            path.unlink()
        except OSError as error:
            raise SetupError(f"{path} can't be removed: {error.strerror}.", "Remove it by hand.") from error
    return found


def _require_ours(entry: Path) -> None:
    if not entry.exists() and not entry.is_symlink():
        return
    try:
        ours = not entry.is_symlink() and _OURS in entry.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        ours = False
    if not ours:
        raise SetupError(
            f"{entry} was not made by this set-up, so it is left alone.", "Move it aside and run this again."
        )


def _entry(command: Path) -> str:
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.0",
        "Name=Distillation Workbench",
        "GenericName=Forensic comparison of language models",
        "Comment=Test whether one language model was trained on another's answers",
        f"Exec={_quoted(command)}",
        f"TryExec={_plain(command)}",
        f"Icon={NAME}",
        "Terminal=false",
        "Categories=Science;",
        "StartupWMClass=Distillation Workbench",
        _OURS,
    ]
    return "\n".join(lines) + "\n"


def _plain(command: Path) -> str:
    """A path as the value of a key; raises SetupError for one that no entry can hold."""
    said = str(command)
    if not said.isprintable():
        raise SetupError(
            f"{said!r} holds characters that a menu entry can't.", "Move the checkout to a plainer folder."
        )
    return said.replace("\\", "\\\\")


def _quoted(command: Path) -> str:
    """The same as a word of the key Exec: quoted, and signs that mean something there escaped."""
    said = "".join(f"\\{sign}" if sign in '"`$\\' else sign for sign in str(command)).replace("%", "%%")
    return '"' + _plain(Path(said)) + '"'


def _put(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all; a link is replaced and not followed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{NAME}-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(part).chmod(0o644)
            Path(part).replace(path)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as error:
        raise SetupError(
            f"{path} can't be written: {error.strerror}.", "Is XDG_DATA_HOME a folder of yours?"
        ) from error
