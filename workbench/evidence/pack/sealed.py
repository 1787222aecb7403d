"""What the ledger line of a pack seals: the digest of every file in it but those that follow from the log itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.core.hashing import sha256
from workbench.core.model import Json
from workbench.evidence.pack.bag import MANIFEST, UNLISTED, manifest
from workbench.evidence.pack.names import CUSTODY

FORMAT = 2
"""Packs of this format seal their contents in the log; those before it had no number."""

AUDIT_LOG = f"{CUSTODY}audit_log.jsonl"
AUDIT_HEAD = f"{CUSTODY}audit_head.txt"
CUSTODY_TABLE = f"{CUSTODY}custody.csv"
COPY = f"{CUSTODY}copy.json"
"""Says that a pack is a redacted copy, of which pack, and what was taken out; a full pack has no such file."""

FOLLOWING = frozenset({AUDIT_LOG, AUDIT_HEAD, CUSTODY_TABLE, MANIFEST, "bagit.txt", "bag-info.txt", *UNLISTED})
"""Files that hold the line that seals the others, or follow from them: the check makes each of them again."""

LISTED = 500
"""A folder with at most so many files has each of them in the line; a larger one has the digest of its list."""


def sealed(hashes: Mapping[str, str]) -> dict[str, Json]:
    """What the line holds of some files, given by path with the SHA-256 of each."""
    kept = {path: digest for path, digest in sorted(hashes.items()) if path not in FOLLOWING}
    folders: dict[str, dict[str, str]] = {}
    for path, digest in kept.items():
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder, {})[name] = digest
    return {
        "format": FORMAT,
        "files": len(kept),
        "sha256": sha256(manifest(kept)),
        "folders": {folder: of_folder(names) for folder, names in folders.items()},
    }


def of_folder(names: Mapping[str, str]) -> Json:
    """What the line holds of one folder: each file with its digest, or the digest of the list of a large one."""
    return dict(names) if len(names) <= LISTED else sha256(manifest(names))


def differences(stated: Json, hashes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Where files differ from what a line holds: the path, and whether it was changed, removed or added.

    Raises KeyError, TypeError or AttributeError for what is no such record.
    """
    return compared(stated, sealed(hashes))


def compared(stated: Json, now: Json) -> Iterator[tuple[str, str]]:
    """Where one record of contents differs from another, as `differences` tells it."""
    if now == stated:
        return
    then: Mapping[str, Json] = stated["folders"]
    found = False
    for folder in sorted(then.keys() | now["folders"].keys()):
        for name, what in _in_folder(then.get(folder, {}), now["folders"].get(folder, {})):
            found = True
            yield f"{folder}/{name}".strip("/"), what
    if not found:
        yield AUDIT_LOG, "changed"


def _in_folder(old: Json, new: Json) -> Iterator[tuple[str, str]]:
    if old == new:
        return
    if isinstance(old, str) or isinstance(new, str):
        yield "", "changed"
        return
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield name, "removed"
        elif name not in old:
            yield name, "added"
        elif old[name] != new[name]:
            yield name, "changed"
