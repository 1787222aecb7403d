"""The panel protocol on a small invented panel."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.core.errors import UsageError
from workbench.core.model import Facts, SourceModel
from workbench.core.panel import Panel, checked_date, resolve_name, younger


def made() -> Panel:
    def source(name: str, relation: str = "distilled", *, minor: bool = False) -> SourceModel:
        return SourceModel(name, relation, minor)

    return Panel(
        {
            "old": Facts(developer="A", released="2022-06", family="a"),
            "new": Facts(developer="A", released="2024", family="a"),
            "other": Facts(developer="A", released="2022-01", family="b"),
            "far": Facts(developer="B", released="2022-03", family="c"),
            "child": Facts(developer="C", released="2023", sources=(source("old"), source("far", minor=True))),
            "grandchild": Facts(developer="C", released="2023-05", sources=(source("child", "derived"),)),
            "human": Facts(developer="D", released="2023-02", teacherless=True),
            "only": Facts(released="2023-02", teacherless=True, control_only=True),
            "lost": Facts(released="2023-02", sources=(source("not in the panel"),)),
        }
    )


def test_dates_count_against_the_suspect_being_a_student() -> None:
    assert younger(Facts(released="2023"), Facts(released="2023"))
    assert not younger(Facts(released="2023-01"), Facts(released="2023"))
    assert younger(Facts(released="2023-06"), Facts(released="2023-05"))
    assert not younger(Facts(released="2023-05"), Facts(released="2023-05"))
    assert not younger(Facts(), Facts(released="2023"))
    assert checked_date("2023-12") == "2023-12"
    for wrong in ("2023-13", "23", "2023-1", "May 2023"):
        with pytest.raises(UsageError):
            checked_date(wrong)


def test_pairs_and_their_truth() -> None:
    pairs = {(p.suspect, p.family): p for p in made().pairs()}
    assert {s for s, _ in pairs} == {"child", "grandchild", "human", "lost"}
    assert pairs["child", "a"].positive
    assert pairs["child", "a"].relation == "distilled"
    assert pairs["child", "b"].excluded == "sibling"
    assert pairs["child", "c"].excluded == "other source"
    assert pairs["grandchild", "a"].excluded == "other source"
    assert not pairs["human", "a"].positive
    assert pairs["human", "a"].excluded == ""


def test_controls_leave_out_family_descendants_and_own_children() -> None:
    panel = made()
    assert panel.controls("child", "a") == ["other", "far", "human", "only", "lost"]
    assert panel.eligible("child", "a") == ["old"]
    reasons = panel.not_controls("human", ["old", "new"])
    assert reasons["grandchild"] == "documented to come from the protected family"
    assert panel.closure("grandchild") == {"child", "old", "far"}
    assert panel.families() == ["a", "b", "c"]


def test_circular_sources_come_to_an_end() -> None:
    one = Facts(sources=(SourceModel("y", "distilled"),))
    other = Facts(sources=(SourceModel("x", "distilled"),))
    assert Panel({"x": one, "y": other}).closure("x") == {"x", "y"}


def test_a_name_that_is_both_means_the_family() -> None:
    assert resolve_name("a", ["a", "b"], ["a"]) == ("family", "a")
    assert resolve_name("corpus:a", ["a", "b"], ["a"]) == ("corpus", "a")
    assert resolve_name("b", ["a", "b"], ["a"]) == ("corpus", "b")
    assert resolve_name("family:a", ["a"], ["a"]) == ("family", "a")
    with pytest.raises(UsageError, match="no corpus or family"):
        resolve_name("family:b", ["a", "b"], ["a"])


def test_the_shared_panel_has_the_pairs_that_its_protocol_counts(shared: Path) -> None:
    from workbench.importers.panel_manifest import read_manifest

    panel = Panel({e.name: e.facts for e in read_manifest(shared / "panel" / "panel.json").entries})
    pairs = list(panel.pairs())
    assert sum(not p.positive and not p.excluded for p in pairs) == 298
    assert len({p.suspect for p in pairs if p.relation == "distilled"}) == 19
