"""What `canaries` gathers and states: answers to probes, ranks, hits, and innocent explanations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.analyses.canaries.compute import Hit, Outcome, Rank, chance_of_hits, exact_hits, outcome, rank
from workbench.analyses.canaries.values import CanaryValues, HitRow, RankRow
from workbench.analyses.explanations import ExplanationRow
from workbench.core.errors import RefusedError
from workbench.core.hashing import sha256_text
from workbench.core.markers import Planted, markers_of
from workbench.core.model import Corpus, Role, Table
from workbench.core.progress import Progress
from workbench.core.selection import Question, Selection
from workbench.core.statistics.exact_tests import SMALLEST, binomial_tail, largest_likelihood_ratio
from workbench.core.text import normal_prompt
from workbench.core.typed_json import table


@dataclass(frozen=True, slots=True)
class Material:
    """The markers, the suspect's answers to each one's probe, and the texts that are searched word for word."""

    question: Question
    planted: tuple[Planted, ...]
    answers: tuple[tuple[str, ...], ...]
    selection: Selection


def refuse_without_markers(planted: int) -> None:
    """Refuse a case without planted markers; raises RefusedError."""
    if not planted:
        raise RefusedError(
            "No markers were planted in this case.",
            hint="`workbench markers CASE make` draws them, before they are served.",
        )


def gather(selection: Selection) -> Material:
    """The planted markers; raises RefusedError without any, or with nothing to look for them in."""
    planted = markers_of(selection)
    refuse_without_markers(len(planted))
    wanted = {sha256_text(normal_prompt(one.marker.probe)): at for at, one in enumerate(planted)}
    found: list[list[str]] = [[] for _ in planted]
    for answer in selection.answers(selection.question.suspect):
        if (at := wanted.get(answer.prompt)) is not None:
            found[at].append(answer.text)
    if not any(found) and not selection.question.in_role(Role.TRAINING):
        raise RefusedError(
            f"{selection.question.suspect.name} answered none of the markers' probes, and the case has no training set "
            "to look for the markers in."
        )
    return Material(selection.question, planted, tuple(tuple(one) for one in found), selection)


@dataclass(frozen=True, slots=True)
class Measured:
    """Ranks by marker (None without decoys or answers), their outcome, and all exact hits."""

    ranks: tuple[Rank | None, ...]
    outcome: Outcome | None
    hits: tuple[tuple[Corpus, Hit], ...]
    positions: int
    positions_of_controls: int


def measure(material: Material, within: int, seed: int, progress: Progress) -> Measured:
    """Rank every marker that has decoys and answers, and look for all of them word for word."""
    ranks: list[Rank | None] = []
    for at, (one, answers) in enumerate(zip(material.planted, material.answers, strict=True)):
        progress(0.8 * at / len(material.planted), "ranks of markers")
        ranked = (
            rank(one.marker.id, one.marker.secret, one.decoys, answers, seed + at) if one.decoys and answers else None
        )
        ranks.append(ranked)
    counted = [one for one in ranks if one is not None]
    secrets = [(one.marker.id, one.marker.secret) for one in material.planted]
    question = material.question
    hits: list[tuple[Corpus, Hit]] = []
    positions = of_controls = 0
    corpora = (question.suspect, *question.in_role(Role.TRAINING), *question.controls)
    for at, corpus in enumerate(corpora):
        progress(0.8 + 0.15 * at / len(corpora), "markers word for word")
        texts = (answer.text for answer in material.selection.answers(corpus))
        found, looked_at = exact_hits(secrets, corpus.name, texts)
        hits += [(corpus, hit) for hit in found]
        if corpus in question.controls:
            of_controls += looked_at
        else:
            positions += looked_at
    return Measured(tuple(ranks), outcome(counted, within) if counted else None, tuple(hits), positions, of_controls)


def values(material: Material, measured: Measured, within: int) -> CanaryValues:
    """The Finding's values."""
    controls = set(material.question.controls)
    own = [(corpus, hit) for corpus, hit in measured.hits if corpus not in controls]
    first = measured.outcome
    hit_markers = {hit.marker for _, hit in own}
    accounts = [len(one.marker.accounts.split()) for one in material.planted if one.marker.id in hit_markers]
    p = first.p if first else None
    return CanaryValues(
        suspect=material.question.suspect.name,
        n_markers=len(material.planted),
        n_ranked=first.markers if first else 0,
        n_answered=sum(bool(answers) for answers in material.answers),
        candidates=first.candidates if first else 0,
        within=within,
        first=first.first if first else 0,
        p=p,
        below=SMALLEST if first and p is None else None,
        ceiling=largest_likelihood_ratio(p) if p is not None else None,
        n_hits=len(own),
        markers_hit=len(hit_markers),
        positions=measured.positions,
        chance_of_hits=chance_of_hits([one.marker.space for one in material.planted], measured.positions),
        hits_of_controls=len(measured.hits) - len(own),
        unsealed=sum(not one.sealed for one in material.planted),
        one_account=sum(number == 1 for number in accounts),
        smallest_found=_smallest(first, within) if first else 0,
    )


def _smallest(first: Outcome, within: int) -> int:
    """The number of markers that would have to rank first for p to be 0.01 or less."""
    chance = within / first.candidates
    return next(
        (k for k in range(1, first.markers + 1) if binomial_tail(k, first.markers, chance) <= 0.01), first.markers + 1
    )


def tables(material: Material, measured: Measured) -> dict[str, Table]:
    """Ranks, hits and innocent explanations."""
    return {
        "ranks": table(
            RankRow, [_rank(*row) for row in zip(material.planted, material.answers, measured.ranks, strict=True)]
        ),
        "hits": table(HitRow, [_hit(corpus, hit) for corpus, hit in measured.hits]),
        "explanations": table(ExplanationRow, _explanations(material, measured)),
    }


def _rank(planted: Planted, answers: Sequence[str], found: Rank | None) -> RankRow:
    marker = planted.marker
    return RankRow(
        marker=marker.id,
        kind=marker.kind,
        rank=found.rank if found else None,
        candidates=1 + len(planted.decoys),
        exposure=found.exposure if found else None,
        similarity=found.similarity if found else None,
        contained=any(marker.secret in answer for answer in answers),
        answers=len(answers),
        accounts=len(marker.accounts.split()),
        sealed=planted.sealed,
    )


def _hit(corpus: Corpus, hit: Hit) -> HitRow:
    return HitRow(marker=hit.marker, corpus=corpus.name, role=str(corpus.role), text=hit.text, place=hit.place)


def _explanations(material: Material, measured: Measured) -> list[ExplanationRow]:
    controls = set(material.question.controls)
    leaked = sum(corpus in controls for corpus, _ in measured.hits)
    asked = sum(one.marker.secret in one.marker.probe for one in material.planted)
    unsealed = sum(not one.sealed for one in material.planted)
    return [
        ExplanationRow(
            explanation="The marker leaked, and stands in public text",
            sign="models that were never served it have it too",
            tested=measured.positions_of_controls > 0,
            shows=f"{leaked} hits in {len(controls)} controls" if controls else "no control to look in",
        ),
        ExplanationRow(
            explanation="The probe gives the answer away",
            sign="the secret stands in its probe",
            tested=True,
            shows=f"{asked} of {len(material.planted)} probes hold their secret",
        ),
        ExplanationRow(
            explanation="The marker was chosen after the answer was known",
            sign="no seal from before it was served",
            tested=True,
            shows=f"{unsealed} of {len(material.planted)} markers have no seal",
        ),
        ExplanationRow(
            explanation="The suspect relays the protected model, and learned nothing",
            sign="answers to the same prompts can't be told from the protected model's",
            tested=False,
            shows="untested",
        ),
    ]
