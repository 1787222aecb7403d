"""Answers as the desk shows them: hits counted by corpus, a list of any length, and a prompt side by side."""

from __future__ import annotations

import time
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.app.desk.index import late_models
from workbench.app.desk.passages import Passage, likeness, shared_passages
from workbench.core.answers.inspection import EMPTY, GARBLED, LOOKS_CUT, QUOTING, REFUSED, SECRET, TRUNCATED
from workbench.core.errors import UsageError
from workbench.core.fulltext import Query, excerpt, found_in, parse
from workbench.core.model import Json, Role
from workbench.core.text import one_line

if TYPE_CHECKING:
    from workbench.app.session import Session
    from workbench.store import StoredAnswer

PAGE = 200
"""Answers that are read at once for a list."""

FLAGS: Mapping[str, int] = {
    "cut": LOOKS_CUT | TRUNCATED,
    "declined": REFUSED,
    "empty": EMPTY,
    "garbled": GARBLED,
    "quoting": QUOTING,
    "secret": SECRET,
}
_AROUND = 90
_MARKED = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What is listed: words (none for all), whether in prompts, of which corpora (none for all), with which flag."""

    words: str = ""
    in_prompts: bool = False
    corpora: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """One corpus with its role, for bars and columns."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many answers of one corpus are hit, of how many."""

    who: Who
    hits: int
    answers: int


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found: counts by corpus, the most hits first, and how long it took; `missing` are not indexed."""

    asked: Asked
    counts: tuple[Count, ...]
    total: int
    corpora: int
    remark: str
    seconds: float
    missing: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: an answer, or a prompt (then `number` is 0)."""

    number: int
    who: Who
    prompt: int
    asked: str
    before: str
    hit: str
    after: str


@dataclass(frozen=True, slots=True)
class Side:
    """One column of the reader: an answer of a corpus to the prompt, or the reason why there is none."""

    who: Who
    number: int
    text: str
    language: str
    marks: tuple[str, ...]
    masked: int
    samples: tuple[int, ...]
    nearest: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A prompt with the answers that stand side by side, and what they share."""

    prompt: int
    place: int
    prompts: int
    asked: str
    sides: tuple[Side, ...]
    passages: tuple[Passage, ...]
    compared: str
    """The corpus that the first column is compared with."""


def whos(session: Session) -> dict[str, Who]:
    """All corpora with their roles."""
    late = late_models(session)
    return {c.name: Who(c.name, "late" if c.name in late else str(c.role)) for c in session.corpora()}


def chosen(session: Session, asked: Asked) -> list[str]:
    """The corpora that are looked through, the suspect first."""
    order = (Role.SUSPECT, Role.PROTECTED, Role.BASE, Role.SIBLING, Role.CONTROL, Role.ASIDE)
    kept = [
        c
        for c in session.corpora()
        if (not asked.corpora or c.name in asked.corpora) and (not asked.roles or str(c.role) in asked.roles)
    ]
    return [c.name for c in sorted(kept, key=lambda c: order.index(c.role))]


def query_of(asked: Asked) -> Query | None:
    """The search for the words; None where there are none. Raises UsageError for words that are no search."""
    return parse(asked.words) if asked.words.strip() else None


def count_hits(session: Session, asked: Asked) -> Hits:
    """Count by corpus what is found."""
    begun = time.perf_counter()
    query, marks = query_of(asked), FLAGS.get(asked.flag, 0)
    named = whos(session)
    names = chosen(session, asked)
    whole = {c.corpus.name: c.accepted for c in session.catalogue()}
    found = session.browse.counts(names, query, marks=marks)
    counts = [Count(named[name], hits, whole.get(name, 0)) for name, hits in found.items() if hits]
    counts.sort(key=lambda c: -c.hits)
    return Hits(
        asked,
        tuple(counts),
        sum(c.hits for c in counts),
        len(names),
        remark(counts) if query is not None else "",
        time.perf_counter() - begun,
        session.unindexed() if query is not None else 0,
    )


def remark(counts: Sequence[Count]) -> str:
    """What the counts must not be taken for: where a control leads, the words alone prove nothing."""
    if not counts:
        return ""
    shares = {c.who.name: c.hits / c.answers if c.answers else 0.0 for c in counts}
    first = max(counts, key=lambda c: (shares[c.who.name], c.hits))
    if first.who.role == Role.CONTROL:
        return "A control says it most. The phrase alone proves nothing."
    if not any(c.who.role == Role.CONTROL for c in counts):
        return "No control says it. Look at what else they say to these prompts."
    return ""


def numbers_of(session: Session, asked: Asked, *, limit: int = -1) -> array[int]:
    """The numbers of all answers that are listed, in their order."""
    return session.browse.numbers(chosen(session, asked), query_of(asked), marks=FLAGS.get(asked.flag, 0), limit=limit)


def rows_of(session: Session, asked: Asked, numbers: Sequence[int]) -> list[Row]:
    """Lines of the list for some answers."""
    query, named = query_of(asked), whos(session)
    rows = []
    for item in session.browse.listed(numbers):
        around = excerpt(item.text, query, _AROUND) if query is not None else None
        before, hit, after = around if around is not None and around.hit else ("", "", item.text[:_MARKED])
        rows.append(
            Row(
                item.number,
                named.get(item.corpus, Who(item.corpus, "control")),
                item.prompt,
                one_line(item.asked, 160),
                _short_before(before),
                one_line(hit, 80),
                one_line(after, 160),
            )
        )
    return rows


def _short_before(said: str) -> str:
    said = " ".join(said.split())
    return said if len(said) <= 24 else f"…{said[-23:]}"


def prompt_rows(session: Session, asked: Asked, limit: int = PAGE) -> list[Row]:
    """Prompts that hold the words; raises UsageError without a word."""
    query = query_of(asked)
    if query is None:
        raise UsageError("Type a word that stands in a prompt.")
    rows = []
    for key, said in session.browse.prompts_with(chosen(session, asked), query, limit=limit):
        before, hit, after = excerpt(said, query, _AROUND)
        rows.append(Row(0, Who("", ""), key, one_line(said, 160), _short_before(before), one_line(hit, 80), after))
    return rows


def spans_of(text: str, words: str) -> tuple[tuple[int, int], ...]:
    """Where the words of a search stand in a text."""
    if not words.strip():
        return ()
    try:
        query = parse(words)
    except UsageError:
        return ()
    return tuple(span for span, _ in zip(found_in(text, query), range(_MARKED), strict=False))


def all_prompts(session: Session) -> tuple[int, ...]:
    """The keys of all prompts that were answered, in order of first appearance."""
    from workbench.app.desk.corpora import read_corpora

    return read_corpora(session).coverage.prompts


def first_prompt(session: Session, names: Sequence[str]) -> int:
    """The first prompt that some corpora answered, all of them if there is one; 0 where there is none."""
    from workbench.app.desk.corpora import read_corpora

    coverage = read_corpora(session).coverage
    rows = [row for row in coverage.rows if row.name in names] or list(coverage.rows)
    for at, prompt in enumerate(coverage.prompts):
        if all(row.states[at] for row in rows):
            return prompt
    return next((p for at, p in enumerate(coverage.prompts) if any(row.states[at] for row in rows)), 0)


def beside(
    session: Session, prompt: int, wanted: Sequence[str] = (), number: int = 0, prompts: Sequence[int] = ()
) -> Beside:
    """A prompt side by side: the corpora that are wanted, or suspect, nearest protected model and nearest control.

    `number` is an answer that shall be shown in its column, where a corpus answered more than once.
    """
    named = whos(session)
    answers = session.browse.answers_to(prompt)
    texts = {name: session.answer(_one(numbers, number)).answer for name, numbers in answers.items()}
    said = {name: answer.text for name, answer in texts.items()}
    names, nearest = _columns(named, said, wanted, _corpus_of(answers, number))
    sides = []
    for name in names:
        answer = texts.get(name)
        if answer is None:
            sides.append(
                Side(named.get(name, Who(name, "control")), 0, "", "", (), 0, (), why="It has no answer to this.")
            )
            continue
        sides.append(side_of(answer, named[name], answers[name], nearest=name == nearest))
    controls = [text for name, text in said.items() if named[name].role == Role.CONTROL and name not in names[:2]]
    # A control in the second column is compared with, and is not counted against itself.
    shown = [side.text for side in sides if side.number]
    passages = shared_passages(shown, controls) if len(shown) > 1 and sides[0].number else ()
    asked = next((a.prompt for a in texts.values() if a.prompt), "") or session.browse.prompts([prompt]).get(prompt, "")
    order = list(prompts) or list(all_prompts(session))
    place = order.index(prompt) + 1 if prompt in order else 0
    compared = sides[1].who.name if len(sides) > 1 else ""
    return Beside(prompt, place, len(order), asked, tuple(sides), passages, compared)


def side_of(answer: StoredAnswer, who: Who, samples: Sequence[int], *, nearest: bool = False) -> Side:
    """An answer as a column of the reader; `samples` are all answers of its corpus to the same prompt."""
    return Side(
        who,
        answer.number,
        answer.text,
        _language(answer.seen),
        _marks(answer.seen),
        answer.masked,
        tuple(samples),
        nearest=nearest,
    )


def alone(session: Session, number: int) -> Beside:
    """An answer whose prompt is not known, by itself."""
    answer = session.answer(number).answer
    who = whos(session).get(answer.corpus, Who(answer.corpus, "control"))
    side = side_of(answer, who, (answer.number,))
    asked = f"Its id is {answer.prompt_key}." if answer.prompt_key else ""
    return Beside(0, 0, 0, asked, (side,), (), "")


def _one(numbers: Sequence[int], wanted: int) -> int:
    return wanted if wanted in numbers else numbers[0]


def _corpus_of(answers: Mapping[str, Sequence[int]], number: int) -> str:
    return next((name for name, numbers in answers.items() if number in numbers), "")


def _columns(
    named: Mapping[str, Who], said: Mapping[str, str], wanted: Sequence[str], own: str
) -> tuple[list[str], str]:
    """Who stands side by side, and which of them is the nearest control."""
    if wanted:
        names = list(dict.fromkeys([*wanted, *([own] if own and own not in wanted else [])]))
        return names[:6], ""
    suspects = [name for name, who in named.items() if who.role == Role.SUSPECT]
    first = next((name for name in suspects if name in said), suspects[0] if suspects else own)
    text = said.get(first, "")
    protected = _nearest(text, said, [name for name, who in named.items() if who.role == Role.PROTECTED])
    control = _nearest(text, said, [name for name, who in named.items() if who.role == Role.CONTROL])
    names = [name for name in (first, protected, control) if name]
    if own and own not in names:
        names = [*names[:2], own, *names[2:]] if named[own].role == Role.PROTECTED else [*names[:2], own]
    return list(dict.fromkeys(names)), control


def _nearest(text: str, said: Mapping[str, str], names: Sequence[str]) -> str:
    here = [name for name in names if name in said]
    return max(here, key=lambda name: likeness(text, said[name]), default="")


def _language(seen: Json) -> str:
    return str(seen["language"]) if seen else ""


def _marks(seen: Json) -> tuple[str, ...]:
    if not seen:
        return ()
    marks = [str(mark).replace("_", " ") for mark in seen["marks"]]
    if seen["like_other_corpora"]:
        marks.append(f"like {seen['like_other_corpora']} of other corpora")
    return tuple(marks)


@dataclass(frozen=True, slots=True)
class Raw:
    """The record that an answer came from: its file and place, its text with secrets masked, and whether it agrees."""

    number: int
    file: str
    place: str
    offset: int
    length: int
    shown: int
    text: str
    sha256: str
    importer: str
    why: str
    disagrees: str
    lines: tuple[str, ...]


def raw_of(session: Session, number: int) -> Raw:
    """The bytes behind an answer."""
    found = session.answer(number)
    answer, raw = found.answer, found.raw
    lines = [f"sample {answer.sample}"] if answer.sample else []
    lines += [answer.time] if answer.time else []
    lines += [f"{answer.masked} masked"] if answer.masked else []
    return Raw(
        number=answer.number,
        file=answer.source.name,
        place=found.place,
        offset=answer.offset,
        length=raw.length,
        shown=raw.shown,
        text=raw.text,
        sha256=answer.source.sha256,
        importer=answer.importer,
        why=raw.why,
        disagrees=found.disagrees,
        lines=tuple(lines),
    )


def elsewhere(session: Session, words: str, prompt: int) -> int:
    """How many answers of controls to other prompts hold a passage."""
    controls = [c.name for c in session.corpora() if c.role is Role.CONTROL]
    try:
        query = parse('"' + words.replace('"', " ") + '"')
    except UsageError:
        return 0
    whole = sum(session.browse.counts(controls, query).values())
    here = session.browse.answers_to(prompt)
    own = [number for name in controls for number in here.get(name, ())]
    held = sum(any(True for _ in found_in(item.text, query)) for item in session.browse.listed(own))
    return max(0, whole - held)
