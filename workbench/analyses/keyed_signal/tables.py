"""What `keyed_signal` gathers and states: windows of tokens by model, marks, random keys, innocent explanations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.analyses.explanations import ExplanationRow, tested, untested
from workbench.analyses.keyed_signal.compute import (
    FAR,
    FOUND,
    Keys,
    Marked,
    by_random_keys,
    keyable,
    marked,
    smallest_share,
)
from workbench.analyses.keyed_signal.schemes import Scheme, scheme_of
from workbench.analyses.keyed_signal.values import KeyRow, ModelRow, SignalValues
from workbench.analyses.keyed_signal.windows import Windows, distinct, some, windows_of
from workbench.core.errors import RefusedError
from workbench.core.foreseen import Foreseen, Known
from workbench.core.model import Corpus, Role, Table
from workbench.core.progress import Progress, part
from workbench.core.selection import Question, Selection
from workbench.core.signals import Seeding, SignalSetup, signal_of
from workbench.core.statistics.exact_tests import SMALLEST, largest_likelihood_ratio
from workbench.core.statistics.resampling import p_model
from workbench.core.typed_json import table

FEWEST_WINDOWS = 100
MOST_OF_CONTROL, MOST_OF_SAMPLE = 5_000, 20_000
UNKNOWN_SHARE = 0.02
"""A larger share of windows with tokens beyond the vocabulary says that the vocabulary is another."""

_KEYS_OF_SAMPLE = 199

NO_SIGNAL = "No signal was set in this case."
_HOW = "`workbench signal CASE set NAME --scheme SCHEME --secret NAME --tokenizer DOCUMENT --vocabulary NUMBER`"


@dataclass(frozen=True, slots=True)
class Material:
    """The question, the signal, and the windows of suspect, positive sample and controls."""

    question: Question
    setup: SignalSetup
    scheme: Scheme
    positive: str
    suspect: Windows
    sample: Windows
    sample_marked: Marked
    controls: tuple[tuple[Corpus, Windows], ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """The marks of the suspect and of each control, with the variance of one mark, and what random keys give."""

    suspect: Marked
    controls: tuple[Marked, ...]
    keys: Keys
    variance: float

    def z(self, scheme: Scheme, one: Marked) -> float:
        """How many standard deviations a mean lies above that of a random key."""
        deviation = math.sqrt(self.variance / one.windows) if one.windows else 0.0
        return (one.mean - scheme.expected()) / deviation if deviation > 0 else 0.0


def foreseen(known: Known) -> Foreseen:
    """The signals of the case; raises RefusedError where there is none."""
    if not known.signals:
        raise RefusedError(NO_SIGNAL, hint=_HOW)
    return Foreseen(rests_on=f"{known.question.suspect.answers:,} answers, and the signal that was set.")


def gather(selection: Selection, name: str, positive: str, most: int, seed: int) -> Material:
    """The windows of all models. Raises RefusedError without a signal, and where the positive sample does not show it.

    A wrong tokenizer, vocabulary, key or variant is silent: it looks like text without a signal. So the positive sample
    is looked at before anything else.
    """
    setup = signal_of(selection, name)
    if setup is None:
        raise RefusedError(f"No signal “{name}” was set in this case." if name else NO_SIGNAL, hint=_HOW)
    question, scheme = selection.question, scheme_of(setup)
    samples = _samples(question, positive)
    most_of = {corpus.name: MOST_OF_CONTROL for corpus in question.controls}
    most_of |= {corpus.name: MOST_OF_SAMPLE for corpus in samples} | {question.suspect.name: most}
    tokens, prompts = _tokens(selection, setup, (question.suspect, *samples, *question.controls), most_of)
    quoted, _, _ = distinct(prompts, scheme.context)
    cut = {corpus: windows_of(tokens[corpus], quoted, scheme.context, setup.vocabulary) for corpus in most_of}
    together = windows_of(
        [one for corpus in samples for one in tokens[corpus.name]], quoted, scheme.context, setup.vocabulary
    )
    _refuse_wrong_vocabulary(together)
    shown = _shown_by(together, setup, scheme, seed)
    own = cut[question.suspect.name]
    if len(own.rows) < FEWEST_WINDOWS:
        raise RefusedError(
            f"{question.suspect.name} has {len(own.rows)} different windows of tokens that no prompt has; the test "
            f"needs at least {FEWEST_WINDOWS}."
        )
    controls = tuple((c, cut[c.name]) for c in question.controls if len(cut[c.name].rows) >= FEWEST_WINDOWS)
    words = positive or question.protected_name
    return Material(question, setup, scheme, words, own, together, shown, controls)


def _samples(question: Question, positive: str) -> tuple[Corpus, ...]:
    """The corpora that the positive sample is taken from."""
    if not positive:
        return question.protected
    allowed = (*question.protected, *question.in_role(Role.SERVED))
    chosen = tuple(corpus for corpus in allowed if corpus.name == positive)
    if not chosen:
        raise RefusedError(
            f"“{positive}” is no corpus of the protected model.",
            hint="The positive sample is a corpus in the role protected or served, written by the marked system.",
        )
    return chosen


def _tokens(
    selection: Selection, setup: SignalSetup, corpora: Sequence[Corpus], most: dict[str, int]
) -> tuple[dict[str, list[list[int]]], list[list[int]]]:
    """The tokens of each corpus's answers, up to some more than are needed, and those of all prompts."""
    found: dict[str, list[list[int]]] = {corpus.name: [] for corpus in corpora}
    counted = dict.fromkeys(found, 0)
    prompts: list[list[int]] = []
    for block in selection.blocks(corpora):
        prompts += setup.encode(block.texts)
        for name in found:
            if counted[name] < 2 * most[name]:
                texts = [text for answers in block.answers for text in answers.get(name, ())]
                found[name] += (read := setup.encode(texts))
                counted[name] += sum(map(len, read))
    return found, prompts


def _refuse_wrong_vocabulary(sample: Windows) -> None:
    if sample.unknown > UNKNOWN_SHARE * max(1, len(sample.rows) + sample.unknown):
        raise RefusedError(
            f"{sample.unknown:,} windows of the positive sample hold tokens beyond the vocabulary that was stated.",
            hint="State the size of the model's vocabulary, or name the tokenizer of that model.",
        )


def _shown_by(sample: Windows, setup: SignalSetup, scheme: Scheme, seed: int) -> Marked:
    """The marks of the positive sample; raises RefusedError where it does not show the signal."""
    rows = some(sample.rows, MOST_OF_SAMPLE, seed)
    found = marked(scheme, rows, setup.key)
    if found.below or (found.p is not None and found.p < FOUND):
        return found
    if found.p is None and len(rows):
        keys = by_random_keys(scheme, some(rows, 2_000, seed), setup.key, _KEYS_OF_SAMPLE, seed)
        if keys.z >= FAR and keys.p <= 1 / (1 + _KEYS_OF_SAMPLE):
            return found
    said = "" if found.p is None else f" (p = {found.p:.2g}, n = {found.windows:,} windows)"
    raise RefusedError(
        f"The signal is not found in the positive sample{said}: key, tokenizer, vocabulary, scheme or device is "
        "another, or the sample was not marked. With this set-up nothing found would say nothing.",
        hint="Check each with the maker of the protected model. Lists that a graphics card drew can't be drawn here.",
    )


def measure(material: Material, keys: int, most: int, seed: int, progress: Progress) -> Measured:
    """The marks of suspect and controls, and random keys on the suspect's windows."""
    setup, scheme = material.setup, material.scheme
    rows = some(material.suspect.rows, most, seed)
    progress(0.0, "marks of the suspect")
    own = marked(scheme, rows, setup.key)
    variance = float(scheme.marks(some(rows, 2_000, seed), setup.key).var()) if scheme.tail(0.0, 1) is None else 0.0
    controls = []
    for at, (corpus, windows) in enumerate(material.controls):
        progress(0.1 + 0.4 * at / len(material.controls), f"marks of {corpus.name}")
        controls.append(marked(scheme, some(windows.rows, MOST_OF_CONTROL, seed), setup.key))
    tried = keyable(scheme, rows, keys, seed)
    found = by_random_keys(scheme, tried, setup.key, keys, seed, part(progress, 0.5, 1.0))
    return Measured(own, tuple(controls), found, variance or _variance(scheme))


def _variance(scheme: Scheme) -> float:
    """The variance of one mark under a random key: of a green token, or of an exponential number."""
    share = scheme.expected()
    return share * (1 - share) if share < 1 else 1.0


def values(material: Material, measured: Measured, keys: int) -> SignalValues:
    """The Finding's values."""
    setup, scheme, own = material.setup, material.scheme, measured.suspect
    z = measured.z(scheme, own)
    others = [measured.z(scheme, one) for one in measured.controls]
    smallest = smallest_share(scheme, own.windows, measured.variance)
    gain = material.sample_marked.mean - scheme.expected()
    return SignalValues(
        suspect=material.question.suspect.name,
        protected=material.question.protected_name,
        signal=setup.name,
        scheme=str(setup.seeding),
        one_list=setup.seeding is Seeding.UNIGRAM,
        tokenizer=setup.tokenizer,
        commitment=setup.commitment,
        committed=setup.committed,
        positive=material.positive,
        n_windows=own.windows,
        n_tokens=material.suspect.tokens,
        repeated=material.suspect.repeated,
        in_prompts=material.suspect.in_prompts,
        unknown=material.suspect.unknown,
        mean=own.mean,
        expected=scheme.expected(),
        z=z,
        exact=own.p is not None or own.below,
        p=own.p,
        below=SMALLEST if own.below else None,
        ceiling=None if own.p is None else largest_likelihood_ratio(own.p),
        positive_windows=material.sample_marked.windows,
        positive_mean=material.sample_marked.mean,
        positive_p=material.sample_marked.p,
        keys=keys,
        keys_windows=measured.keys.windows,
        keys_uniform=measured.keys.uniform,
        keys_spread=measured.keys.spread,
        keys_p=measured.keys.p,
        keys_z=measured.keys.z,
        n_controls=len(measured.controls),
        controls_found=sum(one.below or (one.p is not None and one.p <= FOUND) for one in measured.controls),
        rank=1 + sum(other >= z for other in others),
        p_model=p_model(z, others),
        smallest=smallest,
        share_needed=min(1.0, (smallest - scheme.expected()) / gain) if gain > 0 else None,
    )


def tables(material: Material, measured: Measured, stated: SignalValues) -> dict[str, Table]:
    """The marks of every model and under every random key, and innocent explanations."""
    scheme = material.scheme
    named = [
        (stated.suspect, "suspect", measured.suspect),
        (material.positive, "positive sample", material.sample_marked),
        *((corpus.name, "control", one) for (corpus, _), one in zip(material.controls, measured.controls, strict=True)),
    ]
    models = [
        ModelRow(model=name, role=role, windows=one.windows, mean=one.mean, z=measured.z(scheme, one), p=one.p)
        for name, role, one in named
    ]
    means = measured.keys.means
    deviation = float(means.std(ddof=1)) or 1.0
    keys = [
        KeyRow(number=at, mean=float(mean), z=float((mean - means.mean()) / deviation))
        for at, mean in enumerate(np.sort(means), 1)
    ]
    return {
        "by_model": table(ModelRow, models),
        "keys": table(KeyRow, keys),
        "explanations": table(ExplanationRow, _explanations(stated)),
    }


def _explanations(stated: SignalValues) -> list[ExplanationRow]:
    style = "Its style favours the marked tokens"
    return [
        tested(
            "The answers quote marked text of their prompts",
            "windows that stand in prompts",
            f"{stated.in_prompts:,} such windows were left out",
        ),
        tested(style, "controls carry the marks too", f"{stated.controls_found} of {stated.n_controls} controls do")
        if stated.n_controls
        else untested(style, "controls carry the marks too", "no control has enough text"),
        tested(
            "Windows depend on each other, so that p is too small",
            "p under random keys is not uniform",
            f"Kolmogorov-Smirnov p = {stated.keys_uniform:.2g}, n = {stated.keys} keys"
            if stated.exact
            else f"the {stated.keys} random keys are themselves the null",
        ),
        untested(
            "Marked text of the protected model stands on the web, and the suspect learned it there",
            "a public source of marked text",
        ),
        untested("The key leaked, and someone else marked the text with it", "another holder of the key"),
        untested(
            "The suspect relays the protected model, and learned nothing",
            "answers to the same prompts can't be told from the protected model's",
            "`same_endpoint` asks that",
        ),
    ]
