"""The verbs of exhibits, notes and marks: proposed by the rule, chosen by hand, ordered, reviewed, taken back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workbench.cli.opening import opened
from workbench.cli.output import Meter, Result, table
from workbench.core.errors import UsageError
from workbench.core.exhibits import DISCOVERABLE, About, CaseExhibit, Mark, Note, Register, Side, State
from workbench.core.surroundings import Conditions, of_this_machine
from workbench.core.typed_json import plain

if TYPE_CHECKING:
    from workbench.app.exhibits.door import Exhibits

Number = Callable[[str], int]
Below = Callable[[str, str], ArgumentParser]
"""Makes the parser of a word below the verb, with what it does in words."""


def exhibits_options(parser: ArgumentParser, below: Below, number: Number) -> None:
    """The options of `exhibits`, and the words below it."""
    parser.add_argument("--take", action="store_true", help="take in what the rule proposes")
    parser.add_argument("--examiner", metavar="NAME", default="", help="who works, such as a second examiner")
    below("list", "list the exhibits in the order of the report, withdrawn ones struck")
    add = below("add", "make an exhibit by hand: answers, a passage of the first one, a chart or a table")
    what = add.add_mutually_exclusive_group(required=True)
    what.add_argument("--answers", metavar="N", type=number, nargs="+", help="numbers of answers, beside each other")
    what.add_argument("--finding", metavar="N", type=number, help="a finding: its chart, or with --table a table of it")
    add.add_argument("--passage", metavar="WORDS", default="", help="with --answers: a run of words of the first one")
    add.add_argument("--table", metavar="NAME", default="", help="with --finding: one of its tables")
    add.add_argument("--against", action="store_true", help="it speaks against")
    add.add_argument("--title", metavar="T", default="", help="what it is called in lists")
    add.add_argument("--why", metavar="T", default="", help="why it is here")
    add.add_argument("--not-shown", metavar="T", default="", help="what it does not show")
    add.add_argument("--tag", metavar="T", action="append", default=[], help="repeatable")
    add.add_argument("--comment", metavar="T", default="", help=DISCOVERABLE)
    one = "the number of an exhibit, such as MA-0004"
    for word, words in (
        ("show", "show one exhibit"),
        ("remove", "withdraw an exhibit; it keeps its number and stays in the list, struck"),
        ("restore", "take a withdrawal back"),
        ("order", "put an exhibit before another one, or at the end"),
        ("comment", "write the comment of an exhibit, in place of the one before"),
        ("tag", "give an exhibit these tags and no others"),
        ("review", "say in your own name how an exhibit stands"),
    ):
        part = below(word, words)
        part.add_argument("exhibit", metavar="EXHIBIT", help=one)
        if word == "remove":
            part.add_argument("--reason", metavar="T", required=True, help="why; it stands in the list of every pack")
        elif word == "order":
            part.add_argument("--before", metavar="EXHIBIT", default="", help="which one it stands before")
        elif word == "comment":
            part.add_argument("text", metavar="TEXT", help=DISCOVERABLE)
        elif word == "tag":
            part.add_argument("tags", metavar="TAG", nargs="*")
        elif word == "review":
            part.add_argument("state", choices=[str(state) for state in State])
            part.add_argument("--reason", metavar="T", default="", help="needed for a dispute")
    below("undo", "take back the last act on exhibits, notes or marks, with a line of its own")


def note_options(parser: ArgumentParser, number: Number) -> None:
    """The options of `note`."""
    parser.add_argument("text", metavar="TEXT", nargs="?", default="", help=f"nothing: list the notes. {DISCOVERABLE}")
    about = parser.add_mutually_exclusive_group()
    for name in (About.CORPUS, About.ANSWER, About.FINDING, About.EXHIBIT):
        about.add_argument(f"--{name}", metavar="NAME" if name is About.CORPUS else "N", help=f"on this {name}")
    about.add_argument("--withdraw", metavar="NOTE", type=number, help="strike the note of this number")
    about.add_argument("--restore", metavar="NOTE", type=number, help="take that back")
    parser.add_argument("--examiner", metavar="NAME", default="", help="who writes it")


def mark_options(parser: ArgumentParser, number: Number) -> None:
    """The options of `mark`."""
    parser.add_argument("answers", metavar="ANSWER", type=number, nargs="*", help="none: list the marks")
    parser.add_argument("--as", dest="mark", choices=[str(mark) for mark in Mark], default=str(Mark.MARKED))
    parser.add_argument("--off", action="store_true", help="take the mark off")
    parser.add_argument("--examiner", metavar="NAME", default="", help="who marks them")


def _who(options: Namespace, conditions: Conditions | None) -> Conditions:
    """The surroundings with the examiner who was named."""
    known = conditions or of_this_machine()
    return replace(known, examiner=options.examiner) if options.examiner else known


def exhibits(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Show what the rule proposes, and take it in where that is asked for."""
    with opened(options, _who(options, conditions), writing=options.take) as session:
        meter(0.1, "looking for shared passages")
        found = session.exhibits.propose()
        names = session.exhibits.take(found) if options.take else []
    new = {one.subject for one in found.new}
    called = iter(names)
    rows = [
        (
            next(called, "new") if one.subject in new else "taken in before",
            one.side,
            one.title,
            ", ".join(answer.model for answer in one.answers[:2]),
            f"{one.controls} of {one.compared}",
        )
        for one in found.choices
    ]
    heads = ("exhibit", "speaks", "passage", "models", "controls that wrote it")
    counts = [(one.model, one.rare, one.prompts) for one in found.counts]
    lines = [
        found.rule,
        "",
        *(table(heads, rows) if rows else ["The rule finds no passage."]),
        "",
        "The same rule put to every model:",
        *table(("model", "prompts with a rare passage", "of"), counts),
    ]
    if found.new and not options.take:
        lines += ["", f"`workbench exhibits {options.case} --take` takes in the {len(found.new)} that are new."]
    document = {
        "rule": found.rule,
        "proposed": [plain(one) for one in found.choices],
        "counts": [plain(one) for one in found.counts],
        "taken": names,
    }
    return Result(document, lines)


def change(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Do one thing with the exhibits of a case, and list what stands then."""
    writing = options.word not in ("list", "show")
    with opened(options, _who(options, conditions), writing=writing) as session:
        door = session.exhibits
        did = _do(door, options) if writing else ""
        seen = door.seen(options.examiner)
        notes = seen.register.notes
    shown = [one for one in seen.exhibits if options.word != "show" or one.name == options.exhibit.strip().upper()]
    if options.word == "show" and not shown:
        seen.register.exhibit(options.exhibit)
    blind = (
        f"Second examiner {seen.examiner}: {seen.own} of {seen.standing} reviewed; what others say is shown after that."
        if seen.blind and any(one.reviews for one in seen.register.exhibits)
        else ""
    )
    lines = [did] if did else []
    lines += _shown(shown[0], notes) if options.word == "show" else _listed(shown)
    document = {
        "did": did,
        "examiner": seen.examiner,
        "blind": seen.blind,
        "reviewed": seen.own,
        "standing": seen.standing,
        "exhibits": [as_json(one) for one in shown],
    }
    return Result(document, [*lines, *([blind] if blind else [])])


def _do(door: Exhibits, options: Namespace) -> str:
    """Do what the word says; returns what was done."""
    match options.word:
        case "add":
            return _add(door, options)
        case "remove":
            door.withdraw(options.exhibit, options.reason)
            return f"{options.exhibit} is withdrawn; it stays in the list."
        case "restore":
            door.restore(options.exhibit)
            return f"{options.exhibit} stands again."
        case "order":
            door.move(options.exhibit, options.before)
            return f"{options.exhibit} stands {f'before {options.before}' if options.before else 'at the end'}."
        case "comment":
            door.comment(options.exhibit, options.text)
            return f"The comment of {options.exhibit} is kept. {DISCOVERABLE}"
        case "tag":
            door.tag(options.exhibit, options.tags)
            return f"The tags of {options.exhibit} are kept."
        case "review":
            door.review(options.exhibit, State(options.state), options.reason)
            return f"{options.exhibit}: {options.state}."
    return f"Taken back: {door.undo()}."


def _add(door: Exhibits, options: Namespace) -> str:
    from workbench.app.exhibits.choosing import Labels

    side = Side.AGAINST if options.against else None
    labels = Labels(side, options.title, options.why, options.not_shown, tuple(options.tag), options.comment)
    if options.answers:
        if options.table:
            raise UsageError("--table goes with --finding.")
        return f"{door.add_answers(options.answers, labels, passage=options.passage)} is made."
    if options.passage:
        raise UsageError("--passage goes with --answers.")
    return f"{door.add_finding(options.finding, labels, table=options.table)} is made."


def as_json(one: CaseExhibit) -> dict[str, Any]:
    """An exhibit as plain JSON, with its state."""
    return {**plain(one), "state": str(one.state), "from": one.choice.origin}


def _listed(shown: list[CaseExhibit]) -> list[str]:
    if not shown:
        return ["No exhibits yet. `workbench exhibits CASE --take` takes in those of the rule."]
    rows = [
        (
            one.name,
            f"withdrawn: {one.withdrawal.reason}" if one.withdrawal else one.choice.title,
            str(one.choice.kind),
            one.choice.origin,
            "by the rule" if one.choice.picker == "rule" else f"by hand, {one.examiner}",
            "" if one.withdrawal else str(one.state),
            ", ".join(one.tags),
        )
        for one in shown
    ]
    return table(("exhibit", "what it is", "kind", "from", "picked", "review", "tags"), rows)


def _shown(one: CaseExhibit, notes: tuple[Note, ...]) -> list[str]:
    choice = one.choice
    lines = [f"{one.name}  {choice.title}", f"{choice.kind}, {choice.origin}, speaks {choice.side}"]
    lines.append(f"Picked by {'the rule' if choice.picker == 'rule' else one.examiner}, {one.added}")
    if one.withdrawal:
        lines.append(f"Withdrawn {one.withdrawal.time} by {one.withdrawal.examiner}: {one.withdrawal.reason}")
    if choice.passage:
        lines.append(f"When it was picked, {choice.controls} of {choice.compared} controls wrote this passage.")
    lines += [f"Answer {a.number}, {a.role}, {a.model}, bytes from {a.offset}, {a.sha256}" for a in choice.answers]
    lines += [f"Why it is here: {choice.why}"] if choice.why else []
    lines += [f"What it does not show: {choice.not_shown}"] if choice.not_shown else []
    lines += [f"Tags: {', '.join(one.tags)}"] if one.tags else []
    lines += [f"Comment of {one.commented_by}: {one.comment}"] if one.comment else []
    for review in one.reviews:
        how = ", blind" if review.blind else ""
        lines.append(f"{review.examiner}{how}: {review.state}{f': {review.reason}' if review.reason else ''}")
    return lines + [
        f"Note {n.number}, {n.examiner}: {n.text}" for n in notes if n.about == "exhibit" and n.name == one.name
    ]


def note(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Write, list, withdraw or restore notes."""
    writing = bool(options.text or options.withdraw is not None or options.restore is not None)
    with opened(options, _who(options, conditions), writing=writing) as session:
        door = session.exhibits
        if options.withdraw is not None:
            door.withdraw_note(options.withdraw)
        elif options.restore is not None:
            door.restore_note(options.restore)
        elif options.text:
            about, name = _about(options)
            door.note(about, name, options.text)
        found = door.register().notes
    rows = [
        (
            one.number,
            f"{one.about} {one.name}".strip(),
            one.examiner,
            f"{'withdrawn: ' if one.withdrawn else ''}{one.text}",
        )
        for one in found
    ]
    lines = table(("note", "on", "by", "words"), rows) if rows else ["No notes yet."]
    return Result({"notes": [plain(item) for item in found]}, [*lines, DISCOVERABLE])


def _struck(one: Note) -> str:
    return f"{'withdrawn: ' if one.withdrawn else ''}{one.text}"


def _about(options: Namespace) -> tuple[About, str]:
    for about in (About.CORPUS, About.ANSWER, About.FINDING, About.EXHIBIT):
        name = getattr(options, str(about))
        if name is not None:
            return about, name
    return About.CASE, ""


def mark(options: Namespace, conditions: Conditions | None, meter: Meter) -> Result:
    """Mark answers, take a mark off, or list the marks."""
    with opened(options, _who(options, conditions), writing=bool(options.answers)) as session:
        door = session.exhibits
        changed = door.mark(options.answers, Mark(options.mark), on=not options.off) if options.answers else 0
        marks = _marks(door.register())
    lines = [f"{changed} changed."] if options.answers else []
    lines += table(("answer", "marks"), [(n, ", ".join(some)) for n, some in marks]) if marks else ["No marks yet."]
    return Result({"changed": changed, "marks": [{"answer": n, "marks": some} for n, some in marks]}, lines)


def _marks(found: Register) -> list[tuple[int, list[str]]]:
    return [(number, sorted(map(str, some))) for number, some in sorted(found.marks.items()) if some]
