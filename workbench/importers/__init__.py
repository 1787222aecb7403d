"""The importers: one format, one file."""

from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.choose import choose
from workbench.importers.containers.open import open_file
from workbench.importers.registry import IMPORTERS, by_key, claim

__all__ = [
    "IMPORTERS",
    "Claim",
    "Importer",
    "Opened",
    "Options",
    "Record",
    "by_key",
    "choose",
    "claim",
    "open_file",
]
