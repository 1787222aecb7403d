"""Kill -9 at any moment of marking and noting: every act that was said to be done is in the case, and it verifies."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.store.making import bring, new_case, several
from workbench.app.session import Session
from workbench.core.surroundings import Conditions

ROOT = Path(__file__).resolve().parents[2]
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


def _kill_once(case: Path, label: str, delay: float) -> list[list[str]]:
    """Work on the case, kill that after a while, and return what it said was done."""
    child = subprocess.Popen(
        [sys.executable, "-c", _WORK, str(case), label], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n", child.communicate()[1].decode()
    time.sleep(delay)
    child.kill()
    said, errors = child.communicate()
    assert child.returncode == -signal.SIGKILL, errors.decode()
    return [line.split() for line in said.decode().splitlines(keepends=True) if line.endswith("\n")]


def _rounds(folder: Path, conditions: Conditions, count: int) -> None:
    with new_case(folder, conditions) as case:
        bring(case, folder, several(ANSWERS))
    path, chance = folder / "a.case", random.Random(11)
    acts, notes, made, marked = 0, {}, set(), {}
    for number in range(count):
        comments = {}
        for kind, *rest in _kill_once(path, f"r{number}", chance.uniform(0, 0.5)):
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
