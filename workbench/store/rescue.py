"""Rescue: a case rebuilt from its originals and the mirror of its ledger, when the database is gone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.core import documents, exhibits
from workbench.core.artefacts import ArtefactKind, Settlement
from workbench.core.errors import CaseError, WorkbenchError
from workbench.core.exhibits import WAS
from workbench.core.instructions import INSTRUCTIONS_STATED
from workbench.core.model import CorpusFacts, Json, Rejected, Response, Role, Source
from workbench.core.plan import LOCKED
from workbench.core.progress import Progress, silent
from workbench.core.surroundings import Conditions
from workbench.core.text import one_line
from workbench.store import opening
from workbench.store.artefacts import SETTLED
from workbench.store.case import Case
from workbench.store.disk_state import Place, called, in_words
from workbench.store.folder import MIRROR, ORIGINALS, CaseFolder
from workbench.store.ledger import LONGEST, LedgerLine, Walked, broken_links, whole
from workbench.store.notes import SIGNAL_SET
from workbench.store.rows import decoding, facts_from_json, source_json
from workbench.store.vault import ORIGINAL_NAME, Vault

Read = Callable[[Path, str, str, Json], Iterator[Response | Rejected | CorpusFacts]]
"""Reads a source again: where its bytes are, its name, the importer's key, and the import's options."""

_MOST = 1000
"""Breaks of the old chain, and things that are lost, which are listed one by one."""

Again = Callable[[Case, LedgerLine], bool]
"""Does a verb again that a rescue alone can't, such as a run; False where the line is left to the rescue."""

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
    again: Again | None = None,
    stand_ins: Mapping[str, Path] | None = None,
) -> Rescued:
    """Rebuild the case in another folder; it appears whole or not at all.

    Findings and packs can't be computed here: they are listed as lost, in the result and in the line
    “case rescued”, unless `again` does them. `stand_ins` take the place of originals that are not there, by the
    SHA-256 of the original: `read` gets them as if they were these. The old ledger is kept among the originals.
    Raises CaseError when the mirror is gone, and ForeignEntryError when something in the old folder leads out of it.
    """
    files = CaseFolder(folder)
    with in_words(folder):
        if folder.is_dir():
            files.refuse_foreign()
    with in_words(new):
        if new.exists():
            raise CaseError(f"{called(new)} exists already.", hint="Choose another name.")
        if not new.parent.is_dir():
            raise CaseError(f"There is no folder {new.parent} to make {called(new)} in.")
    walked = Walked()
    broken: list[str] = []
    for _, words in broken_links(_mirror(files), walked):
        broken += [words] if len(broken) < _MOST else []
    opened = next(_lines(files), None)
    if opened is None or opened.action != "case created":
        raise CaseError(f"The ledger in {called(folder)} tells of no case that could be rescued.")
    with decoding("The first line of the ledger"):
        title, born = opened.options["title"], {name: opened.options[name] for name in ("id", "examiner")}
    with in_words(new), tempfile.TemporaryDirectory(dir=new.parent, prefix=".rescue-") as work:
        draft = Path(work) / new.name
        opening.make(draft, title, conditions, born)
        with Case.open(draft, conditions=conditions, writing=True) as case:
            replay = _Replay(case, folder, read, read_prompts, again, stand_ins or {})
            replay.take_originals(_lines(files))
            for number, line in enumerate(_lines(files), 1):
                replay.one(line)
                progress(min(1.0, number / (walked.lines + 1)), "rescuing")
            replay.conclude(walked, broken)
        draft.rename(new)
    progress(1.0, "rescued")
    return Rescued(replay.replayed, tuple(replay.lost))


def _lines(files: CaseFolder) -> Iterator[LedgerLine]:
    """The lines of the old ledger that are whole, one at a time."""
    return (line for line in map(whole, _mirror(files)) if line is not None)


def _mirror(files: CaseFolder) -> Iterator[str]:
    """The lines of the old ledger as they are. Raises CaseError where it can't be read."""
    folder = files.path
    try:
        with files.open(MIRROR) as stream:
            # What is longer than any line is cut, so that it is found to be none.
            while line := stream.readline(4 * LONGEST):
                yield line.decode("utf-8", "replace").rstrip("\r\n")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CaseError(
            f"There is no {MIRROR} in {folder}: without the ledger no case can be rescued.",
            hint="Check the path, or look for a backup of the case.",
        ) from error
    except OSError as error:
        raise CaseError(f"{MIRROR} in {folder} can't be read: {error.strerror}.", hint="Check the path.") from error


class _Replay:
    """The verbs of an old ledger, done again in a new case."""

    def __init__(
        self,
        case: Case,
        old: Path,
        read: Read,
        read_prompts: ReadPrompts | None,
        again: Again | None,
        stand_ins: Mapping[str, Path],
    ) -> None:
        self.replayed = 0
        self._again = again
        self._stand_ins = stand_ins
        self.lost: list[str] = []
        self._case = case
        self._files = CaseFolder(old)
        self._old = Vault(old, Place())
        self._read = read
        self._read_prompts = read_prompts
        self._sources: dict[str, Source] = {}
        self._lost_documents: set[int] = set()
        self._doing: Mapping[str, Callable[[LedgerLine], None]] = {
            "file imported": self._import,
            "corpus changed": self._change,
            "prompts joined": self._join,
            SETTLED: self._settle,
            LOCKED: self._plan,
            "analysis run": self._finding,
            "export begun": self._pack,
            **dict.fromkeys((*exhibits.ACTIONS, INSTRUCTIONS_STATED), self._register),
            **dict.fromkeys(documents.ACTIONS, self._document),
            SIGNAL_SET: self._signal,
        }

    def take_originals(self, lines: Iterable[LedgerLine]) -> None:
        """Take in what the ledger names, in its order, and then what else lies in the old vault."""
        rest = [name for name in self._files.names(ORIGINALS) if ORIGINAL_NAME.fullmatch(name)]
        there, missing = set(rest), 0
        names: dict[str, str] = {}
        for line in lines:
            for digest, name in _files_named(line.options):
                if digest in there or digest in names or len(names) < len(there) + _MOST:
                    names[digest] = name
                else:
                    missing += 1
        if missing:
            self._lose(f"originals: {missing:,} more that the ledger names are not there")
        for digest in dict.fromkeys([*names, *rest]):
            name = names.get(digest, digest)
            if digest in self._stand_ins:
                self._sources[digest] = self._case.take(self._stand_ins[digest], name=name)
                continue
            try:
                source = self._case.take(self._old.path(digest), name=name)
            except WorkbenchError as error:
                self._lose(f"original {name}: {error.message}")
                continue
            if source.sha256 == digest:
                self._sources[digest] = source
            else:
                self._lose(f"original {name}: its bytes are not those that were received")
                self._case.release(source)

    def _lose(self, what: str) -> None:
        if len(self.lost) < _MOST:
            self.lost.append(one_line(what, 400))
        elif len(self.lost) == _MOST:
            self.lost.append("and more, which `workbench verify` on the old case names")

    def one(self, line: LedgerLine) -> None:
        """Do one verb again, or list what is lost with it."""
        try:
            with decoding(f"Line {line.sequence} of the ledger"):
                self._one(line)
        except WorkbenchError as error:
            self._lose(f"line {line.sequence} ({one_line(line.action)}): {error.message}")

    def _one(self, line: LedgerLine) -> None:
        if self._again is not None and self._again(self._case, line):
            self.replayed += 1
        elif line.action in self._doing:
            self._doing[line.action](line)

    def _plan(self, line: LedgerLine) -> None:
        self._case.lock_plan_again(line.as_json())
        self.replayed += 1

    def _finding(self, line: LedgerLine) -> None:
        self._lose(f"finding {line.object['finding']} ({line.options['analysis']}): run it again")

    def _pack(self, line: LedgerLine) -> None:
        self._lose(f"pack {line.object['export']}: the pack itself remains valid")

    def _signal(self, line: LedgerLine) -> None:
        self._lose(f"signal {line.object['signal']}: set it again, its key is kept for the old case")

    def _settle(self, line: LedgerLine) -> None:
        said = line.options
        kind = ArtefactKind(said["kind"])
        self._case.settle_artefact(
            Settlement(line.object["corpus"], kind, said["detail"], said["how"], line.reason or "")
        )
        self.replayed += 1

    def _register(self, line: LedgerLine) -> None:
        """Write a line of a register again, with who wrote it first, and when."""
        was = {"time": line.time, "examiner": line.examiner}
        self._case.notes.write(line.action, line.object, {WAS: was, **line.options}, reason=line.reason)
        self.replayed += 1

    def _document(self, line: LedgerLine) -> None:
        """Write a line on a document again, unless its file is lost, or that of its words."""
        number = line.object["document"]
        if line.action == documents.DOCUMENT_ADDED:
            files = [line.options["file"], line.options["text"]["file"]]
            if any(kept is not None and kept["sha256"] not in self._sources for kept in files):
                self._lost_documents.add(number)
        if number in self._lost_documents:
            raise CaseError(f"The file of document {number} is missing or changed.")
        self._register(line)

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
                self._lose(f"corpus {name}: read again, its answers are not those of line {line.sequence}")

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

    def conclude(self, walked: Walked, broken: Sequence[str]) -> None:
        """Keep the old ledger among the originals and write the line that says what was done."""
        self._files.status(MIRROR)
        kept = self._case.take(self._files.path / MIRROR, name=f"old-{MIRROR}")
        said = {
            "old_ledger": source_json(kept),
            "old_head": "" if walked.last is None else walked.last.hash,
            "old_lines": walked.lines,
            "broken": list(broken),
            "replayed": self.replayed,
            "lost": list(self.lost),
        }
        self._case.note_rescue(said)


def _files_named(value: Json) -> Iterator[tuple[str, str]]:
    """Digest and name of every received file that a ledger line speaks of."""
    if isinstance(value, dict):
        digest, name = value.get("sha256"), value.get("name")
        if "size" in value and isinstance(digest, str) and isinstance(name, str):
            yield digest, name
        for item in value.values():
            yield from _files_named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _files_named(item)
