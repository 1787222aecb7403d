"""What a Finding of `keyed_signal` says in sentences; rounding happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.analyses.direct_page import innocent_readings
from workbench.analyses.keyed_signal.values import ModelRow, SignalValues
from workbench.core.model import Finding, Narrative
from workbench.core.number_format import number, percent
from workbench.core.printed import p_value
from workbench.core.text import counted
from workbench.core.typed_json import read, rows

_MILLION = 1e6


def narrative(finding: Finding, limits: Sequence[str]) -> Narrative:
    """The Finding in sentences: rung 5 where the signal is there and no control carries it."""
    values = read(SignalValues, finding.values)
    rung = 0 if not values.found else 5 if values.alone else 1
    return Narrative(rung, _headline(values), tuple(_sentences(finding, values)), tuple(limits))


def chance(values: SignalValues) -> str:
    """How probable the marks are without the key, in a few words."""
    if not values.exact:
        return f"p = {p_value(values.keys_p)} among random keys, {number(values.keys_z, 1)} standard deviations"
    return f"p below {values.below:g}" if values.p is None else f"p = {p_value(values.p)}"


def _headline(values: SignalValues) -> str:
    on = f"({chance(values)}, n = {values.n_windows:,} windows)"
    if values.found:
        return f"The text of {values.suspect} carries the keyed signal “{values.signal}” of {values.protected} {on}."
    if values.exact and not values.sound:
        return (
            f"Nothing can be said of the signal “{values.signal}” in the text of {values.suspect}: random keys do not "
            f"behave as random keys here {on}."
        )
    return f"The keyed signal “{values.signal}” is not found in the text of {values.suspect} {on}."


def _sentences(finding: Finding, values: SignalValues) -> list[str]:
    said = [
        f"The mean mark is {number(values.mean, 4)}; without the key it would be {number(values.expected, 4)}.",
        f"Each of {values.n_windows:,} windows counts once over the whole text. Of {values.n_tokens:,} tokens "
        f"{values.repeated:,} repeated windows and {values.in_prompts:,} that stand in prompts were left out.",
        f"The set-up works: in the positive sample ({values.positive}, {values.positive_windows:,} windows) the mean "
        f"mark is {number(values.positive_mean, 4)}. The signal was found there before anything else was looked at.",
        _keys(values),
        f"The ledger holds a commitment to the key of {values.committed} (HMAC-SHA256 {values.commitment[:16]}…), from "
        "before this search. The key stays in the keyring.",
        _power(values),
    ]
    if values.n_controls:
        said.append(
            f"{values.controls_found} of {counted(values.n_controls, 'control carries', 'controls carry')} it; the "
            f"suspect's rank is {values.rank} of {values.n_controls + 1} (p_model {p_value(values.p_model)})."
        )
    if values.one_list and values.found and not values.alone:
        said.append("One list of tokens serves all text, so that 19 controls without the signal would be needed.")
    if values.ceiling is not None:
        most = f"{values.ceiling:,.0f}" if values.ceiling < _MILLION else "a number beyond a million"
        said.append(f"A p-value of this size is worth a likelihood ratio of at most {most}.")
    return said + innocent_readings(finding)


def _keys(values: SignalValues) -> str:
    start = f"Of {values.keys:,} random keys on {values.keys_windows:,} of the windows"
    rank = f"the true key's rank comes to p = {p_value(values.keys_p)}"
    if not values.exact:
        return f"{start}, which are the null, {rank}: {number(values.keys_z, 1)} standard deviations above their mean."
    verdict = "are uniform" if values.sound else "are NOT uniform"
    return (
        f"{start} the p-values {verdict} (Kolmogorov-Smirnov p = {p_value(values.keys_uniform)}; spread "
        f"{number(values.keys_spread)} of that of independent marks), and {rank}."
    )


def _power(values: SignalValues) -> str:
    said = f"With so many windows a mean mark of {number(values.smallest, 4)} is found at p = 1e-6 in half of all cases"
    if values.share_needed is None:
        return f"{said}; a weaker one may be missed, so that nothing found clears no one."
    if values.share_needed >= 1:
        return f"{said}: more than text that is marked throughout shows. Nothing found would say nothing."
    return (
        f"{said}. Text of which {percent(values.share_needed)} is marked as the positive sample is shows that much; a "
        "smaller share may be missed, so that nothing found clears no one."
    )


def description(finding: Finding) -> str:
    """The suspect among random keys and controls, in words."""
    values = read(SignalValues, finding.values)
    controls = [row.z for row in rows(ModelRow, finding.tables["by_model"]) if row.role == "control"]
    said = (
        f"Standard deviations above a random key: {values.suspect} {number(values.z, 1)}; under the true key among "
        f"{values.keys} random ones {number(values.keys_z, 1)}"
    )
    if controls:
        said += (
            f"; {counted(len(controls), 'control', 'controls')} from {number(min(controls), 1)} to "
            f"{number(max(controls), 1)}"
        )
    return f"{said}."
