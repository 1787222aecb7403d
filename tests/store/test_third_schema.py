"""A case of the third schema, whose duplicates were only counted."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.store.importing.listed_duplicates import expected, listed
from tests.store.importing.test_finish import begun, twice
from tests.store.making import several
from workbench.core.surroundings import Conditions
from workbench.store import Case


def test_a_case_of_the_third_schema(tmp_path: Path, conditions: Conditions) -> None:
    """Two imports with counted duplicates, and one whose end was broken off when five of ten had been counted."""
    with zipfile.ZipFile(Path(__file__).with_name("schema_3.zip")) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "a.case"
    (folder / "originals" / ".incoming").mkdir(parents=True, exist_ok=True)
    before = (folder / "case.db").read_bytes()

    def counted(case: Case) -> list[tuple[int, int]]:
        return [(c.duplicate, c.unlisted) for row in case.import_log() for c in row.corpora]

    with Case.open(folder, conditions=conditions) as case:
        assert case.facts.schema == 3
        assert counted(case) == [(4, 4), (6, 6)]
        assert list(case.duplicates()) == list(case.duplicates(1)) == []
        assert case.verify() == []
    assert (folder / "case.db").read_bytes() == before
    with Case.open(folder, conditions=conditions, writing=True) as case:
        assert case.facts.schema == 4
        assert counted(case) == [(4, 4), (6, 6)]
        assert case.verify() == []
        items = [*twice(20), *several(10, start=8)]
        (counts,) = begun(case, tmp_path, items, "open.json").finish(default_model="ada")
        assert (counts.records, counts.accepted, counts.duplicate) == (56, 46, 10)
        assert counted(case)[2] == (10, 5)
        wanted = expected([("one.json", several(12)), ("open.json", items)])
        assert len(wanted) == 10
        assert {row[1:] for row in listed(case)} < {row[1:] for row in wanted}
        assert len(listed(case, 3)) == 5
        assert case.verify() == []
