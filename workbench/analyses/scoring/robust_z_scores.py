"""How close each model comes to a protected one, as robust z-scores on both sides.

Seats are the suspect and the controls. Each seat is scored in the same way: its reference is all other seats,
so that under exchangeable seats every order of the statistics is equally probable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.core.progress import Progress
from workbench.core.statistics.resampling import NORMAL_MAD, spread_off_diagonal, spread_without_each

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Singles = npt.NDArray[np.float32]

NO_SPREAD = 1e-9
"""A median absolute deviation up to this is rounding, not spread."""

NO_DIRECTION = 1e-6
"""A square up to this is of an answer that equals the mean of all."""

FLOOR = 0.01
"""A deviation over replicates, or with a control removed, is at least this share of that over everything."""

_BATCH = 2_000_000
_SLAB = 32


@dataclass(frozen=True, slots=True)
class View:
    """One view of the text: similarities of every pair on every prompt, flattened.

    `seats` is (prompts, seats * (seats - 1) / 2), the upper triangle; `protected` is (prompts,
    members * seats). `gaps` are the prompts on which some answer has no features in this view; there the
    `..._lacking` arrays, (gaps, pairs), are 1.0 where either answer of a pair has none.
    """

    name: str
    seats: Floats
    protected: Floats
    gaps: Places
    seats_lacking: Floats
    protected_lacking: Floats
    members: int
    n_seats: int

    def means(self, weights: Floats) -> tuple[Floats, Floats]:
        """Mean similarities under weights (..., prompts): (..., seats, seats) and (..., members, seats)."""
        pairs = _ratio(weights, self.seats, self.gaps, self.seats_lacking)
        n = self.n_seats
        rows, columns = np.triu_indices(n, 1)
        square = np.ones((*pairs.shape[:-1], n, n))
        square[..., rows, columns] = pairs
        square[..., columns, rows] = pairs
        protected = _ratio(weights, self.protected, self.gaps, self.protected_lacking)
        return square, protected.reshape(*protected.shape[:-1], self.members, n)


def _ratio(weights: Floats, values: Floats, gaps: Places, lacking: Floats) -> Floats:
    below = weights.sum(axis=-1, keepdims=True) - weights[..., gaps] @ lacking
    return np.asarray(weights @ values / np.maximum(below, 1e-12))


@dataclass(frozen=True, slots=True)
class Sides:
    """Deviations of one view, each (..., members, seats): `own` from the seat's own similarities to the
    other seats, `protected` from the similarities of the other seats to the member."""

    own: Floats
    protected: Floats


def view_pair(name: str, values: Singles, rows: Places, places: Places, seats: int) -> tuple[View, View]:
    """A view and its twin with the prompt's mean over the seats removed.

    `values` are a view's similarities (prompts, models, models), a diagonal of zero where an answer has no
    features; `rows` are the matched prompts, `places` the models: first the seats, then the protected members.
    """
    size, models = values.shape[-1], len(places)
    flat = np.add.outer(places * size, places).ravel()
    every = values.reshape(len(values), -1)
    plain, twin = (_ViewFilling(len(rows), models, seats) for _ in range(2))
    for at in range(0, len(rows), _SLAB):
        # A slab at a time stays in the processor's cache; each prompt is worked alone.
        some = slice(at, min(at + _SLAB, len(rows)))
        block = every[rows[some]].take(flat, axis=1, mode="clip").astype(np.float64).reshape(-1, models, models)
        present = np.diagonal(block, axis1=1, axis2=2) > 0.5
        plain.fill(some, block, present)
        twin.fill(some, *without_consensus(block, present, seats))
    return plain.view(name), twin.view(name + " less consensus")


class _ViewFilling:
    """The arrays of a view while they are filled, a slab of prompts at a time."""

    def __init__(self, prompts: int, models: int, seats: int) -> None:
        self._rows, self._columns = np.triu_indices(seats, 1)
        self._upper = self._rows * models + self._columns
        self._seats, self._members = seats, models - seats
        self._between = np.empty((prompts, len(self._upper)))
        self._protected = np.empty((prompts, self._members * seats))
        self._present = np.empty((prompts, models), dtype=np.bool_)

    def fill(self, some: slice, block: Floats, present: Flags) -> None:
        """Take the pairs of some prompts."""
        count = len(block)
        block.reshape(count, -1).take(self._upper, axis=1, out=self._between[some], mode="clip")
        self._protected[some] = block[:, self._seats :, : self._seats].reshape(count, -1)
        self._present[some] = present

    def view(self, name: str) -> View:
        """The view that was filled."""
        gaps = np.flatnonzero(~self._present.all(axis=1))
        absent = ~self._present[gaps]
        to_members = absent[:, self._seats :, None] | absent[:, None, : self._seats]
        return View(
            name=name,
            seats=self._between,
            protected=self._protected,
            gaps=gaps,
            seats_lacking=(absent[:, self._rows] | absent[:, self._columns]).astype(np.float64),
            protected_lacking=to_members.reshape(len(gaps), self._protected.shape[1]).astype(np.float64),
            members=self._members,
            n_seats=self._seats,
        )


def without_consensus(block: Floats, present: Flags, seats: int) -> tuple[Floats, Flags]:
    """Cosines after the mean vector of the seats that answered is taken from every vector.

    An answer that equals the mean has no direction left and counts as not present.
    """
    sitting = present[:, :seats].astype(np.float64)
    number = np.maximum(sitting.sum(axis=1), 1.0)
    to_mean = block[:, :, :seats].sum(axis=2) / number[:, None]
    mean_square = (to_mean[:, :seats] * sitting).sum(axis=1) / number
    centred = block - to_mean[:, :, None]
    centred -= to_mean[:, None, :]
    centred += mean_square[:, None, None]
    squares = np.diagonal(centred, axis1=1, axis2=2)
    kept = present & (squares > NO_DIRECTION)
    scale = np.where(kept, 1 / np.sqrt(np.where(kept, squares, 1.0)), 0.0)
    centred *= scale[:, :, None]
    centred *= scale[:, None, :]
    return centred, kept


def sides(view: View, weights: Floats, floors: tuple[Floats, Floats] | None = None) -> Sides:
    """The deviations of every seat and member under prompt weights (..., prompts)."""
    return deviations(*view.means(weights), floors)


def deviations(square: Floats, protected: Floats, floors: tuple[Floats, Floats] | None = None) -> Sides:
    """Deviations from mean similarities (..., seats, seats) and (..., members, seats)."""
    own_centre, own_mad = spread_off_diagonal(square)
    far_centre, far_mad = spread_without_each(protected)
    if floors is not None:
        own_mad, far_mad = np.maximum(own_mad, floors[0]), np.maximum(far_mad, floors[1])
    return Sides(
        own=(protected - own_centre[..., None, :]) / (NORMAL_MAD * own_mad[..., None, :]),
        protected=(protected - far_centre) / (NORMAL_MAD * far_mad),
    )


def spreads(view: View, weights: Floats) -> tuple[Floats, Floats]:
    """The median absolute deviations that `deviations` divides by: (seats,) and (members, seats)."""
    square, protected = view.means(weights)
    own, far = spread_off_diagonal(square)[1], spread_without_each(protected)[1]
    return own, far


def _floors(view: View, weights: Floats) -> tuple[Floats, Floats]:
    own, far = spreads(view, weights)
    return FLOOR * own, FLOOR * far


def why_unusable(view: View, weights: Floats, minimum: int) -> str | None:
    """Why a view says nothing on this material: too few answers with features, or no spread."""
    for lacking in (view.seats_lacking, view.protected_lacking):
        if len(view.seats) - float(lacking.sum(axis=0).max(initial=0.0)) < minimum:
            return f"some pair of models shares fewer than {minimum} prompts in this view"
    if min(float(found.min()) for found in spreads(view, weights)) <= NO_SPREAD:
        return "no spread among the models"
    return None


def fused(found: Sequence[Sides]) -> Floats:
    """The mean over views of the mean of both sides: (..., members, seats)."""
    return np.asarray(sum(side.own + side.protected for side in found) / (2 * len(found)))


def replicated(views: Sequence[View], weights: Floats, progress: Progress) -> Floats:
    """The statistics under many rows of prompt weights, (replicates, seats), a batch at a time."""
    even = np.ones(weights.shape[-1])
    floors = [_floors(view, even) for view in views]
    size = max(1, _BATCH // views[0].n_seats ** 2)
    parts = []
    for at in range(0, len(weights), size):
        progress(at / len(weights), f"drawing prompts again: {at} of {len(weights)} replicates")
        batch = weights[at : at + size]
        parts.append(fused(_each(views, floors, batch)).max(axis=-2))
    return np.concatenate(parts)


def _each(views: Sequence[View], floors: Sequence[tuple[Floats, Floats]], weights: Floats) -> list[Sides]:
    """The deviations of every view, a thread a view: what a view's numbers are depends on no other.

    The linear algebra keeps to one thread, because its sums would depend on how many it has.
    """
    from joblib import Parallel, delayed
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        found: list[Sides] = Parallel(n_jobs=-1, prefer="threads")(
            delayed(sides)(view, weights, floor) for view, floor in zip(views, floors, strict=True)
        )
    return found


def without_each_control(views: Sequence[View]) -> Floats:
    """The statistics with each control removed in turn, (controls, seats); its own place is -inf.

    The consensus that the twins have lost is held as it was with all controls.
    """
    seats = views[0].n_seats
    rest = np.array([np.delete(np.arange(seats), gone) for gone in range(1, seats)])
    even = np.ones(len(views[0].seats))
    found = []
    for view in views:
        square, far = view.means(even)
        own_floor, far_floor = _floors(view, even)
        least = own_floor[rest], far_floor[:, rest].swapaxes(0, 1)
        found.append(deviations(square[rest[:, :, None], rest[:, None, :]], far[:, rest].swapaxes(0, 1), least))
    table = np.full((seats - 1, seats), -np.inf)
    np.put_along_axis(table, rest, fused(found).max(axis=-2), axis=-1)
    return table
