"""What a chart as SVG may hold: shapes and their colours. Whatever else stands in one was not drawn by this program.

A browser runs scripts in an SVG, loads what it names and follows its links. So a drawing is not searched for what is
known to do harm: each element and each attribute of it must be one that the charts are made of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.parsers import expat

from workbench.core.errors import RefusedError
from workbench.core.text import one_line

LARGEST = 32 << 20
"""Bytes that a chart may have; the largest that are drawn have some hundred thousand."""

_DEEPEST = 40

_SVG = "http://www.w3.org/2000/svg "
_LINK = "http://www.w3.org/1999/xlink href"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "
_CC = "http://creativecommons.org/ns# "
_DC = "http://purl.org/dc/elements/1.1/ "
_DOCTYPE = ("svg", "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd", "-//W3C//DTD SVG 1.1//EN", 0)

_NUMBER = r"-?\d{1,9}(?:\.\d{1,12})?(?:e-?\d{1,3})?"
_NUMBERS = rf"{_NUMBER}(?:[ ,]{{1,2}}{_NUMBER}){{0,5}}"
_NAME = r"[\w.:-]{1,100}"


def _is(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: compiled.fullmatch(value) is not None


_COLOUR = rf"none|#[0-9a-f]{{3,8}}|[a-z]{{3,20}}|rgba?\({_NUMBERS}\)"
_PROPERTIES: Mapping[str, Callable[[str], bool]] = {
    "fill": _is(_COLOUR),
    "stroke": _is(_COLOUR),
    "fill-rule": _is("evenodd|nonzero"),
    "stroke-linejoin": _is("miter|round|bevel"),
    "stroke-linecap": _is("butt|round|square"),
    "stroke-dasharray": _is(rf"none|{_NUMBER}(?:[ ,]{{1,2}}{_NUMBER}){{0,20}}"),
    **dict.fromkeys(
        ("fill-opacity", "stroke-opacity", "opacity", "stroke-width", "stroke-dashoffset", "stroke-miterlimit"),
        _is(_NUMBER),
    ),
}
"""Of a style each property that the charts use, and what it may say."""


def _style(value: str) -> bool:
    for declared in filter(str.strip, value.split(";")):
        name, _, said = declared.partition(":")
        known = _PROPERTIES.get(name.strip())
        if known is None or not known(said.strip()):
            return False
    return True


_LENGTH = _is(rf"{_NUMBER}(?:pt|px)?")
_INSIDE = _is(rf"url\(#{_NAME}\)")
_COMMON: Mapping[str, Callable[[str], bool]] = {
    "id": _is(_NAME),
    "style": _style,
    "clip-path": _INSIDE,
    "transform": _is(rf"(?:(?:translate|scale|rotate|matrix)\({_NUMBERS}\) ?){{1,6}}"),
}
_BOX = dict.fromkeys(("x", "y", "width", "height"), _LENGTH)

_ELEMENTS: Mapping[str, Mapping[str, Callable[[str], bool]]] = {
    f"{_SVG}svg": {**_BOX, "viewBox": _is(_NUMBERS), "version": _is(r"1\.1")},
    f"{_SVG}g": _COMMON,
    f"{_SVG}defs": {},
    f"{_SVG}style": {"type": _is("text/css")},
    f"{_SVG}path": {**_COMMON, "d": _is(rf"(?:[MLHVCSQTAZz]|{_NUMBER}|[ ,\n])*")},
    f"{_SVG}use": {**_COMMON, **_BOX, _LINK: _is(f"#{_NAME}")},
    f"{_SVG}clipPath": {"id": _is(_NAME)},
    f"{_SVG}rect": {**_COMMON, **_BOX},
    f"{_SVG}metadata": {},
    f"{_RDF}RDF": {},
    f"{_CC}Work": {},
    f"{_DC}type": {f"{_RDF}resource": _is(r"http://purl\.org/dc/dcmitype/StillImage")},
    f"{_DC}format": {},
}
"""Each element that a chart is made of, with its attributes and what they may say."""

_TEXTS = {
    f"{_SVG}style": "*{stroke-linejoin: round; stroke-linecap: butt}",
    f"{_DC}format": "image/svg+xml",
}
"""What may stand between the tags of an element; of all others only white space."""


class _ForeignError(Exception):
    """Something stands in a drawing that no chart is made of."""


class _Reader:
    def __init__(self) -> None:
        self._within: list[str] = []
        self._said = ""

    def opens(self, name: str, attributes: dict[str, str]) -> None:
        self._settle()
        allowed = _ELEMENTS.get(name)
        if allowed is None or (not self._within) != (name == f"{_SVG}svg"):
            raise _ForeignError(f"the element {_local(name)}")
        for attribute, value in attributes.items():
            fits = allowed.get(attribute)
            if fits is None:
                raise _ForeignError(f"the attribute {_local(attribute)} of the element {_local(name)}")
            if not fits(value):
                raise _ForeignError(f"the {_local(attribute)} “{one_line(value, 60)}”")
        if len(self._within) >= _DEEPEST:
            raise _ForeignError(f"more than {_DEEPEST} elements within each other")
        self._within.append(name)

    def closes(self, _name: str) -> None:
        self._settle()
        self._within.pop()

    def says(self, text: str) -> None:
        if len(self._said) < 200:
            self._said += text

    def _settle(self) -> None:
        """Look at the text since the last tag."""
        said, self._said = self._said.strip(), ""
        if said and (not self._within or _TEXTS.get(self._within[-1]) != said):
            raise _ForeignError(f"the text “{one_line(said, 60)}”")

    def declares(self, name: str, system: str | None, public: str | None, inner: int) -> None:
        if (name, system, public, inner) != _DOCTYPE:
            raise _ForeignError("a declaration of its own")

    def begins(self, _version: str, encoding: str | None, _alone: int) -> None:
        if (encoding or "utf-8").lower() != "utf-8":
            raise _ForeignError(f"the encoding {one_line(encoding or '', 40)}")

    def refuses(self, *_what: object) -> None:
        raise _ForeignError("a declaration or an instruction of its own")


def _local(name: str) -> str:
    return one_line(name.rpartition(" ")[2], 60)


def foreign_in_svg(data: bytes) -> str:
    """What stands in an SVG that no chart of this program is made of, in words; empty where there is nothing."""
    if len(data) > LARGEST:
        return f"more than {LARGEST:,} bytes"
    if not data.startswith(b"<"):
        return "no drawing in UTF-8"  # another encoding announces itself before the first tag
    reader = _Reader()
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.opens, reader.closes
    parser.CharacterDataHandler = reader.says
    parser.StartDoctypeDeclHandler, parser.XmlDeclHandler = reader.declares, reader.begins
    parser.EntityDeclHandler = parser.ProcessingInstructionHandler = reader.refuses
    parser.StartCdataSectionHandler = parser.AttlistDeclHandler = parser.ElementDeclHandler = reader.refuses
    try:
        parser.Parse(data, True)
    except _ForeignError as error:
        return str(error)
    except expat.ExpatError as error:
        return f"no drawing ({expat.errors.messages[error.code]}, line {error.lineno})"
    return ""


def checked_svg(data: bytes, what: str) -> bytes:
    """The SVG itself; raises RefusedError, which speaks of `what`, where anything stands in it that is not drawn."""
    foreign = foreign_in_svg(data)
    if foreign:
        raise RefusedError(
            f"{what} holds {foreign}: no chart of this program has that, and it is not handed on.",
            hint="Somebody else has written it: `workbench verify CASE` names what is wrong.",
        )
    return data
