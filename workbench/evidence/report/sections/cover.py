"""The cover: the question, the facts of the pack, and the contents. Never the answer, which would stand alone."""

from __future__ import annotations

from workbench.core.printed import grouped, listed, minute
from workbench.core.text import counted, one_line
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.rebuilt_case import RESCUED, lost_in_rescue, superseded, words_of_rescue
from workbench.evidence.pack.since import since
from workbench.evidence.pack.start_here import copy_words
from workbench.evidence.report.question import Asked
from workbench.evidence.report.sheets import Cover, Run, Style, Words, blank, bold, mono, say


def cover_of(contents: PackContents, questions: tuple[Asked, ...], notes: tuple[str, ...]) -> Cover:
    """The cover; `notes` say how the report was set where it could not be set as it is meant."""
    first = questions[0].words if questions else contents.title
    more = f" One of {counted(len(questions), 'question', 'questions')}." if len(questions) > 1 else ""
    below = (
        f"The answer stands on page 1.{more} Every sentence in it leads to a finding, every finding to numbers, and "
        "every number to bytes in this pack."
        if questions
        else "No question has been answered in this case."
    )
    notices = [(f"{RESCUED}.", words_of_rescue(contents))] if lost_in_rescue(contents) is not None else []
    notices += [("Note on this copy.", note) for note in notes]
    notices += copy_words(contents)
    kind = "Expert report on the origin of a language model’s answers"
    return Cover(kind, one_line(first, 240), below, _facts(contents), tuple(notices))


def _facts(contents: PackContents) -> tuple[tuple[str, Words], ...]:
    copy = "Full pack: report, exhibits, data, log"
    number = f"{contents.number:02d}"
    if contents.copy is not None:
        copy, number = "Redacted copy: see above", f"{number}, redacted copy of it"
    elif not contents.include_originals:
        copy = "Lawyer copy: report, exhibits and log, without the original data"
    return (
        ("Case", say(one_line(contents.title, 120), " ", Run(one_line(contents.case_id, 60), Style.QUIET))),
        ("Pack", say(f"{number}. It supersedes: {superseded(contents)}.{_changes(contents)}")),
        (
            "Examiner",
            say(one_line(contents.examiner, 120)) if contents.examiner else say(blank("not stated: to be completed")),
        ),
        *_matter(contents),
        ("Prepared", say(f"{minute(contents.begun)}, with {contents.tool}")),
        ("Status", _status(contents)),
        ("Copy", say(copy)),
        ("Log before this pack", say(mono(grouped(contents.head)))),
        *([("Head of the full pack", say(mono(grouped(contents.copy.head))))] if contents.copy else []),
        ("Hash of the zip", say("Not here: no file can hold its own hash. It stands in the covering letter.")),
    )


def _changes(contents: PackContents) -> str:
    return " What changed since then: Annex A." if since(contents.ledger_lines, contents.number) else ""


def _matter(contents: PackContents) -> list[tuple[str, Words]]:
    """The matter, as far as it was stated, and who instructs, which is left blank where it was not."""
    said = contents.instructions
    rows = (("Reference", said.reference), ("Court", said.court), ("Parties", said.parties), ("Client", said.client))
    given = say(said.instructed_by) if said.instructed_by else say(blank("not stated: to be completed"))
    return [*((name, say(text)) for name, text in rows if text), ("Instructed by", given)]


def _status(contents: PackContents) -> Words:
    if not contents.signers:
        return say(bold(f"Draft {contents.number}. "), "Not signed, not reviewed.")
    names = listed([one_line(one.name, 60) for one in contents.signers], 9)
    return say(f"To be signed by {names}. SEAL_STATUS.txt says whether it is.")
