"""Signatures as OpenSSH makes them (PROTOCOL.sshsig), with Ed25519 keys alone: `ssh-keygen -Y verify` reads them."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import NamedTuple

KIND = "ssh-ed25519"
_MAGIC = b"SSHSIG"
_VERSION = (1).to_bytes(4, "big")
_HASH = b"sha512"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_WIDTH = 70
_LONGEST = 4096
_PUBLIC, _SIGNATURE = 32, 64


class SignatureError(Exception):
    """What is no signature or key of the kind that packs bear; the text says why."""


class Signature(NamedTuple):
    """The 32 bytes of the public key, and the 64 bytes that it is to verify."""

    public: bytes
    value: bytes


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _blob(public: bytes) -> bytes:
    return _string(KIND.encode()) + _string(public)


def fingerprint(public: bytes) -> str:
    """The fingerprint of a public key, as `ssh-keygen -l` prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(_blob(public)).digest()).decode().rstrip("=")


def short_name(public: bytes) -> str:
    """A name for a key whose owner is not stated, made of the key itself."""
    return f"key-{hashlib.sha256(_blob(public)).hexdigest()[:12]}"


def public_line(public: bytes) -> str:
    """A public key as OpenSSH writes it, without a comment."""
    return f"{KIND} {base64.b64encode(_blob(public)).decode()}"


def public_of(line: str) -> bytes:
    """The key in a line such as `ssh-ed25519 AAAA... comment`; raises SignatureError."""
    words = line.split()
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (IndexError, ValueError):
        raise SignatureError("it is no public key of OpenSSH") from None
    public = blob[-_PUBLIC:]
    if words[0] != KIND or blob != _blob(public):
        raise SignatureError("it is no Ed25519 key")
    return public


def to_sign(message: bytes, namespace: str) -> bytes:
    """The bytes that a key signs for a message."""
    digest = hashlib.sha512(message).digest()
    return _MAGIC + _string(namespace.encode()) + _string(b"") + _string(_HASH) + _string(digest)


def armoured(signature: Signature, namespace: str) -> str:
    """A signature as a text file."""
    body = _MAGIC + _VERSION + _string(_blob(signature.public)) + _string(namespace.encode())
    body += _string(b"") + _string(_HASH) + _string(_string(KIND.encode()) + _string(signature.value))
    text = base64.b64encode(body).decode()
    lines = [text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)]
    return "\n".join([_BEGIN, *lines, _END, ""])


def parsed(text: bytes, namespace: str) -> Signature:
    """The signature in a text file; raises SignatureError for whatever `armoured` would not write."""
    lines = text[:_LONGEST].decode("ascii", "replace").split("\n")
    try:
        body = base64.b64decode("".join(lines[1:-2]), validate=True)
    except binascii.Error:
        raise SignatureError("it is no signature of OpenSSH") from None
    at = len(_MAGIC + _VERSION) + 4 + len(_blob(b""))
    found = Signature(body[at : at + _PUBLIC], body[-_SIGNATURE:])
    if armoured(found, namespace).encode() != text:
        raise SignatureError(f"it is no Ed25519 signature of OpenSSH in the namespace {namespace}")
    return found


def is_valid(signature: Signature, message: bytes, namespace: str) -> bool:
    """Whether a signature is that of its key over a message."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(signature.public).verify(signature.value, to_sign(message, namespace))
    except (InvalidSignature, ValueError):
        return False
    return True
