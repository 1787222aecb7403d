"""Putting a signature or a time stamp into a pack: its other files stay as they are, byte for byte."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from workbench.core.errors import BadInputError, CaseError, VerificationError
from workbench.core.progress import Progress, part, silent
from workbench.core.zip_directory import DEFLATED, ZipEntry
from workbench.evidence.check.check import check_pack, opened
from workbench.evidence.check.pack_files import CHUNK
from workbench.evidence.check.zip_directory import read_directory, start_of
from workbench.evidence.check.zip_form import directory, local_headers
from workbench.evidence.pack import bag
from workbench.evidence.pack.zip_writer import LEVEL, partial_file
from workbench.evidence.seal.state import Attached, Seal, attached_in, seal

Change = Callable[[bytes, Attached], Attached]
"""From the list of lists and what is attached to what shall be."""


def sound_seal(pack: Path, progress: Progress = silent) -> tuple[Seal, bytes, Attached]:
    """The seal of a pack in which nothing but signatures is missing, its list of lists, and what is attached.

    Raises BadInputError for what is no zip, VerificationError for a pack that does not agree with its seals.
    """
    if not pack.is_file():
        raise BadInputError(f"{pack} is no file.", hint="Name the zip file of a pack: what is unpacked stays as it is.")
    checked = check_pack(pack, progress)
    wrong = [one for one in checked.problems if one.path not in bag.SEAL_FILES or one.what != "removed"]
    if wrong or checked.seal is None:
        raise VerificationError(
            f"The pack does not agree with its seals, so that nothing was attached. {wrong[0].path}: {wrong[0].detail}",
            hint="`workbench verify PACK.zip` names all that is wrong.",
        )
    with opened(pack) as members:
        held = {
            path: b"".join(members.chunks(path))
            for path in members.sizes
            if path in bag.SEAL_FILES or path == bag.TAG_MANIFEST
        }
    return checked.seal, held.pop(bag.TAG_MANIFEST), attached_in(held)


def attach(pack: Path, change: Change, progress: Progress = silent) -> Seal:
    """Change what is attached to a pack, in its place; broken off, the pack is as it was.

    Raises SignatureError or StampError where what is to be attached does not hold.
    """
    before, tag_manifest, attached = sound_seal(pack, part(progress, 0, 0.7))
    declared = before.signers[: before.declared]
    made = seal(tag_manifest, declared, change(tag_manifest, attached))
    try:
        with partial_file(pack) as out, pack.open("rb") as source:
            _copy(source, out, made, part(progress, 0.7, 1))
    except OSError as error:
        raise CaseError(f"{pack} can't be written: {error.strerror or error}.") from error
    return made


def _copy(source: IO[bytes], out: IO[bytes], made: Seal, progress: Progress) -> None:
    """Write the pack with the files of its seal at the end: the bytes of all others are copied as they are packed."""
    held = sorted(read_directory(source, "pack").entries, key=lambda entry: entry.offset)
    top = held[0].name.partition("/")[0]
    kept = [entry for entry in held if entry.name.partition("/")[2] not in bag.SEAL_FILES]
    entries = []
    for at, entry in enumerate(kept):
        end = start_of(source, entry) + entry.packed
        entries.append(entry._replace(offset=out.tell()))
        source.seek(entry.offset)
        while (left := end - source.tell()) > 0:
            out.write(source.read(min(left, CHUNK)))
        progress((at + 1) / len(kept), entry.name)
    usual = next(entry for entry in kept if entry.name == f"{top}/{bag.TAG_MANIFEST}")
    for path, data in sorted(made.files.items()):
        entries.append(_added(out, usual, f"{top}/{path}", data))
    out.write(directory(entries, out.tell()))


def _added(out: IO[bytes], usual: ZipEntry, name: str, data: bytes) -> ZipEntry:
    """Write a member, with date and mode as another one has them."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush()
    entry = usual._replace(
        name=name, method=DEFLATED, crc=zlib.crc32(data), packed=len(packed), size=len(data), offset=out.tell()
    )
    out.write(local_headers(entry)[0] + packed)
    return entry
