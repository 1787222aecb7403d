"""The Selection: which corpora play which role in a run, and the only door to their answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from workbench.core.errors import RefusedError, UsageError
from workbench.core.fact_basis import borne, documents_of
from workbench.core.model import Corpus, Facts, Json, LeftOut, LeftOutKind, Role
from workbench.core.pairing import SetCounts
from workbench.core.panel import Panel, resolve_name, younger
from workbench.core.printed import listed

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from workbench.core.finding_page import FindingPage
    from workbench.core.statistics.fitted_calibration import Calibration


class Answer(NamedTuple):
    """One stored answer, joined to its prompt."""

    corpus: str
    prompt: str
    """SHA-256 of the prompt's normal form."""
    text: str
    sample: str | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """All answers of some corpora to some hundred prompts.

    `prompts` are digests in ascending order, `texts` the prompts as given; `answers[p][corpus]` are
    the texts of that corpus's answers to prompt p, in order of sample (no entry where there is none).
    Where prompts are paired by id and `variants` is not empty, `variants[p]` are the other texts under that id.
    """

    prompts: tuple[str, ...]
    texts: tuple[str, ...]
    answers: tuple[Mapping[str, tuple[str, ...]], ...]
    variants: tuple[tuple[str, ...], ...] = ()

    def asked(self, at: int) -> tuple[str, ...]:
        """Every text of a prompt, the most usual one first."""
        return (self.texts[at], *(self.variants[at] if self.variants else ()))


@dataclass(frozen=True, slots=True)
class Similarities:
    """Per view, one models x models similarity block for each prompt.

    `values[view]` has shape (prompts, models, models), float32, symmetric; `present` has shape
    (prompts, models). Rows of a model with no answer to a prompt are zero and not present; where only
    a view finds nothing in an answer, that view's row is zero, the diagonal too. `tokens` is each
    answer's number of tokens, (prompts, models), a mean where there are several answers; `languages` their languages
    as whole numbers, 0 where it could not be told.
    """

    models: tuple[str, ...]
    prompts: tuple[str, ...]
    present: npt.NDArray[np.bool_]
    values: Mapping[str, npt.NDArray[np.float32]]
    key: str
    tokens: npt.NDArray[np.float32] | None = None
    languages: npt.NDArray[np.int16] | None = None


@dataclass(frozen=True, slots=True)
class Apart:
    """A corpus that is no control of a run on the examiner's word alone, and what that word is."""

    corpus: Corpus
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """Who is compared with whom in one run, and who was left out and why."""

    suspect: Corpus
    protected_name: str
    protected: tuple[Corpus, ...]
    controls: tuple[Corpus, ...]
    others: tuple[Corpus, ...] = ()
    """Corpora in the roles base and sibling of the suspect."""
    left_out: tuple[LeftOut, ...] = ()
    despite_date: str | None = None
    fewer_prompts: str | None = None
    """Why a suspect is compared that lacks many of the prompts that the others answered."""
    undated: tuple[str, ...] = field(default=())
    """Names among suspect and protected whose release date is unknown, so that no date gate applies."""
    pool: tuple[Corpus, ...] = ()
    """Every corpus that a search among all families may compare with the suspect, whatever the protected side."""

    documents: tuple[Corpus, ...] = ()
    """Corpora in the roles training, served and unserved."""

    other_suspects: tuple[Corpus, ...] = ()
    """Corpora in the role suspect that are no controls of this question."""

    base_borne: bool = False
    """Whether a document of the case says what base the suspect started from."""

    apart: tuple[Apart, ...] = ()
    """Corpora that could be controls, and are none because the examiner said so: no manifest documents it."""

    by_document: tuple[Corpus, ...] = ()
    """Corpora that are no controls because a document of the case bears where they come from."""

    too_young: tuple[Corpus, ...] = ()
    """Corpora that the examiner's word makes younger members of the protected family: compared on neither side."""

    def widened(self, corpora: Sequence[Corpus]) -> Question:
        """The same question with further corpora among its controls."""
        names = {c.name for c in corpora}
        return replace(
            self,
            controls=(*self.controls, *corpora),
            protected=tuple(c for c in self.protected if c.name not in names),
            pool=(*(c for c in self.pool if c.name not in names), *corpora),
            left_out=tuple(item for item in self.left_out if item.corpus not in names),
            apart=(),
        )

    def in_role(self, role: Role) -> tuple[Corpus, ...]:
        """The documents of one role."""
        return tuple(c for c in self.documents if c.role is role)

    def words(self) -> str:
        """The question in one sentence."""
        return f"Is {self.suspect.name} closer to {self.protected_name} than unrelated models are?"


class Selection(Protocol):
    """What an analysis sees of a case: corpora by role, and their answers as streams."""

    @property
    def question(self) -> Question:
        """Who is compared with whom."""

    def blocks(self, corpora: Sequence[Corpus]) -> Iterator[Block]:
        """The answers of some corpora, some hundred prompts at a time, ordered by prompt digest."""

    def answers(self, corpus: Corpus) -> Iterator[Answer]:
        """The accepted answers of one corpus, ordered by prompt digest and sample."""

    def similarities(self) -> Similarities:
        """The view blocks of at least the corpora in the question."""

    def calibration(self) -> Calibration:
        """The calibration that turns scores into likelihood ratios; raises a WorkbenchError where there is none."""


def of_logs(corpora: Sequence[Corpus]) -> Question:
    """A question about usage logs alone: its suspect has neither a name nor answers."""
    no_one = Corpus(0, "", Role.SUSPECT, Facts(), 0, "")
    documents = tuple(c for c in corpora if c.role in (Role.TRAINING, Role.SERVED, Role.UNSERVED))
    return Question(no_one, "", (), (), documents=documents)


@dataclass(frozen=True, slots=True)
class ExaminedCounts:
    """What the last examination counted: its digest, and by name the counts of each corpus with the digest it had.

    `outdated` is when it ended, if it was made by other rules than those of this program; empty otherwise.
    """

    sha256: str
    corpora: Mapping[str, Mapping[str, Json]]
    outdated: str = ""


@runtime_checkable
class Examinable(Protocol):
    """A Selection whose material may have been examined."""

    def examination(self) -> ExaminedCounts | None:
        """The counts of the last examination; None where there was none."""


@dataclass(frozen=True, slots=True)
class StatedFinding:
    """A finding of the case that stands, as its page states it; `rung` is what it reaches."""

    number: int
    sha256: str
    analysis: str
    confirmatory: bool
    rung: int
    page: FindingPage


@runtime_checkable
class Remembering(Protocol):
    """A Selection of a case in which findings were made before."""

    def findings(self) -> Sequence[StatedFinding]:
        """The findings on the same question that stand, in order of number."""


@runtime_checkable
class Widenable(Protocol):
    """A Selection that can be asked with further controls."""

    def asking(self, question: Question) -> Selection:
        """The same material, asked another question: controls that are set aside may be among it."""


@runtime_checkable
class Withdrawing(Protocol):
    """A Selection of a case in which findings may have been withdrawn."""

    def withdrawn(self) -> Sequence[StatedFinding]:
        """The findings on the same question that were withdrawn, in order of number."""


@runtime_checkable
class PairedByIds(Protocol):
    """A Selection some of whose corpora may be paired by the ids of their prompts."""

    def pairing(self) -> Sequence[SetCounts]:
        """What is counted of each set of ids; empty where all is paired by text."""


def pairing_of(selection: Selection) -> Sequence[SetCounts]:
    """What is counted of the sets of ids by which answers are paired; none where all is paired by text."""
    return selection.pairing() if isinstance(selection, PairedByIds) else ()


def withdrawn_of(selection: Selection) -> Sequence[StatedFinding]:
    """The findings on the question of a Selection that were withdrawn; none where it comes without a case."""
    return selection.withdrawn() if isinstance(selection, Withdrawing) else ()


@runtime_checkable
class Overlapping(Protocol):
    """A Selection of a case in which another question was asked of some of the same protected models."""

    def beside(self) -> Sequence[StatedFinding]:
        """The findings on the same suspect and a protected side of another name that shares a model, by number."""


def beside_of(selection: Selection) -> Sequence[StatedFinding]:
    """The findings on questions that overlap with that of a Selection; none where it comes without a case."""
    return selection.beside() if isinstance(selection, Overlapping) else ()


def findings_of(selection: Selection) -> Sequence[StatedFinding]:
    """The findings on the question of a Selection that stand; none where it comes without a case."""
    return selection.findings() if isinstance(selection, Remembering) else ()


def examination_of(selection: Selection) -> ExaminedCounts | None:
    """The counts of the last examination of what a Selection shows; None where there was none."""
    return selection.examination() if isinstance(selection, Examinable) else None


def choose(
    corpora: Sequence[Corpus],
    *,
    suspect: str | None = None,
    protected: str | None = None,
    controls: Sequence[str] | None = None,
    exclude: Mapping[str, str] | None = None,
    despite_date: str | None = None,
    fewer_prompts: str | None = None,
    bearing: Collection[int] = (),
    came_as: Mapping[str, Corpus] | None = None,
    answering: Collection[str] = (),
) -> Question:
    """The question that the given names, the stored roles and the panel protocol come to.

    `bearing` are the documents of the case that bear facts: what rests on one of them is more than the examiner's word.
    `came_as` holds each corpus that was changed since it came in, as it came in. `answering` are corpora in the role
    of documents that answer the suspect's prompts as a model does.

    Raises UsageError for names that do not fit, RefusedError when the date gate leaves no source.
    """
    by_name = {c.name: c for c in corpora}
    own = by_name[_only(corpora, suspect, Role.SUSPECT, by_name)]
    label, asked, kin = _protected(corpora, protected, by_name)
    if own.name in kin:
        raise RefusedError(f"{own.name} belongs to {label}: a model can't be tested against its own family.")
    members, left_out = _date_gate(own, [by_name[name] for name in asked], despite_date)
    late = [by_name[item.corpus] for item in left_out]
    excluded = {name: LeftOut(name, LeftOutKind.EXCLUDED, why) for name, why in (exclude or {}).items()}
    panel = Panel({c.name: c.facts for c in corpora})
    facts = {c.name: borne(c, bearing, (came_as or {}).get(c.name)) for c in corpora}
    moved = {c.name: facts[c.name].family for c in corpora if facts[c.name].family != c.facts.family}
    kin_known = tuple(name for name in kin if name not in moved)
    known = Panel(facts).not_controls(own.name, kin_known)
    on_a_word = panel.not_controls(own.name, kin, "on the examiner’s word alone, comes from")
    related = on_a_word | {name: why + _documents(by_name[name]) for name, why in known.items()}
    barred = {n: LeftOut(n, LeftOutKind.OTHER, why) for n, why in related.items()} | excluded
    passed = {own.name, *(c.name for c in members), *(item.corpus for item in left_out)}
    _known([*(controls or ()), *(exclude or {})], by_name)
    documented = {c.name: borne(c, (), (came_as or {}).get(c.name)) for c in corpora}
    by_manifest = Panel(documented).not_controls(own.name, kin_known)
    pool: list[Corpus] = []
    apart: list[Apart] = []
    for corpus in corpora:
        if corpus.name in passed:
            if corpus in members and corpus.name in moved:
                apart.append(Apart(corpus, f"it came in as one of {moved[corpus.name] or 'no family'}"))
            continue
        why = _not_in_pool(corpus, controls, barred)
        if why is None:
            pool.append(corpus)
            continue
        left_out.append(why)
        chosen = corpus.name not in related and _not_in_pool(corpus, None, {}) is None
        named = corpus.name in {*known, *kin_known}
        base = facts[own.name].base == corpus.name
        if chosen or (not named and _on_a_word(corpus, (came_as or {}).get(corpus.name), answering, base=base)):
            apart.append(Apart(corpus, why.reason))
    return Question(
        suspect=own,
        protected_name=label,
        protected=tuple(members),
        controls=tuple(pool),
        others=tuple(c for c in corpora if c.role in (Role.BASE, Role.SIBLING)),
        documents=tuple(c for c in corpora if c.role in (Role.TRAINING, Role.SERVED, Role.UNSERVED)),
        left_out=tuple(left_out),
        despite_date=despite_date or _redated(own, members, bearing, came_as or {}),
        fewer_prompts=fewer_prompts,
        undated=tuple(c.name for c in (own, *members) if c.facts.released is None),
        pool=tuple(c for c in corpora if c.name != own.name and (c.name in asked or _in_pool(c, controls, excluded))),
        apart=tuple(apart),
        base_borne=documents_of(own.facts).get("base") in bearing,
        by_document=tuple(by_name[name] for name in known if name not in by_manifest and name not in passed),
        too_young=tuple(c for c in late if not c.documented),
        other_suspects=tuple(c for c in corpora if c.role is Role.SUSPECT and c.name != own.name and c not in pool),
    )


def _only(corpora: Sequence[Corpus], given: str | None, role: Role, by_name: Mapping[str, Corpus]) -> str:
    if given is not None:
        name = given.removeprefix("corpus:")
        _known([name], by_name)
        return name
    names = [c.name for c in corpora if c.role is role]
    if len(names) == 1:
        return names[0]
    said = f"The case has {len(names)} corpora in the role {role}" if names else f"No corpus has the role {role}"
    raise UsageError(f"{said}.", hint=f"Name one with --{role} NAME.")


def _known(names: Sequence[str], by_name: Mapping[str, Corpus]) -> None:
    unknown = [n for n in names if n not in by_name]
    if unknown:
        raise UsageError(
            f"There is no corpus “{unknown[0]}” in this case.", hint="`workbench corpora CASE` lists them."
        )


def _protected(
    corpora: Sequence[Corpus], given: str | None, by_name: Mapping[str, Corpus]
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The label of the protected side, the corpora that are compared, and all that count as their own kin."""
    if given is None:
        label, asked = _stored_protected(corpora)
    else:
        families = list(dict.fromkeys(c.facts.family for c in corpora if c.facts.family))
        kind, label = resolve_name(given, list(by_name), families)
        asked = tuple(c.name for c in corpora if c.facts.family == label) if kind == "family" else (label,)
    kin = {by_name[name].facts.family for name in asked} - {None}
    return label, asked, tuple(c.name for c in corpora if c.name in asked or c.facts.family in kin)


def _stored_protected(corpora: Sequence[Corpus]) -> tuple[str, tuple[str, ...]]:
    """The label and the corpora in the role protected, with all members of their family."""
    stored = [c for c in corpora if c.role is Role.PROTECTED]
    if not stored:
        raise UsageError("No corpus has the role protected.", hint="Name one with --protected NAME.")
    if len({c.facts.family or c.name for c in stored}) > 1:
        raise UsageError("The protected corpora are of several families.", hint="Name one with --protected.")
    family = stored[0].facts.family
    if family is None:
        return stored[0].name, (stored[0].name,)
    return family, tuple(c.name for c in corpora if c.facts.family == family)


def _date_gate(suspect: Corpus, members: Sequence[Corpus], despite: str | None) -> tuple[list[Corpus], list[LeftOut]]:
    late = [c for c in members if younger(c.facts, suspect.facts)]
    if despite is not None or not late:
        return list(members), []
    kept = [c for c in members if c not in late]
    if not kept:
        raise RefusedError(
            f"Every protected model here was released after {suspect.name} "
            f"({suspect.facts.released}), so it can't be its source.",
            hint="If the dates are wrong, mend them with `set`; otherwise --despite-date REASON.",
        )
    return kept, [LeftOut(c.name, LeftOutKind.YOUNGER, f"{c.facts.released}, after the suspect") for c in late]


def _redated(
    suspect: Corpus, members: Sequence[Corpus], bearing: Collection[int], came_as: Mapping[str, Corpus]
) -> str | None:
    """Why the date gate stands open, where nothing but dates that the examiner changed since the import opens it."""

    def before(corpus: Corpus) -> Facts:
        if documents_of(corpus.facts).get("released") in bearing:
            return corpus.facts
        return came_as.get(corpus.name, corpus).facts

    late = [c for c in members if younger(before(c), before(suspect)) and not younger(c.facts, suspect.facts)]
    if not late:
        return None
    names = listed([c.name for c in late])
    return (
        f"by the dates that came in, {names} came out after {suspect.name}; the examiner changed a date since, and no "
        "document of the case bears it"
    )


def _not_in_pool(corpus: Corpus, named: Sequence[str] | None, barred: Mapping[str, LeftOut]) -> LeftOut | None:
    """Why a corpus is no control of this run; None when it is one."""
    if corpus.name in barred:
        return barred[corpus.name]
    if named is not None:
        return None if corpus.name in named else LeftOut(corpus.name, LeftOutKind.NOT_NAMED)
    if corpus.role is Role.CONTROL or (corpus.documented and corpus.role in (Role.SUSPECT, Role.PROTECTED)):
        return None
    note = f" ({corpus.note})" if corpus.note else ""
    return LeftOut(corpus.name, LeftOutKind.OTHER, f"its role is {corpus.role}{note}")


def _documents(corpus: Corpus) -> str:
    """The documents of the case that say where a model comes from, in brackets."""
    numbers = sorted({source.document for source in corpus.facts.sources if source.document})
    named = f"document{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
    return f" ({named})" if numbers else ""


def _on_a_word(corpus: Corpus, came_as: Corpus | None, answering: Collection[str], *, base: bool) -> bool:
    """Whether nothing but the examiner's word keeps a model from being a control.

    Another suspect is a question of its own, unless it came in as something else; documents are no models, unless they
    answer the same prompts; and a base may be documented to be one.
    """
    if corpus.role is Role.SUSPECT:
        return came_as is not None and came_as.role is not Role.SUSPECT
    if not corpus.role.compared and corpus.role is not Role.ASIDE:
        return corpus.name in answering
    return not (corpus.role is Role.BASE and base)


def _in_pool(corpus: Corpus, named: Sequence[str] | None, excluded: Mapping[str, LeftOut]) -> bool:
    if corpus.role is Role.PROTECTED:
        return corpus.name not in excluded
    return _not_in_pool(corpus, named, excluded) is None
