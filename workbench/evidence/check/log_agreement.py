"""Whether a pack's contents are what its own audit log states: lists that were written again do not hide a change."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet

from workbench.core.csv_lists import records_in, rows_in
from workbench.core.errors import CaseError, WorkbenchError
from workbench.core.exhibits import Register, register
from workbench.core.hashing import canonical, sha256
from workbench.core.model import Json, Table, table_from_json
from workbench.core.plan import status_of
from workbench.core.progress import Progress
from workbench.core.statistics.fitted_calibration import RESOURCE
from workbench.evidence.check.audit import lines_of
from workbench.evidence.check.exhibits import list_again, without_answers
from workbench.evidence.check.log_statements import Statements, inside, statements
from workbench.evidence.check.pack_files import DamagedPackError, Members, PackProblem
from workbench.evidence.pack.corpus_digest import AnswerError, Redacted, corpus_digest
from workbench.evidence.pack.documents import DOCUMENT_TABLE, document_files
from workbench.evidence.pack.examination import EXAMINATION, EXAMINATION_TABLE, REDACTION_LOG, counts_table, read_log
from workbench.evidence.pack.names import (
    ANALYSIS,
    CALIBRATIONS,
    CHARTS,
    DATA,
    DOCUMENTS,
    EXHIBIT_LIST,
    NORMALISED,
    ORIGINALS,
    REPORT,
    TABLES,
    calibration_file_name,
    corpus_file,
    finding_stem,
    table_stem,
)
from workbench.evidence.pack.registers import PLAN, cell, pretty, registers, table_csv
from workbench.evidence.pack.sealed import AUDIT_LOG
from workbench.evidence.report.plans import contradictions, planned_in

RESULTS = f"{ANALYSIS}results.json"
NAMES = f"{DATA}names.csv"
DEMANDED = (RESULTS, NAMES, REDACTION_LOG)
"""Files without which nothing of the pack could be compared with its log."""

ALWAYS = (
    f"{REPORT}report.pdf",
    f"{REPORT}report.html",
    f"{ANALYSIS}replay.md",
    f"{DATA}import_log.csv",
    f"{DATA}rejected.csv",
)
"""Files that every pack of the first format has."""

_LARGEST = 1 << 28
_NAMES_HEADER = ["kind", "id", "name", "file", "sha256", "answers_or_bytes"]
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError, csv.Error)
_NOT = "does not agree with the audit log"


def disagreements(
    members: Members, hashes: Mapping[str, str], doubted: AbstractSet[str], log: str, progress: Progress
) -> list[PackProblem]:
    """What in a pack is not as its audit log at `log` states, whose chain was found sound.

    `hashes` are the SHA-256 of the pack's files; `doubted` are files that something was said of already.
    """
    return _Agreement(members, hashes, doubted, progress).run(log)


class _Agreement:
    def __init__(
        self, members: Members, hashes: Mapping[str, str], doubted: AbstractSet[str], progress: Progress
    ) -> None:
        self.members = members
        self.hashes = hashes
        self.doubted = doubted
        self.progress = progress
        self.problems: list[PackProblem] = []
        self.sealed = False
        self._redacted: Redacted = frozenset()
        self._with_secrets: AbstractSet[str] = frozenset()
        self._paths: dict[str, str] = {}
        """Where the answers of each corpus lie, of those that agree with the log."""

    def run(self, log: str) -> list[PackProblem]:
        said = Statements()
        self._try(log, lambda: self._learn(said, log))
        self._try(RESULTS, lambda: self._results(said))
        self._examination(said)
        self._try(DOCUMENT_TABLE, lambda: self._documents(said))
        if said.documents and DOCUMENT_TABLE not in self.hashes:
            self._say(DOCUMENT_TABLE, f"It is missing: the pack {_NOT}.", "removed")
        self._try(NAMES, lambda: self._names(said))
        self._originals(said)
        self._exhibits(said)
        self._demanded()
        return self.problems

    def _demanded(self) -> None:
        """Files that every pack of the first format has, whose log does not list what is in it."""
        for path in () if self.sealed else ALWAYS:
            if path not in self.hashes:
                self._say(path, f"Every pack has this file, and it is not there: the pack {_NOT}.", "removed")

    def _learn(self, said: Statements, log: str) -> None:
        known = statements(lines_of(self.members.chunks(log)))
        for name in Statements.__slots__:
            setattr(said, name, getattr(known, name))
        self.sealed = inside(known.begun, "contents") is not None

    def _try(self, path: str, check: Callable[[], None]) -> None:
        """Run a check of a file that anyone may have written: what can't be read is a problem, no exception."""
        if path not in self.hashes and path in DEMANDED:
            self._say(path, f"Every pack has this file, and it is not there: the pack {_NOT}.", "removed")
        if path not in self.hashes or path in self.doubted:
            return
        try:
            check()
        except (*_UNREADABLE, DamagedPackError):
            self._say(path, f"It is not as the workbench writes it, and {_NOT}.")

    def _say(self, path: str, detail: str, what: str = "changed") -> None:
        if path not in self.doubted:
            self.problems.append(PackProblem(path, what, detail))

    def _read(self, path: str) -> bytes:
        if self.members.sizes[path] > _LARGEST:
            raise ValueError
        return b"".join(self.members.chunks(path))

    def _expect(self, path: str, stated: Iterable[str], whose: str) -> None:
        """A file must be there and have one of the hashes stated."""
        if path not in self.hashes:
            self._say(path, f"{whose} is missing: the pack {_NOT}.", "removed")
        elif self.hashes[path] not in stated:
            self._say(path, f"{whose} {_NOT}.")

    def _results(self, said: Statements) -> None:
        data = self._read(RESULTS)
        results = json.loads(data)
        # A key that is there twice would show one reader this value and another reader that one.
        if pretty(results) != data or results["case"] != said.case:
            self._say(RESULTS, f"Its case or its form {_NOT}.")
        items = results["findings"]
        self._listed(items, said)
        known = set()
        for item in items:
            line = said.runs.get(item["number"])
            if line is not None and self._finding(item, line, said.withdrawn.get(item["number"], "")):
                known |= self._files_of(item, line)
        whole = not self.problems
        for path in sorted(self.hashes):
            if whole and path.startswith((CHARTS, TABLES, CALIBRATIONS)) and path not in known:
                self._say(path, f"It belongs to no finding in the audit log: the pack {_NOT}.", "added")
        built = registers(items, said.lines)
        for path, data in built.items():
            self._expect(path, (sha256(data),), "The register")
        if PLAN in self.hashes and PLAN not in built:
            self._say(PLAN, f"No plan was recorded in this case: the pack {_NOT}.", "added")
        for words in contradictions(planned_in(said.lines)):
            self._say(AUDIT_LOG, f"{words} The plan {_NOT}.", "ledger")

    def _examination(self, said: Statements) -> None:
        """The counts, and what is masked, must be what the line of the last examination seals."""
        self._try(REDACTION_LOG, lambda: self._redactions(said))
        self._try(EXAMINATION, lambda: self._counts(said))
        if said.examined is not None and EXAMINATION not in self.hashes:
            self._say(EXAMINATION, f"It is missing: the pack {_NOT}.", "removed")

    def _redactions(self, said: Statements) -> None:
        stated = inside(said.examined, "redactions") if said.examined is not None else sha256(b"")
        own, allowed = read_log(self._read(REDACTION_LOG))
        if own == stated:
            self._redacted = allowed
        else:
            self._say(REDACTION_LOG, f"What is masked {_NOT}.")

    def _counts(self, said: Statements) -> None:
        data = self._read(EXAMINATION)
        told = json.loads(data)
        counts = told["counts"]
        if pretty(told) != data or sha256(canonical(counts)) != inside(said.examined, "counts"):
            self._say(EXAMINATION, f"It {_NOT}.")
            return
        self._with_secrets = {digest for digest, file in counts["sources"].items() if file["secrets"]}
        self._expect(EXAMINATION_TABLE, (sha256(counts_table(counts)),), "The table of the examination")

    def _listed(self, items: Json, said: Statements) -> None:
        """The findings must be those that were run, and those that stood when the pack was begun."""
        numbers = [item["number"] for item in items]
        for number in sorted(said.runs.keys() - set(numbers)):
            self._say(RESULTS, f"Finding {number} is missing: the file {_NOT}.")
        if numbers != sorted(set(numbers) & said.runs.keys()):
            self._say(RESULTS, f"It has findings twice, in another order, or ones that were never run: it {_NOT}.")
        listed = [(item["number"], item["sha256"], bool(item["withdrawn"])) for item in items]
        begun = [(i["number"], i["sha256"], i["withdrawn"]) for i in inside(said.begun, "findings") or ()]
        if listed != begun:
            self._say(RESULTS, f"The list of findings {_NOT}: its last line lists others.")

    def _finding(self, item: Json, line: Json, withdrawn: str) -> bool:
        """Compare one finding with the line of its run; whether the finding itself is sound."""
        number, finding = item["number"], item["finding"]
        options = line["options"]
        whole = sha256(canonical(finding))
        tables = {name: TABLES + table_stem(number, at, name) for at, name in enumerate(sorted(finding["tables"]), 1)}
        pairs = {
            "The result": (whole, line["after"]),
            "The hash": (item["sha256"], line["after"]),
            "The text": (sha256(canonical(item["narrative"])), options["narrative"]),
            "The line number": (item["ledger_line"], line["sequence"]),
            "The time": (item["made"], line["time"]),
            "What was asked for": (item["options"], options["options"]),
            "The status": (item["status"], status_of(options["options"]).status),
            "The withdrawal": (item["withdrawn"], withdrawn),
            "The name of the chart": (item["chart"], CHARTS + finding_stem(number, finding["analysis"])),
            "The list of tables": (item["tables"], tables),
        }
        for words, (own, stated) in pairs.items():
            if own != stated:
                self._say(RESULTS, f"{words} of finding {number} {_NOT}.")
        return bool(whole == line["after"])

    def _files_of(self, item: Json, line: Json) -> set[str]:
        """Compare the tables and the chart of a sound finding; returns the paths that belong to it."""
        number, finding = item["number"], item["finding"]
        known, sheets = set(), [sha256(table_csv(Table((), ())))]
        for at, (name, stated) in enumerate(sorted(finding["tables"].items()), 1):
            stem = TABLES + table_stem(number, at, name)
            known |= {f"{stem}.json", f"{stem}.csv"}
            self._expect(f"{stem}.json", (stated["sha256"],), f"A table of finding {number}")
            if self.hashes.get(f"{stem}.json") == stated["sha256"]:
                built = sha256(table_csv(table_from_json(json.loads(self._read(f"{stem}.json")))))
                self._expect(f"{stem}.csv", (built,), f"A table of finding {number}")
                sheets.append(built)
        stem = CHARTS + finding_stem(number, finding["analysis"])
        if self.sealed:
            # The chart is drawn from the finding when the pack is made, and the log seals it with the pack.
            known |= self._calibration(number, finding)
            return known | {f"{stem}.{kind}" for kind in ("svg", "png", "csv", "txt")}
        redrawn = f"{stem}-stored.svg"
        drawing = redrawn if redrawn in self.hashes else f"{stem}.svg"
        if line["options"]["svg"] != sha256(b""):
            self._expect(drawing, (line["options"]["svg"],), f"The chart of finding {number}")
        if len(sheets) > len(finding["tables"]):  # Otherwise a table was changed, which was said.
            self._expect(f"{stem}.csv", sheets, f"The numbers of the chart of finding {number}")
        words = sha256(f"{item['alternative_text']}\n".encode())
        self._expect(f"{stem}.txt", (words,), f"The description of the chart of finding {number}")
        known |= self._calibration(number, finding)
        return known | {f"{stem}.{kind}" for kind in ("svg", "png", "csv", "txt")} | {redrawn}

    def _calibration(self, number: int, finding: Json) -> set[str]:
        """Compare the calibration that a sound finding was made with; returns its path, if it used one."""
        digest = inside(finding, "resources", RESOURCE)
        if digest is None:
            return set()
        path = calibration_file_name(digest)
        self._expect(path, (digest,), f"The calibration of finding {number}")
        return {path}

    def _documents(self, said: Statements) -> None:
        """The table of documents must be what the lines on them come to."""
        try:
            built = document_files(said.lines)
        except CaseError as error:
            raise ValueError from error
        self._expect(DOCUMENT_TABLE, tuple(map(sha256, built.values())), "The list of documents")

    def _names(self, said: Statements) -> None:
        rows = list(rows_in(self._read(NAMES)))
        if rows[0] != _NAMES_HEADER:
            raise ValueError
        corpora = {row[3]: row for row in rows[1:] if row[0] == "corpus"}
        sources = [row for row in rows[1:] if row[0] == "source"]
        if len(corpora) + len(sources) != len(rows) - 1:
            raise ValueError
        self._corpora(corpora, said)
        self._sources(sources, said)

    def _corpora(self, rows: Mapping[str, list[str]], said: Statements) -> None:
        stated = sorted((cell(name), s["sha256"], str(s["answers"])) for name, s in said.corpora.items())
        if stated != sorted((row[2], row[4], row[5]) for row in rows.values()):
            self._say(NAMES, f"The list of corpora {_NOT}.")
        names = {cell(name): name for name in said.corpora}
        for path, row in rows.items():
            name = names.get(row[2])
            if path != corpus_file(int(row[1])) or name is None:
                self._say(NAMES, f"Corpus {int(row[1])} {_NOT}.")
            elif path not in self.hashes:
                self._say(path, f"The answers of a corpus are missing: the pack {_NOT}.", "removed")
            else:
                self._paths[name] = path
                self._answers(path, name, said.corpora[name]["sha256"])
        for path in sorted(self.hashes):
            if path.startswith(NORMALISED) and path not in rows:
                self._say(path, f"It belongs to no corpus in the audit log: the pack {_NOT}.", "added")

    def _answers(self, path: str, name: str, stated: str) -> None:
        if path in self.doubted:
            return
        self.progress(1.0, path)
        try:
            own = corpus_digest(lines_of(self.members.chunks(path)), name, self._redacted)
        except (AnswerError, DamagedPackError) as error:
            self._say(path, f"{error}: the file {_NOT}.")
            return
        if own != stated:
            self._say(path, f"The digest of its answers {_NOT}.")

    def _sources(self, rows: list[list[str]], said: Statements) -> None:
        included = inside(said.begun, "choices", "included") or {}
        without = inside(said.begun, "choices", "documents") is False
        for _, number, name, path, digest, size in rows:
            held = {one for one in (digest, said.documents.get(digest)) if one in self._with_secrets}
            withheld = bool(held - set(included))
            left_out = withheld or (without and digest in said.documents)
            stated = {(cell(n), str(s)) for n, s in said.files.get(digest, ())}
            # A file that another one names (a panel's own list) stands in the log by its hash alone.
            if digest not in said.named or (stated and (name, size) not in stated):
                self._say(NAMES, f"File {int(number)} as received {_NOT}.")
            elif path and withheld:
                self._say(path, f"It holds secrets, and no reason to include it is given: the pack {_NOT}.", "added")
            elif path:
                self._expect(path, (digest,), "A file as received")
            elif not left_out and inside(said.begun, "choices", "originals") is True:
                self._say(NAMES, f"File {int(number)} as received is left out, which {_NOT}.")
        if said.read - {row[4] for row in rows}:
            self._say(NAMES, f"A file that answers were read from is not listed: the list {_NOT}.")

    def _originals(self, said: Statements) -> None:
        for path, digest in sorted(self.hashes.items()):
            named = self.sealed or f"-{digest[:12]}." in path
            if path.startswith((ORIGINALS, DOCUMENTS)) and (digest not in said.named or not named):
                self._say(path, f"A file as received {_NOT}: no line names its hash.")

    def _exhibits(self, said: Statements) -> None:
        """The list of exhibits must be the one that the log makes, and what they show must be in the pack."""
        try:
            known = register(said.lines)
        except (*_UNREADABLE, WorkbenchError):
            self._say(AUDIT_LOG, f"What it says of exhibits can't be read: the pack {_NOT}.", "ledger")
            return
        if not known.exhibits:
            self._try(EXHIBIT_LIST, self._picked_for_the_pack)
            return
        self._expect(EXHIBIT_LIST, (sha256(list_again(known, self.hashes)),), "The list of exhibits")
        self._try(EXHIBIT_LIST, lambda: self._shown(known))

    def _picked_for_the_pack(self) -> None:
        """Where the case has no exhibit, those of a pack are numbered for it alone."""
        if any(not row["exhibit"].startswith("EX-") for row in records_in(self._read(EXHIBIT_LIST))):
            self._say(EXHIBIT_LIST, f"It has exhibits that are not in the case: it {_NOT}.")

    def _shown(self, known: Register) -> None:
        """Every answer that an exhibit shows must be in the corpus that it names."""
        paths = {name: path for name, path in self._paths.items() if path not in self.doubted}
        for name in without_answers(known, list(paths), lambda model: lines_of(self.members.chunks(paths[model]))):
            self._say(EXHIBIT_LIST, f"{name} shows an answer that is not in the pack: it {_NOT}.")
