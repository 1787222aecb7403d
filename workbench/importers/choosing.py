"""Which importer reads a file: the one that was named, or the one that knows its content."""

from __future__ import annotations

from workbench.importers.base import Importer, Opened, Options
from workbench.importers.registry import by_key, claim


def choose(opened: Opened, options: Options, key: str | None = None) -> Importer:
    """The importer named by `key`, or else the one that claims the file.

    Raises BadInputError, with what the file is and how it could be mapped, when there is none.
    """
    if key is not None:
        return by_key(key)
    claims = claim(opened, options)
    if len(claims) == 1:
        return claims[0][0]
    from workbench.importers.preview import refusal

    raise refusal(opened)
