"""Synthetic logs taken in, with their truth, for the tests of whole campaigns."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.synthetic_logs import MAPPING, Settings, Synthetic
from workbench.core.pseudonyms import Pseudonyms
from workbench.importers.logs.formats import mapped
from workbench.importers.logs.lines import json_lines
from workbench.store.logs.engine import Engine
from workbench.store.logs.intake import Intake
from workbench.store.logs.tables import LogTables

NAMES = Pseudonyms(b"a key of the tests")


def logs_of(
    engine: Engine, folder: Path, settings: Settings, mapping: tuple[str, ...] = MAPPING
) -> tuple[LogTables, Synthetic]:
    """The tables of a synthetic log, with its events and its known accounts, and the log itself."""
    made = Synthetic(settings)
    stream = io.BytesIO(b"".join(made.lines()))
    Intake(engine, folder, 1, mapped(mapping), NAMES).take(json_lines(stream))
    return LogTables(engine, [folder], ["maker"], beside(made)), made


def beside(made: Synthetic) -> dict[str, list[Mapping[str, Any]]]:
    """The small tables of a synthetic log, with pseudonyms."""
    events = [
        event
        | {"ts": datetime.fromtimestamp(event["ts"], UTC).replace(tzinfo=None)}
        | ({"what": NAMES.of("account", event["what"])} if event["kind"] == "ban" else {})
        for event in made.events
    ]
    known = [one | {"account": NAMES.of("account", one["account"])} for one in made.truth["known"]]
    return {"events": events, "known": known}
