"""Writes a redacted copy: the files of its contents, its log of redactions, its lists and its signatures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from workbench.core import exhibits
from workbench.core.documents import Kind as DocumentKind
from workbench.core.drawing import PAPER
from workbench.core.errors import CaseError, UsageError
from workbench.core.exhibits import Picker, Side, State
from workbench.core.finding_page import Bearing, Part, Says
from workbench.core.hashing import sha256, sha256_file
from workbench.core.model import Json, Role
from workbench.core.progress import Progress, part, silent
from workbench.core.redactions import Kind
from workbench.core.resources import resource
from workbench.evidence.check.following import facts
from workbench.evidence.exhibits.viewer import VIEWER
from workbench.evidence.pack import bag
from workbench.evidence.pack.build import Built, Sign, members_of, tag_files, unsigned
from workbench.evidence.pack.contents import PackContents, PackCopy
from workbench.evidence.pack.examination import REDACTION_LOG
from workbench.evidence.pack.how_to_check import how_to_check
from workbench.evidence.pack.names import top_folder
from workbench.evidence.pack.payload import Member, log_files
from workbench.evidence.pack.printable_text import Legible, all_fonts, covered
from workbench.evidence.pack.registers import pretty
from workbench.evidence.pack.sealed import AUDIT_HEAD, COPY, FOLLOWING
from workbench.evidence.pack.start_here import Bagged, start_here
from workbench.evidence.pack.zip_writer import ZipWriter, room_for
from workbench.evidence.redacted.codes import Codes
from workbench.evidence.redacted.contents import RedactedContents, redacted
from workbench.evidence.redacted.redactor import Named, Redacting, Redactor
from workbench.evidence.redacted.watch import Watch
from workbench.evidence.seal.sshsig import armoured
from workbench.evidence.seal.state import NAMESPACE, Attached, Signer, declared_as
from workbench.evidence.seal.state import seal as seal_of

_LATE = 2
"""Files under data/ that are made when all others are: the log of redactions, and what says that this is a copy."""

Record = Callable[[str], None]
"""Writes the line of a copy into the ledger, with the SHA-256 of its list of lists."""


class SealedPack(NamedTuple):
    """A full pack: its contents, the head of its log, and the line of the log that seals it."""

    contents: PackContents
    head: str
    line: str


def build_copy(
    full: SealedPack,
    copy: PackCopy,
    by: Redacting,
    signers: Sequence[Signer],
    target: Path,
    record: Record,
    progress: Progress = silent,
    sign: Sign = unsigned,
) -> Built:
    """Write the copy of a pack; `copy` says when it is made, and for whom.

    Raises UsageError for rules that can't be carried out, RefusedError where something that is taken out would be
    left in a file, CaseError where the target can't be written. Then it leaves nothing behind.
    """
    _check_words(by)
    codes = Codes(by.key)
    sealed = replace(full.contents, ledger_lines=(*full.contents.ledger_lines, full.line))
    made = redacted(sealed, by, codes, part(progress, 0.0, 0.25))
    said = replace(copy, prompts=made.prompts, answers=made.answers, counts=made.redactor.counts())
    lines = made.contents.ledger_lines
    contents = replace(made.contents, ledger_lines=lines[:-1], copy=said, signers=tuple(signers))
    room_for(target, (16 << 20) + sum(source.size for source in sealed.sources))
    top = f"{top_folder(contents)}_redacted"
    try:
        with ZipWriter(target, top, contents.begun) as out:
            members = [*members_of(contents, made.exhibits, part(progress, 0.25, 0.7)), *_of_log(lines, full.head)]
            built = _write(contents, made, members, Watch(made.redactor, codes), out, sign, part(progress, 0.7, 0.97))
            record(built.head)
            out.done()
    except OSError as error:
        raise CaseError(
            f"The copy could not be written to {target}: {error.strerror or error}.",
            hint="Choose a folder that can be written to, with enough space.",
        ) from error
    return built._replace(sha256=sha256_file(target))


def _of_log(lines: Sequence[str], head: str) -> list[Member]:
    """The log with codes in it, as lines and as a table, and the head that the log of the full pack has."""
    files = log_files(lines) | {AUDIT_HEAD: f"{head}\n".encode()}
    return [Member(path, len(data), partial(iter, (data,))) for path, data in files.items()]


def _write(
    contents: PackContents,
    made: RedactedContents,
    members: Sequence[Member],
    watch: Watch,
    out: ZipWriter,
    sign: Sign,
    progress: Progress,
) -> Built:
    """Write all files; the head that is returned is the SHA-256 of the list of lists."""
    digests: dict[str, bag.Digest] = {}

    def add(path: str, chunks: Iterable[bytes], size: int) -> None:
        digests[path] = out.add(path, watch.file(path, chunks), silent, size)

    for at, member in enumerate(members):
        progress(at / len(members), member.path)
        if member.path != REDACTION_LOG:
            add(member.path, member.chunks(), member.size)
    inside = Bagged(
        out.top, len(digests) + _LATE, sum(digest.size for digest in digests.values()), exhibits=VIEWER in digests
    )
    pages = {
        "START_HERE.html": start_here(contents, inside, Legible(covered(all_fonts()))),
        "HOW_TO_CHECK.txt": how_to_check(contents, inside),
    }
    for path, data in pages.items():
        out.add(path, watch.file(path, (data,)), silent, len(data))
    for path, data in ((COPY, pretty(_said(contents, made))), (REDACTION_LOG, watch.log())):
        add(path, (data,), len(data))
    tags = tag_files(_facts(contents, made), digests, pages)
    for path, data in sorted(tags.items()):
        out.add(path, watch.file(path, (data,)), silent, len(data))
    lists = tags[bag.TAG_MANIFEST]
    signatures = sign(lists)
    for path, data in sorted(seal_of(lists, contents.signers, Attached(signatures)).files.items()):
        out.add(path, (data,), silent, len(data))
    return Built("", sha256(lists), tuple(armoured(one, NAMESPACE) for one in signatures))


def _said(contents: PackContents, made: RedactedContents) -> Json:
    """What copy.json holds."""
    copy = contents.copy
    assert copy is not None
    return {
        "copy": "redacted",
        "of": {"case": contents.case_id, "pack": contents.number, "head": copy.head},
        "made": copy.made,
        "requested_by": copy.requested_by,
        "removed": {"prompts": copy.prompts, "answers": copy.answers, "others": dict(sorted(copy.counts.items()))},
        "log": {"lines": len(contents.ledger_lines) + 1, "changed": made.lines},
        "signers": declared_as(contents.signers),
    }


def _facts(contents: PackContents, made: RedactedContents) -> dict[str, str]:
    """The facts of bag-info.txt: those of the full pack, and that this is a copy of it."""
    copy = contents.copy
    assert copy is not None
    said = facts([json.loads(line) for line in made.contents.ledger_lines])
    return said | {
        "Audit-Log-Head": copy.head,
        "Bagging-Date": copy.made[:10],
        "External-Identifier": f"{said['External-Identifier']}_redacted",
        "Original-Data": "left out",
        "Prepared": copy.made,
        "Redacted-Copy-Of": f"pack {contents.number:02d}, log head {copy.head}",
    }


def _check_words(by: Redacting) -> None:
    """Refuse rules that hit the words of the program itself: what is left would not be a pack any more."""
    names = [Named(rule.kind, rule.what, "") for rule in by.redactions.of(Kind.NAME, Kind.CORPUS)]
    probe = Redactor(by.redactions, Codes(by.key), names)
    for words in _vocabulary():
        if probe.left_in(words):
            raise UsageError(
                f"One of these redactions hits “{words}”, a word of the program itself.",
                hint="Choose a longer name, or a pattern that needs more around it.",
            )


def _vocabulary() -> Iterator[str]:
    """Words that the program writes and reads by itself: roles, kinds, colours, keys of analyses, settings, paths."""
    for kinds in (Role, Part, Says, Bearing, exhibits.Kind, Side, Picker, State, DocumentKind):
        yield from kinds
    yield from PAPER
    yield from FOLLOWING
    yield from (path.rsplit("/", 1)[0] for path in FOLLOWING if "/" in path)
    yield from resource("report/check_pack.py.txt").read_text("utf-8").split("\n")
    yield from resource("report/HOW_TO_CHECK.txt").read_text("utf-8").split("\n")
    yield "distillation-workbench 2026-12-01T00:00:00.000Z"
