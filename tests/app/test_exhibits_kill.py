"""Kill -9 at any moment of marking and noting: every act that was said to be done is in the case, and it verifies."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.killing import killed_after
from tests.store.making import bring, new_case, several
from workbench.app.session import Session
from workbench.core.surroundings import Conditions

ANSWERS = 30

_WORK = """
import itertools, sys
from pathlib import Path
from workbench.app.session import Session
from workbench.core.exhibits import About, Mark, State
from workbench.core.surroundings import of_this_machine
with Session.open(Path(sys.argv[1]), conditions=of_this_machine()) as session:
    door, numbers = session.exhibits, list(session.browse.numbers(["ada"]))
    print("ready", flush=True)
    for at in itertools.count():
        number = numbers[at % len(numbers)]
        door.mark([number], Mark.MARKED, on=at // len(numbers) % 2 == 0)
        print(f"mark {number} {at // len(numbers) % 2 == 0}", flush=True)
        words = f"{sys.argv[2]}-{at}"
        print(f"note {door.note(About.ANSWER, str(number), words).number} {words}", flush=True)
        name = next((e.name for e in door.register().standing() if e.choice.answers[0].number == number), "")
        if not name:
            name = door.add_answers([number])
            print(f"made {name}", flush=True)
        door.comment(name, f"{sys.argv[2]}-{at}")
        print(f"comment {name} {sys.argv[2]}-{at}", flush=True)
        door.review(name, State.CHECKED, f"{at}")
"""


def _rounds(folder: Path, conditions: Conditions, count: int) -> None:
    with new_case(folder, conditions) as case:
        bring(case, folder, several(ANSWERS))
    path, chance = folder / "a.case", random.Random(11)
    acts, notes, made, marked = 0, {}, set(), {}
    for number in range(count):
        comments = {}
        for kind, *rest in killed_after(chance.uniform(0, 0.5), _WORK, path, f"r{number}"):
            acts += 1
            if kind == "note":
                notes[int(rest[0])] = rest[1]
            elif kind == "made":
                made.add(rest[0])
            elif kind == "comment":
                comments[rest[0]] = rest[1]
            else:
                marked[int(rest[0])] = rest[1] == "True"
        with Session.open(path, conditions=conditions) as session:
            found = session.exhibits.register()
            assert {n.number: n.text for n in found.notes if n.number in notes} == notes
            assert made <= {one.name for one in found.exhibits}
            assert len({one.name for one in found.exhibits}) == len(found.exhibits)
            for name, text in comments.items():
                # One act more may have been written than was said.
                assert int(found.exhibit(name).comment.partition("-")[2]) >= int(text.partition("-")[2])
            lost = [n for n, on in marked.items() if bool(found.marks.get(n)) != on]
            assert len(lost) <= 1, "one act more may have been written than was said"
            assert session.verify().ok
        marked = {n: bool(some) for n, some in found.marks.items()}
        notes = {n.number: n.text for n in found.notes}
    assert acts > 5 * count


def test_a_few_moments(tmp_path: Path, conditions: Conditions) -> None:
    _rounds(tmp_path, conditions, 3)


@pytest.mark.slow
def test_fifty_moments(tmp_path: Path, conditions: Conditions) -> None:
    _rounds(tmp_path, conditions, 50)
