"""What a reader of `closest_source` must be warned of: from the numbers, and from what the case knows."""

from __future__ import annotations

import numpy as np

from workbench.analyses.closest_source.compute import ClosenessMaterial, ClosenessScores
from workbench.analyses.closest_source.tables import AnswerTexts
from workbench.analyses.closest_source.values import ClosestSourceValues
from workbench.analyses.scoring.caveats import (
    LENGTH_RATIO,
    OUTLYING,
    bases_in_common,
    chosen_by_hand,
    dates,
    related_controls,
)
from workbench.analyses.scoring.parameters import ENOUGH_CONTROLS
from workbench.core.statistics.resampling import NORMAL_MAD
from workbench.core.text import shortlist

_COPIES = 0.5


def warnings(
    material: ClosenessMaterial, scores: ClosenessScores, values: ClosestSourceValues, answers: AnswerTexts
) -> tuple[str, ...]:
    """All warnings of a comparison, the gravest first."""
    question = material.question
    said: list[str] = []
    if values.counted < ENOUGH_CONTROLS:
        said.append(
            f"There are {values.counted_controls}: with fewer than {ENOUGH_CONTROLS}, p_model can't reach "
            "0.05, whatever the texts say."
        )
    said += dates(question) + bases_in_common(question)
    said += _copies(material, answers)
    said += _odd_controls(material, scores, answers)
    said += related_controls(question) + chosen_by_hand(question, values.n_controls)
    reaching = sum(control.interval[1] >= values.interval[0] for control in values.controls)
    if values.rank == 1 and reaching:
        verb = "that" if reaching == 1 else "those"
        said.append(f"The suspect's interval overlaps with {verb} of {reaching} of {values.n_controls} controls.")
    return tuple(said + _lengths(material, answers))


def _copies(material: ClosenessMaterial, answers: AnswerTexts) -> list[str]:
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


def _odd_controls(material: ClosenessMaterial, scores: ClosenessScores, answers: AnswerTexts) -> list[str]:
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
            f"controls' median closeness (median {centre:.2f} points, scaled MAD {spread:.2f}); kept: {shortlist(far)}."
        )
    if near:
        said.append(
            f"Controls unusually close to the suspect, more than {OUTLYING} scaled MADs above the median of the "
            f"controls' similarity to it in words; kept: {shortlist(near)}."
        )
    return said


def _lengths(material: ClosenessMaterial, answers: AnswerTexts) -> list[str]:
    if answers.tokens is None:
        return []
    own = float(answers.tokens[0])
    said = []
    for corpus, tokens in zip(material.question.protected, answers.tokens[len(material.seats) :], strict=True):
        ratio = max(own, float(tokens)) / max(1.0, min(own, float(tokens)))
        if ratio > LENGTH_RATIO:
            said.append(
                f"The median lengths of the answers of the suspect and of {corpus.name} differ by more than a factor "
                f"of {LENGTH_RATIO:g}: length alone lowers their similarity."
            )
    return said
