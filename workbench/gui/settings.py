"""What the window remembers between starts: recent cases, the examiner's name, its own size. No secrets."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

_RECENT = 10


class Memory:
    """A small settings file of this user."""

    def __init__(self, file: Path | None = None) -> None:
        ini = QSettings.Format.IniFormat
        self._settings = (
            QSettings(str(file), ini)
            if file is not None
            else QSettings(ini, QSettings.Scope.UserScope, "distillation-workbench", "window")
        )

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
