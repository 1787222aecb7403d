"""Similarities of a case, built once on all cores and kept in the user's cache folder.

The cache is never part of a case, a pack or a hash; deleting it costs time and nothing else.
"""

from __future__ import annotations

import json
import os
import time
import unicodedata
import uuid
import zipfile
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from workbench.app.parallel import in_turn
from workbench.core.errors import RefusedError
from workbench.core.hashing import canonical, sha256
from workbench.core.progress import Progress
from workbench.core.selection import Block, Similarities

if TYPE_CHECKING:
    from workbench.analyses.scoring.similarity import PromptBlocks

CACHE_LIMIT = 4_000_000_000
"""Bytes that the cache may take; the oldest files go first."""

FORM = 2
"""Changes whenever a cached file holds other arrays."""

BUDGET = 4_000_000_000
"""Bytes that the similarities of a case may take in memory; a case that needs more is refused."""

_STALE = 3600
"""Seconds after which no program is still writing an unfinished file."""

_CHUNK = 8
"""Prompts that a worker is handed at once; the numbers do not depend on it."""

_SMALL = 4_000_000
"""Below so many characters a block is worked in this process: starting workers would take longer."""

_Kind = TypeVar("_Kind", bound=np.generic)

Chunk = list[list[list[str]]]


def default_cache() -> Path:
    """The folder of cached similarities for this user."""
    from platformdirs import user_cache_path

    return user_cache_path("distillation-workbench", appauthor=False) / "views"


def similarities(
    blocks: Iterator[Block],
    models: Sequence[str],
    n_prompts: int,
    digest_key: str,
    cache: Path | None,
    workers: int,
    progress: Progress,
) -> Similarities:
    """The similarities of the models on every prompt, from the cache where it has them.

    `blocks` is not begun when the cache answers. `digest_key` stands for the digests of the
    corpora in the order of `models`, `n_prompts` is how many prompts to expect, `cache` None keeps
    nothing. Raises Cancelled when `progress` does, RefusedError where they would not fit into memory.
    """
    from workbench.analyses.scoring.similarity import COMPUTED, VERSION

    made = [list(COMPUTED), VERSION, FORM, unicodedata.unidata_version, digest_key, list(models)]
    key = sha256(canonical(made))
    file = cache / f"{key}.npz" if cache is not None else None
    _refuse_too_large(len(models), n_prompts, len(COMPUTED))
    found = _read(file, models, key) if file is not None else None
    if found is None:
        found = _built(blocks, models, n_prompts, key, workers, progress)
        if file is not None:
            _write(file, found)
    progress(1.0, "texts compared")
    return found


def _refuse_too_large(models: int, prompts: int, views: int) -> None:
    needed = 4 * views * prompts * models * models
    if needed > BUDGET:
        fit = int((BUDGET / (4 * views * max(1, prompts))) ** 0.5)
        raise RefusedError(
            f"Comparing {models} corpora on {prompts} prompts needs {needed / 1e9:.1f} GB of memory, and "
            f"{BUDGET / 1e9:.0f} GB are allowed.",
            hint=f"So many prompts allow {fit} corpora: set some aside, or make a case of fewer.",
        )


def _built(
    blocks: Iterator[Block],
    models: Sequence[str],
    n_prompts: int,
    key: str,
    workers: int,
    progress: Progress,
) -> Similarities:
    from workbench.analyses.scoring.similarity import COMPUTED

    count = len(models)
    values = {view: np.zeros((n_prompts, count, count), dtype=np.float32) for view in COMPUTED}
    present = np.zeros((n_prompts, count), dtype=np.bool_)
    tokens = np.zeros((n_prompts, count), dtype=np.float32)
    languages = np.zeros((n_prompts, count), dtype=np.int16)
    prompts: list[str] = []
    done = 0
    with closing(_results(blocks, models, workers, prompts)) as results:
        for result in results:
            end = done + len(result.values)
            if end > len(present):
                present, tokens = _longer(present, end), _longer(tokens, end)
                languages = _longer(languages, end)
                values = {view: _longer(array, end) for view, array in values.items()}
            for at, view in enumerate(COMPUTED):
                values[view][done:end] = result.values[:, at]
            present[done:end], tokens[done:end], languages[done:end] = result.present, result.tokens, result.languages
            done = end
            progress(min(1.0, done / max(1, n_prompts)), f"comparing texts: {done} of {n_prompts} prompts")
    kept = {view: array[:done] for view, array in values.items()}
    return Similarities(tuple(models), tuple(prompts), present[:done], kept, key, tokens[:done], languages[:done])


def _longer(array: npt.NDArray[_Kind], least: int) -> npt.NDArray[_Kind]:
    """The array with more rows of zeros: the number of prompts that was announced is a guess."""
    size = max(least, len(array) + len(array) // 2)
    return np.concatenate([array, np.zeros((size - len(array), *array.shape[1:]), dtype=array.dtype)])


def _results(
    blocks: Iterator[Block], models: Sequence[str], workers: int, prompts: list[str]
) -> Generator[PromptBlocks]:
    """The results of all blocks, whose prompts go into `prompts`; the next block is read while one is worked.

    Blocks are read by the calling thread alone, because a database connection belongs to one thread. Broken
    off, what the workers are at is waited for.
    """
    from workbench.analyses.scoring.similarity import prompt_blocks

    waiting = next(blocks, None)
    while waiting is not None:
        block = waiting
        chunks = _chunks(block, models)
        with closing(in_turn(prompt_blocks, chunks, workers if _size(block) > _SMALL else 1)) as results:
            waiting = next(blocks, None)
            prompts.extend(block.prompts)
            yield from results


def _chunks(block: Block, models: Sequence[str]) -> list[Chunk]:
    rows = [[list(answers.get(model, ())) for model in models] for answers in block.answers]
    return [rows[at : at + _CHUNK] for at in range(0, len(rows), _CHUNK)]


def _size(block: Block) -> int:
    return sum(len(text) for answers in block.answers for texts in answers.values() for text in texts)


def _read(file: Path, models: Sequence[str], key: str) -> Similarities | None:
    """What a cache file holds; None where there is none or it is damaged (zip checks its CRCs)."""
    from workbench.analyses.scoring.similarity import COMPUTED

    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            prompts = tuple(json.loads(stored["prompts"].tobytes()))
            present, tokens, languages = stored["present"], stored["tokens"], stored["languages"]
            values = {view: stored[f"view_{view}"] for view in COMPUTED}
        os.utime(file)
    except (OSError, ValueError, KeyError, EOFError, TypeError, NotImplementedError, zlib.error, zipfile.BadZipFile):
        return None
    flat = (len(prompts), len(models))
    shapes = {present.shape, tokens.shape, languages.shape, *(array.shape[:2] for array in values.values())}
    if shapes != {flat} or {array.shape[2:] for array in values.values()} != {(len(models),)}:
        return None
    return Similarities(tuple(models), prompts, present, values, key, tokens, languages)


def _write(file: Path, found: Similarities) -> None:
    """Keep the similarities; a folder that can't be written is no reason to fail a run."""
    temporary = file.with_name(f".{uuid.uuid4().hex}.part")
    prompts = np.frombuffer(json.dumps(found.prompts).encode("ascii"), dtype=np.uint8)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(temporary, "w") as bundle:
            _member(bundle, "prompts", prompts)
            _member(bundle, "present", found.present)
            if found.tokens is not None:
                _member(bundle, "tokens", found.tokens)
            if found.languages is not None:
                _member(bundle, "languages", found.languages)
            for view, array in found.values.items():
                _member(bundle, f"view_{view}", array)
        temporary.replace(file)
        _trim(file.parent, keep=file)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _member(bundle: zipfile.ZipFile, name: str, array: npt.NDArray[np.generic]) -> None:
    """Write one array as numpy's own `savez` does, whose signature takes no mapping of one type."""
    with bundle.open(f"{name}.npy", "w", force_zip64=True) as stream:
        np.lib.format.write_array(stream, array, allow_pickle=False)


def _trim(folder: Path, keep: Path) -> None:
    """Drop what killed runs left, and the files that were used longest ago until the folder is within its limit."""
    for part in folder.glob(".*.part"):
        if part.stat().st_mtime < time.time() - _STALE:
            part.unlink(missing_ok=True)
    files = sorted(folder.glob("*.npz"), key=lambda path: path.stat().st_mtime)
    total = sum(path.stat().st_size for path in files)
    for path in files:
        if total <= CACHE_LIMIT or path == keep:
            continue
        total -= path.stat().st_size
        path.unlink(missing_ok=True)
