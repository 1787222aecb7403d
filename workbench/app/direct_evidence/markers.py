"""Planted markers of a case: drawn with a key that stays in the keyring, and sealed in the ledger before serving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workbench.app.direct_evidence.secrets import Secrets
from workbench.core.errors import BadInputError, UsageError
from workbench.core.hashing import sha256
from workbench.core.markers import Marker, Planted, decoys, from_csv, make, seal, to_csv
from workbench.core.model import Json
from workbench.store import Case
from workbench.store.notes import MARKERS_ADDED, MARKERS_MADE

KEY = "markers"
"""The name of the secret by which markers are drawn."""

MOST = 10_000


def make_markers(
    case: Case, kind: str, number: int, out: Path, accounts: Sequence[str] = (), where: Secrets | None = None
) -> tuple[Marker, ...]:
    """Draw new markers, seal them in the ledger, and write them as CSV; each goes to one account in turn, if given.

    Raises UsageError for a bad kind or number, or where the file is there already.
    """
    if not 1 <= number <= MOST:
        raise UsageError(f"{number} is no number of markers.", hint=f"From 1 to {MOST:,}.")
    if out.exists():
        raise UsageError(f"{out.name} is there already: it is not overwritten.")
    secrets = where or Secrets(case)
    key = secrets.made(KEY)
    prefix = f"{len(case.notes.read(MARKERS_MADE)) + 1}-"
    drawn = make(key, kind, number, prefix)
    if accounts:
        drawn = tuple(replace(one, accounts=accounts[at % len(accounts)]) for at, one in enumerate(drawn))
    options: Json = {"kind": kind, "number": number, "prefix": prefix, **seal(key, drawn)}
    case.notes.write(MARKERS_MADE, {"markers": prefix}, options)
    out.write_text(to_csv(drawn), encoding="utf-8")
    return drawn


def add_markers(case: Case, path: Path, where: Secrets | None = None) -> int:
    """Say where markers were served, or bring in markers that another tool planted; gives their number.

    The file itself does not stay in the case: it holds secrets. The ledger has its SHA-256, and for each marker where
    it was served; secrets of another tool's markers go to the keyring.
    """
    try:
        data = path.read_bytes()
        given = from_csv(data.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"{path.name} can't be read as a CSV file of markers.") from error
    if not given:
        raise BadInputError(f"{path.name} holds no marker.")
    secrets = where or Secrets(case)
    own = {one.marker.id: one.marker for one in _drawn(case, secrets)}
    for one in given:
        if one.id in own and one.secret != own[one.id].secret:
            raise UsageError(f"Marker {one.id} is not the one that was sealed in this case.")
    foreign = [one for one in given if one.id not in own]
    name = ""
    if foreign:
        name = f"markers-{len(case.notes.read(MARKERS_ADDED)) + 1}"
        secrets.put(name, to_csv(foreign).encode())
    served = {one.id: {"accounts": one.accounts, "contexts": one.contexts, "time": one.time} for one in given}
    case.notes.write(MARKERS_ADDED, {"markers": sha256(data)}, {"served": served, "secret": name})
    return len(given)


def planted_markers(case: Case, where: Secrets | None = None) -> tuple[Planted, ...]:
    """All markers of a case with their decoys; those of other tools have none, and count by exact hits alone."""
    added = case.notes.read(MARKERS_ADDED)
    if not added and not case.notes.read(MARKERS_MADE):
        return ()
    secrets = where or Secrets(case)
    found = _drawn(case, secrets)
    for line in added:
        if line.options["secret"]:
            text = secrets.get(line.options["secret"]).decode()
            found += [Planted(one) for one in from_csv(text)]
    served = {key: facts for line in added for key, facts in line.options["served"].items()}
    return tuple(
        replace(one, marker=replace(one.marker, **served[one.marker.id])) if one.marker.id in served else one
        for one in found
    )


def _drawn(case: Case, secrets: Secrets) -> list[Planted]:
    """The markers that were made in this case, with their decoys; what was sealed is checked."""
    found: list[Planted] = []
    for line in case.notes.read(MARKERS_MADE):
        key = secrets.get(KEY)
        drawn = make(key, line.options["kind"], line.options["number"], line.options["prefix"])
        if seal(key, drawn)["markers_hmac"] != line.options["markers_hmac"]:
            raise UsageError("The markers are not those that were sealed: another version of the program drew them.")
        found += [Planted(one, decoys(key, one), line.time) for one in drawn]
    return found
