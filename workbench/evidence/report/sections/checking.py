"""The state of signature, review, key and time stamp; and how to check the pack with nothing installed."""

from __future__ import annotations

from workbench.core.printed import grouped, listed
from workbench.core.text import one_line
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.names import top_folder
from workbench.evidence.pack.zip_checks import zip_checks
from workbench.evidence.report.sheets import (
    Block,
    Code,
    Column,
    Heading,
    Para,
    Run,
    Section,
    Style,
    Table,
    bold,
    mono,
    say,
)

_STATES = (
    ("Second examiner", "None so far", "A second examiner works without seeing the first one’s marks."),
    ("Key", "See SEAL_STATUS.txt", "A key’s fingerprint must reach you by another way than this pack."),
    (
        "Time stamp",
        "See SEAL_STATUS.txt",
        "A time stamp shows that the pack existed by then. It shows nothing earlier.",
    ),
)


def checking_section(contents: PackContents, declarations: str, number: str) -> tuple[Section, Section]:
    """The state of the seal, under the number of the declarations; and the check."""
    said = (
        "A report is signed by a person. A pack is sealed by a key. The two are kept apart: a valid seal shows who "
        "sealed these bytes and that they are whole. It does not show that what they say is true."
    )
    rows = tuple(
        (say(bold(what)), say(Run(state, Style.BLANK)), say(explained))
        for what, state, explained in (_signed(contents), *_STATES)
    )
    state = Section(
        "signature",
        declarations,
        "Signature, review and time stamp",
        (
            Para(say(said), say("This page is made before the pack is sealed: it can’t hold its own seal.")),
            Table((Column("", 2), Column("", 2), Column("", 6)), rows, headless=True),
        ),
        listed="",
    )
    blocks: list[Block] = [
        Para(
            say(
                bold("Three hashes. "),
                "Ask the examiner for them by telephone, or read them in the covering letter. A hash that is read only "
                "inside the pack proves nothing: whoever changes a file can change this page too.",
            ),
            say("Read them out in groups of four. Compare all of them."),
        ),
        Table((Column("", 2), Column("", 5)), _hashes(contents), headless=True),
        Para(
            say(
                bold("Nothing installed. "),
                "Open the folder that holds the zip, type the line of your system with the 64 characters of the "
                "letter in the place of HASH. It ends in PASS or FAIL.",
            ),
            say("The check of every file: HOW_TO_CHECK.txt"),
        ),
    ]
    for system, where, line in zip_checks(f"{top_folder(contents)}.zip"):
        blocks += [Para(say(bold(f"{system}, "), where), style="small", unnumbered=True), Code(line)]
    blocks += [
        Heading("What the log shows"),
        Para(
            say(
                "The log has one line for each act in the case, with the hash of the line before it: a line that is "
                "altered, removed or put in shows. A keeper who rewrites all of it can make a new chain; its last "
                "hash then differs from the head that was told by another way."
            ),
            say("06_custody/custody.csv is the log as a table, custody.jsonld as a graph (CASE/UCO)."),
        ),
    ]
    return state, Section("checking", number, "How to check this pack", tuple(blocks), breaks=False)


def _signed(contents: PackContents) -> tuple[str, str, str]:
    if not contents.signers:
        return "Report", "Not signed", "The mark on each page goes when the report is signed."
    names = listed([one_line(one.name, 60) for one in contents.signers], 9)
    return "Report", "See SEAL_STATUS.txt", f"To be signed by {names}."


def _hashes(contents: PackContents) -> tuple[tuple[tuple[Run, ...], ...], ...]:
    digest = grouped(contents.head)
    return (
        (say(bold("The zip file"), ", before unpacking"), say("stands in the covering letter")),
        (
            say(bold("List of lists"), ", tagmanifest-sha256.txt"),
            say("stands in SEAL_STATUS.txt and in the covering letter"),
        ),
        (say(bold("Log before this pack"), f", line {len(contents.ledger_lines):,}"), say(mono(digest))),
    )
