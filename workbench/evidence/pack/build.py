"""The evidence pack: one reproducible zip, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from workbench.core.errors import CaseError, VerificationError
from workbench.core.hashing import sha256, sha256_file
from workbench.core.model import Json
from workbench.core.progress import Progress, part, silent
from workbench.evidence.check.audit import Chain
from workbench.evidence.check.following import facts
from workbench.evidence.exhibits.listing import exhibit_list
from workbench.evidence.exhibits.shown import ExhibitSet, exhibits_of, files_of
from workbench.evidence.exhibits.viewer import VIEWER, exhibit_files
from workbench.evidence.legal.files import legal_files
from workbench.evidence.pack import bag
from workbench.evidence.pack.bates import BATES, bates_table, numbered, pages_of
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.how_to_check import how_to_check
from workbench.evidence.pack.names import REPORT, top_folder
from workbench.evidence.pack.payload import Member, log_files, payload
from workbench.evidence.pack.printable_text import Legible, all_fonts, covered
from workbench.evidence.pack.sealed import FOLLOWING, sealed
from workbench.evidence.pack.start_here import Bagged, start_here
from workbench.evidence.pack.zip_writer import ZipWriter, room_for
from workbench.evidence.report.charts import charts_of
from workbench.evidence.report.setting import images_of, set_report, set_summary
from workbench.evidence.seal.sshsig import Signature, armoured
from workbench.evidence.seal.state import NAMESPACE, Attached
from workbench.evidence.seal.state import seal as seal_of

_SPARE = 16 << 20
"""Bytes for the report, the charts and the lists, beside the originals and the answers."""

_LOG_FILES = sum(path.startswith("data/") for path in FOLLOWING)


class Built(NamedTuple):
    """The SHA-256 of the zip, the head of the log that is in it, and its signatures as text."""

    sha256: str
    head: str
    signatures: tuple[str, ...] = ()


Seal = Callable[[Json], str]
"""Writes the line of a pack into the log, with the digests of all that is in it, and returns it."""

Sign = Callable[[bytes], tuple[Signature, ...]]
"""Signs the list of lists."""


def unsigned(_tag_manifest: bytes) -> tuple[Signature, ...]:
    """Signs nothing: the pack is a draft, or its signers sign it elsewhere."""
    return ()


def build(
    contents: PackContents, target: Path, seal: Seal, progress: Progress = silent, sign: Sign = unsigned
) -> Built:
    """Write the pack; the same contents give the same members.

    Raises VerificationError when the ledger lines are no chain that ends in the head, CaseError when the
    target can't be written. Stopped or failed, it leaves nothing behind, and before its files are written no line is.
    """
    _check_chain(contents.ledger_lines, contents.head)
    received = sum(source.size for source in contents.sources)
    room_for(target, _SPARE + received + (received if contents.include_originals else 0))
    members = members_of(contents, exhibits_of(contents), part(progress, 0.0, 0.6))
    top = top_folder(contents)
    try:
        with ZipWriter(target, top, contents.begun) as out:
            head, signatures = _write(contents, members, out, seal, sign, part(progress, 0.6, 0.97))
            progress(0.97, "flushing to the disk")
            out.done()
    except OSError as error:
        raise CaseError(
            f"The pack could not be written to {target}: {error.strerror or error}.",
            hint="Choose a folder that can be written to, with enough space.",
        ) from error
    digest = sha256_file(target)
    progress(1.0, "done")
    return Built(digest, head, signatures)


def members_of(contents: PackContents, exhibits: ExhibitSet, progress: Progress) -> list[Member]:
    """Every file under data/ but the log, sorted by path; report, charts and lists are made here."""
    charts = charts_of(contents, part(progress, 0.0, 0.33))
    report = set_report(contents, charts, exhibits, part(progress, 0.33, 1.0))
    set_files = {
        f"{REPORT}report.pdf": report.pdf,
        f"{REPORT}report_letter.pdf": report.letter,
        f"{REPORT}report.html": report.html,
        f"{REPORT}report.docx": report.docx,
    }
    summary = set_summary(contents)
    if summary is not None:
        set_files[f"{REPORT}summary_1page.pdf"] = summary
    shown = exhibits.exhibits
    listed = exhibit_list((one.entry for one in shown), files_of(contents)) if shown else b""
    set_files |= legal_files(contents, listed)
    if contents.marks.prefix:
        pages = pages_of(report.pdf)
        exhibits = numbered(exhibits, contents.marks, pages)
        set_files[BATES] = bates_table(contents.marks, pages, [one.name for one in shown])
    return sorted([*payload(contents, charts, set_files), *_exhibits(contents, exhibits)], key=lambda one: one.path)


def _exhibits(contents: PackContents, exhibits: ExhibitSet) -> list[Member]:
    """The files of exhibits, each made when it is written."""
    files = exhibit_files(contents, exhibits) if exhibits.exhibits else []
    return [Member(one.path, one.size, partial(_made, one.make)) for one in files]


def _made(make: Callable[[], bytes]) -> Iterator[bytes]:
    yield make()


def preview(contents: PackContents, dots: float, progress: Progress = silent) -> list[bytes]:
    """The pages of the report that a pack of these contents would have, as PNG; nothing is written."""
    charts = charts_of(contents, part(progress, 0.0, 0.4))
    exhibits = exhibits_of(contents)
    progress(0.6, "setting the report")
    return images_of(contents, charts, exhibits, dots)


def _check_chain(lines: tuple[str, ...], head: str) -> None:
    chain = Chain()
    faults = list(chain.walk(line.encode() for line in lines))
    if faults:
        raise VerificationError(
            f"The ledger is broken, so that no pack was written. {faults[0]}",
            hint="`workbench verify CASE` names what is wrong.",
        )
    if chain.last != head:
        raise VerificationError(
            "The audit log that was handed over does not end in the head of this pack; nothing was written.",
            hint="`workbench verify CASE` names what is wrong.",
        )


def _write(
    contents: PackContents, members: list[Member], out: ZipWriter, seal: Seal, sign: Sign, progress: Progress
) -> tuple[str, tuple[str, ...]]:
    """Write all files, the line that seals them, and what follows from it; returns the head and the signatures."""
    digests = _payload(members, out, progress)
    size = sum(digest.size for digest in digests.values())
    inside = Bagged(out.top, len(digests) + _LOG_FILES, size, exhibits=VIEWER in digests)
    pages = {
        "START_HERE.html": start_here(contents, inside, Legible(covered(all_fonts()))),
        "HOW_TO_CHECK.txt": how_to_check(contents, inside),
    }
    hashes = {path: digest.sha256 for path, digest in digests.items()}
    line = seal(sealed(hashes | {path: sha256(data) for path, data in pages.items()}))
    lines = (*contents.ledger_lines, line)
    head = str(json.loads(line)["hash"])
    _check_chain(lines, head)
    for path, data in sorted(log_files(lines).items()):
        digests[path] = out.add(path, (data,), silent, len(data))
    tags = tag_files(facts([json.loads(text) for text in lines]), digests, pages)
    for path, data in sorted((pages | tags).items()):
        out.add(path, (data,), silent, len(data))
    signatures = sign(tags[bag.TAG_MANIFEST])
    made = seal_of(tags[bag.TAG_MANIFEST], contents.signers, Attached(signatures))
    for path, data in sorted(made.files.items()):
        out.add(path, (data,), silent, len(data))
    return head, tuple(armoured(one, NAMESPACE) for one in signatures)


def _payload(members: list[Member], out: ZipWriter, progress: Progress) -> dict[str, bag.Digest]:
    total = sum(member.size for member in members) or 1
    digests: dict[str, bag.Digest] = {}
    before = 0
    for member in members:
        inner = part(progress, before / total, (before + member.size) / total)
        digest = out.add(member.path, member.chunks(), inner, member.size, packed=member.packed)
        if member.sha256 not in ("", digest.sha256):
            raise VerificationError(
                f"The original for {member.path} no longer has the hash it was received with; no pack was written.",
                hint="`workbench verify CASE` names what is wrong.",
            )
        digests[member.path] = digest
        before += member.size
    return digests


def tag_files(
    said: Mapping[str, str], within: Mapping[str, bag.Digest], pages: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The files beside data that follow from the others: declaration, facts and lists."""
    size = sum(digest.size for digest in within.values())
    manifest = bag.manifest({path: digest.sha256 for path, digest in within.items()})
    tags = {
        "bagit.txt": bag.DECLARATION,
        "bag-info.txt": bag.bag_info({**said, "Payload-Oxum": f"{size}.{len(within)}"}),
        bag.MANIFEST: manifest,
    }
    listed = {path: sha256(data) for path, data in (tags | dict(pages)).items()}
    return tags | {bag.TAG_MANIFEST: bag.manifest(listed)}
