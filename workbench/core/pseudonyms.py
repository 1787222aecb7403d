"""Pseudonyms that the holder of a key can make again from a name, and no one else can undo."""

from __future__ import annotations

import base64
import hmac
import ipaddress
from functools import lru_cache

_BYTES = 10
_REMEMBERED = 1 << 18

_FREE = frozenset(
    [
        "aol.com",
        "gmail.com",
        "gmx.com",
        "gmx.de",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "live.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "naver.com",
        "outlook.com",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "126.com",
        "163.com",
        "web.de",
        "yahoo.com",
        "yahoo.co.jp",
        "yandex.com",
        "yandex.ru",
        "zoho.com",
    ]
)
_DISPOSABLE = frozenset(
    [
        "10minutemail.com",
        "dispostable.com",
        "guerrillamail.com",
        "maildrop.cc",
        "mailinator.com",
        "sharklasers.com",
        "temp-mail.org",
        "tempmail.com",
        "throwawaymail.com",
        "trashmail.com",
        "yopmail.com",
    ]
)


class Pseudonyms:
    """Pseudonyms under one key: 80 bits of HMAC-SHA256 over kind and value, as 16 characters of base32.

    Kinds are apart: the same value as an account and as an address gives two unlike pseudonyms.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.of = lru_cache(_REMEMBERED)(self._of)

    def _of(self, kind: str, value: str) -> str:
        """The pseudonym of a value of a kind."""
        message = f"{kind}\0{value}".encode("utf-8", "surrogatepass")
        return base64.b32encode(hmac.digest(self._key, message, "sha256")[:_BYTES]).decode().lower()

    def address(self, value: str) -> tuple[str, str | None]:
        """The pseudonyms of an Internet address and of its network, a /24 or a /48; None where it is no address."""
        try:
            address = ipaddress.ip_address(value.strip())
        except ValueError:
            return self.of("address", value), None
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        network = ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False)
        return self.of("address", str(address)), self.of("network", str(network))

    def email(self, value: str) -> tuple[str, str]:
        """The pseudonym of an electronic mail address, and its class: free, disposable or company."""
        folded = value.strip().casefold()
        domain = folded.rpartition("@")[2]
        kind = "free" if domain in _FREE else "disposable" if domain in _DISPOSABLE else "company"
        return self.of("email", folded), kind
