"""What an audit log states about the contents of the pack that it lies in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workbench.core.documents import DOCUMENT_ADDED
from workbench.core.model import Json
from workbench.core.secrets.redaction_seal import EXAMINED

_DIGEST = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_CORPUS_ACTS = ("corpus changed", "prompts joined")


@dataclass(slots=True)
class Statements:
    """The lines of a log, and what the last of them say of findings, corpora and files as received.

    `runs` are the lines of runs by the number of their finding, `withdrawn` the reasons of withdrawals,
    `corpora` the states by name, `files` the names and sizes that were given with a file's SHA-256,
    `named` every SHA-256 in the log, `read` those of the files that a corpus came from, `begun` the options
    of the pack's own line.
    """

    lines: list[dict[str, Json]] = field(default_factory=list)
    case: Json = None
    runs: dict[int, dict[str, Json]] = field(default_factory=dict)
    withdrawn: dict[int, str] = field(default_factory=dict)
    corpora: dict[str, Json] = field(default_factory=dict)
    files: dict[str, set[tuple[str, int]]] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    begun: Json = None
    examined: Json = None
    """The options of the last examination."""
    documents: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of each file of a document, and of its words, with that of the words."""


def inside(value: Json, *names: str) -> Json:
    """What lies in nested objects under some names; None where there is nothing or no object."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def statements(lines: Iterable[bytes]) -> Statements:
    """Read the lines of a log whose chain was found sound; what is not as the workbench writes it is passed over."""
    said = Statements()
    for text in lines:
        line = json.loads(text)
        said.named.update(digest.decode() for digest in _DIGEST.findall(text))
        if isinstance(line, dict):
            said.lines.append(line)
            _take(said, line)
    return said


def _take(said: Statements, line: dict[str, Json]) -> None:
    action, options = line.get("action"), line.get("options")
    number = inside(line, "object", "finding")
    for digest, name, size in files_named(options):
        said.files.setdefault(digest, set()).add((name, size))
    if action == "case created":
        said.case = inside(line, "object", "case")
    elif action == "analysis run" and isinstance(number, int):
        said.runs[number] = line
    elif action == "finding withdrawn" and isinstance(number, int):
        said.withdrawn[number] = str(line.get("reason"))
    elif action == "export begun":
        said.begun = options
    elif action == EXAMINED:
        said.examined = options
    elif action == DOCUMENT_ADDED:
        own, words = (inside(options, *names, "sha256") for names in (("file",), ("text", "file")))
        said.documents |= {str(digest): str(words or own) for digest in (own, words) if digest}
    elif action == "file imported" or action in _CORPUS_ACTS:
        _take_corpora(said, options)


def _take_corpora(said: Statements, options: Json) -> None:
    source = inside(options, "source", "sha256")
    if isinstance(source, str):
        said.read.add(source)
    several = inside(options, "corpora")
    states = [inside(item, "corpus") for item in several] if isinstance(several, list) else [inside(options, "corpus")]
    for state in states:
        name = inside(state, "name")
        if isinstance(name, str):
            said.corpora[name] = state


def files_named(value: Json) -> Iterator[tuple[str, str, int]]:
    """SHA-256, name and size of every file that a value of a line speaks of."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            digest, name, size = item.get("sha256"), item.get("name"), item.get("size")
            if isinstance(digest, str) and isinstance(name, str) and isinstance(size, int):
                yield digest, name, size
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
