"""The prompt kit: a folder with which suspect, protected and control answers are collected alike."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench import __version__
from workbench.app.kit import protocol, request_files
from workbench.app.kit.battery import KitPrompt, battery
from workbench.app.kit.planned_kit import FORMATS, KitPlan, KitRequest, planned
from workbench.core.errors import Cancelled, CaseError, RefusedError, WorkbenchError
from workbench.core.hashing import canonical, sha256
from workbench.core.progress import Progress, silent

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class KitFile:
    """One file of a kit."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Kit:
    """A kit as it was written; `sha256` is that of its manifest."""

    folder: Path
    prompts: int
    requests: int
    files: tuple[KitFile, ...]
    sha256: str
    placeholder: bool


def write_kit(folder: Path, request: KitRequest, progress: Progress = silent) -> Kit:
    """Write a kit into a new or empty folder: the same bytes for the same request and version.

    Raises UsageError for a request that can't be, RefusedError for a folder with something in it, CaseError
    where it can't be written. Whatever fails leaves nothing behind.
    """
    plan = planned(request)
    makers = _makers(plan)
    made = _made_ready(folder)
    done: list[KitFile] = []
    names: list[str] = []
    try:
        for at, (name, make) in enumerate(makers.items()):
            progress(at / len(makers), name)
            done.append(_written(folder, name, make(), names))
        manifest = _written(folder, MANIFEST, [_manifest(plan, done)], names)
        progress(1.0, MANIFEST)
    except (OSError, WorkbenchError, Cancelled) as error:
        _clear(folder, names, whole=made)
        if isinstance(error, OSError):
            raise _unwritable(folder, error) from error
        raise
    placeholder = not request.model and bool({"openai", "compatible", "anthropic"} & set(request.formats))
    return Kit(folder, len(plan.prompts), len(plan.asked), (*done, manifest), manifest.sha256, placeholder)


def _makers(plan: KitPlan) -> dict[str, Callable[[], Iterable[bytes]]]:
    """The files of the kit by name, in the order in which they are written."""
    prompts, asked, sending, repeats = plan.prompts, plan.asked, plan.sending, plan.request.repeats
    by_format: dict[str, dict[str, Callable[[], Iterable[bytes]]]] = {
        "openai": {"openai_batch.jsonl": lambda: request_files.openai_batch(asked, sending, "max_completion_tokens")},
        "compatible": {"compatible_batch.jsonl": lambda: request_files.openai_batch(asked, sending, "max_tokens")},
        "anthropic": {"anthropic_batch.json": lambda: request_files.anthropic_batch(asked, sending)},
        "jsonl": {"answer_sheet.jsonl": lambda: request_files.sheet_lines(asked)},
        "csv": {
            "prompts.csv": lambda: request_files.prompt_table(prompts, repeats),
            "answer_sheet.csv": lambda: request_files.sheet_table(asked),
        },
    }
    makers: dict[str, Callable[[], Iterable[bytes]]] = {
        "prompts.jsonl": lambda: request_files.prompt_lines(prompts, repeats),
        "answer_key.jsonl": lambda: request_files.answer_key(prompts),
    }
    for name in FORMATS:
        makers |= by_format[name] if name in plan.request.formats else {}
    names = tuple(makers)
    makers["PROTOCOL.html"] = lambda: [protocol.as_html(plan, names)]
    makers["PROTOCOL.md"] = lambda: [protocol.as_markdown(plan, names)]
    return makers


def _made_ready(folder: Path) -> bool:
    """Make the folder, or make sure that it is empty; whether it was made."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        return not _empty(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return True


def _empty(folder: Path) -> bool:
    if not folder.is_dir():
        raise RefusedError(f"{folder} is no folder.", hint="Name a folder that is new or empty.")
    try:
        something = next(folder.iterdir(), None)
    except OSError as error:
        raise _unwritable(folder, error) from error
    if something is not None:
        raise RefusedError(
            f"{folder} has something in it, and nothing is overwritten.", hint="Name a folder that is new or empty."
        )
    return True


def _unwritable(folder: Path, error: OSError) -> CaseError:
    return CaseError(
        f"The kit can't be written to {folder}: {error.strerror or 'the system does not say why'}.",
        hint="Name another folder, with enough space.",
    )


def _written(folder: Path, name: str, chunks: Iterable[bytes], names: list[str]) -> KitFile:
    digest, size = hashlib.sha256(), 0
    with (folder / name).open("xb") as stream:
        names.append(name)
        for chunk in chunks:
            stream.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return KitFile(name, size, digest.hexdigest())


def _clear(folder: Path, names: Sequence[str], *, whole: bool) -> None:
    with suppress(OSError):
        for name in names:
            (folder / name).unlink(missing_ok=True)
        if whole:
            folder.rmdir()


def _manifest(plan: KitPlan, files: Sequence[KitFile]) -> bytes:
    everything = [asdict(prompt) for prompt in battery()]
    value = {
        "kit": "prompt kit of the Distillation Workbench",
        "workbench": __version__,
        "battery": {"prompts": len(everything), "sha256": sha256(canonical(everything))},
        "options": asdict(plan.request),
        "custom_id": "PROMPT_ID-sNN: the id of the prompt, then the number of the sample, from 01",
        "counts": {"prompts": len(plan.prompts), "requests": len(plan.asked)} | dict(_counted(plan.prompts)),
        "files": [asdict(file) for file in files],
    }
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _counted(prompts: Iterable[KitPrompt]) -> Iterator[tuple[str, dict[str, Any]]]:
    for what in ("kind", "topic", "language", "length"):
        yield what, dict(sorted(Counter(getattr(prompt, what) for prompt in prompts).items()))
