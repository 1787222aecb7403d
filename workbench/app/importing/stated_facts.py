"""What a person may state of a corpus, checked: sources, decoding settings, times of collection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from workbench.core.claimed_model import snapshots
from workbench.core.collection_times import is_span, is_vague
from workbench.core.errors import UsageError
from workbench.core.model import Corpus, SourceModel
from workbench.core.panel import checked_date

RELATIONS = ("distilled", "derived", "relay")


ASKED_FOR = {
    "developer": "developer",
    "released": "release date (the date gate is not applied)",
    "base": "base",
    "settings": "decoding settings",
    "system_prompts": "system prompt",
    "endpoints": "endpoint",
    "collector": "collector",
    "collected": "time of collection",
}
"""The facts that an examiner is asked for where they were not stated, each in words."""


def unknown_of(corpus: Corpus) -> str:
    """What matters and is not known of a corpus, or not quite, in sentences; empty where all of it is known."""
    missing = [words for name, words in ASKED_FOR.items() if not getattr(corpus.facts, name)]
    said = [f"Unknown of {corpus.name}: {', '.join(missing)}. `set` states what is known."] if missing else []
    said.append(snapshots(corpus.name, corpus.facts))
    if is_vague(corpus.facts.collected):
        said.append(f"As its records state it, {corpus.name} was collected {corpus.facts.collected}.")
    return " ".join(filter(None, said))


def texts(given: Iterable[str]) -> tuple[str, ...]:
    """Texts without blank ones and doubles."""
    return tuple(dict.fromkeys(text for text in given if text.strip()))


def endpoints(given: Iterable[str]) -> tuple[str, ...]:
    """Addresses without user, query and fragment, where passwords and keys may stand; raises UsageError."""
    return tuple(dict.fromkeys(_endpoint(text) for text in texts(given)))


def _endpoint(text: str) -> str:
    # The importers are loaded only where they are needed: this module is read at every start.
    from workbench.importers.messages.bodies import bare_address

    address = text.strip()
    if "://" not in address and " " in address:
        return address
    bare = bare_address(address) if "://" in address else bare_address(f"https://{address}").removeprefix("https://")
    if not bare:
        raise UsageError("The endpoint is not an address.", hint="Such as https://api.example.org/v1")
    return bare


def release_date(given: str) -> str | None:
    """A date, or None for an empty text; raises UsageError for a date that is none."""
    return checked_date(given) if given.strip() else None


def sources(given: Sequence[str]) -> tuple[SourceModel, ...]:
    """Sources as `distilled:gpt-4` or `derived:llama-3,minor,document=3`; raises UsageError."""
    return tuple(_source(words) for words in given if words.strip())


def _source(words: str) -> SourceModel:
    relation, colon, corpus = words.strip().partition(":")
    corpus, _, document = corpus.partition(",document=")
    minor = corpus.endswith(",minor")
    corpus = corpus.removesuffix(",minor").strip()
    number = int(document) if document.isascii() and document.isdigit() and len(document) < 10 else 0
    if relation not in RELATIONS or not colon or not corpus or (document and not number):
        raise UsageError(
            f"The source {words!r} is not RELATION:CORPUS.",
            hint=f"The relation is {', '.join(RELATIONS)}; such as distilled:gpt-4 or derived:llama-3,minor,document=3",
        )
    return SourceModel(corpus, relation, minor, number)


def source_words(source: SourceModel) -> str:
    """A source as `sources` reads it."""
    document = f",document={source.document}" if source.document else ""
    return f"{source.relation}:{source.corpus}" + (",minor" if source.minor else "") + document


def settings(given: Sequence[str]) -> tuple[str, ...]:
    """Decoding settings as `temperature=0.7`; raises UsageError."""
    for words in texts(given):
        name, equals, value = words.partition("=")
        if not (name.strip() and equals and value.strip()):
            raise UsageError(f"The setting {words!r} is not KEY=VALUE.", hint="Such as temperature=0.7")
    return texts(given)


def collected(given: str) -> str | None:
    """A time, or the first and the last with a slash between; None for an empty text; raises UsageError.

    What records said before, in the words of `core.collected`, may stay as it is.
    """
    if not given.strip() or is_span(given.strip()):
        return given.strip() or None
    ends = given.strip().split("/")
    try:
        if len(ends) > 2:
            raise ValueError
        for end in ends:
            datetime.fromisoformat(end)
    except ValueError:
        raise UsageError(
            f"The time of collection {given!r} is not a time.",
            hint="Such as 2026-02-03, or 2026-02-03T10:00Z/2026-02-05",
        ) from None
    return given.strip()
