"""Words that somebody types, which the ledger keeps for good: none may hold a secret."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.core.errors import UsageError
from workbench.core.secrets.find import find_in


def refuse_secrets(what: str, texts: Iterable[str]) -> None:
    """Raise UsageError where one of the texts has the form of a secret; `what` names where it was typed."""
    for secrets in find_in(list(texts)).values():
        raise UsageError(
            f"{what} holds what has the form of a secret ({secrets[0].kind}).",
            hint="Leave it out: what is typed stands in the log and in packs for good.",
        )
