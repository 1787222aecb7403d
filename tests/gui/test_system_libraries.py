"""What a window needs of the system: named with the package that brings it, and asked before Qt can end the process."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from workbench.gui import system_libraries
from workbench.gui.system_libraries import BASE, WAYLAND, X11, missing, packages_in_words, why_no_window

DEBIAN = {"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of libraries that can't be loaded; no display is tried."""
    names: set[str] = set()
    monkeypatch.setattr(system_libraries, "_loads", lambda name: name not in names)
    monkeypatch.setattr(system_libraries, "_connects_to_x11", lambda: True)
    monkeypatch.setattr(system_libraries, "_connects_to_wayland", lambda: True)
    monkeypatch.setattr(system_libraries.sys, "platform", "linux")
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    return names


def test_all_that_is_missing_is_named_at_once(lacking: set[str]) -> None:
    assert why_no_window() == ""
    lacking |= {"libEGL.so.1", "libxcb-cursor.so.0"}
    said = why_no_window()
    assert "libEGL.so.1, libxcb-cursor.so.0" in said
    assert [one.debian for one in missing((*BASE, *X11))] == ["libegl1", "libxcb-cursor0"]


@pytest.mark.parametrize(
    ("release", "command"),
    [
        (DEBIAN, "sudo apt-get install --no-install-recommends libegl1"),
        ({"ID": "fedora"}, "sudo dnf install libglvnd-egl"),
        ({"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, "sudo dnf install libglvnd-egl"),
        ({"ID": "opensuse-tumbleweed", "ID_LIKE": "opensuse suse"}, "sudo zypper install libglvnd"),
        ({"ID": "endeavouros", "ID_LIKE": "arch"}, "sudo pacman -S libglvnd"),
    ],
)
def test_the_command_is_that_of_the_system(release: dict[str, str], command: str) -> None:
    assert packages_in_words(BASE[:1], release) == f"  {command}"


def test_for_a_system_that_is_not_known_all_four_are_named() -> None:
    said = packages_in_words([BASE[0], BASE[0]], {"ID": "void"}).splitlines()
    assert len(said) == 4
    assert said[0].endswith("install --no-install-recommends libegl1"), "each package once"


def test_of_two_displays_the_one_that_can_be_used_is(lacking: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert why_no_window() == ""
    assert "QT_QPA_PLATFORM" not in os.environ
    lacking.add("libxcb-cursor.so.0")
    assert why_no_window() == ""
    assert os.environ.pop("QT_QPA_PLATFORM") == "wayland"
    lacking.add("libwayland-client.so.0")
    assert "libxcb-cursor.so.0" in why_no_window()


def test_a_library_is_named_by_one_package_in_each_family() -> None:
    every = (*BASE, *X11, *WAYLAND)
    assert len({one.name for one in every}) == len(every)
    assert all(one.debian and one.fedora and one.suse and one.arch for one in every)
    assert missing([]) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays of X11 and Wayland")
@pytest.mark.parametrize(
    ("display", "words"),
    [
        ({"DISPLAY": ":4077"}, "can't be reached"),
        ({"QT_QPA_PLATFORM": "no-such-platform"}, "Qt can't start with QT_QPA_PLATFORM=no-such-platform"),
    ],
)
def test_no_start_ends_in_qt(display: dict[str, str], words: str) -> None:
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-m", "workbench"], env={**kept, **display}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
