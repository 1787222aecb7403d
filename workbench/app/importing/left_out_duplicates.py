"""Records that were left out as duplicates: where each stands, and the answer that is the same record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from workbench.app.requests import Duplicate
from workbench.core.errors import UsageError
from workbench.core.model import Json
from workbench.core.secrets.find import masked, masked_name
from workbench.store import Case, DuplicateRow, ImportRow, Place


@dataclass(frozen=True, slots=True)
class Counted:
    """How many duplicates an import counted for a corpus; `unlisted` of them an earlier version did not list."""

    number: int
    name: str
    corpus: str
    duplicate: int
    unlisted: int

    def as_json(self) -> Json:
        """The same as plain JSON."""
        listed = self.duplicate - self.unlisted
        return {
            "import": self.number,
            "file": self.name,
            "corpus": self.corpus,
            "duplicate": self.duplicate,
            "listed": listed,
        }

    def words(self) -> str:
        """What must be said where some are not listed, or nothing."""
        if not self.unlisted:
            return ""
        return (
            f"{self.unlisted:,} of the {self.duplicate:,} duplicates that import {self.number} ({self.name}) has for "
            f"{self.corpus} were counted by an earlier version of the workbench, which did not list them."
        )


@dataclass(frozen=True, slots=True)
class DuplicatePage:
    """Some duplicates, the key after which the next page begins (None at the end), and what each import counted."""

    rows: tuple[Duplicate, ...]
    next: int | None
    counted: tuple[Counted, ...]


def page(case: Case, number: int | None, after: int, limit: int) -> DuplicatePage:
    """The duplicates of all finished imports or of one, from after a key; raises UsageError for an unknown import."""
    if limit < 1:
        raise UsageError("A page has at least one duplicate.", hint="--limit 1")
    done = [row for row in case.import_log() if row.state == "done" and number in (None, row.id)]
    if number is not None and not done:
        raise UsageError(
            f"There is no finished import {number} in this case.", hint="`workbench duplicates CASE` names those there."
        )
    counted = [one for row in done for one in _counted(row)]
    found = list(islice(case.duplicates(number, after), limit + 1))
    more = found[limit - 1].key if len(found) > limit else None
    return DuplicatePage(tuple(map(_described, found[:limit])), more, tuple(counted))


def first(case: Case, number: int, limit: int) -> tuple[Duplicate, ...]:
    """The first duplicates of an import."""
    return tuple(map(_described, islice(case.duplicates(number), limit)))


def for_pack(case: Case, done: ImportRow) -> Iterator[tuple[Json, ...]]:
    """The duplicates of an import in the columns of a pack, and a row for those that were counted alone."""
    for counted in _counted(done):
        if said := counted.words():
            yield (counted.corpus, said, *[None] * 11)
    for row in case.duplicates(done.id):
        here, there = row.place, row.twin
        twin = (row.answer, there.source.sha256, _words(there), *_numbers(there))
        yield (row.corpus, _words(here), *_numbers(here), *twin)


def _counted(done: ImportRow) -> list[Counted]:
    return [Counted(done.id, done.source.name, c.corpus, c.duplicate, c.unlisted) for c in done.corpora if c.duplicate]


def _words(place: Place) -> str:
    return masked(place.words) if place.member else place.words


def _numbers(place: Place) -> tuple[int, int, int, str]:
    return place.index, place.offset, place.length, masked_name(place.member)


def _described(row: DuplicateRow) -> Duplicate:
    here, there = row.place, row.twin
    own = (here.source.name, here.source.sha256, _words(here), *_numbers(here))
    twin = (there.source.name, there.source.sha256, _words(there), *_numbers(there))
    return Duplicate(row.key, row.import_id, row.corpus, *own, row.answer, *twin)
