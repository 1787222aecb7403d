"""A case and a pack of the first release: whatever changes in the code, they open, verify, speak, draw and rebuild.
The same work done again gives what it gave in the latest release, whose analyses are those of today.

Numbers, words and seals are compared on every machine, numbers up to what a processor's rounding changes. Charts,
pages and zips are compared byte for byte where the libraries that write them have the versions of the release;
elsewhere these tests say that they are skipped, and others compare what is drawn.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.released import make
from tests.released.conftest import Released, Today, findings_in
from workbench.app import catalogue
from workbench.app.session import Session
from workbench.core.surroundings import of_this_machine
from workbench.evidence.pack import bag

TOLD = json.loads(make.told_of(make.FIRST).read_text("utf-8"))
TOLD_LATEST = json.loads(make.told_of(make.LATEST).read_text("utf-8"))
FINDINGS = [pytest.param(told, id=told["analysis"]) for told in TOLD["findings"]]
LATEST_FINDINGS = [pytest.param(told, id=told["analysis"]) for told in TOLD_LATEST["findings"]]
NOW = datetime(2027, 1, 1, tzinfo=UTC)
SAME = {name for name, version in make.made_with().items() if TOLD["made_with"].get(name) == version}
SAME_AS_LATEST = {name for name, version in make.made_with().items() if TOLD_LATEST["made_with"].get(name) == version}

drawn = pytest.mark.skipif(
    not {"machine", "numpy", "matplotlib", "pillow", "typst"} <= SAME,
    reason=f"these bytes depend on versions other than those here: {TOLD['made_with']}",
)
"""For tests of charts and pages, whose bytes the libraries decide."""

computed = pytest.mark.skipif(
    not make.made_with().keys() - {"zlib"} <= SAME_AS_LATEST,
    reason=f"a ledger seals the versions and the last digits of numbers: {TOLD_LATEST['made_with']}",
)
"""For tests of a whole ledger, whose findings name Python, numpy and matplotlib and seal every digit.
The last digits of a sum depend on the processor, since libraries add in the order that suits it."""

# --- the case


def test_the_case_opens_with_everything_in_it(released: Released) -> None:
    verb = make.Verbs(NOW)
    assert _as_told(verb("corpora", released.case)["corpora"]) == TOLD["corpora"]
    assert verb("duplicates", released.case)["duplicates"] == TOLD["duplicates"]
    found = verb("findings", released.case)["findings"]
    keys = ("number", "analysis", "sha256", "withdrawn", "status", "headline")
    assert [{key: one[key] for key in keys} for one in found] == [{k: t[k] for k in keys} for t in TOLD["findings"]]
    plan = verb("plan", released.case)
    assert (plan["in_force"], [len(p["findings"]) for p in plan["planned"]]) == (1, [1] * len(make.PLANNED))


def _as_told(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the first release said of corpora; later ones say more of each."""
    return [{key: one[key] for key in TOLD["corpora"][0]} for one in found]


def test_the_case_holds_one_of_everything() -> None:
    """That the tests below see every kind of thing."""
    assert sum(c["rejected"] for c in TOLD["corpora"]) == 2
    assert sum(c["duplicate"] for c in TOLD["corpora"]) == len(TOLD["duplicates"]) == 3
    assert {c["role"] for c in TOLD["corpora"]} == {"suspect", "protected", "control", "base", "aside"}
    assert {t["analysis"] for t in TOLD["findings"]} == {*make.PLANNED, make.UNPLANNED}
    assert sorted(t["status"] for t in TOLD["findings"]) == ["confirmatory"] * len(make.PLANNED) + ["exploratory"]
    assert [t["number"] for t in TOLD["findings"] if t["withdrawn"]] == [make.WITHDRAWN]


def test_the_case_is_whole(released: Released) -> None:
    verb = make.Verbs(NOW)
    for head in (TOLD["head"], TOLD["pack"]["head"]):
        assert verb("verify", released.case, "--head", head)["problems"] == []
    last = json.loads((released.case / "ledger.jsonl").read_text("utf-8").splitlines()[-1])
    assert last["hash"] == verb("log", released.case)["head"] == TOLD["head"]
    assert verb("verify", released.case, "--head", "0" * 64, code=1)["problems"][0]["what"] == "ledger"


def test_a_changed_case_is_not_whole(case: Path) -> None:
    original = max((case / "originals").rglob("*"), key=lambda path: path.stat().st_size)
    original.write_bytes(original.read_bytes().replace(b"the", b"teh", 1))
    assert make.Verbs(NOW)("verify", case, code=1)["problems"][0]["what"] == "changed"


def test_a_rescue_reads_the_ledger_and_the_originals(case: Path, tmp_path: Path) -> None:
    (case / "case.db").unlink()
    verb = make.Verbs(NOW)
    new = Path(verb("rescue", case, tmp_path / "new")["case"])
    assert _as_told(verb("corpora", new)["corpora"]) == TOLD["corpora"]
    assert verb("duplicates", new)["duplicates"] == TOLD["duplicates"]
    assert verb("plan", new)["in_force"] == 1


def test_words_are_found_and_answers_stand_beside_their_bytes(released: Released) -> None:
    verb = make.Verbs(NOW)
    found = verb("search", released.case, "sourdough")
    assert found["hits"]
    shown = verb("answer", released.case, str(found["hits"][0]["answer"]))
    assert "sourdough" in json.dumps(shown).lower()


# --- the findings


@pytest.mark.parametrize("told", FINDINGS)
def test_a_finding_says_what_it_said(released: Released, told: dict[str, Any]) -> None:
    """The sentences that are stored, and those that today's code makes of the numbers."""
    with Session.open(released.case, conditions=of_this_machine(), writing=False) as session:
        stored = session.finding(told["number"])
    for words in (stored.narrative, catalogue.narrative_of(stored.finding)):
        assert words.rung == told["rung"]
        assert words.headline == told["headline"]
        assert list(words.sentences) == told["sentences"]
        assert list(words.limits) == told["limits"]
    assert catalogue.description_of(stored.finding) == told["description"]


@pytest.mark.parametrize("told", FINDINGS)
def test_a_chart_shows_what_it_showed(released: Released, charts: list[bytes], told: dict[str, Any]) -> None:
    """Its texts in their order and its marks by kind, whatever library places them."""
    now, then = charts[told["number"] - 1], _chart_in(released, told)
    assert _texts(now) == _texts(then)
    assert _marks(now) == _marks(then)
    assert len(_texts(then)) > 5
    assert _marks(then).total() > 20


@drawn
@pytest.mark.parametrize("told", FINDINGS)
def test_a_chart_is_drawn_byte_for_byte(released: Released, charts: list[bytes], told: dict[str, Any]) -> None:
    assert charts[told["number"] - 1] == _chart_in(released, told)


@pytest.fixture(scope="module")
def charts(released: Released, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The charts of the released findings, drawn by today's code."""
    folder, verb = tmp_path_factory.mktemp("charts"), make.Verbs(NOW)
    numbers = [told["number"] for told in TOLD["findings"]]
    for number in numbers:
        verb("show", released.case, str(number), "--figure", folder / f"{number}.svg")
    return [(folder / f"{number}.svg").read_bytes() for number in numbers]


def _chart_in(released: Released, told: dict[str, Any]) -> bytes:
    return released.members[f"data/03_charts/F{told['number']:03d}_{told['analysis']}.svg"]


def _texts(svg: bytes) -> list[str]:
    """The texts of a chart, which stand in comments beside their outlines."""
    return re.findall(r"<!-- (.*?) -->", svg.decode())


def _marks(svg: bytes) -> Counter[str]:
    """How many groups of each kind a chart has, and how many marks in all."""
    text = svg.decode()
    return Counter(re.findall(r'<g id="([A-Za-z0-9]+?)_?\d*"', text)) + Counter(uses=text.count("<use "))


# --- the pack


def test_the_pack_verifies(released: Released) -> None:
    assert make.Verbs(NOW)("verify", released.pack) == {"ok": True, "kind": "pack", "problems": [], "seal": []}
    assert released.members["data/06_custody/audit_head.txt"].decode().strip() == TOLD["pack"]["head"]


@pytest.mark.parametrize("path", ["data/05_analysis/results.json", "data/04_data/normalised/corpus-0004.jsonl"])
def test_a_changed_pack_does_not(released: Released, tmp_path: Path, path: str) -> None:
    pack = shutil.copytree(released.pack, tmp_path / "pack")
    (pack / path).write_bytes(released.members[path].replace(b"marlin", b"merlin", 1))
    problems = make.Verbs(NOW)("verify", pack, code=1)["problems"]
    assert path in {problem["path"] for problem in problems}


@pytest.mark.parametrize(
    "gone",
    ["data/05_analysis/results.json", "data/04_data/names.csv", "data/06_custody/redaction_log.csv",
     "data/01_report/report.pdf", "data/05_analysis/plan.json"],
)  # fmt: skip
def test_a_file_that_is_removed_with_its_lines_in_the_lists_is_named(
    released: Released, tmp_path: Path, gone: str
) -> None:
    """The log of such a pack does not list its files: the check knows which ones it must hold."""
    pack = shutil.copytree(released.pack, tmp_path / "pack")
    (pack / gone).unlink()
    kept = {path: hashlib.sha256(data).hexdigest() for path, data in released.members.items() if path != gone}
    within = bag.manifest({path: digest for path, digest in kept.items() if path.startswith("data/")})
    beside = {path: digest for path, digest in kept.items() if not path.startswith("data/")} | {
        bag.MANIFEST: hashlib.sha256(within).hexdigest()
    }
    lists = bag.manifest({path: digest for path, digest in beside.items() if path not in bag.UNLISTED})
    (pack / bag.MANIFEST).write_bytes(within)
    (pack / bag.TAG_MANIFEST).write_bytes(lists)
    (pack / bag.SEAL_STATUS).write_bytes(bag.old_seal_status(lists))
    problems = make.Verbs(NOW)("verify", pack, code=1)["problems"]
    assert (gone, "removed") in {(problem["path"], problem["what"]) for problem in problems}


def test_the_pack_is_not_built_again_in_another_layout(case: Path, tmp_path: Path) -> None:
    """It stays as it is and can be checked; a new pack gets a number of its own."""
    verb = make.Verbs(NOW)
    refused = verb("export", case, tmp_path / "again.zip", "--number", "1", code=1)["error"]["message"]
    assert "laid packs out otherwise" in refused
    assert verb("export", case, tmp_path / "new.zip")["number"] == 2
    assert verb("verify", tmp_path / "new.zip")["problems"] == []
    assert verb("verify", case)["problems"] == []


# --- the same work done again by today's code


def test_the_same_material_is_read_alike(today: Today) -> None:
    assert today.documents["corpora"][-1]["corpora"] == TOLD_LATEST["corpora"]
    assert today.documents["duplicates"][-1]["duplicates"] == TOLD_LATEST["duplicates"]
    assert [(found["kind"], found["ok"]) for found in today.documents["verify"]] == [("case", True), ("pack", True)]


@pytest.mark.parametrize("told", LATEST_FINDINGS)
def test_an_analysis_run_again_finds_the_same(latest: Released, today: Today, told: dict[str, Any]) -> None:
    """With the same settings and seed. Floats may differ in their last digits, as libraries for linear algebra do."""
    then, now = (
        next(f["finding"] for f in results if f["number"] == told["number"])
        for results in (latest.results, findings_in(today.members))
    )
    assert then.pop("software").keys() == now.pop("software").keys()
    assert list(_differences(then, now)) == []
    assert then["values"]


_DIGEST = re.compile("[0-9a-f]{64}")


def _differences(then: Any, now: Any, at: str = "") -> Iterator[str]:
    """Where two JSON values differ by more than the rounding of their floats."""
    match then, now:
        case dict(), dict():
            for key in sorted({*then, *now}):
                yield from _differences(then.get(key, "missing"), now.get(key, "missing"), f"{at}.{key}")
        case list(), list() if len(then) == len(now):
            for place, pair in enumerate(zip(then, now, strict=True)):
                yield from _differences(*pair, f"{at}[{place}]")
        case (int() | float(), int() | float()) if not isinstance(then, bool) and not isinstance(now, bool):
            if not math.isclose(then, now, rel_tol=1e-9, abs_tol=1e-12):
                yield f"{at}: {then} became {now}"
        case str(), str() if _DIGEST.fullmatch(then) and _DIGEST.fullmatch(now) and at.startswith(".tables."):
            pass  # The digest of a finding covers its last digits. The findings themselves are compared one by one.
        case _ if then != now or type(then) is not type(now):
            yield f"{at}: {str(then)[:200]} became {str(now)[:200]}"


@pytest.mark.parametrize("now", [1.0 + 1e-6, "1.0", None, True, [1.0]])
def test_a_difference_is_seen(now: Any) -> None:
    assert list(_differences({"a": [{"b": 1.0}]}, {"a": [{"b": now}]})) != []
    assert list(_differences({"a": 1.0}, {"a": 1.0 + 1e-12})) == []


@computed
def test_the_same_verbs_write_the_same_ledger(latest: Released, today: Today) -> None:
    """Line by line up to the pack: every import, digest, finding, sentence and chart is sealed in it."""
    then, now = ((case / "ledger.jsonl").read_text("utf-8").splitlines() for case in (latest.case, today.case))
    before = [line for line in then if not json.loads(line)["action"].startswith("export ")]
    for old, new in zip(before, now, strict=False):
        assert json.loads(new) == json.loads(old)
    assert now[: len(before)] == before
    assert [json.loads(line)["action"] for line in now[len(before) :]] == ["export begun", "export done"]


@computed
def test_a_pack_exported_again_holds_the_same_answers_and_tables_byte_for_byte(latest: Released, today: Today) -> None:
    """What is in another layout is left out: pages, charts, lists, and what names the paths of a pack."""
    kept = re.compile(
        r"data/04_data/(normalised/.*|rejected.csv|duplicates.csv|examination\.(csv|json)|import_log.csv)"
        r"|data/05_analysis/(tables/.*|calibration-.*)|data/06_custody/(redaction_log|withheld).csv"
    )
    paths = [path for path in sorted(latest.members) if kept.fullmatch(path)]
    assert len(paths) > 50
    assert [path for path in paths if latest.members[path] != today.members.get(path)] == []


def test_the_new_pack_is_the_same_each_time(today: Today, rebuilt: Path) -> None:
    """The same case on the same machine gives the same zip, built again by its number."""
    assert rebuilt.read_bytes() == today.pack.read_bytes()
