"""Secrets in the cells of tables, which only the name of their column tells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

import orjson

from workbench.core.secrets.rules import PASSWORD, Secret
from workbench.core.secrets.values import mixed, password

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NAME = re.compile(
    rf"(?:^|[^a-z])pass(?:e|es)?$|(?!pass(?!e$|c|k|p|w)){PASSWORD}|secrets$|"
    r"(?:^|[^a-z]|access|auth|bearer|refresh|session)token$|(?:^|[^a-z])(?:auth|authori[sz]ation|bearer|jwt|cookies?)$|"
    r"credentials?$|(?:api|access|private|signing|encryption|master|subscription)[^a-z]?key$",
    re.IGNORECASE | re.ASCII,
)


@lru_cache(maxsize=4096)
def names_secret(name: str) -> bool:
    """Whether a field of this name holds a password, a key or a token: its value is not to be shown."""
    return _NAME.search(_HUMP.sub("_", name.strip())) is not None


KIND = "secret by its column"

_SHORTEST, _LONGEST = 6, 16_000
_LONGEST_NAME = 60
_WORDS = re.compile(r"[^\s\"(){}?!,;]+(?: [^\s\"(){}?!,;]+){0,2}")
"""What may be the name of a column: a question that speaks of passwords is none."""

_PARTS = (
    "pass", "pw", "secret", "kennwort", "contrase", "senha", "wachtwoord", "heslo", "haslo", "salasana", "geslo",
    "lozinka",
    "zaporka", "clave", "parol", "losenord", "adgangskode", "kata sandi", "token", "auth", "bearer", "jwt", "cookie",
    "credential", "key",
)  # fmt: skip
"""One of these is in every name for secrets that is ASCII."""

_LOOSE = ("token", "auth", "cookie", "cookies")
"""Names of much that is no secret, such as the words of a text: only what looks drawn at random is one there."""

_FIGURES = re.compile(r"[\d.,:/+\-%\sTZeE]+")
_ROW = re.compile(r'"((?:[^"\\]|\\.){1,120}+)"\s?:\s?"((?:[^"\\]|\\.)*+)', re.DOTALL)


@lru_cache(maxsize=4096)
def names_column(name: str) -> bool:
    """Whether this is a name for a column of passwords, keys or tokens."""
    name = name.strip()
    # The pattern takes long, and columns are many.
    if name.isascii() and not any(map(name.lower().__contains__, _PARTS)):
        return False
    return len(name) <= _LONGEST_NAME and _WORDS.fullmatch(name) is not None and names_secret(name)


def secret_in(name: str, cell: str) -> bool:
    """Whether what stands in a column of such a name may be a secret: no stand-in, no word, no number, no prose."""
    if not _SHORTEST <= len(cell) <= _LONGEST or any(map(str.isspace, cell)) or _FIGURES.fullmatch(cell):
        return False
    return mixed(cell) if name.strip().lower() in _LOOSE else password(cell)


def in_delimited(text: str, delimiter: str, names: Sequence[str], columns: Collection[int]) -> Iterator[Secret]:
    """The secrets in rows of delimited text, which may be cut off; `columns` says which of the named ones hold any."""
    column = 0
    for cell in _cells(delimiter).finditer(text):
        start, end = cell.span(1 if cell[1] is not None else 2)
        if column in columns:
            value = text[start:end].strip()
            start += text[start:end].find(value)
            if secret_in(names[column], value.replace('""', '"')):
                yield Secret(KIND, start, len(value))
        column = column + 1 if cell[3] == delimiter else 0


@lru_cache(maxsize=16)
def _cells(delimiter: str) -> re.Pattern[str]:
    """A cell, in quotes or not, with what ends it."""
    end = re.escape(delimiter)
    return re.compile(rf'(?:"((?:[^"]++|"")*+)"?[^{end}\r\n]*+|([^{end}\r\n]*+))({end}|\r?\n|\r|\Z)')


def in_rendered(text: str) -> Iterator[Secret]:
    """The secrets in the JSON that renders a row of a workbook or of a Parquet file, which may be cut off."""
    for member in _ROW.finditer(text):
        if names_column(_plain(member[1])) and secret_in(_plain(member[1]), _plain(member[2]).strip()):
            yield Secret(KIND, member.start(2), len(member[2]))


def _plain(written: str) -> str:
    """A text as it was before JSON; the last letters of one that is cut off may be lost."""
    if "\\" not in written:
        return written
    try:
        return str(orjson.loads(f'"{written}"'))
    except ValueError:
        return written
