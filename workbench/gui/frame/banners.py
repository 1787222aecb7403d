"""Banners above every page: what needs a decision, and stays until it was taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.parts.buttons import Button, Kind
from workbench.gui.parts.labels import Sign, two_tone
from workbench.gui.words import tr


@dataclass(frozen=True, slots=True)
class Banner:
    """One thing that needs a decision; `kind` is warn or bad; the first button is the likely one."""

    key: str
    strong: str
    plain: str
    kind: str = "warn"
    buttons: tuple[tuple[str, Callable[[], object]], ...] = ()
    can_close: bool = True


class _Strip(QFrame):
    """One banner as a strip over the whole width."""

    def __init__(self, banner: Banner, close: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("note")
        self.setProperty("kind", banner.kind)
        self.setStyleSheet("QFrame#note { border-radius: 0; border-left: none; border-right: none; border-top: none; }")
        self.setAccessibleName(f"{banner.strong} {banner.plain}")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 7, 16, 7)
        layout.setSpacing(10)
        layout.addWidget(Sign("wrong" if banner.kind == "bad" else "warning", banner.kind, 17))
        layout.addWidget(two_tone(banner.strong, banner.plain), 1)
        for at, (words, act) in enumerate(banner.buttons):
            button = Button(words, act, small=True, kind=Kind.PLAIN)
            button.setObjectName(f"{banner.key}.{at}")
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        if banner.can_close:
            layout.addWidget(Button("", close, icon="close", kind=Kind.QUIET, name=tr("Close this notice"), small=True))


class Banners(QWidget):
    """The banners that stand now, one below the other; a banner that was closed does not come back by itself."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: dict[str, tuple[Banner, _Strip]] = {}
        self._closed: set[str] = set()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.hide()

    @property
    def banners(self) -> Sequence[Banner]:
        """What is shown."""
        return [banner for banner, _ in self._shown.values()]

    def show_banner(self, banner: Banner) -> None:
        """Show a banner, or another in the place of the one with its key."""
        if f"{banner.key} {banner.plain}" in self._closed:
            return
        old = self._shown.get(banner.key)
        if old is not None and _same(old[0], banner):
            return
        self.take(banner.key)
        strip = _Strip(banner, lambda: self._close(banner))
        self._shown[banner.key] = (banner, strip)
        self._layout.addWidget(strip)
        self.show()

    def take(self, key: str) -> None:
        """Take a banner away; nothing happens where it is not shown."""
        old = self._shown.pop(key, None)
        if old is not None:
            self._layout.removeWidget(old[1])
            old[1].hide()
            old[1].deleteLater()
        self.setVisible(bool(self._shown))

    def clear(self) -> None:
        """Take all away, and forget which were closed."""
        for key in list(self._shown):
            self.take(key)
        self._closed.clear()

    def _close(self, banner: Banner) -> None:
        self._closed.add(f"{banner.key} {banner.plain}")
        self.take(banner.key)


def _same(one: Banner, other: Banner) -> bool:
    return (one.strong, one.plain, one.kind, [b[0] for b in one.buttons]) == (
        other.strong,
        other.plain,
        other.kind,
        [b[0] for b in other.buttons],
    )
