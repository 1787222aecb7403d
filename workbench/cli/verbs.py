"""The verbs: each turns parsed words into one call of the app, and its answer into a Result."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.output import DONE, REFUSED, Meter, Result, table
from workbench.core.conditions import Conditions, of_this_machine
from workbench.core.errors import UsageError
from workbench.core.model import Facts, Finding, Narrative, Role
from workbench.core.panel import checked_date

if TYPE_CHECKING:
    from workbench.app.requests import ImportReport, ImportRequest
    from workbench.app.session import Session


@contextmanager
def _session(options: Namespace, conditions: Conditions | None, *, writing: bool) -> Iterator[Session]:
    from workbench.app.session import Session

    session = Session.open(options.case, conditions=conditions or of_this_machine(), writing=writing)
    try:
        yield session
    finally:
        session.close()


def new(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Make a new case."""
    from workbench.app.session import Session

    chosen = conditions or of_this_machine(options.examiner)
    with Session.create(options.case, title=options.title, conditions=chosen) as session:
        facts = session.facts
    document = {"case": str(facts.folder), "id": facts.id, "title": facts.title, "examiner": facts.examiner}
    return Result(document, [f"Made the case {facts.folder}.", f"Next: workbench import {facts.folder} FILE --role …"])


def import_(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Take in answer files or a panel manifest, or drop an interrupted import."""
    with _session(options, conditions, writing=True) as session:
        if options.discard is not None:
            session.discard_import(options.discard, meter)
            return Result({"discarded": options.discard}, [f"Import {options.discard} is dropped."])
        if not options.files:
            raise UsageError("No file is named.", hint="workbench import CASE FILE...")
        reports: list[ImportReport] = []
        request = _import_request(options)
        for path in options.files:
            if session.is_panel(path):
                reports += session.import_panel(path, options.suspect, options.protected, meter)
            else:
                reports.append(session.import_file(path, request, meter))
    return _imported(reports)


def _import_request(options: Namespace) -> ImportRequest:
    from workbench.app.requests import ImportRequest

    mapping: dict[str, str] = {}
    for words in options.map:
        key, equals, path = words.partition("=")
        if not equals or not path:
            raise UsageError(f"--map {words!r} is not KEY=PATH.", hint="Such as --map response=output.text")
        mapping[key] = path
    return ImportRequest(
        role=Role(options.role) if options.role else None,
        model=options.model,
        facts=_facts(options),
        format=options.format,
        prompts=options.prompts,
        mapping=mapping,
        note=options.reason,
    )


def _facts(options: Namespace) -> Facts:
    return Facts(
        developer=options.developer,
        released=checked_date(options.released) if options.released else None,
        base=options.base,
        family=options.family,
    )


def _imported(reports: Sequence[ImportReport]) -> Result:
    corpora = [asdict(corpus) for report in reports for corpus in report.corpora]
    rejections = [{"place": place, "reason": reason} for r in reports for place, reason in r.rejections][:100]
    notices = [notice for report in reports for notice in report.notices]
    document = {
        "source": reports[0].source,
        "importer": reports[0].importer,
        "corpora": corpora,
        "rejections": rejections,
        "sources": [
            {"name": r.name, "sha256": r.source, "importer": r.importer, "known": r.known, "resumed": r.resumed}
            for r in reports
        ],
        "notices": notices,
    }
    lines = table(
        ["corpus", "role", "records", "accepted", "rejected", "duplicate"],
        [(c["name"], c["role"], c["records"], c["accepted"], c["rejected"], c["duplicate"]) for c in corpora],
    )
    known = "imported before; nothing but facts and roles newly given was changed."
    lines += [f"{r.name}: {known}" for r in reports if r.known]
    lines += [f"{r.name}: an interrupted import was taken up again." for r in reports if r.resumed]
    lines += notices
    lines += [f"rejected: {r['place']}: {r['reason']}" for r in rejections]
    return Result(document, lines)


def preview(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Show what a file is."""
    from workbench.app.session import preview_file

    seen = preview_file(options.file)
    document = {
        "kind": seen.kind,
        "importer": seen.importer,
        "records": list(seen.records),
        "fields": [{"path": f.path, "kind": f.kind, "example": f.example} for f in seen.fields],
        "map": seen.map_line,
    }
    lines = [seen.kind, *table(["field", "kind", "example"], [(f.path, f.kind, f.example) for f in seen.fields])]
    if seen.importer:
        lines.append(f"It imports as it is (format {seen.importer}).")
    elif seen.map_line:
        lines.append(f"To import it: workbench import CASE {options.file} {seen.map_line}")
    return Result(document, lines)


def set_(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Mend what is known of a corpus."""
    given = {k: v for k, v in asdict(_facts(options)).items() if k in _MENDABLE and v is not None}
    role = Role(options.role) if options.role else None
    if not given and role is None:
        raise UsageError("Nothing to change is named.", hint="--role, --released, --family, --base or --developer.")
    with _session(options, conditions, writing=True) as session:
        corpus = session.set_corpus(options.corpus, role=role, facts=given, reason=options.reason)
    document = {"name": corpus.name, "role": str(corpus.role), "facts": asdict(corpus.facts)}
    return Result(document, [f"{corpus.name}: role {corpus.role}, {_known(corpus.facts)}."])


_MENDABLE = ("developer", "released", "base", "family")


def _known(facts: Facts) -> str:
    words = [f"{name} {getattr(facts, name) or 'unknown'}" for name in _MENDABLE]
    return ", ".join(words)


def corpora(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """List the corpora."""
    with _session(options, conditions, writing=False) as session:
        rows = session.catalogue()
        waiting = session.open_imports()
    document = [
        {
            "name": row.corpus.name,
            "role": str(row.corpus.role),
            **asdict(row.corpus.facts),
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
    lines += [
        f"Import {w.id} of {w.source.name} was interrupted after {w.records} records: "
        f"import the file again to go on, or drop it with `import CASE --discard {w.id}`."
        for w in waiting
    ]
    return Result({"corpora": document, "open_imports": [w.id for w in waiting]}, lines)


def findings(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """List the findings."""
    with _session(options, conditions, writing=False) as session:
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
        }
        for s in stored
    ]
    lines = [
        f"{s.number:>3}  {s.finding.analysis}: {s.narrative.headline}"
        + (f"  [withdrawn: {s.withdrawn}]" if s.withdrawn else "")
        for s in stored
    ]
    return Result({"findings": document}, lines or ["No analysis was run yet."])


def show(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Show a finding in words, and write its chart."""
    with _session(options, conditions, writing=False) as session:
        stored = session.finding(options.finding)
        if options.figure:
            session.write_figure(stored.number, options.figure)
    document = stored.finding.as_json(tables=options.tables) | {
        "number": stored.number,
        "narrative": asdict(stored.narrative),
        "withdrawn": stored.withdrawn,
    }
    return Result(document, _told(stored.number, stored.finding, stored.narrative, stored.withdrawn, options))


def _told(number: int, finding: Finding, narrative: Narrative, withdrawn: str, options: Namespace) -> list[str]:
    lines = [f"Finding {number}: {finding.question}", "", narrative.headline, ""]
    if withdrawn:
        lines[1:1] = [f"WITHDRAWN: {withdrawn}"]
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
    excluded = [name for words in given.get("exclude", []) for name in words.split(",")]
    if excluded and not given.get("reason"):
        raise UsageError("--exclude needs a reason.", hint="--reason TEXT; it stands in the finding and the ledger.")
    request = RunRequest(
        suspect=given.get("suspect"),
        protected=given.get("protected"),
        controls=tuple(given["controls"].split(",")) if "controls" in given else None,
        exclude=dict.fromkeys(excluded, given.get("reason", "")),
        despite_date=given.get("despite_date"),
        parameters={k.removeprefix("param_"): v for k, v in given.items() if k.startswith("param_")},
        seed=given.get("seed", DEFAULT_SEED),
    )
    with _session(options, conditions, writing=True) as session:
        stored = session.run(options.analysis, request, meter)
    document = stored.finding.as_json(tables=given.get("tables", False)) | {"number": stored.number}
    return Result(document, _told(stored.number, stored.finding, stored.narrative, "", options))


def withdraw(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Withdraw a finding."""
    with _session(options, conditions, writing=True) as session:
        session.withdraw(options.finding, options.reason)
    document = {"number": options.finding, "withdrawn": options.reason}
    return Result(document, [f"Finding {options.finding} is withdrawn; it stays in the ledger and in packs."])


def export(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Write the evidence pack."""
    with _session(options, conditions, writing=True) as session:
        report = session.export(options.pack, options.number, meter, originals=not options.lawyer_copy)
    document = {"path": str(report.path), "number": report.number, "sha256": report.sha256, "head": report.head}
    return Result(
        document,
        [f"Pack {report.number}: {report.path}", f"SHA-256 {report.sha256}", f"Ledger head {report.head}"],
    )


def verify(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Check a pack or a case."""
    from workbench.app.checking import verify_path

    report = verify_path(options.path, options.head, conditions or of_this_machine(), meter)
    document = {"ok": report.ok, "kind": report.kind, "problems": [asdict(p) for p in report.problems]}
    lines = [f"{p.what}: {p.path}: {p.detail}" for p in report.problems]
    lines.append(f"The {report.kind} is whole." if report.ok else f"The {report.kind} does not agree with its seals.")
    return Result(document, lines, DONE if report.ok else REFUSED)


def prompts(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Join prompts that came later."""
    with _session(options, conditions, writing=True) as session:
        joined = session.join_prompts(options.file, options.corpus, meter)
    return Result({"joined": joined}, [f"{joined} answers of {options.corpus} have their prompts now."])


def log(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Show the ledger."""
    with _session(options, conditions, writing=False) as session:
        lines = list(session.ledger())
    rows = [(n.sequence, n.time, n.examiner, n.action, n.object, n.reason, n.hash[:12]) for n in lines]
    words = table(["line", "time", "examiner", "action", "object", "reason", "hash"], rows)
    head = lines[-1].hash if lines else ""
    return Result({"head": head, "lines": [n.as_json() for n in lines]}, [*words, f"head {head}"])


def backup(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Write the whole case into one file."""
    with _session(options, conditions, writing=False) as session:
        session.backup(options.file, meter)
    return Result({"path": str(options.file)}, [f"The case is kept in {options.file}."])


def rescue(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Rebuild a case from its originals and its ledger."""
    from workbench.app.checking import rescue_case

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
        f"Finding: {told.finding}",
        "The sample is synthetic: invented speakers, no real model.",
    ]
    return Result(document, lines, DONE if told.verified else REFUSED)
