"""The verbs of direct evidence: usage logs, planted markers, keyed signals, and secrets by name."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench.cli.opening import opened
from workbench.cli.output import Meter, Result, note, table
from workbench.core.errors import BadInputError, UsageError
from workbench.core.logs import Keeper
from workbench.core.surroundings import Conditions

_HOUR = 3600


def logs(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Show the logs of a case and what they lack, or take in logs, events or known accounts."""
    if options.what == "add":
        return _add(options, conditions, meter)
    if options.what in ("events", "known"):
        return _beside(options, conditions)
    if options.what == "pseudonym":
        (account,) = _named(options, "an account")
        with opened(options, conditions, writing=True) as session:
            found = session.direct_evidence.pseudonym(str(account))
        return Result({"pseudonym": found}, [found])
    with opened(options, conditions, writing=False) as session:
        states = session.direct_evidence.logs()
        facts = session.direct_evidence.log_facts(meter) if states else {}
    rows = [
        (s.number, s.name, s.format, s.keeper, s.lines, s.accepted, s.duplicate, sum(s.rejected.values()))
        for s in states
    ]
    heads = ("no.", "file", "format", "of", "lines", "accepted", "duplicate", "rejected")
    lines = [*table(heads, rows), *(_facts(facts) if facts else [])] if rows else ["The case has no usage log."]
    return Result({"logs": [asdict(s) | {"rejected": dict(s.rejected)} for s in states], **facts}, lines)


def _facts(facts: Any) -> list[str]:
    first, last = (_time(facts[name]) for name in ("first", "last"))
    shares = ", ".join(f"{name} {100 * share:.0f} %" for name, share in facts["shares"].items())
    empty = facts["hours"] - facts["hours_with_calls"]
    said = [
        "",
        f"{facts['rows']:,} calls of {facts['accounts']:,} accounts from {first} to {last} (UTC).",
        f"Hours without a call: {empty:,} of {facts['hours']:,}.",
        f"Calls with: {shares}. Failed: {100 * facts['failed']:.1f} %.",
    ]
    return said + [f"Gap of {gap['hours']} hours from {_time(gap['from'] * _HOUR)} on." for gap in facts["gaps"][:5]]


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


def _named(options: Namespace, what: str) -> list[Path]:
    if not options.files:
        raise UsageError(f"Name {what}.")
    return list(options.files)


def _add(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    from workbench.app.direct_evidence.logs import LogRequest

    if options.of is None:
        raise UsageError(
            "Whose log is it?", hint=f"--of {'|'.join(Keeper)}: in a gateway's log an account is its customer."
        )
    custody = dict(pair.partition("=")[::2] for pair in options.custody)
    request = LogRequest(
        Keeper(options.of), options.format or "", tuple(options.map), options.zone, options.leave, custody
    )
    with opened(options, conditions, writing=True) as session:
        door = session.direct_evidence
        reports = [door.add_log(path, request, meter) for path in _named(options, "a log file")]
    lines: list[str] = []
    for report in reports:
        said = "is in the case already" if report.already else f"read as {report.format}"
        rejected = sum(report.rejected.values())
        lines.append(
            f"{report.file}: {said}; {report.lines:,} lines, {report.accepted:,} accepted, "
            f"{report.duplicate:,} duplicate, {rejected:,} rejected."
        )
        lines += [f"  {number:,} x {reason}" for reason, number in report.rejected.items()]
        lines += [f"  Line {row + 1:,} (byte {offset:,}): {why}" for row, offset, _, why in report.examples[:5]]
        lines += [f"  Note: {trap}" for trap in report.traps]
    if reports and reports[0].notice:
        note(reports[0].notice)
    return Result({"logs": [_report(report) for report in reports]}, lines)


def _report(report: Any) -> dict[str, Any]:
    return asdict(report) | {
        "rejected": dict(report.rejected),
        "examples": [{"row": r, "offset": o, "length": n, "reason": why} for r, o, n, why in report.examples],
    }


def _beside(options: Namespace, conditions: Conditions | None) -> Result:
    total = 0
    with opened(options, conditions, writing=True) as session:
        door = session.direct_evidence
        for path in _named(options, "a CSV file"):
            total += door.add_events(path) if options.what == "events" else door.add_known(path)
    return Result(
        {options.what: total}, [f"{total:,} {'events' if options.what == 'events' else 'accounts'} taken in."]
    )


def markers(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """List markers by id, draw new ones, or say where they were served."""
    if options.what == "make":
        accounts = _accounts(options.accounts) if options.accounts else []
        with opened(options, conditions, writing=True) as session:
            made = session.direct_evidence.make_markers(options.kind, options.number, options.out, accounts)
            warning = session.direct_evidence.notice
        if warning:
            note(warning)
        lines = [
            f"{len(made)} markers were drawn and sealed, and written to {options.out}.",
            "Serve each text as it stands, then say where: workbench markers CASE add FILE. Keep the file secret.",
        ]
        return Result({"markers": len(made), "file": str(options.out)}, lines)
    if options.what == "add":
        if options.out is None:
            raise UsageError("Name the CSV file of markers.", hint="`workbench markers CASE add --file markers.csv`")
        with opened(options, conditions, writing=True) as session:
            number = session.direct_evidence.add_markers(options.out)
        return Result({"markers": number}, [f"{number} markers taken in."])
    with opened(options, conditions, writing=False) as session:
        facts = session.direct_evidence.marker_facts()
    lines = [*table(("marker", "kind", "sealed"), facts)] if facts else ["No markers were planted in this case."]
    return Result({"markers": [{"id": i, "kind": k, "sealed": s} for i, k, s in facts]}, lines)


def _accounts(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise BadInputError(f"{path.name} can't be read as a list of accounts.") from error


def signal(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """List the keyed signals of a case, or say what is public of one; its key is a secret that was kept before."""
    if options.what == "set":
        with opened(options, conditions, writing=True) as session:
            made = session.direct_evidence.set_signal(_signal(options))
        lines = [
            f"The signal “{made.name}” ({made.scheme}) is sealed: tokenizer {made.tokenizer[:16]}…, key committed to "
            f"as {made.commitment[:16]}….",
            "Next: workbench run CASE keyed_signal --positive CORPUS",
        ]
        return Result({"signal": asdict(made)}, lines)
    with opened(options, conditions, writing=False) as session:
        found = session.direct_evidence.signals()
    rows = [(one.name, one.scheme, one.secret, one.document, one.vocabulary, one.committed) for one in found]
    heads = ("signal", "scheme", "secret", "tokenizer (document)", "vocabulary", "sealed")
    return Result(
        {"signals": [asdict(one) for one in found]}, table(heads, rows) if rows else ["No signal was set in this case."]
    )


def _signal(options: Namespace) -> Any:
    from workbench.app.direct_evidence.signals import SignalRequest

    needed = {name: getattr(options, name) for name in ("name", "scheme", "secret", "tokenizer", "vocabulary")}
    missing = [name for name, value in needed.items() if value is None]
    if missing:
        said = "the name of the signal" if missing[0] == "name" else f"--{missing[0]}"
        raise UsageError(f"Say {said}.", hint="`workbench signal --help` has all that is needed.")
    return SignalRequest(**needed, gamma=options.gamma, window=options.window)


def secret(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Keep, list or forget secrets; a value is read from the terminal or from standard input, never from the call."""
    if options.what == "list":
        with opened(options, conditions, writing=False) as session:
            names = session.direct_evidence.secret_names()
            warning = session.direct_evidence.notice
        if warning:
            note(warning)
        return Result({"secrets": names}, names or ["No secrets are kept for this case."])
    if not options.name:
        raise UsageError("Name the secret.")
    with opened(options, conditions, writing=True) as session:
        if options.what == "forget":
            session.direct_evidence.forget_secret(options.name)
            return Result({"forgotten": options.name}, [f"“{options.name}” is kept no longer on this machine."])
        session.direct_evidence.keep_secret(options.name, _value())
        warning = session.direct_evidence.notice
    if warning:
        note(warning)
    return Result({"kept": options.name}, [f"“{options.name}” is kept; its name and a commitment stand in the ledger."])


def _value() -> bytes:
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass("Secret: ").encode()
    if sys.stdin is None:
        raise UsageError("There is nothing to read the secret from.")
    return sys.stdin.buffer.read().removesuffix(b"\n").removesuffix(b"\r")
