"""Logs, markers and secrets by the command line: what is said, what is written, and what is never written."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.synthetic_logs import MAPPING, Campaign, Settings, Synthetic
from workbench.app.direct_evidence.secrets import PLACE
from workbench.cli.main import run as call
from workbench.core.surroundings import Conditions

SECRET = "correct-horse-battery"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(PLACE, str(tmp_path / "kept" / "secrets.json"))
    settings = Settings(rows=1_200, seed=4, characters=20, accounts=80, innocent=False, campaigns=(Campaign(8, 40, 2),))
    with (tmp_path / "usage.jsonl").open("wb") as stream:
        Synthetic(settings).write(stream)
    return tmp_path


class Words:
    """Runs verbs and gives their JSON."""

    def __init__(self, capsys: pytest.CaptureFixture[str], conditions: Conditions) -> None:
        self._capsys, self._conditions = capsys, conditions
        self.errors = ""

    def __call__(self, *words: str, code: int = 0) -> Any:
        found = call([*words, "--json"], self._conditions)
        said = self._capsys.readouterr()
        self.errors = said.err
        assert found == code, said.err
        return json.loads(said.out)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], conditions: Conditions) -> Words:
    return Words(capsys, conditions)


def mapping() -> list[str]:
    """The mapping of the synthetic log as words."""
    return [word for pair in MAPPING for word in ("--map", pair)]


def test_a_log_and_its_campaign_go_into_a_pack_without_a_name(here: Path, run: Words) -> None:
    run("new", "m.case", "--title", "T")
    failed = run("logs", "m.case", "add", "usage.jsonl", code=2)
    assert "Whose log" in failed["error"]["message"]
    failed = run("logs", "m.case", "add", "usage.jsonl", "--of", "maker", code=2)
    assert "--map ts=time --map account=account" in failed["error"]["hint"]
    (report,) = run("logs", "m.case", "add", "usage.jsonl", "--of", "maker", *mapping())["logs"]
    assert report["accepted"] + report["duplicate"] + sum(report["rejected"].values()) == report["lines"]
    assert "without encryption" in run.errors
    facts = run("logs", "m.case")
    assert (facts["rows"], facts["shares"]["prompt"]) == (report["accepted"], 1.0)
    finding = run("run", "m.case", "campaign", "--draws", "199")
    assert finding["values"]["clusters"] >= 1
    assert run("export", "m.case", "p.zip")
    assert run("verify", "p.zip")["ok"]
    assert run("verify", "m.case")["ok"]
    names = [b"acct-0", b"10.15.", b"card-", (here / "kept" / "secrets.json").read_bytes()[:40]]
    with zipfile.ZipFile("p.zip") as pack:
        for member in pack.namelist():
            assert not [name for name in names if name in pack.read(member)], member
    for path in [
        here / "m.case" / "case.db",
        here / "m.case" / "ledger.jsonl",
        *(here / "m.case" / "logs").rglob("*.parquet"),
    ]:
        assert not [name for name in names if name in path.read_bytes()], path


def test_markers_are_made_listed_and_told_where_they_went(here: Path, run: Words) -> None:
    run("new", "m.case", "--title", "T")
    assert run("markers", "m.case")["markers"] == []
    (here / "accounts.txt").write_text("acct-1\n\nacct-2\n")
    made = run("markers", "m.case", "make", "fact", "--number", "4", "--file", "m.csv", "--accounts", "accounts.txt")
    assert made["markers"] == 4
    text = (here / "m.csv").read_text("utf-8")
    assert text.count("acct-1") == text.count("acct-2") == 2
    assert len(run("markers", "m.case")["markers"]) == 4
    assert run("markers", "m.case", "add", "--file", "m.csv")["markers"] == 4
    assert run("markers", "m.case", "make", "fact", "--file", "m.csv", code=2)["error"]["kind"] == "usage"


def test_a_secret_is_read_from_standard_input_and_written_nowhere(
    here: Path, run: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("new", "m.case", "--title", "T")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SECRET.encode() + b"\n")))
    assert run("secret", "m.case", "set", "api.key") == {"kept": "api.key"}
    assert run("secret", "m.case", "list") == {"secrets": ["api.key"]}
    for path in (here / "m.case").rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes()
    assert run("secret", "m.case", "forget", "api.key") == {"forgotten": "api.key"}
    assert run("secret", "m.case", "list") == {"secrets": []}
    assert run("secret", "m.case", "set", code=2)["error"]["kind"] == "usage"


def test_events_and_known_accounts_are_counted(here: Path, run: Words) -> None:
    run("new", "m.case", "--title", "T")
    (here / "events.csv").write_text("ts,kind,what,source\n2026-01-05T00:00:00Z,release,p-4,notes\n")
    (here / "known.csv").write_text("account,kind,basis\nacct-000001,vendor,contract\n")
    assert run("logs", "m.case", "events", "events.csv") == {"events": 1}
    assert run("logs", "m.case", "known", "known.csv") == {"known": 1}
    assert len(run("logs", "m.case", "pseudonym", "acct-000001")["pseudonym"]) == 16
    (here / "events.csv").write_text("ts,kind,what,source\nsoon,release,p-4,notes\n")
    assert "no time" in run("logs", "m.case", "events", "events.csv", code=2)["error"]["message"]
    assert run("run", "m.case", "campaign", code=1)["error"]["kind"] == "refused"
