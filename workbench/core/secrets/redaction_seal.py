"""How a redaction is sealed: one line of plain ASCII for each secret, the same in a case and in a pack."""

from __future__ import annotations

from workbench.core.hashing import canonical

COLUMNS = ("place", "field", "text_sha256", "start", "length", "kind", "sha256", "masked_sha256")
"""The columns of redaction_log.csv: all but the first are sealed."""

IDS = ("prompt_key", "record_id", "sample")
"""What tells a record from others beside its texts: fields of a redaction as well."""

EXAMINED = "case examined"
"""The action of the ledger line that seals an examination."""


def sealed_line(field: str, text: str, start: int, length: int, kind: str, digest: str, masked: str) -> str:
    """The line that goes into the seal; digests are hexadecimal, places are left out."""
    return canonical([field, text, start, length, kind, digest, masked]).decode("ascii")
