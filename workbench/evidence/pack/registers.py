"""Files of a pack that follow from its results and its audit log alone: built for it, and rebuilt to check it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence

from workbench.core.hashing import canonical
from workbench.core.model import Json, Table
from workbench.core.plan import status_of
from workbench.core.text import visible, well_formed
from workbench.evidence.pack.names import ANALYSIS
from workbench.evidence.report.plans import plan_json, planned_in

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
BOM = b"\xef\xbb\xbf"


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Json]]) -> bytes:
    """A CSV file (RFC 4180, CRLF, UTF-8); a byte order mark only where something is not ASCII.

    Excel takes a file without the mark for the machine's own code page; readers of pure ASCII need none.
    """
    text = csv_lines([header, *rows])
    return text.encode() if text.isascii() else BOM + text.encode()


def csv_lines(rows: Iterable[Sequence[Json]]) -> str:
    """Some rows as CSV text, without header and mark."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def table_csv(table: Table) -> bytes:
    """A result table as CSV, with the names of its columns as header."""
    return csv_bytes([c.name for c in table.columns], table.rows)


def cell(value: Json) -> str:
    """One cell: numbers as they are, texts safe to open in a spreadsheet, None as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    shown = visible(well_formed(text)[0])
    return f"'{shown}" if text.startswith(_FORMULA) else shown


LOG_FIELDS = ("sequence", "time", "examiner", "account", "tool", "action", "object", "reason", "previous", "hash")
_RUN = ("number", "analysis", "version", "question", "made", "status", "withdrawn", "rung", "headline")
_PLANNED = ("plan", "look", "deviations", "known_before")
PLAN = f"{ANALYSIS}plan.json"


def pretty(value: Json) -> bytes:
    """JSON for people and programs: sorted keys, two spaces, a line feed at the end."""
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def registers(results: Sequence[Json], lines: Iterable[Json]) -> dict[str, bytes]:
    """The run register, the plan and the software of each run, by their paths.

    `results` are the findings as results.json has them, `lines` those of the audit log. A log from before plans
    were recorded has no plan, and a register without its columns.
    """
    lines = list(lines)
    planned = planned_in(lines)
    header = (*_RUN, "seed", "sha256", "ledger_line", *(_PLANNED if planned.recorded else ()))
    runs = [(*_run(item), *(_under_plan(item) if planned.recorded else ())) for item in results]
    made_with = [
        {"finding": item["number"]}
        | {name: item["finding"][name] for name in ("analysis", "version", "software", "resources")}
        for item in results
    ]
    return {
        f"{ANALYSIS}runs.csv": csv_bytes(header, runs),
        f"{ANALYSIS}environment.json": pretty({"runs": made_with}),
        **({PLAN: pretty(plan_json(planned))} if planned.recorded else {}),
    }


def custody_table(lines: Iterable[Json]) -> bytes:
    """The log as a table."""
    return csv_bytes(LOG_FIELDS, [[_flat(line.get(name)) for name in LOG_FIELDS] for line in lines])


def _run(item: Json) -> tuple[Json, ...]:
    finding, narrative = item["finding"], item["narrative"]
    return (
        item["number"],
        finding["analysis"],
        finding["version"],
        finding["question"],
        item["made"],
        item["status"],
        item["withdrawn"],
        narrative["rung"],
        narrative["headline"],
        finding["seed"],
        item["sha256"],
        item["ledger_line"],
    )


def _under_plan(item: Json) -> tuple[Json, ...]:
    said = status_of(item["options"])
    return said.version, said.look, "; ".join(said.deviations), " ".join(map(str, said.known_before))


def _flat(value: Json) -> Json:
    return canonical(value).decode() if isinstance(value, dict | list) else value
