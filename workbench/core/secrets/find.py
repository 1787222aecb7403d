"""Secrets in text: keys, tokens, cookies and private keys, found by their published forms, and masked.

Every rule is a form: a prefix that its issuer published, a structure that can be checked, or a name and a
value that looks drawn at random. What has the form of a secret is masked whether or not it ever opened a door.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import accumulate

from workbench.core.model import Json
from workbench.core.secrets.layers import DEEPEST, Undone, from_octets, layers
from workbench.core.secrets.names import KIND, names_column, secret_in
from workbench.core.secrets.rules import DISCORD_LOWERED, RULES, RULES_VERSION, Rule, Secret, discord_tokens
from workbench.core.text import remembered

__all__ = [
    "OVERLAP", "RULES_VERSION", "Secret", "cover", "digest", "find", "find_in", "find_in_octets", "joined_spans",
    "masked", "masked_json", "masked_name",
]  # fmt: skip

OVERLAP = 16_384
"""Characters that two pieces of one stream must share, so that no secret is cut between them."""

_ENDING = re.compile(r"(?:\.[A-Za-z0-9]{1,7}){1,2}\Z")


def _forms(*, short: bool) -> dict[str, list[Rule]]:
    """The rules by the literals that lead to them."""
    found: dict[str, list[Rule]] = {}
    for rule in RULES:
        for literal in rule.literals if rule.short == short else ():
            found.setdefault(literal, []).append(rule)
    return found


_SHORT, _LONG = _forms(short=True), _forms(short=False)
_WIDE = {literal: _SHORT.pop(literal) for literal in tuple(_SHORT) if not literal.isascii()}
"""Those that only texts with letters beyond ASCII can hold."""

_RUN = b"k" * 16
_DIGIT = re.compile(rb"[0-9]|[a-z][A-Z]|[A-Z]{12}")
_KEY_CHARACTERS = bytes(ord("k") if 33 <= byte < 127 and byte != ord("?") else ord(" ") for byte in range(256))
_ASCII_CHARACTERS = bytes(ord("k") if 33 <= byte < 127 else ord(" ") for byte in range(256))
"""What a key or a password may be made of; a question mark stands in for letters beyond Latin-1 where there are any."""

_SHORTEST = 10
"""Characters below which no text has the form of a secret."""

_Piece = tuple[int, int, str]
"""A stretch that is looked at: which text, where in it, and what it says in lower case."""

_BEFORE = 60
"""Characters before a run of key characters in which the name of what it is may stand."""


def find(text: str) -> tuple[Secret, ...]:
    """Every stretch of the text that has the form of a secret, in order and without overlap."""
    return find_in([text]).get(0, ())


def find_in_octets(text: str) -> tuple[Secret, ...]:
    """The secrets in bytes that were read one character each, with places in them; letters may take several."""
    undone = from_octets(text)
    if undone is None:
        return find(text)
    return tuple(joined_spans([*find(text), *(_brought_back(one, undone) for one in find(undone.text))]))


def find_in(texts: Sequence[str]) -> dict[int, tuple[Secret, ...]]:
    """The secrets of many texts at once, by the index of those that have any; faster than one by one.

    They stand in a text as it is, or under escapes of up to `DEEPEST` layers.
    """
    found = _find_plain(texts)
    under: list[tuple[int, tuple[Undone, ...]]] = [
        (at, (one,)) for at, text in enumerate(texts) for one in layers(text)
    ]
    for depth in range(DEEPEST):
        for at, secrets in _find_plain([chain[-1].text for _, chain in under]).items():
            owner, chain = under[at]
            found.setdefault(owner, []).extend(reduce(_brought_back, reversed(chain), secret) for secret in secrets)
        if depth < DEEPEST - 1:
            under = [(owner, (*chain, one)) for owner, chain in under for one in layers(chain[-1].text)]
    return {at: tuple(joined_spans(found[at])) for at in sorted(found)}


def _brought_back(secret: Secret, undone: Undone) -> Secret:
    """A secret in a text whose layer is undone, as it stands in the text before."""
    start, length = undone.span(secret.start, secret.length)
    return Secret(secret.kind, start, length)


def _find_plain(texts: Sequence[str]) -> dict[int, list[Secret]]:
    """The secrets that stand in the texts as they are."""
    if all(len(text) < _SHORTEST for text in texts):
        return {}
    found: dict[int, list[Secret]] = {}
    whole = _whole(texts)
    wide = [piece for piece in whole if not piece[2].isascii()]
    for forms, pieces in ((_SHORT, whole), (_WIDE, wide), (_LONG, _around_runs(texts))):
        joined = "\n".join(lowered for _, _, lowered in pieces)
        if forms is not _WIDE and not joined.isascii():
            # A literal is found faster where a character is one byte.
            joined = joined.encode("latin-1", "replace").decode("latin-1")
        for at, secret in _by_literals(forms, texts, pieces, joined):
            found.setdefault(at, []).append(secret)
        if forms is _LONG and DISCORD_LOWERED.search(joined):
            for at in {at for at, _, _ in pieces}:
                for secret in discord_tokens(texts[at]):
                    found.setdefault(at, []).append(secret)
    return found


def _by_literals(
    forms: Mapping[str, Sequence[Rule]], texts: Sequence[str], pieces: Sequence[_Piece], joined: str
) -> Iterator[tuple[int, Secret]]:
    """The secrets that a literal leads to, and in which text; `joined` has the pieces, a line end between each two."""
    starts = list(accumulate((len(lowered) + 1 for _, _, lowered in pieces), initial=0))
    for literal, rules in forms.items():
        place = joined.find(literal)
        while place >= 0:
            piece = bisect_right(starts, place) - 1
            at, start, _ = pieces[piece]
            for rule in rules:
                secret = rule.found(texts[at], start + place - starts[piece], literal)
                if secret is not None:
                    yield at, secret
            place = joined.find(literal, place + 1)


def _whole(texts: Sequence[str]) -> list[_Piece]:
    return [(at, 0, _lowered(text)) for at, text in enumerate(texts) if text]


def _around_runs(texts: Sequence[str]) -> list[_Piece]:
    """The surroundings of runs of key characters: one pass over bytes tells where they are."""
    pieces = []
    for at, text in enumerate(texts):
        # One byte a character, so that places in it are places in the text.
        data = text.encode("latin-1", "replace")
        done = 0
        for begin, end in _runs(data.translate(_ASCII_CHARACTERS if text.isascii() else _KEY_CHARACTERS)):
            # Keys hold digits, change case or shout; long words and rules drawn with hyphens do not.
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


@remembered(4096)
def masked_name(name: str) -> str:
    """A name with its secrets masked, so that two names stay apart; what tells the kind of a file stays."""
    secrets = find(name)
    if not secrets:
        return name
    numbered = (one._replace(kind=f"{one.kind} {digest(name, one).hex()[:6]}") for one in secrets)
    covered = cover(name, list(numbered))
    ending = _ENDING.search(name)
    return covered if ending is None or covered.endswith(ending[0]) else covered + ending[0]


def masked_json(value: Json) -> Json:
    """Plain JSON with every string in it masked, keys too; a value without secrets comes back as it is.

    So is what stands under a name for secrets, where it may be one.
    """
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {masked(key): _masked_member(key, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked_json(item) for item in value]
    return value


def _masked_member(name: str, value: Json) -> Json:
    safe = masked_json(value)
    named = isinstance(value, str) and safe == value and names_column(name) and secret_in(name, value.strip())
    return cover(value, [Secret(KIND, 0, len(value))]) if named else safe


def digest(text: str, secret: Secret) -> bytes:
    """SHA-256 of what is masked, 32 bytes: all that any log says of it."""
    return hashlib.sha256(text[secret.start : secret.start + secret.length].encode("utf-8", "surrogatepass")).digest()
