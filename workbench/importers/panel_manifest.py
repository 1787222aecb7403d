"""Panel manifests: `panel.json` names many corpora, their files, and what is documented about each model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import NamedTuple

import orjson

from workbench.core.errors import BadInputError, WorkbenchError
from workbench.core.model import Facts, Json, SourceModel
from workbench.core.pairing import BY_ID, BY_TEXT
from workbench.core.panel import checked_date
from workbench.core.text import one_line, well_formed
from workbench.importers.containers.file_kind import HEAD
from workbench.importers.mapping.mapped import KEYS, checked_mapping
from workbench.importers.reading.fields import kind_of

FORMATS = ("alpaca_eval", "fastchat", "mapped")
RELATIONS = ("distilled", "derived", "relay")
LARGEST = 16 << 20


class ManifestEntry(NamedTuple):
    """One corpus of a panel: its name, its file, and what is known of the model."""

    name: str
    path: Path
    facts: Facts


@dataclass(frozen=True, slots=True)
class Manifest:
    """A panel: `format` is alpaca_eval, fastchat or mapped; `prompts` is the question file, if any.

    `pair_by` is empty, text or key: how its answers are paired.
    """

    dataset: str
    format: str
    prompts: Path | None
    mapping: Mapping[str, str]
    entries: tuple[ManifestEntry, ...]
    pair_by: str = ""


def reading(manifest: Manifest) -> dict[str, str]:
    """The mapping that a panel's files are read with.

    One panel has one set of prompts: where nothing gives their texts, the ids tell which are the same.
    """
    found = dict(manifest.mapping)
    if manifest.prompts is None and "prompt" not in found and "prompt_key" in found:
        found["prompt"] = found["prompt_key"]
    return found


def looks_like_manifest(file: Path | bytes) -> bool:
    """Whether a file, or one that begins with these bytes, is a panel manifest."""
    if isinstance(file, Path):
        with file.open("rb") as stream:
            head = stream.read(HEAD)
    else:
        head = file
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and all(
        key in head for key in (b'"corpora"', b'"file"', b'"corpus"')
    )


def read_manifest(path: Path, text: bytes | None = None) -> Manifest:
    """The manifest at `path`, or of `text` when its files stand beside `path`.

    It reads no corpus. Raises BadInputError for anything that the form does not allow, above all for files
    outside the manifest's folder.
    """
    value = _json(path, text)
    reader = _Reader(path.parent)
    return reader.manifest(value)


def _json(path: Path, text: bytes | None) -> Json:
    try:
        if text is None:
            if path.stat().st_size > LARGEST:
                raise BadInputError(f"“{path.name}” is too large for a panel manifest.")
            text = path.read_bytes()
        return orjson.loads(text.removeprefix(b"\xef\xbb\xbf"))
    except OSError as error:
        raise BadInputError(f"“{path.name}” can't be read: {error.strerror or error}.") from None
    except ValueError as error:
        raise BadInputError(f"“{path.name}” is not valid JSON: {error}.") from None


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.where = "the manifest"

    def manifest(self, value: Json) -> Manifest:
        if not isinstance(value, dict):
            raise self.wrong(f"it is {kind_of(value)}, not an object")
        form = self.text(value, "format") or FORMATS[0]
        if form not in FORMATS:
            raise self.wrong(f"the format “{one_line(form, 40)}” is not one of {', '.join(FORMATS)}")
        prompts = self.text(value, "prompts")
        if form == "fastchat" and not prompts:
            raise self.wrong("the format fastchat needs `prompts`, the question file")
        pair_by = self.text(value, "pair_by") or ""
        if pair_by not in ("", BY_TEXT, BY_ID):
            raise self.wrong(f"`pair_by` is neither {BY_TEXT} nor {BY_ID}")
        corpora = value.get("corpora")
        if not isinstance(corpora, list) or not corpora:
            raise self.wrong("`corpora` is no list with something in it")
        manifest = Manifest(
            dataset=self.text(value, "dataset") or "",
            format=form,
            prompts=self.file(prompts) if prompts else None,
            mapping=self.mapping(value) if form == "mapped" else {},
            entries=tuple(self.entry(n, item) for n, item in enumerate(corpora)),
            pair_by=pair_by,
        )
        self.unique([entry.name for entry in manifest.entries])
        return manifest

    def mapping(self, value: Json) -> dict[str, str]:
        found = {key: path for key in KEYS if (path := self.text(value, key))}
        try:
            checked_mapping(found)
        except WorkbenchError as error:
            raise BadInputError(f"The panel manifest can't be used: {error.message}") from None
        return found

    def entry(self, number: int, item: Json) -> ManifestEntry:
        self.where = f"corpus {number + 1}"
        if not isinstance(item, dict):
            raise self.wrong(f"it is {kind_of(item)}, not an object")
        name, file = self.text(item, "corpus"), self.text(item, "file")
        if not name or not file:
            raise self.wrong("it needs both `corpus` and `file`")
        self.where = f"“{one_line(name, 60)}”"
        return ManifestEntry(name, self.file(file), self.facts(item))

    def facts(self, item: Json) -> Facts:
        released = self.text(item, "released")
        try:
            released = checked_date(released) if released else None
        except WorkbenchError as error:
            raise self.wrong(error.message.rstrip(".")) from None
        return Facts(
            developer=self.text(item, "developer"),
            released=released,
            base=self.text(item, "base"),
            family=self.text(item, "family"),
            group=self.group(item),
            sources=tuple(self.source(s) for s in self.items(item, "sources")),
            teacherless=self.flag(item, "teacherless"),
            control_only=self.flag(item, "control_only"),
            basis=self.text(item, "basis"),
        )

    def group(self, item: Json) -> tuple[str, ...]:
        if isinstance(item.get("group"), str):
            return (well_formed(item["group"])[0],)
        names = self.items(item, "group")
        if any(not isinstance(name, str) for name in names):
            raise self.wrong("`group` holds something that is no name")
        return tuple(well_formed(name)[0] for name in names)

    def source(self, value: Json) -> SourceModel:
        if not isinstance(value, dict):
            raise self.wrong(f"a source is {kind_of(value)}, not an object")
        corpus, relation = self.text(value, "corpus"), self.text(value, "relation")
        if not corpus or relation not in RELATIONS:
            raise self.wrong(f"a source needs `corpus`, and `relation` as one of {', '.join(RELATIONS)}")
        return SourceModel(corpus, relation, self.flag(value, "minor"))

    def text(self, item: Json, key: str) -> str | None:
        value = item.get(key)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise self.wrong(f"`{key}` is {kind_of(value)}, not a text")
        return well_formed(value)[0]

    def flag(self, item: Json, key: str) -> bool:
        value = item.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(f"`{key}` is {kind_of(value)}, neither true nor false")
        return value

    def items(self, item: Json, key: str) -> list[Json]:
        value = item.get(key) or []
        if not isinstance(value, list):
            raise self.wrong(f"`{key}` is {kind_of(value)}, not a list")
        return value

    def file(self, written: str) -> Path:
        """A file in the manifest's own folder; a link there was laid by whoever owns the folder, and is followed."""
        posix, windows = PurePosixPath(written), PureWindowsPath(written)
        if posix.is_absolute() or windows.drive or windows.root or ".." in (*posix.parts, *windows.parts):
            raise self.wrong(f"the file “{one_line(written, 80)}” lies outside the manifest's folder")
        if "\0" in written:
            raise self.wrong(f"the file “{one_line(written, 80)}” has no usable path")
        return self.folder / posix

    def unique(self, names: list[str]) -> None:
        twice = [name for at, name in enumerate(names) if name in names[:at]]
        if twice:
            raise BadInputError(f"The panel manifest names the corpus “{one_line(twice[0], 60)}” twice.")

    def wrong(self, what: str) -> BadInputError:
        return BadInputError(
            f"The panel manifest can't be used: in {self.where}, {what}.",
            hint="The manual's page on panels lists its fields.",
        )
