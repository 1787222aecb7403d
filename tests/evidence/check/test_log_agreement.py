"""The check against the log: whoever changes a file and writes all lists anew is still found out."""

from __future__ import annotations

import hashlib
import json
import random
import zipfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.conftest import build, ledger
from workbench.core.hashing import canonical, sha256, sha256_lines
from workbench.core.secrets.redaction_seal import EXAMINED, sealed_line
from workbench.evidence.check.check import verify_pack
from workbench.evidence.check.following import following
from workbench.evidence.pack import bag
from workbench.evidence.pack.contents import PackContents, PackExamination
from workbench.evidence.pack.registers import pretty, registers
from workbench.evidence.pack.sealed import sealed

RESULTS = "data/05_analysis/results.json"
NAMES = "data/04_data/names.csv"
ANSWERS = "data/04_data/normalised/corpus-0001.jsonl"
TABLE = "data/05_analysis/tables/F001_01_models"
CHART = "data/03_charts/F001_closest_source"
LOG = "data/06_custody/audit_log.jsonl"


def sealed_again(folder: Path) -> None:
    """Write every list again, as a forger would: only the audit log can disagree."""
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    hashes = {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}
    manifest = bag.manifest({name: digest for name, digest in hashes.items() if name.startswith("data/")})
    (folder / bag.MANIFEST).write_bytes(manifest)
    hashes[bag.MANIFEST] = sha256(manifest)
    beside = {n: h for n, h in hashes.items() if not n.startswith("data/") and n not in bag.UNLISTED}
    (folder / bag.TAG_MANIFEST).write_bytes(bag.manifest(beside))
    (folder / bag.SEAL_STATUS).write_bytes(bag.seal_status(bag.manifest(beside)))


def rewritten(folder: Path, acts: list[Any]) -> None:
    """Write the whole log again from its acts, with the digests of the files as they are, and all that follows."""
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file()]
    hashes = {p.relative_to(folder).as_posix(): sha256(p.read_bytes()) for p in paths}
    acts[-1]["options"]["contents"] = sealed(hashes)
    lines = ledger(acts)
    log = "".join(f"{line}\n" for line in lines).encode()
    (folder / LOG).write_bytes(log)
    sizes = {p.relative_to(folder).as_posix(): p.stat().st_size for p in paths} | {LOG: len(log)}
    for path, data in following(log, sizes, hashes | {LOG: sha256(log)}).items():
        (folder / path).write_bytes(data)
    sealed_again(folder)


def named(folder: Path) -> set[tuple[str, str]]:
    """What the check says once all lists are written again."""
    sealed_again(folder)
    problems = verify_pack(folder)
    assert all("does not agree with the audit log" in problem.detail for problem in problems), problems
    return {(problem.path, problem.what) for problem in problems}


def forged_results(folder: Path, change: Callable[[Any], None]) -> None:
    """Change the results, and the registers that follow from them."""
    results = json.loads((folder / RESULTS).read_bytes())
    change(results)
    (folder / RESULTS).write_bytes(pretty(results))
    lines = [json.loads(line) for line in (folder / LOG).read_bytes().splitlines()]
    for path, data in registers(results["findings"], lines).items():
        (folder / path).write_bytes(data)


def test_only_a_head_that_came_another_way_shows_a_log_that_was_rewritten(unpacked: Path) -> None:
    """What the start page says in one sentence: whoever rewrites all of it passes every check but this one."""
    head = (unpacked / "data/06_custody/audit_head.txt").read_text().strip()
    assert verify_pack(unpacked, head=head) == []
    (unpacked / "data/01_report/report.html").write_text("<p>was distilled</p>")
    rewritten(unpacked, [json.loads(line) for line in (unpacked / LOG).read_bytes().splitlines()])
    assert verify_pack(unpacked) == []
    assert [problem.what for problem in verify_pack(unpacked, head=head)] == ["ledger"]


def test_lists_written_again_over_a_sound_pack_are_sound(unpacked: Path) -> None:
    assert named(unpacked) == set()


def value(results: Any) -> None:
    """Make a result stronger than it is."""
    results["findings"][0]["finding"]["values"]["statistic"] = 9.5


def headline(results: Any) -> None:
    """Say something else of the same result."""
    results["findings"][0]["narrative"]["headline"] = "Nothing was found."


def removed(results: Any) -> None:
    """Leave an unwelcome finding out."""
    del results["findings"][1]


def revived(results: Any) -> None:
    """Let a withdrawn finding stand."""
    results["findings"][1]["withdrawn"] = ""


def hashed(results: Any) -> None:
    """Make a result stronger, and its hash with it."""
    value(results)
    results["findings"][0]["sha256"] = sha256(canonical(results["findings"][0]["finding"]))


def invented(results: Any) -> None:
    """Add a run that never was."""
    results["findings"].append({**results["findings"][0], "number": 3})


@pytest.mark.parametrize("change", [value, headline, removed, revived, hashed, invented])
def test_forged_results_are_named(unpacked: Path, change: Callable[[Any], None]) -> None:
    forged_results(unpacked, change)
    assert (RESULTS, "changed") in named(unpacked)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (f"{TABLE}.json", b"4.25", b"9.25"),
        (f"{TABLE}.csv", b"4.25", b"9.25"),
        (f"{CHART}.csv", b"4.25", b"9.25"),
        (f"{CHART}.txt", b"right", b"left"),
        (ANSWERS, b"says = 0", b"says = 7"),
        (NAMES, b"Amsel", b"Amsle"),
        (NAMES, b"March", b"April"),
        ("data/05_analysis/runs.csv", b"wrong controls", b"right controls"),
        ("data/05_analysis/environment.json", b"3.11.9", b"3.11.8"),
        ("data/06_custody/custody.csv", b"A. Examiner", b"B. Examiner"),
    ],
)
def test_a_forged_file_is_named(unpacked: Path, path: str, old: bytes, new: bytes) -> None:
    data = (unpacked / path).read_bytes()
    assert old in data
    (unpacked / path).write_bytes(data.replace(old, new))
    assert (path, "changed") in named(unpacked)


def test_a_forged_answer_with_its_own_hash_mended_is_named(unpacked: Path) -> None:
    lines = [json.loads(line) for line in (unpacked / ANSWERS).read_bytes().splitlines()]
    lines[0]["response"] = "I am Orakel."
    lines[0]["sha256"] = sha256(b"I am Orakel.")
    text = "".join(json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n" for line in lines)
    (unpacked / ANSWERS).write_text(text, encoding="utf-8")
    assert named(unpacked) == {(ANSWERS, "changed")}


def test_an_original_can_be_neither_changed_nor_removed_nor_added(unpacked: Path) -> None:
    path = next((unpacked / "data/04_data/original").iterdir())
    name = path.relative_to(unpacked).as_posix()
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"Amsel", b"Birke"))
    assert named(unpacked) == {(name, "changed")}
    path.unlink()
    assert named(unpacked) == {(name, "removed")}
    path.write_bytes(whole)
    (path.parent / "source-0009-abcdefabcdef.bin").write_text("made up")
    assert named(unpacked) == {("data/04_data/original/source-0009-abcdefabcdef.bin", "added")}


def test_what_belongs_to_no_finding_and_no_corpus_is_named(unpacked: Path) -> None:
    extra = ("data/03_charts/F009_other.svg", f"{TABLE}_more.csv", "data/04_data/normalised/corpus-0099.jsonl")
    for name in extra:
        (unpacked / name).write_text("{}\n")
    assert named(unpacked) == {(name, "added") for name in extra}


def test_removed_files_are_named(unpacked: Path) -> None:
    gone = (f"{TABLE}.json", f"{CHART}.csv", ANSWERS, RESULTS, NAMES, "data/01_report/report.pdf")
    for name in gone:
        (unpacked / name).unlink()
    assert named(unpacked) == {(name, "removed") for name in gone}


NONSENSE: tuple[Any, ...] = (None, 1, -0.5, "x", [], {}, [1], {"a": 1}, True, 2**70, "\udfff", [[]])


def test_nonsense_in_the_results_is_a_problem_and_no_exception(unpacked: Path) -> None:
    whole = json.loads((unpacked / RESULTS).read_bytes())
    draws = random.Random(5)
    for _ in range(60):
        results = json.loads(json.dumps(whole))
        at: Any = results
        while True:
            key = draws.choice(list(at) if isinstance(at, dict) else range(len(at)))
            if not isinstance(at[key], dict | list) or not at[key] or draws.random() < 0.25:
                break
            at = at[key]
        old = at[key]
        at[key] = draws.choice([n for n in NONSENSE if n != old])
        (unpacked / RESULTS).write_text(json.dumps(results))
        assert (RESULTS, "changed") in named(unpacked), (key, at[key])


@pytest.mark.parametrize("path", [RESULTS, NAMES, ANSWERS, f"{TABLE}.json"])
@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[" * 100_000, b"null", b'{"findings":3}', b'"\n"', b"a,b\n1,2"])
def test_nonsense_in_a_file_is_a_problem_and_no_exception(unpacked: Path, path: str, data: bytes) -> None:
    (unpacked / path).write_bytes(data)
    assert (path, "changed") in named(unpacked)


def test_nonsense_in_a_log_that_is_whole_is_a_problem_and_no_exception(
    unpacked: Path, chained: Callable[..., tuple[str, ...]]
) -> None:
    acts = [json.loads(line) for line in (unpacked / LOG).read_bytes().splitlines()]
    draws = random.Random(9)
    for _ in range(30):
        told = [dict(act) for act in acts]
        act = draws.choice(told)
        act[draws.choice(["object", "options", "after", "action", "reason"])] = draws.choice(NONSENSE[:9])
        lines = chained(told)
        (unpacked / LOG).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        (unpacked / "data/06_custody/audit_head.txt").write_text(json.loads(lines[-1])["hash"] + "\n")
        sealed_again(unpacked)
        assert verify_pack(unpacked), act


def test_whatever_file_is_changed_the_log_tells(unpacked: Path) -> None:
    """Every file is sealed by the last line, or made again from what is; the lists of a forger hide nothing."""
    lists = {*bag.UNLISTED, bag.MANIFEST}  # written again each time
    for path in sorted(p for p in unpacked.rglob("*") if p.is_file()):
        name = path.relative_to(unpacked).as_posix()
        before = path.read_bytes()
        path.write_bytes(before + b"x")
        sealed_again(unpacked)
        found = {problem.path for problem in verify_pack(unpacked)}
        assert found & {name, LOG} or name in lists, name
        path.unlink()
        sealed_again(unpacked)
        assert name in {p.path for p in verify_pack(unpacked)} or name in lists, name
        path.write_bytes(before)


LINEAGE = {
    "time": "2026-03-01",
    "time_utc": "2026-03-01T00:00:00Z",
    "flags": ["truncated"],
    "source": "a" * 64,
    "member": "a.json",
    "offset": 10,
    "length": 20,
    "extra": {"score": 1},
}


@pytest.mark.parametrize("field", LINEAGE)
def test_whatever_is_put_to_an_answer_the_log_tells(unpacked: Path, field: str) -> None:
    path = unpacked / ANSWERS
    first, *rest = path.read_bytes().splitlines()
    line = canonical(json.loads(first) | {field: LINEAGE[field]})
    path.write_bytes(b"".join(own + b"\n" for own in (line, *rest)))
    assert named(unpacked) == {(ANSWERS, "changed")}


def test_whatever_is_changed_in_a_finding_the_log_tells(unpacked: Path) -> None:
    before = json.loads((unpacked / RESULTS).read_bytes())
    for name in before["findings"][0]:
        results = deepcopy(before)
        results["findings"][0][name] = "other"
        (unpacked / RESULTS).write_bytes(pretty(results))
        assert (RESULTS, "changed") in named(unpacked), name


def examined(contents: PackContents, chained: Callable[..., tuple[str, ...]]) -> PackContents:
    """The small case after an examination that found one secret."""
    names = [c.corpus.name for c in contents.corpora]
    counts = {
        "corpora": {name: {"answers": 3, "languages": {"en": 3}} for name in names},
        "sources": {contents.sources[0].sha256: {"encoding": "utf-8", "searched": True, "secrets": 0}},
        "totals": {"answers": 3 * len(names)},
    }
    row = ("here", "extra", "1" * 64, 0, 9, "key", "2" * 64, "")
    rules = {
        "language": {"library": "guesser 1", "model": "small", "model_sha256": "3" * 64},
        "near_duplicates": {"library": "sketcher 2", "rule": "80 %"},
        "inspection": "marks 1", "refusals": {"rule": "refusals 1"}, "secrets": "secrets 1",
    }  # fmt: skip
    seal = sha256_lines([sealed_line(*row[1:])])
    options = {"rules": rules, "counts": sha256(canonical(counts)), "redactions": seal}
    acts = [{k: v for k, v in json.loads(line).items() if k != "sequence"} for line in contents.ledger_lines]
    lines = chained([*acts, {"action": EXAMINED, "options": options}])
    exam = PackExamination(rules, counts, contents.begun, len(lines))
    head = json.loads(lines[-1])["hash"]
    return replace(contents, ledger_lines=lines, head=head, examination=exam, redactions=(row,))


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (NAMES, b"source,1,", b"source,7,"),
        ("data/04_data/examination.json", b'"marks 1"', b'"marks 2"'),
        ("data/06_custody/redaction_log.csv", b"here", b"there"),
    ],
)
def test_whatever_is_changed_in_a_list_the_log_tells(
    contents: PackContents, chained: Callable[..., tuple[str, ...]], tmp_path: Path, path: str, old: bytes, new: bytes
) -> None:
    build(examined(contents, chained), tmp_path / "pack.zip")
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "CASE-2026-014_pack-03"
    assert named(folder) == set()
    data = (folder / path).read_bytes()
    assert old in data
    (folder / path).write_bytes(data.replace(old, new))
    assert named(folder) == {(path, "changed")}
