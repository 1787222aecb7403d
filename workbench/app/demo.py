"""The main job on the synthetic sample case, end to end: import, examine, plan, run, export and sign, verify."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from workbench.app.session import Session
from workbench.app.verify import verify_path
from workbench.core.errors import CaseError
from workbench.core.progress import Progress, part, silent
from workbench.core.resources import resource
from workbench.core.surroundings import Conditions
from workbench.evidence.seal.sshsig import Signature, to_sign
from workbench.evidence.seal.state import NAMESPACE, Signer

DEMONSTRATION_KEY = "demonstration-key-that-shows-nothing"
"""Its private part is the SHA-256 of its name: whoever reads this can sign with it, so that it shows nothing."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demonstration made: the case, its signed pack, whether it verifies, and the answer in one sentence."""

    case: Path
    pack: Path
    verified: bool
    finding: str


class DemonstrationKey:
    """Signs with a key that says in its name that it is worth nothing."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(DEMONSTRATION_KEY.encode()).digest())

    @property
    def signers(self) -> tuple[Signer, ...]:
        """The one signer."""
        return (Signer(DEMONSTRATION_KEY, self._key.public_key().public_bytes_raw()),)

    def sign(self, tag_manifest: bytes) -> tuple[Signature, ...]:
        """Its signature."""
        return (Signature(self.signers[0].public, self._key.sign(to_sign(tag_manifest, NAMESPACE))),)


def run_demo(folder: Path, conditions: Conditions, progress: Progress = silent) -> Demo:
    """Do the main job in a folder; an earlier demonstration there is left alone. Raises CaseError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CaseError(f"{folder} can't be made: {error.strerror}.", hint="Name another folder.") from error
    case = next(path for n in count(1) if not (path := folder / _name(n)).exists())
    pack = case.with_name(case.stem + "-pack.zip")
    sample = json.loads(resource("sample_case/case.json").read_text("utf-8"))
    with Session.create(case, title=sample["title"], conditions=conditions) as session:
        panel = resource("sample_case/panel.json")
        session.import_panel(panel, sample["suspect"], sample["protected"], part(progress, 0, 0.1))
        session.examine(part(progress, 0.1, 0.2))
        planned, _ = session.draft_plan(part(progress, 0.2, 0.25))
        session.lock_plan(planned)
        session.run_plan(part(progress, 0.25, 0.75))
        session.export(pack, progress=part(progress, 0.75, 0.95), signing=DemonstrationKey())
        opinion = session.findings()[-1].narrative.headline
    report = verify_path(pack, None, conditions, part(progress, 0.95, 1.0))
    return Demo(case, pack, report.ok, opinion)


def _name(number: int) -> str:
    return "sample.case" if number == 1 else f"sample-{number}.case"
