"""The tables of finished logs, what is there twice, and every expression in the SQL of seven engines."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.analyses.usage_logs import expressions
from workbench.core.errors import Cancelled, WorkbenchError
from workbench.core.logs import TABLES, Logs, lazy_table
from workbench.core.pseudonyms import Pseudonyms
from workbench.importers.logs.formats import mapped
from workbench.importers.logs.lines import json_lines
from workbench.store.logs.engine import Engine
from workbench.store.logs.intake import Intake
from workbench.store.logs.tables import LogTables, find_duplicates, sql_of

FORM = mapped(["ts=t", "account=a", "prompt=p", "response=r", "request=id", "payment=card", "model=m"])
NAMES = Pseudonyms(b"key")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path / "temporary") as made:
        yield made


def take(engine: Engine, folder: Path, file: int, *records: dict[str, Any]) -> Path:
    """A finished log of some records."""
    data = b"".join(json.dumps(one).encode() + b"\n" for one in records)
    Intake(engine, folder, file, FORM, NAMES).take(json_lines(io.BytesIO(data), batch=4_000))
    return folder


def call(number: int, **more: Any) -> dict[str, Any]:
    """One call."""
    base = {
        "t": 1767323045 + number,
        "a": f"k{number % 4}",
        "p": f"Rate item {number} from 1 to 5",
        "r": "ok",
        "id": number,
    }
    return base | more


def test_calls_that_an_earlier_log_holds_are_left_out(engine: Engine, tmp_path: Path) -> None:
    one = take(engine, tmp_path / "1", 1, *(call(n) for n in range(100)))
    two = take(engine, tmp_path / "2", 2, *(call(n) for n in range(90, 130)))
    assert find_duplicates(engine, [one]) == 0
    assert find_duplicates(engine, [one, two]) == 10
    logs = LogTables(engine, [one, two], ["maker", "maker"])
    exchange = logs.table("exchange")
    found = logs.rows(exchange.group_by("file").aggregate(n=exchange.count()).order_by("file"))
    assert found["n"].tolist() == [100, 30]
    assert logs.keepers == ("maker",)
    door: Logs = logs
    assert door.engine.startswith("DuckDB ")


def test_heads_are_counted_over_all_logs(engine: Engine, tmp_path: Path) -> None:
    folders = [take(engine, tmp_path / str(k), k, *(call(n) for n in range(50 * k, 50 * k + 50))) for k in (1, 2)]
    logs = LogTables(engine, folders, ["maker"])
    found = logs.rows(expressions.head_texts(logs.table("heads"), 0, 1))
    assert found["text"].tolist() == ["rate item 0 from 0 to 0"]
    assert found["calls"].tolist() == [100]
    ((value, accounts),) = zip(
        *(
            logs.rows(expressions.templates(logs.table("exchange"), "head", 4, 100))[c].tolist()
            for c in ("value", "accounts")
        ),
        strict=True,
    )
    assert (value, accounts) == (found["head"][0], 4)
    assert len(logs.rows(expressions.templates(logs.table("exchange"), "head", 5, 100))["value"]) == 0


def test_small_tables_join_by_account(engine: Engine, tmp_path: Path) -> None:
    folder = take(engine, tmp_path / "1", 1, *(call(n) for n in range(8)))
    known = [{"account": NAMES.of("account", "k1"), "kind": "vendor", "basis": "contract"}]
    logs = LogTables(engine, [folder], ["maker"], {"known": known})
    exchange, table = logs.table("exchange"), logs.table("known")
    found = logs.rows(exchange.join(table, "who").select("row", "kind").order_by("row"))
    assert (found["row"].tolist(), set(found["kind"])) == ([1, 5], {"vendor"})
    assert len(logs.rows(logs.table("events"))["ts"]) == 0


def test_a_case_without_logs_has_empty_tables(engine: Engine) -> None:
    logs = LogTables(engine, [], [])
    for name in TABLES:
        assert {len(column) for column in logs.rows(logs.table(name)).values()} == {0}


def test_too_large_an_answer_and_a_stop_are_errors(engine: Engine, tmp_path: Path) -> None:
    logs = LogTables(engine, [take(engine, tmp_path / "1", 1, *(call(n) for n in range(50)))], ["maker"])
    with pytest.raises(WorkbenchError, match="more than 10 rows"):
        logs.rows(logs.table("exchange"), 10)

    def stop(fraction: float, note: str = "") -> None:
        raise Cancelled

    logs.progress = stop
    with pytest.raises(Cancelled):
        logs.rows(logs.table("exchange"))


def every_expression() -> dict[str, Any]:
    """Each expression with arguments that fit it."""
    exchange, heads = lazy_table("exchange"), lazy_table("heads")
    return {
        "totals": expressions.totals(exchange),
        "by_hour": expressions.by_hour(exchange),
        "templates": expressions.templates(exchange, "head", 5, 50),
        "head_texts": expressions.head_texts(heads, 1, 16),
        "members": expressions.members(exchange, "head", [1, 2]),
        "bins_of_templates": expressions.bins_of_templates(exchange, "head", [1, 2]),
        "bins_of_accounts": expressions.bins_of_accounts(exchange, [1, 2]),
        "entropy_of_accounts": expressions.entropy_of_accounts(exchange, [1, 2]),
        "covered": expressions.covered(exchange, "tail", [1, 2], [3, 4]),
        "texts_of": expressions.texts_of(lazy_table("texts"), [1, 2]),
        "shared_items": expressions.shared_items(exchange, "head", [1, 2]),
        "account_facts": expressions.account_facts(exchange),
        "account_names": expressions.account_names(exchange, [1, 2]),
        "shared_values": expressions.shared_values(exchange, "payment"),
        "models_of_accounts": expressions.models_of_accounts(exchange, [1, 2], 10, 20),
        "models_of_templates": expressions.models_of_templates(exchange, "head", [1, 2], 10, 20),
        "examples": expressions.examples(exchange, "head", 1, 20),
        "served": expressions.served(exchange, [1, 2]),
        "equal_answers": expressions.equal_answers(exchange, ["a", "b"]),
    }


def test_every_expression_runs_here(engine: Engine, tmp_path: Path) -> None:
    logs = LogTables(
        engine, [take(engine, tmp_path / "1", 1, *(call(n, card=n % 2, m="p") for n in range(50)))], ["maker"]
    )
    public = {
        n for n, f in vars(expressions).items() if callable(f) and getattr(f, "__module__", "") == expressions.__name__
    }
    assert set(every_expression()) == public - {"moment"}
    for name, expression in every_expression().items():
        assert logs.rows(expression), name
    shared = logs.rows(every_expression()["shared_values"])
    assert sorted(shared["accounts"].tolist()) == [2, 2, 2, 2]


@pytest.mark.parametrize("dialect", ["bigquery", "clickhouse", "postgres", "pyspark", "snowflake", "trino"])
def test_the_sql_of_other_engines_is_as_it_was(dialect: str) -> None:
    golden = Path(__file__).parent / "golden" / f"{dialect}.sql"
    made = "".join(f"-- {name}\n{sql_of(expression, dialect)}\n\n" for name, expression in every_expression().items())
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(made)
        pytest.fail("there was no golden file; look at the new one")
    assert made == golden.read_text()
