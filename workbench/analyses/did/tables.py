"""What `did` states: values and tables, unrounded. Differences of mean cosines are given times 100, as points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from workbench.analyses.did.compute import Contrast, ContrastResult, DidMaterial, Floats, SeatPlace
from workbench.analyses.did.values import BASELINE, PLACEBO, VERSIONS, ContrastValues, DidValues, SeatRow
from workbench.analyses.scoring.caveats import LENGTH_RATIO, OUTLYING, about_question, bases_in_common
from workbench.analyses.scoring.parameters import ENOUGH_CONTROLS
from workbench.analyses.scoring.similarity import VIEWS
from workbench.core.model import Column, Corpus, Table
from workbench.core.panel import earliest_month, latest_month
from workbench.core.selection import Question
from workbench.core.statistics.resampling import NORMAL_MAD
from workbench.core.typed_json import table

POINTS = 100.0

_NUMBERS = (
    Column("statistic", "number", "Difference of differences, in points (mean cosine times 100)"),
    Column("low", "number", "Low end of the interval"),
    Column("high", "number", "High end of the interval"),
    Column("rank", "integer", "Rank among the placebos"),
    Column("seats", "integer", "Of"),
    Column("p_model", "number", "p_model"),
    Column("p_prompts", "number", "p over prompts (sign flips)"),
    Column("prompts", "integer", "Prompts"),
)


def stated(results: Sequence[ContrastResult]) -> int:
    """Which contrast the headline is about: of those with a baseline the one that says least, else the first."""
    against = [at for at, one in enumerate(results) if one.contrast.kind == BASELINE]
    if not against:
        return 0
    return max(against, key=lambda at: _least(results[at].place))


def _least(place: SeatPlace) -> tuple[float, float, float]:
    return place.p_model, place.p_prompts, -place.statistic


def values(
    material: DidMaterial, results: Sequence[ContrastResult], strange: Sequence[str], confidence: float, flips: int
) -> DidValues:
    """The Finding's values; `strange` are the baselines that answer unlike every control."""
    every = tuple(_contrast(one) for one in results)
    chosen = stated(results)
    return DidValues(
        **{field.name: getattr(every[chosen], field.name) for field in fields(ContrastValues)},
        contrasts=every,
        stated=chosen,
        suspect=material.question.suspect.name,
        protected=material.question.protected_name,
        members=tuple(c.name for c in material.question.protected),
        n_controls=len(material.question.controls),
        n_prompts_suspect=material.answered,
        confidence=confidence,
        flips=flips,
        passed_over=material.passed_over,
        undated=material.question.undated,
        despite_date=material.question.despite_date,
        strange=tuple(strange),
        base_in_common=bool(bases_in_common(material.question)),
        unbacked=material.unbacked,
        n_independent=len(material.groups),
    )


def _contrast(result: ContrastResult) -> ContrastValues:
    contrast, place = result.contrast, result.place
    next_one = _order(result)[0]
    return ContrastValues(
        kind=contrast.kind,
        name=contrast.name,
        baseline=tuple(c.name for c in contrast.baseline),
        role=str(contrast.baseline[0].role) if contrast.kind == BASELINE else "",
        older=tuple(c.name for c in contrast.older),
        statistic=POINTS * place.statistic,
        interval=(POINTS * float(result.low[0]), POINTS * float(result.high[0])),
        rank=place.rank,
        n_seats=len(contrast.seats),
        p_model=place.p_model,
        p_prompts=place.p_prompts,
        n_prompts=place.prompts,
        largest_placebo=contrast.seats[next_one],
        largest_placebo_statistic=POINTS * float(result.statistics[next_one]),
        views=contrast.views,
        views_first=sum(one.rank == 1 for one in result.views),
        share_of_replicates_first=result.first,
    )


def _order(result: ContrastResult) -> list[int]:
    """The placebos' seats, the largest first (in a contrast of versions: the farthest from zero)."""
    sizes = abs(result.statistics) if result.contrast.two_sided else result.statistics
    return sorted(range(1, len(sizes)), key=lambda seat: (-float(sizes[seat]), seat))


def tables(results: Sequence[ContrastResult], members: Sequence[ContrastResult]) -> dict[str, Table]:
    """All tables; `members` are the stated contrast against each protected member alone."""
    against = [one for one in results if one.contrast.kind == BASELINE]
    between = [one for one in results if one.contrast.kind == VERSIONS]
    return {
        "models": _models(results[stated(results)]),
        "baselines": _contrasts(against, "Base, sibling or earlier version"),
        "versions": _contrasts(between, "Newer version against older"),
        "views": _views(results),
        "members": _contrasts(members, "Base, sibling or earlier version", ("member", "Protected model")),
        "placebos": _placebos(results),
    }


def _numbers(result: ContrastResult) -> tuple[float | int, ...]:
    place = result.place
    ends = (POINTS * float(result.low[0]), POINTS * float(result.high[0]))
    seats = len(result.contrast.seats)
    return (POINTS * place.statistic, *ends, place.rank, seats, place.p_model, place.p_prompts, place.prompts)


def _contrasts(
    results: Sequence[ContrastResult], label: str, real: tuple[str, str] = ("real", "In the real seat")
) -> Table:
    rows = tuple((one.contrast.name, one.contrast.seats[0], *_numbers(one)) for one in results)
    return Table((Column("contrast", "text", label), Column(real[0], "text", real[1]), *_NUMBERS), rows)


def _models(result: ContrastResult) -> Table:
    """The seats of one contrast, the largest first: what the chart shows."""
    order = sorted(range(len(result.statistics)), key=lambda seat: (-float(result.statistics[seat]), seat))
    return table(SeatRow, [SeatRow(at, *_seat(result, seat)) for at, seat in enumerate(order, 1)])


_SEAT = (
    Column("model", "text", "Model in the seat"),
    Column("role", "text", "Role"),
    *_NUMBERS[:3],
)


def _seat(result: ContrastResult, seat: int) -> tuple[str, str, float, float, float]:
    real = "suspect" if result.contrast.kind == VERSIONS else "protected"
    low, middle, high = (POINTS * float(some[seat]) for some in (result.low, result.statistics, result.high))
    return result.contrast.seats[seat], real if seat == 0 else PLACEBO, middle, low, high


def _placebos(results: Sequence[ContrastResult]) -> Table:
    rows = tuple((one.contrast.name, *_seat(one, seat)) for one in results for seat in range(len(one.contrast.seats)))
    return Table((Column("contrast", "text", "Contrast"), *_SEAT), rows)


def _views(results: Sequence[ContrastResult]) -> Table:
    rows = tuple(
        (one.contrast.name, name, POINTS * place.statistic, *_placed(place, one.contrast))
        for one in results
        for name, place in zip(one.contrast.views, one.views, strict=True)
    )
    names = Column("contrast", "text", "Contrast"), Column("view", "text", "View of the text")
    return Table((*names, _NUMBERS[0], *_NUMBERS[3:]), rows)


def _placed(place: SeatPlace, contrast: Contrast) -> tuple[float | int, ...]:
    return place.rank, len(contrast.seats), place.p_model, place.p_prompts, place.prompts


def baselines_of(results: Sequence[ContrastResult]) -> list[Corpus]:
    """The bases, siblings and earlier versions that differences are taken from."""
    return [one.contrast.baseline[0] for one in results if one.contrast.kind == BASELINE]


def warnings(material: DidMaterial, results: Sequence[ContrastResult], strange: Sequence[str]) -> list[str]:
    """All warnings; `strange` are the baselines that answer unlike every control."""
    question = material.question
    said: list[str] = []
    count = len(material.groups)
    if count < ENOUGH_CONTROLS:
        kind = "controls" if count == len(question.controls) else "independent controls"
        said.append(
            f"There are {count} {kind} to serve as placebos: with fewer than {ENOUGH_CONTROLS}, "
            "p_model can't reach 0.05, whatever the texts say."
        )
    baselines = baselines_of(results)
    for corpus in baselines:
        said += _of_baseline(corpus, question)
    said += [
        f"{name} answers less like the controls than any control does, as a base model does that was not taught to "
        "chat: learning to chat from anybody brings a suspect closer to every chat model, and closer to some than to "
        "others. A sibling that chats makes a better baseline."
        for name in strange
    ]
    if material.unbacked:
        said.append(
            f"A base or sibling on the examiner's word alone, which no manifest documents and the texts do not bear "
            f"out: {', '.join(material.unbacked)}. No rung above 1 rests on it."
        )
    return said + about_question(question) + _lengths(material, baselines)


def _of_baseline(corpus: Corpus, question: Question) -> list[str]:
    """What is documented of a baseline that makes the difference say less than it seems to."""
    members = {c.name for c in question.protected}
    said = []
    origin = [s.corpus for s in corpus.facts.sources if s.corpus in members]
    if origin:
        said.append(
            f"{corpus.name} is itself documented to come from {', '.join(origin)}: what the suspect has from the "
            "protected side through it is taken off, so the difference says too little."
        )
    if any(s.corpus == question.suspect.name for s in corpus.facts.sources):
        said.append(f"{corpus.name} is documented to come from the suspect: it is no earlier version of it.")
    own, theirs = question.suspect.facts.released, corpus.facts.released
    if own and theirs and earliest_month(theirs) > latest_month(own):
        said.append(
            f"{corpus.name} ({theirs}) came out after the suspect ({own}): the difference is between siblings, not "
            "between before and after."
        )
    kin = [c.name for c in question.controls if _related(corpus, c)]
    if kin:
        said.append(
            f"Controls that are related to {corpus.name}: {', '.join(kin)}; as placebos they come out low for that "
            "reason, and raise the difference a little through the controls' mean."
        )
    return said


def _related(one: Corpus, other: Corpus) -> bool:
    """Whether either is documented to come from the other, or both are near relatives."""
    named = one.name in [s.corpus for s in other.facts.sources] or other.name in [s.corpus for s in one.facts.sources]
    return named or bool(set(one.facts.group) & set(other.facts.group))


def strange_baselines(material: DidMaterial, results: Sequence[ContrastResult]) -> list[str]:
    """The baselines whose mean similarity to the controls lies far below that of every control."""
    baselines = baselines_of(results)
    if not baselines:
        return []
    at = {name: place for place, name in enumerate(material.found.models)}
    controls = np.array([at[c.name] for c in material.question.controls])
    levels = np.array([_levels(material, at[c.name], controls) for c in (*material.question.controls, *baselines)])
    own, theirs = levels[: len(controls)], levels[len(controls) :]
    centre = float(np.median(own))
    spread = NORMAL_MAD * float(np.median(np.abs(own - centre)))
    limit = min(float(own.min()), centre - OUTLYING * spread)
    return [c.name for c, level in zip(baselines, theirs.tolist(), strict=True) if level < limit]


def _levels(material: DidMaterial, place: int, controls: Floats) -> float:
    found, others = material.found, controls[controls != place]
    rows = material.rows[found.present[material.rows, place]]
    means = [found.values[view][rows, place][:, others].mean(dtype=np.float64) for view in VIEWS]
    return float(np.mean(means))


def _lengths(material: DidMaterial, baselines: Sequence[Corpus]) -> list[str]:
    """Corpora whose answers are much longer or shorter than the suspect's."""
    found = material.found
    if found.tokens is None:
        return []
    at = {name: place for place, name in enumerate(found.models)}
    tokens = found.tokens[material.rows]
    own = max(1.0, float(np.median(tokens[:, at[material.question.suspect.name]])))
    said = []
    for corpus in (*baselines, *material.question.protected):
        theirs = max(1.0, float(np.median(tokens[:, at[corpus.name]])))
        if max(own, theirs) / min(own, theirs) > LENGTH_RATIO:
            said.append(
                f"The median lengths of the answers of the suspect ({own:.0f} tokens) and of {corpus.name} "
                f"({theirs:.0f}) differ by more than a factor of {LENGTH_RATIO:g}: part of the difference may be "
                "length."
            )
    return said
