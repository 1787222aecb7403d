"""The verb that examines a case."""

from __future__ import annotations

from argparse import Namespace

from workbench.cli.opening import opened
from workbench.cli.output import Meter, Result, table
from workbench.core.surroundings import Conditions

_SHOWN = {
    "answers": "answers", "empty": "empty", "truncated": "truncated", "looks_cut": "look cut", "refused": "refused",
    "copies": "copies", "near_duplicates": "near dup.", "like_other_corpora": "like others", "quoting": "quoting",
    "mojibake": "mojibake", "hidden": "hidden", "secret": "secrets",
}  # fmt: skip


def examine(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Examine what was not examined yet."""
    with opened(options, conditions, writing=True) as session:
        report = session.examine(meter)
        sources = {source.sha256: source for source in session.sources()}
        withheld = session.examination().withheld
    counts = report.counts
    document = {
        "new": report.new, "outdated": report.outdated or None, "ended": report.ended, "ledger_line": report.line,
        "rules": report.rules, **counts,
        "withheld": [
            {"sha256": digest, "name": name, "secrets": kinds} for digest, name, kinds in withheld
        ],
    }  # fmt: skip
    rows = [
        (name, *(item[key] for key in _SHOWN), _languages(item["languages"]))
        for name, item in counts["corpora"].items()
    ]
    lines = table(["corpus", *_SHOWN.values(), "languages"], rows)
    lines += [
        f"{sources[digest].name}: {file['encoding']}"
        + ("" if file["searched"] else "; its bytes can't all be searched")
        for digest, file in counts["sources"].items()
        if digest in sources and (not file["searched"] or "utf-8" not in file["encoding"])
    ]
    lines += [
        f"Withheld from packs: {name} ({digest}): " + ", ".join(f"{kind} ({number})" for kind, number in kinds.items())
        for digest, name, kinds in withheld
    ]
    if report.outdated:
        lines.append(f"The rules have changed since the examination of {report.outdated}: all was looked at again.")
    if not report.new:
        lines.append(f"Nothing came since the examination of {report.ended}.")
    lines.append("These are marks for a reader: none of them decides or weighs anything.")
    return Result(document, lines)


def _languages(found: dict[str, int]) -> str:
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {number}" for name, number in ordered[:4]) + (
        f" and {len(ordered) - 4} more" if len(ordered) > 4 else ""
    )
