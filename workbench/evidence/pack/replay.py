"""replay.md: how another examiner computes the numbers again."""

from __future__ import annotations

from workbench.core.hashing import canonical
from workbench.core.model import Json
from workbench.core.text import one_line
from workbench.evidence.pack.contents import PackContents, PackFinding

_HEAD = """# How to compute the numbers again

`workbench replay PACK.zip` does all of what follows, from the pack alone, and compares each number and chart. method.md
describes the scores so that they can be written again without this program.

You need the workbench in the version that each run names (environment.json) and the files as received
(data/04_data/original, or the copies you were given where this pack leaves them out; names.csv has their
names and hashes).

1. `workbench new again` makes an empty case.
2. `workbench import again.case FILE...` takes each file in; data/04_data/import_log.csv gives the importer
   and the options that were used for each.
3. Compare `workbench corpora again.case --json` with data/04_data/names.csv: the digest of each corpus must
   be the same. If it is not, stop here: the input differs.
4. Give the corpora the roles and facts of the report (`workbench set`), then run each analysis as below.
5. Compare with results.json. On one machine and version the bytes are the same; elsewhere numbers agree
   within 1e-9 relative.

The answers in data/04_data/normalised are the same texts, one JSON object a line, for those who would
rather compute with tools of their own.

## The runs
"""


def replay_text(contents: PackContents) -> str:
    """The instructions, with one paragraph for each run."""
    runs = [_run(item) for item in contents.findings] or ["No analysis has been run and kept in this case.\n"]
    return _HEAD + "\n" + "\n".join(runs)


def _run(item: PackFinding) -> str:
    finding = item.exhibit.finding
    lines = [
        f"### Finding {item.exhibit.number}: {one_line(finding.analysis)}, version {finding.version}",
        "",
        f"- question: {one_line(finding.question, 400)}",
        f"- seed: {finding.seed}",
        f"- settings: {_text(dict(finding.parameters))}",
        f"- asked for: {_text(item.options)}",
        f"- SHA-256 of the finding: {item.sha256}",
        *(f"- {one_line(i.role)}: {one_line(i.corpus)}, {i.answers} answers, {i.sha256}" for i in finding.inputs),
        *(f"- left out: {one_line(x.corpus)}: {one_line(x.reason)}" for x in finding.left_out),
        "",
    ]
    return "\n".join(lines)


def _text(value: Json) -> str:
    return f"`{one_line(canonical(value).decode(), 2_000)}`"
