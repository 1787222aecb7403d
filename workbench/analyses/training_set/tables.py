"""What `training_set` gathers and states: published rows, answers by model, counts, and innocent explanations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbench.analyses.explanations import ExplanationRow
from workbench.analyses.training_set.compute import (
    Agreements,
    Given,
    Repetition,
    Row,
    agreements,
    coincidence,
    repetition,
    templates_of,
)
from workbench.analyses.training_set.index import Exchange, Match
from workbench.analyses.training_set.log_matches import LogMatches, log_matches
from workbench.analyses.training_set.values import (
    AccountRow,
    LogMatchRow,
    MatchRow,
    ModelRow,
    TrainingSetValues,
)
from workbench.core.errors import RefusedError
from workbench.core.foreseen import Foreseen
from workbench.core.logs import logs_of
from workbench.core.model import Corpus, Role, Table
from workbench.core.progress import Progress, part
from workbench.core.selection import Question, Selection
from workbench.core.typed_json import table

SHOWN = 500
"""Matches of the protected side that are shown."""


@dataclass(frozen=True, slots=True)
class Material:
    """The question and its published sets; answers are read as they are needed."""

    question: Question
    sets: tuple[Corpus, ...]
    selection: Selection

    def rows(self) -> Iterator[Row]:
        """Every published row, set after set."""
        for corpus in self.sets:
            for number, (prompt, answer) in enumerate(self.exchanges(corpus)):
                yield Row(corpus.name, number, Exchange(prompt, answer), corpus.facts.released)

    def given(self, corpora: Iterable[Corpus]) -> Iterator[Given]:
        """Every answer of some corpora, with the time at which they were collected."""
        for corpus in corpora:
            time = (corpus.facts.collected or "").split("/")[0] or None
            for number, (prompt, answer) in enumerate(self.exchanges(corpus)):
                yield Given(corpus.name, number, Exchange(prompt, answer), time)

    def exchanges(self, corpus: Corpus) -> Iterator[tuple[str, str]]:
        """Prompts and answers of a corpus in order of prompts."""
        for block in self.selection.blocks([corpus]):
            for text, answers in zip(block.texts, block.answers, strict=True):
                for answer in answers.get(corpus.name, ()):
                    yield text, answer


@dataclass(frozen=True, slots=True)
class Measured:
    """All agreements, and how often answers are equal without copying."""

    found: Agreements
    repeats: Repetition
    coincides: Repetition
    logged: LogMatches | None


def gather(selection: Selection) -> Material:
    """The published sets of the case; raises RefusedError where it has none."""
    question = selection.question
    return Material(question, _sets(question), selection)


def foreseen(question: Question) -> Foreseen:
    """The published rows and the answers that they are held against; raises RefusedError where there are none."""
    rows = sum(corpus.answers for corpus in _sets(question))
    answers = sum(corpus.answers for corpus in question.protected)
    return Foreseen(rests_on=f"{rows:,} published rows, {answers:,} answers of {question.protected_name}.")


def _sets(question: Question) -> tuple[Corpus, ...]:
    sets = question.in_role(Role.TRAINING)
    if not sets:
        raise RefusedError(
            "The case has no training set that the suspect's makers published.",
            hint="Import one in the role training (`--role training`).",
        )
    if not sum(corpus.answers for corpus in question.protected):
        raise RefusedError(f"{question.protected_name} has no answers to look for.")
    return sets


def measure(material: Material, progress: Progress) -> Measured:
    """Match the answers of the protected side and of every control with the published rows."""
    question = material.question
    progress(0.0, "stock answers of the controls")
    templates = templates_of({c.name: (a for _, a in material.exchanges(c)) for c in question.controls})
    given = material.given((*question.protected, *question.controls))
    found = agreements(material.rows, given, templates, part(progress, 0.1, 0.8))
    progress(0.8, "answers without copying")
    repeats = Repetition()
    for corpus in question.protected:
        own = repetition(_by_prompt(material.selection, [corpus], corpus.name))
        repeats = Repetition(*(a + b for a, b in zip(_counts(repeats), _counts(own), strict=True)))
    progress(0.9, "answers without copying")
    names = {corpus.name for corpus in question.controls}
    coincides = coincidence(
        {name: texts for name, texts in answers.items() if name in names}
        for block in material.selection.blocks(question.controls)
        for answers in block.answers
    )
    logs = logs_of(material.selection)
    logged = log_matches(logs, material.rows(), part(progress, 0.95, 1.0)) if logs is not None else None
    return Measured(found, repeats, coincides, logged)


def _counts(one: Repetition) -> tuple[int, int, int, int]:
    return one.pairs, one.equal, one.long_pairs, one.long_equal


def _by_prompt(selection: Selection, corpora: Sequence[Corpus], name: str) -> Iterator[Sequence[str]]:
    for block in selection.blocks(corpora):
        for answers in block.answers:
            yield answers.get(name, ())


def values(material: Material, measured: Measured) -> TrainingSetValues:
    """The Finding's values."""
    question, found, logged = material.question, measured.found, measured.logged
    names = [corpus.name for corpus in question.protected]
    counts = found.counts(names)
    orders = _orders(found, names)
    of_controls = [sum(found.counts([corpus.name]).values()) for corpus in question.controls]
    return TrainingSetValues(
        suspect=question.suspect.name,
        protected=question.protected_name,
        sets=tuple(corpus.name for corpus in material.sets),
        n_rows=found.rows,
        n_answers=sum(found.answers[name] for name in names),
        pairs=counts[Match.PAIR],
        answers=counts[Match.ANSWER],
        near=counts[Match.NEAR],
        runs=counts[Match.RUN],
        before=orders["before"],
        same=orders["same"],
        after=orders["after"],
        undated=orders["unknown"],
        templates=found.templates,
        most_of_controls=max(of_controls, default=0),
        n_controls=len(question.controls),
        repetition_pairs=measured.repeats.long_pairs,
        repetition_equal=measured.repeats.long_equal,
        bits=measured.repeats.bits,
        coincidence_pairs=measured.coincides.long_pairs,
        coincidence_equal=measured.coincides.long_equal,
        log_rows=None if logged is None else len(logged.matches),
        log_pairs=0 if logged is None else sum(one.pair for one in logged.matches),
        log_before=0 if logged is None else sum(one.order == "before" for one in logged.matches),
        log_accounts=0 if logged is None else logged.accounts,
    )


def _orders(found: Agreements, names: Sequence[str]) -> Counter[str]:
    """Published rows by the order of their earliest agreeing answer: before counts first, then unknown."""
    rank = ["before", "same", "unknown", "after"]
    best: dict[tuple[str, int], str] = {}
    for one in found.found:
        if one.model in names:
            at = one.corpus, one.row
            best[at] = min(best.get(at, one.order), one.order, key=rank.index)
    return Counter(best.values())


def tables(material: Material, measured: Measured) -> dict[str, Table]:
    """The matches of the protected side, the counts of every model, and innocent explanations."""
    question, found = material.question, measured.found
    names = {corpus.name for corpus in question.protected}
    kinds = list(Match)
    own = sorted(
        (one for one in found.found if one.model in names),
        key=lambda one: (kinds.index(one.kind), -one.characters, one.corpus, one.row, one.model, one.number),
    )
    matches = [
        MatchRow(
            data_set=one.corpus,
            row=one.row,
            model=one.model,
            answer=one.number,
            kind=str(one.kind),
            characters=one.characters,
            jaccard=one.jaccard,
            run=one.run,
            order=one.order,
            time=one.time or "",
        )
        for one in own[:SHOWN]
    ]
    models = [(corpus, "protected") for corpus in question.protected]
    models += [(corpus, "control") for corpus in question.controls]
    return {
        "by_model": table(ModelRow, [_model(found, corpus, role) for corpus, role in models]),
        "matches": table(MatchRow, matches),
        "log_matches": table(LogMatchRow, _logged(measured.logged)),
        "by_account": table(AccountRow, _by_account(measured.logged)),
        "explanations": table(ExplanationRow, _explanations(question, measured)),
    }


def _logged(logged: LogMatches | None) -> list[LogMatchRow]:
    return [
        LogMatchRow(data_set=one.corpus, row=one.row, pair=one.pair, calls=one.calls, first=one.first, order=one.order)
        for one in (logged.matches[:SHOWN] if logged else ())
    ]


def _by_account(logged: LogMatches | None) -> list[AccountRow]:
    """Accounts with five rows or more, and all others together."""
    if logged is None:
        return []
    rows = [AccountRow(account=account, rows=count) for account, count in logged.by_account]
    return rows + ([AccountRow(account="all others", rows=logged.others)] if logged.others else [])


def _model(found: Agreements, corpus: Corpus, role: str) -> ModelRow:
    counts: Mapping[Match, int] = found.counts([corpus.name])
    return ModelRow(
        model=corpus.name,
        role=role,
        answers=found.answers[corpus.name],
        pairs=counts[Match.PAIR],
        equal=counts[Match.ANSWER],
        near=counts[Match.NEAR],
        runs=counts[Match.RUN],
        share_of_set=sum(counts.values()) / max(1, found.rows),
    )


def _explanations(question: Question, measured: Measured) -> list[ExplanationRow]:
    found = measured.found
    most = max((sum(found.counts([corpus.name]).values()) for corpus in question.controls), default=0)
    orders = _orders(found, [corpus.name for corpus in question.protected])
    return [
        ExplanationRow(
            explanation="Such answers are what any model gives",
            sign="controls agree with as many published rows",
            tested=bool(question.controls),
            shows=f"at most {most} rows agree with one of {len(question.controls)} controls",
        ),
        ExplanationRow(
            explanation="Templates and refusals",
            sign="three controls or more have the answer",
            tested=len(question.controls) >= 3,
            shows=f"{found.templates} such answers were dropped",
        ),
        ExplanationRow(
            explanation="The protected model learned the published set, not the other way round",
            sign="its answers are later than the publication",
            tested=orders["unknown"] == 0 and sum(orders.values()) > 0,
            shows=f"{orders['after']} rows later, {orders['before']} earlier, {orders['unknown']} without dates",
        ),
        ExplanationRow(
            explanation="The protected model's answers were published by others before",
            sign="earlier public sets hold them",
            tested=False,
            shows="untested: bring such sets in as corpora of their own",
        ),
        ExplanationRow(
            explanation="A licensed customer made the set",
            sign="a contract",
            tested=False,
            shows="untested: no document says so or denies it",
        ),
    ]
