"""What the facts of a model rest on: a panel manifest, a document of the case, or the examiner's word alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from workbench.core.errors import UsageError
from workbench.core.model import Corpus, Facts

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


def borne(corpus: Corpus, bearing: Collection[int]) -> Facts:
    """What decides who may be a control, as far as a manifest or one of some documents says it."""
    facts = corpus.facts
    if corpus.documented:
        return facts
    return Facts(
        family=facts.family,
        base=facts.base if documents_of(facts).get("base") in bearing else None,
        sources=tuple(source for source in facts.sources if source.document in bearing),
    )


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
