"""What the window remembers between starts: recent cases, the examiner's name, its own size. No secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

_RECENT = 200
_TIMES = 2000


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case as it was when it was seen last: what the library shows without opening it.

    `done` counts the stations of its path that are behind it, `said` names the next one.
    """

    folder: Path
    title: str = ""
    question: str = ""
    done: int = 0
    said: str = ""
    models: int = 0
    answers: int = 0
    findings: int = 0
    packs: int = 0
    plan: int = 0
    seen: str = ""
    pinned: bool = False
    missing: bool = False


class Memory:
    """A small settings file of this user."""

    def __init__(self, file: Path | None = None) -> None:
        ini = QSettings.Format.IniFormat
        self._settings = (
            QSettings(str(file), ini)
            if file is not None
            else QSettings(ini, QSettings.Scope.UserScope, "distillation-workbench", "window")
        )

    @property
    def file(self) -> Path:
        """Where the settings lie."""
        return Path(self._settings.fileName())

    def recent(self) -> list[Path]:
        """The cases that were opened lately and are still there, the latest first."""
        return [path for path in self._recent() if path.is_dir()]

    def opened(self, folder: Path) -> None:
        """Remember that a case was opened."""
        folder = folder.absolute()
        paths = [folder, *(path for path in self._recent() if path != folder)]
        self._settings.setValue("recent", [str(path) for path in paths[:_RECENT]])

    def forget_recent(self) -> None:
        """Forget which cases were opened."""
        self._settings.remove("recent")

    def _recent(self) -> list[Path]:
        stored = self._settings.value("recent", [])
        names = [stored] if isinstance(stored, str) else stored
        return [Path(str(name)) for name in names] if isinstance(names, list) else []

    def cases(self) -> list[KnownCase]:
        """All cases that were opened, pinned ones first, then the latest; those that are gone say so."""
        known = self._known()
        pinned = set(self._pinned())
        cases = [_known_case(path, known.get(str(path), {}), str(path) in pinned) for path in self._recent()]
        return sorted(cases, key=lambda case: not case.pinned)

    def remember(self, case: KnownCase) -> None:
        """Keep what was seen of a case."""
        fields = ("title", "question", "done", "said", "models", "answers", "findings", "packs", "plan", "seen")
        known = self._known()
        known[str(case.folder)] = {name: getattr(case, name) for name in fields}
        kept = {str(path) for path in self._recent()}
        self._settings.setValue("known", json.dumps({path: seen for path, seen in known.items() if path in kept}))

    def pin(self, folder: Path, *, pinned: bool) -> None:
        """Put a case before the others, or back among them."""
        names = [name for name in self._pinned() if name != str(folder)]
        self._settings.setValue("pinned", json.dumps([*names, str(folder)] if pinned else names))

    def forget(self, folder: Path) -> None:
        """Take a case off the list; its folder stays."""
        self.pin(folder, pinned=False)
        self._settings.setValue("recent", [str(path) for path in self._recent() if path != folder])

    def _known(self) -> dict[str, dict[str, Any]]:
        found = _parsed(self.text("known"))
        return {str(k): v for k, v in found.items() if isinstance(v, dict)} if isinstance(found, dict) else {}

    def _pinned(self) -> list[str]:
        found = _parsed(self.text("pinned"))
        return [str(name) for name in found] if isinstance(found, list) else []

    def took(self, what: str) -> float | None:
        """How many seconds something took on this machine when it was done last; None where it never was."""
        found = self._times().get(what)
        return found if isinstance(found, float) else None

    def keep_took(self, times: Mapping[str, float]) -> None:
        """Keep how long things took; the oldest are forgotten where there are many."""
        kept = {name: value for name, value in self._times().items() if name not in times}
        whole = [*kept.items(), *((name, round(value, 2)) for name, value in times.items())][-_TIMES:]
        self._settings.setValue("took", json.dumps(dict(whole)))

    def _times(self) -> dict[str, object]:
        found = _parsed(self.text("took"))
        return {str(name): value for name, value in found.items()} if isinstance(found, dict) else {}

    @property
    def examiner(self) -> str:
        """The examiner's name as it was last typed."""
        return str(self._settings.value("examiner", ""))

    @examiner.setter
    def examiner(self, name: str) -> None:
        self._settings.setValue("examiner", name)

    @property
    def geometry(self) -> QByteArray:
        """Size and place of the window."""
        value = self._settings.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._settings.setValue("geometry", value)

    def text(self, name: str, default: str = "") -> str:
        """A setting by its name."""
        value = self._settings.value(name, default)
        return value if isinstance(value, str) else default

    def put(self, name: str, value: str) -> None:
        """Keep a setting; an empty one is forgotten."""
        if value:
            self._settings.setValue(name, value)
        else:
            self._settings.remove(name)

    def number(self, name: str, default: int) -> int:
        """A setting that is a whole number."""
        said = self.text(name, str(default))
        return int(said) if said.isdecimal() else default

    def flag(self, name: str, *, default: bool) -> bool:
        """A setting that is on or off."""
        return self.text(name, "on" if default else "off") == "on"

    def save(self) -> None:
        """Write what is remembered."""
        self._settings.sync()


def _parsed(text: str) -> object:
    """What JSON says; nothing where it is none."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def _known_case(folder: Path, seen: dict[str, Any], pinned: bool) -> KnownCase:
    """A case of what was kept; a field of another type than it should have is left at nothing."""
    blank = KnownCase(folder)
    fields: dict[str, Any] = {
        name: value for name, value in seen.items() if type(value) is type(getattr(blank, name, None))
    }
    return KnownCase(folder, **fields, pinned=pinned, missing=not folder.is_dir())
