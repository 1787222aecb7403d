"""What becomes an exhibit: answers, a passage that two of them share, a chart or a table, or what the rule proposes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.core.errors import UsageError
from workbench.core.exhibits import AnswerPlace, Choice, FindingPlace, Kind, Picker, RuleCount, Side
from workbench.core.finding_page import Says
from workbench.core.model import Role
from workbench.core.secrets.find import masked, masked_name
from workbench.core.text import one_line
from workbench.evidence.exhibits.passages import Run, Shared, spans_of, together, words_of, writes
from workbench.evidence.exhibits.picked import RULE, picked
from workbench.evidence.exhibits.shown import choices_of
from workbench.store import Case, StoredAnswer

MOST_ANSWERS = 6
"""Answers that one exhibit shows beside each other at most."""

_TITLE = 90


@dataclass(frozen=True, slots=True)
class Labels:
    """What an examiner says of an exhibit that is made by hand; a side that is not said follows from what it shows."""

    side: Side | None = None
    title: str = ""
    why: str = ""
    not_shown: str = ""
    tags: tuple[str, ...] = ()
    comment: str = ""


NO_LABELS = Labels()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rule picks, and what it found of every model; `new` are those that are no exhibit yet."""

    rule: str
    choices: tuple[Choice, ...]
    new: tuple[Choice, ...]
    counts: tuple[RuleCount, ...]


def propose(case: Case, known: frozenset[tuple[str, ...]]) -> Proposal:
    """What the written rule picks in this case; raises UsageError where no finding compares models."""
    from workbench.app.pack import contents_of

    contents = contents_of(case, replace(case.open_export(), choices={"originals": True}))
    found = picked(contents)
    if found is None:
        raise UsageError(
            "The rule compares the models of a finding, and no finding of this case compares any.",
            hint="`workbench run CASE closest_source` makes one; `exhibits CASE add` takes any answer by hand.",
        )
    choices = choices_of(contents, found)
    numbers = _Numbers(case, [str(place.prompt_sha256) for one in choices for place in one.answers])
    numbered = tuple(_safe(one, tuple(numbers.numbered(place) for place in one.answers)) for one in choices)
    new = tuple(one for one in numbered if one.subject not in known)
    return Proposal(RULE, numbered, new, found.counts)


def _safe(one: Choice, answers: tuple[AnswerPlace, ...]) -> Choice:
    """A choice with its answers numbered and what has the form of a secret masked."""
    return replace(one, answers=answers, title=masked(one.title), passage=masked(one.passage))


class _Numbers:
    """The numbers of answers by their places."""

    def __init__(self, case: Case, prompts: Sequence[str]) -> None:
        self._case = case
        keys = case.browse.keys_of(sorted(set(prompts)))
        self._to = {digest: case.browse.answers_with_text(key) for digest, key in keys.items()}

    def numbered(self, place: AnswerPlace) -> AnswerPlace:
        """The place of an answer with its number in this case."""
        for stored in self._case.words.answers(self._to[str(place.prompt_sha256)][place.model]):
            one = place_of(stored, place.role)
            if (one.sha256, one.index, one.offset) == (place.sha256, place.index, place.offset):
                return one
        raise UsageError(f"An answer of {place.model} is not in the case any more.", hint="Try again.")


def place_of(answer: StoredAnswer, role: str) -> AnswerPlace:
    """Where an answer stands."""
    return AnswerPlace(
        number=answer.number,
        model=answer.corpus,
        role=role,
        sha256=answer.sha256,
        prompt_sha256=answer.prompt_sha256,
        source=answer.source.sha256,
        member=masked_name(answer.member),
        index=answer.place,
        offset=answer.offset,
        length=answer.length,
    )


def of_answers(case: Case, numbers: Sequence[int], labels: Labels, passage: str) -> Choice:
    """Answers as an exhibit: a passage that the first one shares with the second, or the answers as they are.

    Raises UsageError for an unknown answer, one that is there twice, and a passage that is not in the first one.
    """
    if not 1 <= len(numbers) <= MOST_ANSWERS or len(set(numbers)) != len(numbers):
        raise UsageError(f"An exhibit shows between 1 and {MOST_ANSWERS} answers, each once.")
    answers = list(case.words.answers(numbers))
    prompts = {one.prompt for one in case.browse.listed(numbers)}
    if passage.strip() and not writes(answers[0].text, passage):
        raise UsageError(
            f"Answer {numbers[0]} does not have these words.", hint="A passage is a run of words of the first answer."
        )
    prompt = prompts.pop() if len(prompts) == 1 else 0
    one_prompt = prompt != 0
    roles = {corpus.name: corpus.role for corpus in case.corpora()}
    others = _controls(case, answers, roles, prompt) if one_prompt else {}
    words = _passage(answers, passage, others) if one_prompt or passage.strip() else ""
    beside = passage.strip() or len(answers) > 1
    return Choice(
        kind=Kind.PASSAGES if words and beside else Kind.ANSWERS,
        picker=Picker.HAND,
        title=labels.title or (_quoted(words) if words else _named(answers)),
        side=labels.side or Side.FOR,
        answers=tuple(place_of(answer, _role(roles, answer.corpus)) for answer in answers),
        passage=words,
        controls=sum(writes(text, words) for text in others.values()) if words else 0,
        compared=len(others) if words else 0,
        why=labels.why,
        not_shown=labels.not_shown,
    )


def _role(roles: Mapping[str, Role], corpus: str) -> str:
    return str(roles.get(corpus, Role.CONTROL))


def _controls(case: Case, answers: Sequence[StoredAnswer], roles: Mapping[str, Role], prompt: int) -> dict[str, str]:
    """The first answer of each control that is none of the first two shown, to the prompt of some answers."""
    shown = {answer.corpus for answer in answers[:2]}
    first = {
        name: numbers[0]
        for name, numbers in case.browse.answers_to(prompt).items()
        if roles.get(name) is Role.CONTROL and name not in shown
    }
    texts = case.words.answers(list(first.values()))
    return {name: answer.text for name, answer in zip(first, texts, strict=True)}


def _passage(answers: Sequence[StoredAnswer], passage: str, others: Mapping[str, str]) -> str:
    """The words that were chosen as the answer writes them, or the rarest that the first two answers share."""
    first = answers[0].text
    if passage.strip():
        begin, end = next(spans_of(first, passage))
        return first[begin:end]
    if len(answers) < 2:
        return ""
    found = together([answers[1].text], [("", first), *others.items()])
    run = rarest(found)
    words = words_of(first)
    return first[words[run.first].start() : words[run.first + run.words - 1].end()] if run else ""


def rarest(found: Shared) -> Run | None:
    """The passage of the first model that the fewest others wrote, and of those the longest."""
    runs = found.runs(0, "")
    return min(runs, key=lambda run: (len(run.holders - {0}), -run.words, run.first), default=None)


def _quoted(words: str) -> str:
    return f"“{one_line(masked(words), _TITLE)}”"


def _named(answers: Sequence[StoredAnswer]) -> str:
    names = list(dict.fromkeys(answer.corpus for answer in answers))
    return f"An answer of {names[0]}" if len(answers) == 1 else f"Answers of {' and '.join(names[:3])}"


def of_finding(case: Case, number: int, labels: Labels, table: str) -> Choice:
    """A table of a finding as an exhibit, or its chart where none is named; unless said, it speaks as the finding does.

    Raises UsageError for what the finding does not have.
    """
    from workbench.app.catalogue import page_of

    stored = case.finding(number)
    if stored.withdrawn:
        raise UsageError(f"Finding {number} was withdrawn: {stored.withdrawn}")
    tables = sorted(stored.finding.tables)
    if table and table not in tables:
        hint = f"Its tables: {', '.join(tables) or 'none'}."
        raise UsageError(f"Finding {number} has no table “{table}”.", hint=hint)
    page = page_of(stored.finding, {corpus.name: corpus.facts for corpus in case.corpora()})
    says = {Says.FOR: Side.FOR, Says.AGAINST: Side.AGAINST}.get(page.says, Side.NEITHER)
    said = f"Table “{table}”: {page.sentence}" if table else page.sentence
    return Choice(
        kind=Kind.TABLE if table else Kind.CHART,
        picker=Picker.HAND,
        title=labels.title or one_line(said, 200),
        side=labels.side or says,
        finding=FindingPlace(number, stored.sha256, stored.finding.analysis, table),
        why=labels.why,
        not_shown=labels.not_shown,
    )
