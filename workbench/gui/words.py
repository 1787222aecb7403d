"""All words of the window pass through here, so that they can be translated."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

CONTEXT = "desk"


def tr(text: str, /, **values: object) -> str:
    """A text of the window in the user's language, with values put in by name."""
    said = QCoreApplication.translate(CONTEXT, text)
    return said.format(**values) if values else said


def language(code: str) -> str:
    """The name of a language by its code, such as English for `en`; an unknown code stays."""
    found = QLocale(code).language()
    known = found is not QLocale.Language.C and found is not QLocale.Language.AnyLanguage
    return QLocale.languageToString(found) if known else code


def mark(text: str, /) -> str:
    """A text that stands in a table of the program; `tr` is called on it where it is shown."""
    return text


def count(number: int, one: str, many: str, /, **values: object) -> str:
    """A number with its noun, such as `{n} model` or `{n} models`; `{n}` has its thousands apart."""
    return tr(one if number == 1 else many, n=f"{number:,}", **values)
