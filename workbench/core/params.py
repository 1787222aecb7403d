"""One declaration of a parameter serves the command line, the form, the check and the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.core.errors import UsageError

Value = int | float | str | bool


@dataclass(frozen=True, slots=True)
class Param:
    """A declared parameter: default, label, unit, bounds or choices, and one sentence of help."""

    default: Value
    label: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    help: str = ""

    def check(self, name: str, value: Any) -> Value:
        """The value in the parameter's own type; raises UsageError in words when it does not fit."""
        converted = self._convert(name, value)
        if self.choices and converted not in self.choices:
            raise UsageError(f"{name}: {converted!r} is not one of {', '.join(self.choices)}.")
        if isinstance(converted, int | float) and not isinstance(converted, bool):
            if self.low is not None and converted < self.low:
                raise UsageError(f"{name}: {converted} is below {self.low:g}{self._unit()}.")
            if self.high is not None and converted > self.high:
                raise UsageError(f"{name}: {converted} is above {self.high:g}{self._unit()}.")
        return converted

    def _unit(self) -> str:
        return f" {self.unit}" if self.unit else ""

    def _convert(self, name: str, value: Any) -> Value:
        kind = type(self.default)
        if kind is bool:
            return _flag(name, value)
        try:
            if kind is int and isinstance(value, float) and value != int(value):
                raise ValueError(value)
            converted: Value = kind(value)
        except (TypeError, ValueError, OverflowError):
            word = {int: "a whole number", float: "a number"}.get(kind, "a text")
            raise UsageError(f"{name}: {value!r} is not {word}.") from None
        if isinstance(converted, float) and converted != converted:
            raise UsageError(f"{name}: not a number.")
        return converted


def _flag(name: str, value: Any) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    found = words.get(str(value).lower())
    if found is None:
        raise UsageError(f"{name}: {value!r} is neither yes nor no.")
    return found


def param(default: Value, label: str, **more: Any) -> Any:
    """Declare a parameter as a class variable of an analysis; `more` are the other fields of `Param`."""
    return Param(default, label, **more)


def declared(owner: type) -> dict[str, Param]:
    """The parameters that a class declares, in order of declaration, base classes first."""
    found: dict[str, Param] = {}
    for cls in reversed(owner.__mro__):
        found.update({name: value for name, value in vars(cls).items() if isinstance(value, Param)})
    return found


def resolve(owner: type, given: Mapping[str, Any]) -> dict[str, Value]:
    """All parameters of a class: the given ones checked, the others at their defaults.

    Raises UsageError for a name that the class does not declare, or a value that does not fit.
    """
    params = declared(owner)
    unknown = sorted(set(given) - set(params))
    if unknown:
        known = ", ".join(params) or "none"
        raise UsageError(f"Unknown parameter {', '.join(unknown)}.", hint=f"Its parameters are: {known}.")
    return {name: p.check(name, given[name]) if name in given else p.default for name, p in params.items()}
