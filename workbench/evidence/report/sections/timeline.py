"""Who could have learned from whom: every model at its release, and the dates that the trial covered."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from workbench.core.drawing import DIAMOND, LATE, RING, SQUARE, Box, Drawing, Item, Line, Mark, Text, fitting
from workbench.core.model import Corpus, Role
from workbench.core.printed import listed, month
from workbench.evidence.report.trial import Trial

_LEFT, _RIGHT, _WIDE = 90.0, 585.0, 593.0
_MOST_HIGH = 6


def timeline(corpora: Sequence[Corpus], roles: Mapping[str, Role], trial: Trial | None) -> Drawing | None:
    """The picture; None where no date of a suspect is known."""
    placed = [(corpus, at) for corpus in corpora if (at := _years(corpus.facts.released)) is not None]
    suspects = [(corpus, at) for corpus, at in placed if roles[corpus.name] is Role.SUSPECT]
    if not suspects:
        return None
    ends = [at for _, at in placed] + (list(trial.released) if trial else [])
    low, high = min(ends) - 0.1, max(ends) + 0.1
    scale = (_RIGHT - _LEFT) / (high - low)

    def x(at: float) -> float:
        return _LEFT + (at - low) * scale

    gate = max(at for _, at in suspects)
    rows = {Role.PROTECTED: 46.0, Role.SUSPECT: 72.0}
    controls = [(corpus, at) for corpus, at in placed if roles[corpus.name] not in rows]
    stacks = _stacked([x(at) for _, at in controls])
    base = 88.0 + 10.0 * (1 + max((high for _, high in stacks), default=0))
    items: list[Item] = []
    if trial is not None:
        first, last = trial.released
        items.append(Box(x(first), 8, x(last) - x(first), base - 8, "tint"))
        items.append(
            Text(x(first) + 4, 19, f"dates that the trial covered: {trial.first} to {trial.last}", colour="accentink")
        )
    items.append(Line(((x(gate), 0), (x(gate), base)), "suspect", 1.2, "dashed"))
    for role, name in ((Role.PROTECTED, "protected"), (Role.SUSPECT, "suspect")):
        items.append(Line(((_LEFT, rows[role]), (_RIGHT, rows[role])), "hair"))
        items.append(Text(0, rows[role] + 4, name, weight=600, colour="ink1"))
    items.append(Text(0, base - 10, f"{len(controls)} controls", weight=600, colour="ink1"))
    items += [Mark(at, base - 8 - 10 * up, RING, "ctl", 8.5) for at, up in stacks]
    items += _named([(corpus, roles[corpus.name], at) for corpus, at in placed], rows, gate, x)
    items += _axis(low, high, base, x)
    return Drawing(
        _WIDE,
        base + 20,
        "Who could have learned from whom",
        _said(suspects, [c for c, _ in placed if roles[c.name] is Role.PROTECTED], controls),
        tuple(items),
    )


def _years(released: str | None) -> float | None:
    parts = (released or "").split("-")
    if len(parts) < 2 or not all(part.isdigit() for part in parts[:2]) or not 1 <= int(parts[1]) <= 12:
        return None
    return int(parts[0]) + (int(parts[1]) - 1) / 12


def _stacked(places: Sequence[float]) -> list[tuple[float, int]]:
    """Marks that would cover each other, one above the other up to a height."""
    high: dict[int, int] = {}
    found = []
    for at in sorted(places):
        slot = round(at / 9)
        up = high.get(slot, 0)
        high[slot] = up + 1
        found.append((at, min(up, _MOST_HIGH)))
    return found


def _named(
    placed: Sequence[tuple[Corpus, Role, float]], rows: Mapping[Role, float], gate: float, x: Callable[[float], float]
) -> list[Item]:
    """The suspects and the protected models with their names; one that came out after the suspect is drawn open."""
    items: list[Item] = []
    ends: dict[Role, float] = {}
    for corpus, role, at in sorted(placed, key=lambda one: one[2]):
        if role not in rows:
            continue
        own = role is Role.SUSPECT
        y, colour = rows[role], "suspect" if own else "protected"
        late = not own and at > gate
        words = f"{corpus.name}, {month(corpus.facts.released or '')}"
        items.append(Mark(x(at), y, DIAMOND if own else LATE if late else SQUARE, colour, 10, words))
        name = fitting(f"{corpus.name}{', too late' if late else ''}", 130)
        half = 2.9 * len(name)
        centre = min(max(x(at), _LEFT + half), _RIGHT - half)
        if centre - half > ends.get(role, 0.0):
            items.append(Text(centre, y - 9, name, anchor="middle", weight=600 if own else 400, colour=colour))
            ends[role] = centre + half + 6
    return items


def _axis(low: float, high: float, base: float, x: Callable[[float], float]) -> list[Item]:
    items: list[Item] = [Line(((_LEFT, base), (_RIGHT, base)), "strong")]
    for year in range(math.ceil(low), math.floor(high) + 1):
        items.append(Line(((x(year), base), (x(year), base + 5)), "strong"))
        if x(year) < _RIGHT - 20:
            items.append(Text(x(year) + 3, base + 14, str(year)))
    return items


def _said(
    suspects: Sequence[tuple[Corpus, float]],
    protected: Sequence[Corpus],
    controls: Sequence[tuple[Corpus, float]],
) -> str:
    suspect, released = suspects[0]
    own = f"{suspect.name} was released in {month(suspect.facts.released or '')}."
    named = [f"{corpus.name} in {month(corpus.facts.released or '')}" for corpus in protected]
    before = sum(at <= released for _, at in controls)
    others = f" Of {len(controls)} controls, {before} came out by then." if controls else ""
    return f"{own} {'Protected: ' + listed(named, 6) + '.' if named else ''}{others}"
