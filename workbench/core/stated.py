"""What the records of a batch say of their model and of how it was asked, as facts of their corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import orjson

from workbench.core.claims import NAMED
from workbench.core.collection import span_of
from workbench.core.model import Facts, Json, Response
from workbench.core.secrets.find import masked
from workbench.core.text import remembered, well_formed

_LONGEST = 2000
"""Characters of a stated fact that are kept; the record itself has the whole."""


def packed(extras: Sequence[Mapping[str, Json] | None]) -> list[str | None]:
    """What records say beside their answers, each as JSON text that can be stored."""
    # Equal is not enough: 1, 1.0 and true are equal in Python.
    return [text for _, alike in groupby(extras, id) for text in _repeated(list(alike))]


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
