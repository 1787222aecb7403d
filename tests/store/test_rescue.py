"""Backup, and a case rebuilt from its originals and the mirror of its ledger."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.making import Item, new_case, record, sealed_pack, several
from workbench.core.errors import BadInputError, CaseError
from workbench.core.model import Facts, Json, Rejected, Response, Role
from workbench.core.surroundings import Conditions
from workbench.store import Case, rescue, verify_case


def _file(folder: Path, name: str, items: list[Item]) -> Path:
    path = folder / name
    path.write_text(json.dumps([[type(i).__name__, *i] for i in items]), encoding="utf-8")
    return path


def _read(path: Path, name: str, importer: str, options: Json) -> Iterator[Item]:
    assert (importer, options) == ("test", {"o": 1})
    if name == "broken.json":
        raise BadInputError("can't be read any more")
    for kind, *fields in json.loads(path.read_text(encoding="utf-8")):
        yield Response(*fields)._replace(flags=tuple(fields[11])) if kind == "Response" else Rejected(*fields)


def _prompts(path: Path, name: str) -> list[tuple[str, str]]:
    return [(key, text) for key, text in json.loads(path.read_text(encoding="utf-8"))]


def _import(case: Case, path: Path, **given: object) -> None:
    begun = case.begin_import(case.take(path), "test", {"o": 1})
    begun.add(list(_read(path, "", "test", {"o": 1})))
    begun.finish(default_model="rest", **given)


@pytest.fixture
def old(tmp_path: Path, conditions: Conditions) -> Path:
    """A closed case with two imports, a change, joined prompts, a finding, a pack and a stray original."""
    folder = tmp_path / "old"
    folder.mkdir()
    with new_case(folder, conditions, "The matter") as case:
        items: list[Item] = [*several(5), *several(2, None), Rejected("bad", 9, 0, 1)]
        _import(case, _file(tmp_path, "one.json", items), role=Role.SUSPECT, facts=Facts(released="2024"))
        waiting = [r._replace(prompt=None, prompt_key=f"k{r.number}") for r in several(3, "cy")]
        _import(case, _file(tmp_path, "two.json", list(waiting)), note="a note", documented=True)
        case.set_corpus("rest", role=Role.ASIDE, note="odd", reason="too few")
        path = tmp_path / "prompts.json"
        path.write_text(json.dumps([["k0", "Zero?"], ["k2", "Two?"]]), encoding="utf-8")
        case.add_prompts(case.take(path), "cy", _prompts(path, ""))
        record(case)
        sealed_pack(case, {})
        (tmp_path / "unused").write_text("unused", encoding="utf-8")
        case.take(tmp_path / "unused")
    return folder / "a.case"


def _state(folder: Path, conditions: Conditions) -> tuple[object, ...]:
    with Case.open(folder, conditions=conditions) as case:
        rows = [list(case.normalised(c.name)) for c in case.corpora()]
        return case.corpora(), rows, case.facts.id, case.facts.title, case.catalogue()


def test_a_rescued_case_is_the_old_one_but_for_its_findings(old: Path, tmp_path: Path, conditions: Conditions) -> None:
    expected = _state(old, conditions)
    (old / "case.db").unlink()
    new = tmp_path / "new.case"
    done = rescue(old, new, conditions, read=_read, read_prompts=_prompts)
    assert done.replayed == 4
    assert [words.split(":")[0] for words in done.lost] == ["finding 1 (test)", "pack 1"]
    assert _state(new, conditions) == expected
    assert verify_case(new) == []
    with Case.open(new, conditions=conditions) as case:
        line = list(case.ledger())[-1]
        assert (line.action, line.options["old_lines"], line.options["broken"]) == ("case rescued", 7, [])
        kept = case.original(line.options["old_ledger"]["sha256"])
        assert kept.read_bytes() == (old / "ledger.jsonl").read_bytes()
        assert len(case.sources()) == 5
    assert {p.name for p in tmp_path.iterdir() if p.name.startswith(".")} == set()


def test_what_cannot_be_rescued_is_listed(old: Path, tmp_path: Path, conditions: Conditions) -> None:
    with Case.open(old, conditions=conditions) as case:
        two = next(s.sha256 for s in case.sources() if s.name == "two.json")
    lines = (old / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    lines[3] = lines[3].replace("too few", "too many")
    (old / "ledger.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (old / "originals" / two).chmod(0o644)
    (old / "originals" / two).write_text("changed", encoding="utf-8")
    done = rescue(old, tmp_path / "new.case", conditions, read=_read)
    assert done.replayed == 1
    assert any("two.json: its bytes are not those" in words for words in done.lost)
    assert any("line 3 (file imported)" in words for words in done.lost)
    assert any("line 5 (prompts joined)" in words for words in done.lost)
    with Case.open(tmp_path / "new.case", conditions=conditions) as case:
        assert len(list(case.ledger())[-1].options["broken"]) >= 1
        assert case.verify() == []


def test_a_source_that_reads_otherwise_today_is_named(old: Path, tmp_path: Path, conditions: Conditions) -> None:
    def differently(path: Path, name: str, importer: str, options: Json) -> Iterator[Item]:
        for item in _read(path, name, importer, options):
            yield item._replace(text=item.text + "!") if isinstance(item, Response) else item

    done = rescue(old, tmp_path / "new.case", conditions, read=differently, read_prompts=_prompts)
    assert any(words.startswith("corpus ada: read again") for words in done.lost)


def test_rescues_that_are_refused(old: Path, tmp_path: Path, conditions: Conditions) -> None:
    with pytest.raises(CaseError, match="exists already"):
        rescue(old, old, conditions, read=_read)
    with pytest.raises(CaseError, match="no folder"):
        rescue(old, tmp_path / "none" / "new.case", conditions, read=_read)
    (old / "ledger.jsonl").write_text("nothing\n", encoding="utf-8")
    with pytest.raises(CaseError, match="tells of no case"):
        rescue(old, tmp_path / "new.case", conditions, read=_read)
    (old / "ledger.jsonl").unlink()
    with pytest.raises(CaseError, match=r"no ledger\.jsonl"):
        rescue(old, tmp_path / "new.case", conditions, read=_read)
    assert not (tmp_path / "new.case").exists()


@pytest.mark.parametrize("writing", [False, True])
def test_a_backup_unpacks_into_a_working_case(
    old: Path, tmp_path: Path, conditions: Conditions, *, writing: bool
) -> None:
    expected = _state(old, conditions)
    with Case.open(old, conditions=conditions, writing=writing) as case:
        case.backup(tmp_path / "b.zip")
        with pytest.raises(CaseError, match="exists already"):
            case.backup(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    assert _state(tmp_path / "unpacked" / "a.case", conditions) == expected
    assert verify_case(tmp_path / "unpacked" / "a.case") == []


def test_a_backup_that_would_not_be_whole_is_refused(old: Path, tmp_path: Path, conditions: Conditions) -> None:
    shutil.rmtree(old / "originals")
    with Case.open(old, conditions=conditions) as case, pytest.raises(CaseError, match="missing"):
        case.backup(tmp_path / "b.zip")
    assert not list(tmp_path.glob("*.zip"))
    assert not list(tmp_path.glob(".backup*"))
