"""Which row of a table is its header: the one that has the mapped columns, or the one that looks like it."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence

from workbench.core.errors import BadInputError
from workbench.core.text import well_formed
from workbench.importers.base import Opened
from workbench.importers.mapping.field_names import NAMES, likeness, spelled
from workbench.importers.mapping.mapped import KEYS
from workbench.importers.reading.paths import Path

LOOKED_AT = 20
"""Above the header may stand a title and what else people write there."""

ABOVE = "the row stands above the header"
NONE = -1
"""In the place of the header's index: there is no header."""

_NEEDED = ("prompt", "prompt_key", "response")
_LONGEST_NAME = 60
_NAMED_AT_MOST = 5
_NAMED = 50.0
_COLUMN = re.compile(r"column_[1-9]\d{0,4}")
_DATA = re.compile(r"^[\d.,:/\- TZ]+$|[.?!…。\uff1f\uff01]\s*$|https?://|\n")


def names_of(cells: Sequence[str]) -> list[str]:
    """The cells of a header as names; of columns with one name each has its number, as `answer (2)`."""
    names = _as_written(cells)
    counts, taken, seen = Counter(names), set(names), Counter[str]()
    found = []
    for name in names:
        own = name
        while name and counts[name] > 1 and own in taken:
            seen[name] += 1
            own = f"{name} ({seen[name]})"
        found.append(own)
    return found


def columns_of_one_name(header: Sequence[str], cells: Sequence[str]) -> dict[str, list[str]]:
    """The names that several columns share, each with what `names_of` calls these columns."""
    found: dict[str, list[str]] = {}
    for written, own in zip(_as_written(cells), header, strict=False):
        if written != own:
            found.setdefault(written, []).append(own)
    return found


def _as_written(cells: Sequence[str]) -> list[str]:
    return [well_formed(name.strip())[0] for name in cells]


def numbered(count: int) -> list[str]:
    """Names for the columns of a table without a header: `column_1` and so on."""
    return [f"column_{number}" for number in range(1, count + 1)]


def header_at(rows: Sequence[Sequence[str]], mapping: Mapping[str, str]) -> int | None:
    """The first row that has the columns of the mapping, all of them or at least those of prompt and answer.

    NONE where the mapping counts columns, None where no row has them.
    """
    paths = {key: Path(path) for key, path in mapping.items() if key in KEYS}
    for wanted in (KEYS, _NEEDED):
        for at, row in enumerate(rows[:LOOKED_AT]):
            # A name that several columns share finds the header too: it is refused in words.
            names = {*names_of(row), *_as_written(row)}
            if all(path.text in names or path.parts[0] in names for key, path in paths.items() if key in wanted):
                return at
    return NONE if all(_COLUMN.fullmatch(path.parts[0]) for path in paths.values()) else None


def no_column_twice(opened: Opened, cells: Sequence[str], mapping: Mapping[str, str]) -> None:
    """Raise BadInputError where the mapping names a column that the header has twice."""
    shared = columns_of_one_name(names_of(cells), cells)
    for key, path in mapping.items():
        if path in shared:
            own = [f"--map {shlex.quote(f'{key}={name}')}" for name in shared[path][:_NAMED_AT_MOST]]
            raise BadInputError(
                f"“{opened.name}” has {len(shared[path])} columns with the name “{path}”.",
                hint=f"Say which one: {' or '.join(own)}.",
            )


def likely_header(rows: Sequence[Sequence[str]]) -> int:
    """The row that looks like the header; NONE where the first full row holds data as the others do."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[: 2 * LOOKED_AT]]
    if not filled:
        return NONE
    usual = sorted(filled)[len(filled) // 2]
    at = next((n for n, count in enumerate(filled[:LOOKED_AT]) if count >= max(2, min(usual, max(filled)))), 0)
    cells = [cell.strip() for cell in rows[at]]
    if any(_is_name(cell) for cell in cells):
        return at
    return NONE if _is_data(cells, rows[at + 1 :]) else at


def _is_name(cell: str) -> bool:
    return len(cell) <= _LONGEST_NAME and any(likeness(key, spelled(cell)) >= _NAMED for key in NAMES)


def _is_data(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    if any(len(cell) > _LONGEST_NAME or _DATA.search(cell) for cell in cells if cell):
        return True
    again = (cell in {row[at].strip() for row in below if at < len(row)} for at, cell in enumerate(cells) if cell)
    return any(again)
