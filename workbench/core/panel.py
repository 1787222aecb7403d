"""The panel protocol: which models are compared with which, and what each pair is known to be.

It is pure: names and documented facts in, names and reasons out. Every analysis and every validation
figure uses this one definition of pairs, date gate and controls.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbench.core.errors import UsageError
from workbench.core.model import Facts

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Pair:
    """One suspect against one family: its documented relation and whether it is scored.

    `relation` is distilled, derived, relay or none; `excluded` is empty, `other source` or `sibling`.
    """

    suspect: str
    family: str
    relation: str
    positive: bool
    excluded: str


def checked_date(text: str) -> str:
    """A release date as given, YYYY or YYYY-MM; raises UsageError for anything else."""
    if not _DATE.fullmatch(text):
        raise UsageError(f"{text!r} is not a release date.", hint="Write YYYY or YYYY-MM, such as 2024-03.")
    return text


def latest_month(released: str) -> str:
    """The latest month that a release date allows: a year alone counts as its December."""
    return released if len(released) > 4 else released + "-12"


def earliest_month(released: str) -> str:
    """The earliest month that a release date allows: a year alone counts as its January."""
    return released if len(released) > 4 else released + "-01"


def younger(source: Facts, suspect: Facts) -> bool:
    """Whether a source may have come out after the suspect; False when either date is unknown."""
    if source.released is None or suspect.released is None:
        return False
    return latest_month(source.released) > earliest_month(suspect.released)


class Panel:
    """Models by name with their documented facts; sources that are not in the panel are ignored."""

    def __init__(self, models: Mapping[str, Facts]) -> None:
        self.models = dict(models)
        self._closures: dict[str, frozenset[str]] = {}

    def families(self) -> list[str]:
        """The families that can be a source, in order of first appearance."""
        return list(dict.fromkeys(f.family for f in self.models.values() if f.family))

    def members(self, family: str) -> list[str]:
        """The models of a family, in panel order."""
        return [name for name, facts in self.models.items() if facts.family == family]

    def closure(self, name: str) -> frozenset[str]:
        """Every model that a model is documented to come from, directly or through others."""
        if name not in self._closures:
            found: set[str] = set()
            open_names = [name]
            while open_names:
                for source in self.models[open_names.pop()].sources:
                    if source.corpus in self.models and source.corpus not in found:
                        found.add(source.corpus)
                        open_names.append(source.corpus)
            self._closures[name] = frozenset(found)
        return self._closures[name]

    def not_controls(
        self, suspect: str, members: Iterable[str], said: str = "documented to come from"
    ) -> dict[str, str]:
        """Each model that can't be a control against these members, with the reason; `said` is how that is known."""
        family = set(members)
        reasons: dict[str, str] = {}
        for name in self.models:
            if name == suspect:
                continue
            if name in family:
                reasons[name] = "a member of the protected family"
            elif self.closure(name) & family:
                reasons[name] = f"{said} the protected family"
            elif suspect in self.closure(name):
                reasons[name] = f"{said} the suspect"
        return reasons

    def controls(self, suspect: str, family: str) -> list[str]:
        """The controls of a pair: all others less the family, its descendants and the suspect's."""
        excluded = self.not_controls(suspect, self.members(family))
        return [name for name in self.models if name != suspect and name not in excluded]

    def eligible(self, suspect: str, family: str) -> list[str]:
        """The family's members that were released before or with the suspect."""
        own = self.models[suspect]
        return [name for name in self.members(family) if not younger(self.models[name], own)]

    def suspects(self) -> list[str]:
        """The models with a documented main source, and the teacherless ones."""
        return [name for name, facts in self.models.items() if not facts.control_only and _has_truth(facts)]

    def pairs(self, suspect: str | None = None) -> Iterator[Pair]:
        """Every suspect, or one, against every family that it does not belong to and that is old enough."""
        for name in self.suspects() if suspect is None else (suspect,):
            for family in self.families():
                if self.models[name].family != family and self.eligible(name, family):
                    yield self._pair(name, family)

    def _pair(self, suspect: str, family: str) -> Pair:
        facts, members = self.models[suspect], set(self.members(family))
        main = [s.relation for s in facts.sources if not s.minor and s.corpus in members]
        if main:
            return Pair(suspect, family, main[0], positive=True, excluded="")
        if self.closure(suspect) & members:
            return Pair(suspect, family, "none", positive=False, excluded="other source")
        makers = {self.models[s.corpus].developer for s in facts.sources if not s.minor and s.corpus in self.models}
        if makers & {self.models[m].developer for m in members} - {None}:
            return Pair(suspect, family, "none", positive=False, excluded="sibling")
        return Pair(suspect, family, "none", positive=False, excluded="")


def _has_truth(facts: Facts) -> bool:
    return facts.teacherless or any(not source.minor for source in facts.sources)


def resolve_name(given: str, names: Sequence[str], families: Sequence[str]) -> tuple[str, str]:
    """What a user means by a name: ("family", F) or ("corpus", N).

    A name that is both means the family; `corpus:NAME` and `family:NAME` are explicit. Raises UsageError.
    """
    for kind, known in (("family", families), ("corpus", names)):
        if given.startswith(kind + ":") and given.removeprefix(kind + ":") in known:
            return kind, given.removeprefix(kind + ":")
    if given in families:
        return "family", given
    if given in names:
        return "corpus", given
    raise UsageError(
        f"There is no corpus or family “{given}” in this case.", hint="`workbench corpora CASE` lists them."
    )
