"""Logs of a case: taken in once, gone on with after a stop, registered in the ledger, and without names."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.importers.logs import records
from tests.synthetic_logs import MAPPING, Settings, Synthetic
from workbench.app.direct_evidence import logs as module
from workbench.app.direct_evidence.logs import (
    LogRequest,
    add_events,
    add_known,
    add_log,
    log_states,
    pseudonym_of,
    tables_of,
)
from workbench.app.direct_evidence.secrets import FileKeeper, Secrets
from workbench.core.errors import BadInputError, Cancelled, UsageError
from workbench.core.logs import Keeper
from workbench.core.surroundings import Conditions
from workbench.store import Case
from workbench.store.logs.engine import Engine

REQUEST = LogRequest(Keeper.MAKER, mapping=MAPPING)


@pytest.fixture
def case(tmp_path: Path, conditions: Conditions) -> Iterator[Case]:
    with Case.create(tmp_path / "a.case", title="t", conditions=conditions) as made:
        yield made


@pytest.fixture
def secrets(case: Case, tmp_path: Path) -> Secrets:
    return Secrets(case, FileKeeper(tmp_path / "kept" / "secrets.json"))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "usage.jsonl"
    with path.open("wb") as stream:
        Synthetic(Settings(rows=1_500, seed=3, characters=20)).write(stream)
    return path


def counted(case: Case) -> int:
    """The exchanges of a case."""
    with Engine(case.notes.folder / "temporary") as engine:
        logs = tables_of(case, engine)
        assert logs is not None
        exchange = logs.table("exchange")
        return int(str(logs.rows(exchange.aggregate(n=exchange.count()))["n"][0]))


def test_a_log_is_taken_in_once(case: Case, secrets: Secrets, log: Path) -> None:
    report = add_log(case, log, REQUEST, where=secrets)
    assert report.accepted + report.duplicate + sum(report.rejected.values()) == report.lines > 1_400
    assert counted(case) == report.accepted
    again = add_log(case, log, REQUEST, where=secrets)
    assert again.already
    assert again.accepted == report.accepted
    assert counted(case) == report.accepted
    (state,) = log_states(case)
    assert (state.keeper, state.format, state.lines) == ("maker", "mapped", report.lines)


def test_calls_in_a_second_file_count_once(case: Case, secrets: Secrets, log: Path, tmp_path: Path) -> None:
    first = add_log(case, log, REQUEST, where=secrets)
    lines = log.read_bytes().splitlines(keepends=True)
    other = tmp_path / "more.jsonl.gz"
    other.write_bytes(gzip.compress(b"".join(lines[-200:]) + b"\n" + lines[0].replace(b"acct-", b"new-")))
    report = add_log(case, other, REQUEST, where=secrets)
    assert (report.lines, report.accepted, report.duplicate, report.rejected) == (202, 1, 200, {"blank line": 1})
    assert counted(case) == first.accepted + 1


def test_nothing_is_seen_of_a_log_that_was_stopped_and_it_goes_on(
    case: Case, secrets: Secrets, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.importers.logs.lines.BATCH", 100_000)
    monkeypatch.setattr("workbench.importers.logs.lines.json_lines.__defaults__", (0, 0, 100_000))

    def stop(fraction: float, note: str = "") -> None:
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        add_log(case, log, REQUEST, stop, secrets)
    assert log_states(case) == []
    with Engine(case.notes.folder / "temporary") as engine:
        assert tables_of(case, engine) is None
    kept = len(list((case.notes.folder / "0001").glob("part-*.json")))
    assert kept >= 2
    report = add_log(case, log, REQUEST, where=secrets)
    assert counted(case) == report.accepted
    assert report.lines == len(log.read_bytes().splitlines())


def test_no_name_or_address_is_in_what_the_case_makes_of_a_log(case: Case, secrets: Secrets, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    record = {"time": 1767323045, "account": "Jane Doe Ltd", "ip": "203.0.113.77", "mail": "jane@doe-ltd.example"}
    path.write_text(json.dumps(record) + "\n" + json.dumps(record | {"account": None}) + "\n{broken Jane Doe Ltd\n")
    mapping = ("ts=time", "account=account", "address=ip", "email=mail")
    report = add_log(case, path, LogRequest(Keeper.GATEWAY, mapping=mapping, leave=True), where=secrets)
    assert report.rejected == {"no JSON": 1, "no account": 1}
    known = tmp_path / "known.csv"
    known.write_text("account,kind,basis\nJane Doe Ltd,vendor,contract 7\n")
    assert add_known(case, known, secrets) == 1
    events = tmp_path / "events.csv"
    events.write_text("ts,kind,what,source\n2026-01-05T00:00:00Z,ban,Jane Doe Ltd,notice\n")
    assert add_events(case, events, secrets) == 1
    folder = case.facts.folder
    case.close()
    for file in folder.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            for value in (b"Jane", b"203.0.113", b"doe-ltd"):
                assert value not in data, file


def test_small_tables_name_the_same_accounts(case: Case, secrets: Secrets, log: Path, tmp_path: Path) -> None:
    add_log(case, log, REQUEST, where=secrets)
    known = tmp_path / "known.csv"
    known.write_text("account,kind,basis\nacct-000001,vendor,contract 7\n")
    add_known(case, known, secrets)
    with Engine(case.notes.folder / "temporary") as engine:
        logs = tables_of(case, engine)
        assert logs is not None
        found = logs.rows(logs.table("known"))
        assert found["account"].tolist() == [pseudonym_of(case, "acct-000001", secrets)]
        exchange = logs.table("exchange")
        own = exchange.filter(exchange.who == int(found["who"][0]))
        assert logs.rows(own.aggregate(n=own.count()))["n"][0] > 0


def test_formats_are_recognised_and_unknown_ones_get_a_ready_mapping(
    case: Case, secrets: Secrets, tmp_path: Path
) -> None:
    path = tmp_path / "helicone.json"
    path.write_text(json.dumps([records.HELICONE, records.HELICONE | {"request_id": "r-2"}], indent=1))
    report = add_log(case, path, LogRequest(Keeper.GATEWAY), where=secrets)
    assert (report.format, report.accepted) == ("helicone", 2)
    assert report.traps
    path = tmp_path / "own.csv"
    path.write_text("when,timestamp,user,prompt\n1,2026-01-01T00:00:00Z,u,hello\n")
    with pytest.raises(UsageError, match="no known format") as caught:
        add_log(case, path, LogRequest(Keeper.MAKER), where=secrets)
    assert caught.value.hint == "Say what they mean, such as: --map ts=timestamp --map account=user --map prompt=prompt"
    mapping = ("ts=timestamp", "account=user", "prompt=prompt")
    assert add_log(case, path, LogRequest(Keeper.MAKER, mapping=mapping), where=secrets).accepted == 1


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "is empty"), (b"[{]", "broken"), (b"\x1f\x8bjunk", "empty|damaged|can't")]
)
def test_files_that_are_no_logs_are_refused(
    case: Case, secrets: Secrets, tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=words):
        add_log(case, path, LogRequest(Keeper.MAKER), where=secrets)
    with pytest.raises(BadInputError, match="can't be read"):
        add_log(case, tmp_path / "missing", LogRequest(Keeper.MAKER), where=secrets)
    assert log_states(case) == []


def test_a_damaged_end_is_an_error_and_nothing_is_seen(case: Case, secrets: Secrets, log: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(gzip.compress(log.read_bytes())[:-2_000])
    with pytest.raises(BadInputError, match="damaged"):
        add_log(case, path, REQUEST, where=secrets)
    assert log_states(case) == []


def test_verification_names_what_was_changed(case: Case, secrets: Secrets, log: Path) -> None:
    add_log(case, log, REQUEST, where=secrets)
    assert case.verify() == []
    part = case.notes.folder / "0001" / "part-000001.parquet"
    kept = part.read_bytes()
    part.write_bytes(kept[:-1] + b"?")
    assert [(p.path, p.what) for p in case.verify()] == [("logs/0001", "changed")]
    part.unlink()
    (original,) = (case.notes.folder / "originals").iterdir()
    original.write_bytes(b"")
    assert [p.what for p in case.verify()] == ["removed", "changed"]
    original.unlink()
    assert [p.what for p in case.verify()] == ["removed", "removed"]


def test_what_is_stated_of_a_log_stands_in_the_ledger(case: Case, secrets: Secrets, log: Path) -> None:
    add_log(case, log, LogRequest(Keeper.MAKER, mapping=MAPPING, custody={"custodian": "R. Keeper"}), where=secrets)
    assert [line.options["custody"] for line in case.notes.read(module.LOGS_ADDED)] == [{"custodian": "R. Keeper"}]
    with pytest.raises(UsageError, match="Nothing is known of colour"):
        add_log(
            case,
            log.with_name("usage.jsonl"),
            LogRequest(Keeper.MAKER, custody={"colour": "x"}, mapping=MAPPING),
            where=Secrets(case),
        )
