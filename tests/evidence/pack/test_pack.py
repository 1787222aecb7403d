"""The pack: its members, the same bytes twice, written whole or not at all, and what never gets into it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.conftest import build
from workbench.core.errors import Cancelled, CaseError, VerificationError
from workbench.core.hashing import canonical, sha256, sha256_file
from workbench.core.progress import silent
from workbench.evidence.check.check import verify_pack
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.names import top_folder
from workbench.evidence.pack.zip_writer import ZipWriter, worth_packing

TOP = "CASE-2026-014_pack-03/"
Made = Callable[..., PackContents]


def members(path: Path) -> dict[str, bytes]:
    """Each member's bytes by its path below the top folder."""
    with zipfile.ZipFile(path) as archive:
        return {name.removeprefix(TOP): archive.read(name) for name in archive.namelist()}


def rows(data: bytes) -> list[dict[str, str]]:
    """A CSV file's rows by column name."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_it_holds_what_the_design_lists(pack: Path) -> None:
    found = members(pack)
    for path in (
        "START_HERE.html",
        "HOW_TO_CHECK.txt",
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "SEAL_STATUS.txt",
        "data/01_report/report.pdf",
        "data/01_report/report.html",
        *(f"data/03_charts/F001_closest_source.{kind}" for kind in ("svg", "png", "csv", "txt")),
        "data/04_data/normalised/corpus-0001.jsonl",
        "data/04_data/import_log.csv",
        "data/04_data/rejected.csv",
        "data/04_data/duplicates.csv",
        "data/04_data/names.csv",
        "data/05_analysis/runs.csv",
        "data/05_analysis/results.json",
        "data/05_analysis/environment.json",
        "data/05_analysis/method.md",
        "data/05_analysis/replay.md",
        "data/05_analysis/tables/F001_01_models.csv",
        "data/06_custody/audit_log.jsonl",
        "data/06_custody/audit_head.txt",
        "data/06_custody/custody.csv",
    ):
        assert found[path], path


def test_the_same_contents_give_the_same_bytes(pack: Path, made_up: Made, tmp_path: Path) -> None:
    again = tmp_path / "another name.zip"
    assert build(made_up(tmp_path), again).sha256 == sha256_file(pack)
    assert again.read_bytes() == pack.read_bytes()


def test_another_process_with_other_settings_gives_the_same_bytes(pack: Path, tmp_path: Path) -> None:
    program = (
        "import os, sys, time, importlib.util, pathlib\n"
        "spec = importlib.util.spec_from_file_location('made', sys.argv[1])\n"
        "made = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(made)\n"
        "import matplotlib as mpl\n"
        "mpl.rcParams['font.size'] = 20\n"
        "folder = pathlib.Path(sys.argv[2])\n"
        "print(made.build(made.made_up_contents(folder), folder / 'pack.zip').sha256)\n"
    )
    settings = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parents[1].joinpath("conftest.py")), str(tmp_path)],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == sha256_file(pack)


def test_names_suit_every_operating_system(pack: Path, made_up: Made, tmp_path: Path) -> None:
    hostile = made_up(tmp_path, suspect="../../CON", models=("a/b:c", "A/B:C", "x" * 300, "模型", "=cmd|'/c calc'!A1"))
    build(hostile, tmp_path / "hostile.zip")
    for path in (pack, tmp_path / "hostile.zip"):
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
        names = [info.filename for info in infos]
        assert names == sorted(names)
        assert len({name.casefold() for name in names}) == len(names)
        assert all(re.fullmatch(r"[A-Za-z0-9._/-]{1,100}", name) for name in names)
        assert {info.date_time for info in infos} == {(2026, 3, 1, 12, 0, 6)}
        assert {info.external_attr >> 16 for info in infos} == {0o100644}
    assert verify_pack(tmp_path / "hostile.zip") == []


def test_model_names_are_mapped_and_no_cell_is_a_formula(made_up: Made, tmp_path: Path) -> None:
    build(made_up(tmp_path, models=("=cmd|'/c calc'!A1", "org/model")), tmp_path / "pack.zip")
    found = members(tmp_path / "pack.zip")
    names = {row["file"]: row["name"] for row in rows(found["data/04_data/names.csv"])}
    assert names["data/04_data/normalised/corpus-0004.jsonl"] == "org/model"
    assert names["data/04_data/normalised/corpus-0003.jsonl"] == "'=cmd|'/c calc'!A1"
    table = rows(found["data/05_analysis/tables/F001_01_models.csv"])
    assert [row["shift"] for row in table] == ["0", "-0.5", "-1"], "a negative number is no formula"
    assert rows(found["data/04_data/rejected.csv"])[1]["reason"] == "'=HYPERLINK()"
    doubles = rows(found["data/04_data/duplicates.csv"])
    assert [(row["import"], row["offset"], row["member"], row["twin"]) for row in doubles] == [
        ("1", "80", "'=x", "1")
    ] * 10
    cells = [c for path, data in found.items() if path.endswith(".csv") for row in rows(data) for c in row.values()]
    for value in cells:
        assert not value.startswith(("=", "+", "@", "\t", "\r")), value
        assert not value.startswith("-") or float(value) <= 0


def test_normalised_answers_carry_their_lineage(pack: Path) -> None:
    lines = members(pack)["data/04_data/normalised/corpus-0001.jsonl"].splitlines()
    assert [json.loads(line)["index"] for line in lines] == [0, 1, 2]
    assert {"prompt", "response", "sha256"} <= json.loads(lines[0]).keys()


def test_results_name_their_tables_by_digest(pack: Path) -> None:
    found = members(pack)
    result = json.loads(found["data/05_analysis/results.json"])["findings"][0]
    digest = result["finding"]["tables"]["models"]["sha256"]
    assert sha256(found[result["tables"]["models"] + ".json"]) == digest
    assert sha256(canonical(result["finding"])) == result["sha256"]


def test_withdrawn_runs_are_listed_everywhere(pack: Path) -> None:
    found = members(pack)
    runs = rows(found["data/05_analysis/runs.csv"])
    assert [row["withdrawn"] for row in runs] == ["", "the wrong controls were chosen"]
    assert b"F002" in b"".join(path.encode() for path in found)
    assert "the wrong controls were chosen" in found["data/01_report/report.html"].decode()


def test_originals_are_the_bytes_received_and_withheld_ones_stay_out(pack: Path, contents: PackContents) -> None:
    found = members(pack)
    originals = {p: d for p, d in found.items() if p.startswith("data/04_data/original/")}
    assert [sha256(data) for data in originals.values()] == [contents.sources[0].sha256]
    assert "it holds session cookies" in found["data/01_report/report.html"].decode()


def test_a_lawyer_copy_leaves_the_originals_out_and_says_so(contents: PackContents, tmp_path: Path) -> None:
    target = tmp_path / "copy.zip"
    build(replace(contents, include_originals=False), target)
    found = members(target)
    assert not [path for path in found if path.startswith("data/04_data/original/")]
    assert "The original data are left out: 2 files" in found["START_HERE.html"].decode()
    assert b"Original-Data: left out" in found["bag-info.txt"]
    assert verify_pack(target) == []


def test_no_path_of_this_machine_and_no_host_gets_in(pack: Path, tmp_path: Path) -> None:
    home = str(Path(__file__).resolve().parents[3])
    for path, data in members(pack).items():
        for needle in (home, str(pack.parent), "site-packages", "pypi", "pythonhosted", "vault-file"):
            assert needle.encode() not in data, (path, needle)


def test_a_case_without_findings_gives_a_pack(
    contents: PackContents, chained: Callable[..., tuple[str, ...]], tmp_path: Path
) -> None:
    lines = chained([json.loads(contents.ledger_lines[0]), "export begun"])
    bare = replace(contents, findings=(), methods=(), corpora=(), imports=(), sources=())
    build(replace(bare, ledger_lines=lines, head=json.loads(lines[-1])["hash"]), tmp_path / "p.zip")
    assert verify_pack(tmp_path / "p.zip") == []
    assert "No analysis has been run" in members(tmp_path / "p.zip")["START_HERE.html"].decode()


def test_stopped_at_any_step_it_leaves_nothing_behind(contents: PackContents, tmp_path: Path) -> None:
    target = tmp_path / "out" / "pack.zip"
    target.parent.mkdir()
    light = replace(contents, findings=contents.findings[:1])
    calls = 0

    def counting(_fraction: float, _note: str = "") -> None:
        nonlocal calls
        calls += 1

    build(light, target, counting)
    target.unlink()
    for stop in (0, 1, calls // 3, calls // 2, calls - 2):
        left = iter(range(stop))

        def stopping(_fraction: float, _note: str = "", left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise Cancelled

        with pytest.raises(Cancelled):
            build(light, target, stopping)
        assert list(target.parent.iterdir()) == []


def test_a_failure_while_answers_stream_leaves_the_old_pack(contents: PackContents, tmp_path: Path) -> None:
    target = tmp_path / "out" / "pack.zip"
    target.parent.mkdir()
    target.write_bytes(b"the pack of yesterday")

    def failing(_corpus: str) -> Iterator[Mapping[str, Any]]:
        yield {"response": "one"}
        raise VerificationError("an answer no longer agrees with its digest")

    with pytest.raises(VerificationError):
        build(replace(contents, normalised=failing), target)
    assert [p.read_bytes() for p in target.parent.iterdir()] == [b"the pack of yesterday"]


def test_progress_rises_from_nothing_to_one(contents: PackContents, tmp_path: Path) -> None:
    seen: list[float] = []
    build(contents, tmp_path / "p.zip", lambda fraction, _note="": seen.append(fraction))
    assert seen == sorted(seen)
    assert seen[0] >= 0.0
    assert seen[-1] == 1.0


def test_a_log_that_does_not_end_in_the_head_is_refused(contents: PackContents, tmp_path: Path) -> None:
    with pytest.raises(VerificationError, match="does not end in the head"):
        build(replace(contents, ledger_lines=contents.ledger_lines[:-1]), tmp_path / "p.zip")
    assert not (tmp_path / "p.zip").exists()


def test_a_target_that_cannot_be_written_is_said(contents: PackContents, tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="could not be written"):
        build(contents, tmp_path / "no such folder" / "p.zip")


def test_random_case_ids_make_short_folders(contents: PackContents) -> None:
    random = replace(contents, case_id="3f2b8c1e-0000-4000-8000-000000000001", number=12)
    assert top_folder(random) == "CASE-3f2b8c1e_pack-12"
    assert top_folder(replace(contents, case_id="CASE-2026-014: ../../x" + "y" * 99)).isascii()


def test_what_shrinks_like_a_bomb_is_stored_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as stream:
        stream.truncate(70 << 20)
    assert not worth_packing(path)
    path.write_bytes(b"an ordinary text")
    assert worth_packing(path)


def test_an_original_that_was_altered_stops_the_export(contents: PackContents, tmp_path: Path) -> None:
    original = contents.sources[0].path
    assert original is not None
    original.write_bytes(b"something else")
    with pytest.raises(VerificationError, match="no longer has the hash"):
        build(contents, tmp_path / "p.zip")
    original.unlink()
    with pytest.raises(CaseError, match="can't be read"):
        build(contents, tmp_path / "p.zip")
    assert list(tmp_path.glob("*p.zip*")) == []


def test_no_space_is_said_before_anything_is_written(contents: PackContents, tmp_path: Path) -> None:
    huge = replace(contents.sources[1], size=1 << 60)
    with pytest.raises(CaseError, match="free"):
        build(replace(contents, sources=(contents.sources[0], huge)), tmp_path / "p.zip")
    assert list(tmp_path.glob("*p.zip*")) == []


def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path: Path) -> None:
    program = (
        "import sys, importlib.util, pathlib, resource, signal\n"
        "from workbench.core import errors\n"
        "spec = importlib.util.spec_from_file_location('made', sys.argv[1])\n"
        "made = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(made)\n"
        "folder = pathlib.Path(sys.argv[2])\n"
        "contents = made.made_up_contents(folder)\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "try:\n"
        "    made.build(contents, folder / 'pack.zip')\n"
        "except errors.CaseError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parents[1].joinpath("conftest.py")), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "could not be written" in done.stdout
    assert sorted(p.name for p in tmp_path.iterdir()) == ["vault-file"]


@pytest.mark.parametrize(
    ("clock", "year"), [("1970-01-01", 1980), ("2026-03-01", 2026), ("2116-12-31", 2107), ("9999-12-31", 2107)]
)
def test_no_clock_stops_a_pack(tmp_path: Path, clock: str, year: int) -> None:
    with ZipWriter(tmp_path / "p.zip", "top", f"{clock}T00:00:00Z") as out:
        out.add("a.txt", [b"a"], silent, 1)
        out.done()
    with zipfile.ZipFile(tmp_path / "p.zip") as made:
        assert made.infolist()[0].date_time[0] == year
