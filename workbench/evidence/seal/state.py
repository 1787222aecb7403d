"""The files that make up the seal of a pack, all of which follow from its list of lists and from what was attached.

No list names them: a signature can't cover itself. So each is made again when a pack is checked, and compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workbench.core.hashing import sha256
from workbench.core.model import Json
from workbench.core.printed import grouped
from workbench.core.text import counted
from workbench.evidence.pack.bag import (
    ALLOWED_SIGNERS,
    MOST_SIGNERS,
    SEAL_STATUS,
    STAMP_CHAIN,
    STAMP_REPLY,
    STAMP_REQUEST,
    TAG_MANIFEST,
    seal_status,
    signature_path,
)
from workbench.evidence.seal.sshsig import (
    Signature,
    SignatureError,
    armoured,
    fingerprint,
    is_valid,
    parsed,
    public_line,
    public_of,
    short_name,
)
from workbench.evidence.seal.timestamp import Stamp, chain_of, request, stamp

NAMESPACE = "evidence-pack@v1"
"""What a signature is for: one that was made for something else does not hold here."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,39}")


class Signer(NamedTuple):
    """Who signs a pack: a name, and the public key."""

    name: str
    public: bytes


class Attached(NamedTuple):
    """What was made outside of the pack and put beside it: signatures, and a reply with its chain, or neither."""

    signatures: tuple[Signature, ...] = ()
    reply: bytes = b""
    chain: bytes = b""


class Seal(NamedTuple):
    """The state of a pack's seal: whoever is to sign, their signatures, the stamp, and the files as they should be."""

    signers: tuple[Signer, ...]
    signatures: tuple[Signature | None, ...]
    declared: int
    stamp: Stamp | None
    files: Mapping[str, bytes]

    @property
    def signed(self) -> bool:
        """Whether everyone who is to sign has signed."""
        return bool(self.signatures) and None not in self.signatures

    def words(self) -> list[str]:
        """Who signed, and when it was stamped, in sentences."""
        said = [
            f"Signed by {signer.name}, {fingerprint(signer.public)}."
            for signer, own in zip(self.signers, self.signatures, strict=True)
            if own
        ]
        if said:
            said.append("Compare each fingerprint with the one that you were given by another way than this pack.")
        if self.stamp:
            said.append(f"Time-stamped at {self.stamp.time} by {self.stamp.authority}, root {self.stamp.root}.")
        return said


def is_name(name: str) -> bool:
    """Whether a signer can have this name, which stands in a line of `allowed_signers`."""
    return bool(_NAME.fullmatch(name))


def declared_in(choices: Json) -> tuple[Signer, ...]:
    """The signers that the line of a pack names; raises LookupError, TypeError or SignatureError for bad ones."""
    listed = choices.get("signers", ()) if isinstance(choices, dict) else ()
    signers = tuple(Signer(str(one["name"]), public_of(one["key"])) for one in listed)
    if not all(is_name(one.name) for one in signers):
        raise SignatureError("a signer has a name that none may have")
    if len({one.name for one in signers}) < len(signers) or len({one.public for one in signers}) < len(signers):
        raise SignatureError("a signer is named twice")
    return signers


def declared_as(signers: Sequence[Signer]) -> Json:
    """Signers as the line of a pack names them."""
    return [{"name": one.name, "key": public_line(one.public)} for one in signers]


def seal(tag_manifest: bytes, declared: Sequence[Signer], attached: Attached) -> Seal:
    """The seal of a pack. Raises SignatureError or StampError where what was attached does not hold."""
    by_key = {one.public: one for one in attached.signatures}
    for one in by_key.values():
        if not is_valid(one, tag_manifest, NAMESPACE):
            raise SignatureError(f"the signature of {fingerprint(one.public)} does not fit {TAG_MANIFEST}")
    known = {one.public for one in declared}
    others = sorted((Signer(short_name(key), key) for key in by_key if key not in known), key=lambda one: one.name)
    signers = (*declared, *others)
    if len(signers) > MOST_SIGNERS:
        raise SignatureError(f"a pack has {MOST_SIGNERS} signers at most")
    held = stamp(attached.reply, attached.chain, tag_manifest) if attached.reply or attached.chain else None
    signatures = tuple(by_key.get(one.public) for one in signers)
    files = {
        signature_path(at): armoured(own, NAMESPACE).encode() for at, own in enumerate(signatures) if own is not None
    }
    if signers:
        files[ALLOWED_SIGNERS] = "".join(
            f'{one.name} namespaces="{NAMESPACE}" {public_line(one.public)}\n' for one in signers
        ).encode()
    if held is not None:
        files |= {
            STAMP_REQUEST: request(tag_manifest),
            STAMP_REPLY: attached.reply,
            STAMP_CHAIN: chain_of(attached.chain),
        }
    found = Seal(signers, signatures, len(declared), held, files)
    status = _status(found, tag_manifest) if files else seal_status(tag_manifest)
    return found._replace(files={**files, SEAL_STATUS: status})


def attached_in(files: Mapping[str, bytes]) -> Attached:
    """What is attached to a pack with these files; raises SignatureError for what is no signature."""
    texts = [files[path] for path in map(signature_path, range(MOST_SIGNERS)) if path in files]
    return Attached(
        tuple(parsed(text, NAMESPACE) for text in texts), files.get(STAMP_REPLY, b""), files.get(STAMP_CHAIN, b"")
    )


def _status(found: Seal, tag_manifest: bytes) -> bytes:
    """SEAL_STATUS.txt of a pack to which something was attached, or that names who is to sign it."""
    there = sum(own is not None for own in found.signatures)
    head = f"IS THIS PACK SIGNED?   {_answer(found, there)}   IS IT TIME-STAMPED?   "
    head += f"YES: {found.stamp.time}." if found.stamp else "NO."
    head += "" if there else "   IT IS A DRAFT."
    digest = sha256(tag_manifest)
    signature = f"{there} of {len(found.signers)}" if found.signers else "none"
    lines = [
        head,
        "=" * len(head),
        "",
        "                 state          what it shows                        what it does not show",
        f"Signature        {signature:<15}who sealed these bytes               that what they say is true",
        f"Time stamp       {'one' if found.stamp else 'none':<15}that the pack existed by a time      "
        "anything earlier than that time",
        "Hash of the zip  in the letter  that these are the same bytes        who made them",
        "",
        *_signed(found),
        *(_stamped(found.stamp) if found.stamp else ()),
        f"List of lists ({TAG_MANIFEST}):",
        f"  {grouped(digest[:32])}",
        f"  {grouped(digest[32:])}",
        "",
        "The files of the seal, with the SHA-256 of each. No list names them, since they are made of the last list:",
        *(f"{sha256(data)}  {path}" for path, data in sorted(found.files.items())),
        "",
        "These files and this one may change after the pack was made, when a signature or a time stamp is added.",
        "No other file may.",
        "",
    ]
    return "\n".join(lines).encode()


def _answer(found: Seal, there: int) -> str:
    missing = len(found.signers) - there
    if not there:
        return "NO."
    return f"NO: {counted(missing, 'SIGNATURE', 'SIGNATURES')} MISSING." if missing else "YES."


def _signed(found: Seal) -> list[str]:
    if not found.signers:
        return []
    lines = ["Who signs, by what key:"]
    for at, (signer, own) in enumerate(zip(found.signers, found.signatures, strict=True)):
        state = signature_path(at) if own else "NOT SIGNED"
        lines += [f"  {signer.name}", f"    {fingerprint(signer.public)}", f"    {state}{_whence(found, at)}"]
    return [
        *lines,
        "Compare each fingerprint with the one that you were given by another way than this pack. Anybody can make",
        "a key, and give it any name. HOW_TO_CHECK.txt has the command that checks a signature.",
        "",
    ]


def _whence(found: Seal, at: int) -> str:
    if at < found.declared:
        return ", named in the log of this pack"
    return ", added after the pack was made; the log does not say whose key it is"


def _stamped(held: Stamp) -> list[str]:
    return [
        "Time stamp:",
        f"  at         {held.time}",
        f"  by         {held.authority}",
        f"  serial     {held.serial}, policy {held.policy}",
        f"  root       {grouped(held.root[:32])}",
        f"             {grouped(held.root[32:])}",
        "Compare the SHA-256 of the root with the one that the authority publishes. HOW_TO_CHECK.txt has the command",
        "that checks the stamp.",
        "",
    ]
