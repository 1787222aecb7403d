"""The set-up's modules, which lie beside the program and not in a package."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = (
    "words", "system", "pip_runs", "environment", "pins", "other_program", "desktop_entry", "verbs", "bootstrap",
)  # fmt: skip


class Setup:
    """The set-up's modules by name."""

    def __init__(self) -> None:
        for name in NAMES:
            setattr(self, name, load(name))

    def __getattr__(self, name: str) -> ModuleType:
        raise AttributeError(name)


def load(name: str) -> ModuleType:
    return importlib.import_module(name)


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch) -> Iterator[Setup]:
    monkeypatch.syspath_prepend(str(ROOT / "installer"))
    yield Setup()
    for name in NAMES:
        sys.modules.pop(name, None)
