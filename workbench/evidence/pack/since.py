"""What changed since the pack that another one supersedes: findings, corpora and exhibits, as the log tells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from workbench.core.exhibits import EXHIBIT_WITHDRAWN, EXHIBITS_ADDED
from workbench.core.model import Json
from workbench.core.printed import listed
from workbench.core.text import counted, one_line
from workbench.evidence.check.log_statements import inside

_MOST = 12
"""Names that are listed one by one."""


def since(lines: Sequence[str], number: int) -> str:
    """What changed since the pack before the one of a number, in words; empty for the first pack.

    `lines` are those of the log before the pack.
    """
    log = [json.loads(text) for text in lines]
    before = [at for at, line in enumerate(log) if line["action"] == "export begun"]
    if not before:
        return ""
    last = log[before[-1]]
    said = list(_said(log[: before[-1]], log[before[-1] + 1 :]))
    what = "; ".join(said) if said else "no finding, corpus or exhibit"
    return f"Since pack {int(inside(last, 'object', 'export') or number - 1):02d}, log line {last['sequence']}: {what}."


def _said(then: Sequence[Mapping[str, Json]], now: Sequence[Mapping[str, Json]]) -> Iterator[str]:
    made = (inside(line, "object", "finding") for line in _of(now, "analysis run"))
    yield from _names("finding", "findings", "added", made)
    gone = (inside(line, "object", "finding") for line in _of(now, "finding withdrawn"))
    yield from _names("finding", "findings", "withdrawn", gone)
    known = set(_corpora(then))
    yield from _names("corpus", "corpora", "added", (name for name in _corpora(now) if name not in known))
    changed = (inside(line, "options", "corpus", "name") for line in _of(now, "corpus changed"))
    yield from _names("corpus", "corpora", "with other facts or another role", changed)
    added = (
        one.get("exhibit") for line in _of(now, EXHIBITS_ADDED) for one in inside(line, "options", "exhibits") or ()
    )
    yield from _names("exhibit", "exhibits", "added", added)
    withdrawn = (inside(line, "object", "exhibit") for line in _of(now, EXHIBIT_WITHDRAWN))
    yield from _names("exhibit", "exhibits", "withdrawn", withdrawn)
    plans = [line for line in now if line["action"] == "plan locked"]
    if plans:
        yield f"{counted(len(plans), 'version', 'versions')} of the plan locked"


def _of(lines: Sequence[Mapping[str, Json]], action: str) -> list[Mapping[str, Json]]:
    return [line for line in lines if line["action"] == action]


def _corpora(lines: Sequence[Mapping[str, Json]]) -> Iterator[str]:
    for line in _of(lines, "file imported"):
        for one in inside(line, "options", "corpora") or ():
            name = inside(one, "corpus", "name")
            if isinstance(name, str):
                yield name


def _names(one: str, several: str, what: str, names: Iterator[Json]) -> Iterator[str]:
    kept = [one_line(str(name), 60) for name in dict.fromkeys(names) if name is not None]
    if kept:
        yield f"{counted(len(kept), one, several)} {what} ({listed(kept, _MOST)})"
