"""The wheel holds the resources, and does the demonstration where no checkout is near."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--wheel-dir", str(folder), str(ROOT)], check=True, capture_output=True, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_every_resource_is_in_the_wheel(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    here = [f.relative_to(ROOT / "resources").as_posix() for f in (ROOT / "resources").rglob("*") if f.is_file()]
    assert len(here) > 30
    assert not [name for name in here if f"workbench/_resources/{name}" not in held]
    assert not [name for name in held if "__pycache__" in name or name.startswith(("tests/", "installer/"))]


@pytest.mark.slow
def test_installed_elsewhere_it_runs_the_demonstration(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "Zweite Umgebung"
    venv.create(place, with_pip=False)
    python = place / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-index", "--no-deps"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True, cwd=tmp_path)
    packages = next(place.glob("lib/python3*/site-packages"))
    # The dependencies of this environment; a path line does not bring its own checkout along.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment |= {"XDG_CACHE_HOME": str(tmp_path / "cache"), "XDG_STATE_HOME": str(tmp_path / "state")}
    where = "import workbench; print(workbench.__file__)"
    shown = subprocess.run([python, "-I", "-c", where], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert shown.stdout.startswith(str(place))
    done = subprocess.run(
        [place / "bin" / "workbench", "demo", "Fall ß"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "verified" in done.stdout
    assert list((tmp_path / "Fall ß").glob("*.zip"))
