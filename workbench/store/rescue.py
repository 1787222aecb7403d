"""Rescue: a case rebuilt from its originals and the mirror of its ledger, when the database is gone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.core.errors import CaseError, WorkbenchError
from workbench.core.model import CorpusFacts, Json, Rejected, Response, Role, Source
from workbench.core.plan import LOCKED
from workbench.core.progress import Progress, silent
from workbench.core.surroundings import Conditions
from workbench.store import opening
from workbench.store.case import Case
from workbench.store.disk_state import Place, called, in_words
from workbench.store.ledger import MIRROR, LedgerLine, broken_links, whole
from workbench.store.rows import facts_from_json, source_json
from workbench.store.vault import ORIGINAL_NAME, Vault

Read = Callable[[Path, str, str, Json], Iterator[Response | Rejected | CorpusFacts]]
"""Reads a source again: where its bytes are, its name, the importer's key, and the import's options."""

ReadPrompts = Callable[[Path, str], Iterable[tuple[str, str]]]
"""Reads a file of prompts again, as pairs of key and text."""


@dataclass(frozen=True, slots=True)
class Rescued:
    """What a rescue came to: how many verbs were replayed, and what could not be had again, in words."""

    replayed: int
    lost: tuple[str, ...]


def rescue(
    folder: Path,
    new: Path,
    conditions: Conditions,
    progress: Progress = silent,
    *,
    read: Read,
    read_prompts: ReadPrompts | None = None,
) -> Rescued:
    """Rebuild the case in another folder; it appears whole or not at all.

    Findings and packs can't be computed here: they are listed as lost, in the result and in the line
    “case rescued”. The old ledger is kept among the originals. Raises CaseError when the mirror is gone.
    """
    with in_words(new):
        if new.exists():
            raise CaseError(f"{called(new)} exists already.", hint="Choose another name.")
        if not new.parent.is_dir():
            raise CaseError(f"There is no folder {new.parent} to make {called(new)} in.")
    held = _mirror(folder)
    seen: set[str] = set()
    broken = [words for _, words in broken_links(held, seen)]
    lines = [line for line in map(whole, held) if line is not None]
    if not lines or lines[0].action != "case created":
        raise CaseError(f"The ledger in {folder.name} tells of no case that could be rescued.")
    with in_words(new), tempfile.TemporaryDirectory(dir=new.parent, prefix=".rescue-") as work:
        draft = Path(work) / new.name
        born = lines[0].options
        opening.make(draft, born["title"], conditions, {"id": born["id"], "examiner": born["examiner"]})
        with Case.open(draft, conditions=conditions, writing=True) as case:
            replay = _Replay(case, folder, read, read_prompts)
            replay.take_originals(lines)
            for number, line in enumerate(lines, 1):
                replay.one(line)
                progress(number / (len(lines) + 1), "rescuing")
            replay.conclude(folder / MIRROR, lines, broken)
        draft.rename(new)
    progress(1.0, "rescued")
    return Rescued(replay.replayed, tuple(replay.lost))


def _mirror(folder: Path) -> list[str]:
    try:
        return (folder / MIRROR).read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CaseError(
            f"There is no {MIRROR} in {folder}: without the ledger no case can be rescued.",
            hint="Check the path, or look for a backup of the case.",
        ) from error
    except OSError as error:
        raise CaseError(f"{MIRROR} in {folder} can't be read: {error.strerror}.", hint="Check the path.") from error


class _Replay:
    """The verbs of an old ledger, done again in a new case."""

    def __init__(self, case: Case, old: Path, read: Read, read_prompts: ReadPrompts | None) -> None:
        self.replayed = 0
        self.lost: list[str] = []
        self._case = case
        self._old = Vault(old, Place())
        self._read = read
        self._read_prompts = read_prompts
        self._sources: dict[str, Source] = {}

    def take_originals(self, lines: Sequence[LedgerLine]) -> None:
        """Take in what the ledger names, in its order, and then what else lies in the old vault."""
        names: dict[str, str] = {}
        for line in lines:
            names.update(_files_named(line.options))
        rest = sorted(p.name for p in self._old.folder.glob("*") if ORIGINAL_NAME.fullmatch(p.name))
        for digest in dict.fromkeys([*names, *rest]):
            name = names.get(digest, digest)
            try:
                source = self._case.take(self._old.path(digest), name=name)
            except WorkbenchError as error:
                self.lost.append(f"original {name}: {error.message}")
                continue
            if source.sha256 == digest:
                self._sources[digest] = source
            else:
                self.lost.append(f"original {name}: its bytes are not those that were received")
                self._case.release(source)

    def one(self, line: LedgerLine) -> None:
        """Do one verb again, or list what is lost with it."""
        try:
            if line.action == "file imported":
                self._import(line)
            elif line.action == "corpus changed":
                self._change(line)
            elif line.action == "prompts joined":
                self._join(line)
            elif line.action == LOCKED:
                self._case.lock_plan_again(line.as_json())
                self.replayed += 1
            elif line.action == "analysis run":
                self.lost.append(f"finding {line.object['finding']} ({line.options['analysis']}): run it again")
            elif line.action == "export begun":
                self.lost.append(f"pack {line.object['export']}: the pack itself remains valid")
        except WorkbenchError as error:
            self.lost.append(f"line {line.sequence} ({line.action}): {error.message}")

    def _source(self, line: LedgerLine) -> Source:
        source = self._sources.get(line.options["source"]["sha256"])
        if source is None:
            raise CaseError(f"The original {line.options['source']['name']} is missing or changed.")
        return source

    def _import(self, line: LedgerLine) -> None:
        said, source = line.options, self._source(line)
        intake = self._case.begin_import(source, said["importer"], said["options"])
        path = self._case.original(source.sha256)
        try:
            intake.add(self._read(path, source.name, said["importer"], said["options"]))
        except BaseException:
            intake.discard()
            raise
        intake.finish(
            default_model=said["default_model"],
            role=None if said["role"] is None else Role(said["role"]),
            facts=facts_from_json(said["facts"]),
            documented=said["documented"],
            note=said["note"],
        )
        self.replayed += 1
        now = {c.name: c.sha256 for c in self._case.corpora()}
        for item in said["corpora"]:
            name = item["corpus"]["name"]
            if now.get(name) != item["corpus"]["sha256"]:
                self.lost.append(f"corpus {name}: read again, its answers are not those of line {line.sequence}")

    def _change(self, line: LedgerLine) -> None:
        state = line.options["corpus"]
        self._case.set_corpus(
            state["name"], role=Role(state["role"]), facts=state["facts"], note=state["note"], reason=line.reason
        )
        self.replayed += 1

    def _join(self, line: LedgerLine) -> None:
        if self._read_prompts is None:
            raise CaseError(f"The prompts of {line.options['source']['name']} can't be read here.")
        source = self._source(line)
        pairs = self._read_prompts(self._case.original(source.sha256), source.name)
        self._case.add_prompts(source, line.options["corpus"]["name"], pairs)
        self.replayed += 1

    def conclude(self, mirror: Path, lines: Sequence[LedgerLine], broken: Sequence[str]) -> None:
        """Keep the old ledger among the originals and write the line that says what was done."""
        kept = self._case.take(mirror, name=f"old-{MIRROR}")
        said = {
            "old_ledger": source_json(kept),
            "old_head": lines[-1].hash,
            "old_lines": len(lines),
            "broken": list(broken),
            "replayed": self.replayed,
            "lost": list(self.lost),
        }
        self._case.note_rescue(said)


def _files_named(value: Json) -> Iterator[tuple[str, str]]:
    """Digest and name of every received file that a ledger line speaks of."""
    if isinstance(value, dict):
        if {"sha256", "name", "size"} <= value.keys():
            yield value["sha256"], value["name"]
        for item in value.values():
            yield from _files_named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _files_named(item)
