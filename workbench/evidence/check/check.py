"""Whether a pack is as it was sealed: every file as listed, nothing added, all as the unbroken audit log states."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from workbench.core.errors import BadInputError
from workbench.core.model import Json
from workbench.core.progress import Progress, silent
from workbench.evidence.check.archive import ZipMembers
from workbench.evidence.check.audit import Chain, lines_of
from workbench.evidence.check.following import following
from workbench.evidence.check.log_agreement import disagreements
from workbench.evidence.check.log_statements import inside
from workbench.evidence.check.pack_files import DamagedPackError, FolderMembers, Members, PackProblem, spoken
from workbench.evidence.check.redacted import check_copy
from workbench.evidence.check.seal import sealed_with
from workbench.evidence.pack import bag
from workbench.evidence.pack.sealed import AUDIT_HEAD, AUDIT_LOG, COPY, differences
from workbench.evidence.seal.sshsig import SignatureError
from workbench.evidence.seal.state import Seal, Signer, declared_in

BAG_INFO = "bag-info.txt"
EXPECTED = ("START_HERE.html", "HOW_TO_CHECK.txt", "bagit.txt", BAG_INFO, AUDIT_LOG, AUDIT_HEAD)
_BY_MACHINES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_LARGEST_LIST = 64 << 20
_MOST_UNLISTED = 64 << 20
"""Bytes of all files together that no list names, up to which they are read."""
_NOT_SEALED = "It does not agree with the audit log, whose last line seals the files of this pack."
_NOT_FOLLOWING = "It does not agree with the audit log and the files of this pack, from which it follows."


class Checked(NamedTuple):
    """Everything that is wrong with a pack, in order of path, and its seal, where one could be made out."""

    problems: list[PackProblem]
    seal: Seal | None
    notes: tuple[str, ...] = ()
    """What can't be checked of a redacted copy, in words; nothing for a full pack."""


def check_pack(
    path: Path, progress: Progress = silent, *, head: str | None = None, signer: str | None = None
) -> Checked:
    """Check a pack, zipped or unpacked. Raises BadInputError for what is no pack at all.

    `head` is the hash that the last line of its audit log must have, `signer` the fingerprint of a key that must have
    signed it.
    """
    with opened(path) as members:
        return _Check(members, progress).run(head, signer)


def verify_pack(path: Path, progress: Progress = silent, *, head: str | None = None) -> list[PackProblem]:
    """Everything that is wrong with a pack, as `check_pack` finds it; nothing when it is sound."""
    return check_pack(path, progress, head=head).problems


@contextmanager
def opened(path: Path) -> Iterator[Members]:
    """The members of a pack, zipped or unpacked. Raises BadInputError."""
    if path.is_dir():
        yield FolderMembers(path)
        return
    if not path.is_file():
        raise BadInputError(f"There is no file or folder {path}.")
    members = ZipMembers(path)
    try:
        yield members
    finally:
        members.close()


def _without_size(bag_info: bytes) -> list[bytes]:
    return [line for line in bag_info.splitlines() if not line.startswith(b"Payload-Oxum:")]


class _Check:
    def __init__(self, members: Members, progress: Progress) -> None:
        self.members = members
        self.progress = progress
        self.problems = list(members.problems)
        self.hashes: dict[str, str] = {}
        self.seal: Seal | None = None
        self._lists = b""
        """The list of lists as it was made, where that can be told."""
        self._total = sum(members.sizes.values()) or 1
        self._done = 0

    def run(self, head: str | None, signer: str | None) -> Checked:
        self._hash_all()
        self._tags()
        self._data()
        self._missing()
        if COPY in self.hashes:
            return self._redacted(head, signer)
        sound = self._log(head)
        self._seal(self._declared(), signer)
        if sound:
            self._contents()
            # Only what no list speaks of: a file that was named is not named again for its contents.
            doubted = {problem.path for problem in self.problems}
            self.problems += disagreements(self.members, self.hashes, doubted, AUDIT_LOG, self.progress)
        return self._checked(())

    def _checked(self, notes: tuple[str, ...]) -> Checked:
        self.progress(1.0, "checked")
        problems = sorted(set(self.problems), key=lambda problem: (problem.path, problem.what, problem.detail))
        return Checked(problems, self.seal, notes)

    def _redacted(self, head: str | None, signer: str | None) -> Checked:
        """A redacted copy: its log can't be walked as that of a full pack can."""
        found = check_copy(self.members, self.hashes, head)
        doubted = {problem.path for problem in self.problems}
        self.problems += [problem for problem in found.problems if problem.path not in doubted]
        self._seal(found.signers, signer)
        return self._checked(found.notes)

    def _declared(self) -> tuple[Signer, ...]:
        """Who is to sign the pack, as its log says."""
        try:
            return declared_in(inside(self._last_line(), "options", "choices"))
        except (ValueError, TypeError, LookupError, AttributeError, DamagedPackError, SignatureError):
            if AUDIT_LOG not in {problem.path for problem in self.problems}:
                self.say(AUDIT_LOG, "ledger", "Its last line does not name signers as the workbench does.")
            return ()

    def _seal(self, declared: tuple[Signer, ...], signer: str | None) -> None:
        """What was made of the list of lists after the pack was made, by who is to sign it."""
        files = {path: self._read(path) for path in bag.SEAL_FILES if path in self.hashes}
        said = {problem.path for problem in self.problems}
        found = sealed_with(self._lists, declared, files, signer)
        self.problems += [problem for problem in found.problems if problem.path not in said]
        self.seal = found.seal

    def say(self, path: str, what: str, detail: str) -> None:
        self.problems.append(PackProblem(spoken(path), what, detail))

    def _hash_all(self) -> None:
        """The hash of every file that a list names; what none names is read only as far as it is small."""
        sizes = self.members.sizes
        lists = [name for name in (bag.MANIFEST, bag.TAG_MANIFEST) if name in sizes]
        for name in lists:
            self._hash(name, sizes[name] <= _LARGEST_LIST, "It is longer than the list of any pack")
        listed = set[str]().union(lists, *(bag.parsed_manifest(self._read(name))[0] for name in lists))
        # A list that lacks a file tells which one by the file's hash. Gigabytes need no hash to be refused.
        others = sorted(sizes.keys() - listed, key=lambda path: (sizes[path], path))
        ends = accumulate(sizes[path] for path in others)
        read = listed.union(path for path, end in zip(others, ends, strict=True) if end <= _MOST_UNLISTED)
        for path in sorted(sizes.keys() - set(lists)):
            self._hash(path, path in read, "No list names this file")

    def _hash(self, path: str, readable: bool, otherwise: str) -> None:
        if not readable:
            self.say(path, "added", f"{otherwise}: its {self.members.sizes[path]:,} bytes were not read.")
            return
        digest = hashlib.sha256()
        try:
            for chunk in self.members.chunks(path):
                digest.update(chunk)
                self._done += len(chunk)
                self.progress(min(1.0, self._done / self._total), spoken(path))
            self.hashes[path] = digest.hexdigest()
        except DamagedPackError as error:
            self.hashes[path] = "damaged"
            self.say(path, "changed", f"The file can't be read: {error}.")

    def _read(self, path: str) -> bytes:
        """A small file's bytes; empty where it is missing, damaged or too large to be what it should be."""
        if self.hashes.get(path, "damaged") == "damaged" or self.members.sizes[path] > _LARGEST_LIST:
            return b""
        try:
            return b"".join(self.members.chunks(path))
        except DamagedPackError:
            return b""

    def _tags(self) -> None:
        """The files beside data, by the last list; its own hash stands in SEAL_STATUS.txt."""
        data = self._lists = self._read(bag.TAG_MANIFEST)
        beside = {p: h for p, h in self.hashes.items() if not p.startswith("data/") and p not in bag.UNLISTED}
        status = self._read(bag.SEAL_STATUS)
        if bag.TAG_MANIFEST not in self.hashes:
            self.say(bag.TAG_MANIFEST, "removed", "The list of the files beside data is missing.")
            return
        if data != bag.manifest(beside) and bag.names_list(status, bag.manifest(beside)):
            self.say(bag.TAG_MANIFEST, "changed", "The list was altered; the files that it lists were not.")
            self._lists = bag.manifest(beside)
            return
        self._compare(bag.TAG_MANIFEST, data, beside)

    def _data(self) -> None:
        """The files under data, by the first list, whose own hash stands in the last one."""
        within = {p: h for p, h in self.hashes.items() if p.startswith("data/")}
        data = self._read(bag.MANIFEST)
        if bag.MANIFEST not in self.hashes:
            self.say(bag.MANIFEST, "removed", "The list of the files under data is missing.")
            return
        listed = bag.parsed_manifest(self._read(bag.TAG_MANIFEST))[0].get(bag.MANIFEST)
        whole = bag.manifest(within)
        if data != whole and listed == hashlib.sha256(whole).hexdigest():
            return  # The list alone was altered, which the comparison of the tag files has said.
        self._compare(bag.MANIFEST, data, within)

    def _compare(self, name: str, data: bytes, found: dict[str, str]) -> None:
        listed, bad = bag.parsed_manifest(data)
        if bad:
            self.say(name, "changed", f"Line {bad[0]} of the list can't be read or repeats a file.")
        refused = {problem.path for problem in self.members.problems}
        for path in sorted(listed.keys() | found.keys()):
            own = found.get(path)
            if own is None and spoken(path) not in refused:
                self.say(path, "removed", f"{name} lists this file, and it is not there.")
            elif own is not None and path not in listed:
                who = " File managers put such files into folders." if path.rpartition("/")[2] in _BY_MACHINES else ""
                self.say(path, "added", f"{name} does not list this file.{who}")
            elif own not in (None, "damaged", listed[path]):
                self.say(path, "changed", f"Its SHA-256 is {own}, listed as {listed[path]}.")

    def _told(self, head: str | None, chain: Chain) -> None:
        """The head that was told by another way must be that of the last line: lines may have been put on since."""
        if head is None or head.strip().lower() == chain.last:
            return
        if head.strip().lower() in chain.hashes:
            detail = (
                "The hash that was given is that of an earlier line, which the report prints: it vouches for the "
                "lines up "
                "to it, not for this pack. Ask for the head of the log, which the covering letter has."
            )
        else:
            detail = "No line of the log has the hash that was given as its head."
        self.say(AUDIT_LOG, "ledger", detail)

    def _missing(self) -> None:
        said = {problem.path for problem in self.problems}
        for path in EXPECTED:
            if path not in self.hashes and path not in said:
                self.say(path, "removed", "Every pack has this file, and it is not there.")
        if bag.SEAL_STATUS not in self.members.sizes:
            self.say(bag.SEAL_STATUS, "removed", "Every pack has this file, and it is not there.")
        if self._read("bagit.txt") not in (b"", bag.DECLARATION):
            self.say("bagit.txt", "changed", "It does not declare BagIt 1.0.")

    def _contents(self) -> None:
        """What the last line of the log seals: every file but those that follow from the log, which are made again."""
        line = self._last_line()
        stated = inside(line, "options", "contents")
        if stated is None:
            return
        said = {problem.path for problem in self.problems}
        try:
            for path, what in differences(stated, self.hashes):
                if path not in said:
                    self.say(path, what, _NOT_SEALED)
            sizes = {path: size for path, size in self.members.sizes.items() if path in self.hashes}
            made = following(self._read(AUDIT_LOG), sizes, self.hashes)
        except (ValueError, TypeError, LookupError, AttributeError):
            self.say(AUDIT_LOG, "ledger", "Its last line is not as the workbench writes it.")
            return
        whole = not any(problem.path.startswith("data/") for problem in self.problems)
        for path, data in made.items():
            own = self._read(path)
            # Where a file was named, its size is no second problem of the bag's facts.
            same = own == data if whole or path != BAG_INFO else _without_size(own) == _without_size(data)
            if path not in said and not same:
                self.say(path, "changed", _NOT_FOLLOWING)

    def _last_line(self) -> Json:
        last = b""
        for line in lines_of(self.members.chunks(AUDIT_LOG)):
            last = line
        return json.loads(last)

    def _log(self, head: str | None) -> bool:
        """Walk the log's chain; whether it is sound, so that the contents can be compared with it."""
        if self.hashes.get(AUDIT_LOG, "damaged") == "damaged":
            return False
        chain = Chain()
        try:
            for fault in chain.walk(lines_of(self.members.chunks(AUDIT_LOG))):
                self.say(AUDIT_LOG, "ledger", fault)
        except DamagedPackError as error:
            self.say(AUDIT_LOG, "changed", f"The file can't be read: {error}.")
            return False
        stated = self._read(AUDIT_HEAD).decode("ascii", "replace").strip()
        if AUDIT_HEAD in self.hashes and stated != chain.last:
            self.say(
                AUDIT_LOG, "ledger", f"Its last line does not have the hash in {AUDIT_HEAD}: its end was cut or put on."
            )
        self._told(head, chain)
        return all(problem.path != AUDIT_LOG for problem in self.problems)
