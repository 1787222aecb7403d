"""The main job on the synthetic sample case, end to end: import, run, export, verify."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from workbench.app.requests import RunRequest
from workbench.app.session import Session
from workbench.app.verify import verify_path
from workbench.core.errors import CaseError
from workbench.core.progress import Progress, part, silent
from workbench.core.resources import resource
from workbench.core.surroundings import Conditions


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demonstration made: the case, its pack, whether it verifies, the finding in one sentence."""

    case: Path
    pack: Path
    verified: bool
    finding: str


def run_demo(folder: Path, conditions: Conditions, progress: Progress = silent) -> Demo:
    """Do the main job in a folder; an earlier demonstration there is left alone. Raises CaseError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CaseError(f"{folder} can't be made: {error.strerror}.", hint="Name another folder.") from error
    case = next(path for n in count(1) if not (path := folder / _name(n)).exists())
    pack = case.with_name(case.stem + "-pack.zip")
    sample = json.loads(resource("sample_case/case.json").read_text("utf-8"))
    with Session.create(case, title=sample["title"], conditions=conditions) as session:
        panel = resource("sample_case/panel.json")
        session.import_panel(panel, sample["suspect"], sample["protected"], part(progress, 0, 0.2))
        session.run("fitness", RunRequest(), part(progress, 0.2, 0.3))
        stored = session.run("closest_source", RunRequest(), part(progress, 0.3, 0.7))
        session.export(pack, progress=part(progress, 0.7, 0.9))
    report = verify_path(pack, None, conditions, part(progress, 0.9, 1.0))
    return Demo(case, pack, report.ok, stored.narrative.headline)


def _name(number: int) -> str:
    return "sample.case" if number == 1 else f"sample-{number}.case"
