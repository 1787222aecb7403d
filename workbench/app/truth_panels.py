"""Panels of known truth, read through the same importers and compared by the same code as a case."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.app.session import Session
from workbench.core.errors import BadInputError, RefusedError
from workbench.core.hashing import sha256_file, sha256_lines
from workbench.core.panel import Panel
from workbench.core.progress import Progress, part

if TYPE_CHECKING:
    from workbench.analyses.scoring.panel_cases import TruthPanel
    from workbench.core.surroundings import Conditions

LEAST_MODELS = 7


def material_of(path: Path, conditions: Conditions, cache: Path, workers: int, progress: Progress) -> TruthPanel:
    """A panel with its similarities, by way of a temporary case that is gone afterwards.

    Its digest is over the manifest and the answers. Raises BadInputError where the manifest does not fit,
    RefusedError where the panel holds too little truth.
    """
    from workbench.analyses.scoring.overlap import sketch
    from workbench.analyses.scoring.panel_cases import TruthPanel
    from workbench.importers.panel_manifest import read_manifest

    manifest = read_manifest(path)
    facts = {entry.name: entry.facts for entry in manifest.entries}
    pairs = list(Panel(facts).pairs())
    if len(facts) < LEAST_MODELS or not pairs:
        raise RefusedError(
            f"{path.name} has {len(facts)} models and {len(pairs)} pairs of a suspect and a family.",
            hint=f"A panel of known truth needs at least {LEAST_MODELS} models, some of them with documented sources.",
        )
    with (
        tempfile.TemporaryDirectory(prefix="workbench-panel-", ignore_cleanup_errors=True) as folder,
        Session.create(Path(folder) / "panel.case", conditions=conditions, cache=cache, workers=workers) as session,
    ):
        session.import_panel(path, progress=part(progress, 0, 0.3))
        corpora = [corpus for corpus in session.corpora() if corpus.role.compared]
        sketches = tuple(sketch(session.texts(corpus.name)) for corpus in corpora)
        found = session.similarities(part(progress, 0.3, 1.0))
    if not found.prompts:
        raise BadInputError(f"The models of {path.name} have no prompt in common.")
    answers = tuple(sorted(corpus.sha256 for corpus in corpora))
    digest = sha256_lines([sha256_file(path), *answers])
    known = {corpus.name: corpus.facts for corpus in corpora}
    return TruthPanel(
        manifest.dataset or path.parent.name,
        digest,
        {n: facts.get(n, known[n]) for n in known},
        found,
        answers,
        sketches,
    )
