"""The evidence pack: one reproducible zip, written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from workbench.core.errors import CaseError, VerificationError
from workbench.core.hashing import sha256, sha256_file
from workbench.core.progress import Progress, part, silent
from workbench.evidence.check.audit import Chain
from workbench.evidence.pack import bag
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.names import top_folder
from workbench.evidence.pack.payload import Member, payload
from workbench.evidence.pack.printable_text import Legible, all_fonts, covered
from workbench.evidence.pack.rebuilt_case import superseded
from workbench.evidence.pack.start_here import Bagged, how_to_check, start_here
from workbench.evidence.pack.zip_writer import ZipWriter, room_for
from workbench.evidence.report.charts import Chart, chart_of
from workbench.evidence.report.pdf import set_report

_SPARE = 16 << 20
"""Bytes for the report, the charts and the lists, beside the originals and the answers."""


def build(contents: PackContents, target: Path, progress: Progress = silent) -> str:
    """Write the pack and return the SHA-256 of the zip; the same contents give the same members.

    Raises VerificationError when the ledger lines are no chain that ends in the head, CaseError when the
    target can't be written. Stopped or failed, it leaves nothing behind.
    """
    _check_head(contents)
    received = sum(source.size for source in contents.sources)
    room_for(target, _SPARE + received + (received if contents.include_originals else 0))
    charts = _charts(contents, part(progress, 0.0, 0.5))
    report = set_report(contents, charts, part(progress, 0.5, 0.6))
    members = payload(contents, charts, report.pdf, report.html)
    top = top_folder(contents)
    try:
        with ZipWriter(target, top, contents.begun) as out:
            _write(contents, members, out, part(progress, 0.6, 0.97))
            progress(0.97, "flushing to the disk")
            out.done()
    except OSError as error:
        raise CaseError(
            f"The pack could not be written to {target}: {error.strerror or error}.",
            hint="Choose a folder that can be written to, with enough space.",
        ) from error
    digest = sha256_file(target)
    progress(1.0, "done")
    return digest


def _check_head(contents: PackContents) -> None:
    chain = Chain()
    faults = list(chain.walk(line.encode() for line in contents.ledger_lines))
    if faults:
        raise VerificationError(
            f"The ledger is broken, so that no pack was written. {faults[0]}",
            hint="`workbench verify CASE` names what is wrong.",
        )
    if chain.last != contents.head:
        raise VerificationError(
            "The audit log that was handed over does not end in the head of this pack; nothing was written.",
            hint="`workbench verify CASE` names what is wrong.",
        )


def _charts(contents: PackContents, progress: Progress) -> dict[int, Chart]:
    charts: dict[int, Chart] = {}
    for at, item in enumerate(contents.findings):
        progress(at / len(contents.findings), f"drawing finding {item.exhibit.number}")
        charts[item.exhibit.number] = chart_of(item, contents.redraw)
    return charts


def _write(contents: PackContents, members: list[Member], out: ZipWriter, progress: Progress) -> None:
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
    manifest = bag.manifest({path: digest.sha256 for path, digest in digests.items()})
    size = sum(digest.size for digest in digests.values())
    bagged = Bagged(out.top, len(digests), size, sha256(manifest))
    tags = {
        "bagit.txt": bag.DECLARATION,
        "bag-info.txt": bag.bag_info(_facts(contents, bagged)),
        bag.MANIFEST: manifest,
        "START_HERE.html": start_here(contents, bagged, Legible(covered(all_fonts()))),
        "HOW_TO_CHECK.txt": how_to_check(bagged, contents.head),
    }
    tag_manifest = bag.manifest({path: sha256(data) for path, data in tags.items()})
    tags |= {bag.TAG_MANIFEST: tag_manifest, bag.SEAL_STATUS: bag.seal_status(tag_manifest)}
    for path, data in sorted(tags.items()):
        out.add(path, (data,), silent, len(data))


def _facts(contents: PackContents, bagged: Bagged) -> Mapping[str, str]:
    return {
        "Bagging-Date": contents.begun[:10],
        "External-Identifier": bagged.top,
        "External-Description": contents.title,
        "Bag-Software-Agent": contents.tool,
        "Payload-Oxum": f"{bagged.size}.{bagged.files}",
        "Case-Identifier": contents.case_id,
        "Pack-Number": str(contents.number),
        "Supersedes": superseded(contents),
        "Examiner": contents.examiner,
        "Prepared": contents.begun,
        "Audit-Log-Head": contents.head,
        "Original-Data": "included" if contents.include_originals else "left out",
    }
