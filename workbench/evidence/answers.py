"""The digest of a corpus, computed anew from its normalised answers."""

from __future__ import annotations

import hashlib
from binascii import hexlify
from collections.abc import Iterable

import orjson

from workbench.core.model import Json
from workbench.core.text import normal_prompt

UNKNOWN_PROMPT = bytes(32)
_BITE = 32 * 4000


class AnswerError(ValueError):
    """A line that is no normalised answer, or does not agree with itself; the text says why."""


def corpus_digest(lines: Iterable[bytes], name: str) -> str:
    """SHA-256 over the sorted digests of a corpus's answers, each as hexadecimal digits and a line feed.

    Takes 64 bytes of memory for each answer, however long it is. Raises AnswerError for a line that is
    no answer of the corpus of that name.
    """
    import numpy as np

    digests = bytearray()
    for number, line in enumerate(lines, 1):
        try:
            digests += _digest(line, name)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise AnswerError(f"Line {number} of it is not an answer as the workbench writes it") from error
    ordered = np.sort(np.frombuffer(digests, dtype="S32")).tobytes()
    hasher = hashlib.sha256()
    for at in range(0, len(ordered), _BITE):
        hasher.update(hexlify(ordered[at : at + _BITE], "\n", 32) + b"\n")
    return hasher.hexdigest()


def _digest(line: bytes, name: str) -> bytes:
    """The digest of one record: of its prompt, its text and, where any is known, what tells it from others."""
    answer: Json = orjson.loads(line)
    # A key that is there twice would show one reader this text and another reader that one.
    if orjson.dumps(answer, option=orjson.OPT_SORT_KEYS) != line or answer["model"] != name:
        raise AnswerError
    text = hashlib.sha256(answer["response"].encode()).digest()
    prompt = UNKNOWN_PROMPT
    if answer["prompt"] is not None:
        prompt = hashlib.sha256(normal_prompt(answer["prompt"]).encode()).digest()
    asked = None if prompt is UNKNOWN_PROMPT else prompt.hex()
    if (text.hex(), asked) != (answer["sha256"], answer["prompt_sha256"]):
        raise AnswerError
    told = (answer["prompt_key"], answer["record_id"], answer["sample"])
    return hashlib.sha256(prompt + text + (b"" if told == (None, None, None) else orjson.dumps(told))).digest()
