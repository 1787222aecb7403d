"""Which calibration a run uses: the shipped one, one from a file, or one that an earlier finding was made with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from workbench.app import catalogue as known
from workbench.core.errors import UsageError
from workbench.core.model import Finding
from workbench.core.params import resolve
from workbench.core.resources import resource
from workbench.core.statistics.fitted_calibration import (
    RESOURCE,
    SHIPPED,
    Calibration,
    parsed,
    read_calibration,
    used_in,
)

_DIGEST = re.compile(r"[0-9a-f]{64}")


def shipped() -> Calibration:
    """The calibration that comes with the workbench; raises WorkbenchError where it is missing."""
    return read_calibration(resource("calibration.json"))


def settled(
    key: str, given: Mapping[str, Any], findings: Callable[[], Iterable[Finding]]
) -> tuple[dict[str, Any], Calibration | None]:
    """The parameters of a run with its calibration by SHA-256, and that calibration; None where it uses none.

    It is given as `shipped`, as a file, or by its SHA-256, which a finding of the case may know.
    Raises UsageError or BadInputError.
    """
    values: dict[str, Any] = dict(resolve(known.analysis(key), given))
    if RESOURCE not in values:
        return dict(given), None
    calibration = _of(str(values[RESOURCE]), findings)
    return {**given, RESOURCE: calibration.sha256}, calibration


def sealed(given: str) -> str:
    """The SHA-256 of the calibration that a plan names: as it is now, whatever comes with a later version."""
    if given == SHIPPED:
        return shipped().sha256
    return given if _DIGEST.fullmatch(given) else read_calibration(Path(given)).sha256


def _of(given: str, findings: Callable[[], Iterable[Finding]]) -> Calibration:
    if given == SHIPPED:
        return shipped()
    if not _DIGEST.fullmatch(given):
        return read_calibration(Path(given))
    coming = shipped()
    if coming.sha256 == given:
        return coming
    found = _used_before(given, findings())
    if found is None:
        raise UsageError(
            f"No calibration with the SHA-256 {given} is at hand.", hint="--calibration FILE names the file itself."
        )
    return found


def _used_before(digest: str, findings: Iterable[Finding]) -> Calibration | None:
    for finding in findings:
        if finding.resources.get(RESOURCE) == digest:
            used = used_in(finding)
            return None if used is None else parsed(orjson.loads(used[1]))
    return None
