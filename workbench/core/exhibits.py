"""Exhibits, notes and marks of a case: each act is a line of the ledger, and the lines together are the register."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from workbench.core.errors import UsageError
from workbench.core.model import Json
from workbench.core.typed_json import plain, read

EXHIBITS_ADDED = "exhibits added"
EXHIBIT_WITHDRAWN = "exhibit withdrawn"
EXHIBIT_RESTORED = "exhibit restored"
EXHIBIT_MOVED = "exhibit moved"
EXHIBIT_COMMENTED = "exhibit commented"
EXHIBIT_TAGGED = "exhibit tagged"
EXHIBIT_REVIEWED = "exhibit reviewed"
NOTE_WRITTEN = "note written"
NOTE_WITHDRAWN = "note withdrawn"
NOTE_RESTORED = "note restored"
ANSWERS_MARKED = "answers marked"

ACTIONS = (
    EXHIBITS_ADDED, EXHIBIT_WITHDRAWN, EXHIBIT_RESTORED, EXHIBIT_MOVED, EXHIBIT_COMMENTED, EXHIBIT_TAGGED,
    EXHIBIT_REVIEWED, NOTE_WRITTEN, NOTE_WITHDRAWN, NOTE_RESTORED, ANSWERS_MARKED,
)  # fmt: skip

UNDOES = "undoes"
"""The option of a line that takes another one back, by its number."""

WAS = "was"
"""The option of a line that a rescue wrote again: when it was written first, and by whom."""

TOGETHER = 500
"""Exhibits that one line takes in at most."""

DISCOVERABLE = "Notes and comments can be asked for by the other side. Write them for a reader."

_MARK = re.compile(r"[A-Z]{1,4}")
_NAME = re.compile(r"[A-Z]{1,4}-[0-9]{4,9}")
"""Files of a pack are called by it, so that it can be nothing else."""
_SMALL = frozenset({"a", "an", "and", "of", "on", "or", "the", "v", "vs", "versus", "against", "in", "case"})


class Kind(StrEnum):
    """What an exhibit shows."""

    PASSAGES = "passages"
    ANSWERS = "answers"
    CHART = "chart"
    TABLE = "table"
    DOCUMENT = "document"


class Picker(StrEnum):
    """Who picked it: the written rule, or a person by hand."""

    RULE = "rule"
    HAND = "hand"


class Side(StrEnum):
    """What it speaks for: that the answers are related, or the other way, or neither."""

    FOR = "for"
    AGAINST = "against"
    NEITHER = "neither"


class State(StrEnum):
    """How far somebody has reviewed it."""

    TO_CHECK = "to check"
    CHECKED = "checked"
    DISPUTED = "disputed"


class Mark(StrEnum):
    """What somebody who looks through answers says of one."""

    LOOKED_AT = "looked at"
    MARKED = "marked"


class About(StrEnum):
    """What a note is on."""

    CASE = "case"
    CORPUS = "corpus"
    ANSWER = "answer"
    FINDING = "finding"
    EXHIBIT = "exhibit"


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """An answer by its place: it is found by this in the case, in a rescued one, and in a pack.

    `number` is the one that the case gave it, `index` its record in the file, `sha256` that of its text.
    """

    number: int
    model: str
    role: str
    sha256: str
    prompt_sha256: str | None
    source: str
    member: str
    index: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class FindingPlace:
    """A finding by its number and its digest; `table` names one of its tables, where a table is shown."""

    number: int
    sha256: str
    analysis: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody, or the rule, chose to show, as it was chosen.

    `passage` are the words that it is about, which `controls` of `compared` controls wrote for the same prompt then.
    `why` and `not_shown` are the examiner's words; where they are empty, the program says what it can count.
    """

    kind: Kind
    picker: Picker
    title: str
    side: Side = Side.FOR
    answers: tuple[AnswerPlace, ...] = ()
    finding: FindingPlace | None = None
    document: str = ""
    passage: str = ""
    controls: int = 0
    compared: int = 0
    why: str = ""
    not_shown: str = ""

    @property
    def origin(self) -> str:
        """Where it is from, in a few words."""
        if self.finding is not None:
            return f"Finding {self.finding.number}, {self.kind}"
        if self.document:
            return f"Document {self.document}"
        numbers = " and ".join(str(one.number) for one in self.answers[:2])
        return f"{'Answer' if len(self.answers) == 1 else 'Answers'} {numbers}"

    @property
    def subject(self) -> tuple[str, ...]:
        """What it shows, so that two exhibits of the same thing are known."""
        shown = [f"{one.source} {one.member} {one.offset} {one.index} {one.sha256}" for one in self.answers[:2]]
        found = [f"{self.finding.sha256} {self.finding.table}"] if self.finding else []
        return (self.kind, self.document, self.passage, *shown, *found)


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What the rule found of one model: the prompts on which it has a rare passage, of those that are compared."""

    model: str
    rare: int
    prompts: int


@dataclass(frozen=True, slots=True)
class Review:
    """What one person says of an exhibit; `blind` says that no other's review was shown to them then."""

    examiner: str
    state: State
    time: str
    reason: str
    blind: bool


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When an exhibit was withdrawn, by whom, and why."""

    time: str
    examiner: str
    reason: str


@dataclass(frozen=True, slots=True)
class CaseExhibit:
    """An exhibit as the case knows it now."""

    name: str
    choice: Choice
    added: str
    examiner: str
    line: int
    tags: tuple[str, ...] = ()
    comment: str = ""
    commented_by: str = ""
    withdrawal: Withdrawal | None = None
    reviews: tuple[Review, ...] = ()

    @property
    def state(self) -> State:
        """What all who reviewed it say together: disputed where one disputes it."""
        states = {review.state for review in self.reviews}
        return next((one for one in (State.DISPUTED, State.CHECKED) if one in states), State.TO_CHECK)

    def state_of(self, examiner: str) -> State:
        """What one person says of it."""
        return next((one.state for one in self.reviews if one.examiner == examiner), State.TO_CHECK)


@dataclass(frozen=True, slots=True)
class Note:
    """A note on the case, or on something in it by its name or number."""

    number: int
    about: About
    name: str
    text: str
    time: str
    examiner: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """All exhibits in the order of the report, the notes, and the marks of answers by number of answer and mark.

    `counts` are what the rule found when its exhibits were taken in last.
    """

    exhibits: tuple[CaseExhibit, ...] = ()
    notes: tuple[Note, ...] = ()
    marks: Mapping[int, frozenset[Mark]] = field(default_factory=dict)
    rule: str = ""
    counts: tuple[RuleCount, ...] = ()

    def standing(self) -> tuple[CaseExhibit, ...]:
        """The exhibits that were not withdrawn."""
        return tuple(one for one in self.exhibits if one.withdrawal is None)

    def exhibit(self, name: str) -> CaseExhibit:
        """One exhibit by its number; raises UsageError where there is none."""
        for one in self.exhibits:
            if one.name == name.strip().upper():
                return one
        raise UsageError(f"There is no exhibit {name} in this case.", hint="`workbench exhibits CASE list` lists them.")

    def note(self, number: int) -> Note:
        """One note by its number; raises UsageError where there is none."""
        for one in self.notes:
            if one.number == number:
                return one
        raise UsageError(f"There is no note {number} in this case.", hint="`workbench note CASE` lists them.")

    def next_names(self, title: str, many: int) -> list[str]:
        """The next free numbers; `title` gives the mark where no exhibit has one yet."""
        mark = self.exhibits[0].name.partition("-")[0] if self.exhibits else mark_of(title)
        last = max((int(one.name.partition("-")[2]) for one in self.exhibits), default=0)
        return [f"{mark}-{last + at:04d}" for at in range(1, many + 1)]

    def is_blind(self, examiner: str, first: str) -> bool:
        """Whether others' reviews are kept from somebody: from a second examiner until all exhibits have theirs."""
        if examiner == first:
            return False
        return any(one.state_of(examiner) is State.TO_CHECK for one in self.standing())

    def seen_by(self, examiner: str, first: str) -> tuple[CaseExhibit, ...]:
        """The exhibits with the reviews that somebody may see."""
        if not self.is_blind(examiner, first):
            return self.exhibits
        return tuple(
            replace(one, reviews=tuple(review for review in one.reviews if review.examiner == examiner))
            for one in self.exhibits
        )


def mark_of(title: str) -> str:
    """The mark of a case, from the first letters of its title: `Marlin and Aurelia` gives MA."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", title) if not unicodedata.combining(c))
    words = re.findall(r"[A-Za-z][A-Za-z'’]*", bare)
    telling = [word for word in words if word.casefold() not in _SMALL] or words
    letters = "".join(word[0] for word in telling[:2]).upper()
    return letters if _MARK.fullmatch(letters) else "EX"


def register(lines: Iterable[Mapping[str, Json]]) -> Register:
    """What the lines of a ledger say together; other lines are passed over.

    Raises CaseError, KeyError, TypeError or ValueError for lines that this program does not write.
    """
    made = _Register()
    for line in lines:
        if line["action"] in ACTIONS:
            made.take({**line, **line["options"].get(WAS, {})})
    return made.done()


@dataclass(frozen=True, slots=True)
class _Added:
    """What a line says of one exhibit that it takes in."""

    exhibit: str
    choice: Choice
    tags: tuple[str, ...]
    comment: str


@dataclass(frozen=True, slots=True)
class _Written:
    """What a line says of a note."""

    note: int
    about: About
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class _MarkedAnswer:
    """An answer that a line marks."""

    number: int


@dataclass(frozen=True, slots=True)
class _Marked:
    """What a line marks, or takes the mark off."""

    mark: Mark
    set: bool
    answers: tuple[_MarkedAnswer, ...]


@dataclass(frozen=True, slots=True)
class _Commented:
    """The comment that a line gives an exhibit."""

    comment: str


@dataclass(frozen=True, slots=True)
class _Tagged:
    """The tags that a line gives an exhibit."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reviewed:
    """What a line says of a review."""

    state: State
    blind: bool


@dataclass(frozen=True, slots=True)
class _Moved:
    """Before which exhibit a line puts one; empty for the end."""

    before: str


class _Register:
    """The register while it is read."""

    def __init__(self) -> None:
        self.exhibits: dict[str, CaseExhibit] = {}
        self.order: list[str] = []
        self.notes: dict[int, Note] = {}
        self.marks: dict[int, frozenset[Mark]] = {}
        self.rule = ""
        self.counts: tuple[RuleCount, ...] = ()

    def done(self) -> Register:
        """The register as it stands."""
        exhibits = tuple(self.exhibits[name] for name in self.order)
        return Register(exhibits, tuple(self.notes.values()), self.marks, self.rule, self.counts)

    def take(self, line: Mapping[str, Json]) -> None:
        """Follow one line."""
        action, said = line["action"], line["options"]
        if action == EXHIBITS_ADDED:
            self._added(line)
        elif action == NOTE_WRITTEN:
            note = read(_Written, said)
            one = Note(note.note, note.about, note.name, note.text, line["time"], line["examiner"])
            self.notes[one.number] = one
        elif action in (NOTE_WITHDRAWN, NOTE_RESTORED):
            number = line["object"]["note"]
            self.notes[number] = replace(self.notes[number], withdrawn=action == NOTE_WITHDRAWN)
        elif action == ANSWERS_MARKED:
            self._marked(read(_Marked, said))
        else:
            self._changed(line)

    def _added(self, line: Mapping[str, Json]) -> None:
        said = line["options"]
        if said["rule"]:
            self.rule = said["rule"]
            self.counts = tuple(read(RuleCount, one) for one in said["counts"])
        for each in said["exhibits"]:
            item = read(_Added, each)
            if item.exhibit in self.exhibits:
                raise ValueError(f"{item.exhibit} was given out twice")
            if not _NAME.fullmatch(item.exhibit):
                raise ValueError("an exhibit has a number that this program gives none")
            self.exhibits[item.exhibit] = CaseExhibit(
                name=item.exhibit,
                choice=item.choice,
                added=line["time"],
                examiner=line["examiner"],
                line=line["sequence"],
                tags=item.tags,
                comment=item.comment,
                commented_by=line["examiner"] if item.comment else "",
            )
            self.order.append(item.exhibit)

    def _marked(self, said: _Marked) -> None:
        for item in said.answers:
            before = self.marks.get(item.number, frozenset())
            self.marks[item.number] = before | {said.mark} if said.set else before - {said.mark}

    def _changed(self, line: Mapping[str, Json]) -> None:
        action, said, name = line["action"], line["options"], line["object"]["exhibit"]
        one = self.exhibits[name]
        if action == EXHIBIT_WITHDRAWN:
            one = replace(one, withdrawal=Withdrawal(line["time"], line["examiner"], line["reason"]))
        elif action == EXHIBIT_RESTORED:
            one = replace(one, withdrawal=None)
        elif action == EXHIBIT_COMMENTED:
            comment = read(_Commented, said).comment
            one = replace(one, comment=comment, commented_by=line["examiner"] if comment else "")
        elif action == EXHIBIT_TAGGED:
            one = replace(one, tags=read(_Tagged, said).tags)
        elif action == EXHIBIT_REVIEWED:
            told = read(_Reviewed, said)
            review = Review(line["examiner"], told.state, line["time"], line["reason"], told.blind)
            others = tuple(other for other in one.reviews if other.examiner != review.examiner)
            one = replace(one, reviews=(*others, review))
        elif action == EXHIBIT_MOVED:
            self.order.remove(name)
            before = read(_Moved, said).before
            self.order.insert(self.order.index(before) if before else len(self.order), name)
        self.exhibits[name] = one


def added_options(
    names: Sequence[str],
    choices: Sequence[Choice],
    tags: Sequence[str] = (),
    comment: str = "",
    rule: str = "",
    counts: Sequence[RuleCount] = (),
) -> Json:
    """The options of a line that takes exhibits in."""
    return {
        "exhibits": [
            {"exhibit": name, "choice": plain(choice), "tags": list(tags), "comment": comment}
            for name, choice in zip(names, choices, strict=True)
        ],
        "rule": rule,
        "counts": [plain(one) for one in counts],
    }
