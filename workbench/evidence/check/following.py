"""Files of a pack that follow from its log and its other files: made again, to be compared."""

from __future__ import annotations

import json
from collections.abc import Mapping

from workbench.core.hashing import sha256
from workbench.core.model import Json
from workbench.evidence.check.log_statements import inside
from workbench.evidence.pack import bag
from workbench.evidence.pack.names import top_folder_of
from workbench.evidence.pack.payload import log_files
from workbench.evidence.pack.rebuilt_case import superseded_of
from workbench.evidence.pack.sealed import AUDIT_LOG, FORMAT


def following(log: bytes, sizes: Mapping[str, int], hashes: Mapping[str, str]) -> dict[str, bytes]:
    """The log as a table, its head, and the bag's facts and lists, of a pack whose log is sound.

    Raises ValueError, TypeError or LookupError where the log is not as the workbench writes it.
    """
    texts = log.decode().splitlines()
    lines = [json.loads(text) for text in texts]
    made = {path: data for path, data in log_files(texts).items() if path != AUDIT_LOG}
    within = {path: bag.Digest(hashes[path], size) for path, size in sizes.items() if path.startswith("data/")}
    within |= {path: bag.Digest(sha256(data), len(data)) for path, data in made.items()}
    size = sum(digest.size for digest in within.values())
    said = {**facts(lines), "Payload-Oxum": f"{size}.{len(within)}"}
    return made | {"bagit.txt": bag.DECLARATION, "bag-info.txt": bag.bag_info(said)}


def facts(lines: list[dict[str, Json]]) -> dict[str, str]:
    """The facts of bag-info.txt but the size of the payload, as the log states them."""
    first, last = lines[0], lines[-1]
    case, number = str(first["object"]["case"]), int(last["object"]["export"])
    born = first["options"]
    return {
        "Bagging-Date": last["time"][:10],
        "Bag-Software-Agent": last["tool"],
        "Case-Identifier": case,
        "External-Description": born["title"],
        "External-Identifier": top_folder_of(case, number),
        "Audit-Log-Head": last["hash"],
        "Examiner": born["examiner"],
        "Original-Data": "left out" if inside(last, "options", "choices", "originals") is False else "included",
        "Pack-Format": str(FORMAT),
        "Pack-Number": str(number),
        "Prepared": last["time"],
        "Supersedes": superseded_of(lines, number),
    }
