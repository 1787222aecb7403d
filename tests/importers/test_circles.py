"""No modules import each other in a circle, lazily or for types alone."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def imported(file: Path, modules: dict[str, Path]) -> set[str]:
    """The modules among these that a file imports, at any level."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update(inner & modules.keys())
            # What a package's own face offers is not counted as an import of the package.
            found.update({node.module} if inner - modules.keys() else set())
    return found & modules.keys()


@pytest.mark.parametrize("room", ["importers", "app/importing"])
def test_no_circle_of_imports(room: str) -> None:
    files = [file for file in (ROOT / "workbench" / room).rglob("*.py") if file.name != "__init__.py"]
    modules = {".".join(file.relative_to(ROOT).with_suffix("").parts): file for file in files}
    graph = {name: imported(file, modules) for name, file in modules.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(files)
