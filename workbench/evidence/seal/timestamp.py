"""RFC 3161: the request for a time stamp, written without a network, and the reply, checked without one.

The request follows from the message alone: `openssl ts -query -sha256 -cert -no_nonce` writes the same bytes. A nonce
would guard against an older reply to the same digest, which here is the stronger evidence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, NamedTuple

from workbench.core.text import one_line

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

_SHA256 = "2.16.840.1.101.3.4.2.1"
_BEFORE = bytes.fromhex("3039020101303130 0d060960864801650304020105000420")
_AFTER = bytes.fromhex("0101ff")
_CERTIFICATES = 0xA0
_LARGEST = 1 << 20


class StampError(Exception):
    """A reply or a chain of certificates that is not what it should be; the text says why."""


class Stamp(NamedTuple):
    """What a reply states, whose signature leads to a root of the chain that lies beside it.

    `time` is in UTC; `root` is the SHA-256 of the root's certificate.
    """

    time: str
    authority: str
    serial: str
    policy: str
    root: str


def request(message: bytes) -> bytes:
    """The request for a stamp of a message, by its SHA-256."""
    return _BEFORE + hashlib.sha256(message).digest() + _AFTER


def chain_of(pem: bytes) -> bytes:
    """The certificates in a PEM file and nothing else that it holds; raises StampError."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return b"".join(one.public_bytes(Encoding.PEM) for one in _certificates(pem))


def _certificates(pem: bytes) -> list[Certificate]:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return list(load_pem_x509_certificates(pem[:_LARGEST]))
    except ValueError:
        raise StampError("the chain holds no certificates in PEM form") from None


def stamp(reply: bytes, pem: bytes, message: bytes) -> Stamp:
    """What a reply states of a message; raises StampError where it does not hold against the chain."""
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    chain = _certificates(pem)
    try:
        answer = decode_timestamp_response(_sorted_certificates(reply[:_LARGEST]))
        if answer.tst_info.message_imprint.hash_algorithm.dotted_string != _SHA256:
            raise StampError("the reply is for another kind of hash than SHA-256")
        own, *between, root = _way_to_root(answer, chain)
        # Only this way is trusted: another certificate of the chain could bear the name of a root that it is not.
        verifier = VerifierBuilder(tsa_certificate=own, roots=[root], intermediates=between).build()
        verifier.verify(answer, hashlib.sha256(message).digest())
        return _stated(answer, own, root)
    except VerificationError as error:
        raise StampError(_why(str(error))) from None
    except (ValueError, LookupError, TypeError, OverflowError):
        raise StampError("it is no reply of RFC 3161 that grants a stamp") from None


def _why(error: str) -> str:
    if "messages" in error:
        return "the reply is for other bytes than the list of lists of this pack"
    return "the signature of the reply does not lead to a root of the chain"


def _way_to_root(answer: TimeStampResponse, chain: Sequence[Certificate]) -> list[Certificate]:
    """The certificate that the reply names as its signer's, and those by whose keys it was issued, up to a root.

    The root is in the chain that was given. Raises StampError where there is no such way, ValueError or LookupError.
    """
    from cryptography.x509 import load_der_x509_certificate

    (signer,) = answer.signed_data.signer_infos
    brought = [load_der_x509_certificate(one) for one in answer.signed_data.certificates]
    named = (signer.serial_number, signer.issuer)
    (own,) = {one for one in (*brought, *chain) if (one.serial_number, one.issuer) == named}
    way = [own]
    while way[-1].issuer != way[-1].subject and len(way) <= len(chain) + len(brought):
        way.append(next((one for one in (*chain, *brought) if _issued(one, way[-1])), way[-1]))
    if way[-1] not in chain or not _issued(way[-1], way[-1]) or len(way) == 1:
        raise StampError("the chain holds no root that the signature of the reply leads to")
    return way


def _issued(issuer: Certificate, one: Certificate) -> bool:
    """Whether a certificate was signed with the key of another, and not only names it."""
    from cryptography.exceptions import InvalidSignature

    try:
        one.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _stated(answer: TimeStampResponse, own: Certificate, root: Certificate) -> Stamp:
    from cryptography.hazmat.primitives.hashes import SHA256

    info = answer.tst_info
    return Stamp(
        info.gen_time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        one_line(own.subject.rfc4514_string(), 100),
        str(info.serial_number)[:60],
        info.policy.dotted_string[:60],
        root.fingerprint(SHA256()).hex(),
    )


def _sorted_certificates(reply: bytes) -> bytes:
    """The reply with its set of certificates in the order of DER, which some authorities do not keep.

    No signature covers that order, and the library refuses any other. Raises LookupError or ValueError.
    """
    *_, token = _children(reply, *_head(reply, 0)[1:])
    *_, content = _children(reply, *token[2:])
    *_, signed = _children(reply, *content[2:])
    for tag, _, begin, end in _children(reply, *signed[2:]):
        if tag == _CERTIFICATES:
            held = sorted(reply[at:after] for _, at, _, after in _children(reply, begin, end))
            return reply[:begin] + b"".join(held) + reply[end:]
    return reply


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Tag, first byte and end of the content of the DER value at a place."""
    tag, length, begin = data[at], data[at + 1], at + 2
    if length & 0x80:
        begin += length & 0x7F
        length = int.from_bytes(data[at + 2 : begin], "big")
    if begin + length > len(data):
        raise ValueError
    return tag, begin, begin + length


def _children(data: bytes, begin: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Tag, start, first byte and end of the content of each DER value in a place."""
    while begin < end:
        tag, inner, after = _head(data, begin)
        yield tag, begin, inner, after
        begin = after
