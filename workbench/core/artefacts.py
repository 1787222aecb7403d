"""What programs leave in the answers that they save, which a comparison would take for a likeness of models.

Nearly all answers of a corpus have it, most other corpora don't, and it stands where content does not decide: how a
line ends, how a sign is written, what stands before or behind each answer. Whoever saved two corpora in the same way
made them alike in it.
"""

from __future__ import annotations

import codecs
import html
import json
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median

from workbench.core.answers.inspection import garbled

NEARLY_ALL, HARDLY_ANY = 0.9, 0.1
LEAST = 8
"""Answers in which it could be seen that are needed to say that nearly all have it."""

SAMPLE = 150
"""Prompts whose answers are looked at; they are in no order of content."""

_LONGEST = 400
_LONG_ENOUGH = 300
"""Characters of an answer in which a line would end somewhere, if its lines were kept."""
_LETTERS = 40
_WIDEST, _NARROWEST, _WORD = 120, 40, 15
"""Widths at which programs break lines, and how far before its width a line may end, for the next word is longer."""
_SHORTEST = 2
_CUT_SHARE, _CUT_LEAST, _SHORTEST_CUT = 0.05, 5, 20

_EXCEL = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9A-Fa-f]{1,5});")
_MARKUP = re.compile(r"[&<>\"']")
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div)>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</(?:p|div)>\s*<(?:p|div)>", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|div)>", re.IGNORECASE)
_MARK, _ESCAPED_MARK = re.compile(r"[.!#*_-]"), re.compile(r"\\([.!#*_+>`-])")
_RUN = re.compile(r"\n+")
_QUOTE = re.compile(r"^>[ ]?", re.MULTILINE)
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
    BREAKS = "line ends of HTML"
    MARKDOWN = "escapes of Markdown"
    LINE_ENDS = "line ends of Windows"
    DOUBLED_ENDS = "doubled line ends"
    QUOTED = "quoted lines"
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
    JOINED = "all lines in one"
    BROKEN = "lines broken at one width"
    SMALL = "small letters alone"
    CUT = "one length"


FOR_ALL = frozenset({ArtefactKind.JOINED, ArtefactKind.BROKEN, ArtefactKind.SMALL, ArtefactKind.CUT})
"""What is lost can't be put back: settled in one corpus, it is done to the answers of all before they are compared."""


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
        if self.kind is ArtefactKind.BROKEN:
            what = f"lines broken at {self.detail} characters"
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

    What can't be put back is done to all (`FOR_ALL`): under the name `*` stands what is done to each.
    """
    found: dict[str, list[Callable[[str], str]]] = {}
    for one in sorted(settled, key=lambda one: list(ArtefactKind).index(one.kind)):
        if one.how == NORMALISED:
            found.setdefault("*" if one.kind in FOR_ALL else one.corpus, []).append(normaliser(one.kind, one.detail))
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


def _breaks(text: str) -> bool | None:
    found = _BREAK.search(text) is not None
    return found if found or "\n" in text else None


def _escaped_marks(text: str) -> bool | None:
    return _ESCAPED_MARK.search(text) is not None if _MARK.search(text) else None


def _doubled_ends(text: str) -> bool | None:
    runs = [len(run) for run in _RUN.findall(text.strip())]
    if not runs or max(runs) < 2 or set(runs) == {2}:
        return None  # paragraphs alone, or lines of which each end was doubled
    return all(run % 2 == 0 for run in runs)


def _quoted(text: str) -> bool:
    return all(line.startswith(">") for line in text.splitlines())


def _joined(text: str) -> bool | None:
    if len(text) < _LONG_ENOUGH:
        return None
    return not any(end in text for end in ("\n", "\r", "\\n")) and _BREAK.search(text) is None


def _small(text: str) -> bool | None:
    return text == text.lower() if len(text) >= _LETTERS and text.lower() != text.upper() else None


def _json_text(text: str) -> str | None:
    """The text that a text is as JSON; None for any other."""
    if len(text) < 2 or not text[0] == text[-1] == '"':
        return None
    try:
        inner = json.loads(text)
    except ValueError:
        return None
    return inner if isinstance(inner, str) else None


def _backslashes(text: str) -> bool | None:
    if _json_text(text) is not None:
        return True
    escaped = "\\n" in text and "\n" not in text
    return escaped if escaped or "\n" in text else None


def _entities(text: str) -> bool | None:
    if _MARKUP.search(text) is None:
        return None
    return _ENTITY.search(text) is not None


def _spaces(text: str) -> bool | None:
    found = _WIDE_SPACE.search(text) is not None
    return found if found or " " in text else None


def _curled(text: str) -> bool | None:
    text = html.unescape(text)
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
    ArtefactKind.BREAKS: _breaks,
    ArtefactKind.MARKDOWN: _escaped_marks,
    ArtefactKind.LINE_ENDS: _line_ends,
    ArtefactKind.DOUBLED_ENDS: _doubled_ends,
    ArtefactKind.QUOTED: _quoted,
    ArtefactKind.SPACES: _spaces,
    ArtefactKind.ZERO_WIDTH: _has(_ZERO_WIDTH),
    ArtefactKind.CURLED: _curled,
    ArtefactKind.DOUBLED: _doubled,
    ArtefactKind.LEADING: lambda text: text != text.lstrip(),
    ArtefactKind.TRAILING: lambda text: text != text.rstrip(),
    ArtefactKind.GARBLED: lambda text: None if text.isascii() else garbled(text),
    ArtefactKind.DECOMPOSED: _decomposed,
    ArtefactKind.JOINED: _joined,
    ArtefactKind.SMALL: _small,
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
    return sorted(
        [*found, *_broken(given), *_cuts(given)], key=lambda one: (one.corpus, list(ArtefactKind).index(one.kind))
    )


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
        affix = _own_part(affix, kind, [some for other, some in given.items() if other != name])
        if len(affix.strip().strip("\\.")) < _SHORTEST or _WORDS_ALONE.fullmatch(affix):
            continue
        shares = {
            other: _share([_bare(text, kind).startswith(_bare(affix, kind)) for text in some])
            for other, some in given.items()
        }
        own, others = shares[name], _elsewhere(shares, name)
        if own is not None and own >= NEARLY_ALL and others is not None and not _asked_for(shares):
            found.append(Artefact(name, kind, own, others, affix))
    return found


def _own_part(affix: str, kind: ArtefactKind, others: Sequence[Sequence[str]]) -> str:
    """What of a beginning or ending other corpora don't have: what stands next to the content may be part of that."""

    def usual(part: str) -> bool:
        bare = _bare(part, kind)
        shares = [
            share for some in others if (share := _share([_bare(t, kind).startswith(bare) for t in some])) is not None
        ]
        return bool(shares) and median(shares) > HARDLY_ANY

    ending = kind is ArtefactKind.ENDING
    if len(affix) < _SHORTEST or usual(affix[-_SHORTEST:] if ending else affix[:_SHORTEST]):
        return ""
    for length in range(len(affix) - 1, _SHORTEST, -1):
        if usual(affix[:length] if ending else affix[-length:]):
            return affix[length:] if ending else affix[:-length]
    return affix


def _asked_for(shares: Mapping[str, float | None]) -> bool:
    """Whether the prompts seem to ask for it: what is asked for, models do more or less; saving leaves all or none."""
    known = [share for share in shares.values() if share is not None]
    return 3 * sum(HARDLY_ANY < share < NEARLY_ALL for share in known) > len(known)


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


def _broken(given: Mapping[str, Sequence[str]]) -> list[Artefact]:
    """Corpora in which the longest line of nearly all long answers has one width, and ends within a sentence."""
    long = {name: [t.splitlines() for t in texts if len(t) >= _LONG_ENOUGH] for name, texts in given.items()}
    found = []
    for name, texts in long.items():
        width = max((len(line) for lines in texts for line in lines), default=0)
        if not _NARROWEST <= width <= _WIDEST:
            continue
        shares = {other: _share([_is_broken(lines, width) for lines in some]) for other, some in long.items()}
        own, others = shares[name], _elsewhere(shares, name)
        if own is not None and own >= NEARLY_ALL and others is not None:
            found.append(Artefact(name, ArtefactKind.BROKEN, own, others, str(width)))
    return found


def _is_broken(lines: Sequence[str], width: int) -> bool:
    full = [line for line, after in pairwise(lines) if width - _WORD < len(line) <= width and after.strip()]
    within = sum(line.rstrip(" ,-")[-1:].isalnum() for line in full)
    return max(map(len, lines)) <= width and 2 * within > len(full)


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
    if kind is ArtefactKind.BROKEN:
        width = int(detail)
        return lambda text: "\n".join("\n".join(textwrap.wrap(line, width)) for line in text.split("\n"))
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
    return re.sub(r"\r+\n|\r", "\n", text)


def _without_breaks(text: str) -> str:
    paragraphs = _PARAGRAPH.sub("\n\n", text)
    return _BLOCK.sub("", re.sub(r"<br\s*/?>\n?", "\n", paragraphs, flags=re.IGNORECASE))


def _without_backslashes(text: str) -> str:
    inner = _json_text(text)
    if inner is not None:
        return inner
    if "\n" in text:
        return text
    return text.replace("\\r\\n", "\n").replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')


def _ungarbled(text: str) -> str:
    try:
        return text.encode("cp1252", _UNDEFINED).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _as_control(error: UnicodeError) -> tuple[bytes, int]:
    """The byte of a control character that stands where Windows-1252 leaves a byte open, as browsers read it."""
    if isinstance(error, UnicodeEncodeError):
        return error.object[error.start : error.end].encode("latin-1"), error.end
    raise error


_UNDEFINED = "byte of a control character"
codecs.register_error(_UNDEFINED, _as_control)


_NORMAL: Mapping[ArtefactKind, Callable[[str], str]] = {
    ArtefactKind.ESCAPES: _unescaped,
    ArtefactKind.BACKSLASHES: _without_backslashes,
    ArtefactKind.ENTITIES: html.unescape,
    ArtefactKind.BREAKS: _without_breaks,
    ArtefactKind.MARKDOWN: lambda text: _ESCAPED_MARK.sub(r"\1", text),
    ArtefactKind.LINE_ENDS: _one_line_end,
    ArtefactKind.DOUBLED_ENDS: lambda text: text.replace("\n\n", "\n"),
    ArtefactKind.QUOTED: lambda text: _QUOTE.sub("", text),
    ArtefactKind.SPACES: lambda text: _WIDE_SPACE.sub(" ", text),
    ArtefactKind.ZERO_WIDTH: lambda text: _ZERO_WIDTH.sub("", text),
    ArtefactKind.CURLED: lambda text: text.translate(_CURLS),
    ArtefactKind.DOUBLED: lambda text: text.replace('""', '"'),
    ArtefactKind.LEADING: str.lstrip,
    ArtefactKind.TRAILING: str.rstrip,
    ArtefactKind.GARBLED: _ungarbled,
    ArtefactKind.DECOMPOSED: lambda text: unicodedata.normalize("NFC", text),
    ArtefactKind.JOINED: lambda text: " ".join(text.split()),
    ArtefactKind.SMALL: str.lower,
}
