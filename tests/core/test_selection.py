"""`choose`: from names, stored roles and the panel protocol to a question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from workbench.core.errors import RefusedError, UsageError
from workbench.core.model import Corpus, Facts, LeftOut, LeftOutKind, Role, SourceModel, left_out_from_json
from workbench.core.selection import choose


def corpus(at: int, name: str, role: Role = Role.CONTROL, **facts: Any) -> Corpus:
    return Corpus(at, name, role, Facts(**facts), 10, "0" * 64, documented=bool(facts))


def case() -> list[Corpus]:
    return [
        corpus(1, "s", Role.SUSPECT, released="2023-06"),
        corpus(2, "p-old", Role.PROTECTED, released="2023-01", family="p"),
        corpus(3, "p-new", Role.PROTECTED, released="2024-01", family="p"),
        corpus(4, "c1", released="2022"),
        corpus(5, "c2", released="2022", sources=(SourceModel("p-old", "distilled"),)),
        corpus(6, "base", Role.BASE),
        corpus(7, "aside", Role.ASIDE),
        corpus(8, "plain"),
    ]


def test_stored_roles_are_the_default() -> None:
    question = choose(case())
    assert question.suspect.name == "s"
    assert question.protected_name == "p"
    assert [c.name for c in question.protected] == ["p-old"]
    assert [c.name for c in question.controls] == ["c1", "plain"]
    assert [c.name for c in question.others] == ["base"]
    left = {item.corpus: item.reason for item in question.left_out}
    assert left["p-new"] == "released 2024-01, after the suspect"
    assert {item.corpus: item.kind for item in question.left_out}["p-new"] is LeftOutKind.YOUNGER
    assert left["c2"] == "documented to come from the protected family"
    assert left["aside"] == "its role is aside"
    assert question.words() == "Is s closer to p than unrelated models are?"


def test_the_date_gate_refuses_or_is_overruled_with_a_reason() -> None:
    with pytest.raises(RefusedError, match="can't be its source") as refused:
        choose(case(), protected="corpus:p-new")
    assert "--despite-date" in refused.value.hint
    question = choose(case(), protected="corpus:p-new", despite_date="an earlier release leaked")
    assert [c.name for c in question.protected] == ["p-new"]
    assert question.despite_date == "an earlier release leaked"


def test_a_date_that_was_changed_since_the_import_opens_the_gate_and_says_so() -> None:
    corpora = case()
    new = next(c for c in corpora if c.name == "p-new")
    redated = [replace(c, facts=replace(c.facts, released="2020-01")) if c is new else c for c in corpora]
    question = choose(redated, protected="corpus:p-new", came_as={"p-new": new})
    assert [c.name for c in question.protected] == ["p-new"]
    assert question.despite_date == (
        "by the dates that came in, p-new came out after s; the examiner changed a date since, and no document of the "
        "case bears it"
    )
    borne = [replace(c, facts=replace(c.facts, documents=("released=4",))) if c.name == "p-new" else c for c in redated]
    assert choose(borne, protected="corpus:p-new", came_as={"p-new": new}, bearing=[4]).despite_date is None
    assert choose(borne, protected="corpus:p-new", came_as={"p-new": new}).despite_date is not None


def test_what_a_document_alone_keeps_from_the_controls_is_known() -> None:
    corpora = case()
    plain = next(c for c in corpora if c.name == "plain")
    borne = replace(plain, facts=replace(plain.facts, sources=(SourceModel("p-old", "distilled", document=4),)))
    asked = [borne if c is plain else c for c in corpora]
    assert [c.name for c in choose(asked, bearing=[4], came_as={"plain": plain}).by_document] == ["plain"]
    assert choose(asked, came_as={"plain": plain}).by_document == ()


def test_younger_members_of_the_protected_family_are_known_where_no_manifest_names_them() -> None:
    corpora = case()
    by_hand = [replace(c, documented=False) for c in corpora]
    assert [c.name for c in choose(by_hand).too_young] == ["p-new"]
    assert choose([replace(c, documented=True) for c in corpora]).too_young == ()


def test_exclusion_needs_no_role_and_keeps_its_reason() -> None:
    question = choose(case(), exclude={"c1": "same maker"})
    assert LeftOut("c1", LeftOutKind.EXCLUDED, "same maker") in question.left_out
    assert "c1" not in [c.name for c in question.controls]


def test_named_controls_are_the_only_ones() -> None:
    question = choose(case(), controls=["aside", "c1"])
    assert [c.name for c in question.controls] == ["c1", "aside"]
    assert LeftOut("plain", LeftOutKind.NOT_NAMED) in question.left_out


def test_a_documented_panel_serves_every_suspect() -> None:
    question = choose(case(), suspect="c1", protected="family:p", despite_date="test")
    assert question.suspect.name == "c1"
    assert "s" in [c.name for c in question.controls]


def test_unknown_dates_are_named() -> None:
    bare = [corpus(1, "s", Role.SUSPECT), corpus(2, "p", Role.PROTECTED), corpus(3, "c")]
    assert choose(bare).undated == ("s", "p")


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"suspect": "nobody"}, "no corpus"),
        ({"protected": "nobody"}, "no corpus or family"),
        ({"controls": ["nobody"]}, "no corpus"),
        ({"exclude": {"nobody": "x"}}, "no corpus"),
    ],
)
def test_names_that_do_not_fit(names: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        choose(case(), **names)


def test_a_model_is_not_tested_against_its_own_family() -> None:
    with pytest.raises(RefusedError, match="own family"):
        choose(case(), suspect="p-new")


def test_a_case_without_roles_says_what_to_name() -> None:
    with pytest.raises(UsageError, match="No corpus has the role suspect") as said:
        choose([corpus(1, "a"), corpus(2, "b")])
    assert "--suspect" in said.value.hint
    with pytest.raises(UsageError, match="role protected"):
        choose([corpus(1, "a"), corpus(2, "b")], suspect="a")


def test_a_name_that_is_both_means_the_family() -> None:
    made = [
        corpus(1, "s", Role.SUSPECT, released="2024-01"),
        corpus(2, "claw", family="claw", released="2023-01"),
        corpus(3, "claw-2", family="claw", released="2023-06"),
        *(corpus(4 + n, f"c{n}") for n in range(3)),
    ]
    for given, members in (
        ("claw", ["claw", "claw-2"]),
        ("family:claw", ["claw", "claw-2"]),
        ("corpus:claw", ["claw"]),
        ("claw-2", ["claw-2"]),
    ):
        question = choose(made, protected=given)
        assert [c.name for c in question.protected] == members
        assert [c.name for c in question.controls] == ["c0", "c1", "c2"]


@pytest.mark.parametrize("kind", LeftOutKind)
def test_a_reason_is_read_back_with_its_kind(kind: LeftOutKind) -> None:
    item = LeftOut("c1", kind, "what follows")
    assert left_out_from_json(item.as_json()) == item


def test_the_words_that_begin_stored_reasons_stay() -> None:
    """They are file format: a Finding of the first release has nothing else to tell the kinds by."""
    assert {kind.name: kind.value for kind in LeftOutKind} == {
        "YOUNGER": "released ",
        "EXCLUDED": "excluded: ",
        "NOT_NAMED": "not among the controls that were named",
        "SET_ASIDE": "set aside",
        "OTHER": "",
    }


def test_what_rests_on_a_document_is_no_mere_word() -> None:
    said, written = (SourceModel("s", "derived"), SourceModel("s", "derived", document=3))
    corpora = [
        Corpus(at, name, role, Facts(sources=sources, base=base, documents=borne), 10, "0" * 64)
        for at, (name, role, sources, base, borne) in enumerate([
            ("s", Role.SUSPECT, (), "b", ("base=3",)),
            ("p", Role.PROTECTED, (), None, ()),
            ("c1", Role.CONTROL, (said,), None, ()),
            ("c2", Role.CONTROL, (written,), None, ()),
            ("b", Role.BASE, (), None, ()),
        ])
    ]  # fmt: skip
    for bearing, apart in (({3}, ["c1"]), (set[int](), ["c1", "c2", "b"])):
        question = choose(corpora, bearing=bearing)
        assert [one.corpus.name for one in question.apart] == apart
        assert question.base_borne is bool(bearing)
        left = {item.corpus: item.reason for item in question.left_out}
        assert left["c1"] == "on the examiner’s word alone, comes from the suspect"
    assert {i.corpus: i.reason for i in choose(corpora, bearing={3}).left_out}["c2"] == (
        "documented to come from the suspect (document 3)"
    )
