"""How the flags of an answer are stored: one after the other, each with a line feed behind it."""

from __future__ import annotations

FLAGS_END = "\n"

REPEATED = "repeated text"
"""Flag of an answer that came before, to the same prompt in the same corpus, from another call."""


def flags_of(text: str) -> list[str]:
    """The flags of an answer as they were stored."""
    return text.split(FLAGS_END)[:-1]
