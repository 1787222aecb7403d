"""Folders as sources: packed into one archive that waits in the case until it is taken in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from workbench.core.errors import BadInputError, CaseError
from workbench.core.progress import Progress
from workbench.importers.containers.folder_archive import folder_size, pack_folder
from workbench.store import Case, require_space

LOOKED_AT = 200
"""So many files of a folder are looked at for a preview."""


def is_folder(path: Path) -> bool:
    """Whether the path is a folder, through a link or not."""
    try:
        return path.is_dir()
    except OSError:
        return False  # whatever is wrong with it, taking it in says so in words


def folder_name(path: Path) -> str:
    """What a folder's archive is called in the case."""
    return f"{path.resolve().name or 'folder'}.zip"


@contextmanager
def packed(case: Case, folder: Path, progress: Progress) -> Iterator[Path]:
    """The folder as one archive, the same bytes whenever its files are, gone afterwards.

    It waits where broken-off copies wait, which are swept when the case is opened. Raises BadInputError for a
    folder that can't be taken, CaseError when the disk has no room.
    """
    if case.facts.folder.resolve().is_relative_to(folder.resolve()):
        raise BadInputError(
            f"“{folder_name(folder).removesuffix('.zip')}” is a folder that holds this case itself.",
            hint="Put the answers into a folder of their own, and import that.",
        )
    # The archive and its copy among the originals; then the text with what the database needs beside it.
    require_space(case.facts.folder, folder_size(folder) * 7 // 2, "this folder")
    with ExitStack() as until:
        try:
            target, archive = until.enter_context(case.draft())
            pack_folder(folder, target, progress)
            target.close()
        except OSError as error:
            raise CaseError(
                f"The folder can't be packed into the case: {error.strerror or error}.",
                hint="Free some space, or choose a place that you may write to, and do it again.",
            ) from error
        yield archive
