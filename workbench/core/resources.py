"""Where the shipped resources lie: beside the tree, inside the wheel, or inside a frozen program."""

from __future__ import annotations

import sys
from pathlib import Path

from workbench.core.errors import WorkbenchError


def resource(name: str) -> Path:
    """The path of a shipped resource (`sample_case/panel.json`, say).

    Raises WorkbenchError when the installation is incomplete.
    """
    package = Path(__file__).resolve().parent.parent
    frozen = Path(getattr(sys, "_MEIPASS", package)) / "resources"
    for root in (package / "_resources", package.parent / "resources", frozen):
        path = root / name
        if path.exists():
            return path
    raise WorkbenchError(
        f"The resource “{name}” is missing from this installation.", hint="Install the workbench again."
    )
