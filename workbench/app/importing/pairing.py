"""Whether the answers of a file are paired by the ids of their prompts, settled once, when it comes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.requests import ImportRequest
from workbench.core.errors import BadInputError, RefusedError
from workbench.core.model import Corpus
from workbench.core.pairing import BY_TEXT, Agreement, agreement, set_named
from workbench.core.text import one_line
from workbench.store import Case

if TYPE_CHECKING:
    from workbench.store import Intake

_READ = 20_000
"""Answers of a corpus whose ids are held against those of another one, at most."""

_ASKED = 3
"""Corpora of a set that a new one is held against, at most."""

_COUNTED = 300_000
"""Answers whose ids are counted at the end of an import, at most: counting reads them all once more."""

_Texts = Mapping[str, str]


def paired(case: Case, intake: Intake, request: ImportRequest) -> tuple[ImportRequest, tuple[str, ...]]:
    """The request with the set of ids by which answers are paired, if they are, and what must be said of it.

    By ids where a mapping gives them, or where it is asked for. A set is a panel's, a named one, or an earlier one
    whose texts under the same ids agree. Raises RefusedError where pairing by ids was asked for and they mostly do
    not agree, BadInputError where there are no ids.
    """
    asked, mapped = bool(request.pair_by), "prompt_key" in request.mapping
    if request.pair_by == BY_TEXT or request.facts.paired_by or not (asked or mapped):
        return request, ()
    own = {model: texts for model, texts in case.texts_in_import(intake.id, _READ).items() if texts}
    if not own and asked:
        raise BadInputError(
            f"No record of {one_line(intake.source.name, 100)} has an id of its prompt: nothing pairs them by id.",
            hint="--map prompt_key=PATH says where ids stand; --pair-by text pairs by the text of the prompt.",
        )
    if not own:
        return request, ()
    inside = _within(list(own.values()))
    first = next(iter(own.values()))
    name = set_named(request.pair_by) or request.id_set
    if name:
        found = _with_set(case, first, _members(case, name))
        return _in_named(request, name, found if inside.enough else inside, believed=bool(set_named(request.pair_by)))
    if not inside.enough:
        return _refused(request, f"the models of {one_line(intake.source.name, 100)}", inside, asked=asked)
    default = request.model or Path(intake.source.name).stem
    held = {c.facts.paired_by for c in case.corpora() if c.facts.paired_by and c.name in {m or default for m in own}}
    # A further file of a corpus stays in its set: its ids may be none that others have yet.
    return _in_found(case, request, first, next(iter(sorted(map(str, held))), default), asked=asked)


def _within(models: Sequence[_Texts]) -> Agreement:
    """How the models of one file agree with the first of them."""
    found = [agreement(models[0], other) for other in models[1 : 1 + _ASKED]]
    return min(found, key=lambda one: one.agreeing / max(1, one.looked_at), default=Agreement(0, 0))


def _members(case: Case, name: str) -> list[Corpus]:
    return [corpus for corpus in case.corpora() if corpus.facts.paired_by == name]


def _with_set(case: Case, own: _Texts, members: Sequence[Corpus]) -> Agreement:
    """How answers agree with those of a set: with the corpus of it that agrees most, of the first few."""
    best = Agreement(0, 0)
    for corpus in members[:_ASKED]:
        found = agreement(own, case.texts_in_corpus(corpus.name, _READ))
        if found.looked_at and found.enough:
            return found
        if found.agreeing * best.looked_at >= best.agreeing * found.looked_at:
            best = found
    return best


def _in_named(
    request: ImportRequest, name: str, found: Agreement, *, believed: bool
) -> tuple[ImportRequest, tuple[str, ...]]:
    """In a set that was named: by hand it is believed and warned of, a panel's is left where the texts differ."""
    if found.enough:
        return _by_ids(request, name), ()
    if believed:
        words = f"{_differ(found, f'the set “{one_line(name, 60)}”')} They are paired by id all the same, as was asked."
        return _by_ids(request, name), (words,)
    words = (
        f'{_differ(found, f"the panel “{one_line(name, 60)}”")} Its answers are paired by the text: "pair_by": '
        '"key" in the manifest, or --pair-by key:SET for a single file, pairs them by id all the same.'
    )
    return request, (words,)


def _in_found(
    case: Case, request: ImportRequest, own: _Texts, name: str, *, asked: bool
) -> tuple[ImportRequest, tuple[str, ...]]:
    """In the earlier set that agrees, or in one of its own."""
    others: list[tuple[str, Agreement]] = []
    for other in dict.fromkeys(c.facts.paired_by for c in case.corpora() if c.facts.paired_by):
        found = _with_set(case, own, _members(case, other))
        if found.looked_at and found.enough:
            return _by_ids(request, other), ()
        if found.looked_at:
            others.append((other, found))
    if others:
        against, found = max(others, key=lambda one: one[1].looked_at)
        if asked:
            return _refused(request, f"the set “{one_line(against, 60)}”", found, asked=True)
        taken = {other for other, _ in others} | {str(c.facts.paired_by) for c in case.corpora()}
        words = f"{_differ(found, f'the set “{one_line(against, 60)}”')} With its corpora they are paired by the text."
        return _by_ids(request, _free(name, taken)), (words,)
    return _by_ids(request, name), ()


def _free(name: str, taken: set[str]) -> str:
    return name if name not in taken else next(f"{name} {at}" for at in range(2, 10**6) if f"{name} {at}" not in taken)


def _by_ids(request: ImportRequest, name: str) -> ImportRequest:
    return replace(request, facts=replace(request.facts, paired_by=name))


def _refused(
    request: ImportRequest, against: str, found: Agreement, *, asked: bool
) -> tuple[ImportRequest, tuple[str, ...]]:
    if not asked:
        return request, (f"{_differ(found, against)} Answers are paired by the text of the prompt.",)
    raise RefusedError(
        f"{_differ(found, against)} To pair them by id would compare answers to different prompts.",
        hint="--pair-by text pairs by the text; --pair-by key:SET, with a name of your own, makes another set of ids, "
        "or pairs with that set all the same.",
    )


def _differ(found: Agreement, against: str) -> str:
    return (
        f"Under the ids that these answers share with {against}, mostly other prompts stand: of {found.looked_at} ids "
        f"that were looked at, the texts agree under {found.agreeing}."
    )


def words_of_pairing(case: Case, names: Sequence[str]) -> tuple[str, ...]:
    """What is counted of the sets of ids by which some corpora are paired; nothing where counting would take long."""
    known = [corpus for corpus in case.corpora() if corpus.facts.paired_by]
    sets = {corpus.facts.paired_by for corpus in known if corpus.name in names}
    if not sets or sum(corpus.answers for corpus in known) > _COUNTED:
        return ()
    pairing = case.pairing()
    said = (counts.words() for counts in (pairing.counts if pairing else ()) if counts.name in sets)
    return tuple(filter(None, said))
