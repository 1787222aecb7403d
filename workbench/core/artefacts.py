"""What programs leave in the answers that they save, which a comparison would take for a likeness of models.

Nearly all answers of a corpus have it, most other corpora don't, and it stands where content does not decide: how a
line ends, how a sign is written, what stands before or behind each answer. Whoever saved two corpora in the same way
made them alike in it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from workbench.core.answers.inspection import garbled

NEARLY_ALL, HARDLY_ANY = 0.9, 0.1
LEAST = 8
"""Answers in which it could be seen that are needed to say that nearly all have it."""

SAMPLE = 150
"""Prompts whose answers are looked at; they are in no order of content."""

_LONGEST = 400
_SHORTEST = 2
_CUT_SHARE, _CUT_LEAST, _SHORTEST_CUT = 0.05, 5, 20

_EXCEL = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9A-Fa-f]{1,5});")
_MARKUP = re.compile(r"[&<>\"']")
_ZERO_WIDTH = re.compile("[\u200b\u2060\ufeff]")
_WIDE_SPACE = re.compile("[\u00a0\u202f\u2007]")
_STRAIGHT, _CURLED = re.compile(r"[\"']"), re.compile("[\u2018\u2019\u201c\u201d]")
_END = ".!?\u2026\u3002\"')\u2019\u201d"
"""How sentences end: where all answers of a corpus do, that is no trace."""

_DIGITS = re.compile(r"\d")
_WORDS_ALONE = re.compile(r"[^\W\d_][\w ,.'\u2019!?-]*")
"""A beginning or ending of words in a line is a habit of the model, not of what saved it."""
_CURLS = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})


class ArtefactKind(StrEnum):
    """A kind of trace that saving leaves."""

    ESCAPES = "escapes of a workbook"
    BACKSLASHES = "escaped line ends"
    ENTITIES = "HTML entities"
    LINE_ENDS = "line ends of Windows"
    SPACES = "no-break spaces"
    ZERO_WIDTH = "marks without width"
    CURLED = "curled quotes"
    DOUBLED = "doubled quotes"
    LEADING = "white space before"
    TRAILING = "white space behind"
    GARBLED = "garbled letters"
    DECOMPOSED = "decomposed letters"
    BEGINNING = "one beginning"
    ENDING = "one ending"
    CUT = "one length"


@dataclass(frozen=True, slots=True)
class Artefact:
    """A trace in a corpus: `share` of the answers that could have it do, and `others` of those of a usual other corpus.

    `detail` is what stands there where that differs: the beginning or ending, or the length.
    """

    corpus: str
    kind: ArtefactKind
    share: float
    others: float
    detail: str = ""

    def words(self) -> str:
        """What it is, in words."""
        what = f"{self.kind} ({self.detail!r})" if self.detail and self.kind is not ArtefactKind.CUT else str(self.kind)
        if self.kind is ArtefactKind.CUT:
            return f"{self.corpus}: {100 * self.share:.0f} % of the answers are cut at {self.detail} characters"
        return (
            f"{self.corpus}: {what} in {100 * self.share:.0f} % of the answers, elsewhere in {100 * self.others:.0f} %"
        )


NORMALISED, KEPT = "normalised", "kept"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What an examiner decided about a trace: it is taken out before comparing, or it is kept, for a reason."""

    corpus: str
    kind: ArtefactKind
    detail: str
    how: str
    reason: str = ""

    def covers(self, artefact: Artefact) -> bool:
        """Whether it is about this trace."""
        return (self.corpus, self.kind, self.detail) == (artefact.corpus, artefact.kind, artefact.detail)


def without_artefacts(settled: Sequence[Settlement]) -> Mapping[str, Callable[[str], str]]:
    """For each corpus what takes out of its answers the traces that are to be taken out.

    Where one corpus was cut at a length, all are: under the name `*` stands what is done to each.
    """
    found: dict[str, list[Callable[[str], str]]] = {}
    for one in sorted(settled, key=lambda one: list(ArtefactKind).index(one.kind)):
        if one.how == NORMALISED:
            every = one.kind is ArtefactKind.CUT
            found.setdefault("*" if every else one.corpus, []).append(normaliser(one.kind, one.detail))
    return {name: _one_after_the_other(steps) for name, steps in found.items()}


def _one_after_the_other(steps: Sequence[Callable[[str], str]]) -> Callable[[str], str]:
    def change(text: str) -> str:
        for step in steps:
            text = step(text)
        return text

    return change


def _line_ends(text: str) -> bool | None:
    return "\r" in text if "\r" in text or "\n" in text else None


def _excel(text: str) -> bool | None:
    found = _EXCEL.search(text) is not None
    return found if found or "\n" in text or "\r" in text else None


def _backslashes(text: str) -> bool | None:
    escaped = "\\n" in text and "\n" not in text
    return escaped if escaped or "\n" in text else None


def _entities(text: str) -> bool | None:
    if _MARKUP.search(text) is None:
        return None
    return _ENTITY.search(text) is not None


def _curled(text: str) -> bool | None:
    curled = _CURLED.search(text) is not None
    straight = _STRAIGHT.search(text) is not None
    return curled and not straight if curled or straight else None


def _doubled(text: str) -> bool | None:
    return '""' in text if '"' in text else None


def _decomposed(text: str) -> bool | None:
    if text.isascii() or unicodedata.normalize("NFD", text) == unicodedata.normalize("NFC", text):
        return None
    return unicodedata.normalize("NFC", text) != text


def _has(pattern: re.Pattern[str]) -> Callable[[str], bool | None]:
    return lambda text: not text.isascii() and pattern.search(text) is not None


_SIGNS: Mapping[ArtefactKind, Callable[[str], bool | None]] = {
    ArtefactKind.ESCAPES: _excel,
    ArtefactKind.BACKSLASHES: _backslashes,
    ArtefactKind.ENTITIES: _entities,
    ArtefactKind.LINE_ENDS: _line_ends,
    ArtefactKind.SPACES: _has(_WIDE_SPACE),
    ArtefactKind.ZERO_WIDTH: _has(_ZERO_WIDTH),
    ArtefactKind.CURLED: _curled,
    ArtefactKind.DOUBLED: _doubled,
    ArtefactKind.LEADING: lambda text: text != text.lstrip(),
    ArtefactKind.TRAILING: lambda text: text != text.rstrip(),
    ArtefactKind.GARBLED: lambda text: None if text.isascii() else garbled(text),
    ArtefactKind.DECOMPOSED: _decomposed,
}
"""Whether an answer has a trace; None where it could not show."""


def find_artefacts(samples: Mapping[str, Sequence[str]]) -> list[Artefact]:
    """The traces in some corpora, of each of which some answers are given; empty answers show nothing."""
    given = {name: [text for text in texts if text.strip()] for name, texts in samples.items()}
    found: list[Artefact] = []
    for kind, sign in _SIGNS.items():
        shares = {name: _share([sign(text) for text in texts]) for name, texts in given.items()}
        found += [
            Artefact(name, kind, share, others)
            for name, share in shares.items()
            if share is not None and share >= NEARLY_ALL and (others := _elsewhere(shares, name)) is not None
        ]
    for kind in (ArtefactKind.BEGINNING, ArtefactKind.ENDING):
        found += _affixes(given, kind)
    return sorted([*found, *_cuts(given)], key=lambda one: (one.corpus, list(ArtefactKind).index(one.kind)))


def _share(seen: Sequence[bool | None]) -> float | None:
    """The share of those that show it; None where too few could."""
    could = [one for one in seen if one is not None]
    return sum(could) / len(could) if len(could) >= LEAST else None


def _elsewhere(shares: Mapping[str, float | None], name: str) -> float | None:
    """The share in a usual other corpus, where any of the others hardly has it; None where all have it as well."""
    others = [share for other, share in shares.items() if other != name and share is not None]
    return median(others) if any(share <= HARDLY_ANY for share in others) else None


def _affixes(given: Mapping[str, Sequence[str]], kind: ArtefactKind) -> list[Artefact]:
    """Beginnings or endings that nearly all answers of a corpus share, whatever number stands in them."""
    found = []
    for name, texts in given.items():
        affix = _common(texts, kind) if len(texts) >= LEAST else ""
        if len(affix.strip()) < _SHORTEST or _WORDS_ALONE.fullmatch(affix):
            continue
        shares = {
            other: _share([_bare(text, kind).startswith(_bare(affix, kind)) for text in some])
            for other, some in given.items()
        }
        own, others = shares[name], _elsewhere(shares, name)
        if own is not None and own >= NEARLY_ALL and others is not None:
            found.append(Artefact(name, kind, own, others, affix))
    return found


def _bare(text: str, kind: ArtefactKind) -> str:
    """The beginning of a text, or its ending turned round, with one digit for all."""
    part = text[:_LONGEST] if kind is ArtefactKind.BEGINNING else text[-_LONGEST:][::-1]
    return _DIGITS.sub("0", part)


def _common(texts: Sequence[str], kind: ArtefactKind) -> str:
    """The longest beginning or ending that nearly all texts share, cut back to where a word ends."""
    bare = [_bare(text, kind) for text in texts]
    least = NEARLY_ALL * len(bare)
    length, best = 0, ""
    while length < _LONGEST:
        length += 1
        common, count = Counter(text[:length] for text in bare if len(text) >= length).most_common(1)[0] if any(
            len(text) >= length for text in bare
        ) else ("", 0)  # fmt: skip
        if count < least:
            break
        best = common
    if kind is ArtefactKind.ENDING:
        best = best[: max(0, len(best) - _end_of_sentence(best))]
    while best and best[-1].isalnum() and not all(len(text) == len(best) for text in bare if text.startswith(best)):
        best = best[:-1]
    return best if kind is ArtefactKind.BEGINNING else best[::-1]


def _end_of_sentence(turned: str) -> int:
    """How many signs at the content's side of an ending, which is turned round here, are those of a sentence's end."""
    return len(turned) - len(turned.rstrip(_END))


def _cuts(given: Mapping[str, Sequence[str]]) -> list[Artefact]:
    """Corpora of which many answers have the greatest length, to the letter, and break off there."""
    found = []
    for name, texts in given.items():
        longest = max(map(len, texts), default=0)
        at_end = [text for text in texts if len(text) == longest]
        broken = sum(text.rstrip()[-1:] not in ".!?\u3002\u201d\"')]`*" for text in at_end)
        share = len(at_end) / max(1, len(texts))
        several = len(at_end) >= _CUT_LEAST and 2 * len(set(at_end)) > len(at_end)
        if several and share >= _CUT_SHARE and longest > _SHORTEST_CUT and 2 * broken > len(at_end):
            found.append(Artefact(name, ArtefactKind.CUT, share, 0.0, str(longest)))
    return found


def normaliser(kind: ArtefactKind, detail: str = "") -> Callable[[str], str]:
    """What takes a trace out of a text."""
    if kind in (ArtefactKind.BEGINNING, ArtefactKind.ENDING):
        return _without(kind, detail)
    if kind is ArtefactKind.CUT:
        longest = int(detail)
        return lambda text: text[:longest]
    return _NORMAL[kind]


def _without(kind: ArtefactKind, affix: str) -> Callable[[str], str]:
    pattern = re.sub(r"\\?\d", r"\\d", re.escape(affix))
    found = re.compile(rf"\A{pattern}" if kind is ArtefactKind.BEGINNING else rf"{pattern}\Z")
    return lambda text: found.sub("", text, count=1)


def _unescaped(text: str) -> str:
    plain = _EXCEL.sub(lambda match: chr(int(match[1], 16)), text)
    whole = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _one_line_end(whole) if plain != text else text


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_backslashes(text: str) -> str:
    if "\n" in text:
        return text
    return text.replace("\\r\\n", "\n").replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')


def _ungarbled(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


_NORMAL: Mapping[ArtefactKind, Callable[[str], str]] = {
    ArtefactKind.ESCAPES: _unescaped,
    ArtefactKind.BACKSLASHES: _without_backslashes,
    ArtefactKind.ENTITIES: html.unescape,
    ArtefactKind.LINE_ENDS: _one_line_end,
    ArtefactKind.SPACES: lambda text: _WIDE_SPACE.sub(" ", text),
    ArtefactKind.ZERO_WIDTH: lambda text: _ZERO_WIDTH.sub("", text),
    ArtefactKind.CURLED: lambda text: text.translate(_CURLS),
    ArtefactKind.DOUBLED: lambda text: text.replace('""', '"'),
    ArtefactKind.LEADING: str.lstrip,
    ArtefactKind.TRAILING: str.rstrip,
    ArtefactKind.GARBLED: _ungarbled,
    ArtefactKind.DECOMPOSED: lambda text: unicodedata.normalize("NFC", text),
}
