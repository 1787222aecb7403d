"""Whether a suspect's answers are among those that a calibration was fitted on, judged by shares of answers.

A sketch keeps the smallest hashes of a corpus (Broder 1997, On the resemblance and containment of documents,
doi:10.1109/SEQUEN.1997.666900): the share of them that occur in other answers estimates the share of the corpus that
does. So neither a dropped answer nor an added one hides an overlap.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from workbench.core.hashing import canonical
from workbench.core.model import Json
from workbench.core.resources import resource
from workbench.core.selection import Selection
from workbench.core.statistics.fitted_calibration import Calibration

KEPT = 24
"""Hashes of a sketch."""

BYTES = 6
"""Bytes of a hash: among a million answers one in 12 million sketches meets a hash by chance."""

LEAST = 40
"""Characters of an answer, or of a sentence of it, that counts: shorter ones are the same in many models."""

OVERLAP = 0.2
"""From this share of a sketch on the answers overlap: with 24 hashes, five of them."""

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?\u3002\uff01\uff1f\n]+")


@dataclass(frozen=True, slots=True)
class Overlap:
    """A panel of the calibration that holds about this share of answers which the suspect gave, too."""

    panel: str
    share: float


def hashed(answers: Iterable[tuple[str, str]]) -> set[bytes]:
    """The hashes of answers and of their sentences, each with the digest of its prompt.

    Words alone count, in lower case: spaces, marks and line ends are changed without a trace. A sentence is hashed by
    itself, so that words that are added to an answer, taken from it or changed in it leave the others.
    """
    found = set()
    for prompt, text in answers:
        for piece in {text, *_SENTENCE_END.split(text)}:
            words = " ".join(_WORD.findall(piece.casefold()))
            if len(words) >= LEAST:
                found.add(hashlib.sha256(f"{prompt}\0{words}".encode("utf-8", "surrogatepass")).digest()[:BYTES])
    return found


def sketch(answers: Iterable[tuple[str, str]]) -> str:
    """The smallest hashes of some answers in ascending order, base64."""
    return base64.b64encode(b"".join(sorted(hashed(answers))[:KEPT])).decode("ascii")


def shared(stored: str, answers: set[bytes]) -> float:
    """The share of a sketch's hashes that some answers have."""
    data = base64.b64decode(stored)
    kept = [data[at : at + BYTES] for at in range(0, len(data), BYTES)]
    return sum(one in answers for one in kept) / len(kept) if kept else 0.0


def overlaps(selection: Selection, calibration: Calibration) -> tuple[Overlap, ...]:
    """The panels of a shipped calibration of which a corpus overlaps with the suspect's answers, the largest first."""
    known = _shipped()
    own = hashed((answer.prompt, answer.text) for answer in selection.answers(selection.question.suspect))
    found = []
    for panel in calibration.panels:
        most = max((shared(one, own) for one in known.get(str(panel.get("sha256")), ())), default=0.0)
        if most >= OVERLAP:
            found.append(Overlap(str(panel["name"]), most))
    return tuple(sorted(found, key=lambda one: -one.share))


def words(found: Sequence[Overlap], suspect: str) -> list[str]:
    """What a reader must be warned of; nothing where there is no overlap."""
    if not found:
        return []
    said = "; ".join(f"about {100 * one.share:.0f} % of a model's answers in {one.panel}" for one in found)
    return [
        f"The calibration was fitted on answers that {suspect} gave, too ({said}): the LR flatters the method. Its "
        "rates of error leave each suspect and its relatives out; this LR does not. No rung rests on it."
    ]


@cache
def _shipped() -> Mapping[str, Sequence[str]]:
    """The sketches of the corpora of each panel by the panel's SHA-256."""
    stored: Json = json.loads(resource("panel_sketches.json").read_bytes())
    return {digest: tuple(sketches) for digest, sketches in stored.items()}


def packed(panels: Mapping[str, Sequence[str]]) -> bytes:
    """The file of the sketches of panels, by the SHA-256 of each panel."""
    return canonical({digest: sorted(sketches) for digest, sketches in panels.items()})
