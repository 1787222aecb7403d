"""What a reader of `did` must be warned of: from the numbers, and from what the case knows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.analyses.did.compute import BASELINE, Floats, Material
from workbench.analyses.did_scores import Result
from workbench.analyses.scoring.caveats import OUTLYING, about_question
from workbench.analyses.scoring.matching import ENOUGH_CONTROLS
from workbench.core.model import Corpus
from workbench.core.panel import earliest_month, latest_month
from workbench.core.selection import Question, Similarities
from workbench.core.statistics.resampling import NORMAL_MAD

_LENGTH_RATIO = 2.0


def baselines_of(results: Sequence[Result]) -> list[Corpus]:
    """The bases, siblings and earlier versions that differences are taken from."""
    return [one.contrast.baseline[0] for one in results if one.contrast.kind == BASELINE]


def warnings(material: Material, results: Sequence[Result], found: Similarities, strange: Sequence[str]) -> list[str]:
    """All warnings; `strange` are the baselines that answer unlike every control."""
    question = material.question
    said: list[str] = []
    if len(question.controls) < ENOUGH_CONTROLS:
        said.append(
            f"There are {len(question.controls)} controls to serve as placebos: with fewer than {ENOUGH_CONTROLS}, "
            "p_model can't reach 0.05, whatever the texts say."
        )
    baselines = baselines_of(results)
    for corpus in baselines:
        said += _of_baseline(corpus, question)
    said += [
        f"{name} answers less like the controls than any control does, as a base model does that was not taught to "
        "chat: learning to chat from anybody brings a suspect closer to every chat model, and closer to some than to "
        "others. A sibling that chats makes a better baseline."
        for name in strange
    ]
    return said + about_question(question) + _lengths(material, baselines, found)


def _of_baseline(corpus: Corpus, question: Question) -> list[str]:
    """What is documented of a baseline that makes the difference say less than it seems to."""
    members = {c.name for c in question.protected}
    said = []
    origin = [s.corpus for s in corpus.facts.sources if s.corpus in members]
    if origin:
        said.append(
            f"{corpus.name} is itself documented to come from {', '.join(origin)}: what the suspect has from the "
            "protected side through it is taken off, so the difference says too little."
        )
    if any(s.corpus == question.suspect.name for s in corpus.facts.sources):
        said.append(f"{corpus.name} is documented to come from the suspect: it is no earlier version of it.")
    own, theirs = question.suspect.facts.released, corpus.facts.released
    if own and theirs and earliest_month(theirs) > latest_month(own):
        said.append(
            f"{corpus.name} ({theirs}) came out after the suspect ({own}): the difference is between siblings, not "
            "between before and after."
        )
    kin = [c.name for c in question.controls if _related(corpus, c)]
    if kin:
        said.append(
            f"Controls that are related to {corpus.name}: {', '.join(kin)}; as placebos they come out low for that "
            "reason, and raise the difference a little through the controls' mean."
        )
    return said


def _related(one: Corpus, other: Corpus) -> bool:
    """Whether either is documented to come from the other, or both are near relatives."""
    named = one.name in [s.corpus for s in other.facts.sources] or other.name in [s.corpus for s in one.facts.sources]
    return named or bool(set(one.facts.group) & set(other.facts.group))


def strange_baselines(material: Material, results: Sequence[Result], found: Similarities) -> list[str]:
    """The baselines whose mean similarity to the controls lies far below that of every control."""
    baselines = baselines_of(results)
    if not baselines:
        return []
    at = {name: place for place, name in enumerate(found.models)}
    controls = np.array([at[c.name] for c in material.question.controls])
    levels = np.array(
        [_levels(found, material, at[c.name], controls) for c in (*material.question.controls, *baselines)]
    )
    own, theirs = levels[: len(controls)], levels[len(controls) :]
    centre = float(np.median(own))
    spread = NORMAL_MAD * float(np.median(np.abs(own - centre)))
    limit = min(float(own.min()), centre - OUTLYING * spread)
    return [c.name for c, level in zip(baselines, theirs.tolist(), strict=True) if level < limit]


def _levels(found: Similarities, material: Material, place: int, controls: Floats) -> float:
    others = controls[controls != place]
    rows = material.rows[found.present[material.rows, place]]
    means = [values[rows, place][:, others].mean(dtype=np.float64) for values in found.values.values()]
    return float(np.mean(means))


def _lengths(material: Material, baselines: Sequence[Corpus], found: Similarities) -> list[str]:
    """Corpora whose answers are much longer or shorter than the suspect's."""
    if found.tokens is None:
        return []
    at = {name: place for place, name in enumerate(found.models)}
    tokens = found.tokens[material.rows]
    own = max(1.0, float(np.median(tokens[:, at[material.question.suspect.name]])))
    said = []
    for corpus in (*baselines, *material.question.protected):
        theirs = max(1.0, float(np.median(tokens[:, at[corpus.name]])))
        if max(own, theirs) / min(own, theirs) > _LENGTH_RATIO:
            said.append(
                f"The median lengths of the answers of the suspect ({own:.0f} tokens) and of {corpus.name} "
                f"({theirs:.0f}) differ by more than a factor of {_LENGTH_RATIO:g}: part of the difference may be "
                "length."
            )
    return said
