"""Answers on their way into the store, made ready without it: well-formed, digested, sorted by model.

What is made here is plain data, so that another process can make it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from workbench.core.claimed_model import NAMED
from workbench.core.collection_times import span_of
from workbench.core.model import FLAGS_END, CorpusFacts, Facts, Json, Rejected, Response
from workbench.core.secrets.find import masked
from workbench.core.text import normal_prompt, remembered, well_formed

_LONGEST = 2000
"""Characters of a stated fact that are kept; the record itself has the whole."""


def packed(extras: Sequence[Mapping[str, Json] | None]) -> list[str | None]:
    """What records say beside their answers, each as JSON text that can be stored."""
    # Equal is not enough: 1, 1.0 and true are equal in Python.
    return [text for _, same in groupby(extras, id) for text in _repeated(list(same))]


def _repeated(same: Sequence[Mapping[str, Json] | None]) -> list[str | None]:
    return [_packed(same[0])] * len(same)


def _packed(extra: Mapping[str, Json] | None) -> str | None:
    if not extra:
        return None
    try:
        return orjson.dumps(extra).decode()
    except TypeError:
        return orjson.dumps(_mended(extra)).decode()


def _mended(value: Json) -> Json:
    """Plain JSON with lone surrogates made visible and whole numbers beyond 64 bits as text."""
    if isinstance(value, str):
        return well_formed(value)[0]
    if isinstance(value, Mapping):
        return {well_formed(str(key))[0]: _mended(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(item) for item in value]
    return value if value is None or isinstance(value, bool | float) or abs(value) < 1 << 63 else str(value)


def facts_stated(rows: Sequence[Response]) -> Facts:
    """The facts that the rows of one model state: settings, system prompts, endpoints, models, first and last time."""
    # As a rule a record states what the one before it did.
    stated = [(extra, model) for (extra, model), _ in groupby((row.extra, row.model) for row in rows) if extra]
    extras = [extra for extra, _ in stated]
    times = {row.time for row in rows if row.time}
    if not extras and not times:
        return Facts()
    requested = _texts(map(_requested, extras))
    named = {name for extra, model in stated for name in _named(extra, model)}
    return Facts(
        claimed=", ".join(requested) or None,
        named=tuple(_clean(name) for name in sorted(named)),
        settings=_texts(
            word for settings, _ in groupby(extra.get("settings") for extra in extras) for word in _settings(settings)
        ),
        system_prompts=_texts(extra.get("system") for extra in extras),
        endpoints=_texts(extra.get("endpoint") for extra in extras),
        collected=_clean(span) if (span := span_of(times)) else None,
    )


def _requested(extra: Mapping[str, Json]) -> Json:
    """The model that was asked for; none where it is the one that the record names and the user gave another.

    What the user gave is the claim then, and the record speaks against it.
    """
    requested = extra.get("requested_model")
    return None if requested == extra.get(NAMED) else requested


def _named(extra: Mapping[str, Json], model: str | None) -> tuple[str, ...]:
    """The model that a record names, where it is not the one asked for or not the one that the user gave."""
    own, requested = extra.get(NAMED), extra.get("requested_model")
    if isinstance(own, str):
        return () if own.strip() == model else (own,)  # white space around it makes no other model
    return (model,) if model and isinstance(requested, str) and requested not in ("", model) else ()


def _texts(values: Iterable[Json]) -> tuple[str, ...]:
    """The different texts among some values, in order of first appearance, without anything secret."""
    return tuple(_clean(text) for text in dict.fromkeys(v for v in values if isinstance(v, str) and v))


@remembered(256)  # batch after batch states the same
def _clean(text: str) -> str:
    """A text that can be stored, without anything secret, cut where it is too long to be a fact."""
    whole = masked(well_formed(text)[0])
    return whole if len(whole) <= _LONGEST else whole[: _LONGEST - 1] + "…"


def _settings(settings: Json) -> list[str]:
    if not isinstance(settings, Mapping):
        return []
    return [
        f"{key}={value if isinstance(value, str) else orjson.dumps(_mended(value)).decode()}"
        for key, value in settings.items()
        if value is not None
    ]


SURROGATE = "lone surrogate"
"""Flag of an answer in whose text or prompt a lone surrogate was made visible."""

UNKNOWN_PROMPT = bytes(32)
"""Stands for the SHA-256 of a prompt that is not known."""

BATCH_ROWS = 1000
BATCH_SIZE = 2 << 20
"""Characters of text after which a batch is made ready, while all that it needs is still in the processor's cache."""

_MEMORY = 8_000_000
"""Characters of prompts whose digests are remembered."""

Item = Response | Rejected | CorpusFacts


class ModelRows(NamedTuple):
    """The answers of one model: `asked` are the digests of their prompts, `columns` what the table holds besides.

    `numbered` says whether any of them has a prompt key, a record id or a sample number.
    """

    model: str | None
    asked: list[bytes | None]
    columns: dict[str, Sequence[Any]]
    numbered: bool
    facts: Facts


class Batch(NamedTuple):
    """Some items of an import, in order: `prompts` holds each prompt of its answers once, by digest.

    Rejected records are rows of place, offset, length, member, reason and the model that they name, if any.
    """

    items: int
    rows: list[ModelRows]
    prompts: dict[bytes, str]
    rejected: list[tuple[int, int, int, str, str, str | None]]
    learned: list[tuple[str, Facts]]


def moved(batch: Batch, by: int) -> Batch:
    """The batch with the numbers of its records counted from another one."""
    if not by:
        return batch
    rows = [own._replace(columns=own.columns | {"place": [n + by for n in own.columns["place"]]}) for own in batch.rows]
    return batch._replace(rows=rows, rejected=[(own[0] + by, *own[1:]) for own in batch.rejected])


def record_digest(prompt: bytes, text: bytes, key: str | None, record: str | None, sample: str | None) -> bytes:
    """The digest that makes a record the same record: 32 bytes.

    SHA-256 over the prompt's digest (32 zero bytes when its text is unknown), the answer's digest and,
    where any of them is known, the JSON array of prompt key, record id and sample.
    """
    if key is None and record is None and sample is None:
        return hashlib.sha256(prompt + text).digest()
    return hashlib.sha256(prompt + text + orjson.dumps((key, record, sample))).digest()


def prompt_digest(text: str) -> bytes:
    """The digest that a prompt is known by: SHA-256 of its normal form, 32 bytes."""
    return hashlib.sha256(normal_prompt(text).encode()).digest()


def batches(items: Iterable[Item]) -> Iterator[Batch]:
    """All items in order, in batches that are ready to be written."""
    some: list[Item] = []
    size = 0
    for item in items:
        some.append(item)
        if type(item) is Response:
            size += len(item[0]) + len(item[1] or "")
        if size >= BATCH_SIZE or len(some) == BATCH_ROWS:
            yield _batch(some)
            some, size = [], 0
    if some:
        yield _batch(some)


def _batch(items: Sequence[Item]) -> Batch:
    prompts: dict[bytes, str] = {}
    rows = [_prepared(model, own, prompts) for model, own in _by_model(items).items()]
    rejected = [
        (i.number, i.offset, i.length, well_formed(i.member)[0], well_formed(i.reason)[0], mended(i.model))
        for i in items
        if type(i) is Rejected
    ]
    learned = [(well_formed(item.name)[0], item.facts) for item in items if type(item) is CorpusFacts]
    return Batch(len(items), rows, prompts, rejected, learned)


def _by_model(items: Sequence[Item]) -> dict[str | None, list[Response]]:
    rows = [item for item in items if type(item) is Response]
    if len({row.model for row in rows}) == 1:
        return {mended(rows[0].model): rows}
    groups: dict[str | None, list[Response]] = {}
    for row in rows:
        groups.setdefault(mended(row.model), []).append(row)
    return groups


def _prepared(model: str | None, rows: list[Response], prompts: dict[bytes, str]) -> ModelRows:
    facts = facts_stated(rows)
    try:
        return _rows(model, rows, prompts, facts)
    except UnicodeEncodeError:
        return _rows(model, [_repaired(row) for row in rows], prompts, facts)


def _rows(model: str | None, rows: Sequence[Response], prompts: dict[bytes, str], facts: Facts) -> ModelRows:
    texts, asked, keys, _, ids, samples, times, places, offsets, lengths, members, *rest = zip(*rows, strict=True)
    flags, extras = rest
    sha = hashlib.sha256
    answers = [sha(text.encode()).digest() for text in texts]
    known = _DIGESTS.of(asked, prompts)
    numbered = not all(_void(column, None) for column in (keys, ids, samples))
    if numbered:
        records = [
            record_digest(p or UNKNOWN_PROMPT, d, k, i, s)
            for p, d, k, i, s in zip(known, answers, keys, ids, samples, strict=True)
        ]
    else:
        records = [sha((p or UNKNOWN_PROMPT) + d).digest() for p, d in zip(known, answers, strict=True)]
    # sqlite3 takes a slow way for None and for bytes: columns without a value are left to their
    # defaults, and digests go in as bytearrays.
    columns: dict[str, Sequence[Any]] = {
        "digest": list(map(bytearray, records)),
        "sha256": list(map(bytearray, answers)),
        "place": places,
        "offset": offsets,
        "length": lengths,
        "text": texts,
    }
    some = {"prompt_key": keys, "record_id": ids, "sample": samples, "time": times}
    columns |= {name: values for name, values in some.items() if not _void(values, None)}
    if not _void(members, ""):
        columns["member"] = members
    if not _void(flags, ()):
        columns["flags"] = ["".join(flag + FLAGS_END for flag in own) for own in flags]
    if not _void(extras, None):
        columns["extra"] = packed(extras)
    return ModelRows(model, known, columns, numbered, facts)


class _Digests:
    """Digests of prompts by their text as given, remembered within bounds."""

    def __init__(self) -> None:
        self._remembered: dict[str, bytes] = {}
        self._size = 0

    def of(self, texts: Sequence[str | None], prompts: dict[bytes, str]) -> list[bytes | None]:
        """The digest of each text; texts that are new among `prompts` are put there."""
        found: dict[str | None, bytes | None] = {None: None}
        for text in dict.fromkeys(texts):
            if text is not None:
                digest = self._remembered.get(text)
                if digest is None:
                    digest = self._digested(text)
                found[text] = digest
                prompts.setdefault(digest, text)
        return [found[text] for text in texts]

    def _digested(self, text: str) -> bytes:
        digest = prompt_digest(text)
        if self._size > _MEMORY:
            self._remembered.clear()
            self._size = 0
        self._remembered[text] = digest
        self._size += len(text) + 200
        return digest


_DIGESTS = _Digests()
"""As a rule the prompts of one file are those of the next."""


def _void(column: Sequence[object], nothing: object) -> bool:
    return column.count(nothing) == len(column)


def _repaired(row: Response) -> Response:
    """The row with every lone surrogate made visible, and a flag when its text or prompt held one."""
    text, in_text = well_formed(row.text)
    prompt, in_prompt = (None, False) if row.prompt is None else well_formed(row.prompt)
    flags = tuple(well_formed(flag)[0] for flag in row.flags)
    return row._replace(
        text=text,
        prompt=prompt,
        prompt_key=mended(row.prompt_key),
        record_id=mended(row.record_id),
        sample=mended(row.sample),
        time=mended(row.time),
        member=well_formed(row.member)[0],
        flags=(*flags, SURROGATE) if (in_text or in_prompt) and SURROGATE not in flags else flags,
    )


def mended(text: str | None) -> str | None:
    """A text with every lone surrogate made visible; None stays None."""
    return None if text is None else well_formed(text)[0]
