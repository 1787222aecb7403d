"""Fixtures that all tests share."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from workbench.core.surroundings import Conditions

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also run kill loops, fuzzing and whole journeys")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real answers beside the repository; tests that need it skip where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not (folder / "panel" / "panel.json").exists():
        pytest.skip("the shared folder of real answers is not beside this checkout")
    return folder


def ticking() -> Conditions:
    """A clock that starts at one moment and advances a second a look, a fixed examiner, numbered case ids."""
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    ticks, numbers = count(), count(1)
    return Conditions(
        lambda: start + timedelta(seconds=next(ticks)),
        "A. Examiner",
        "tester@machine",
        lambda: f"00000000-0000-4000-8000-{next(numbers):012d}",
    )


@pytest.fixture
def conditions() -> Conditions:
    """Surroundings that are the same in every run."""
    return ticking()


@pytest.fixture
def small_panel(tmp_path: Path) -> Path:
    """A panel manifest of nine invented models with forty answers each."""
    from tests.app_corpora import write_panel

    return write_panel(tmp_path / "panel")
