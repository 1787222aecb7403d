"""Checking what was sealed, and rebuilding a case whose database is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from shlex import quote

from workbench.app.requests import VerifyProblem, VerifyReport
from workbench.app.session import case_folder, new_folder
from workbench.core.errors import BadInputError, CaseError, RefusedError, UsageError, WorkbenchError
from workbench.core.model import Json
from workbench.core.progress import Progress, part, silent
from workbench.core.surroundings import Conditions
from workbench.core.text import one_line
from workbench.importers.base import Record
from workbench.importers.containers.zip_directory import entries

_FIRST_OF_BACKUP = 2


def verify_path(
    path: Path, head: str | None, conditions: Conditions, progress: Progress = silent, signer: str | None = None
) -> VerifyReport:
    """Check a pack (zip or unpacked) or a case; raises BadInputError for a path that is neither.

    `signer` is the fingerprint of a key that must have signed the pack.
    """
    folder = case_folder(path)
    try:
        if _is_case(folder):
            if signer is not None:
                raise UsageError("A case is not signed: its packs are.", hint="Leave out --signer.")
            return _verify_case(folder, head, progress)
        if not path.exists():
            raise BadInputError(f"{path} does not exist.")
    except OSError as error:
        raise BadInputError(f"{path} can't be opened: {error.strerror}.", hint="Check the path.") from error
    _refuse_backup(path)
    from workbench.evidence.check.check import check_pack

    checked = check_pack(path, progress, head=head, signer=signer)
    problems = tuple(VerifyProblem(p.path, p.what, p.detail) for p in checked.problems)
    kind = "redacted copy" if checked.notes else "pack"
    seal = tuple(checked.seal.words() if checked.seal else ())
    return VerifyReport(not problems, kind, problems, seal, checked.notes)


def _refuse_backup(path: Path) -> None:
    """Raise BadInputError, with the way back to the case, for a backup of one: it is checked once it is unpacked."""
    try:
        with path.open("rb") as file:
            names = [entry.name for entry in islice(entries(file), _FIRST_OF_BACKUP)]
    except (BadInputError, OSError):
        return  # the check of packs says what is wrong with it
    folder = names[0].rpartition("/")[0] if names else ""
    if folder and names == [f"{folder}/case.db", f"{folder}/ledger.jsonl"]:
        case = one_line(folder, 100)
        raise BadInputError(
            f"{path} is a backup of a case ({case}), not an evidence pack.",
            hint=f"Unpack it as any zip file: the folder {case} that comes out is the case, and "
            f"`workbench verify {quote(case)}` checks it.",
        )


def _is_case(folder: Path) -> bool:
    return folder.is_dir() and any((folder / name).exists() for name in ("case.db", "ledger.jsonl", "originals"))


def _verify_case(folder: Path, head: str | None, progress: Progress) -> VerifyReport:
    """Asks the store without opening the case first: a case that can't be opened has its problems named too."""
    from workbench.store import verify_case

    found = verify_case(folder, head=head, progress=progress)
    problems = tuple(VerifyProblem(p.path, p.what, p.detail) for p in found)
    return VerifyReport(not problems, "case", problems)


def damage_behind(folder: Path) -> CaseError | None:
    """Whether what a verb stumbled over lies in a case that is not as this program writes it, in words.

    None where the case is whole, so that the fault is the program's.
    """
    try:
        found = _verify_case(case_folder(folder), None, silent).problems
    except (WorkbenchError, OSError):
        return None
    if not found:
        return None
    return CaseError(
        f"The case is damaged, and this can't be done with it: {found[0].detail}",
        hint="`workbench verify CASE` names all that is wrong; `workbench rescue CASE NEW` rebuilds the case.",
    )


def rescue_case(folder: Path, new: Path, conditions: Conditions, progress: Progress = silent) -> Path:
    """Rebuild a case from its originals and its ledger.jsonl into a new folder, and return that folder.

    A case that is whole is refused: a rebuilt one has lost its findings and packs.
    """
    from workbench.store import rescue

    target, old = new_folder(new), case_folder(folder)
    if _is_whole(old, part(progress, 0, 0.2)):
        raise RefusedError(
            f"{old} is whole: there is nothing to rescue, and its findings would be lost.",
            hint="`workbench backup CASE FILE` keeps a copy of it.",
        )
    rescue(old, target, conditions, part(progress, 0.2, 1), read=read_again(old), read_prompts=prompts_in)
    return target


def _is_whole(folder: Path, progress: Progress) -> bool:
    try:
        return _is_case(folder) and _verify_case(folder, None, progress).ok
    except OSError:
        return False  # what can't be read may need the rescue, which says so in words if it can't be had


def read_again(folder: Path) -> Callable[[Path, str, str, Json], Iterator[Record]]:
    """Reads a kept original by the importer and the options of its ledger line."""
    from workbench.app.importing.facts_in_records import Provenance
    from workbench.importers.base import Options
    from workbench.importers.choose import by_key
    from workbench.importers.containers.open import open_file
    from workbench.importers.locate import records_of
    from workbench.importers.mapping.prompt_files import PromptFile
    from workbench.store import original_in

    def read(original: Path, name: str, importer: str, options: Json) -> Iterator[Record]:
        prompts = original_in(folder, options["prompts"]["sha256"]) if options["prompts"] else None
        encoding = options.get("encoding", {}).get("name", "")
        given = PromptFile(prompts) if prompts else None
        reading = Options(mapping=options["mapping"], prompts=given, model=options["model"], encoding=encoding)
        opened = open_file(original, name, encoding)
        return Provenance(options["model"]).through(records_of(by_key(importer), opened, reading, silent))

    return read


def prompts_in(original: Path, name: str) -> list[tuple[str, str]]:
    """The prompts of a file, by their ids."""
    from workbench.importers.mapping.prompt_files import prompt_texts

    return list(prompt_texts(original).items())
