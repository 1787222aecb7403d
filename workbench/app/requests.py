"""What a shell asks of a verb, and what it gets back: plain records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from workbench.core.model import Facts, Role, SourceModel
from workbench.core.pairing import checked_pairing
from workbench.core.place_words import listed
from workbench.core.secrets.find import masked, masked_name

DEFAULT_SEED = 20260301
"""The seed of every run that names no other: a constant, so that anyone gets the same numbers."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """How a file is to be taken in; everything is optional where the file speaks for itself.

    `pair_by` is empty, text, key or key:SET; `id_set` is the set of ids of the panel that the file belongs to.
    """

    role: Role | None = None
    model: str | None = None
    facts: Facts = field(default_factory=Facts)
    format: str | None = None
    prompts: Path | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    encoding: str = ""
    pair_by: str = ""
    id_set: str = ""

    def __post_init__(self) -> None:
        checked_pairing(self.pair_by)
        # All of it goes into the ledger, and a manifest may state it.
        if self.model is not None:
            object.__setattr__(self, "model", masked_name(self.model))
        stated = {one.name: _masked(getattr(self.facts, one.name)) for one in fields(Facts)}
        object.__setattr__(self, "facts", Facts(**stated))
        object.__setattr__(self, "note", masked(self.note))
        object.__setattr__(self, "id_set", masked_name(self.id_set))


def _masked(fact: Any) -> Any:
    """A fact without the secrets in it, whatever its type."""
    match fact:
        case str():
            return masked(fact)
        case SourceModel():
            return replace(fact, corpus=masked_name(fact.corpus))
        case tuple():
            return tuple(map(_masked, fact))
    return fact


@dataclass(frozen=True, slots=True)
class CorpusImport:
    """What one import brought for one corpus: records = accepted + rejected + duplicate."""

    name: str
    role: str
    records: int
    accepted: int
    rejected: int
    duplicate: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record that was left out, with its file and place, and the answer that is the same record, with its own.

    `key` is what the next page of a list begins after.
    """

    key: int
    number: int
    corpus: str
    file: str
    source: str
    place: str
    index: int
    offset: int
    length: int
    member: str
    answer: int
    twin_file: str
    twin_source: str
    twin_place: str
    twin_index: int
    twin_offset: int
    twin_length: int
    twin_member: str

    def as_json(self) -> dict[str, str | int]:
        """The same as plain JSON."""
        return {"import" if name == "number" else name: value for name, value in asdict(self).items()}

    def words(self) -> str:
        """Which answer it is: its number and where it stands."""
        inside = "" if self.twin_source == self.source else f"{self.twin_file}, "
        return f"the same record as answer {self.answer} ({inside}{self.twin_place})"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; `rejections` are the first hundred, as (place, reason); so many `duplicates` are listed.

    `reasons` are the first hundred reasons, as (reason, how many records, place of the first one). `unknown` says of
    each corpus what neither its files nor anybody stated.
    """

    source: str
    name: str
    importer: str
    corpora: tuple[CorpusImport, ...]
    rejections: tuple[tuple[str, str], ...]
    known: bool = False
    resumed: bool = False
    unnamed: bool = False
    notices: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    reasons: tuple[tuple[str, int, str], ...] = ()
    duplicates: tuple[Duplicate, ...] = ()

    def named_after_file(self) -> tuple[str, ...]:
        """The corpora that have the name of their file, since its records name no model and nothing else does."""
        stem = Path(self.name).stem
        return tuple(corpus.name for corpus in self.corpora if self.unnamed and corpus.name == stem)

    def listed(self) -> list[tuple[str, str]]:
        """The rejected records for a list, as (place, reason); a reason that many share stands once."""
        return listed(self.rejections, self.reasons)


@dataclass(frozen=True, slots=True)
class JoinReport:
    """What a file of prompts that came later did for a corpus.

    `joined` answers found their prompt, `waiting` have none still; `notices` say what it left alone.
    """

    name: str
    corpus: str
    joined: int
    waiting: int
    notices: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        """The report in sentences."""
        if self.joined:
            return (f"{self.joined:,} answers of {self.corpus} have their prompts now.", *self.notices)
        return (f"“{self.name}” holds no prompt that an answer of {self.corpus} waits for.", *self.notices)


@dataclass(frozen=True, slots=True)
class RunRequest:
    """Who is compared with whom, and with which parameters; stored roles are the default."""

    suspect: str | None = None
    protected: str | None = None
    controls: tuple[str, ...] | None = None
    exclude: Mapping[str, str] = field(default_factory=dict)
    despite_date: str | None = None
    fewer_prompts: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int = DEFAULT_SEED


@dataclass(frozen=True, slots=True)
class ExportReport:
    """A pack that was written: its file, number, SHA-256, and the ledger head printed in it."""

    path: Path
    number: int
    sha256: str
    head: str


@dataclass(frozen=True, slots=True)
class Redaction:
    """What a code in a redacted copy stands for.

    `salted_sha256` is SHA-256 over the bytes of `salt` and the text in UTF-8, as the copy's log has it.
    """

    code: str
    kind: str
    reason: str
    text: str
    salt: str
    salted_sha256: str


@dataclass(frozen=True, slots=True)
class VerifyProblem:
    """One thing that does not agree: `what` is changed, added, removed, ledger or database."""

    path: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """Whether a case or a pack is whole.

    `kind` is case, pack or redacted copy; `seal` says of a pack who signed it, and when.
    """

    ok: bool
    kind: str
    problems: tuple[VerifyProblem, ...]
    seal: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What could not be checked, in words."""
