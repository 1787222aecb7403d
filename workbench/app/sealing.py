"""Sealing a pack: who signs it, a signature that is added later, and a time stamp that an authority gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from workbench.app.keys import Keys
from workbench.core.errors import BadInputError, CaseError, UsageError
from workbench.core.files import put
from workbench.core.hashing import sha256_file
from workbench.core.progress import Progress, silent
from workbench.evidence.seal.attach import Change, attach, sound_seal
from workbench.evidence.seal.sshsig import Signature, SignatureError
from workbench.evidence.seal.state import Attached, Signer
from workbench.evidence.seal.timestamp import StampError, request

_LARGEST = 1 << 20


class Signs(Protocol):
    """Who signs a new pack, and what signs it at once."""

    @property
    def signers(self) -> tuple[Signer, ...]:
        """The names and public keys, as the log of the pack states them."""

    def sign(self, tag_manifest: bytes) -> tuple[Signature, ...]:
        """The signatures that can be made here."""


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs a new pack; those whose private key is here sign it at once, the others later, where theirs is."""

    keys: Keys
    names: tuple[str, ...]

    @property
    def signers(self) -> tuple[Signer, ...]:
        """The names and public keys, as the log of the pack states them."""
        return tuple(self.keys.signer(name) for name in self.names)

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """Whose private key is not here."""
        return tuple(name for name in self.names if not self.keys.key(name).kept)

    def sign(self, tag_manifest: bytes) -> tuple[Signature, ...]:
        """The signatures that can be made here."""
        there = set(self.names) - set(self.elsewhere)
        return tuple(self.keys.sign(name, tag_manifest) for name in self.names if name in there)


def signing(keys: Keys, names: Sequence[str]) -> Signing | None:
    """Who signs a new pack; None where no one is named. Raises UsageError for an unknown or repeated name."""
    if not names:
        return None
    if len(set(names)) != len(names) or len({keys.public(name) for name in names}) != len(names):
        raise UsageError("One key is named twice.")
    return Signing(keys, tuple(names))


class Sealed(NamedTuple):
    """A pack to which something was attached: its SHA-256 now, and its seal in sentences."""

    sha256: str
    words: list[str]


def sign(pack: Path, keys: Keys, name: str, progress: Progress = silent) -> Sealed:
    """Add a signature to a pack, in its place. Raises UsageError where it is there already."""

    def signed(tag_manifest: bytes, attached: Attached) -> Attached:
        own = keys.sign(name, tag_manifest)
        if own in attached.signatures:
            raise UsageError(f"“{name}” has signed this pack already.")
        return attached._replace(signatures=(*attached.signatures, own))

    try:
        return _sealed(pack, signed, progress)
    except SignatureError as error:
        raise BadInputError(f"The signature can't be added: {error}.") from error


def stamp_request(pack: Path, file: Path, progress: Progress = silent) -> None:
    """Write the request that an authority answers with a time stamp; the pack stays as it is."""
    _, tag_manifest, _ = sound_seal(pack, progress)
    if file.exists():
        raise CaseError(f"{file} exists already.", hint="Choose another name: nothing is overwritten.")
    try:
        put(file, request(tag_manifest))
    except OSError as error:
        raise CaseError(f"{file} can't be written: {error.strerror}.") from error


def add_stamp(pack: Path, reply: Path, chain: Path, progress: Progress = silent) -> Sealed:
    """Put an authority's reply into a pack, with the certificates by which it is checked; an earlier one gives way.

    Raises BadInputError for a reply that is not one to this pack, or does not lead to a root of the chain.
    """
    replied, certificates = _small(reply), _small(chain)
    try:
        return _sealed(pack, lambda _, held: held._replace(reply=replied, chain=certificates), progress)
    except StampError as error:
        raise BadInputError(
            f"The time stamp can't be added: {error}.",
            hint="--reply is the authority's reply to the request of `workbench stamp`, --chain its root as PEM.",
        ) from error


def _sealed(pack: Path, change: Change, progress: Progress) -> Sealed:
    words = attach(pack, change, progress).words()
    return Sealed(sha256_file(pack), words)


def _small(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except OSError as error:
        raise BadInputError(f"{file} can't be read: {error.strerror}.") from error
    if len(data) > _LARGEST:
        raise BadInputError(f"{file} is too large for what it should be.")
    return data
