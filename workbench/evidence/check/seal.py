"""Whether what was attached to a pack after it was made is what it claims to be: signatures, and a time stamp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workbench.evidence.check.pack_files import PackProblem
from workbench.evidence.pack import bag
from workbench.evidence.seal.sshsig import Signature, SignatureError, fingerprint, is_valid, parsed
from workbench.evidence.seal.state import NAMESPACE, Attached, Seal, Signer, seal
from workbench.evidence.seal.timestamp import StampError, chain_of, stamp


class SealFound(NamedTuple):
    """What is wrong with the files of a seal; the seal itself where all that was attached holds."""

    problems: list[PackProblem]
    seal: Seal | None


def sealed_with(
    tag_manifest: bytes, declared: Sequence[Signer], files: Mapping[str, bytes], signer: str | None
) -> SealFound:
    """Check the files of a seal against the list of lists, who is to sign, and a fingerprint that is asked for."""
    problems: list[PackProblem] = []
    signatures = _signatures(tag_manifest, files, problems)
    reply, chain = (files.get(path, b"") for path in (bag.STAMP_REPLY, bag.STAMP_CHAIN))
    problems += _stamp(tag_manifest, files)
    if not problems:
        try:
            made = seal(tag_manifest, declared, Attached(signatures, reply, chain))
        except SignatureError as error:
            problems.append(PackProblem(bag.signature_path(0), "added", f"The signatures do not hold: {error}."))
    if problems:
        return SealFound(problems, None)
    for at, one in enumerate(declared):
        if made.signatures[at] is None:
            said = f"The log names {one.name}, {fingerprint(one.public)}, as a signer, whose signature is not there."
            problems.append(PackProblem(bag.signature_path(at), "removed", said))
    if signer is not None and signer not in {fingerprint(one.public) for one in signatures}:
        said = f"No signature by the key {signer} is there."
        problems.append(PackProblem(bag.signature_path(0), "removed", said))
    return SealFound([*problems, *_compared(tag_manifest, made, files)], made)


def _signatures(tag_manifest: bytes, files: Mapping[str, bytes], problems: list[PackProblem]) -> tuple[Signature, ...]:
    found = []
    for path in map(bag.signature_path, range(bag.MOST_SIGNERS)):
        if path in files:
            try:
                one = parsed(files[path], NAMESPACE)
                if not is_valid(one, tag_manifest, NAMESPACE):
                    raise SignatureError(f"it is not of this {bag.TAG_MANIFEST}")
                found.append(one)
            except SignatureError as error:
                problems.append(PackProblem(path, "changed", f"The signature does not hold: {error}."))
    return tuple(found)


def _stamp(tag_manifest: bytes, files: Mapping[str, bytes]) -> list[PackProblem]:
    both = (bag.STAMP_REPLY, bag.STAMP_CHAIN)
    missing = [path for path in both if path not in files]
    if len(missing) == 1:
        return [PackProblem(missing[0], "removed", "A time stamp needs this file, and it is not there.")]
    at = bag.STAMP_CHAIN
    try:
        if not missing:
            chain_of(files[at])
            at = bag.STAMP_REPLY
            stamp(files[at], files[bag.STAMP_CHAIN], tag_manifest)
    except StampError as error:
        return [PackProblem(at, "changed", f"The time stamp does not hold: {error}.")]
    return []


def _compared(tag_manifest: bytes, made: Seal, files: Mapping[str, bytes]) -> list[PackProblem]:
    """Where the files of a seal are not those that follow from what was attached."""
    problems = []
    old = {bag.SEAL_STATUS: bag.old_seal_status(tag_manifest)}
    for path in sorted((made.files.keys() | files.keys()) - {bag.SEAL_STATUS}):
        if path not in files:
            problems.append(PackProblem(path, "removed", "The seal of this pack has this file, and it is not there."))
        elif path not in made.files:
            problems.append(PackProblem(path, "added", "It belongs to no signature and no time stamp of this pack."))
        elif files[path] != made.files[path]:
            problems.append(PackProblem(path, "changed", "It does not agree with the signatures and the time stamp."))
    status = files.get(bag.SEAL_STATUS)
    if status is not None and status != made.files[bag.SEAL_STATUS] and files != old:
        said = f"It does not agree with {bag.TAG_MANIFEST} and the seal of this pack."
        problems.append(PackProblem(bag.SEAL_STATUS, "changed", said))
    return problems
