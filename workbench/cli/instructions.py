"""The verb for who instructed the examiner, and in which words."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from workbench.cli.opening import opened
from workbench.cli.output import Meter, Result
from workbench.core.instructions import NAMES, Instructions
from workbench.core.surroundings import Conditions
from workbench.core.typed_json import plain

_WORDS = {
    "reference": "the number of the matter, as court or client have it",
    "court": "the court or tribunal",
    "parties": "who stands against whom",
    "client": "for whom the report is made",
    "instructed_by": "who gave the instructions",
    "received": "when: YYYY-MM-DD",
    "words": "the instructions as they were given; the report quotes them",
    "papers": "what was handed over with them",
}


def instructions_options(parser: ArgumentParser) -> None:
    """One option for each part, and the reason of a change."""
    for name in NAMES:
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="T", help=_WORDS[name])
    parser.add_argument("--reason", metavar="T", default="", help="why it is changed; it stands in the ledger")


def instructions(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Show the instructions, or state some of them."""
    given = {name: getattr(options, name) for name in NAMES if getattr(options, name) is not None}
    with opened(options, conditions, writing=bool(given)) as session:
        now = session.instructions.state(given, options.reason) if given else session.instructions.stated()
    return Result({"instructions": plain(now)}, _lines(now))


def _lines(now: Instructions) -> list[str]:
    if not now.stated:
        return ["Nothing was stated: the report leaves blanks. `workbench instructions --help` names the parts."]
    return [f"{name.replace('_', ' ').capitalize()}: {getattr(now, name) or '(not stated)'}" for name in NAMES]
