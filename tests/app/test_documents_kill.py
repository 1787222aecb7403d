"""Kill -9 at any moment of taking documents in: every act that was said to be done is in the case, and it verifies."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.killing import killed_after
from workbench.app.session import Session
from workbench.core.surroundings import Conditions

_WORK = """
import itertools, sys
from pathlib import Path
from workbench.app.documents import door
from workbench.app.session import Session
from workbench.core.documents import Description, Kind
from workbench.core.surroundings import of_this_machine
from workbench.importers.documents.read import words_of
door.read_words = lambda path, name, progress: words_of(path, name)
folder, label = Path(sys.argv[1]), sys.argv[2]
with Session.open(folder, conditions=of_this_machine()) as session:
    print("ready", flush=True)
    for at in itertools.count():
        path = folder.parent / f"{label}.txt"
        path.write_text(f"The words of {label} number {at}. " * 2000)
        made = session.documents.add(path, Description(Kind.STATEMENT, f"{label}-{at}"))
        print(f"document {made.number} {made.said.title}", flush=True)
        clause = session.documents.quote(made.number, f"number {at}.")
        print(f"clause {made.number} {clause.number}", flush=True)
"""


def _rounds(folder: Path, conditions: Conditions, count: int) -> None:
    Session.create(folder / "a", title="A", conditions=conditions).close()
    path, chance, acts = folder / "a.case", random.Random(7), 0
    titles, clauses = dict[int, str](), set[tuple[int, int]]()
    for number in range(count):
        for kind, first, second in killed_after(chance.uniform(0.1, 0.5), _WORK, path, f"r{number}"):
            acts += 1
            if kind == "document":
                titles[int(first)] = second
            else:
                clauses.add((int(first), int(second)))
        with Session.open(path, conditions=conditions) as session:
            assert session.verify().ok
            found = session.documents.register().all
            assert {one.number: one.said.title for one in found if one.number in titles} == titles
            assert clauses <= {(one.number, clause.number) for one in found for clause in one.clauses}
            assert len({one.said.title for one in found}) == len(found)
    assert acts >= count


def test_a_few_moments(tmp_path: Path, conditions: Conditions) -> None:
    _rounds(tmp_path, conditions, 2)


@pytest.mark.slow
def test_thirty_moments(tmp_path: Path, conditions: Conditions) -> None:
    _rounds(tmp_path, conditions, 30)
