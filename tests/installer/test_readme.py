"""The README's main job, run as it is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def commands() -> list[str]:
    return [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]


def test_the_main_job_as_written(tmp_path: Path) -> None:
    (tmp_path / "resources").symlink_to(ROOT / "resources")
    own = str(Path(sys.executable).parent)
    environment = {
        **os.environ,
        "PATH": own + os.pathsep + os.environ["PATH"],
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }
    told = ""
    for command in commands():
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        told += done.stdout
    assert (tmp_path / "matter-pack.zip").stat().st_size > 100_000
    assert (tmp_path / "matter-chart.svg").read_text("utf-8").lstrip().startswith("<?xml")
    assert "marlin-chat" in told


def test_the_main_job_is_all_there() -> None:
    assert [command.split()[1] for command in commands()] == (
        ["new", "import", "corpora", "plan", "plan", "run", "run", "findings", "show", "export", "verify", "verify"]
    )


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)h#][^)]*)\)", README))))
def test_every_file_that_it_points_to_is_there(path: str) -> None:
    assert (ROOT / path).exists()
