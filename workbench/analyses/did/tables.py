"""What `did` states: values and tables, unrounded. Differences of mean cosines are given times 100, as points."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.did.compute import BASELINE, VERSIONS, Contrast, Material
from workbench.analyses.did_scores import Place, Result
from workbench.core.model import Column, Json, Table

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


def stated(results: Sequence[Result]) -> int:
    """Which contrast the headline is about: of those with a baseline the one that says least, else the first."""
    against = [at for at, one in enumerate(results) if one.contrast.kind == BASELINE]
    if not against:
        return 0
    return max(against, key=lambda at: _least(results[at].place))


def _least(place: Place) -> tuple[float, float, float]:
    return place.p_model, place.p_prompts, -place.statistic


def values(material: Material, results: Sequence[Result], confidence: float, flips: int) -> dict[str, Json]:
    """The Finding's values: the stated contrast's at the top, and all of them in `contrasts`."""
    every = [_contrast(one) for one in results]
    chosen = stated(results)
    return every[chosen] | {
        "contrasts": every,
        "stated": chosen,
        "suspect": material.question.suspect.name,
        "protected": material.question.protected_name,
        "members": [c.name for c in material.question.protected],
        "n_controls": len(material.question.controls),
        "n_prompts_suspect": material.answered,
        "confidence": confidence,
        "flips": flips,
        "passed_over": [{"corpus": name, "reason": why} for name, why in material.passed_over],
        "undated": list(material.question.undated),
        "despite_date": material.question.despite_date,
    }


def _contrast(result: Result) -> dict[str, Json]:
    contrast, place = result.contrast, result.place
    next_one = _order(result)[0]
    return {
        "kind": contrast.kind,
        "name": contrast.name,
        "baseline": [c.name for c in contrast.baseline],
        "role": str(contrast.baseline[0].role) if contrast.kind == BASELINE else "",
        "older": [c.name for c in contrast.older],
        "statistic": POINTS * place.statistic,
        "interval": [POINTS * float(result.low[0]), POINTS * float(result.high[0])],
        "rank": place.rank,
        "n_seats": len(contrast.seats),
        "p_model": place.p_model,
        "p_prompts": place.p_prompts,
        "n_prompts": place.prompts,
        "largest_placebo": contrast.seats[next_one],
        "largest_placebo_statistic": POINTS * float(result.statistics[next_one]),
        "views": list(contrast.views),
        "views_first": sum(one.rank == 1 for one in result.views),
    }


def _order(result: Result) -> list[int]:
    """The placebos' seats, the largest first (in a contrast of versions: the farthest from nought)."""
    sizes = abs(result.statistics) if result.contrast.two_sided else result.statistics
    return sorted(range(1, len(sizes)), key=lambda seat: (-float(sizes[seat]), seat))


def tables(results: Sequence[Result], members: Sequence[Result]) -> dict[str, Table]:
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


def _numbers(result: Result) -> tuple[float | int, ...]:
    place = result.place
    ends = (POINTS * float(result.low[0]), POINTS * float(result.high[0]))
    seats = len(result.contrast.seats)
    return (POINTS * place.statistic, *ends, place.rank, seats, place.p_model, place.p_prompts, place.prompts)


def _contrasts(results: Sequence[Result], label: str, real: tuple[str, str] = ("real", "In the real seat")) -> Table:
    rows = tuple((one.contrast.name, one.contrast.seats[0], *_numbers(one)) for one in results)
    return Table((Column("contrast", "text", label), Column(real[0], "text", real[1]), *_NUMBERS), rows)


def _models(result: Result) -> Table:
    """The seats of one contrast, the largest first: what the chart shows."""
    order = sorted(range(len(result.statistics)), key=lambda seat: (-float(result.statistics[seat]), seat))
    rows = tuple((at, *_seat(result, seat)) for at, seat in enumerate(order, 1))
    return Table((Column("place", "integer", "Place"), *_SEAT), rows)


_SEAT = (
    Column("model", "text", "Model in the seat"),
    Column("role", "text", "Role"),
    *_NUMBERS[:3],
)


def _seat(result: Result, seat: int) -> tuple[str | float, ...]:
    real = "suspect" if result.contrast.kind == VERSIONS else "protected"
    ends = (result.statistics[seat], result.low[seat], result.high[seat])
    name = result.contrast.seats[seat]
    return (name, real if seat == 0 else "placebo", *(POINTS * float(value) for value in ends))


def _placebos(results: Sequence[Result]) -> Table:
    rows = tuple((one.contrast.name, *_seat(one, seat)) for one in results for seat in range(len(one.contrast.seats)))
    return Table((Column("contrast", "text", "Contrast"), *_SEAT), rows)


def _views(results: Sequence[Result]) -> Table:
    rows = tuple(
        (one.contrast.name, name, POINTS * place.statistic, *_placed(place, one.contrast))
        for one in results
        for name, place in zip(one.contrast.views, one.views, strict=True)
    )
    names = Column("contrast", "text", "Contrast"), Column("view", "text", "View of the text")
    return Table((*names, _NUMBERS[0], *_NUMBERS[3:]), rows)


def _placed(place: Place, contrast: Contrast) -> tuple[float | int, ...]:
    return place.rank, len(contrast.seats), place.p_model, place.p_prompts, place.prompts
