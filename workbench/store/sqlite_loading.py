"""The library under the store, loaded without what it would bring along."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Absent(MetaPathFinder):
    """Says of some modules that they are not installed."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Nothing for other modules; raises ModuleNotFoundError for these."""
        if fullname in self._names:
            raise ModuleNotFoundError(fullname, name=fullname)
        return None


@contextmanager
def _without(*names: str) -> Iterator[None]:
    absent = _Absent(*names)
    sys.meta_path.insert(0, absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)


# sqlite-utils imports pandas wherever it is installed: 60 MB and half a second for every command, and never used here.
with _without("pandas"):
    from sqlite_utils import Database

__all__ = ["Database"]
