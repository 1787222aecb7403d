"""Everything that is a file format, as today's code writes it: one tree of names and values, whose ends are texts."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.released.conftest import ROOT, Today, findings_in
from workbench.app import catalogue
from workbench.core.model import Role

NAMES = "*"
"""Stands for a key that is the name, the number or the hash of something in the case, and no word of the format."""

_KINDS = {str: "text", int: "number", float: "number", bool: "truth", type(None): "nothing"}
_HASH = re.compile(r"[0-9a-f]{12,64}")
_SHADOW = re.compile(r".*_(data|idx|docsize|config|content)")


def formats(today: Today) -> dict[str, Any]:
    """The whole tree."""
    names = {c["name"] for c in today.documents["corpora"][-1]["corpora"]}
    members, findings = today.members, findings_in(today.members)
    return {
        "analyses": {item["finding"]["analysis"]: _analysis(item["finding"], names=names) for item in findings},
        "finding": keys(findings[0]["finding"], names=names, depth=1),
        "calibration": keys(json.loads((ROOT / "resources" / "calibration.json").read_bytes()), names=names),
        "calibration in a finding": keys(findings[0]["finding"]["values"]["calibration"], names=names),
        "importers": sorted(info.key for info in catalogue.importers()),
        "roles": sorted(map(str, Role)),
        "ledger": _ledger(members, names),
        "plan": keys(json.loads(members["data/05_analysis/plan.json"])["versions"][0]["plan"], names=names),
        "database": _database(today.case / "case.db"),
        "backup": sorted({_pattern(n) for n in zipfile.ZipFile(today.case.with_name("backup.zip")).namelist()}),
        "pack": {
            "folder": _pattern(zipfile.ZipFile(today.pack).namelist()[0].partition("/")[0]),
            "members": sorted({_pattern(path) for path in members}),
            "columns": dict(_columns(members)),
            "keys": dict(_json_members(members, names)),
            "tags": _tags(members["bag-info.txt"]),
        },
        "documents": {v: keys(*d, names=names, depth=2) for v, d in sorted(today.documents.items())},
    }


def keys(*values: Any, names: Iterable[str] = (), depth: int | None = None) -> dict[str, str]:
    """The paths to all ends of some JSON values, each with the kinds of value that stand there."""
    found: dict[str, set[str]] = {}
    for value in values:
        for path, kind in _ends(value, set(names), depth, ""):
            found.setdefault(path, set()).add(kind)
    return {path: " or ".join(sorted(kinds)) for path, kinds in sorted(found.items())}


def _ends(value: Any, names: set[str], depth: int | None, at: str) -> Iterator[tuple[str, str]]:
    match value:
        case dict() if value and depth != 0:
            for key, inner in value.items():
                word = NAMES if key in names or _HASH.fullmatch(key) else key
                yield from _ends(inner, names, depth and depth - 1, f"{at}.{word}" if at else word)
        case list() if value:
            for inner in value:
                yield from _ends(inner, names, depth, f"{at}[]")
        case dict():
            yield at, "object"
        case list():
            yield at, "list"
        case _:
            yield at, _KINDS[type(value)]


def _analysis(finding: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """The version, the settings, the values and the tables of an analysis."""
    key = finding["analysis"]
    values = keys(finding["values"], names=names)
    return {
        "version": str(catalogue.analysis(key).version),
        "chart": catalogue.analysis(key).chart_table,
        "settings": {
            name: f"{param.default!r} of {param.choices}" if param.choices else repr(param.default)
            for info in catalogue.analyses()
            if info.key == key
            for name, param in info.params.items()
        },
        # A whole calibration stands in the findings that weigh; it is listed once.
        "values": {path: kind for path, kind in values.items() if not path.startswith("calibration.")},
        "tables": {
            name: ", ".join(f"{c['name']} ({c['kind']})" for c in table["columns"])
            for name, table in finding["tables"].items()
        },
    }


def _ledger(members: Mapping[str, bytes], names: set[str]) -> dict[str, Any]:
    """The actions that the code can write, and the fields of the lines that were written."""
    lines = [json.loads(line) for line in members["data/06_custody/audit_log.jsonl"].splitlines()]
    by_action: dict[str, list[Any]] = {}
    for line in lines:
        by_action.setdefault(line["action"], []).append({"object": line["object"], "options": line["options"]})
    return {
        "fields": sorted(lines[0]),
        "actions": sorted(actions()),
        "lines": {action: keys(*some, names=names, depth=3) for action, some in sorted(by_action.items())},
    }


def actions(root: Path = ROOT / "workbench") -> set[str]:
    """What every line of the ledger can be called.

    The first argument of each `Entry(...)` in the store's code and of each `notes.write(...)`: a text, or the name of
    one. The store's register of notes hands its callers' argument on.
    """
    texts = {path: path.read_text("utf-8") for path in sorted(root.rglob("*.py"))}
    constants = {n: t for text in texts.values() for n, t in re.findall(r'^([A-Z_]+) = "(.*)"$', text, re.MULTILINE)}
    found: set[str] = set()
    for path, text in texts.items():
        stored = "store" in path.relative_to(root).parts and "Entry(" in text
        if not stored and "notes.write(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Call(func=ast.Attribute(ast.Attribute(attr="notes"), "write"), args=[ast.Name(name), *_]):
                    found.add(constants[name])
                case ast.Call(func=ast.Name("Entry") | ast.Attribute(attr="Entry")) if not stored:
                    pass
                case ast.Call(func=ast.Name("Entry"), args=[ast.Name("action"), *_]) if path.name == "notes.py":
                    pass
                case ast.Call(func=ast.Name("Entry") | ast.Attribute(attr="Entry"), args=[ast.Name(name), *_]):
                    found.add(constants[name])
                case ast.Call(func=ast.Name("Entry") | ast.Attribute(attr="Entry"), args=[first, *_]):
                    found.add(ast.literal_eval(first))
    return found


def _database(path: Path) -> dict[str, Any]:
    """The version and every table, index and trigger; of the tables that SQLite makes for a search, the names."""
    with closing(sqlite3.connect(path)) as connection:
        numbers = {
            name: str(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("user_version", "application_id")
        }
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    searched = {name for _, name, sql in rows if sql.startswith("CREATE VIRTUAL TABLE")}
    shadows = {n for _, n, _ in rows if _SHADOW.fullmatch(n) and n.rpartition("_")[0] in searched}
    return numbers | {"schema": {f"{t} {n}": "" if n in shadows else " ".join(s.split()) for t, n, s in sorted(rows)}}


def _pattern(path: str) -> str:
    """A path with the numbers and hashes of this case taken out."""
    for number in (r"[0-9a-f]{64}", r"(?<=-)[0-9a-f]{12}(?=\.)", r"(?<=CASE-)[0-9a-f]{8}"):
        path = re.sub(number, "#", path)
    for number in (r"(?<=/F)\d{3}(?=_)", r"(?<=_)\d{2}(?=_)", r"(?:(?<=corpus-)|(?<=source-))\d{4}", r"(?<=/EX-)\d{4}"):
        path = re.sub(number, "#", path)
    return re.sub(r"(?<=pack-)\d{2}", "#", path)


def _columns(members: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The header of every sheet that is no table of a finding."""
    for path, data in members.items():
        if path.endswith(".csv") and "/tables/" not in path and "/03_charts/" not in path:
            yield path, ", ".join(next(csv.reader(io.StringIO(data.decode("utf-8-sig")))))


def _json_members(members: Mapping[str, bytes], names: set[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The keys of the JSON members, as deep as the pack itself decides them."""
    for path, data in members.items():
        if re.fullmatch(r"data/0[45]_\w+/\w+\.json", path):
            yield path, keys(json.loads(data), names=names, depth=3)
    line = members["data/04_data/normalised/corpus-0001.jsonl"].splitlines()[0]
    yield "data/04_data/normalised/corpus-#.jsonl", keys(json.loads(line), names=names)


def _tags(data: bytes) -> list[str]:
    return sorted({line.partition(":")[0] for line in data.decode().splitlines() if not line.startswith(" ")})


def flat(value: Any, at: str = "") -> set[str]:
    """A tree as a set of lines, one for each end, so that two trees can be compared line by line."""
    match value:
        case dict():
            return {line for key, inner in value.items() for line in flat(inner, f"{at} | {key}" if at else key)}
        case list():
            return {f"{at} | {inner}" for inner in value}
        case _:
            return {f"{at} = {value}"}
