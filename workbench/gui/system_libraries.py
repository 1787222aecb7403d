"""Whether a window can open here, asked before Qt is: it ends the process where a library or a display is missing.

Nothing of Qt is imported here.
"""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_TRIAL = 30
"""Seconds that a trial start may take."""


@dataclass(frozen=True, slots=True)
class Library:
    """A library of the system that Qt loads, and the package that brings it: Debian, Fedora, openSUSE, Arch."""

    name: str
    debian: str
    fedora: str
    suse: str
    arch: str


BASE = (
    Library("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd", "libglvnd"),
    Library("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd", "libglvnd"),
    Library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon0", "libxkbcommon"),
    Library("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "libdbus-1-3", "dbus"),
    Library("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig", "fontconfig"),
    Library("libfreetype.so.6", "libfreetype6", "freetype", "libfreetype6", "freetype2"),
    Library("libglib-2.0.so.0", "libglib2.0-0", "glib2", "libglib-2_0-0", "glib2"),
    Library("libgthread-2.0.so.0", "libglib2.0-0", "glib2", "libgthread-2_0-0", "glib2"),
)
"""What every window needs."""

X11 = (
    Library("libX11.so.6", "libx11-6", "libX11", "libX11-6", "libx11"),
    Library("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb", "libX11-xcb1", "libx11"),
    Library("libxcb.so.1", "libxcb1", "libxcb", "libxcb1", "libxcb"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "libxcb-cursor0", "xcb-util-cursor"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "libxcb-icccm4", "xcb-util-wm"),
    Library("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "libxcb-image0", "xcb-util-image"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "libxcb-keysyms1", "xcb-util-keysyms"),
    Library(
        "libxcb-render-util.so.0",
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "libxcb-render-util0",
        "xcb-util-renderutil",
    ),
    Library("libxcb-util.so.1", "libxcb-util1", "xcb-util", "libxcb-util1", "xcb-util"),
    *(
        Library(f"libxcb-{part}.so.{number}", f"libxcb-{part}{number}", "libxcb", f"libxcb-{part}{number}", "libxcb")
        for part, number in (
            ("randr", 0),
            ("render", 0),
            ("shape", 0),
            ("shm", 0),
            ("sync", 1),
            ("xfixes", 0),
            ("xkb", 1),
        )
    ),
    Library(
        "libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11-0", "libxkbcommon-x11"
    ),
)
"""What a window on X11 needs besides; desktops of Wayland bring an X11 along."""

WAYLAND = tuple(
    Library(
        f"libwayland-{part}.so.{number}",
        f"libwayland-{part}{number}",
        f"libwayland-{part}",
        f"libwayland-{part}{number}",
        "wayland",
    )
    for part, number in (("client", 0), ("cursor", 0), ("egl", 1))
)
"""What a window on Wayland needs besides."""

_FAMILIES: tuple[tuple[str, str, Callable[[Library], str]], ...] = (
    ("debian", "sudo apt-get install --no-install-recommends", lambda one: one.debian),
    ("ubuntu", "sudo apt-get install --no-install-recommends", lambda one: one.debian),
    ("fedora", "sudo dnf install", lambda one: one.fedora),
    ("rhel", "sudo dnf install", lambda one: one.fedora),
    ("suse", "sudo zypper install", lambda one: one.suse),
    ("opensuse", "sudo zypper install", lambda one: one.suse),
    ("arch", "sudo pacman -S", lambda one: one.arch),
)


def missing(wanted: Iterable[Library]) -> list[Library]:
    """Those libraries that can't be loaded; what the package of Qt brings along is not asked of the system."""
    own = _own_libraries()
    return [one for one in wanted if not (own / one.name).exists() and not _loads(one.name)]


def _own_libraries() -> Path:
    spec = find_spec("PySide6")
    return Path(spec.origin).parent / "Qt" / "lib" if spec is not None and spec.origin else Path()


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def packages_in_words(lacking: Iterable[Library], release: Mapping[str, str] | None = None) -> str:
    """Which command brings what is lacking, on this system; of a system that is not known, all four."""
    found = list(lacking)
    known = _families(_release() if release is None else release)
    lines = {
        command: " ".join(dict.fromkeys(package(one) for one in found))
        for family, command, package in _FAMILIES
        if not known or family in known
    }
    return "\n".join(f"  {command} {packages}" for command, packages in lines.items())


def _release() -> Mapping[str, str]:
    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}


def _families(release: Mapping[str, str]) -> set[str]:
    """Of which families a system is, by its own word; empty for one that is not known."""
    own = [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
    words = {part for name in own for part in (name.casefold(), name.casefold().partition("-")[0])}
    return words & {family for family, _, _ in _FAMILIES}


def why_no_window() -> str:
    """Why no window can open here, and what to do about it; empty where one can.

    Where only one of two displays can be used, Qt is told to use that.
    """
    if find_spec("PySide6") is None:
        return "The window needs the extra “desktop”: pip install 'distillation-workbench[desktop]'"
    if not sys.platform.startswith("linux"):
        return ""
    lacking = missing(BASE)
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    if wanted:
        return _lacks(lacking) if lacking else _why_not(wanted)
    displays = [name for name, variable in _DISPLAYS if os.environ.get(variable)]
    if not displays:
        return "The window needs a display, and there is none here. Every verb above works without one."
    if lacking:
        return _lacks([*lacking, *(one for name in displays for one in missing(_NEEDS[name]))])
    reasons = {name: _why_not(name) for name in displays}
    usable = [name for name, why in reasons.items() if not why]
    if usable and len(usable) < len(displays):
        os.environ["QT_QPA_PLATFORM"] = usable[0]
    return "" if usable else next(iter(reasons.values()))


_DISPLAYS = (("xcb", "DISPLAY"), ("wayland", "WAYLAND_DISPLAY"))
_NEEDS = {"xcb": X11, "wayland": WAYLAND}


def _why_not(name: str) -> str:
    """Why a window can't open on what Qt calls a platform."""
    if name in _NEEDS:
        lacking = missing(_NEEDS[name])
        if lacking:
            return _lacks(lacking)
        connects = _connects_to_x11 if name == "xcb" else _connects_to_wayland
        variable = next(variable for own, variable in _DISPLAYS if own == name)
        said = os.environ.get(variable, "")
        return "" if connects() else f"The display that {variable} names ({said or 'none'}) can't be reached from here."
    return "" if name == "offscreen" or _starts() else f"Qt can't start with QT_QPA_PLATFORM={name}."


def _lacks(lacking: Iterable[Library]) -> str:
    found = list(lacking)
    names = ", ".join(one.name for one in found)
    return f"The window needs libraries that this system lacks: {names}.\n{packages_in_words(found)}"


def _connects_to_x11() -> bool:
    library = ctypes.CDLL("libxcb.so.1")
    library.xcb_connect.restype = ctypes.c_void_p
    library.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_int)]
    library.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    library.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = library.xcb_connect(None, None)
    fails = bool(library.xcb_connection_has_error(connection))
    library.xcb_disconnect(connection)
    return not fails


def _connects_to_wayland() -> bool:
    library = ctypes.CDLL("libwayland-client.so.0")
    library.wl_display_connect.restype = ctypes.c_void_p
    library.wl_display_connect.argtypes = [ctypes.c_char_p]
    library.wl_display_disconnect.argtypes = [ctypes.c_void_p]
    connection = library.wl_display_connect(None)
    if connection:
        library.wl_display_disconnect(connection)
    return bool(connection)


def _starts() -> bool:
    """Whether Qt starts at all, tried in a process of its own: it may end that one."""
    program = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", program],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TRIAL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
