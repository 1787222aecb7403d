"""The nouns of the workbench, as frozen records that hold no behaviour of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, NamedTuple

Json = Any
"""A value made of dict, list, str, int, float, bool and None alone."""


class Role(StrEnum):
    """What a corpus is in the case.

    `training` is a data set that the suspect's makers published, `served` holds answers that certain accounts were
    served, and `unserved` answers of the same model to the same prompts that were delivered to no one.
    """

    SUSPECT = "suspect"
    PROTECTED = "protected"
    CONTROL = "control"
    BASE = "base"
    SIBLING = "sibling"
    ASIDE = "aside"
    TRAINING = "training"
    SERVED = "served"
    UNSERVED = "unserved"

    @property
    def compared(self) -> bool:
        """Whether a corpus in this role is compared with others answer by answer; documents and sets aside are not."""
        return self not in (Role.ASIDE, Role.TRAINING, Role.SERVED, Role.UNSERVED)


class Change(Enum):
    """The kinds of thing that a verb changes; views refresh from it."""

    CASE = "case"
    CORPORA = "corpora"
    PLAN = "plan"
    FINDINGS = "findings"
    EXHIBITS = "exhibits"
    DOCUMENTS = "documents"
    PACKS = "packs"
    LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was received: its bytes are in the vault under `sha256`."""

    id: int
    sha256: str
    name: str
    size: int
    received: str


@dataclass(frozen=True, slots=True)
class SourceModel:
    """One documented source of a model: `relation` is distilled, derived or relay.

    `document` is the number of the document of the case that says so, or 0.
    """

    corpus: str
    relation: str
    minor: bool = False
    document: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a model and of how its answers were had; None or empty means unknown, and is said as unknown.

    `claimed` is the model that the answers are said to be of, `named` the models that the records name.
    `settings` are decoding settings as `temperature=0.7`; of a file whose records differ, each once.
    `collected` is a time, or the first and the last with a slash between (ISO 8601).
    `documents` are facts with the number of the document of the case that bears each, as `base=3`. `paired_by` names
    the set of ids by which answers are paired; without it they are paired by the text of their prompt.
    """

    developer: str | None = None
    released: str | None = None
    base: str | None = None
    family: str | None = None
    group: tuple[str, ...] = ()
    sources: tuple[SourceModel, ...] = ()
    teacherless: bool = False
    control_only: bool = False
    basis: str | None = None
    claimed: str | None = None
    named: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    system_prompts: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    collector: str | None = None
    collected: str | None = None
    documents: tuple[str, ...] = ()
    paired_by: str | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """The answers of one model, with what is known of it.

    `sha256` is over the sorted digests of its accepted answers; `documented` says that a panel
    manifest stated its sources, so that the panel protocol can choose controls.
    """

    id: int
    name: str
    role: Role
    facts: Facts
    answers: int
    sha256: str
    documented: bool = False
    note: str = ""


class Response(NamedTuple):
    """One answer as an importer reads it: prompt, text, and the pointer back into its source.

    `offset` and `length` are bytes in the decompressed stream (of `member`, in an archive);
    `number` counts records from 0. `prompt` is None where only `prompt_key` is known. `extra` is what the
    record says beside the answer, as plain JSON: reasoning, tools, system, settings, endpoint, requested_model.
    """

    text: str
    prompt: str | None
    prompt_key: str | None
    model: str | None
    record_id: str | None
    sample: str | None
    time: str | None
    number: int
    offset: int
    length: int
    member: str = ""
    flags: tuple[str, ...] = ()
    extra: Mapping[str, Json] | None = None


class Rejected(NamedTuple):
    """A record that could not be taken, with its place and the reason in words; `model` where it names one."""

    reason: str
    number: int
    offset: int
    length: int
    member: str = ""
    model: str | None = None


@dataclass(frozen=True, slots=True)
class CorpusFacts:
    """What a file says about a model, apart from its answers.

    An importer may yield one wherever its records first say something new: lists are joined, and of
    anything else the last one that was stated counts.
    """

    name: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: `kind` is text, integer, number or flag."""

    name: str
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A named result table with typed columns; cells are str, int, float, bool or None."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]

    def as_json(self) -> Json:
        """The table as plain JSON; `table_from_json` is its inverse."""
        return {
            "columns": [{"name": c.name, "kind": c.kind, "label": c.label} for c in self.columns],
            "rows": [list(row) for row in self.rows],
        }

    def column(self, name: str) -> list[Any]:
        """All cells of one column; raises KeyError for an unknown name."""
        for at, column in enumerate(self.columns):
            if column.name == name:
                return [row[at] for row in self.rows]
        raise KeyError(name)


def table_from_json(value: Json) -> Table:
    """The table that `Table.as_json` wrote."""
    return Table(
        tuple(Column(c["name"], c["kind"], c.get("label", "")) for c in value["columns"]),
        tuple(tuple(row) for row in value["rows"]),
    )


@dataclass(frozen=True, slots=True)
class Input:
    """One corpus that went into a run: who it was, in which role, and the digest of its answers."""

    corpus: str
    role: str
    answers: int
    sha256: str
    released: str | None = None


class LeftOutKind(Enum):
    """Why a corpus takes no part in a run. A value begins the reason in stored findings, so it is file format."""

    YOUNGER = "released "
    EXCLUDED = "excluded: "
    NOT_NAMED = "not among the controls that were named"
    SET_ASIDE = "set aside"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A corpus that takes no part in a run; `detail` is what follows the words of the kind in the reason."""

    corpus: str
    kind: LeftOutKind
    detail: str = ""

    @property
    def reason(self) -> str:
        """The reason in words."""
        return self.kind.value + self.detail

    def as_json(self) -> dict[str, str]:
        """The corpus and the reason as plain JSON; `left_out_from_json` is its inverse."""
        return {"corpus": self.corpus, "reason": self.reason}


def left_out_from_json(value: Mapping[str, str]) -> LeftOut:
    """What `LeftOut.as_json` wrote; the first kind whose words begin the reason is its kind."""
    reason = value["reason"]
    kind = next(kind for kind in LeftOutKind if reason.startswith(kind.value))
    return LeftOut(value["corpus"], kind, reason.removeprefix(kind.value))


@dataclass(frozen=True, slots=True)
class Finding:
    """The immutable result of a run, as plain JSON values and tables.

    It holds no NaN and no infinity (null and a reason instead); `seed` is a decimal string.
    `draw` and `narrate` read nothing else.
    """

    analysis: str
    version: int
    question: str
    parameters: Mapping[str, Json]
    seed: str
    inputs: tuple[Input, ...]
    left_out: tuple[LeftOut, ...]
    values: Mapping[str, Json]
    tables: Mapping[str, Table]
    warnings: tuple[str, ...]
    software: Mapping[str, str]
    resources: Mapping[str, str] = field(default_factory=dict)

    def number(self, name: str) -> float | None:
        """A number among the values; None where the analysis states none of that name."""
        value = self.values.get(name)
        return float(value) if isinstance(value, int | float) else None

    def as_json(self, *, tables: bool = False) -> Json:
        """The Finding as plain JSON; each table by its digest, or whole when `tables`."""
        from workbench.core.hashing import canonical, sha256

        whole = {name: table.as_json() for name, table in sorted(self.tables.items())}
        return {
            "analysis": self.analysis,
            "version": self.version,
            "question": self.question,
            "parameters": dict(self.parameters),
            "seed": self.seed,
            "inputs": [
                {
                    "corpus": i.corpus,
                    "role": i.role,
                    "answers": i.answers,
                    "sha256": i.sha256,
                    "released": i.released,
                }
                for i in self.inputs
            ],
            "left_out": [item.as_json() for item in self.left_out],
            "values": dict(self.values),
            "tables": whole if tables else {n: {"sha256": sha256(canonical(t))} for n, t in whole.items()},
            "warnings": list(self.warnings),
            "software": dict(self.software),
            "resources": dict(self.resources),
        }


def finding_from_json(value: Json, tables: Mapping[str, Table]) -> Finding:
    """The Finding that `Finding.as_json` wrote, with its tables given apart."""
    return Finding(
        analysis=value["analysis"],
        version=value["version"],
        question=value["question"],
        parameters=value["parameters"],
        seed=value["seed"],
        inputs=tuple(Input(**item) for item in value["inputs"]),
        left_out=tuple(map(left_out_from_json, value["left_out"])),
        values=value["values"],
        tables=tables,
        warnings=tuple(value["warnings"]),
        software=value["software"],
        resources=value.get("resources", {}),
    )


@dataclass(frozen=True, slots=True)
class Narrative:
    """A Finding in sentences: the rung of the ladder (0 to 5), headline, details and limits."""

    rung: int
    headline: str
    sentences: tuple[str, ...]
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A Finding made readable: its narrative, its chart's alternative text, its place in the case."""

    number: int
    title: str
    finding: Finding
    narrative: Narrative
    alternative_text: str
    chart_table: str
    status: str
    made: str
    withdrawn: str = ""


FLAGS_END = "\n"

REPEATED = "repeated text"
"""Flag of an answer that came before, to the same prompt in the same corpus, from another call."""

OTHER_BRANCH = "other branch"
"""Flag of an answer that stands beside the branch of its conversation that was shown: comparisons leave it out."""


def flags_of(text: str) -> list[str]:
    """The flags of an answer as they were stored."""
    return text.split(FLAGS_END)[:-1]
