"""Markers of a case: sealed before they are served, regenerated from the key, and never in the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.app.direct_evidence.markers import add_markers, make_markers, planted_markers
from workbench.app.direct_evidence.secrets import FileKeeper, Secrets
from workbench.core.errors import BadInputError, UsageError
from workbench.core.markers import from_csv, to_csv
from workbench.core.surroundings import Conditions
from workbench.store import Case


@pytest.fixture
def case(tmp_path: Path, conditions: Conditions) -> Iterator[Case]:
    with Case.create(tmp_path / "a.case", title="t", conditions=conditions) as made:
        yield made


@pytest.fixture
def secrets(case: Case, tmp_path: Path) -> Secrets:
    return Secrets(case, FileKeeper(tmp_path / "secrets.json"))


def test_markers_come_back_from_key_and_ledger(case: Case, secrets: Secrets, tmp_path: Path) -> None:
    first = make_markers(case, "string", 5, tmp_path / "m.csv", ["acct-1", "acct-2"], secrets)
    second = make_markers(case, "fact", 3, tmp_path / "n.csv", (), secrets)
    planted = planted_markers(case, secrets)
    assert [one.marker.secret for one in planted] == [one.secret for one in first + second]
    assert all(len(one.decoys) == 999 and one.sealed for one in planted)
    assert [one.accounts for one in first] == ["acct-1", "acct-2", "acct-1", "acct-2", "acct-1"]
    assert from_csv((tmp_path / "m.csv").read_text("utf-8")) == first


def test_no_marker_is_in_the_case(case: Case, secrets: Secrets, tmp_path: Path) -> None:
    drawn = make_markers(case, "identifier", 4, tmp_path / "m.csv", (), secrets)
    add_markers(case, tmp_path / "m.csv", secrets)
    case.close()
    for path in (tmp_path / "a.case").rglob("*"):
        if path.is_file():
            assert not [one.id for one in drawn if one.secret.encode() in path.read_bytes()], path


def test_where_they_were_served_is_added(case: Case, secrets: Secrets, tmp_path: Path) -> None:
    drawn = make_markers(case, "string", 2, tmp_path / "m.csv", (), secrets)
    path = tmp_path / "served.csv"
    path.write_text(to_csv([replace(drawn[0], accounts="acct-9", time="2026-02-01")]), "utf-8")
    assert add_markers(case, path, secrets) == 1
    planted = planted_markers(case, secrets)
    assert (planted[0].marker.accounts, planted[0].marker.time) == ("acct-9", "2026-02-01")
    path.write_text(to_csv([replace(drawn[0], secret="ANOTHER")]), "utf-8")
    with pytest.raises(UsageError, match="not the one that was sealed"):
        add_markers(case, path, secrets)


def test_markers_of_another_tool_have_no_decoys(case: Case, secrets: Secrets, tmp_path: Path) -> None:
    path = tmp_path / "theirs.csv"
    path.write_text("id,kind,secret,probe,space\nx1,own,zebra-lantern-42,Which lamp?,1e9\n")
    assert add_markers(case, path, secrets) == 1
    (only,) = planted_markers(case, secrets)
    assert (only.marker.secret, only.decoys, only.sealed) == ("zebra-lantern-42", (), "")


def test_what_can_not_be_done_is_said(case: Case, secrets: Secrets, tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("x")
    with pytest.raises(UsageError, match="there already"):
        make_markers(case, "string", 1, tmp_path / "there.csv", (), secrets)
    with pytest.raises(UsageError, match="no number"):
        make_markers(case, "string", 0, tmp_path / "m.csv", (), secrets)
    with pytest.raises(UsageError, match="no kind"):
        make_markers(case, "poem", 1, tmp_path / "m.csv", (), secrets)
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInputError, match="can't be read"):
        add_markers(case, tmp_path / "bad.csv", secrets)
    assert planted_markers(case, secrets) == ()
