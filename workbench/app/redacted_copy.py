"""Redacted copies of a pack: made of the case as it was when the pack was sealed; the ledger keeps rules and key."""

from __future__ import annotations

import dataclasses
import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.pack import check_path, contents_of
from workbench.app.requests import ExportReport, Redaction
from workbench.core.errors import RefusedError, UsageError
from workbench.core.hashing import sha256
from workbench.core.progress import Progress, silent
from workbench.core.redactions import COPY_MADE, Kind, Redactions, redactions_in
from workbench.core.secrets.typed import refuse_secrets
from workbench.evidence.pack.contents import PackContents, PackCopy
from workbench.evidence.redacted.codes import KEY_BYTES, Codes
from workbench.evidence.redacted.redactor import Redacting
from workbench.store import Case, Export

if TYPE_CHECKING:
    from workbench.app.sealing import Signs
    from workbench.evidence.redacted.redactor import Place


def export_copy(
    case: Case,
    path: Path,
    redactions: Redactions,
    number: int | None,
    progress: Progress,
    *,
    replace: bool,
    signing: Signs | None = None,
) -> ExportReport:
    """Write a redacted copy of a pack, the last one unless a number is given.

    Raises UsageError where there is no such pack or a rule can't be carried out, RefusedError where something that is
    to be taken out would be left in a file.
    """
    from workbench.evidence.pack.build import unsigned
    from workbench.evidence.redacted.build import SealedPack, build_copy

    check_path(path, replace=replace)
    packs = [pack.number for pack in case.exports()]
    if not packs:
        raise UsageError(
            "A redacted copy is one of a pack, and this case has none.", hint="`workbench export CASE PACK.zip` first."
        )
    refuse_secrets("The reason of a redaction", [*(rule.reason for rule in redactions.rules), redactions.requested_by])
    pack = case.export_again(max(packs) if number is None else number)
    line = json.loads(pack.ledger[-1])
    if "contents" not in line["options"]:
        raise RefusedError(
            f"Pack {pack.number} was made by an earlier version, which laid packs out otherwise.",
            hint="`workbench export CASE PACK.zip` makes a new one; the copy is made of that.",
        )
    contents = _contents(case, pack)
    key = secrets.token_bytes(KEY_BYTES)

    def record(lists: str) -> None:
        options = {"redactions": redactions.as_json(), "key": key.hex(), "lists": lists}
        case.notes.write(COPY_MADE, {"export": pack.number}, options, after=lists)

    made = case.open_export().begun
    built = build_copy(
        SealedPack(contents, pack.head, pack.ledger[-1]),
        PackCopy(made=made, head=pack.head, prompts=0, answers=0, counts={}, requested_by=redactions.requested_by),
        Redacting(redactions, key, _numbered(case, redactions)),
        signing.signers if signing else (),
        path,
        record,
        progress,
        signing.sign if signing else unsigned,
    )
    return ExportReport(path, pack.number, built.sha256, pack.head)


def _numbered(case: Case, redactions: Redactions) -> dict[int, Place]:
    """The places of the answers that rules name by number; raises UsageError for one that is not in the case."""
    found: dict[int, Place] = {}
    for rule in redactions.of(Kind.ANSWER):
        if not rule.what.isdecimal() or len(rule.what) > 12:
            raise UsageError(
                f"“{rule.what}” is no number of an answer.", hint="`workbench search CASE WORDS` has them."
            )
        answer = case.words.answer(int(rule.what))
        found[int(rule.what)] = (answer.corpus, answer.source.sha256, answer.place, answer.offset)
    return found


def redactions_of(case: Case, path: Path, progress: Progress = silent) -> list[Redaction]:
    """What each code of a copy stands for, with the salt by which somebody can be shown that it does.

    Raises UsageError for a copy that this case did not make.
    """
    from workbench.evidence.check.check import opened
    from workbench.evidence.pack.bag import TAG_MANIFEST
    from workbench.evidence.redacted.contents import redacted

    with opened(path) as members:
        lists = sha256(b"".join(members.chunks(TAG_MANIFEST))) if TAG_MANIFEST in members.sizes else ""
    for line in case.notes.read(COPY_MADE):
        if line.options["lists"] == lists:
            redactions = redactions_in(line.options)
            pack = case.export_again(line.object["export"])
            codes = Codes(bytes.fromhex(line.options["key"]))
            contents = dataclasses.replace(_contents(case, pack), ledger_lines=pack.ledger)
            redacted(contents, Redacting(redactions, b"", _numbered(case, redactions)), codes, progress)
            return [
                Redaction(one.code, one.kind, one.reason, one.text, codes.salt(one.code), codes.proof(one))
                for one in codes.by_code.values()
            ]
    raise UsageError(f"{path.name} is no copy that this case made.", hint="`workbench log CASE` lists them.")


def _contents(case: Case, pack: Export) -> PackContents:
    """What went into a pack, as it was before its own line."""
    previous = json.loads(pack.ledger[-1])["previous"]
    return contents_of(case, dataclasses.replace(pack, head=previous, line=pack.line - 1, ledger=pack.ledger[:-1]))
