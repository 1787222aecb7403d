"""The rules of the house that no linter holds: no circles, no words that people stumble over."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ROOT / "workbench"

INSTEAD = {
    "anew": "again",
    "nobody": "no one, or the actor by name",
    "nought": "zero",
    "heedless": "without",
    "strewn": "among others",
    "veiled": "masked",
    "by form": "by its format",
}
"""Words that readers stumbled over, each with what to say instead."""

TEXTS = ("workbench/**/*.py", "installer/**/*.py", "resources/report/*", "docs/*.md", "README.md", "CHANGELOG.md")

RELEASED = {
    "at_nought": "a key in stored findings of `power`",
    "never no nobody": "a word list of the function words: it counts words of answers",
    "draw anew the prompts": "a sentence of findings of `weigh`",
    "drawing the prompts anew": "sentences and charts of findings",
    "prompts drawn anew": "a sentence of findings of `closest_source`",
    "drawing prompts anew": "a sentence of reports",
    "can be computed anew": "a sentence of reports",
    "were drawn anew": "a sentence of validation reports",
    "was built anew": "sentences of packs of rescued cases",
    "all is looked at anew": "a sentence of findings of `fitness`",
    "exonerates nobody": "a limit of `power`",
    "nobody: paraphrase": "a limit of `power`",
    "that nobody": "sentences of reports",
    "above nought": "a limit of `did`",
    "makes the lists anew": "a sentence of packs",
}
"""Old words in what is released, each with where: stored findings and packs of today are rebuilt byte for byte."""


def module_of(path: Path) -> str:
    """The dotted name of a module by its file."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports() -> dict[str, set[str]]:
    """Which modules each module imports by name, inside functions and for types too."""
    files = {module_of(path): path for path in sorted(HOUSE.rglob("*.py"))}
    found: dict[str, set[str]] = {}
    for name, path in files.items():
        into: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                into.update(alias.name for alias in node.names if alias.name in files)
            elif isinstance(node, ast.ImportFrom) and node.module in files:
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    into.add(inner if inner in files else node.module)
        found[name] = into - {name}
    return found


def circles(of: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that import each other in a circle (Tarjan's strongly connected components)."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for into in sorted(of[name]):
            if into not in order:
                visit(into)
                low[name] = min(low[name], low[into])
            elif into in stack:
                low[name] = min(low[name], order[into])
        if low[name] == order[name]:
            at = stack.index(name)
            group, stack[at:] = stack[at:], []
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(of):
        if name not in order:
            visit(name)
    return found


def test_the_search_for_circles_finds_one() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


def test_no_module_imports_another_in_a_circle() -> None:
    assert circles(imports()) == []


@pytest.fixture(scope="module")
def lines() -> list[tuple[str, str]]:
    """Every line of code and text that people read, less what is released, with where it stands."""
    kept = re.compile("|".join(map(re.escape, RELEASED)))
    return [
        (f"{path.relative_to(ROOT)}:{number}", kept.sub("", line))
        for pattern in TEXTS
        for path in sorted(ROOT.glob(pattern))
        if path.is_file() and path.suffix in {".py", ".md", ".txt", ".typ", ".html"}
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
    ]


@pytest.mark.parametrize("word", INSTEAD)
def test_nothing_says_what_people_stumble_over(word: str, lines: list[tuple[str, str]]) -> None:
    form = re.compile(rf"(?<![a-z]){word.replace(' ', '[ _]')}(?![a-z])", re.IGNORECASE)
    bad = [f"{place}: {line.strip()}" for place, line in lines if form.search(line)]
    assert bad == [], f"say “{INSTEAD[word]}”"
