"""What is shown of a file before it is imported: no value under a name for secrets, and no address with its query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from workbench.core.model import Json
from workbench.core.secrets.find import masked
from workbench.core.secrets.names import names_secret
from workbench.core.text import well_formed
from workbench.importers.messages.bodies import bare_address

NOT_SHOWN = "⟦not shown⟧"
_CONCEALED = ("set-cookie", "querystring")
_HEADERS = re.compile(
    r"(?:^|(?:^|[^a-z])(?:raw|request|response|http|extra|default|custom)[^a-z]?)headers$", re.IGNORECASE
)
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,20}://\S*[?#@]\S*")
_ASKED = re.compile(r"(?<=[?&])([\w.-]{1,40})=[^\s&#\"'<>⟦⟧\\]{1,4000}")
_KEYS = ("key", "sig", "signature")
"""Names that hold a secret in the query of an address, and elsewhere as a rule do not."""

_MEMBER = re.compile(
    r"(?<!\\)(?P<slashes>\\{0,15})\"(?P<name>[^\"\\]{1,60})(?P=slashes)\"\s{0,9}:\s{0,9}"
    r"(?P<value>(?P=slashes)\".*?(?:(?<!\\)(?P=slashes)\"|\Z)|-?\d[\d.eE+-]*|[\[{])",
    re.DOTALL,
)
"""A member of an object in JSON text, also where the text is JSON inside of JSON or is cut off.

Of a list or an object as its value this is the beginning.
"""

_PAIR = re.compile(
    r"\[\s{0,9}(?P<slashes>\\{0,15})\"(?P<name>[^\"\\]{1,60})(?P=slashes)\"\s{0,9},\s{0,9}"
    r"(?P<value>(?P=slashes)\"(?:(?!(?<!\\)(?P=slashes)\").)*(?:(?P=slashes)\"|\Z)|-?\d[\d.eE+-]*|[\[{])",
    re.DOTALL,
)
"""The beginning of a list in JSON text that holds a name and a value."""

_LAST = re.compile(r"\s{0,9}(?:\]|\Z)")
_NESTING = re.compile(r"(\\*)\"|[\[{]|[\]}]")

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BRACES = re.compile(r"[{}]")
_NAMES = re.compile(
    r"(?:^|[^a-z])(?:name|key|k|id|header|field|label|title|param|parameter|property|attribute|option|setting|"
    r"variable|var)$",
    re.IGNORECASE,
)
_VALUES = re.compile(r"(?:^|[^a-z])(?:values?|val|v|default)$|^#text$", re.IGNORECASE)
_WORD = re.compile(r"[^\s\"'()?!,;]{1,60}")
_WORDS = re.compile(rf"{_WORD.pattern}(?: {_WORD.pattern}){{0,2}}")
"""What may be a name: a question that speaks of passwords is none."""

_MOST = 1000
"""Members up to which an object may be a name and a value with more beside them."""


def is_concealed(name: str) -> bool:
    """Whether what stands under a name is kept from sight whatever it looks like: passwords, keys, cookies, headers."""
    return name.lower() in _CONCEALED or _HEADERS.search(_HUMP.sub("_", name)) is not None or names_secret(name)


def is_harmless(value: Json) -> bool:
    """Whether a value may be shown under any name: true, false and nothing."""
    return not value or isinstance(value, bool)


def beside_secret_names(value: Json) -> frozenset[str]:
    """The members of an object or a list whose name, a secret's, stands beside them; by keys or places.

    They are the value of an object that gives such a name in a field of its own, and the second of two in a list of
    which the first is such a name.
    """
    if isinstance(value, dict):
        few = len(value) <= _MOST
        return _beside(value, {key: inner for key, inner in value.items() if isinstance(inner, str)} if few else {})
    pair = isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and _WORD.fullmatch(value[0])
    return frozenset("1") if pair and is_concealed(value[0]) else frozenset()


def _beside(keys: Iterable[str], texts: Mapping[str, str]) -> frozenset[str]:
    names = (text for key, text in texts.items() if _NAMES.search(_HUMP.sub("_", key)) and _WORDS.fullmatch(text))
    if not any(map(is_concealed, names)):
        return frozenset()
    return frozenset(key for key in keys if _VALUES.search(_HUMP.sub("_", key)))


def shown(text: str, longest: int) -> str:
    """So much of a text as may be shown: masked, then cut."""
    if _ADDRESS.fullmatch(text):
        text = bare_address(text)
    # Masked before it is cut, so that a secret at the edge is seen whole.
    safe = masked(_ASKED.sub(_part_of_query, _in_text(well_formed(text[: 2 * longest])[0])))
    return safe if len(safe) <= longest and len(text) <= 2 * longest else safe[:longest] + "…"


def _part_of_query(match: re.Match[str]) -> str:
    """A part of an address's query as it may be shown."""
    name = match[1]
    return f"{name}={NOT_SHOWN}" if name.lower() in _KEYS or is_concealed(name) else match[0]


def _in_text(text: str) -> str:
    """A text with what is kept from sight in the JSON that it is or holds."""
    pieces, at = list[str](), 0
    for member, concealed in sorted(_members(text), key=lambda found: found[0].start):
        # A value that is no secret may itself be JSON.
        pieces += [text[at : member.start], _not_shown(member) if concealed else _in_value(member)]
        at = member.end
    return _seconds("".join([*pieces, text[at:]]))


def _in_value(member: _Member) -> str:
    if not member.holds:
        return _in_text(member.value)
    # Without its own bracket, or it would be found to be the same again.
    return member.value[:1] + _in_text(member.value[1:])


class _Member(NamedTuple):
    """A value in a text, from `start` to `end`, with the name that stands before it."""

    name: str
    slashes: str
    value: str
    start: int
    end: int

    @property
    def holds(self) -> bool:
        """Whether it is a list or an object."""
        return self.value[:1] in ("[", "{")


def _found(text: str, match: re.Match[str]) -> _Member:
    start, end = match.span("value")
    if text[start] in "[{":
        end = _end_of(text, start, len(match["slashes"]))
    return _Member(match["name"], match["slashes"], text[start:end], start, end)


def _end_of(text: str, start: int, slashes: int) -> int:
    """Where a list or an object that begins at `start` ends, or what can be seen of it.

    `slashes` stand before each of its quotes: those of JSON inside of JSON.
    """
    depth, quoted = 0, False
    for sign in _NESTING.finditer(text, start):
        if sign[1] is not None:
            more = len(sign[1]) - slashes
            if more < 0:
                return sign.start()  # the text ends in which all this stands
            quoted ^= more % (2 * (slashes + 1)) == 0
        elif not quoted:
            depth += 1 if sign[0] in "[{" else -1
            if not depth:
                return sign.end()
    return len(text)


def _members(text: str) -> Iterator[tuple[_Member, bool]]:
    """The members of the objects in a text, object by object, and whether each is kept from sight."""
    objects, at = [list[_Member]()], 0
    while match := _MEMBER.search(text, at):
        for sign in _BRACES.findall(text, at, match.start()):
            if sign == "{":
                objects.append([])
            elif len(objects) > 1:
                yield from _of_one(objects.pop())
        member = _found(text, match)
        objects[-1].append(member)
        at = member.end
    for found in objects:
        yield from _of_one(found)


def _of_one(members: Sequence[_Member]) -> Iterator[tuple[_Member, bool]]:
    texts = {member.name: member.value.strip('\\"') for member in members if not member.holds}
    beside = _beside({member.name for member in members}, texts)
    for member in members:
        yield member, member.name in beside or is_concealed(member.name)


def _seconds(text: str) -> str:
    """A text with its lists of two as they may be shown."""
    pieces, at = list[str](), 0
    while match := _PAIR.search(text, at):
        pair = _found(text, match)
        if _WORD.fullmatch(pair.name) and is_concealed(pair.name) and _LAST.match(text, pair.end):
            pieces += [text[at : pair.start], _not_shown(pair)]
            at = pair.end
        else:
            pieces.append(text[at : match.start() + 1])
            at = match.start() + 1
    return "".join([*pieces, text[at:]])


def _not_shown(member: _Member) -> str:
    """What stands in for a value in a text; nothing for nothing."""
    quote = f'{member.slashes}"'
    empty = member.value in (quote + quote, quote) or (member.holds and not member.value[1:].strip("]} \t\r\n"))
    return member.value if empty else f"{quote}{NOT_SHOWN}{quote}"
