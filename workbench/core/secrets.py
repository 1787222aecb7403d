"""Secrets in text: keys, tokens, cookies and private keys, found by their published forms, and masked.

Every rule is a form: a prefix that its issuer published, a structure that can be checked, or a name and a
value that looks drawn at random. What has the form of a secret is masked whether or not it ever opened a door.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from workbench.core.model import Json

RULES_VERSION = "secrets-2"
"""Name of the rules; a change of any of them changes the name."""

OVERLAP = 16_384
"""Characters that two pieces of one stream must share, so that no secret is cut between them."""


class Secret(NamedTuple):
    """A stretch of a text that has the form of a secret: kind, start and length in characters."""

    kind: str
    start: int
    length: int


Check = Callable[[str], bool]


class _Rule(NamedTuple):
    """A form: it begins at one of the literals (lower case), and group 1 of the pattern is the secret."""

    kind: str
    literals: tuple[str, ...]
    pattern: re.Pattern[str]
    check: Check
    short: bool = False
    """Whether it may be found far from any run of 16 characters of keys."""

    def at(self, text: str, lowered: str, start: int) -> Iterator[Secret]:
        """The stretches that begin within a piece of the text; `lowered` is that piece, in lower case."""
        for literal in self.literals:
            found = lowered.find(literal)
            while found >= 0:
                match = self.pattern.match(text, start + found)
                if match and self.check(match[1]):
                    yield Secret(self.kind, match.start(1), len(match[1]))
                found = lowered.find(literal, found + 1)


def entropy(text: str) -> float:
    """Shannon entropy of the characters of a text, in bits for each."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values()) if total else 0.0


_STAND_IN = re.compile(r"example|your|placeholder|sample|dummy|changeme|xxxx|\.\.\.|1234567890|abcdef", re.IGNORECASE)


def _random(text: str) -> bool:
    """Whether a key looks drawn at random; documentation is full of stand-ins."""
    return entropy(text) >= 3.0 and not _STAND_IN.search(text)


_HEX = re.compile(r"[0-9a-fA-F]+")


def _mixed(text: str) -> bool:
    """Whether a value looks drawn at random, letters and digits mixed."""
    mixed = any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    # Of 32 digits drawn from 16, one in three has less than 3.5 bits.
    return mixed and entropy(text) >= (3.0 if _HEX.fullmatch(text) else 3.5) and not _STAND_IN.search(text)


def _password(text: str) -> bool:
    """Whether what stands where a password does may be one: no plain word, no number, no stand-in."""
    mixed = not text.isdigit() and not text.isalpha()
    return mixed and text[0] not in "{$" and entropy(text) >= 2.5 and not _STAND_IN.search(text)


def _always(text: str) -> bool:
    return True


def _jwt(text: str) -> bool:
    """Whether the first part of three decodes to a header that names its algorithm (RFC 7519)."""
    head = text.partition(".")[0]
    try:
        value = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return False
    return isinstance(value, dict) and "alg" in value


def _rule(
    kind: str, literals: str, pattern: str, check: Check = _random, *, case: bool = True, short: bool = False
) -> _Rule:
    flags = re.ASCII if case else re.ASCII | re.IGNORECASE
    return _Rule(kind, tuple(literals.split()), re.compile(pattern, flags), check, short)


_NAMES = "password passwd passphrase secret api_key api-key apikey access_key access-key accesskey private_key token"
_ENDING = re.compile(r"(?:\.[A-Za-z0-9]{1,7}){1,2}\Z")
_QUOTE = r"(?:\\?[\"'])?"

_RULES = (
    _rule("Anthropic key", "sk-ant-", r"(?<![\w-])(sk-ant-[\w-]{20,200})"),
    _rule("OpenRouter key", "sk-or-", r"(?<![\w-])(sk-or-(?:v1-)?[0-9a-f]{32,100})"),
    _rule("OpenAI key", "sk-", r"(?<![\w-])(sk-(?:(?:proj|svcacct|admin|None)-[\w-]{20,250}|[A-Za-z0-9]{32,100}))"),
    _rule("AWS access key", "akia asia", r"(?<![A-Za-z0-9])((?:AKIA|ASIA)[A-Z0-9]{16})(?![A-Za-z0-9])"),
    _rule("GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", r"(?<!\w)(gh[pousr]_[A-Za-z0-9]{36,255})"),
    _rule("GitHub token", "github_pat_", r"(?<!\w)(github_pat_[A-Za-z0-9_]{22,255})"),
    _rule("GitLab token", "glpat-", r"(?<!\w)(glpat-[\w-]{20,100})"),
    _rule("Google API key", "aiza", r"(?<![\w-])(AIza[\w-]{35})(?![\w-])"),
    _rule("Google token", "ya29.", r"(?<!\w)(ya29\.[\w-]{20,500})"),
    _rule("Google client secret", "gocspx-", r"(?<![\w-])(GOCSPX-[\w-]{28})(?![\w-])"),
    _rule("Slack token", "xoxa- xoxb- xoxo- xoxp- xoxr- xoxs-", r"(?<!\w)(xox[abopsr]-[A-Za-z0-9-]{10,250})"),
    _rule("Slack address", "hooks.slack.com/", r"hooks\.slack\.com/[a-z]{4,12}/([A-Z0-9]{6,14}/[\w/]{20,90})"),
    _rule("Telegram token", ":aa", r"(?<=\d):(AA[\w-]{33})(?![\w-])"),
    _rule("Stripe key", "sk_live_ sk_test_ rk_live_ rk_test_", r"(?<!\w)([sr]k_(?:live|test)_[A-Za-z0-9]{16,250})"),
    _rule("Hugging Face token", "hf_", r"(?<!\w)(hf_[A-Za-z0-9]{30,100})"),
    _rule("Groq key", "gsk_", r"(?<!\w)(gsk_[A-Za-z0-9]{40,100})"),
    _rule("xAI key", "xai-", r"(?<![\w-])(xai-[A-Za-z0-9]{40,200})"),
    _rule("Replicate token", "r8_", r"(?<!\w)(r8_[A-Za-z0-9]{30,100})"),
    _rule("Perplexity key", "pplx-", r"(?<![\w-])(pplx-[A-Za-z0-9]{40,100})"),
    _rule("npm token", "npm_", r"(?<!\w)(npm_[A-Za-z0-9]{36})(?!\w)"),
    _rule("PyPI token", "pypi-ageichlwas5vcmc", r"(?<!\w)(pypi-AgEIcHlwaS5vcmc[\w-]{50,500})"),
    _rule("SendGrid key", "sg.", r"(?<!\w)(SG\.[\w-]{22}\.[\w-]{43})"),
    _rule("Azure storage key", "accountkey=", r"AccountKey=([A-Za-z0-9+/]{86}==)"),
    _rule("Azure signature", "sig=", r"(?<=[?&])sig=([A-Za-z0-9%+/]{40,120}={0,2})", _mixed),
    _rule("Databricks token", "dapi", r"(?<!\w)(dapi[0-9a-f]{32}(?:-\d)?)(?!\w)"),
    _rule("DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", r"(?<!\w)(do[por]_v1_[0-9a-f]{64})(?!\w)"),
    _rule("JSON web token", "eyj", r"(?<![\w-])(eyJ[\w-]{5,4000}\.eyJ[\w-]{5,8000}\.[\w-]{10,2000})", _jwt),
    _rule(
        "private key", "-----begin",
        r"(-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[\w+/=\s\\:,.]|-(?!-)){40,12000}"
        r"(?:-----END [A-Z0-9 ]{1,70}-----)?)",
        _always,
    ),
    _rule("bearer token", "bearer", r"\bbearer\s{1,4}([\w.~+/=-]{16,4000})", _mixed, case=False),
    _rule(
        "basic authorisation", "authorization",
        rf"\bauthorization{_QUOTE}\s{{0,4}}[:=,]\s{{0,4}}{_QUOTE}basic\s{{1,4}}([A-Za-z0-9+/=]{{8,400}})",
        _always, case=False, short=True,
    ),
    _rule(
        "cookie", "cookie",
        rf"\bcookie{_QUOTE}\s{{0,4}}[:=]\s{{0,4}}{_QUOTE}"
        r"((?:[\w.!#$%&*+^`|~-]{1,80}=[^\s;,\"'\\]{6,4000}(?:;\s?)?){1,60})",
        _mixed, case=False, short=True,
    ),
    _rule("cookie", '"cookies"', r'"cookies"\s{0,4}:\s{0,4}\[(\s{0,40}\{[^\[\]]{10,16000})\]', _always, short=True),
    _rule(
        "header", '"name"',
        r'"name"\s{0,4}:\s{0,4}"(?:(?:set-)?cookie|(?:proxy-)?authorization|x-api-key|api-key)"\s{0,40},\s{0,40}'
        r'"value"\s{0,4}:\s{0,4}"(?!⟦)((?:[^"\\]|\\.){4,12000})"',
        _always, case=False, short=True,
    ),
    _rule("password in an address", "://", r"://[^\s/:@\"'<>]{0,100}:([^\s/:@\"'<>]{6,100})@", _password, short=True),
    _rule(
        "assigned secret", _NAMES,
        rf"[\w-]{{4,14}}?{_QUOTE}\s{{0,4}}(?:[:=]|=>)\s{{0,4}}{_QUOTE}([\w+/=.~-]{{16,500}})", _mixed,
    ),
)  # fmt: skip


_SHORT = tuple(rule for rule in _RULES if rule.short)
_LONG = tuple(rule for rule in _RULES if not rule.short)
_RUN = b"k" * 16
_DIGIT = re.compile(rb"[0-9]")
_KEY_CHARACTERS = bytes(
    ord("k") if chr(byte).isascii() and (chr(byte).isalnum() or chr(byte) in "_-+/=.~") else ord(" ")
    for byte in range(256)
)
_SHORTEST = 10
"""Characters below which no text has the form of a secret."""

_Piece = tuple[int, int, str]
"""A stretch that is looked at: which text, where in it, and what it says in lower case."""

_BEFORE = 60
"""Characters before a run of key characters in which the name of what it is may stand."""


def find(text: str) -> tuple[Secret, ...]:
    """Every stretch of the text that has the form of a secret, in order and without overlap."""
    return find_in([text]).get(0, ())


def find_in(texts: Sequence[str]) -> dict[int, tuple[Secret, ...]]:
    """The secrets of many texts at once, by the index of those that have any; faster than one by one."""
    if all(len(text) < _SHORTEST for text in texts):
        return {}
    found: dict[int, list[Secret]] = {}
    for rules, pieces in ((_SHORT, _whole(texts)), (_LONG, _around_runs(texts))):
        # Few rules have a word of theirs anywhere: only these are tried piece by piece.
        joined = "\n".join(lowered for _, _, lowered in pieces)
        tried = [rule for rule in rules if any(literal in joined for literal in rule.literals)]
        for at, start, lowered in pieces if tried else ():
            for rule in tried:
                for secret in rule.at(texts[at], lowered, start):
                    found.setdefault(at, []).append(secret)
    return {at: tuple(joined_spans(found[at])) for at in sorted(found)}


def _whole(texts: Sequence[str]) -> list[_Piece]:
    return [(at, 0, _lowered(text)) for at, text in enumerate(texts) if text]


def _around_runs(texts: Sequence[str]) -> list[_Piece]:
    """The surroundings of runs of key characters: one pass over bytes tells where they are."""
    pieces = []
    for at, text in enumerate(texts):
        # One byte a character, so that places in it are places in the text.
        data = text.encode("latin-1", "replace")
        done = 0
        for begin, end in _runs(data.translate(_KEY_CHARACTERS)):
            # Keys hold digits; long words and rules drawn with hyphens hold none.
            if _DIGIT.search(data, begin, end):
                start = max(done, begin - _BEFORE)
                pieces.append((at, start, _lowered(text[start:end])))
                done = end
    return pieces


def _runs(marked: bytes) -> Iterator[tuple[int, int]]:
    begin = marked.find(_RUN)
    while begin >= 0:
        end = marked.find(b" ", begin)
        end = len(marked) if end < 0 else end
        yield begin, end
        begin = marked.find(_RUN, end)


def _lowered(text: str) -> str:
    """The text in lower case, as many characters long as before: one letter has two in lower case."""
    return text.replace("İ", "i").lower() if "İ" in text else text.lower()


def joined_spans(spans: Iterable[Secret]) -> list[Secret]:
    """The stretches in order, those that overlap made one, which has the kind of the one that begins first."""
    found: list[Secret] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.length, s.kind)):
        if found and span.start < found[-1].start + found[-1].length:
            last = found[-1]
            end = max(last.start + last.length, span.start + span.length)
            found[-1] = last._replace(length=end - last.start)
        else:
            found.append(span)
    return found


def cover(text: str, secrets: Sequence[Secret]) -> str:
    """The text with each of the given stretches replaced by a mark that names its kind; nothing of it is left."""
    if not secrets:
        return text
    pieces, at = [], 0
    for secret in joined_spans(secrets):
        pieces += [text[at : secret.start], f"⟦masked: {secret.kind}⟧"]
        at = secret.start + secret.length
    return "".join([*pieces, text[at:]])


def masked(text: str) -> str:
    """The text with everything that has the form of a secret masked."""
    return cover(text, find(text))


@lru_cache(maxsize=4096)
def masked_name(name: str) -> str:
    """A name with its secrets masked, so that two names stay apart; what tells the kind of a file stays."""
    secrets = find(name)
    if not secrets:
        return name
    told = (one._replace(kind=f"{one.kind} {digest(name, one).hex()[:6]}") for one in secrets)
    covered = cover(name, list(told))
    ending = _ENDING.search(name)
    return covered if ending is None or covered.endswith(ending[0]) else covered + ending[0]


def masked_json(value: Json) -> Json:
    """Plain JSON with every string in it masked, keys too; a value without secrets comes back as it is."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {masked(key): masked_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked_json(item) for item in value]
    return value


def digest(text: str, secret: Secret) -> bytes:
    """SHA-256 of what is masked, 32 bytes: all that any log says of it."""
    return hashlib.sha256(text[secret.start : secret.start + secret.length].encode("utf-8", "surrogatepass")).digest()
