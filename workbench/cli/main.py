"""The verbs of the command line."""

from __future__ import annotations


def run(arguments: list[str]) -> int:
    """Run one verb and return its exit code."""
    return 2
