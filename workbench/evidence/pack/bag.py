"""BagIt 1.0 (RFC 8493): the declaration, the facts and the lists of hashes around a pack's files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import NamedTuple

from workbench.core.printed import grouped
from workbench.core.text import one_line

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
SEAL_STATUS = "SEAL_STATUS.txt"
ALLOWED_SIGNERS = "allowed_signers"
STAMP_REQUEST, STAMP_REPLY, STAMP_CHAIN = "seal.tsq", "seal.tsr", "tsa-chain.pem"
MOST_SIGNERS = 9


def signature_path(at: int) -> str:
    """Where a signer’s signature lies, by their place; each alone, since `ssh-keygen` reads one from a file."""
    return f"{TAG_MANIFEST}.{at + 1}.sig" if at else f"{TAG_MANIFEST}.sig"


SEAL_FILES = frozenset(
    {SEAL_STATUS, ALLOWED_SIGNERS, STAMP_REQUEST, STAMP_REPLY, STAMP_CHAIN, *map(signature_path, range(MOST_SIGNERS))}
)
"""Files that are made of the last list after the pack was made."""

UNLISTED = SEAL_FILES | {TAG_MANIFEST}
"""Files that no list names: the last list itself, and what is made of it."""

_LINE = re.compile(r"([0-9a-f]{64})  ([^\r\n]+)")


class Digest(NamedTuple):
    """SHA-256 and size of one file."""

    sha256: str
    size: int


def manifest(digests: Mapping[str, str]) -> bytes:
    """A list of hashes in the form that `sha256sum -c` reads, sorted by path."""
    return "".join(f"{sha}  {path}\n" for path, sha in sorted(digests.items())).encode()


def parsed_manifest(data: bytes) -> tuple[dict[str, str], list[int]]:
    """The hash of each path in a list, and the numbers of the lines that can't be read or repeat a path."""
    found: dict[str, str] = {}
    bad: list[int] = []
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        hit = _LINE.fullmatch(line)
        if hit and hit[2] not in found:
            found[hit[2]] = hit[1]
        elif line:
            bad.append(number)
    return found, bad


def bag_info(facts: Mapping[str, str]) -> bytes:
    """bag-info.txt: one line a fact, its value on one line."""
    return "".join(f"{name}: {one_line(value, 400)}\n" for name, value in facts.items()).encode()


def seal_status(tag_manifest: bytes) -> bytes:
    """SEAL_STATUS.txt of a draft: that no one signed it, what a seal would show, and the hash of the list of lists."""
    digest = hashlib.sha256(tag_manifest).hexdigest()
    head = "IS THIS PACK SIGNED?   NO.   IS IT TIME-STAMPED?   NO.   IT IS A DRAFT."
    return (
        f"{head}\n{'=' * len(head)}\n\n"
        "                 state          what it shows                        what it does not show\n"
        "Signature        none           who sealed these bytes               that what they say is true\n"
        "Time stamp       none           that the pack existed by a time      anything earlier than that time\n"
        "Hash of the zip  in the letter  that these are the same bytes        who made them\n\n"
        "So far, only the hash in the covering letter ties this pack to the examiner.\n\n"
        f"List of lists ({TAG_MANIFEST}):\n"
        f"  {grouped(digest[:32])}\n  {grouped(digest[32:])}\n\n"
        "This file may change after the pack was made, when a signature or a time stamp is added. No other file may.\n"
    ).encode()


def names_list(status: bytes, tag_manifest: bytes) -> bool:
    """Whether a SEAL_STATUS.txt of any format states the hash of a list of lists."""
    return hashlib.sha256(tag_manifest).hexdigest().encode() in re.sub(rb"\s", b"", status)


def old_seal_status(tag_manifest: bytes) -> bytes:
    """SEAL_STATUS.txt as packs of the first format have it."""
    fingerprint = hashlib.sha256(tag_manifest).hexdigest()
    return (
        "Signature:  none (this version of the workbench does not sign)\n"
        "Time stamp: none (this version of the workbench does not seal)\n"
        "\n"
        f"Fingerprint of this pack, the SHA-256 of {TAG_MANIFEST}:\n"
        f"{fingerprint}\n"
        "\n"
        "The fingerprint covers every other file. It proves nothing while it is only read here: compare it\n"
        "with the one that you were given by another way than this pack.\n"
    ).encode()
