"""Files of a pack that follow from its results and its audit log alone: built for it, and rebuilt to check it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from workbench.core.hashing import canonical
from workbench.core.model import Json
from workbench.core.plan import status_of
from workbench.evidence.pack.names import ANALYSIS, CUSTODY
from workbench.evidence.report.plans import plan_json, planned_in
from workbench.evidence.sheets import csv_bytes

LOG_FIELDS = ("sequence", "time", "examiner", "account", "tool", "action", "object", "reason", "previous", "hash")
_RUN = ("number", "analysis", "version", "question", "made", "status", "withdrawn", "rung", "headline")
_PLANNED = ("plan", "look", "deviations", "known_before")
PLAN = f"{ANALYSIS}plan.json"


def pretty(value: Json) -> bytes:
    """JSON for people and programs: sorted keys, two spaces, a line feed at the end."""
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def registers(results: Sequence[Json], lines: Iterable[Json]) -> dict[str, bytes]:
    """The run register, the plan, the software of each run and the log as a table, by their paths.

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
    rows = [[_flat(line.get(name)) for name in LOG_FIELDS] for line in lines]
    return {
        f"{ANALYSIS}runs.csv": csv_bytes(header, runs),
        f"{ANALYSIS}environment.json": pretty({"runs": made_with}),
        f"{CUSTODY}custody.csv": csv_bytes(LOG_FIELDS, rows),
        **({PLAN: pretty(plan_json(planned))} if planned.recorded else {}),
    }


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
