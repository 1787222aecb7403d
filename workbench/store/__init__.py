"""The case on disk: the only place that knows SQL."""

from workbench.store.case import Case
from workbench.store.disk_state import require_space
from workbench.store.examination.pending import Stretch, Unexamined, Unseen
from workbench.store.examination.read import Examined
from workbench.store.examination.redactions import Redaction
from workbench.store.examination.write import Alike, Examination, FoundSecret, Seen
from workbench.store.fulltext import Hit
from workbench.store.importing.open_import import Intake
from workbench.store.ledger import LedgerLine
from workbench.store.queries import StoredAnswer
from workbench.store.rescue import rescue
from workbench.store.rows import (
    CaseFacts,
    CorpusCounts,
    DuplicateRow,
    Export,
    ImportCounts,
    ImportRow,
    Joining,
    OpenImport,
    Place,
    Problem,
    RejectedRow,
    StoredFinding,
    TakenSource,
    facts_from_json,
    facts_gathered,
    facts_json,
)
from workbench.store.vault import original_in
from workbench.store.verify.verify import verify_case

__all__ = [
    "Alike",
    "Case",
    "CaseFacts",
    "CorpusCounts",
    "DuplicateRow",
    "Examination",
    "Examined",
    "Export",
    "FoundSecret",
    "Hit",
    "ImportCounts",
    "ImportRow",
    "Intake",
    "Joining",
    "LedgerLine",
    "OpenImport",
    "Place",
    "Problem",
    "Redaction",
    "RejectedRow",
    "Seen",
    "StoredAnswer",
    "StoredFinding",
    "Stretch",
    "TakenSource",
    "Unexamined",
    "Unseen",
    "facts_from_json",
    "facts_gathered",
    "facts_json",
    "original_in",
    "require_space",
    "rescue",
    "verify_case",
]
