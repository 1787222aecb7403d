"""What a reader must be warned of, whatever the numbers: what the case knows against a comparison."""

from __future__ import annotations

from workbench.core.model import Corpus, LeftOutKind
from workbench.core.selection import Question
from workbench.core.text import one_line, shortlist

OUTLYING = 3.5
"""Scaled median absolute deviations beyond which a control is named (Iglewicz and Hoaglin 1993)."""

LENGTH_RATIO = 2.0
"""Median lengths that differ by more than this factor are named."""

_REASON = 80


def about_question(question: Question) -> list[str]:
    """What the case knows against a comparison, whatever its numbers: dates, bases, kin, choices made by hand."""
    return (
        dates(question)
        + bases_in_common(question)
        + related_controls(question)
        + chosen_by_hand(question, len(question.controls))
    )


def dates(question: Question) -> list[str]:
    """What an unknown release date, or a rule that was set aside with a reason, takes from a comparison."""
    said = []
    if question.undated:
        what = "date of {} is" if len(question.undated) == 1 else "dates of {} are"
        said.append(
            f"The release {what.format(shortlist(question.undated))} unknown, so nothing rules out that the protected "
            "model is the younger one."
        )
    if question.despite_date:
        said.append(f"Compared against the date gate, for this reason: {question.despite_date}")
    return said + missing_prompts(question)


def missing_prompts(question: Question) -> list[str]:
    """Why a suspect is compared that lacks many prompts, where that was allowed."""
    if not question.fewer_prompts:
        return []
    return [f"A suspect may lack many of the prompts here, for this reason: {question.fewer_prompts}"]


def bases_in_common(question: Question) -> list[str]:
    """What the suspect has in common with the protected side by descent."""
    base = question.suspect.facts.base
    if not base:
        return []
    names = [c.name for c in question.protected if _same(base, c.name, c.facts.developer)]
    if not names and any(_same(base, name) for name in (question.protected_name, *_families(question))):
        names = [question.protected_name]
    if names:
        return [
            f"The suspect's base, {base}, is the protected model itself ({shortlist(names)}): similarity may come from "
            "the base."
        ]
    shared = [c.name for c in question.protected if c.facts.base and _same(base, c.facts.base)]
    if shared:
        return [f"The suspect shares its base, {base}, with {shortlist(shared)}: similarity may come from the base."]
    return []


def _families(question: Question) -> list[str]:
    return [c.facts.family for c in question.protected if c.facts.family]


def _same(one: str, other: str, maker: str | None = None) -> bool:
    """Whether two names of weights are one, whatever their case, owner's folder, maker's prefix or format's suffix."""
    plain = [name.casefold().rsplit("/", 1)[-1].removesuffix("-hf") for name in (one, other)]
    if maker:
        plain = [name.removeprefix(maker.casefold() + "-") for name in plain]
    return plain[0] == plain[1]


def related_controls(question: Question) -> list[str]:
    """Controls that are related to the protected model's maker or to the suspect."""
    said = []
    makers = {c.facts.developer.casefold(): c.facts.developer for c in question.protected if c.facts.developer}
    own = [c.name for c in question.controls if (c.facts.developer or "").casefold() in makers]
    if own:
        said.append(
            f"Controls made by the protected model's maker ({shortlist(list(makers.values()))}): {shortlist(own)}; "
            "they may be close to it for that reason."
        )
    kin = [f"{c.name} ({how})" for c in question.controls if (how := kinship(question.suspect, c))]
    if kin:
        said.append(
            f"Controls that are related to the suspect: {shortlist(kin)}; what they have in common with it can't set "
            "it apart from them."
        )
    return said


def kinship(suspect: Corpus, control: Corpus) -> str:
    """How a model is said to be related to the suspect, in words; empty where it is not."""
    own, other = suspect.facts, control.facts
    if own.base and _same(own.base, control.name, other.developer):
        return "its base"
    if other.base and _same(other.base, suspect.name, own.developer):
        return "built on it"
    groups = [group for group in own.group if group in other.group]
    if groups:
        return f"group {groups[0]}"
    if own.base and other.base and _same(own.base, other.base):
        return f"base {other.base}"
    return ""


def chosen_by_hand(question: Question, compared: int) -> list[str]:
    """What the examiner chose by hand."""
    said = []
    others = sum(item.kind is LeftOutKind.NOT_NAMED for item in question.left_out)
    if others:
        are = "is" if compared == 1 else "are"
        rest = "1 other corpus of the case was" if others == 1 else f"{others} other corpora of the case were"
        said.append(f"The examiner named the controls: {compared} {are} compared; {rest} left out by that choice.")
    if question.other_suspects:
        said.append(f"Other suspects, and so no controls: {shortlist([c.name for c in question.other_suspects])}.")
    excluded = [
        f"{item.corpus} ({one_line(item.detail, _REASON)})"
        for item in question.left_out
        if item.kind is LeftOutKind.EXCLUDED
    ]
    aside = LeftOutKind.SET_ASIDE
    excluded += [f"{item.corpus} ({aside.value})" for item in question.left_out if item.kind is aside]
    if excluded:
        said.append(f"Left out by the examiner: {shortlist(excluded)}.")
    return said
