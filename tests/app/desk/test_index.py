"""What the sidebar and the foot say of a case."""

from __future__ import annotations

from pathlib import Path

from tests.store.verify.test_verify import behind
from workbench.app.desk.index import read_index
from workbench.app.session import Session
from workbench.core.surroundings import Conditions


def test_a_ledger_is_called_whole_only_where_each_line_follows(tmp_path: Path, conditions: Conditions) -> None:
    with Session.create(tmp_path / "a.case", title="A", conditions=conditions) as session:
        index = read_index(session)
        assert (index.lines, index.broken) == (1, 0)
    behind(tmp_path / "a.case", "UPDATE ledger SET line = replace(line, 'A. Examiner', 'B. Examiner')")
    with Session.open(tmp_path / "a.case", conditions=conditions, writing=False) as session:
        assert read_index(session).broken == 1
