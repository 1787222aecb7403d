"""What a worker does in an examination: it looks at files, prompts and answers, which it reads itself."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from workbench.app.examination.inspect_answer import inspect, secrets_of
from workbench.app.examination.secrets_in_files import search_file
from workbench.app.near import across, within
from workbench.core.progress import Progress, silent
from workbench.store import Alike, FoundSecret, Seen, Stretch, Unseen


class File(NamedTuple):
    """A file that is to be searched: its row, where it lies, and its name."""

    source: int
    path: str
    name: str


class Prompts(NamedTuple):
    """The rows of some prompts that are to be searched."""

    keys: array[int]


Task = File | Prompts | Stretch


class SeenFile(NamedTuple):
    """What was seen of a file; `whole` says whether all of its bytes could be searched."""

    file: File
    encoding: str
    whole: bool
    secrets: list[FoundSecret]


class SeenPrompts(NamedTuple):
    """What was seen of some prompts."""

    prompts: Prompts
    secrets: list[FoundSecret]


class SeenAnswers(NamedTuple):
    """What was seen of some answers, in order."""

    rows: list[Seen]
    secrets: list[FoundSecret]


Looked = SeenFile | SeenPrompts | SeenAnswers


def look(unseen: Unseen, task: Task) -> Looked:
    """Look at a file, some prompts or some answers."""
    match task:
        case File():
            return look_at_file(task)
        case Prompts():
            return _prompts(unseen, task)
        case Stretch():
            return _answers(unseen, task)


def look_at_file(file: File, progress: Progress = silent) -> SeenFile:
    """Search a file."""
    searched = search_file(Path(file.path), file.name, progress)
    secrets = [FoundSecret("source", file.source, one.member, *one.secret, one.sha256) for one in searched.secrets]
    return SeenFile(file, searched.encoding, searched.whole, secrets)


def _prompts(unseen: Unseen, prompts: Prompts) -> SeenPrompts:
    secrets = list[FoundSecret]()
    for page in unseen.prompts(prompts.keys):
        secrets += secrets_of("prompt", [key for key, _ in page], [text for _, text in page])
    return SeenPrompts(prompts, secrets)


def _answers(unseen: Unseen, stretch: Stretch) -> SeenAnswers:
    seen = SeenAnswers([], [])
    for page in unseen.answers(stretch):
        rows, secrets = inspect(page, stretch.part)
        seen.rows.extend(rows)
        seen.secrets.extend(secrets)
    return seen


class Within(NamedTuple):
    """Corpora whose answers are held against each other, each as its name and its parts."""

    corpora: list[tuple[str, list[int]]]


class Across(NamedTuple):
    """Prompts whose answers are, across corpora."""

    prompts: array[int]


class SeenAlike(NamedTuple):
    """Which answers are alike, among how many that were held against each other."""

    task: Within | Across
    answers: int
    rows: list[Alike]


def compare(unseen: Unseen, corpus_of: Mapping[int, int], task: Within | Across) -> SeenAlike:
    """Hold answers against each other; `corpus_of` tells the corpus of each part by a number."""
    if isinstance(task, Across):
        asked = unseen.on_prompts(task.prompts)
        return SeenAlike(task, len(asked), across(asked, corpus_of, unseen.texts))
    answers, rows = 0, list[Alike]()
    for _, parts in task.corpora:
        sketches = unseen.sketches(parts)
        answers += len(sketches)
        rows += within(sketches, unseen.texts)
    return SeenAlike(task, answers, rows)
