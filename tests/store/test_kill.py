"""Kill -9 at any moment: the case opens, verifies, and goes on."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.killing import killed_after
from tests.store.making import new_case, several
from workbench.core.surroundings import Conditions
from workbench.store import Case, verify_case

_WORK = """
import itertools, sys
from pathlib import Path
from tests.store.making import record, sealed_pack, several
from workbench.core.surroundings import of_this_machine
from workbench.core.model import Rejected
from workbench.core import prepared_answers
from workbench.store import Case
prepared_answers.BATCH_ROWS = 50
folder = Path(sys.argv[1])
with Case.open(folder / "a.case", conditions=of_this_machine("x"), writing=True) as case:
    print("ready", flush=True)
    for number in itertools.count():
        path = folder / f"{sys.argv[2]}-{number}"
        path.write_text(path.name * 1000)
        begun = case.begin_import(case.take(path), "test", {})
        items = [*several(400, f"m{number % 3}", start=number * 100), Rejected("bad", 1, 1, 1)]
        begun.add(items[begun.records:])
        if number % 4 == 3:
            begun.discard()
        else:
            begun.finish(default_model="x")
        found = record(case, number)
        export = sealed_pack(case, {"n": number})
        case.finish_export(export.number, "0" * 64)
        case.withdraw(found, "r")
        case.set_corpus("m0", note=f"{sys.argv[2]}-{number}", reason="r")
"""


def _check(folder: Path, conditions: Conditions, *, resume: bool) -> None:
    case_folder = folder / "a.case"
    # Verification needs no writing opening to set things right first.
    assert verify_case(case_folder) == []
    with Case.open(case_folder, conditions=conditions, writing=True) as case:
        assert case.notice == ""
        assert case.verify() == []
        for open_import in case.open_imports():
            if resume:
                number = int(open_import.source.name.split("-")[1])
                begun = case.begin_import(open_import.source, open_import.importer, open_import.options)
                assert begun.id == open_import.id
                begun.add(several(400, f"m{number % 3}", start=number * 100)[begun.records :])
                assert sum(c.records for c in begun.finish(default_model="x")) in (400, 401)
            else:
                case.discard_import(open_import.id)
        assert case.open_imports() == []
        assert case.verify() == []
    assert verify_case(case_folder) == []


def _rounds(folder: Path, conditions: Conditions, count: int) -> None:
    new_case(folder, conditions).close()
    chance = random.Random(7)
    for number in range(count):
        killed_after(chance.uniform(0, 0.6), _WORK, folder, f"r{number}")
        _check(folder, conditions, resume=bool(number % 2))


def test_a_few_moments(tmp_path: Path, conditions: Conditions) -> None:
    _rounds(tmp_path, conditions, 4)


@pytest.mark.slow
def test_fifty_moments(tmp_path: Path, conditions: Conditions) -> None:
    _rounds(tmp_path, conditions, 50)
