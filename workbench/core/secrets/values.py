"""Whether a value that stands where a secret does may be one, or only stands in for one.

Wrongly masking a stand-in costs a reader a few characters, wrongly showing a key costs its owner the key: a value
is a stand-in only if almost nothing is left of it without the words that stand-ins are made of.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections import Counter
from itertools import pairwise

VARIED = 8
"""Different characters from which on what is left of a value is no stand-in."""

_WORDS = re.compile(
    r"placeholder|example|redacted|undefined|optional|required|passphrase|password|passwort|passwd|insert|replace|"
    r"default|changeme|change|username|private|public|access|client|secret|secure|server|sample|string|strong|"
    r"anthropic|openai|google|github|azure|please|dummy|token|admin|value|where|enter|hidden|entry|input|"
    r"hash(?:ed)?|encrypted|your|here|goes|with|this|that|user|test|fake|demo|code|name|real|auth|none|null|todo|pass|root|some|text|"
    r"api|app|key|pwd|the|new|old|foo|bar|baz|put|qwerty|welcome|letmein|\bmy",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"(.)\1{2,}")
_BETWEEN = re.compile(r"[-_./\s*]+")
_COUNTED = re.compile(r"(?:0?1234?5?6?7?8?9?0?|4321|321|abc|xyz)", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-fA-F]+")
_TEMPLATE = re.compile(r"[{<%]|\$[{(]|\$[A-Za-z_]+\Z|\[[A-Za-z _-]+\]\Z|\.{0,2}/|~/|[a-z]{1,10}://|&[a-z]+;|\*+\Z")
_CHAIN = re.compile(r"[A-Za-z_$@][\w$]*(?:(?:\.|->|::|\?\.|-)[A-Za-z_$][\w$]*)*")
_LISTED = re.compile(r"[(\[{]|[\w\"'][,;:=][\"']|://")
_MEASURE = re.compile(r"[\d.]+(?:mm|cm|px|r?em|pt|v[hw]|ms)(?!\w)")
_SIGNS = re.compile(r"\W|_")


def entropy(text: str) -> float:
    """Shannon entropy of the characters of a text, in bits for each."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values()) if total else 0.0


def changes(text: str) -> float:
    """How often one character is of another class (lower case, upper case, digit, other) than the one before it.

    Drawn at random this is about one half, in words and in names of code a fifth or less.
    """
    classes = [1 if c.islower() else 2 if c.isupper() else 3 if c.isdigit() else 4 for c in text]
    return sum(a != b for a, b in pairwise(classes)) / max(1, len(text) - 1)


def keylike(text: str) -> bool:
    """Whether what follows a published prefix is a key and not a stand-in such as xxxx or YOUR_KEY_HERE."""
    left = _BETWEEN.sub("", _REPEATED.sub("", _WORDS.sub("", text)))
    return len(set(left)) >= VARIED and not wordy(text)


def wordy(text: str) -> bool:
    """Whether a value is words alone: each of up to 15 letters in one case, perhaps capitalised."""
    parts = [part for part in _BETWEEN.split(text) if part]
    return all(
        part.isalpha() and len(part) <= 15 and (part.islower() or part.isupper() or part.istitle()) for part in parts
    )


def mixed(text: str) -> bool:
    """Whether a value without a form of its own looks drawn at random, letters and digits mixed."""
    both = any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    # Of 32 digits drawn from 16, one in three has less than 3.5 bits.
    if not both or entropy(text) < (3.0 if _HEX.fullmatch(text) else 3.5):
        return False
    if changes(text) < 0.12 or _spelled(text):
        return False
    return keylike(text) and not _code(text) and not _TEMPLATE.match(text)


def bare_mixed(text: str) -> bool:
    """Whether what stands without quotes after a name for keys looks drawn at random, and is no code and no list."""
    return mixed(text) and changes(text) > 0.3 and not _LISTED.search(text)


def _spelled(text: str) -> bool:
    """Whether a value is words, short numbers and abbreviations with hyphens and the like between them."""
    parts = [part for part in _BETWEEN.split(text) if part]
    return len(parts) > 1 and all(map(_spoken, parts))


def _spoken(part: str) -> bool:
    """Whether this is a short number, an abbreviation, or a word."""
    if not part.isalpha():
        return part.isdigit() and len(part) <= 4
    return len(part) <= 3 or part.islower() or part.isupper() or part.istitle()


def opaque(text: str) -> bool:
    """Whether what follows Authorization: is a token and no stand-in, variable or word."""
    if _TEMPLATE.match(text) or _code(text) or wordy(text):
        return False
    drawn = len(text) >= 16 and changes(text) > 0.3
    return drawn or (any(c.isdigit() for c in text) and len(set(_bare(text))) >= 6)


def password(text: str) -> bool:
    """Whether what stands in quotes, or in an address, where a password does may be one.

    No word, no number, no template, no stand-in; weak ones (hunter_22) are passwords too.
    """
    if text.isdigit() or _TEMPLATE.match(text):
        return False
    if text.isalpha():
        return len(_bare(text)) >= 8 and changes(text) > 0.3
    # Words with hyphens between them: a text about passwords rather than one of them.
    return entropy(text) >= 2.5 and not _stands_in(text) and not wordy(text)


def bare_password(text: str) -> bool:
    """Whether what stands without quotes after a name for passwords may be one, and is no code and no prose."""
    if not password(text) or _code(text) or not any(map(str.isdigit, text)) or not any(map(str.isalpha, text)):
        return False
    # A citation, an expression in brackets or a measure, rather than a password.
    if (len(text) >= 16 and _spelled(text)) or (text[0] == "(" and ")" in text) or _MEASURE.match(text):
        return False
    others = sum(not c.isalnum() and c not in "-_./:,;\"'`<>|\\" for c in text)
    return others > 0 or changes(text) > 0.3


def address_password(text: str) -> bool:
    """Whether what stands between a user's name and @ in an address is a password, and not a port and a path."""
    return not re.match(r"\d{1,5}(?:/|\Z)", text) and password(text)


def _stands_in(text: str) -> bool:
    """Whether next to nothing is left of a value without words, or no letter and digit without counting as well.

    abc12345 and password123! stand in, Abc12345x is a weak password.
    """
    left = _BETWEEN.sub("", _REPEATED.sub("", _WORDS.sub("", text)))
    return len(left) < 3 or not any(map(str.isalnum, _bare(text)))


def _bare(text: str) -> str:
    """What is left without words that stand in, without counting and repetition, and without what stands between."""
    return _BETWEEN.sub("", _REPEATED.sub("", _COUNTED.sub("", _WORDS.sub("", text))))


def _code(text: str) -> bool:
    """Whether a value begins as names of code do that are called, subscripted, or reached by a dot."""
    chain = _CHAIN.match(text)
    if chain is None or changes(_SIGNS.sub("", chain[0])) > 0.35:
        return False
    return text[chain.end() : chain.end() + 1] in ("(", "[", "{") or (chain.end() == len(text) and "." in text)


def jwt(text: str) -> bool:
    """Whether the first part of several decodes to a header that names its algorithm (RFC 7519)."""
    head = text.partition(".")[0]
    try:
        value = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return False
    return isinstance(value, dict) and "alg" in value


def basic(text: str) -> bool:
    """Whether what follows Authorization: Basic decodes to a name and a password with a colon between (RFC 7617)."""
    try:
        return b":" in base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except binascii.Error:
        return False


def varied(text: str) -> bool:
    """Whether a long token is drawn from all letters and digits, as no piece of encoded data with zeros in it is."""
    return entropy(text) >= 4.8 and changes(text) > 0.3 and not _REPEATED.search(text)


def discord(text: str) -> bool:
    """Whether the first of three parts decodes to the number of an account, 17 to 20 digits."""
    head = text.partition(".")[0]
    try:
        number = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))
    except (ValueError, binascii.Error):
        return False
    return number.isdigit() and 17 <= len(number) <= 20


def anything(text: str) -> bool:
    """Whether a form is enough by itself: always."""
    return True
