"""The digest of a corpus, computed again from its normalised answers."""

from __future__ import annotations

import hashlib
from binascii import hexlify
from collections.abc import Iterable, Set

import orjson

from workbench.core.hashing import sha256_text
from workbench.core.model import Json
from workbench.core.prepared_answers import UNKNOWN_PROMPT, record_digest
from workbench.core.secrets.redaction_seal import IDS
from workbench.core.text import normal_prompt

_BITE = 32 * 4000


class AnswerError(ValueError):
    """A line that is no normalised answer, or does not agree with itself; the text says why."""


Redacted = Set[tuple[str, str, str]]
"""What a pack's redaction log allows: field, SHA-256 of a text (or digest of a record), and the same of it masked."""


def corpus_digest(lines: Iterable[bytes], name: str, redacted: Redacted = frozenset()) -> str:
    """SHA-256 over the sorted digests of a corpus's answers, each as hexadecimal digits and a line feed.

    A text that is masked stands for the text of the SHA-256 that it states, if the redaction log has the two
    together. Takes 64 bytes of memory for each answer, however long it is. Raises AnswerError for a line that
    is no answer of the corpus of that name.
    """
    import numpy as np

    digests = bytearray()
    for number, line in enumerate(lines, 1):
        try:
            digests += _digest(line, name, redacted)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise AnswerError(f"Line {number} of it is not an answer as the workbench writes it") from error
    ordered = np.sort(np.frombuffer(digests, dtype="S32")).tobytes()
    hasher = hashlib.sha256()
    for at in range(0, len(ordered), _BITE):
        hasher.update(hexlify(ordered[at : at + _BITE], "\n", 32) + b"\n")
    return hasher.hexdigest()


def _digest(line: bytes, name: str, redacted: Redacted) -> bytes:
    """The digest of one record: of its prompt, its text and, where any is known, what tells it from others."""
    answer: Json = orjson.loads(line)
    # A key that is there twice would show one reader this text and another reader that one.
    if orjson.dumps(answer, option=orjson.OPT_SORT_KEYS) != line or answer["model"] != name:
        raise AnswerError
    masked = answer.get("masked", {})
    text = sha256_text(answer["response"])
    if "response" in masked:
        text = _behind("answer", answer["sha256"], text, masked["response"], redacted)
    asked = None
    if answer["prompt"] is not None and "prompt" in masked:
        shown = sha256_text(answer["prompt"])
        asked = _behind("prompt", answer["prompt_sha256"], shown, masked["prompt"], redacted)
    elif answer["prompt"] is not None:
        asked = sha256_text(normal_prompt(answer["prompt"]))
    if (text, asked) != (answer["sha256"], answer["prompt_sha256"]):
        raise AnswerError
    told = (answer["prompt_key"], answer["record_id"], answer["sample"])
    prompt = UNKNOWN_PROMPT if asked is None else bytes.fromhex(asked)
    whole = record_digest(prompt, bytes.fromhex(text), *told)
    return _behind_ids(answer["record_sha256"], whole.hex(), masked["ids"], redacted) if "ids" in masked else whole


def _behind_ids(stated: str, shown: str, masked: str, redacted: Redacted) -> bytes:
    """The digest of the record behind one whose ids are masked, where the log allows that it is shown so."""
    if shown != masked or not any((field, stated, masked) in redacted for field in IDS):
        raise AnswerError
    return bytes.fromhex(stated)


def _behind(field: str, stated: str, shown: str, masked: str, redacted: Redacted) -> str:
    """The SHA-256 of the text behind a masked one, where the log allows that it is shown so."""
    if shown != masked or (field, stated, masked) not in redacted:
        raise AnswerError
    return stated
