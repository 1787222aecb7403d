"""What the store hands out: plain frozen records, without a connection behind them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from workbench.core.collection_times import widened
from workbench.core.errors import CaseError, UsageError
from workbench.core.fact_basis import checked_pairs
from workbench.core.model import Corpus, Facts, Finding, Json, Narrative, Source, SourceModel
from workbench.core.panel import checked_date
from workbench.core.place_words import place_words
from workbench.core.secrets.find import masked
from workbench.core.text import remembered


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Who made the case and when; `schema` is the version of its database."""

    id: str
    title: str
    examiner: str
    created: str
    schema: int
    folder: Path


@dataclass(frozen=True, slots=True)
class TakenSource(Source):
    """A file that was just received; `known` says that the same bytes were in the case already."""

    known: bool = False


@dataclass(frozen=True, slots=True)
class CorpusCounts:
    """A corpus with its counts: accepted + rejected + duplicate = records.

    `prompts` counts different prompts, `unjoined` the answers whose prompt is known by its key alone.
    """

    corpus: Corpus
    records: int
    accepted: int
    rejected: int
    duplicate: int
    prompts: int
    unjoined: int


@dataclass(frozen=True, slots=True)
class OpenImport:
    """An import that was begun and not finished; `records` items of it are stored.

    `under_way` says that another program is at it at this moment; otherwise it was interrupted.
    """

    id: int
    source: Source
    importer: str
    options: Json
    begun: str
    records: int
    under_way: bool = False


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What one import brought to one corpus: accepted + rejected + duplicate = records.

    `unlisted` of the duplicates were counted by an earlier schema, which did not list them.
    """

    corpus: str
    records: int
    accepted: int
    rejected: int
    duplicate: int
    unlisted: int


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import of the log; `state` is done or discarded, `line` its line in the ledger."""

    id: int
    source: Source
    importer: str
    options: Json
    state: str
    begun: str
    ended: str
    corpora: tuple[ImportCounts, ...]
    line: int


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A record that was not taken: its place in the source, and why in words."""

    import_id: int
    index: int
    offset: int
    length: int
    member: str
    reason: str

    @property
    def place(self) -> str:
        """The place in words, counted from 1 for people: record 3, bytes 120 to 180."""
        return place_words(self.member, self.index, self.offset, self.length)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in a file."""

    source: Source
    index: int
    offset: int
    length: int
    member: str

    @property
    def words(self) -> str:
        """The place in words, without the file: record 3, bytes 120 to 180."""
        return place_words(self.member, self.index, self.offset, self.length)


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """A record that was left out because its corpus holds it already: its place, and the answer that is its twin.

    `key` is the number of its row, by which pages follow each other.
    """

    key: int
    import_id: int
    corpus: str
    place: Place
    answer: int
    twin: Place


@dataclass(frozen=True, slots=True)
class Joining:
    """What a file of prompts came to for a corpus: how many answers were `joined` to their prompt.

    `same` lack a prompt still, because their record is in the corpus with it already; `other` have another prompt
    under the same id, and keep it. Of those that were joined, `marked` have one of the ids that were asked about.
    """

    joined: int
    same: int
    other: int
    marked: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: `what` is changed, added, removed, ledger or database."""

    path: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A Finding as it was stored; `withdrawn` is empty or the reason of its withdrawal."""

    number: int
    finding: Finding
    narrative: Narrative
    svg: bytes
    made: str
    withdrawn: str
    sha256: str
    ledger_line: int
    options: Json


@dataclass(frozen=True, slots=True)
class Export:
    """One pack as it was begun: `head` is the hash of its ledger line, `begun` its only date.

    `ledger` holds the canonical lines up to and including that one, where one pack alone was asked for; `line` is
    its sequence number.
    `sha256` is the pack's digest, or empty when the export was never finished; `signatures` are those that it had then,
    where one pack alone was asked for.
    """

    number: int
    choices: Json
    begun: str
    head: str
    line: int
    ledger: tuple[str, ...]
    sha256: str = ""
    signatures: tuple[str, ...] = ()


_FACTS = tuple(field.name for field in fields(Facts))

GATHERED = ("named", "settings", "system_prompts", "endpoints")
"""Facts that the records of a file state one by one: each different value is kept once."""

MOST_GATHERED = 50
"""Values of one such fact that are kept; a last one then says that there are more."""

_MORE = "(and others)"


@contextmanager
def decoding(what: str) -> Iterator[None]:
    """Turn what goes wrong in reading a stored row into a CaseError: somebody else than this program wrote it."""
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, zlib.error, UsageError) as error:
        raise CaseError(
            f"{what} is not as this program wrote it, and can't be read.",
            hint="`workbench verify CASE` names what is wrong; `workbench rescue CASE NEW` rebuilds the case.",
        ) from error


LARGEST_TABLE = 256 << 20
"""Bytes that a table of a Finding may unfold into."""


def unpacked(data: bytes, most: int) -> bytes:
    """What was stored compressed; raises ValueError where it unfolds into more than so many bytes, zlib.error."""
    unpacking = zlib.decompressobj()
    found = unpacking.decompress(data, most)
    if not unpacking.eof:
        raise ValueError(f"it is cut off, or unfolds into more than {most:,} bytes")
    return found


def source_json(source: Source) -> Json:
    """The part of a source that goes into a ledger line."""
    return {"sha256": source.sha256, "name": source.name, "size": source.size}


def facts_json(facts: Facts) -> Json:
    """Facts as plain JSON; `facts_from_json` is its inverse.

    What came in with the second schema stands there only where it is known: older lines keep their digests.
    """
    value: dict[str, Json] = {name: getattr(facts, name) for name in _FACTS[: _FACTS.index("claimed")]}
    value |= {"group": list(facts.group), "sources": [_source_model_json(source) for source in facts.sources]}
    later = {name: getattr(facts, name) for name in _FACTS[_FACTS.index("claimed") :]}
    return value | {name: list(v) if isinstance(v, tuple) else v for name, v in later.items() if v}


def _source_model_json(source: SourceModel) -> Json:
    value: Json = {"corpus": source.corpus, "relation": source.relation, "minor": source.minor}
    return value | ({"document": source.document} if source.document else {})


def facts_from_json(value: Json) -> Facts:
    """The Facts that `facts_json` wrote."""
    return facts_with(Facts(), value)


def facts_with(facts: Facts, changes: Mapping[str, Any]) -> Facts:
    """The facts with some fields changed; raises UsageError for an unknown field or a bad date."""
    unknown = sorted(changes.keys() - set(_FACTS))
    if unknown:
        raise UsageError(f"{unknown[0]!r} is not a fact of a corpus.", hint=f"Known facts: {', '.join(_FACTS)}.")
    values = {name: getattr(facts, name) for name in _FACTS} | dict(changes)
    if values["released"] is not None:
        checked_date(values["released"])
    for field in fields(Facts):
        _refuse_other_type(field.name, str(field.type), values[field.name])
    values["group"] = tuple(values["group"])
    values["documents"] = checked_pairs(values["documents"])
    if "documents" not in changes:
        # A document bears what it was named for, and not what was put in its place.
        same = (pair for pair in values["documents"] if values[n := pair.partition("=")[0]] == getattr(facts, n))
        values["documents"] = tuple(same)
    for name in GATHERED:
        # They go into ledger and packs: an endpoint may hold a key.
        values[name] = tuple(map(_MASKED, values[name]))
    values["sources"] = tuple(
        s
        if isinstance(s, SourceModel)
        else SourceModel(s["corpus"], s["relation"], bool(s.get("minor")), int(s.get("document", 0)))
        for s in values["sources"]
    )
    return Facts(**values)


def _refuse_other_type(name: str, kind: str, value: object) -> None:
    """Raise TypeError for a fact that is of another type than its own: somebody else has written it."""
    if kind.startswith("tuple"):
        inner = SourceModel | dict if "SourceModel" in kind else str
        fits = isinstance(value, list | tuple) and all(isinstance(one, inner) for one in value)
    elif kind == "bool":
        fits = isinstance(value, bool)
    else:
        fits = value is None or isinstance(value, str)
    if not fits:
        raise TypeError(f"the fact {name} has a value of another type")


_MASKED = remembered(256)(masked)
"""Batch after batch states the same."""


def facts_merged(known: Facts, given: Facts) -> Facts:
    """The known facts, with every field that is newly given in place of the old one."""
    empty = Facts()
    new = {name: getattr(given, name) for name in _FACTS}
    return facts_with(known, {n: v for n, v in new.items() if v != getattr(empty, n)})


def facts_gathered(known: Facts, stated: Facts) -> Facts:
    """The known facts with what a record states: lists are joined, times widened, the rest is put in place."""
    merged = facts_merged(known, stated)
    joined = {name: _joined(getattr(known, name), getattr(stated, name)) for name in GATHERED}
    return facts_with(merged, joined | {"collected": widened(known.collected, stated.collected)})


def _joined(known: tuple[str, ...], stated: tuple[str, ...]) -> tuple[str, ...]:
    if not stated or known[-1:] == (_MORE,):
        return known
    values = tuple(dict.fromkeys((*known, *stated)))
    return values if len(values) <= MOST_GATHERED else (*values[:MOST_GATHERED], _MORE)
