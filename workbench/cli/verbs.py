"""The verbs: each turns parsed words into one call of the app, and its answer into a Result."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Collection
from dataclasses import asdict
from pathlib import Path
from typing import Any

from workbench.cli.facts_options import as_json as facts_as_json
from workbench.cli.facts_options import in_words, stated
from workbench.cli.opening import opened
from workbench.cli.output import DONE, REFUSED, Meter, Result, table
from workbench.cli.redacting import redacted_copy, wants_copy
from workbench.cli.sealing import keys_here
from workbench.core.claimed_model import disagreement
from workbench.core.errors import UsageError
from workbench.core.fact_basis import basis_words
from workbench.core.model import Finding, Json, Narrative, Role
from workbench.core.page_marks import page_marks_of
from workbench.core.pairing import set_of_ids
from workbench.core.plan import status_json, status_of
from workbench.core.surroundings import Conditions, of_this_machine


def new(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Make a new case."""
    from workbench.app.session import Session

    chosen = conditions or of_this_machine(options.examiner)
    with Session.create(options.case, title=options.title, conditions=chosen) as session:
        facts = session.facts
    document = {"case": str(facts.folder), "id": facts.id, "title": facts.title, "examiner": facts.examiner}
    return Result(document, [f"Made the case {facts.folder}.", f"Next: workbench import {facts.folder} FILE --role …"])


def set_(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Mend what is known of a corpus."""
    if not options.reason.strip():
        raise UsageError(
            "A correction needs a reason.", hint="--reason TEXT; it stands in the ledger beside the change."
        )
    given = stated(options) | ({} if options.pair_by is None else {"paired_by": set_of_ids(options.pair_by)})
    role = Role(options.role) if options.role else None
    if not given and role is None:
        raise UsageError("Nothing to change is named.", hint="--role, or a fact such as --base or --claimed.")
    with opened(options, conditions, writing=True) as session:
        corpus = session.set_corpus(options.corpus, role=role, facts=given, reason=options.reason)
        rests = basis_words(corpus, session.documents.bearing())
    document = {"name": corpus.name, "role": str(corpus.role), "facts": facts_as_json(corpus.facts), "rests_on": rests}
    warning = disagreement(corpus.name, corpus.facts)
    lines = [f"{corpus.name}: role {corpus.role}.", *(f"  {words}" for words in in_words(corpus.facts))]
    lines += ["Rests on:", *(f"  {words}" for words in rests)] if rests else []
    return Result(document | {"warning": warning}, [*lines, *filter(None, [warning])])


def corpora(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """List the corpora."""
    with opened(options, conditions, writing=False) as session:
        rows = session.catalogue()
        waiting = session.open_imports()
    document = [
        {
            "name": row.corpus.name,
            "role": str(row.corpus.role),
            **facts_as_json(row.corpus.facts),
            "warning": disagreement(row.corpus.name, row.corpus.facts),
            "records": row.records,
            "accepted": row.accepted,
            "rejected": row.rejected,
            "duplicate": row.duplicate,
            "prompts": row.prompts,
            "unjoined": row.unjoined,
            "sha256": row.corpus.sha256,
        }
        for row in rows
    ]
    lines = table(
        ["corpus", "role", "family", "released", "base", "accepted", "rejected", "duplicate", "prompts"],
        [
            (
                row.corpus.name,
                str(row.corpus.role),
                row.corpus.facts.family or "–",
                row.corpus.facts.released or "unknown",
                row.corpus.facts.base or "–",
                row.accepted,
                row.rejected,
                row.duplicate,
                row.prompts,
            )
            for row in rows
        ],
    )
    lines += [_not_ended(w.id, w.source.name, w.records, under_way=w.under_way) for w in waiting]
    lines += [f"Warning: {item['warning']}" for item in document if item["warning"]]
    left, at_work = ([w.id for w in waiting if w.under_way is so] for so in (False, True))
    return Result({"corpora": document, "open_imports": left, "under_way": at_work}, lines)


def _not_ended(number: int, name: str, records: int, *, under_way: bool) -> str:
    if under_way:
        return f"Import {number} of {name} is under way in another program: {records:,} records so far."
    return (
        f"Import {number} of {name} was interrupted after {records:,} records: import the file again to go on, "
        f"or drop it with `import CASE --discard {number}`."
    )


def findings(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """List the findings."""
    with opened(options, conditions, writing=False) as session:
        stored = session.findings()
    document = [
        {
            "number": s.number,
            "analysis": s.finding.analysis,
            "question": s.finding.question,
            "headline": s.narrative.headline,
            "made": s.made,
            "withdrawn": s.withdrawn,
            "sha256": s.sha256,
            **status_json(s.options),
        }
        for s in stored
    ]
    lines = [
        f"{s.number:>3}  {s.finding.analysis}: {s.narrative.headline}  [{status_of(s.options).words()}]"
        + (f"  [withdrawn: {s.withdrawn}]" if s.withdrawn else "")
        for s in stored
    ]
    return Result({"findings": document}, lines or ["No analysis was run yet."])


def show(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Show a finding in words, and write its chart."""
    with opened(options, conditions, writing=False) as session:
        stored = session.finding(options.finding)
        if options.figure:
            session.write_figure(stored.number, options.figure)
    document = stored.finding.as_json(tables=options.tables) | {
        "number": stored.number,
        "narrative": asdict(stored.narrative),
        "withdrawn": stored.withdrawn,
        **status_json(stored.options),
    }
    marks = _marks(stored.options, stored.withdrawn)
    return Result(document, _told(stored.number, stored.finding, stored.narrative, marks, options))


def _marks(asked: Json, withdrawn: str) -> list[str]:
    """What stands above a finding: whether the plan foresaw it, and whether it stands."""
    return [f"Status: {status_of(asked).words()}", *([f"WITHDRAWN: {withdrawn}"] if withdrawn else [])]


def _told(number: int, finding: Finding, narrative: Narrative, marks: list[str], options: Namespace) -> list[str]:
    lines = [f"Finding {number}: {finding.question}", *marks, "", narrative.headline, ""]
    lines += [*narrative.sentences, *(["", *(f"Warning: {w}" for w in finding.warnings)] if finding.warnings else [])]
    lines += ["", "Limits:", *(f"- {limit}" for limit in narrative.limits)]
    if getattr(options, "tables", False):
        for name, one in finding.tables.items():
            lines += ["", name, *table([c.label or c.name for c in one.columns], one.rows)]
    return lines


def run(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Run an analysis."""
    from workbench.app.requests import DEFAULT_SEED, RunRequest

    given = vars(options)
    if options.plan:
        raise UsageError("--plan runs what the plan says, each with its own analysis.", hint="Name one or the other.")
    if given.get("exclude") and not given.get("reason"):
        raise UsageError("--exclude needs a reason.", hint="--reason TEXT; it stands in the finding and the ledger.")
    with opened(options, conditions, writing=True) as session:
        known = {corpus.name for corpus in session.corpora()}
        excluded = [name for words in given.get("exclude", []) for name in list_of_names(words, known)]
        request = RunRequest(
            suspect=given.get("suspect"),
            protected=given.get("protected"),
            controls=tuple(list_of_names(given["controls"], known)) if "controls" in given else None,
            exclude=dict.fromkeys(excluded, given.get("reason", "")),
            despite_date=given.get("despite_date"),
            fewer_prompts=given.get("fewer_prompts"),
            parameters={k.removeprefix("param_"): v for k, v in given.items() if k.startswith("param_")},
            seed=given.get("seed", DEFAULT_SEED),
        )
        stored = session.run(options.analysis, request, meter)
    document = stored.finding.as_json(tables=given.get("tables", False))
    marks = _marks(stored.options, stored.withdrawn)
    return Result(
        document | {"number": stored.number, **status_json(stored.options)},
        _told(stored.number, stored.finding, stored.narrative, marks, options),
    )


def list_of_names(words: str, known: Collection[str]) -> list[str]:
    """The names in a list with commas between them, of which one may hold a comma itself."""
    found: list[str] = []
    pieces = words.split(",")
    while pieces:
        longest = next((n for n in range(len(pieces), 1, -1) if ",".join(pieces[:n]) in known), 1)
        found.append(",".join(pieces[:longest]))
        pieces = pieces[longest:]
    return found


def withdraw(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Withdraw a finding."""
    with opened(options, conditions, writing=True) as session:
        session.withdraw(options.finding, options.reason)
    document = {"number": options.finding, "withdrawn": options.reason}
    return Result(document, [f"Finding {options.finding} is withdrawn; it stays in the ledger and in packs."])


def export(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Write the evidence pack."""
    from workbench.app.sealing import signing as signing_with

    if wants_copy(options):
        return redacted_copy(options, conditions, meter)
    with opened(options, conditions, writing=True) as session:
        whole = not options.lawyer_copy
        included = dict.fromkeys(options.include_original, options.reason)
        signing = signing_with(keys_here(), options.sign) if options.sign else None
        report = session.export(
            options.pack,
            options.number,
            meter,
            originals=whole,
            replace=False,
            included=included,
            signing=signing,
            documents=not options.without_documents,
            marks=page_marks_of(options.legend, options.bates, options.bates_first),
        )
    document = {"path": str(report.path), "number": report.number, "sha256": report.sha256, "head": report.head}
    lines = [f"Pack {report.number}: {report.path}", f"SHA-256 {report.sha256}", f"Ledger head {report.head}"]
    if signing:
        document["signers"] = list(signing.names)
        lines += [f"{one} is still to sign it: workbench sign {report.path} --key {one}" for one in signing.elsewhere]
    return Result(document, lines)


def verify(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Check a pack or a case."""
    from workbench.app.verify import verify_path

    if options.head is not None and len(options.head) != 64:
        raise UsageError("A ledger head has 64 characters.", hint="Copy the whole of it from the pack, or from `log`.")
    report = verify_path(options.path, options.head, conditions or of_this_machine(), meter, options.signer)
    document = {"ok": report.ok, "kind": report.kind, "problems": [asdict(p) for p in report.problems]}
    document |= {"seal": list(report.seal)} if report.kind != "case" else {}
    document |= {"notes": list(report.notes)} if report.notes else {}
    lines = [f"{p.what}: {p.path}: {p.detail}" for p in report.problems] + list(report.seal) + list(report.notes)
    lines.append(f"The {report.kind} is whole." if report.ok else f"The {report.kind} does not agree with its seals.")
    return Result(document, lines, DONE if report.ok else REFUSED)


def prompts(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Join prompts that came later."""
    with opened(options, conditions, writing=True) as session:
        report = session.join_prompts(options.file, options.corpus, meter)
    document = {"joined": report.joined, "waiting": report.waiting, "notices": list(report.notices)}
    return Result(document, list(report.words()))


def log(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Show the ledger."""
    with opened(options, conditions, writing=False) as session:
        lines = list(session.ledger())
    rows = [
        (n.sequence, n.time, n.examiner, n.action, _about(n.object, n.options), n.reason, n.hash[:12]) for n in lines
    ]
    words = table(["line", "time", "examiner", "action", "object", "reason", "hash"], rows)
    head = lines[-1].hash if lines else ""
    return Result({"head": head, "lines": [n.as_json() for n in lines]}, [*words, f"head {head}"])


def _about(of: Any, options: Any) -> str:
    """What a ledger line is about; of an import also the file and the mapping that it was read with."""
    options = options if isinstance(options, dict) else {}
    source, given = options.get("source"), options.get("options")
    name = f": {source['name']}" if isinstance(source, dict) and "name" in source else ""
    mapping = given.get("mapping") if isinstance(given, dict) else None
    paths = f", mapped {', '.join(f'{key}={path}' for key, path in mapping.items())}" if mapping else ""
    return f"{_words(of)}{name}{paths}"


def _words(of: Any) -> str:
    """What a ledger line is about: its pairs without the marks of JSON."""
    return ", ".join(f"{key} {value}" for key, value in of.items()) if isinstance(of, dict) else str(of)


def backup(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Write the whole case into one file."""
    with opened(options, conditions, writing=False) as session:
        session.backup(options.file, meter)
    return Result({"path": str(options.file)}, [f"The case is kept in {options.file}."])


def rescue(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Rebuild a case from its originals and its ledger."""
    from workbench.app.verify import rescue_case

    made = rescue_case(options.case, options.new, conditions or of_this_machine(), meter)
    return Result({"case": str(made)}, [f"Rebuilt as {made}. Findings must be run again: the ledger lists them."])


def demo(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Run the main job on the sample case."""
    from workbench.app.demo import run_demo

    told = run_demo(options.folder or Path(), conditions or of_this_machine("Demonstration"), meter)
    document = {
        "case": str(told.case),
        "pack": str(told.pack),
        "ok": told.verified,
        "finding": told.finding,
    }
    lines = [
        f"Case: {told.case}",
        f"Pack: {told.pack} ({'verified' if told.verified else 'DOES NOT VERIFY'})",
        f"Answer: {told.finding}",
        "The sample is synthetic: invented speakers, no real model. The key that signed its pack is in the program.",
    ]
    return Result(document, lines, DONE if told.verified else REFUSED)
