"""The codes that stand where something was taken out, and the log of them."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.core.disguises import folded
from workbench.evidence.check.redacted import COLUMNS
from workbench.evidence.pack.registers import csv_bytes

KEY_BYTES = 32


@dataclass(slots=True)
class Removed:
    """One thing that was taken out: `text` stands in the full case alone. `times` counts its places by file."""

    code: str
    kind: str
    reason: str
    text: str
    times: Counter[str] = field(default_factory=Counter)


class Codes:
    """Gives codes in order: R-001, R-002. The same thing, in whatever form of letters, has one code."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[tuple[str, str], Removed] = {}
        self.by_code: dict[str, Removed] = {}

    def of(self, kind: str, text: str, reason: str) -> str:
        """The code of something that is taken out, as it stands in a text."""
        known = (kind, folded(text) or text)
        if known not in self._known:
            code = f"[R-{len(self._known) + 1:03d}]"
            self._known[known] = self.by_code[code] = Removed(code, kind, reason, text)
        return self._known[known].code

    def salted(self, digest: str) -> str:
        """What stands for a digest from which a short text could be guessed: HMAC-SHA256 of it under the key."""
        return hmac.digest(self._key, digest.encode(), "sha256").hex()

    def salt(self, code: str) -> str:
        """The salt of one code, which can be told to somebody without telling those of others."""
        return hmac.digest(self._key, f"salt of {code}".encode(), "sha256").hex()

    def proof(self, one: Removed) -> str:
        """SHA-256 of salt and text: who is shown both can check it, and who is not can't guess."""
        return salted_sha256(self.salt(one.code), one.text)

    def log(self) -> bytes:
        """The log of a copy: code, kind, reason, how often and in which files, the salted hash of what stood there."""
        return csv_bytes(
            COLUMNS,
            [
                (one.code, one.kind, one.reason, sum(one.times.values()), "; ".join(sorted(one.times)), self.proof(one))
                for one in self.by_code.values()
                if one.times
            ],
        )

    def counts(self) -> Mapping[str, int]:
        """How many things of each kind were taken out somewhere in the copy."""
        return Counter(one.kind for one in self.by_code.values() if one.times)


def salted_sha256(salt: str, text: str) -> str:
    """SHA-256 over the bytes of a salt (64 hexadecimal digits) and a text in UTF-8."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode("utf-8", "surrogatepass")).hexdigest()
