"""`workbench export --redact` and `workbench redactions`: copies in which something is taken out."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from workbench.cli.opening import opened
from workbench.cli.output import Meter, Result, table
from workbench.core.errors import BadInputError, UsageError
from workbench.core.redactions import Kind, Redactions, checked, redactions_from_json, rule_typed
from workbench.core.surroundings import Conditions

_LARGEST = 4 << 20


def copy_options(parser: ArgumentParser) -> None:
    """The options of a redacted copy."""
    words = f"write a redacted copy of the last pack, or of --number N, without WHAT; KIND is {', '.join(Kind)}"
    parser.add_argument("--redact", metavar="KIND=WHAT", action="append", default=[], help=f"{words}; repeatable")
    words = "a JSON file of redactions, each with its own reason"
    parser.add_argument("--redactions", metavar="FILE", type=Path, help=words)
    words = "who asked for the redactions; it stands on the cover of the copy"
    parser.add_argument("--requested-by", metavar="WHO", default="", help=words)


def list_options(parser: ArgumentParser) -> None:
    """The words of `workbench redactions`."""
    parser.add_argument("copy", metavar="COPY.zip", type=Path)


def wants_copy(options: Namespace) -> bool:
    """Whether an export is of a redacted copy; raises UsageError for options that need one."""
    wanted = bool(options.redact or options.redactions)
    if options.requested_by and not wanted:
        raise UsageError(
            "--requested-by belongs to a redacted copy.", hint="--redact KIND=WHAT, such as name=Ostervik."
        )
    if wanted and (options.legend or options.bates):
        raise UsageError(
            "A redacted copy has the legend and the numbers of its pack.", hint="Leave out --legend and --bates."
        )
    if wanted and (options.lawyer_copy or options.include_original or options.without_documents):
        raise UsageError(
            "A redacted copy has no original files and no documents.",
            hint="Leave out --lawyer-copy, --include-original and --without-documents.",
        )
    return wanted


def redacted_copy(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Write a redacted copy."""
    from workbench.app.sealing import signing as signing_with
    from workbench.cli.sealing import keys_here

    wanted = _redactions(options)
    with opened(options, conditions, writing=True) as session:
        signing = signing_with(keys_here(), options.sign) if options.sign else None
        report = session.export_copy(options.pack, wanted, options.number, meter, replace=False, signing=signing)
    document = {"path": str(report.path), "number": report.number, "sha256": report.sha256, "head": report.head}
    lines = [
        f"Redacted copy of pack {report.number}: {report.path}",
        f"SHA-256 {report.sha256}",
        f"Head of the full pack {report.head}",
        "Read it before you hand it over: a program finds words, not what they tell.",
    ]
    if signing:
        document["signers"] = list(signing.names)
        lines += [f"{one} is still to sign it: workbench sign {report.path} --key {one}" for one in signing.elsewhere]
    return Result(document, lines)


def redactions(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """List what the codes of a copy stand for."""
    with opened(options, conditions, writing=False) as session:
        found = session.redactions_of(options.copy, meter)
    rows = [(one.code, one.kind, one.text, one.reason, one.salt, one.salted_sha256) for one in found]
    lines = table(["code", "kind", "what", "reason", "salt", "salted SHA-256"], rows)
    return Result({"redactions": [asdict(one) for one in found]}, lines)


def _redactions(options: Namespace) -> Redactions:
    rules = tuple(rule_typed(text, options.reason) for text in options.redact)
    if options.redactions is None:
        return checked(Redactions(rules, options.requested_by))
    read = redactions_from_json(_json(options.redactions))
    return checked(Redactions((*rules, *read.rules), options.requested_by or read.requested_by))


def _json(path: Path) -> object:
    try:
        with path.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise BadInputError(f"{path} is too large for a list of redactions.")
        return json.loads(data)
    except OSError as error:
        raise BadInputError(f"{path} can't be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"{path} is no JSON: {error}.") from error
