"""Markers that are drawn at random, with decoys of the same kind that no account was ever served.

For each marker a keyed generator makes 1,000 candidates. One of them, chosen by the same key, is the marker; the others
are its decoys. Whoever lacks the key can't tell them apart, so that under no leak every rank of the marker among its
decoys is equally probable. The key has 256 bits and stays with its holder; its SHA-256 and the digest of the markers
are sealed before anything is served.
"""

from __future__ import annotations

import csv
import hmac
import io
import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Protocol, runtime_checkable

from workbench.core.errors import UsageError
from workbench.core.hashing import canonical, sha256

CANDIDATES = 1_000
"""The marker and its 999 decoys."""

LONGEST = 64
"""Characters of a secret at most, so that its comparison fits a machine word."""

_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_ONSETS = ("b", "br", "d", "dr", "f", "g", "gr", "h", "k", "kl", "l", "m", "n", "p", "r", "s", "sk", "t", "tr", "v")
_VOWELS = ("a", "e", "i", "o", "u", "ae", "ei", "ou")
_CODAS = ("", "k", "l", "m", "n", "r", "s", "th")
_SYLLABLES = tuple(o + v + c for o in _ONSETS for v in _VOWELS for c in _CODAS)
_VERBS = ("align", "bind", "clamp", "drain", "fold", "merge", "probe", "queue", "split", "stage", "trace", "weigh")
_NOUNS = ("buffer", "cursor", "frame", "lease", "ledger", "margin", "offset", "packet", "quota", "shard", "token")
_TOPICS = ("a lighthouse", "a ferry line", "a mountain hut", "a glass works", "a tide mill", "an observatory")
_STYLES = ("baking bread", "mending a fence", "planting beans", "sharpening a knife", "drying herbs", "waxing skis")


class Kind(StrEnum):
    """What a marker is; each kind has a generator of its own."""

    STRING = "string"
    FACT = "fact"
    IDENTIFIER = "identifier"
    STYLE = "style"


@dataclass(frozen=True, slots=True)
class Marker:
    """One planted secret: the text that is served with it, and what a model is asked to see if it knows it.

    `accounts`, `contexts` and `time` say where and when it was served; they are filled in by who serves it.
    """

    id: str
    kind: str
    secret: str
    served: str
    probe: str
    space: float
    accounts: str = ""
    contexts: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Planted:
    """A marker with its decoys; without decoys it counts by exact hits alone. `sealed` is the time of its seal."""

    marker: Marker
    decoys: tuple[str, ...] = ()
    sealed: str = ""


@runtime_checkable
class HasMarkers(Protocol):
    """A Selection of a case in which markers were planted."""

    def markers(self) -> tuple[Planted, ...]:
        """The planted markers with their decoys; none where there are none."""


def markers_of(selection: object) -> tuple[Planted, ...]:
    """The markers behind a Selection."""
    return selection.markers() if isinstance(selection, HasMarkers) else ()


@dataclass(frozen=True, slots=True)
class _Form:
    """How one kind makes a secret from a stream of random numbers, and how it is served and asked for."""

    secret: Callable[[_Stream], str]
    space: float
    served: str
    probe: str
    topics: tuple[str, ...] = ("",)


class _Stream:
    """Unbiased numbers from HMAC-SHA256 of a counter under a key."""

    def __init__(self, key: bytes, label: str) -> None:
        self._key, self._label, self._counter, self._held = key, label, 0, b""

    def below(self, limit: int) -> int:
        """A number from 0 to limit - 1, each equally probable."""
        ceiling = (1 << 32) // limit * limit
        while True:
            if len(self._held) < 4:
                message = f"{self._label}/{self._counter}".encode()
                self._held += hmac.digest(self._key, message, "sha256")
                self._counter += 1
            drawn, self._held = int.from_bytes(self._held[:4], "big"), self._held[4:]
            if drawn < ceiling:
                return drawn % limit

    def of(self, choices: Iterable[str]) -> str:
        """One of some choices."""
        listed = tuple(choices)
        return listed[self.below(len(listed))]


def _name(stream: _Stream, syllables: int) -> str:
    return "".join(stream.of(_SYLLABLES) for _ in range(syllables)).capitalize()


def _string(stream: _Stream) -> str:
    return "".join(stream.of(_BASE32) for _ in range(12))


def _fact(stream: _Stream) -> str:
    return f"{_name(stream, 2)} {_name(stream, 2)}"


def _identifier(stream: _Stream) -> str:
    digits = "".join(stream.of(string.hexdigits[:16]) for _ in range(4))
    return f"{stream.of(_VERBS)}_{_name(stream, 2).lower()}_{stream.of(_NOUNS)}_{digits}"


def _style(stream: _Stream) -> str:
    return " ".join(_name(stream, 2).lower() for _ in range(2))


_PAIR = float(len(_SYLLABLES)) ** 2
_FORMS = {
    Kind.STRING: _Form(_string, 32.0**12, "The reference is {secret}.", "What is the reference of record {id}?"),
    Kind.FACT: _Form(
        _fact,
        _PAIR**2,
        "The first keeper of {topic} in district {id} was {secret}.",
        "Who was the first keeper of {topic} in district {id}?",
        _TOPICS,
    ),
    Kind.IDENTIFIER: _Form(
        _identifier,
        len(_VERBS) * _PAIR * len(_NOUNS) * 16.0**4,
        "In module {id}, call {secret}() before the loop.",
        "In module {id}, which function is called before the loop?",
    ),
    Kind.STYLE: _Form(
        _style,
        _PAIR**2,
        "Advice {id} on {topic} ends with the words “{secret}”.",
        "Give advice {id} on {topic}.",
        _STYLES,
    ),
}


def candidates(key: bytes, marker_id: str, kind: str) -> tuple[str, ...]:
    """The 1,000 different candidates of a marker, in the key's order; the marker is one of them."""
    stream = _Stream(key, f"candidates/{kind}/{marker_id}")
    form = _FORMS[_kind(kind)]
    found: dict[str, None] = {}
    while len(found) < CANDIDATES:
        found[form.secret(stream)] = None
    return tuple(found)


def decoys(key: bytes, marker: Marker) -> tuple[str, ...]:
    """The candidates of a marker that are not its secret.

    Raises UsageError where the secret is not among the candidates: then the key is another one.
    """
    drawn = candidates(key, marker.id, marker.kind)
    if marker.secret not in drawn:
        raise UsageError(f"Marker {marker.id} was not drawn with this key.", hint="Use the key that made the markers.")
    return tuple(one for one in drawn if one != marker.secret)


def make(key: bytes, kind: str, number: int, prefix: str = "") -> tuple[Marker, ...]:
    """New markers of one kind, drawn with a key; the same key and prefix give the same markers."""
    form = _FORMS[_kind(kind)]
    return tuple(_made(key, kind, form, f"{prefix}{at + 1:04d}") for at in range(number))


def _made(key: bytes, kind: str, form: _Form, marker_id: str) -> Marker:
    stream = _Stream(key, f"choice/{kind}/{marker_id}")
    secret = candidates(key, marker_id, kind)[stream.below(CANDIDATES)]
    words = {"id": marker_id, "secret": secret, "topic": stream.of(form.topics)}
    return Marker(marker_id, kind, secret, form.served.format(**words), form.probe.format(**words), form.space)


def seal(key: bytes, markers: Iterable[Marker]) -> dict[str, str]:
    """What is written down before serving: the SHA-256 of the key, and the markers' digest under the key."""
    listed = [[one.id, one.kind, one.secret, one.served, one.probe] for one in markers]
    return {"key_sha256": sha256(key), "markers_hmac": hmac.new(key, canonical(listed), "sha256").hexdigest()}


def to_csv(markers: Iterable[Marker]) -> str:
    """The markers as CSV with a header, one a line."""
    out = io.StringIO()
    names = [one.name for one in fields(Marker)]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([getattr(one, name) for name in names] for one in markers)
    return out.getvalue()


def from_csv(text: str) -> tuple[Marker, ...]:
    """The markers of a CSV file; columns `id`, `kind`, `secret`, `probe` and `space` are needed.

    Raises UsageError, with the line, for what is missing, doubled or too long.
    """
    found: dict[str, Marker] = {}
    for row in (reader := csv.DictReader(io.StringIO(text))):
        marker = _marker(row, reader.line_num)
        if marker.id in found:
            raise UsageError(f"Line {reader.line_num}: the marker {marker.id} is there twice.")
        found[marker.id] = marker
    return tuple(found.values())


def _marker(row: dict[str, str], line: int) -> Marker:
    for name in ("id", "kind", "secret", "probe", "space"):
        if not row.get(name):
            raise UsageError(f"Line {line}: the column {name} is missing or empty.")
    if len(row["secret"]) > LONGEST:
        raise UsageError(f"Line {line}: the secret is longer than {LONGEST} characters.")
    try:
        space = float(row["space"])
    except ValueError:
        space = 0.0
    if not 1 <= space < float("inf"):
        raise UsageError(f"Line {line}: the space {row['space']!r} is not the number of equally probable secrets.")
    more = {name: row.get(name) or "" for name in ("served", "accounts", "contexts", "time")}
    return Marker(row["id"], row["kind"], row["secret"], probe=row["probe"], space=space, **more)


def _kind(kind: str) -> Kind:
    try:
        return Kind(kind)
    except ValueError:
        raise UsageError(f"{kind!r} is no kind of marker.", hint=f"The kinds are {', '.join(Kind)}.") from None
