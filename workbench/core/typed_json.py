"""Typed records and the plain JSON they are stored as: the one place where either becomes the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from types import NoneType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

from workbench.core.errors import CaseError
from workbench.core.model import Column, Json, Table

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")
Interval = tuple[float, float]
"""The low and the high end."""

_KINDS = {str: "text", int: "integer", float: "number", bool: "flag"}


def plain(value: Any) -> Json:
    """A record as plain JSON, field by field in their order; what is plain already comes back equal."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def read(kind: type[Record], value: Json) -> Record:
    """The record that `plain` wrote; unknown keys are passed over. Raises CaseError where a value does not fit."""
    import msgspec

    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise CaseError(
            f"A finding does not hold what this program expects: {error}.",
            hint="It was made by another version, or changed since: that version reads it.",
        ) from error


def table(kind: type[Record], rows: Sequence[Record]) -> Table:
    """A table with a column for each field of its rows: the field's name, its type, and the label beside it."""
    hints = get_type_hints(kind, include_extras=True)
    names = [field.name for field in fields(kind)]
    columns = tuple(_column(name, *get_args(hints[name])) for name in names)
    return Table(columns, tuple(tuple(getattr(row, name) for name in names) for row in rows))


def _column(name: str, hint: Any, label: str) -> Column:
    (cell,) = [one for one in get_args(hint) or (hint,) if one is not NoneType]
    return Column(name, _KINDS[cell], label)


def rows(kind: type[Record], stored: Table) -> list[Record]:
    """The rows of a table as records; further columns are passed over. Raises CaseError where a cell does not fit."""
    names = [column.name for column in stored.columns]
    return [read(kind, dict(zip(names, row, strict=True))) for row in stored.rows]
