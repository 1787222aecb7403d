"""The main job as the documents have it, run as it is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text("utf-8")
LINK = re.compile(r"\]\(([^)h#][^)]*)\)")


def commands(document: str = COMMANDS) -> list[str]:
    return [line for block in re.findall(r"```sh\n(.*?)```", document, re.DOTALL) for line in block.splitlines()]


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
    job = "new import corpora plan plan run run findings show exhibits export verify verify"
    assert [command.split()[1] for command in commands()] == job.split()


def test_the_five_commands_of_the_readme_are_among_them() -> None:
    short = commands(README)
    assert len(short) == 5
    assert [command for command in commands() if command in short] == short


def test_the_readme_is_read_in_three_minutes() -> None:
    assert len(README.split()) < 600
    assert len(re.findall(r"!\[[^\]]{30,}\]\(resources/screenshots/[a-z-]+\.png\)", README)) == 3


@pytest.mark.parametrize("path", sorted(set(LINK.findall(README))))
def test_every_file_that_it_points_to_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("path", sorted(set(LINK.findall(COMMANDS))))
def test_every_file_that_the_commands_point_to_is_there(path: str) -> None:
    file, _, heading = path.partition("#")
    text = (ROOT / "docs" / file).read_text("utf-8")
    named = {re.sub(r"[^a-z0-9 -]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in _headings(text)}
    assert not heading or heading in named


def _headings(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("#")]
