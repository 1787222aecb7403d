"""Phrases that no report may use: what an examiner types is searched for them, and so are the program's own texts.

Each claims more than answers can show: that it happened, how probable it is, that someone meant it, that a law or a
contract was broken. The report states what was found and how often the method errs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from workbench.core.errors import UsageError
from workbench.core.secrets.typed import refuse_secrets

_NEVER: tuple[tuple[str, str], ...] = (
    (r"(?:was|were|is|are|been|being) distilled", "say how many times more probable the answers are"),
    (r"(?<!not the )(?:probability|chance|likelihood) (?:that|of) \S+ (?:was|were|having been|being) \w+",
     "a ratio is no probability of the allegation"),
    (r"(?:is|are|was|were|a|an|exact|perfect|positive|same) match(?:es)?", "name what is alike, and how much"),
    (r"finger-?prints? (?:proves?|shows?)", "name what is alike, and how much"),
    (r"scientific(?:ally)? certain(?:ty)?", "state the error rates"),
    (r"(?:reasonable|high) degree of certainty|(?:beyond|without) (?:any |a |all )?(?:reasonable )?doubt",
     "state the error rates"),
    (r"tamper-?proof", "say tamper-evident"),
    (r"(?<!not )prov(?:es|en|ed) (?:that|to)", "say what was found"),
    (r"(?:deliberate|intentional|wilful|willful)(?:ly)?|on purpose", "the answers say nothing of intent"),
    (r"(?:stole|stolen|theft|plagiari[sz]\w*|pirated?)", "the answers say nothing of permission"),
    (r"(?:in|a clear|committed a|committed) breach", "the answers say nothing of terms or contracts"),
    (r"known(?:-| to be )innocent", "say with no known link"),
    (r"striking(?:ly)? similar(?:ity|ities)?", "name what is alike, and how much"),
)  # fmt: skip
"""Each phrase, and what to write in its place."""

_PATTERN = re.compile("|".join(rf"\b(?P<p{at}>{phrase})\b" for at, (phrase, _) in enumerate(_NEVER)), re.IGNORECASE)


class Refused(NamedTuple):
    """A phrase as it stands in a text, and what to do instead."""

    phrase: str
    instead: str


def refused(text: str) -> list[Refused]:
    """The phrases of a text that no report may use, in their order."""
    found = []
    for match in _PATTERN.finditer(text):
        at = next(int(name[1:]) for name, own in match.groupdict().items() if own is not None)
        found.append(Refused(match[0], _NEVER[at][1]))
    return found


def check_typed(what: str, texts: Iterable[str]) -> None:
    """Raise UsageError where what an examiner typed holds such a phrase, or a secret.

    `what` says where it was typed.
    """
    typed = list(texts)
    refuse_secrets(what, typed)
    for text in typed:
        for one in refused(text):
            raise UsageError(
                f"{what} says “{one.phrase}”, which no report of this program may say.",
                hint=f"Instead: {one.instead}. What was typed stands in the log and in packs for good.",
            )
