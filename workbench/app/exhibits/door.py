"""The verbs of exhibits, as a session offers them: each is one line of the ledger, and so is taking it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workbench.app.exhibits.choosing import NO_LABELS, Labels, Proposal, of_answers, of_finding, place_of, propose
from workbench.app.exhibits.undoing import inverse
from workbench.core.errors import UsageError
from workbench.core.exhibits import (
    ACTIONS,
    ANSWERS_MARKED,
    EXHIBIT_COMMENTED,
    EXHIBIT_MOVED,
    EXHIBIT_RESTORED,
    EXHIBIT_REVIEWED,
    EXHIBIT_TAGGED,
    EXHIBIT_WITHDRAWN,
    EXHIBITS_ADDED,
    NOTE_RESTORED,
    NOTE_WITHDRAWN,
    NOTE_WRITTEN,
    TOGETHER,
    About,
    CaseExhibit,
    Choice,
    Mark,
    Note,
    Register,
    RuleCount,
    State,
    added_options,
    register,
)
from workbench.core.text import well_formed
from workbench.core.wording_check import check_typed
from workbench.store import Case

_LONGEST = {"title": 200, "comment": 4_000, "reason": 2_000, "tag": 40, "why": 2_000, "not_shown": 2_000}
_MOST_TAGS = 12
_MOST_MARKS = 5_000


@dataclass(frozen=True, slots=True)
class Seen:
    """The exhibits as somebody may see them: `blind` says that others' reviews are kept from them.

    `own` of the `standing` exhibits were reviewed by them.
    """

    examiner: str
    exhibits: tuple[CaseExhibit, ...]
    blind: bool
    own: int
    standing: int
    register: Register


class Exhibits:
    """Exhibits, notes and marks of a case; `changed` is called after each verb that wrote into the ledger."""

    def __init__(self, case: Case, changed: Callable[[], None]) -> None:
        self._case, self._changed = case, changed

    # Reading

    def register(self, until: int | None = None) -> Register:
        """All that the ledger says of exhibits, as of one of its lines, whoever reads it."""
        return register(line.as_json() for line in self._case.notes.read(*ACTIONS, until=until))

    def seen(self, examiner: str = "") -> Seen:
        """The exhibits as an examiner may see them: the one who works now, where none is named."""
        first = self._case.facts.examiner
        who = examiner or self._case.notes.examiner or first
        found = self.register()
        standing = found.standing()
        own = sum(one.state_of(who) is not State.TO_CHECK for one in standing)
        return Seen(who, found.seen_by(who, first), found.is_blind(who, first), own, len(standing), found)

    def propose(self) -> Proposal:
        """What the written rule picks; raises UsageError where no finding compares models."""
        known = frozenset(one.choice.subject for one in self.register().exhibits)
        return propose(self._case, known)

    # Taking in

    def take(self, proposal: Proposal) -> list[str]:
        """Take in what the rule picks and what is no exhibit yet; returns the numbers that they got."""
        if not proposal.new:
            return []
        return self._take(proposal.new, rule=proposal.rule, counts=proposal.counts)

    def add_answers(self, numbers: Sequence[int], labels: Labels = NO_LABELS, *, passage: str = "") -> str:
        """Show answers, or a passage of the first one, as an exhibit; returns its number."""
        said = _checked_labels(labels)
        return self._add(of_answers(self._case, numbers, said, well_formed(passage)[0]), said)

    def add_finding(self, number: int, labels: Labels = NO_LABELS, *, table: str = "") -> str:
        """Show the chart of a finding, or one of its tables where it is named; returns the exhibit's number."""
        said = _checked_labels(labels)
        return self._add(of_finding(self._case, number, said, table), said)

    def _add(self, choice: Choice, labels: Labels) -> str:
        for one in self.register().standing():
            if one.choice.subject == choice.subject:
                raise UsageError(f"This is exhibit {one.name} already.")
        (name,) = self._take([choice], labels.tags, labels.comment)
        return name

    def _take(
        self,
        choices: Sequence[Choice],
        tags: Sequence[str] = (),
        comment: str = "",
        rule: str = "",
        counts: Sequence[RuleCount] = (),
    ) -> list[str]:
        names = self.register().next_names(self._case.facts.title, len(choices))
        for start in range(0, len(choices), TOGETHER):
            some, called = choices[start : start + TOGETHER], names[start : start + TOGETHER]
            self._case.notes.write(
                EXHIBITS_ADDED, {"exhibits": called}, added_options(called, some, tags, comment, rule, counts)
            )
        self._changed()
        return names

    # Changing

    def withdraw(self, name: str, reason: str) -> None:
        """Withdraw an exhibit with a reason; it keeps its number and stays in the list, struck."""
        one = self.register().exhibit(name)
        if one.withdrawal is not None:
            raise UsageError(f"{one.name} was withdrawn already: {one.withdrawal.reason}")
        if not reason.strip():
            raise UsageError("A withdrawal needs a reason.", hint="It stands in the list of every pack.")
        self._case.notes.write(EXHIBIT_WITHDRAWN, {"exhibit": one.name}, {}, reason=_checked("reason", reason))
        self._changed()

    def restore(self, name: str) -> None:
        """Take a withdrawal back."""
        one = self.register().exhibit(name)
        if one.withdrawal is None:
            raise UsageError(f"{one.name} is not withdrawn.")
        self._case.notes.write(EXHIBIT_RESTORED, {"exhibit": one.name}, {})
        self._changed()

    def move(self, name: str, before: str = "") -> None:
        """Put an exhibit before another one in the order of the report, or at its end."""
        found = self.register()
        one = found.exhibit(name)
        other = found.exhibit(before) if before else None
        names = [item.name for item in found.exhibits]
        follows = names[names.index(one.name) + 1 :][:1]
        if one == other or follows == ([other.name] if other else []):
            return
        self._case.notes.write(EXHIBIT_MOVED, {"exhibit": one.name}, {"before": other.name if other else ""})
        self._changed()

    def comment(self, name: str, text: str) -> None:
        """Write the comment of an exhibit in place of the one before; the report prints it."""
        one, said = self.register().exhibit(name), _checked("comment", text)
        if one.comment != said:
            self._case.notes.write(EXHIBIT_COMMENTED, {"exhibit": one.name}, {"comment": said})
            self._changed()

    def tag(self, name: str, tags: Sequence[str]) -> None:
        """Give an exhibit these tags and no others."""
        one, said = self.register().exhibit(name), _tags(tags)
        if one.tags != said:
            self._case.notes.write(EXHIBIT_TAGGED, {"exhibit": one.name}, {"tags": list(said)})
            self._changed()

    def review(self, name: str, state: State, reason: str = "") -> None:
        """Say in one's own name how an exhibit stands; a dispute needs a reason."""
        seen = self.seen()
        one = seen.register.exhibit(name)
        if one.withdrawal is not None:
            raise UsageError(f"{one.name} is withdrawn.", hint="`workbench exhibits CASE restore` takes that back.")
        if state is State.DISPUTED and not reason.strip():
            raise UsageError("A dispute needs a reason.", hint="Say what is wrong with the exhibit.")
        if one.state_of(seen.examiner) is state and not reason.strip():
            return
        options = {"state": str(state), "blind": seen.blind}
        self._case.notes.write(EXHIBIT_REVIEWED, {"exhibit": one.name}, options, reason=_checked("reason", reason))
        self._changed()

    # Notes and marks

    def note(self, about: About, name: str, text: str) -> Note:
        """Write a note on the case or on something in it. Raises UsageError for what is not there."""
        said = _checked("comment", text)
        if not said.strip():
            raise UsageError("A note has words.")
        known = self._named(about, name.strip())
        number = max((one.number for one in self.register().notes), default=0) + 1
        self._case.notes.write(
            NOTE_WRITTEN, {"note": number}, {"note": number, "about": str(about), "name": known, "text": said}
        )
        self._changed()
        return self.register().note(number)

    def _named(self, about: About, name: str) -> str:
        """The name of what a note is on, as the case has it."""
        if about is About.CASE:
            return ""
        if about is About.EXHIBIT:
            return self.register().exhibit(name).name
        if about is About.CORPUS:
            if name not in {corpus.name for corpus in self._case.corpora()}:
                raise UsageError(
                    f"There is no corpus {name} in this case.", hint="`workbench corpora CASE` lists them."
                )
            return name
        number = int(name) if name.isascii() and name.isdigit() and len(name) < 16 else 0
        return str(
            self._case.finding(number).number if about is About.FINDING else self._case.words.answer(number).number
        )

    def withdraw_note(self, number: int) -> None:
        """Withdraw a note; it stays in the list, struck."""
        if self.register().note(number).withdrawn:
            raise UsageError(f"Note {number} is withdrawn already.")
        self._case.notes.write(NOTE_WITHDRAWN, {"note": number}, {})
        self._changed()

    def restore_note(self, number: int) -> None:
        """Take the withdrawal of a note back."""
        if not self.register().note(number).withdrawn:
            raise UsageError(f"Note {number} is not withdrawn.")
        self._case.notes.write(NOTE_RESTORED, {"note": number}, {})
        self._changed()

    def mark(self, numbers: Sequence[int], mark: Mark, *, on: bool = True) -> int:
        """Mark answers, or take the mark off; returns how many changed. Raises UsageError for an unknown one."""
        if len(numbers) > _MOST_MARKS:
            raise UsageError(f"At most {_MOST_MARKS:,} answers are marked at once.")
        marks = self.register().marks
        wanted = [n for n in dict.fromkeys(numbers) if (mark in marks.get(n, frozenset())) is not on]
        if not wanted:
            return 0
        answers = [place_of(answer, "") for answer in self._case.words.answers(wanted)]
        listed = [{"number": one.number, "model": one.model, "sha256": one.sha256} for one in answers]
        self._case.notes.write(
            ANSWERS_MARKED, {"answers": len(listed)}, {"mark": str(mark), "set": on, "answers": listed}
        )
        self._changed()
        return len(listed)

    # Taking back

    def undo(self) -> str:
        """Take back the last act that was not taken back, with a line of its own; returns what that act was."""
        lines = [line.as_json() for line in self._case.notes.read(*ACTIONS)]
        found = inverse(lines, self._case.notes.examiner)
        if found is None:
            raise UsageError("There is nothing to take back.")
        self._case.notes.write(found.action, found.object, found.options, reason=found.reason)
        self._changed()
        return found.undone


def _checked_labels(labels: Labels) -> Labels:
    return replace(
        labels,
        title=_checked("title", labels.title),
        why=_checked("why", labels.why),
        not_shown=_checked("not_shown", labels.not_shown),
        tags=_tags(labels.tags),
        comment=_checked("comment", labels.comment),
    )


def _checked(name: str, text: str) -> str:
    """A text that an examiner typed, as it is kept. Raises UsageError for one that is too long or badly worded."""
    said = well_formed(text)[0].strip()
    longest = _LONGEST[name]
    if len(said) > longest:
        raise UsageError(f"The {name.replace('_', ' ')} has {len(said):,} characters; at most {longest:,} are kept.")
    check_typed(f"The {name.replace('_', ' ')}", [said])
    return said


def _tags(tags: Sequence[str]) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(filter(None, (_checked("tag", tag) for tag in tags))))
    if len(kept) > _MOST_TAGS:
        raise UsageError(f"An exhibit has at most {_MOST_TAGS} tags.")
    return kept
