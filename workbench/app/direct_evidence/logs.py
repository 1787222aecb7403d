"""Usage logs of a case: taken in by an embedded engine, registered in the ledger, and shown as tables."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.app.direct_evidence.secrets import Secrets
from workbench.core.errors import BadInputError, CaseError, RefusedError, UsageError
from workbench.core.hashing import sha256_file, sha256_lines
from workbench.core.logs import COLUMNS, MASK, Keeper, LogCounts, LogFormat
from workbench.core.model import Json
from workbench.core.progress import Progress, part, silent
from workbench.core.pseudonyms import Pseudonyms
from workbench.core.secrets.find import masked_name
from workbench.store import Case
from workbench.store.notes import LOG_ACCOUNTS, LOG_EVENTS, LOGS_ADDED

if TYPE_CHECKING:
    from workbench.importers.logs.open import LogFile
    from workbench.store.logs.engine import Engine
    from workbench.store.logs.tables import LogTables

KEY = "pseudonyms"
"""The name of the secret under which accounts have their pseudonyms."""

CUSTODY = ("custodian", "query", "retention", "hold", "basis")
"""What may be stated of a log: who gave it, by what query, which rule deletes, the hold notice, the legal basis."""


@dataclass(frozen=True, slots=True)
class LogRequest:
    """How a log is taken in: its format or mapping, whose it is, the zone of its times, and what is stated of it.

    `leave` leaves the file where it is: only its size and its SHA-256 are kept.
    """

    keeper: Keeper
    format: str = ""
    mapping: tuple[str, ...] = ()
    zone: str = "UTC"
    leave: bool = False
    custody: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LogReport:
    """What became of a log; accepted + rejected + duplicate = lines."""

    file: str
    sha256: str
    format: str
    number: int
    lines: int
    accepted: int
    duplicate: int
    rejected: Mapping[str, int]
    examples: tuple[tuple[int, int, int, str], ...]
    already: bool
    traps: tuple[str, ...]
    notice: str


def add_log(
    case: Case, path: Path, request: LogRequest, progress: Progress = silent, where: Secrets | None = None
) -> LogReport:
    """Take a log in; the same file again changes nothing, and work that was broken off goes on where it was.

    Raises BadInputError for a file that is no log, UsageError where its format or its mapping is unknown.
    """
    from workbench.importers.logs.open import log_file
    from workbench.store.logs.engine import Engine
    from workbench.store.logs.intake import Intake, counts_of, read_parts
    from workbench.store.logs.tables import DUPLICATES, find_duplicates

    if not case.writing:
        raise CaseError("The case was opened for reading only.")
    unknown = sorted(set(request.custody) - set(CUSTODY))
    if unknown:
        raise UsageError(f"Nothing is known of {unknown[0]}.", hint=f"Say one of {', '.join(CUSTODY)}.")
    file = log_file(path)
    form = _form(file, request)
    secrets = where or Secrets(case)
    progress(0.0, "hashing")
    digest = sha256_file(path)
    for line in case.notes.read(LOGS_ADDED):
        if line.object["sha256"] == digest:
            return _report(path.name, line.object, line.options, True, form, secrets.notice)
    options = _options(path, digest, form, request)
    folder = _folder(case, options)
    original = path if request.leave else _kept(case, path, digest)
    names = Pseudonyms(secrets.made(KEY))
    number = int(folder.name)
    with Engine(case.notes.folder / "temporary") as engine:
        intake = Intake(engine, folder, number, form, names, request.zone)
        source = log_file(original)
        size = original.stat().st_size if not source.compression else 0
        intake.take(source.batches(*intake.place), part(progress, 0.1, 0.95), size)
        done = [_number_folder(case, one.options["number"]) for one in case.notes.read(LOGS_ADDED)]
        again = find_duplicates(engine, [*done, folder], part(progress, 0.95, 0.99))
    parts = list(read_parts(folder))
    counts = counts_of(parts)
    counts = LogCounts(counts.lines, counts.accepted - again, counts.duplicate + again, counts.rejected)
    sealed = sha256_lines([*(one.sha256 for one in parts), sha256_file(folder / DUPLICATES)])
    examples = [list(row) for one in parts for row in one.examples][:100]
    options |= {"number": number, "counts": asdict(counts) | {"rejected": dict(counts.rejected)}, "examples": examples}
    subject = {"log": masked_name(path.name), "sha256": digest, "size": path.stat().st_size}
    case.notes.write(LOGS_ADDED, subject, options, after=sealed)
    progress(1.0, "done")
    return _report(path.name, subject, options, False, form, secrets.notice)


def _form(file: LogFile, request: LogRequest) -> LogFormat:
    """The format that was said, or that the first record shows; raises UsageError with a ready mapping."""
    from workbench.importers.logs.formats import guessed, mapped, named, recognised

    base = named(request.format) if request.format else recognised(file.fields)
    if request.mapping:
        return mapped(request.mapping, base if request.format else None)
    if base is not None:
        return base
    ready = " ".join(f"--map {pair}" for pair in guessed(file.fields))
    seen = ", ".join(file.fields[:40]) or "none"
    raise UsageError(
        f"{file.path.name} is of no known format of logs. Its fields are: {seen}.",
        hint=f"Say what they mean, such as: {ready or '--map ts=FIELD --map account=FIELD'}",
    )


def _options(path: Path, digest: str, form: LogFormat, request: LogRequest) -> dict[str, Json]:
    return {
        "source": digest,
        "format": form.key,
        "fields": {name: list(fields) for name, fields in form.fields.items()},
        "keeper": str(request.keeper),
        "zone": request.zone,
        "left": request.leave,
        "mask": MASK,
        "custody": dict(request.custody),
    }


def _folder(case: Case, options: Mapping[str, Json]) -> Path:
    """The folder of this intake: the one that was broken off, or a new one."""
    root = case.notes.folder
    root.mkdir(exist_ok=True)
    finished = {int(line.options["number"]) for line in case.notes.read(LOGS_ADDED)}
    for folder in sorted(root.glob("[0-9]*")):
        note = folder / "intake.json"
        if int(folder.name) in finished:
            continue
        if note.exists() and json.loads(note.read_text("utf-8")) == options:
            return folder
        shutil.rmtree(folder)
    folder = _number_folder(case, 1 + max(finished, default=0))
    folder.mkdir()
    new = folder / "intake.new"
    new.write_text(json.dumps(options), "utf-8")
    new.replace(folder / "intake.json")
    return folder


def _number_folder(case: Case, number: int) -> Path:
    return case.notes.folder / f"{number:04d}"


def _kept(case: Case, path: Path, digest: str) -> Path:
    """The copy of a log among the originals of logs; they never go into a pack."""
    folder = case.notes.folder / "originals"
    target = folder / digest
    if not target.exists():
        size = path.stat().st_size
        if shutil.disk_usage(case.notes.folder).free < 1.5 * size:
            raise CaseError("There is not enough space for a copy of this log.", hint="Leave it in place with --leave.")
        folder.mkdir(exist_ok=True)
        shutil.copyfile(path, folder / "copy.new")
        if sha256_file(folder / "copy.new") != digest:
            raise BadInputError(f"{path.name} changed while it was copied.")
        (folder / "copy.new").replace(target)
    return target


def _report(
    name: str, subject: Json, options: Mapping[str, Json], already: bool, form: LogFormat, notice: str
) -> LogReport:
    counts = options["counts"]
    return LogReport(
        name,
        subject["sha256"],
        options["format"],
        options["number"],
        counts["lines"],
        counts["accepted"],
        counts["duplicate"],
        counts["rejected"],
        tuple((int(r), int(o), int(n), str(why)) for r, o, n, why in options["examples"]),
        already,
        form.traps,
        notice,
    )


def add_events(case: Case, path: Path, where: Secrets | None = None) -> int:
    """Take in what happened: a CSV with ts, kind (release, ban, notice, outage, price), what and source.

    An account that was banned is named in `what`, and kept as its pseudonym. Gives the number of events.
    """
    rows = _csv(path, ("ts", "kind"))
    names = _names(case, where)
    events = []
    for line, row in rows:
        if row["kind"] not in ("release", "ban", "notice", "outage", "price"):
            raise UsageError(f"Line {line}: {row['kind']!r} is no kind of event.")
        what = row.get("what", "")
        if row["kind"] == "ban" and what:
            what = names.of("account", what)
        events.append({"ts": _utc(row["ts"], line), "kind": row["kind"], "what": what, "source": row.get("source", "")})
    case.notes.write(LOG_EVENTS, {"sha256": sha256_file(path)}, {"events": events})
    return len(events)


def add_known(case: Case, path: Path, where: Secrets | None = None) -> int:
    """Take in accounts that are declared innocent or owned: a CSV with account, kind and basis; gives their number.

    The kind `group` names accounts that are to be tested together, under the name in `basis`.
    """
    rows = _csv(path, ("account", "kind", "basis"))
    names = _names(case, where)
    known = [
        {"account": names.of("account", row["account"]), "kind": row["kind"], "basis": row["basis"]} for _, row in rows
    ]
    case.notes.write(LOG_ACCOUNTS, {"sha256": sha256_file(path)}, {"known": known})
    return len(known)


def pseudonym_of(case: Case, account: str, where: Secrets | None = None) -> str:
    """The pseudonym of an account, for whoever holds the case's key."""
    return _names(case, where).of("account", account)


def _names(case: Case, where: Secrets | None) -> Pseudonyms:
    return Pseudonyms((where or Secrets(case)).made(KEY))


def _csv(path: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            rows = [(reader.line_num, {k: v or "" for k, v in row.items() if k}) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInputError(f"{path.name} can't be read as CSV.") from error
    for line, row in rows:
        missing = [name for name in needed if not row.get(name)]
        if missing:
            raise UsageError(f"{path.name}, line {line}: {missing[0]} is missing.")
    if not rows:
        raise BadInputError(f"{path.name} holds no rows.")
    return rows


def _utc(text: str, line: int) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"Line {line}: {text!r} is no time.", hint="Such as 2026-02-01T12:00:00Z.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


@dataclass(frozen=True, slots=True)
class LogState:
    """One log of the case, as its ledger line has it."""

    number: int
    name: str
    format: str
    keeper: str
    lines: int
    accepted: int
    duplicate: int
    rejected: Mapping[str, int]
    added: str


def log_states(case: Case) -> list[LogState]:
    """The logs of a case, in order."""
    return [
        LogState(
            line.options["number"],
            line.object["log"],
            line.options["format"],
            line.options["keeper"],
            line.options["counts"]["lines"],
            line.options["counts"]["accepted"],
            line.options["counts"]["duplicate"],
            line.options["counts"]["rejected"],
            line.time,
        )
        for line in case.notes.read(LOGS_ADDED)
    ]


def tables_of(case: Case, engine: Engine) -> LogTables | None:
    """The tables of all logs of a case; None where it has none. Raises RefusedError where columns are missing."""
    from workbench.store.logs.tables import LogTables

    added = case.notes.read(LOGS_ADDED)
    if not added:
        return None
    folders = [_number_folder(case, line.options["number"]) for line in added]
    for folder, line in zip(folders, added, strict=True):
        if not folder.is_dir():
            raise RefusedError(
                f"The columns of the log {line.object['log']} are not in this case.",
                hint="They can be made again from the original: `workbench logs CASE add` it once more.",
            )
    events = [
        event | {"ts": datetime.fromisoformat(event["ts"]).replace(tzinfo=None)}
        for line in case.notes.read(LOG_EVENTS)
        for event in line.options["events"]
    ]
    known: list[dict[str, Any]] = [one for line in case.notes.read(LOG_ACCOUNTS) for one in line.options["known"]]
    beside = {"events": events, "known": known}
    return LogTables(engine, folders, [line.options["keeper"] for line in added], beside)


def columns() -> tuple[str, ...]:
    """The columns that a mapping may name."""
    return tuple(COLUMNS)
