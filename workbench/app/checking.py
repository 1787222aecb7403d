"""Checking what was sealed, and rebuilding a case whose database is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from workbench.app.requests import VerifyProblem, VerifyReport
from workbench.app.session import Session, case_folder
from workbench.core.conditions import Conditions
from workbench.core.errors import BadInputError
from workbench.core.model import Json, Response
from workbench.core.progress import Progress, silent
from workbench.importers.base import Record


def verify_path(path: Path, head: str | None, conditions: Conditions, progress: Progress = silent) -> VerifyReport:
    """Check a pack (zip or unpacked) or a case; raises BadInputError for a path that is neither."""
    folder = case_folder(path)
    if _is_case(folder):
        return _verify_case(folder, head, conditions, progress)
    if not path.exists():
        raise BadInputError(f"{path} does not exist.")
    from workbench.evidence.check import verify_pack

    problems = tuple(VerifyProblem(p.path, p.what, p.detail) for p in verify_pack(path, progress, head=head))
    return VerifyReport(not problems, "pack", problems)


def _is_case(folder: Path) -> bool:
    return folder.is_dir() and any((folder / name).exists() for name in ("case.db", "ledger.jsonl", "originals"))


def _verify_case(folder: Path, head: str | None, conditions: Conditions, progress: Progress) -> VerifyReport:
    if not (folder / "case.db").exists():
        words = f"The database is gone: `workbench rescue {folder} NEW` rebuilds it."
        return VerifyReport(ok=False, kind="case", problems=(VerifyProblem("case.db", "removed", words),))
    with Session.open(folder, conditions=conditions, writing=False) as session:
        return session.verify(head, progress)


def rescue_case(folder: Path, new: Path, conditions: Conditions, progress: Progress = silent) -> Path:
    """Rebuild a case from its originals and its ledger.jsonl into a new folder, and return that folder."""
    from workbench.store import rescue

    target = new if new.suffix == ".case" else new.with_name(new.name + ".case")
    rescue(
        case_folder(folder), target, conditions, progress, read=_read_again(case_folder(folder)), read_prompts=_prompts
    )
    return target


def _read_again(folder: Path) -> Callable[[Path, str, str, Json], Iterator[Record]]:
    """Reads a kept original by the importer and the options of its ledger line."""
    from workbench.importers import Options, by_key, open_file

    def read(original: Path, name: str, importer: str, options: Json) -> Iterator[Record]:
        prompts = folder / "originals" / options["prompts"]["sha256"] if options["prompts"] else None
        reading = Options(mapping=options["mapping"], prompts=prompts, model=options["model"])
        model = options["model"]
        for record in by_key(importer).read(open_file(original, name), reading, silent):
            yield record._replace(model=model) if model and isinstance(record, Response) else record

    return read


def _prompts(original: Path, name: str) -> list[tuple[str, str]]:
    from workbench.importers.prompts import prompt_texts

    return list(prompt_texts(original).items())
