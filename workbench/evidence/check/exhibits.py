"""The exhibits of a pack made again from its audit log: their list, and whether each answer that they show is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import orjson

from workbench.core.exhibits import AnswerPlace, Register
from workbench.evidence.exhibits.listing import exhibit_list
from workbench.evidence.pack.names import ORIGINALS


def list_again(register: Register, hashes: Mapping[str, str]) -> bytes:
    """The list of exhibits as it follows from the log and the files as received that a pack has, by path and hash."""
    files = {digest: path.removeprefix(ORIGINALS) for path, digest in hashes.items() if path.startswith(ORIGINALS)}
    return exhibit_list(register.exhibits, files)


def without_answers(
    register: Register, corpora: Sequence[str], answers: Callable[[str], Iterable[bytes]]
) -> Iterator[str]:
    """The names of exhibits that stand and show an answer which its corpus does not have.

    `answers` yields the normalised answers of a corpus that is named in `corpora`, a line of JSON each. What a pack
    does not have a corpus of was imported under another name since, and the exhibit says that it is not there.
    """
    wanted: dict[str, dict[tuple[str, str, int, int], list[str]]] = {}
    for one in register.standing():
        for place in one.choice.answers:
            if place.model in corpora:
                wanted.setdefault(place.model, {}).setdefault(_key(place), []).append(one.name)
    missing: set[str] = set()
    for model, places in wanted.items():
        for line in answers(model):
            answer = orjson.loads(line)
            places.pop(tuple(map(answer.get, _PLACE)), None)
        missing.update(name for names in places.values() for name in names)
    yield from sorted(missing)


_PLACE = ("sha256", "source", "index", "offset")


def _key(place: AnswerPlace) -> tuple[str, str, int, int]:
    return place.sha256, place.source, place.index, place.offset
