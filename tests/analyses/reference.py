"""The score by its definition: numpy alone, one pair at a time, written to be read and not to be fast.

Cosines are (views, prompts, models, models), presence, tokens and languages (prompts, models); a language that can't be
told is 0. Views stand in the order of `VIEWS`.
"""

from __future__ import annotations

import numpy as np

VIEWS = ("words", "cased", "layout", "openings", "endings", "function_words", "characters")
STYLE, WORDS, RUNS = (2, 3, 4), (0, 1, 2, 3, 4, 5), (6,)
RIDGE = 1e-3


def masked(present, tokens, language, suspect):
    """The prompts that the suspect answered at length, and who is present on them at length in its language."""
    long = present & (tokens >= 20)
    rows = np.flatnonzero(long[:, suspect])
    own = language[rows, suspect][:, None]
    return rows, long[rows] & ((language[rows] == own) | (language[rows] == 0) | (own == 0))


def kernel(cosines, kept):
    """Mean cosines over the prompts on which both are present and have features."""
    out = np.empty((cosines.shape[0], *cosines.shape[2:]))
    for view, values in enumerate(cosines):
        has = kept & (np.einsum("pii->pi", values) > 0.5)
        both = has[:, :, None] & has[:, None, :]
        out[view] = (values.astype(float) * both).sum(0) / np.maximum(both.sum(0), 1)
        np.fill_diagonal(out[view], 1.0)
    return out


def half_range(values):
    low, high = np.percentile(values, [16, 84])
    return (high - low) / 2


def correlations(block, place):
    """Partial correlations of one model with the others, given all others, by an inversion of its own."""
    inverse = np.linalg.inv(block + RIDGE * np.eye(len(block)))
    return np.delete(-inverse[place] / np.sqrt(inverse[place, place] * np.diag(inverse)), place)


def level_of(block):
    count = len(block)
    return (block.sum() - count) / (count * (count - 1))


def partial(k, suspect, member, controls):
    """The partial correlation less that of exchangeable models, in units of the case's placebos."""
    count, others = len(controls), list(controls)
    seen, own, among = [], [], []
    for view in STYLE:
        block = k[view][np.ix_(others, others)]
        level = level_of(block)
        expected = [level / (1 + given * level) for given in (count, count - 1, count - 2)]
        every, without = [suspect, member, *others], [suspect, *others]
        seen.append(correlations(k[view][np.ix_(every, every)], 0)[0] - expected[0])
        own.append(correlations(k[view][np.ix_(without, without)], 0) - expected[1])
        pairs = [np.insert(correlations(block, at), at, np.nan) for at in range(count)]
        among.append(np.stack(pairs)[np.triu_indices(count, 1)] - expected[2])
    placebos, rest = np.median(own, axis=0), np.median(among, axis=0)
    scale = np.sqrt((count * half_range(placebos) ** 2 + 10 * half_range(rest) ** 2) / (count + 10))
    return (np.median(seen) - np.median(placebos)) / scale


def lead(k, suspect, member, controls):
    """The mean of the leads by words and by runs of characters, in units of the same among the controls."""
    return np.mean([_lead(k, views, suspect, member, list(controls)) for views in (WORDS, RUNS)])


def _lead(k, views, suspect, member, controls):
    near, among = [], []
    for view in views:
        block = k[view][np.ix_(controls, controls)]
        level = level_of(block)
        room = max(1 - level, 0.05)
        near.append((k[view][suspect, [member, *controls]] - level) / room)
        among.append((block - level) / room)
    near, among = np.median(near, axis=0), np.median(among, axis=0)
    places = range(len(controls))
    null = [among[i, j] - max(among[i, q] for q in places if q not in (i, j)) for i in places for j in places if i != j]
    return (near[0] - near[1:].max() - np.median(null)) / half_range(null)


def log10_lr(z, ahead, controls, prompts, weights):
    """The log10 LR for a panel that was not seen."""
    long = np.log(np.clip(prompts, 30, 800) / 300)
    size = np.log(min(controls, 40) / 20)
    score = np.dot([np.arcsinh(z), ahead, size, long, np.arcsinh(z) * long], weights[:-1])
    variance = 0.5**2 + (0.3 * score) ** 2
    return (score + weights[-1]) / np.sqrt(1 + np.pi * variance / 8) / np.log(10)
