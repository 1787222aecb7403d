"""What is known of corpora, mended in the open, and prompts that come later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.making import answer, bring, new_case, several
from workbench.core.errors import UsageError
from workbench.core.model import Facts, Response, Role, SourceModel
from workbench.core.surroundings import Conditions
from workbench.store import Case, Joining, TakenSource, facts_from_json, facts_json


@pytest.fixture
def case(tmp_path: Path, conditions: Conditions) -> Iterator[Case]:
    with new_case(tmp_path, conditions) as made:
        yield made
        assert made.verify() == []


def test_a_change_is_made_in_the_open(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, several(2))
    line = list(case.ledger())[-1].sequence
    changed = case.set_corpus(
        "ada",
        role=Role.SUSPECT,
        facts={"released": "2024-03", "sources": [{"corpus": "x", "relation": "relay"}], "group": ["g"]},
        note="n",
        reason="the maker said so",
    )
    assert changed.facts == Facts(released="2024-03", sources=(SourceModel("x", "relay"),), group=("g",))
    assert case.corpora() == [changed]
    (before,) = case.corpora(until=line)
    assert (before.role, before.facts, before.note) == (Role.CONTROL, Facts(), "")
    assert list(case.ledger())[-1].reason == "the maker said so"


def test_changes_that_are_refused(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, several(2))
    lines = len(list(case.ledger()))
    with pytest.raises(UsageError, match="needs a reason"):
        case.set_corpus("ada", note="x", reason="")
    with pytest.raises(UsageError, match="no corpus “eve”"):
        case.set_corpus("eve", note="x", reason="r")
    with pytest.raises(UsageError, match="'colour' is not a fact"):
        case.set_corpus("ada", facts={"colour": "red"}, reason="r")
    with pytest.raises(UsageError, match="not a release date"):
        case.set_corpus("ada", facts={"released": "spring"}, reason="r")
    case.set_corpus("ada", role=Role.CONTROL, reason="nothing new")
    assert len(list(case.ledger())) == lines


def test_facts_survive_json() -> None:
    facts = Facts("d", "2024", "b", "f", ("g",), (SourceModel("c", "distilled", minor=True),), True, True, "why")
    assert facts_from_json(facts_json(facts)) == facts


def _source(case: Case, folder: Path, name: str = "prompts") -> TakenSource:
    (folder / name).write_text(name, encoding="utf-8")
    return case.take(folder / name)


def _waiting(count: int) -> list[Response]:
    return [answer(f"a{n}", None, key=f"k{n % 10}", index=n) for n in range(count)]


def test_prompts_that_come_later(case: Case, tmp_path: Path) -> None:
    bring(case, tmp_path, [*_waiting(20), *several(3, "bob"), *_with_model(_waiting(2), "bob")])
    line = list(case.ledger())[-1].sequence
    digest = case.corpora()[0].sha256
    counts = case.catalogue()[0]
    assert (counts.prompts, counts.unjoined) == (0, 20)
    pairs = [("k1", "One?"), ("k2", "Tw\ud800?"), ("k1", "Another one?"), ("zz", "Nobody asked?")]
    assert case.add_prompts(_source(case, tmp_path), "ada", pairs).joined == 4
    counts = case.catalogue()[0]
    assert (counts.prompts, counts.unjoined) == (2, 16)
    assert case.corpora()[0].sha256 != digest
    assert [set(b.texts) for b in case.blocks(["ada"])] == [{"One?", "Tw⟦U+D800⟧?"}]
    assert {r["prompt"] for r in case.normalised("ada")} == {None, "One?", "Tw⟦U+D800⟧?"}
    assert {r["prompt"] for r in case.normalised("ada", until=line)} == {None}
    assert case.corpora(until=line)[0].sha256 == digest
    assert case.catalogue(until=line)[0].unjoined == 20
    assert case.catalogue()[1].unjoined == 2
    # What was joined stays as it is; new keys join on.
    assert case.add_prompts(_source(case, tmp_path, "more"), "ada", [("k1", "Else?"), ("k3", "Three?")]) == Joining(
        2, 0, 2
    )
    assert len(list(case.answers("ada"))) == 20
    assert case.add_prompts(_source(case, tmp_path, "none"), "ada", [("k1", "Else?")]) == Joining(0, 0, 2)
    assert [line.action for line in case.ledger()].count("prompts joined") == 2


def _with_model(items: list[Response], model: str) -> list[Response]:
    return [item._replace(model=model) for item in items]


def test_a_join_that_breaks_off_is_never_seen(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(case, tmp_path, _waiting(20))
    monkeypatch.setattr("workbench.store.importing.late_prompts.STEP", 2)

    def breaking() -> Iterator[tuple[str, str]]:
        yield from [("k1", "One?"), ("k2", "Two?"), ("k3", "Three?")]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        case.add_prompts(_source(case, tmp_path), "ada", breaking())
    assert case.catalogue()[0].unjoined == 20
    assert {r["prompt"] for r in case.normalised("ada")} == {None}
    assert case.verify() == []
    assert case.add_prompts(_source(case, tmp_path), "ada", [("k1", "One?")]).joined == 2
