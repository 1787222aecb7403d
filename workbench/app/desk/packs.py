"""Packs as the desk shows them: those of the case, what would go into the next, and what a check came to."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.requests import VerifyProblem, VerifyReport

if TYPE_CHECKING:
    from workbench.app.session import Session

_SHOWN = 200
_ADDED = "added"


@dataclass(frozen=True, slots=True)
class PackRow:
    """One pack that was begun; without `sha256` it was never finished. `copy` says that it has no originals."""

    number: int
    begun: str
    sha256: str
    head: str
    copy: bool


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A file that stays out of packs, since things of the form of secrets were found in it."""

    sha256: str
    name: str
    kinds: str


@dataclass(frozen=True, slots=True)
class Packs:
    """The packs of a case, and what the next one holds."""

    rows: tuple[PackRow, ...]
    answers: int
    findings: int
    withdrawn: int
    originals: int
    bytes: int
    examined: bool
    held: tuple[HeldBack, ...]


def read_packs(session: Session) -> Packs:
    """Read all of it."""
    sources, state = session.sources(), session.examination()
    findings = session.findings()
    return Packs(
        tuple(
            PackRow(e.number, e.begun, e.sha256, e.head, not bool(e.choices.get("originals", True)))
            for e in session.exports()
        ),
        answers=sum(c.accepted for c in session.catalogue()),
        findings=len(findings),
        withdrawn=sum(bool(f.withdrawn) for f in findings),
        originals=len(sources),
        bytes=sum(source.size for source in sources),
        examined=state.current,
        held=held_back(session),
    )


def held_back(session: Session) -> tuple[HeldBack, ...]:
    """The files that stay out of packs, as the last examination found them."""
    return tuple(
        HeldBack(digest, name, ", ".join(f"{kind} ({n})" for kind, n in kinds.items()))
        for digest, name, kinds in session.examination().withheld
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to, in three groups: how many files are whole, what was changed or is gone, what was added.

    `whole` is None where files could not be counted. `more` problems are not listed.
    """

    ok: bool
    kind: str
    name: str
    whole: int | None
    changed: tuple[VerifyProblem, ...]
    added: tuple[VerifyProblem, ...]
    seal: tuple[str, ...] = ()
    more: int = 0
    notes: tuple[str, ...] = ()
    """What could not be checked, in words."""


def checked_of(name: str, path: Path | None, report: VerifyReport) -> Checked:
    """The groups of a check; `path` is what was checked, or None for the open case."""
    changed = [p for p in report.problems if p.what != _ADDED]
    added = [p for p in report.problems if p.what == _ADDED]
    return Checked(
        report.ok,
        report.kind,
        name,
        _whole(path, report.problems),
        tuple(changed[:_SHOWN]),
        tuple(added[:_SHOWN]),
        report.seal,
        max(0, len(changed) - _SHOWN) + max(0, len(added) - _SHOWN),
        report.notes,
    )


def _whole(path: Path | None, problems: Sequence[VerifyProblem]) -> int | None:
    """How many files of a zip or a folder have no problem."""
    if path is None:
        return None
    try:
        if path.is_dir():
            names = [str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()]
        else:
            with zipfile.ZipFile(path) as archive:
                names = [item.filename for item in archive.infolist() if not item.is_dir()]
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    wrong = {problem.path for problem in problems}
    return sum(not any(name == one or name.endswith(f"/{one}") for one in wrong) for name in names)


def in_groups(digest: str, group: int = 4) -> str:
    """A digest in groups of letters, so that it can be read aloud."""
    return " ".join(digest[at : at + group] for at in range(0, len(digest), group))
