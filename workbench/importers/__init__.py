"""The importers: one format, one file."""

from workbench.importers.base import Claim, Importer, Opened, Options, Record
from workbench.importers.choose import IMPORTERS, by_key, choose, recognise
from workbench.importers.containers.open import open_file
from workbench.importers.recognise import Recognised

__all__ = [
    "IMPORTERS",
    "Claim",
    "Importer",
    "Opened",
    "Options",
    "Recognised",
    "Record",
    "by_key",
    "choose",
    "open_file",
    "recognise",
]
