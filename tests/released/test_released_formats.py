"""The list of everything that others may rely on: what is in it can't be renamed, dropped or changed by accident.

`formats.json` has the released names and values: analyses with their settings, values and tables, ledger actions, the
database, the paths and columns of a pack, the calibration file, and what the verbs print with `--json`. Something new
is added to that file by hand. Something that is there is changed only with a migration, since cases and packs that
exist have it as it was.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.released.conftest import Released, Today
from tests.released.formats import actions, flat, formats, keys
from workbench.cli.main import run
from workbench.core.errors import Cancelled
from workbench.core.surroundings import Conditions

LIST = Path(__file__).with_name("formats.json")


def test_every_format_is_as_released(today: Today) -> None:
    then, now = flat(json.loads(LIST.read_text("utf-8"))), flat(formats(today))
    gone, new = sorted(then - now), sorted(now - then)
    assert not gone, "released, and not there any more:\n" + "\n".join(gone)
    assert not new, f"new, and to be added to {LIST.name}:\n" + "\n".join(new)


def test_the_list_has_what_the_released_files_have(latest: Released) -> None:
    """The files say that the list is of this release, and not of whatever the code does today."""
    listed = json.loads(LIST.read_text("utf-8"))
    lines = [json.loads(line) for line in (latest.case / "ledger.jsonl").read_text("utf-8").splitlines()]
    assert {line["action"] for line in lines} <= set(listed["ledger"]["actions"])
    assert {key for line in lines for key in line} == set(listed["ledger"]["fields"])
    for item in latest.results:
        finding, entry = item["finding"], listed["analyses"][item["finding"]["analysis"]]
        assert set(finding["tables"]) == set(entry["tables"])
        assert set(finding["parameters"]) == set(entry["settings"])
        assert str(finding["version"]) == entry["version"]
        values = keys(finding["values"])
        assert {path for path in values if not path.startswith("calibration.")} == set(entry["values"])


def test_a_change_of_a_format_is_seen(tmp_path: Path) -> None:
    """Each kind of change shows as a line: a renamed key, another kind of value, a changed table, a new action."""
    then = flat(json.loads(LIST.read_text("utf-8")))
    assert flat({"a": {"b": ["c"]}, "d": "e"}) == {"a | b | c", "d = e"}
    assert keys({"log10_lr": 1.5}) != keys({"lr": 1.5}) != keys({"lr": "1.5"})
    assert any("analyses | weigh | values | log10_lr = number" in line for line in then)
    assert any("database | schema | table ledger = CREATE TABLE" in line for line in then)
    (tmp_path / "store").mkdir()
    code = 'SAID = "case moved"\nledger.Entry(SAID, {})\nEntry("case split")\n'
    (tmp_path / "store" / "a.py").write_text(code, encoding="utf-8")
    assert actions(tmp_path) == {"case moved", "case split"}


def _raising(error: BaseException) -> Conditions:
    def clock() -> datetime:
        raise error

    return Conditions(clock, "A. Examiner", "examiner@desk", lambda: "id")


@pytest.mark.parametrize(
    ("code", "words", "error"),
    [
        (0, ["verify", "CASE"], None),
        (1, ["verify", "CASE", "--head", "0" * 64], None),
        (1, ["show", "NO CASE", "1"], None),
        (2, ["verify"], None),
        (2, ["frobnicate"], None),
        (3, ["new", "NEW"], RuntimeError()),
        (130, ["new", "NEW"], Cancelled()),
        (130, ["new", "NEW"], KeyboardInterrupt()),
    ],
)
def test_exit_codes(
    released: Released,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    words: list[str],
    error: BaseException | None,
) -> None:
    """Done, refused, asked for wrongly, a fault of ours, and stopped."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    places = {"CASE": released.case, "NO CASE": tmp_path / "none", "NEW": tmp_path / "new"}
    conditions = None if error is None else _raising(error)
    assert run([str(places.get(word, word)) for word in words], conditions) == code
