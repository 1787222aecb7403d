"""What a reader of `closest_source` must be warned of: from the numbers, and from what the case knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from workbench.analyses.closest_source.compute import Material, Scores
from workbench.analyses.scoring.matching import ENOUGH_CONTROLS, Answers
from workbench.core.model import Corpus, Json, LeftOutKind
from workbench.core.selection import Question
from workbench.core.statistics.resampling import NORMAL_MAD
from workbench.core.text import one_line

OUTLYING = 3.5
"""Scaled median absolute deviations beyond which a control is named (Iglewicz and Hoaglin 1993)."""

_COPIES = 0.5
_LENGTH_RATIO = 2.0
_NAMES = 5
_REASON = 80


def warnings(material: Material, scores: Scores, values: Mapping[str, Json], answers: Answers) -> tuple[str, ...]:
    """All warnings of a comparison, the gravest first."""
    question = material.question
    said: list[str] = []
    if values["n_controls"] < ENOUGH_CONTROLS:
        said.append(
            f"There are {values['n_controls']} controls: with fewer than {ENOUGH_CONTROLS}, p_model can't reach 0.05, "
            "whatever the texts say."
        )
    said += _dates(question) + bases_in_common(question)
    said += _copies(material, answers)
    said += _odd_controls(material, scores, answers)
    said += _kin(question) + _chosen(question, values["n_controls"])
    reaching = sum(control["interval"][1] >= values["interval"][0] for control in values["controls"])
    if values["rank"] == 1 and reaching:
        verb = "that" if reaching == 1 else "those"
        said.append(f"The suspect's interval overlaps with {verb} of {reaching} of {values['n_controls']} controls.")
    return tuple(said + _lengths(material, answers))


def about_question(question: Question) -> list[str]:
    """What the case knows against a comparison, whatever its numbers: dates, bases, kin, choices made by hand."""
    return _dates(question) + bases_in_common(question) + _kin(question) + _chosen(question, len(question.controls))


def _dates(question: Question) -> list[str]:
    said = []
    if question.undated:
        what = "date of {} is" if len(question.undated) == 1 else "dates of {} are"
        said.append(
            f"The release {what.format(_listed(question.undated))} unknown, so nothing rules out that the protected "
            "model is the younger one."
        )
    if question.despite_date:
        said.append(f"Compared against the date gate, for this reason: {question.despite_date}")
    return said


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
            f"The suspect's base, {base}, is the protected model itself ({_listed(names)}): similarity may come from "
            "the base."
        ]
    shared = [c.name for c in question.protected if c.facts.base and _same(base, c.facts.base)]
    if shared:
        return [f"The suspect shares its base, {base}, with {_listed(shared)}: similarity may come from the base."]
    return []


def _families(question: Question) -> list[str]:
    return [c.facts.family for c in question.protected if c.facts.family]


def _same(one: str, other: str, maker: str | None = None) -> bool:
    """Whether two names of weights are one, whatever their case, owner's folder, maker's prefix or format's suffix."""
    plain = [name.casefold().rsplit("/", 1)[-1].removesuffix("-hf") for name in (one, other)]
    if maker:
        plain = [name.removeprefix(maker.casefold() + "-") for name in plain]
    return plain[0] == plain[1]


def _kin(question: Question) -> list[str]:
    """Controls that are related to the protected model's maker or to the suspect."""
    said = []
    makers = {c.facts.developer.casefold(): c.facts.developer for c in question.protected if c.facts.developer}
    own = [c.name for c in question.controls if (c.facts.developer or "").casefold() in makers]
    if own:
        said.append(
            f"Controls made by the protected model's maker ({_listed(list(makers.values()))}): {_listed(own)}; "
            "they may be close to it for that reason."
        )
    kin = [f"{c.name} ({how})" for c in question.controls if (how := _kinship(question.suspect, c))]
    if kin:
        said.append(
            f"Controls that are related to the suspect: {_listed(kin)}; what they have in common with it can't set it "
            "apart from them."
        )
    return said


def _kinship(suspect: Corpus, control: Corpus) -> str:
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


def _chosen(question: Question, compared: int) -> list[str]:
    """What the examiner chose by hand."""
    said = []
    others = sum(item.kind is LeftOutKind.NOT_NAMED for item in question.left_out)
    if others:
        are = "is" if compared == 1 else "are"
        rest = "1 other corpus of the case was" if others == 1 else f"{others} other corpora of the case were"
        said.append(f"The examiner named the controls: {compared} {are} compared; {rest} left out by that choice.")
    excluded = [
        f"{item.corpus} ({one_line(item.detail, _REASON)})"
        for item in question.left_out
        if item.kind is LeftOutKind.EXCLUDED
    ]
    aside = LeftOutKind.SET_ASIDE
    excluded += [f"{item.corpus} ({aside.value})" for item in question.left_out if item.kind is aside]
    if excluded:
        said.append(f"Left out by the examiner: {_listed(excluded)}.")
    return said


def _copies(material: Material, answers: Answers) -> list[str]:
    said = []
    if answers.with_protected[0] >= _COPIES:
        said.append(
            "On half of the prompts or more the suspect's answer is word for word that of a protected model: this "
            "looks like relaying or copying, which is not training."
        )
    for seat, name in enumerate(material.seats[1:], 1):
        for share, whom in (
            (answers.with_suspect[seat], "the suspect"),
            (answers.with_protected[seat], "a protected model"),
        ):
            if share >= _COPIES:
                said.append(
                    f"On half of the prompts or more the control {name} answers word for word like {whom}: it is no "
                    "unrelated model."
                )
    return said


def _odd_controls(material: Material, scores: Scores, answers: Answers) -> list[str]:
    others = scores.statistics[1:]
    centre = float(np.median(others))
    spread = NORMAL_MAD * float(np.median(np.abs(others - centre)))
    far = [
        f"{name} ({value:.2f} points, {(value - centre) / spread:.1f} above)"
        for name, value in zip(material.seats[1:], others.tolist(), strict=True)
        if value - centre > OUTLYING * spread > 0
    ]
    near = [
        f"{name} ({value:.1f} above)"
        for name, value in zip(material.seats[1:], answers.near[1:].tolist(), strict=True)
        if value > OUTLYING
    ]
    said = []
    if far:
        said.append(
            f"Controls that may themselves come from the protected side, more than {OUTLYING} scaled MADs above the "
            f"controls' median closeness (median {centre:.2f} points, scaled MAD {spread:.2f}); kept: {_listed(far)}."
        )
    if near:
        said.append(
            f"Controls unusually close to the suspect, more than {OUTLYING} scaled MADs above the median of the "
            f"controls' similarity to it in words; kept: {_listed(near)}."
        )
    return said


def _lengths(material: Material, answers: Answers) -> list[str]:
    if answers.tokens is None:
        return []
    own = float(answers.tokens[0])
    said = []
    for corpus, tokens in zip(material.question.protected, answers.tokens[len(material.seats) :], strict=True):
        ratio = max(own, float(tokens)) / max(1.0, min(own, float(tokens)))
        if ratio > _LENGTH_RATIO:
            said.append(
                f"The median lengths of the answers of the suspect and of {corpus.name} differ by more than a factor "
                f"of {_LENGTH_RATIO:g}: length alone lowers their similarity."
            )
    return said


def _listed(names: Sequence[str]) -> str:
    """At most five names, and how many more there are."""
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return ", ".join(names[:_NAMES]) + more
