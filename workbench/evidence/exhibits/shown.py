"""Exhibits as they are shown: those of the case, or where it has none those of the rule, with all that they share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.core.exhibits import (
    ACTIONS,
    AnswerPlace,
    CaseExhibit,
    Choice,
    Kind,
    Picker,
    Register,
    RuleCount,
    Side,
    register,
)
from workbench.core.model import Json
from workbench.core.printed import day
from workbench.core.text import one_line
from workbench.evidence.exhibits.listing import NOT_HERE
from workbench.evidence.exhibits.passages import compared_as, first_answers, spans_of, together, words_of, writes
from workbench.evidence.exhibits.picked import Compared, Pick, Picked, Placed, compared_in, picked
from workbench.evidence.pack.contents import PackContents, PackFinding
from workbench.evidence.pack.names import source_file

_KEPT = ("response", "prompt", "prompt_sha256", "paired_as", "source", "member", "index", "offset", "length", "sha256")


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer beside others: `spans` are the passages in it, as (begin, end, place in the exhibit's list)."""

    role: str
    model: str
    answer: Mapping[str, Json]
    spans: tuple[tuple[int, int, int], ...]

    @property
    def text(self) -> str:
        """The answer's own text."""
        return str(self.answer["response"])


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage in words, and how many controls wrote it for this prompt."""

    words: str
    controls: int


@dataclass(frozen=True, slots=True)
class ShownExhibit:
    """An exhibit with its answers beside each other, the rarest passage first, or with its finding.

    `controls` have an answer to the prompt and are not among the first two that are shown.
    """

    entry: CaseExhibit
    prompt: str = ""
    columns: tuple[Shown, ...] = ()
    passages: tuple[Passage, ...] = ()
    controls: int = 0
    finding: PackFinding | None = None
    bates: str = ""
    """Its Bates number, where the pack has such numbers."""

    @property
    def name(self) -> str:
        """Its number."""
        return self.entry.name

    @property
    def against(self) -> bool:
        """Whether it speaks against."""
        return self.entry.choice.side is Side.AGAINST

    @property
    def standing(self) -> bool:
        """Whether it was not withdrawn."""
        return self.entry.withdrawal is None

    @property
    def picked_by(self) -> str:
        """Who picked it, as its chip says."""
        by_rule = self.entry.choice.picker is Picker.RULE
        return "picked by the rule" if by_rule else f"picked by hand, {one_line(self.entry.examiner, 40)}"

    @property
    def gone(self) -> str:
        """When and why it was withdrawn; empty where it stands."""
        held = self.entry.withdrawal
        return f"Withdrawn {day(held.time)} by {one_line(held.examiner, 60)}: {held.reason}" if held else ""


@dataclass(frozen=True, slots=True)
class ExhibitSet:
    """All exhibits of a pack in the order of the report; `of_case` says that the case has them.

    `counts` are what the rule finds of each model, the suspect first, and `protected` is the side that it looks at.
    """

    exhibits: tuple[ShownExhibit, ...] = ()
    of_case: bool = False
    protected: str = ""
    counts: tuple[RuleCount, ...] = ()

    @property
    def standing(self) -> tuple[ShownExhibit, ...]:
        """Those that were not withdrawn."""
        return tuple(one for one in self.exhibits if one.standing)


def exhibits_of(contents: PackContents) -> ExhibitSet:
    """The exhibits of the case as its log has them; where it has none, those that the rule picks."""
    found = picked(contents)
    known = registered(contents.ledger_lines)
    if known.exhibits:
        shown = _of_case(contents, known)
    else:
        picks = found.picks if found else ()
        made = _Answers(contents, found.compared if found else None)
        made.hear({pick.prompt for pick in picks})
        shown = tuple(_of_rule(number, pick, made) for number, pick in enumerate(picks, 1))
    protected = found.compared.protected if found else ""
    return ExhibitSet(shown, bool(known.exhibits), protected, found.counts if found else ())


def registered(lines: Sequence[str]) -> Register:
    """What the lines of a log, as text, say of exhibits."""
    wanted = [f'"action":"{action}"' for action in ACTIONS]
    return register(json.loads(line) for line in lines if any(text in line for text in wanted))


@dataclass(slots=True)
class _Answers:
    """Answers of a pack: the first of each compared model to some prompts, and some by their places."""

    contents: PackContents
    compared: Compared | None
    first: dict[str, dict[str, str]] = field(default_factory=dict)
    """By prompt and model, the text."""
    placed: dict[tuple[str, str, int, int], Mapping[str, Json]] = field(default_factory=dict)

    def hear(self, prompts: set[str]) -> None:
        """Read the first answers of all who are compared to some prompts, by the digests under which they are."""
        for name in (*self.sources, *self.controls) if prompts else ():
            for prompt, answer in first_answers(self.contents, name):
                if prompt in prompts:
                    self.first.setdefault(prompt, {})[name] = str(answer["response"])

    @property
    def sources(self) -> tuple[str, ...]:
        """The protected models."""
        return self.compared.sources if self.compared else self._of_role("protected")

    @property
    def controls(self) -> tuple[str, ...]:
        """The controls."""
        return self.compared.controls if self.compared else self._of_role("control")

    def _of_role(self, role: str) -> tuple[str, ...]:
        return tuple(item.corpus.name for item in self.contents.corpora if str(item.corpus.role) == role)

    def find(self, places: Mapping[str, set[tuple[str, str, int, int]]]) -> None:
        """Read the answers at some places, by model."""
        for name, wanted in places.items():
            for answer in self.contents.normalised(name):
                key = _key(answer)
                if key in wanted:
                    self.placed[key] = {part: answer[part] for part in _KEPT if part in answer}

    def texts(self, names: Sequence[str], prompt: str, without: Sequence[str]) -> dict[str, str]:
        """The texts of some models to a prompt, but for those that are left out."""
        said = self.first.get(prompt, {})
        return {name: said[name] for name in names if name in said and name not in without}


def _key(answer: Mapping[str, Json]) -> tuple[str, str, int, int]:
    return str(answer["sha256"]), str(answer["source"]), int(answer["index"]), int(answer["offset"])


def _of_rule(number: int, pick: Pick, answers: _Answers) -> ShownExhibit:
    """A pick as an exhibit, numbered for this pack alone."""
    beside = _beside(pick.columns, pick.prompt, answers)
    entry = CaseExhibit(f"EX-{number:04d}", _choice(pick, beside), "", "", 0)
    return ShownExhibit(entry, _prompt(pick.columns), beside.columns, beside.passages, beside.controls)


def choices_of(contents: PackContents, found: Picked) -> tuple[Choice, ...]:
    """What the rule picks, as choices for the case; the numbers of their answers are not known here."""
    answers = _Answers(contents, found.compared)
    answers.hear({pick.prompt for pick in found.picks})
    return tuple(_choice(pick, _beside(pick.columns, pick.prompt, answers)) for pick in found.picks)


def _choice(pick: Pick, beside: _Beside) -> Choice:
    return Choice(
        kind=Kind.PASSAGES,
        picker=Picker.RULE,
        title=f"“{one_line(beside.passages[0].words, 90)}”",
        side=pick.side,
        answers=tuple(_place(column) for column in pick.columns),
        passage=beside.passages[0].words,
        controls=beside.passages[0].controls,
        compared=beside.controls,
    )


def _place(column: Placed) -> AnswerPlace:
    answer = column.answer
    return AnswerPlace(
        number=0,
        model=column.model,
        role=column.role,
        sha256=str(answer["sha256"]),
        prompt_sha256=answer["prompt_sha256"],
        source=str(answer["source"]),
        member=str(answer.get("member") or ""),
        index=int(answer["index"]),
        offset=int(answer["offset"]),
        length=int(answer["length"]),
    )


def _of_case(contents: PackContents, known: Register) -> tuple[ShownExhibit, ...]:
    """The exhibits of a case with their answers and findings."""
    places = [place for one in known.standing() for place in one.choice.answers]
    answers = _Answers(contents, compared_in(contents))
    wanted: dict[str, set[tuple[str, str, int, int]]] = {}
    here = {item.corpus.name for item in contents.corpora}
    for place in places:
        if place.model in here:
            wanted.setdefault(place.model, set()).add((place.sha256, place.source, place.index, place.offset))
    answers.find(wanted)
    answers.hear({prompt for one in answers.placed.values() if (prompt := compared_as(one))})
    findings = {(item.exhibit.number, item.sha256): item for item in contents.findings}
    return tuple(_entry(one, answers, findings) for one in known.exhibits)


def _entry(one: CaseExhibit, answers: _Answers, findings: Mapping[tuple[int, str], PackFinding]) -> ShownExhibit:
    if one.withdrawal is not None:
        return ShownExhibit(one)
    choice = one.choice
    if choice.finding is not None:
        return ShownExhibit(one, finding=findings.get((choice.finding.number, choice.finding.sha256)))
    columns = [
        Placed(place.role, place.model, found)
        for place in choice.answers
        if (found := answers.placed.get((place.sha256, place.source, place.index, place.offset))) is not None
    ]
    if not columns:
        return ShownExhibit(one)
    prompt = compared_as(columns[0].answer) or ""
    beside = _beside(columns, prompt, answers, choice.passage) if choice.passage else _alone(columns)
    return ShownExhibit(one, _prompt(columns), beside.columns, beside.passages, beside.controls)


def _prompt(columns: Sequence[Placed]) -> str:
    """The prompt of some answers; where they have several, all of them."""
    return "\n".join(dict.fromkeys(str(column.answer.get("prompt") or "") for column in columns))


@dataclass(frozen=True, slots=True)
class _Beside:
    columns: tuple[Shown, ...]
    passages: tuple[Passage, ...] = ()
    controls: int = 0


def _alone(columns: Sequence[Placed]) -> _Beside:
    return _Beside(tuple(Shown(column.role, column.model, column.answer, ()) for column in columns))


def _beside(columns: Sequence[Placed], prompt: str, answers: _Answers, chosen: str = "") -> _Beside:
    """Answers with what the first one shares with the second one's side: the chosen passage, then the rarest."""
    first, *others = columns
    controls = answers.texts(answers.controls, prompt, [column.model for column in columns[:2]])
    sources = [others[0].text] if others else []
    if others and others[0].model in answers.sources:
        sources += answers.texts(answers.sources, prompt, ()).values()
    found = together(sources, [("", first.text), *controls.items()])
    words = words_of(first.text)
    runs = sorted(found.runs(0, ""), key=lambda run: (len(run.holders - {0}), -run.words, run.first))
    listed: dict[tuple[str, ...], Passage] = {}
    if chosen:
        own = next(spans_of(first.text, chosen), None)
        said = first.text[own[0] : own[1]] if own else chosen
        listed[_plain(said)] = Passage(said, sum(writes(text, said) for text in controls.values()))
    for run in runs:
        said = first.text[words[run.first].start() : words[run.first + run.words - 1].end()]
        listed.setdefault(_plain(said), Passage(said, len(run.holders - {0})))
    passages = tuple(listed.values())
    shown = tuple(
        Shown(column.role, column.model, column.answer, spans_in(column.text, passages)) for column in columns
    )
    return _Beside(shown, passages, len(controls))


def _plain(said: str) -> tuple[str, ...]:
    return tuple(word[0].casefold() for word in words_of(said))


def spans_in(text: str, passages: Sequence[Passage]) -> tuple[tuple[int, int, int], ...]:
    """Where passages stand in a text, in their order: a character belongs to one passage at most."""
    taken: list[tuple[int, int, int]] = []
    for at, passage in enumerate(passages):
        for begin, end in spans_of(text, passage.words):
            if all(end <= first or last <= begin for first, last, _ in taken):
                taken.append((begin, end, at))
    return tuple(sorted(taken))


def files_of(contents: PackContents) -> dict[str, str]:
    """By the SHA-256 of a file as received, the name that it has in the pack."""
    return {
        source.sha256: source_file(source).rpartition("/")[2]
        for source in contents.sources
        if contents.include_originals and source.path is not None and not source.withheld
    }


def places(files: Mapping[str, str], one: ShownExhibit) -> Iterator[tuple[str, str, int, int, str]]:
    """Where the bytes of each answer are: model, file, offset, length, and the SHA-256 of its text."""
    for column in one.columns:
        answer = column.answer
        where = files.get(str(answer.get("source")), NOT_HERE)
        yield column.model, where, answer.get("offset") or 0, answer.get("length") or 0, str(answer["sha256"])
