"""Whether an answer looks cut off: a guess from how it ends beside how the rest of it is written.

Most answers that end in a word are whole: a number, a name, a list, a table, a greeting. So an end without closing
punctuation tells nothing by itself; it tells where the answer closes its other sentences or items, or where something
is open: a block of code, a bracket, a word that joins.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile

_FENCE = re.compile(r"^[ \t]{0,3}(?:```|~~~)", re.MULTILINE)
_ITEM = re.compile(r"[ \t>]{0,40}(?:(\d{1,3}|[A-Za-z]|[ivxIVX]{2,4})[.):]|([-*+•◦‣·–]))(?:[ \t]+|$)")
_LABEL = re.compile(r"[^\W\d_][^.:!?]{0,30}[:\uff1a]\s")
_STOP = re.compile(
    r"(?<![^\W\d_])(?P<short>[^\W\d_]{1,6})\.[ \t]+|(?<=[^\W_]|[)\]’'\"”»*])[.!?…]{1,3}[\"'”’»)\]*_]{0,4}[ \t]+"
    r"|[。\uff01\uff1f｡][」』”’\uff09)]{0,3}|[।॥؟\u06d4\u0589።]\s*"
)
"""Where a sentence ends inside a line; `short` may be an abbreviation."""

_ABBREVIATIONS = frozenset(
    ["mr", "mrs", "ms", "dr", "st", "mt", "vs", "no", "nr", "jr", "sr", "prof", "gen", "sen", "rep", "gov", "inc",
     "ltd", "co", "corp", "etc", "fig", "eq", "ca", "approx", "op", "pp", "vol", "ed", "bzw", "usw"]
)  # fmt: skip
_ADDRESS = re.compile(r"://|^www\.|^[#@]|[/\\=_<>{}|$^@]|^:\w+:$")
_FORMULA = re.compile(r"[=<>{}|\\_$^+]|^\t|^ {4}")
_BOLD = re.compile(r"\*\*")
_OPEN = re.compile(r"(?:^|\s)\([^()]*$|(?:^|\s)“[^“”]*$")
_CODE = re.compile(r"[=(){}<>]")
_AFTER_SIGNS = "\ufe0e\ufe0f\u20e3\u200d"
_CONTINUING = frozenset(",;:-([{–—、「\uff08\uff0c\uff1a\uff1b")
_CLOSED = frozenset(".!?")
_EAST = "\u2e80"

_JOINING = frozenset(
    ["the", "an", "of", "and", "or", "with", "from", "than", "because", "while", "whose", "into", "und", "oder", "der",
     "ein", "eine", "les", "des", "une", "et", "ou", "del", "los", "las", "il", "gli", "che", "com", "uma", "dos",
     "и", "или", "в", "на"]
)  # fmt: skip
"""Words that hardly ever end anything, in some of the languages that close sentences with a point."""

_RUNNING = 6
"""Words from which on a line is a running sentence, and no heading, name or greeting."""

_ALONE = 15
"""Words from which on a lone line without a stop is more likely cut than short."""

_LISTED = 4
"""Words to a comma below which a line is a list."""

_USUAL = 0.6
"""From this share of similar lines that close, one that does not close looks cut."""


def looks_cut(text: str) -> bool:
    """Whether a text, without white space around it, ends as if more had followed: a guess that errs both ways."""
    if not text:
        return False
    before, _, line = text.rpartition("\n")
    if open_fence(text) and not (text[-1] in _CLOSED and _words(line) >= _RUNNING and line[0].isalpha()):
        return True
    last = text.rstrip(_AFTER_SIGNS)[-1:] or text[-1]
    if last in _CONTINUING:
        going_on = _goes_on(before, line, last) and not _ADDRESS.search(line.split()[-1])
        return going_on or _bare_marker(before, line)
    if not _runs_on(last):
        return _bare_marker(before, line) or (last == "*" and bool(before) and _half_bold(line))
    return last == text[-1] and _stops_in(before, line)


def open_fence(text: str) -> bool:
    """Whether a fenced block of code is begun and not ended."""
    return ("```" in text or "~~~" in text) and len(_FENCE.findall(text)) % 2 == 1


def _stops_in(before: str, line: str) -> bool:
    """Whether a line that ends in a letter or a number looks as if it had been going on."""
    words = line.split()
    if _half_bold(line) or _OPEN.search(line):
        return True
    if line.lstrip().startswith("|"):
        return before.rstrip().endswith("|")
    if _ADDRESS.search(words[-1]):
        return False
    if len(words) > 2 and words[-1] in _JOINING:
        return True
    return not _FORMULA.search(line) and not line[-1].isnumeric() and _among_others(before, line)


def _among_others(before: str, line: str) -> bool:
    """Whether a line breaks off where the lines like it, or the sentences before it, are closed."""
    similar = _similar([one for one in before.split("\n") if one.strip()], line)
    closed = sum(map(_closes, similar)) / len(similar) if similar else None
    rest = _after_stops(line)
    if rest is not None:
        usual = closed is None or closed >= 0.5
        return usual and rest[:1] not in ("", *"-–—#(") and (bool(before) or _words(rest) > 1)
    if closed is not None:
        return closed >= _USUAL
    return not before and _words(line) >= max(_ALONE, _LISTED * line.count(",")) and line[0].isupper()


def _similar(lines: Sequence[str], line: str) -> list[str]:
    """The earlier lines that a line can be held against: items, labels or running ones."""
    kind = _kind(line)
    if kind:
        own = [one for one in lines if _kind(one) == kind]
        run = sum(1 for _ in takewhile(lambda one: _kind(one) == kind, reversed(lines)))
        if run:
            return own[-run:]
        if kind != ":":
            return own if _words(line) >= _RUNNING else []
    running = [one for one in lines if not _kind(one) and _words(one) >= _RUNNING]
    return running if _words(line) >= _RUNNING or _begins_paragraph(lines, line) else []


def _begins_paragraph(lines: Sequence[str], line: str) -> bool:
    """Whether a few words are more likely the beginning of a sentence than a name, a heading or a greeting."""
    words = line.split()
    after = lines[-1].rstrip()[-1:] if lines else ""
    return len(words) > 1 and words[0][0].isupper() and words[-1].islower() and after in _CLOSED


def _kind(line: str) -> str:
    """What a line is: an item by its marker, a label with what belongs to it, or empty."""
    found = _ITEM.match(line)
    if found:
        return found[2] or ("1" if found[1].isdigit() else "a")
    return ":" if _LABEL.match(line) else ""


def _after_stops(line: str) -> str | None:
    """What follows the last sentence that ends inside a line; None where none does."""
    item = _ITEM.match(line)
    start = end = item.end() if item else 0
    for found in _STOP.finditer(line, start):
        if found["short"] is None or _ends_sentence(found["short"], line[found.end() : found.end() + 1]):
            end = found.end()
    return line[end:] if end > start else None


def _ends_sentence(word: str, after: str) -> bool:
    return len(word) > 1 and word.lower() not in _ABBREVIATIONS and not after.islower()


def _goes_on(before: str, line: str, last: str) -> bool:
    """Whether a line that ends in a comma or the like goes on: in code, forms and greetings it need not."""
    match last:
        case "-":
            return line[-2:-1].isalnum() or (line[-2:-1] == " " and _words(line) > 1)
        case ";":
            return _words(line) >= _RUNNING and not _CODE.search(line) and not before.rstrip().endswith((";", "{", "}"))
        case "," | ":" | "\uff0c" | "\uff1a":
            return not before or _words(line) > 3
    return True


def _bare_marker(before: str, line: str) -> bool:
    """Whether nothing but the marker of the next item stands in the last line of a list."""
    found = _ITEM.match(line)
    if not found or found.end() < len(line):
        return False
    kind = _kind(line)
    return any(_kind(one) == kind for one in before.split("\n"))


def _half_bold(line: str) -> bool:
    return len(_BOLD.findall(line)) % 2 == 1 and bool(re.search(r"(?:^|[\s:])\*\*(?:\S|$)", line))


def _closes(line: str) -> bool:
    return not _runs_on(line.rstrip()[-1])


def _runs_on(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _words(line: str) -> int:
    """About how many words there are; in scripts without spaces two signs count as one."""
    words = len(line.split())
    return words if line.isascii() else words + sum(sign >= _EAST for sign in line) // 2
