"""What can be checked of a redacted copy, and what can't, in words."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import orjson

from workbench.core.hashing import canonical, sha256_text
from workbench.core.model import Json
from workbench.core.text import counted
from workbench.evidence.check.audit import lines_of
from workbench.evidence.check.pack_files import DamagedPackError, Members, PackProblem
from workbench.evidence.pack.examination import REDACTION_LOG
from workbench.evidence.pack.names import NORMALISED
from workbench.evidence.pack.sealed import AUDIT_HEAD, AUDIT_LOG, COPY
from workbench.evidence.seal.state import Signer, declared_in

COLUMNS = ("code", "kind", "reason", "times", "files", "salted_sha256")
"""The columns of redaction_log.csv in a redacted copy."""

_CODE = re.compile(rb"\[R-\d{3,6}\]")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TEXT = (".html", ".txt", ".csv", ".json", ".jsonl", ".md")
_LARGEST = 1 << 28
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError, csv.Error, DamagedPackError)
_NOT = "It is not as the workbench writes it in a redacted copy."


class CopyChecked(NamedTuple):
    """What is wrong with a copy beside its lists, what could not be checked in words, and who is to sign it."""

    problems: list[PackProblem]
    notes: tuple[str, ...]
    signers: tuple[Signer, ...]


def check_copy(members: Members, hashes: Mapping[str, str], head: str | None) -> CopyChecked:
    """Check what only a redacted copy has; `head` is one that the log of the full pack must have."""
    return _Copy(members, hashes).run(head)


class _Copy:
    def __init__(self, members: Members, hashes: Mapping[str, str]) -> None:
        self.members = members
        self.hashes = hashes
        self.problems: list[PackProblem] = []
        self._codes: set[str] = set()
        self._said: Json = {}
        self._lines = self._with_codes = 0
        self._sound = self._answers = 0

    def run(self, head: str | None) -> CopyChecked:
        signers: tuple[Signer, ...] = ()
        self._try(COPY, self._facts)
        self._try(REDACTION_LOG, self._log_of_codes)
        self._try(AUDIT_LOG, self._audit_log)
        for path in sorted(self.members.sizes):
            if path.startswith(NORMALISED):
                self._try(path, lambda path=path: self._normalised(path))  # type: ignore[misc]
            elif path.endswith(_TEXT) and path not in (REDACTION_LOG, COPY):
                self._try(path, lambda path=path: self._codes_in(path, self.members.chunks(path)))  # type: ignore[misc]
        if not self.problems:
            signers = declared_in({"signers": self._said["signers"]} if self._said["signers"] else {})
            self._heads(head)
        return CopyChecked(self.problems, tuple(self._notes()), signers)

    def _say(self, path: str, detail: str, what: str = "changed") -> None:
        self.problems.append(PackProblem(path, what, detail))

    def _try(self, path: str, check: Callable[[], None]) -> None:
        if self.hashes.get(path, "damaged") == "damaged":
            return  # The comparison with the lists has said so.
        try:
            check()
        except _UNREADABLE:
            self._say(path, _NOT)

    def _read(self, path: str) -> bytes:
        if self.members.sizes[path] > _LARGEST:
            raise ValueError
        return b"".join(self.members.chunks(path))

    def _facts(self) -> None:
        self._said = json.loads(self._read(COPY))
        if self._said["copy"] != "redacted" or not _DIGEST.fullmatch(self._said["of"]["head"]):
            raise ValueError
        declared_in({"signers": self._said["signers"]} if self._said["signers"] else {})

    def _log_of_codes(self) -> None:
        rows = list(csv.reader(io.StringIO(self._read(REDACTION_LOG).decode("utf-8-sig"), newline=""), strict=True))
        if tuple(rows[0]) != COLUMNS:
            raise ValueError
        for code, _, _, times, _, salted in rows[1:]:
            if code in self._codes or int(times) < 1 or not _DIGEST.fullmatch(salted):
                raise ValueError
            self._codes.add(code)

    def _audit_log(self) -> None:
        """Each line must name the hash that the line before it has: in a copy both are salted."""
        before = ""
        for text in lines_of(self.members.chunks(AUDIT_LOG)):
            self._lines += 1
            line = json.loads(text)
            follows = before in ("", line["previous"])
            if canonical(line) != text or line["sequence"] != self._lines or not follows:
                self._say(AUDIT_LOG, f"Line {self._lines} does not follow on the line before it.", "ledger")
                return
            before = line["hash"]
            self._with_codes += _CODE.search(text) is not None
        if self._lines != self._said["log"]["lines"]:
            self._say(AUDIT_LOG, f"The copy was made with {self._said['log']['lines']} lines.", "ledger")

    def _heads(self, head: str | None) -> None:
        own = self._said["of"]["head"]
        if self._read(AUDIT_HEAD).decode("ascii", "replace").strip() != own:
            self._say(AUDIT_HEAD, "It does not have the head that the copy names.")
        if head is not None and head.strip().lower() != own:
            self._say(AUDIT_HEAD, "The full pack that this copy names has another head than the one that was given.")

    def _normalised(self, path: str) -> None:
        """The answers that are here as they were must have the hashes that they state."""
        for line in self._watched(path, lines_of(self.members.chunks(path))):
            answer = orjson.loads(line)
            self._answers += 1
            self._sound += answer["sha256"] == sha256_text(answer["response"])

    def _watched(self, path: str, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            self._codes_in(path, (line,))
            yield line

    def _codes_in(self, path: str, chunks: Iterable[bytes]) -> None:
        """Every code must stand in the log of redactions."""
        rest = b""
        for chunk in chunks:
            data = rest + chunk
            for code in _CODE.findall(data):
                if code.decode() not in self._codes:
                    self._say(path, f"{code.decode()} is not in the log of redactions.")
                    return
            rest = data[-12:].rpartition(b"]")[2]

    def _notes(self) -> Iterator[str]:
        of = self._said.get("of", {}) if isinstance(self._said, dict) else {}
        yield f"This is a redacted copy of pack {of.get('pack')}, whose log has the head {of.get('head')}."
        codes = counted(len(self._codes), "code", "codes")
        yield (
            f"Checked: that every file is as the lists of this copy say, that {codes} and no others stand in it, that "
            f"the {self._lines:,} lines of the log name each other in their order, and the hashes of {self._sound:,} "
            f"of {self._answers:,} answers, which are here as they were."
        )
        yield (
            "Not checked, since it can't be: what was taken out, and the hashes of the log, of files and of the other "
            f"answers. They are salted, so that no short text can be guessed from one; {self._with_codes:,} lines of "
            "the log have codes in them. Who has the case can show any one of them: `workbench redactions` has the "
            "salts. No number is computed again: that takes the full pack."
        )
        yield "No line of its log seals this copy. Its signature does, or the hash of its zip in the covering letter."
