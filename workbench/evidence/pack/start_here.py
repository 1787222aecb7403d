"""The two files that a reader opens first: START_HERE.html and HOW_TO_CHECK.txt."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from workbench.core.resources import resource
from workbench.evidence.pack.bag import MANIFEST, SEAL_STATUS, TAG_MANIFEST
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.printable_text import Legible
from workbench.evidence.pack.rebuilt_case import RESCUED, lost_in_rescue, nothing_found, superseded, words_of_rescue
from workbench.evidence.report.document import Pairs
from workbench.evidence.report.html import pairs, whole_page
from workbench.evidence.report.plan import confirmatory_first, status_sentences
from workbench.evidence.report.report import below_headline, compared, first_limits, questions_of, words_of_copy
from workbench.evidence.report.value_format import shorter, when
from workbench.evidence.report.wording import READING

_MOST = 6


class Bagged(NamedTuple):
    """What is known once everything under data/ is written: the files, their bytes and the list's hash."""

    top: str
    files: int
    size: int
    manifest_sha256: str


def start_here(contents: PackContents, bagged: Bagged, change: Legible) -> bytes:
    """The page: what this is, the findings in a sentence each, what to read, how to check."""
    title = change(f"Evidence pack {contents.number:02d}: {shorter(contents.title, 200)}")
    parts = [
        f'<header><p class="mark">DRAFT</p><h1>{escape(title)}</h1>',
        '<p class="lead">This folder holds the findings of an examination, the data behind them, and the means to '
        "check that nothing was changed. Everything opens without a network and without installing anything."
        "</p></header><main>",
        *_answers(contents, change),
        "<h2>What to read</h2>",
        _reading(contents),
        "<h2>How to check that nothing was changed</h2>",
        *_checking(bagged, contents.head),
        "<h2>About this pack</h2>",
        _about(contents, bagged, change),
        "</main>",
    ]
    return whole_page(title, parts).encode()


def _answers(contents: PackContents, change: Legible) -> list[str]:
    standing = contents.standing()
    rescued = [] if lost_in_rescue(contents) is None else [f"<strong>{RESCUED}.</strong> {words_of_rescue(contents)}"]
    notices = [f'<p class="notice">{words}</p>' for words in rescued]
    plan = [f"<p>{escape(change(words))}</p>" for words in status_sentences(contents)]
    if not standing:
        return [*notices, f"<h2>The answer</h2><p>{nothing_found(contents)}</p>", *plan]
    questions = questions_of(contents)
    parts = [*notices, "<h2>The question and the answer</h2>", *plan]
    for question in questions[:_MOST]:
        parts.append(f'<p class="question">{escape(change(question))}</p>')
        parts += [
            f'<p class="finding"><span class="number">Finding {f.exhibit.number}</span> '
            f"{escape(change(f.exhibit.narrative.headline))}</p>"
            + "".join(f'<p class="small">{escape(change(words))}</p>' for words in below_headline(f))
            for f in confirmatory_first(standing)
            if f.exhibit.finding.question == question
        ]
    if len(questions) > _MOST:
        more = len(questions) - _MOST
        parts.append(f"<p>The report answers {more} more questions; all are in its summary.</p>")
    withdrawn = len(contents.findings) - len(standing)
    if withdrawn:
        parts.append(f"<p>Withdrawn and still listed in the report: {withdrawn}.</p>")
    parts += [f"<p>{escape(READING)}</p>"] if compared(contents) else []
    limits = "".join(f"<li>{escape(change(limit))}</li>" for limit in first_limits(contents))
    return [*parts, f"<h3>Three limits to keep in mind</h3><ol>{limits}</ol>" if limits else ""]


def _reading(contents: PackContents) -> str:
    rows = [
        ("data/01_report/report.pdf", "The report, to read and print."),
        ("data/01_report/report.html", "The same text for the screen."),
        ("data/03_charts/", "Each chart as a picture, its numbers, and its description in words."),
        (
            "data/04_data/",
            "The answers that were examined, each with its place in the file it came from"
            + (", and those files as received." if contents.include_originals else "."),
        ),
        ("data/05_analysis/", "The plan, everything that was run, the results in full, and how to compute them again."),
        ("data/06_custody/", "The audit log: each act in the case, in order."),
    ]
    items = "".join(
        f'<li><a href="{path}">{path.removeprefix("data/")}</a><br>{escape(text)}</li>' for path, text in rows
    )
    copy = "" if contents.include_originals else f'<p class="notice">{escape(words_of_copy(contents))}</p>'
    note = "<p>A folder 02 is not part of this version of the workbench; none is missing.</p>"
    return f'<ul class="files">{items}</ul>{note}{copy}'


def _checking(bagged: Bagged, head: str) -> list[str]:
    return [
        f"<p>{bagged.files:,} files lie under <b>data</b>. The list <b>{MANIFEST}</b> has the SHA-256 of each; "
        f"<b>{TAG_MANIFEST}</b> has those of the files beside it, this page included. "
        'Commands for Windows, macOS and Linux, which need nothing installed, are in <a href="HOW_TO_CHECK.txt">'
        "HOW_TO_CHECK.txt</a>, with the output to expect. Whoever has the workbench runs "
        "<code>workbench verify</code> on this folder or on the zip.</p>",
        "<p>The head of the audit log, which the log’s last line bears and on which all others hang:</p>",
        f"<pre>{head}</pre>",
        "<p>The examiner has this value, and the SHA-256 of the zip file, from the export of the pack. Ask for both "
        "by another way than this pack: by telephone, in a letter, in the record. Then compare this head with the "
        "one you were told, and the zip file’s hash before unpacking it. The third value, in "
        f"<b>{SEAL_STATUS}</b>, is the SHA-256 of the list <b>{TAG_MANIFEST}</b>.</p>",
        '<p class="notice"><strong>Not signed in this version, and no time stamp.</strong> A hash that is read '
        "only here proves nothing: whoever changes the data can change this page too. "
        "The pack is tamper-evident: a change shows, it is not prevented.</p>",
    ]


def _about(contents: PackContents, bagged: Bagged, change: Legible) -> str:
    rows = (
        ("Case", shorter(contents.case_id, 100)),
        ("Pack", f"{contents.number:02d}"),
        ("Supersedes", superseded(contents)),
        ("Examiner", shorter(contents.examiner, 200)),
        ("Prepared", when(contents.begun)),
        ("Made with", shorter(contents.tool, 100)),
        ("Contents", f"{bagged.files:,} files, {bagged.size:,} bytes"),
        ("Head of the audit log", contents.head),
    )
    return pairs(Pairs(tuple((k, change(v)) for k, v in rows), frozenset({"Head of the audit log"})))


def how_to_check(bagged: Bagged, head: str) -> bytes:
    """Stock commands for three systems, with the number of files and the output to expect."""
    text = resource("report/HOW_TO_CHECK.txt").read_text("utf-8")
    words = {
        "@TOP@": bagged.top,
        "@FILES@": str(bagged.files),
        "@MANIFEST_SHA256@": bagged.manifest_sha256,
        "@HEAD@": head,
    }
    for word, value in words.items():
        text = text.replace(word, value)
    return text.encode()
