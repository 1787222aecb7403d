"""The verbs of the set-up: demo, desktop, test, bundle, install, pins, audit."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from desktop_entry import remove_entry, write_entry
from environment import Environment, make_venv, source_of
from other_program import INSPECT, OtherProgram
from pins import FOLDER, audit, copy_lists, install_pinned, renew
from pip_runs import run_pip
from system import has_apt, install_packages, is_root, prepare_for_tests, require_space, require_writable
from words import SetupError, say

ROOT = Path(__file__).resolve().parent.parent
NAME = "distillation-workbench"
BUNDLE = "bundle.json"
BENCHMARKS = f"--ignore={ROOT / 'tests' / 'benchmarks'}"
CHECKS = (
    ("mypy", "mypy"),
    ("import-linter", "lint-imports"),
    ("ruff", "ruff", "check", "."),
    ("ruff format", "ruff", "format", "--check", "."),
    # Compiles the test files once: else each of the processes that run the tests would, at the same time.
    ("the tests can be read", "pytest", "--collect-only", "-qq", BENCHMARKS),
)
"""What is run before the tests, two at a time: a name, and the command with its arguments; the longest first."""


def run(arguments: Sequence[str]) -> int:
    """Do one verb and return its exit code; 1 with words where the user can act, 130 when interrupted."""
    options, rest = _parser().parse_known_args(arguments)
    if rest and options.verb != "test":
        _parser().error(f"unrecognised: {' '.join(rest)}")
    # A polite kill is an interruption like any other: the running pip must not outlive us.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code: int = options.do(options, rest)
    except SetupError as trouble:
        sys.stderr.write(f"\n{trouble}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. Run the same command again: what was half made is made again.\n")
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bootstrap.py", description="Set up the Distillation Workbench.")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    demo_parser = verbs.add_parser("demo", help="install, and run the main job on the sample case")
    demo_parser.add_argument("folder", metavar="DIR", nargs="?", type=Path, default=Path("workbench-demo"))
    demo_parser.set_defaults(do=demo)
    desktop_parser = verbs.add_parser("desktop", help="install with the window, and put it into your menu")
    desktop_parser.add_argument("--remove", action="store_true", help="take it out of your menu again")
    desktop_parser.set_defaults(do=desktop)
    test_parser = verbs.add_parser("test", help="install with what the tests need, and run them")
    kind = test_parser.add_mutually_exclusive_group()
    kind.add_argument("--slow", action="store_true", help="also kill loops, fuzzing and whole journeys")
    kind.add_argument("--bench", action="store_true", help="the benchmarks instead of the tests")
    test_parser.set_defaults(do=test)
    bundle_parser = verbs.add_parser("bundle", help="fetch everything for a machine without a network")
    bundle_parser.add_argument("folder", metavar="DIR", type=Path)
    bundle_parser.set_defaults(do=bundle)
    pins_parser = verbs.add_parser("pins", help="pin the newest packages that pyproject.toml allows, by their hashes")
    pins_parser.set_defaults(do=pins)
    audit_parser = verbs.add_parser("audit", help="look for published weaknesses of the pinned packages")
    audit_parser.set_defaults(do=audited)
    for parser_of in (demo_parser, test_parser, bundle_parser):
        parser_of.add_argument("--unpinned", action="store_true", help="take the newest packages, without hashes")
    install_parser = verbs.add_parser("install", help="install from such a folder, without a network")
    install_parser.add_argument("--from", dest="folder", metavar="DIR", type=Path, required=True)
    install_parser.set_defaults(do=install)
    return parser


def demo(options: argparse.Namespace, _: Sequence[str]) -> int:
    """Install without the window, and run the main job on the sample case."""
    environment = _ready((), options.unpinned)
    folder = options.folder.resolve()
    say(f"Running the main job on the sample case, in {folder}")
    code = _call([environment.tool("workbench"), "demo", str(folder)], Path(__file__).resolve().parent)
    if code == 0:
        say("Unpack the pack and open START_HERE.html. The window comes with:")
        say("  python3 installer/bootstrap.py desktop")
    return code


def desktop(options: argparse.Namespace, _: Sequence[str]) -> int:
    """Install with the window, see whether the system has what it needs, and put it into the user's menu."""
    if options.remove:
        gone = remove_entry()
        say("\n".join([f"{path} is removed." for path in gone] or ["There is no entry of the workbench in your menu."]))
        return 0
    environment = _ready(("desktop",))
    command = Path(environment.tool("workbench"))
    if sys.platform.startswith("linux"):
        lacking = _lacking(environment)
        for path in write_entry(command, ROOT / "resources" / "icons" / "workbench.svg"):
            say(f"{path} is written.")
        if lacking:
            raise SetupError("The window needs libraries that this system lacks:", *lacking, "Then it starts.")
        say("It is in your menu as “Distillation Workbench”; `bootstrap.py desktop --remove` takes it out again.")
    say("The window starts with:")
    say(f"  '{command}'")
    return 0


def _lacking(environment: Environment) -> list[str]:
    """The libraries of the system that the window lacks, and what brings them; installed at once where that is allowed.

    The installed workbench knows them: it asks the same before each start.
    """
    lacking = _asked_libraries(environment)
    if lacking["debian"] and has_apt() and is_root():
        install_packages(lacking["debian"])
        lacking = _asked_libraries(environment)
    return [", ".join(lacking["names"]), *lacking["words"]] if lacking["names"] else []


_ASK = """
import json
from workbench.gui.system_libraries import BASE, X11, missing, packages_in_words
found = missing((*BASE, *X11))
words = packages_in_words(found).splitlines() if found else []
print(json.dumps({"names": [one.name for one in found], "debian": [one.debian for one in found],
                  "words": [line.strip() for line in words]}))
"""


def _asked_libraries(environment: Environment) -> dict[str, list[str]]:
    done = subprocess.run(
        [str(environment.python), "-P", "-c", _ASK],
        cwd=Path(__file__).resolve().parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SetupError(
            "The installed workbench can't be asked what it needs:", *done.stderr.strip().splitlines()[-3:]
        )
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test(options: argparse.Namespace, rest: Sequence[str]) -> int:
    """Install with what the tests need, run the checks, then the tests; any failure counts."""
    prepare_for_tests()
    environment = _ready(("desktop", "test"), options.unpinned)
    if options.bench:
        return _bench(environment, rest)
    inspect = OtherProgram(environment.folder / "inspect", INSPECT, _pip(environment))
    inspect.begin()
    try:
        with ThreadPoolExecutor(2) as beside:
            passed = beside.map(lambda check: _check(environment, check[0], check[1:]), CHECKS)
            failed = [name for (name, *_), well in zip(CHECKS, passed, strict=True) if not well]
        inspect.end()
    finally:
        inspect.stop()
    say("== pytest")
    # Named tests run in this process, so that a debugger can reach them; a file's tests share what they made.
    # Much of their time they wait for the disk, so two more work than there are cores.
    how = [] if rest else ["-n", str((os.cpu_count() or 1) + 2), "--dist", "loadfile"]
    code = _call([environment.tool("pytest"), BENCHMARKS, *how, *(["--slow"] if options.slow else []), *rest], ROOT)
    if failed:
        say(f"FAILED beside the tests: {', '.join(failed)}")
    return code or int(bool(failed))


def bundle(options: argparse.Namespace, _: Sequence[str]) -> int:
    """Fetch the wheels of everything, and the project's own, into a folder."""
    folder: Path = options.folder.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(f"{folder} can't be made: {error.strerror}.", "Name another folder.") from error
    require_writable(folder)
    require_space(folder, 500)
    with tempfile.TemporaryDirectory() as made:
        temporary = Environment(Path(made))
        make_venv(temporary.folder, temporary.python)
        say(f"Fetching wheels into {folder}")
        _fetch(_pip(temporary), folder, options.unpinned)
    facts = {"python": _python(), "machine": _machine(), "source": _source()}
    (folder / BUNDLE).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    tools = folder / "installer"
    tools.mkdir(exist_ok=True)
    for file in sorted(Path(__file__).parent.glob("*.py")):
        shutil.copyfile(file, tools / file.name)
    copy_lists(tools)
    size = sum(f.stat().st_size for f in folder.glob("*.whl")) // 1_000_000
    say(f"{len(list(folder.glob('*.whl')))} wheels, {size} MB. Copy the folder to the other machine and run there:")
    say("  python3 FOLDER/installer/bootstrap.py install --from FOLDER")
    say(f"It fits {facts['machine']} with Python {facts['python']}.")
    return 0


def _fetch(pip: Sequence[str], folder: Path, unpinned: bool) -> None:
    wheel = ["wheel", "--wheel-dir", str(folder)]
    if unpinned or not (install_pinned(pip, ("desktop",), wheel) and install_pinned(pip, ("desktop",))):
        # The checkout's own name may hold letters that a requirement can't; pip takes a folder as it is.
        run_pip(pip, [*wheel, f"{ROOT}[desktop]"])
    else:
        run_pip(pip, [*wheel, "--no-deps", "--no-build-isolation", str(ROOT)])


def pins(_: argparse.Namespace, __: Sequence[str]) -> int:
    """Make the lists of pinned packages again."""
    renew()
    say(f"Made the lists in {FOLDER}. Run the tests before you commit them.")
    return 0


def audited(_: argparse.Namespace, __: Sequence[str]) -> int:
    """Look for published weaknesses of the pinned packages."""
    return audit()


def install(options: argparse.Namespace, _: Sequence[str]) -> int:
    """Install the project with its window from a bundle, without a network."""
    folder: Path = options.folder.resolve()
    facts = _bundle_facts(folder)
    environment = Environment(ROOT)

    def from_wheels(_: Sequence[str]) -> None:
        say(f"Installing from {folder}")
        arguments = ["install", "--no-index", "--find-links", str(folder), "--force-reinstall", f"{NAME}[desktop]"]
        run_pip(_pip(environment), arguments, offline=True)

    environment.prepare(facts["source"], ("desktop",), from_wheels)
    say("Installed. The window, and the main job on the sample case:")
    say(f"  '{environment.tool('workbench')}'")
    say(f"  '{environment.tool('workbench')}' demo")
    return 0


def _bundle_facts(folder: Path) -> dict[str, str]:
    try:
        facts: dict[str, str] = json.loads((folder / BUNDLE).read_text(encoding="utf-8"))
        python, machine = facts["python"], facts["machine"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(
            f"{folder} is no bundle: it has no readable {BUNDLE}.",
            "Make one on a machine with a network: python3 installer/bootstrap.py bundle DIR",
        ) from error
    if (python, machine) != (_python(), _machine()):
        raise SetupError(
            f"This bundle is for {machine} with Python {python}; here is {_machine()} with Python {_python()}.",
            f"Run this with python{python}, or make a bundle on a machine like this one.",
        )
    return facts


def _python() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}"


def _source() -> str:
    return source_of(ROOT / "pyproject.toml", *sorted(FOLDER.glob("*.txt")))


def _pip(environment: Environment) -> list[str]:
    return [str(environment.python), "-P", "-m", "pip"]


def _ready(extras: Sequence[str], unpinned: bool = False) -> Environment:
    """The environment with the project installed from this checkout, editable."""
    environment = Environment(ROOT)

    def from_checkout(wanted: Sequence[str]) -> None:
        say("Installing the workbench (the first time this takes some minutes)")
        target = f"{ROOT}[{','.join(wanted)}]" if wanted else str(ROOT)
        pinned = not unpinned and install_pinned(_pip(environment), wanted)
        # What it needs is there with the bytes that were pinned, what it is built with too: nothing is fetched again.
        apart = ["--no-deps", "--no-build-isolation"] if pinned else []
        run_pip(_pip(environment), ["install", *apart, "--editable", target])

    environment.prepare(_source(), extras, from_checkout)
    return environment


def _check(environment: Environment, name: str, command: Sequence[str]) -> bool:
    """Whether a check passes; what it says is shown as one piece, all of it where it fails."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        code = _call([environment.tool(command[0]), *command[1:]], ROOT, said)
        said.seek(0)
        lines = said.read().strip().splitlines()
    say("\n".join([f"== {name}", *(lines if code else lines[-1:])]))
    return code == 0


def _bench(environment: Environment, rest: Sequence[str]) -> int:
    """Each benchmark is a program that prints its figures and fails when it misses its bound."""
    code = 0
    for file in sorted((ROOT / "tests" / "benchmarks").glob("[a-z]*.py")):
        say(f"== {file.stem}")
        code = _call([str(environment.python), str(file), *rest], ROOT) or code
    return code


def _call(command: Sequence[str], folder: Path | None = None, said: IO[str] | None = None) -> int:
    """The exit code of a command; what it says goes to `said`, or to the terminal."""
    # The tests start some hundred programs, which would each compile all modules if none were kept.
    apart = ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    env = {k: v for k, v in os.environ.items() if k not in apart}
    # Children that tests start by name (workbench, python) shall be this environment's.
    env["PATH"] = str(Path(command[0]).parent) + os.pathsep + env.get("PATH", "")
    return subprocess.run(
        command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False
    ).returncode
