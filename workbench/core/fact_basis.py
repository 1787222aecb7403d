"""What the facts of a model rest on: a panel manifest, a document of the case, or the examiner's word alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from workbench.core.errors import UsageError
from workbench.core.model import Corpus, Facts, Role

BEARABLE = ("developer", "released", "base", "family", "group", "teacherless", "claimed")
"""The facts that a document may bear; each source names its own document."""

_PAIR = re.compile(r"([a-z]+)=(\d{1,9})", re.ASCII)


def checked_pairs(given: Sequence[str]) -> tuple[str, ...]:
    """Facts with the numbers of their documents, as `base=3`, each fact once; raises UsageError."""
    found: dict[str, str] = {}
    for words in filter(None, map(str.strip, given)):
        pair = _PAIR.fullmatch(words)
        if pair is None or pair[1] not in BEARABLE or not int(pair[2]):
            raise UsageError(
                f"{words[:60]!r} is not FACT=DOCUMENT.",
                hint=f"Such as base=3. Facts: {', '.join(BEARABLE)}; a source as --sources derived:llama-3,document=3",
            )
        found[pair[1]] = f"{pair[1]}={int(pair[2])}"
    return tuple(found.values())


def documents_of(facts: Facts) -> dict[str, int]:
    """The number of the document that bears each fact; a source is called by its model."""
    pairs = (pair.partition("=") for pair in facts.documents)
    return {name: int(number) for name, _, number in pairs} | {
        source.corpus: source.document for source in facts.sources if source.document
    }


def borne(corpus: Corpus, bearing: Collection[int], came_as: Corpus | None = None) -> Facts:
    """What decides who may be a control, as far as a manifest or one of some documents says it.

    `came_as` is the corpus as it came in, where it was changed since: a manifest says what it said then.
    """
    facts, known = corpus.facts, documents_of(corpus.facts)
    manifest = (came_as or corpus).facts if corpus.documented else Facts()
    base = facts.base if known.get("base") in bearing else manifest.base
    borne_sources = tuple(source for source in facts.sources if source.document in bearing)
    return replace(
        manifest,
        family=_family(corpus, came_as, borne=known.get("family") in bearing),
        base=base,
        sources=tuple(dict.fromkeys((*manifest.sources, *borne_sources))),
    )


def _family(corpus: Corpus, came_as: Corpus | None, *, borne: bool) -> str | None:
    """The family of a model; the one that it came in with, where the examiner's word has given it another one since.

    Who first says later that a model with a role of its own has a family adds a fact; a control's family decides.
    """
    now = corpus.facts.family
    if borne or came_as is None or came_as.facts.family == now:
        return now
    before = came_as.facts.family
    return now if before is None and corpus.role is not Role.CONTROL else before


def basis_words(corpus: Corpus, bearing: Collection[int]) -> list[str]:
    """What each fact that decides something rests on, in words; empty where no such fact is stated.

    `bearing` are the documents that stand and have a clause quoted.
    """
    facts = corpus.facts
    known = documents_of(facts)
    stated = [name for name in BEARABLE if getattr(facts, name)]
    said = [f"{name}: {_basis(corpus, known.get(name, 0), bearing)}" for name in stated]
    return said + [
        f"{source.relation} from {source.corpus}: {_basis(corpus, source.document, bearing)}"
        for source in facts.sources
    ]


def _basis(corpus: Corpus, document: int, bearing: Collection[int]) -> str:
    if document:
        return f"document {document}" + ("" if document in bearing else ", which bears it no more")
    return "a panel manifest" if corpus.documented else "the examiner’s word"
