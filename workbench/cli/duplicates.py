"""The verb that lists duplicates: records that were left out, and the answers that are the same."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from workbench.cli.opening import opened
from workbench.cli.output import Meter, Result, table
from workbench.core.surroundings import Conditions


def add_options(parser: ArgumentParser, number: Callable[[str], int]) -> None:
    """The options of `duplicates`."""
    parser.add_argument("--import", metavar="ID", dest="of", type=number, help="of this import alone")
    parser.add_argument("--limit", metavar="N", type=number, default=100, help="duplicates on a page (100)")
    parser.add_argument("--after", metavar="KEY", type=number, default=0, help="go on after this key")


def duplicates(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """List the records that were left out as duplicates, each with its place and the answer that is the same."""
    with opened(options, conditions, writing=False) as session:
        found = session.duplicates(options.of, options.after, options.limit)
    document = {
        "imports": [c.as_json() for c in found.counted],
        "duplicates": [row.as_json() for row in found.rows],
        "next": found.next,
    }
    lines: list[str] = []
    if found.counted:
        rows = [(c.number, c.name, c.corpus, c.duplicate, c.duplicate - c.unlisted) for c in found.counted]
        lines += [*table(["import", "file", "corpus", "duplicate", "listed"], rows), ""]
    lines += [f"import {row.number}, {row.file}, {row.place}: {row.words()}" for row in found.rows]
    lines += filter(None, (c.words() for c in found.counted))
    if found.next is not None:
        lines.append(f"More: --after {found.next}")
    return Result(document, lines or ["No record was left out as a duplicate."])
