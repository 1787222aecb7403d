"""Files in the folder that one works in are never run and never believed, whatever their names are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.app_corpora import write_panel

ROOT = Path(__file__).resolve().parents[2]

_PROGRAM = """
import json, sys
from importlib import import_module
sys.path.append(sys.argv[1])
from workbench.__main__ import main
if __name__ == "__main__":
    calls = json.loads(sys.argv[2])
    sys.argv[1:] = calls[0]
    main()
    # Files and corpora of any size are worked by other processes.
    for module, name in (
        ("workbench.app.importing.reader_processes", "LARGE"), ("workbench.app.similarity_cache", "_SMALL"),
        ("workbench.app.examination.run", "_SMALL"), ("workbench.app.examination.run", "_LITTLE"),
    ):
        assert hasattr(import_module(module), name)
        setattr(import_module(module), name, -1)
    for words in calls[1:]:
        sys.argv[1:] = words
        if code := main():
            sys.exit(f"{words} ended with {code}")
    print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""

_HOSTILE = "open({marker!r}, 'a').write(__name__ + ' ')\nraise SystemExit('ran ' + __name__)\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders for a program that starts as the installed command does, for its cases, and for hostile files."""
    place = tmp_path_factory.mktemp("place")
    for name in ("bin", "cases", "hostile", "cache"):
        (place / name).mkdir()
    (place / "bin" / "program.py").write_text(_PROGRAM, encoding="utf-8")
    write_panel(place / "panel", models=8, prompts=32)
    lines = ({"id": n, "p": f"Why {n}?", "r": f"Because of {n}, as one says in the village."} for n in range(40))
    (place / "lines.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return place


def call(place: Path, *start: str) -> tuple[int, str]:
    """Start Python in the hostile folder: its code, and all that it says."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, *start],
        cwd=place / "hostile",
        env=clean | {"XDG_CACHE_HOME": str(place / "cache"), "MPLCONFIGDIR": str(place / "mpl")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def program(place: Path, *calls: Sequence[str]) -> str:
    """Start the program once and have it called several times; returns its last line, with all that was loaded."""
    code, said = call(place, str(place / "bin" / "program.py"), str(ROOT), json.dumps(calls))
    assert code == 0, said[-3000:]
    return said.splitlines()[-1]


def names() -> list[str]:
    """Every name that can be imported, or is looked for by Python when it starts."""
    installed = [*sys.stdlib_module_names, *packages_distributions(), "sitecustomize", "usercustomize", "workbench"]
    return sorted({name for name in installed if name.isidentifier() and not name.startswith("__")})


@pytest.mark.skipif(sys.platform == "win32", reason="the processes are those of POSIX")
def test_modules_in_the_folder_that_one_works_in_never_run(place: Path) -> None:
    for name in names():
        text = _HOSTILE.format(marker=str(place / "marker"))
        (place / "hostile" / f"{name}.py").write_text(text, encoding="utf-8")
    (place / "hostile" / "matplotlibrc").write_bytes(b"axes.facecolor: \xff red\n")
    # Everything is named as a user does who works in that folder.
    loaded = program(
        place,
        ["new", "../cases/a"],
        ["import", "../cases/a.case", "../panel/panel.json", "--suspect", "student", "--protected", "teachers"],
        ["import", "../cases/a.case", "../lines.jsonl", "--map", "prompt=p", "--map", "response=r", "--model", "other"],
        ["examine", "../cases/a.case"],
        ["run", "../cases/a.case", "closest_source"],
        ["show", "../cases/a.case", "1", "--figure", "../cases/one.png"],
        ["export", "../cases/a.case", "../cases/a.zip"],
        ["verify", "../cases/a.zip"],
    )
    assert not (place / "marker").exists(), (place / "marker").read_text("utf-8")
    assert {"signal", "joblib", "numpy", "sqlite_utils", "matplotlib", "random"} <= set(loaded.split()) & set(names())
    public = {name for name in loaded.split() if name.isidentifier() and not name.startswith("_")}
    assert public - {"cython_runtime"} <= set(names())
    made = {path.name for path in (place / "hostile").iterdir()}
    assert made == {"matplotlibrc", *(f"{name}.py" for name in names())}
    for entry in (place / "hostile").iterdir():
        entry.unlink()
    program(place, ["show", "../cases/a.case", "1", "--figure", "../cases/two.png"])
    assert (place / "cases" / "one.png").read_bytes() == (place / "cases" / "two.png").read_bytes()


def test_a_checkout_that_is_started_as_a_module_looks_nowhere_else(place: Path) -> None:
    """Python itself looks for `importlib` in the folder before any program begins; from then on nothing else does."""
    (place / "hostile").mkdir(exist_ok=True)
    for name in ("signal", "argparse", "pathlib", "json", "__future__", "functools"):
        text = _HOSTILE.format(marker=str(place / "other"))
        (place / "hostile" / f"{name}.py").write_text(text, encoding="utf-8")
    (place / "hostile" / "importlib.py").unlink(missing_ok=True)
    (place / "hostile" / "workbench.py").unlink(missing_ok=True)
    start = ("-c", f"import sys; sys.path.append({str(ROOT)!r}); from workbench.__main__ import main; sys.exit(main())")
    assert call(place, *start, "--version") == (0, "workbench 0.1.0\n")
    assert not (place / "other").exists()
