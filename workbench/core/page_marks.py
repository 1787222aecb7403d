"""What stands on every page of a pack by the examiner's choice: a legend of confidentiality, and Bates numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbench.core.errors import UsageError
from workbench.core.model import Json
from workbench.core.text import one_line, well_formed
from workbench.core.typed_json import plain, read

MOST = 99_999_999
_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
_LONGEST_LEGEND = 100
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class PageMarks:
    """A legend, and the prefix and first of the Bates numbers; a prefix that is empty means no numbers."""

    legend: str = ""
    prefix: str = ""
    first: int = 1

    def __bool__(self) -> bool:
        """Whether anything is marked."""
        return bool(self.legend or self.prefix)

    def number(self, after: int) -> str:
        """The Bates number so many after the first, such as ABC000123; empty where there are none."""
        return f"{self.prefix}{self.first + after:0{_DIGITS}d}" if self.prefix else ""

    def as_json(self) -> Json:
        """The marks as the line of a pack keeps them; `page_marks_in` is the inverse."""
        return plain(self)


def page_marks_in(choices: Json) -> PageMarks:
    """The marks that the choices of a pack hold; none where they hold none."""
    held = choices.get("marks") if isinstance(choices, dict) else None
    return read(PageMarks, held) if held else PageMarks()


def page_marks_of(legend: str, prefix: str, first: int) -> PageMarks:
    """The marks as an examiner typed them; raises UsageError."""
    said = one_line(well_formed(legend)[0].strip(), _LONGEST_LEGEND + 1)
    if len(said) > _LONGEST_LEGEND:
        raise UsageError(f"The legend has over {_LONGEST_LEGEND} characters: no foot of a page has room for it.")
    if prefix and not _PREFIX.fullmatch(prefix):
        raise UsageError(
            f"“{one_line(prefix, 30)}” is no prefix of Bates numbers.",
            hint="Up to 20 letters, digits, hyphens, dots and underscores, beginning with a letter or digit.",
        )
    if not 0 <= first <= MOST:
        raise UsageError(f"The first Bates number is one of 0 to {MOST:,}.")
    return PageMarks(said, prefix, first)
