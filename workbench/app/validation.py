"""The verbs `validate` and `calibrate`: what the method is worth on panels of known truth."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.calibrations import shipped
from workbench.app.truth_panels import material_of
from workbench.core.errors import CaseError, RefusedError, UsageError
from workbench.core.files import put
from workbench.core.model import Json
from workbench.core.progress import Progress, part, silent
from workbench.core.statistics.fitted_calibration import Calibration, read_calibration
from workbench.core.statistics.validation_result import FILE, LOO, LOPO, SHIPPED, ValidationResult

if TYPE_CHECKING:
    from workbench.analyses.scoring.panel_cases import TruthPanel
    from workbench.core.surroundings import Conditions


@dataclass(frozen=True, slots=True)
class Study:
    """A validation: its result, and the calibration as a file where one was used."""

    result: ValidationResult
    files: tuple[str, ...] = ()


def validate(
    paths: Sequence[Path],
    calibration: str,
    conditions: Conditions,
    progress: Progress = silent,
    *,
    out: Path | None = None,
    cache: Path | None = None,
    workers: int | None = None,
) -> Study:
    """Score a panel of known truth by the protocol, or several with `lopo`; with `out`, write the report there.

    `calibration` is `shipped`, `loo` (fitted on the panel's other groups), `lopo` (each of several panels fitted on
    the others) or the path of a file. Raises UsageError, BadInputError, RefusedError, CaseError or Cancelled.
    """
    from workbench.analyses.scoring.held_out_panels import leaving_groups_out, leaving_panels_out, with_calibration

    if len(paths) > 1 and calibration != LOPO:
        raise UsageError("Several panels are scored together with `--calibration lopo` alone.")
    if out is not None:
        _refuse_full(out)
    stored = None if calibration in (LOO, LOPO) else _named(calibration)
    materials = _materials(paths, conditions, cache, workers, part(progress, 0.0, 0.6))
    rest, makers = part(progress, 0.6, 0.95), out is not None
    if calibration == LOPO:
        result = leaving_panels_out(materials, rest, makers=makers)
    elif stored is None:
        result = leaving_groups_out(materials[0], rest, makers=makers)
    else:
        result = with_calibration(materials[0], stored, SHIPPED if calibration == SHIPPED else FILE, rest)
    result = replace(result, date=conditions.now(), examiner=conditions.examiner or conditions.account)
    return Study(result, _write(result, out) if out is not None else ())


def calibrate(
    paths: Sequence[Path],
    out: Path,
    conditions: Conditions,
    progress: Progress = silent,
    *,
    cache: Path | None = None,
    workers: int | None = None,
    sketches: Path | None = None,
) -> Calibration:
    """Fit a calibration on one panel or several and write it to `out`; the same panels give the same numbers.

    With `sketches`, sketches of the panels' answers are written there, by which an overlap with a case is seen.
    """
    from workbench.analyses.scoring.held_out_panels import calibrated
    from workbench.analyses.scoring.overlap import packed

    for file in filter(None, (out, sketches)):
        if file.exists():
            raise UsageError(f"{file} exists.", hint="Name another file: a calibration is never overwritten.")
    materials = _materials(paths, conditions, cache, workers, part(progress, 0.0, 0.5))
    made = calibrated(materials, conditions.now()[:10], part(progress, 0.5, 0.95))
    _put(out, made.bytes())
    if sketches is not None:
        _put(sketches, packed({material.sha256: material.sketches for material in materials}))
    progress(1.0, "done")
    return made


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that a calibration says otherwise than its panels give, printed."""

    what: str
    said: str
    given: str

    def as_json(self) -> dict[str, str]:
        """The difference as plain JSON."""
        return {"what": self.what, "said": self.said, "given": self.given}


_ALIKE = 1e-6
"""Relative: fits on two machines differ by rounding."""

_SHOWN = 60
"""Characters of a value that are shown."""


def differences(
    paths: Sequence[Path],
    file: Path,
    conditions: Conditions,
    progress: Progress = silent,
    *,
    cache: Path | None = None,
    workers: int | None = None,
) -> list[Difference]:
    """What a calibration says otherwise than a fit on its panels gives; nothing where it is theirs.

    The day on which it was made is not compared. Raises UsageError, BadInputError, RefusedError or Cancelled.
    """
    from workbench.analyses.scoring.held_out_panels import calibrated

    stated = read_calibration(file)
    materials = _materials(paths, conditions, cache, workers, part(progress, 0.0, 0.5))
    made = calibrated(materials, stated.made, part(progress, 0.5, 1.0))
    return list(_apart("", stated.as_json(), made.as_json()))


def _apart(what: str, said: Json, given: Json) -> Iterator[Difference]:
    if isinstance(said, dict) and isinstance(given, dict):
        for key in sorted(said.keys() | given.keys()):
            yield from _apart(f"{what}.{key}".lstrip("."), said.get(key), given.get(key))
    elif isinstance(said, list | tuple) and isinstance(given, list | tuple) and len(said) == len(given):
        for at, (one, other) in enumerate(zip(said, given, strict=True)):
            yield from _apart(f"{what}[{at}]", one, other)
    elif isinstance(said, float | int) and isinstance(given, float | int):
        if not math.isclose(said, given, rel_tol=_ALIKE, abs_tol=_ALIKE):
            yield Difference(what, f"{said:g}", f"{given:g}")
    elif said != given:
        yield Difference(what, str(said)[:_SHOWN], str(given)[:_SHOWN])


def _materials(
    paths: Sequence[Path], conditions: Conditions, cache: Path | None, workers: int | None, progress: Progress
) -> list[TruthPanel]:
    """The panels with their similarities; raises UsageError where one is given twice."""
    cores = workers or min(8, os.cpu_count() or 1)
    materials = []
    for number, path in enumerate(paths):
        step = part(progress, number / len(paths), (number + 1) / len(paths))
        materials.append(material_of(path, conditions, _cache(cache), cores, step))
    if len({material.sha256 for material in materials}) < len(materials):
        raise UsageError("Two of the panels are the same.", hint="Each panel once: twice the same is no more truth.")
    return materials


def _named(calibration: str) -> Calibration:
    from workbench.analyses.scoring.partial_correlation import VERSION

    found = shipped() if calibration == SHIPPED else read_calibration(Path(calibration))
    if found.score_version != VERSION:
        raise RefusedError(
            f"The calibration is for version {found.score_version} of the score; this workbench computes {VERSION}.",
            hint="`workbench calibrate PANEL.json --out FILE` makes one for this version.",
        )
    return found


def _cache(given: Path | None) -> Path:
    from workbench.app.similarity_cache import default_cache

    return given or default_cache()


def _refuse_full(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is not an empty folder.", hint="Name a new folder for the report.")


def _write(result: ValidationResult, out: Path) -> tuple[str, ...]:
    from workbench.evidence.validation.report import files_of

    files = files_of(result)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (out / name).write_bytes(data)
    except OSError as error:
        raise CaseError(f"The report can't be written to {out}: {error.strerror}.") from error
    return tuple(files)


def _put(out: Path, data: bytes) -> None:
    try:
        put(out, data)
    except OSError as error:
        raise CaseError(f"{out} can't be written: {error.strerror}.") from error
