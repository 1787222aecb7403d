"""The ledger: its chain and its mirror."""

from __future__ import annotations

import json
from pathlib import Path

from tests.store.making import bring, new_case, several
from workbench.core.hashing import canonical, sha256
from workbench.core.surroundings import Conditions
from workbench.store import Case
from workbench.store.ledger import NO_HASH, Walked, broken_links


def _texts(folder: Path) -> list[str]:
    return (folder / "a.case" / "ledger.jsonl").read_text(encoding="utf-8").splitlines()


def test_a_line_can_be_checked_with_plain_tools(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(2))
        case.set_corpus("ada", note="x", reason="why not")
        assert [line.text() for line in case.ledger()] == _texts(tmp_path)
        assert [line.action for line in case.ledger()] == ["case created", "file imported", "corpus changed"]
    previous = NO_HASH
    for number, text in enumerate(_texts(tmp_path), 1):
        value = json.loads(text)
        stated = value.pop("hash")
        assert (value["sequence"], value["previous"]) == (number, previous)
        assert sha256(canonical(value)) == stated
        assert (value["examiner"], value["account"]) == ("A. Examiner", "tester@machine")
        assert value["tool"].startswith("distillation-workbench ")
        previous = stated


def test_before_and_after_of_a_change_join_up(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(2))
        for note in ("a", "b", "b"):
            case.set_corpus("ada", note=note, reason="r")
        _, _, first, second = case.ledger()
    assert first.after == second.before
    assert first.options["changed"] == ["note"]


def test_what_breaks_a_chain(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(2))
        case.set_corpus("ada", note="x", reason="r")
    lines = _texts(tmp_path)

    def walk(chain: list[str]) -> list[int]:
        return [number for number, _ in broken_links(chain, Walked())]

    assert walk(lines) == []
    assert walk([lines[0], lines[2]]) == [2]
    assert walk([lines[0], lines[1].replace("ada", "eve"), lines[2]]) == [2]
    assert walk([lines[0], "{}", lines[2]]) == [2]
    assert walk(["[" * 100_000, *lines[1:]]) == [1]
    assert walk([lines[1], lines[0], lines[2]]) != []
    value = json.loads(lines[1])
    value["options"]["note"] = "forged"
    del value["hash"]
    forged = canonical(value | {"hash": sha256(canonical(value))}).decode()
    assert walk([lines[0], forged, lines[2]]) == [3]


def test_the_mirror_is_brought_up_on_opening(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(2))
        case.set_corpus("ada", note="x", reason="r")
    mirror = tmp_path / "a.case" / "ledger.jsonl"
    whole = mirror.read_bytes()
    for cut in (0, 10, len(whole) - 3, len(whole)):
        mirror.write_bytes(whole[:cut])
        with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
            assert case.notice == ""
        assert mirror.read_bytes() == whole
    mirror.unlink()
    Case.open(tmp_path / "a.case", conditions=conditions, writing=True).close()
    assert mirror.read_bytes() == whole


def test_a_mirror_that_disagrees_is_left_for_verify_to_name(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(2))
    mirror = tmp_path / "a.case" / "ledger.jsonl"
    held = mirror.read_bytes().replace(b"A. Examiner", b"B. Examiner")
    mirror.write_bytes(held)
    with Case.open(tmp_path / "a.case", conditions=conditions, writing=True) as case:
        assert "does not agree" in case.notice
        case.set_corpus("ada", note="x", reason="r")
        assert [p.path for p in case.verify()] == ["ledger.jsonl"]
    assert mirror.read_bytes() == held


def test_a_mirror_that_cannot_be_written_stops_nobody(tmp_path: Path, conditions: Conditions) -> None:
    with new_case(tmp_path, conditions) as case:
        bring(case, tmp_path, several(2))
        mirror = tmp_path / "a.case" / "ledger.jsonl"
        held = mirror.read_bytes()
        mirror.unlink()
        mirror.mkdir()
        case.set_corpus("ada", note="x", reason="r")
        mirror.rmdir()
        mirror.write_bytes(held)
        case.set_corpus("ada", note="y", reason="r")
        assert len(mirror.read_bytes().splitlines()) == 4
        assert case.verify() == []
