"""collection.csv: what is known of each model, and how its answers were had. An empty cell means that no one said."""

from __future__ import annotations

from workbench.core.model import Facts, Json, SourceModel
from workbench.evidence.pack.contents import PackContents
from workbench.evidence.pack.names import DATA
from workbench.evidence.pack.registers import csv_bytes

COLLECTION = f"{DATA}collection.csv"
_COLUMNS = (
    "corpus", "name", "role", "note", "developer", "released", "base", "family", "sources", "basis", "claimed", "named",
    "settings", "system_prompts", "collector", "endpoints", "collected", "records", "accepted", "rejected", "duplicate",
    "prompts", "without_prompt",
)  # fmt: skip


def collection_table(contents: PackContents) -> bytes:
    """The table, one row a model."""
    rows = [
        (
            *(item.corpus.id, item.corpus.name, str(item.corpus.role), item.corpus.note),
            *_facts(item.corpus.facts),
            *(item.records, item.accepted, item.rejected, item.duplicate, item.prompts, item.unjoined),
        )
        for item in contents.corpora
    ]
    return csv_bytes(_COLUMNS, rows)


def _facts(facts: Facts) -> tuple[Json, ...]:
    sources = "; ".join(map(_source, facts.sources))
    basis = "; ".join([*filter(None, [facts.basis]), *(pair.replace("=", ": document ") for pair in facts.documents)])
    several = (facts.named, facts.settings, facts.system_prompts)
    return (
        *(facts.developer, facts.released, facts.base, facts.family, sources, basis, facts.claimed),
        *("; ".join(some) for some in several),
        *(facts.collector, "; ".join(facts.endpoints), facts.collected),
    )


def _source(source: SourceModel) -> str:
    document = f" (document {source.document})" if source.document else ""
    return f"{source.relation}: {source.corpus}{document}"
