"""The look that is in force: theme, text size and fonts, in one object that all painters ask."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from workbench.core.resources import resource
from workbench.gui.look.style_sheet import sheet
from workbench.gui.look.tokens import DARK, LIGHT, Tokens

SANS, SERIF, MONO = "Inter", "Noto Serif", "Noto Sans Mono"
_PROPERTY = "deskType"
_POINTS = 0.75
"""Points a pixel, at 96 dots an inch."""
_BUNDLED = (
    *(f"desk/fonts/Inter-{weight}.ttf" for weight in ("Regular", "Medium", "SemiBold")),
    "fonts/NotoSerif-Regular.ttf",
    "fonts/NotoSerif-Bold.ttf",
    "fonts/NotoSansMono-Regular.ttf",
    "fonts/NotoNaskhArabic-Regular.ttf",
    "fonts/NotoSansHebrew-Regular.ttf",
    "fonts/NotoSansDevanagari-Regular.ttf",
)
SCALES = (100, 110, 125, 150, 175, 200)


class Mode(Enum):
    """Which theme is wanted."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Type(Enum):
    """The sizes of text: pixels at 96 dots an inch, weight, family."""

    QUESTION = (25, 400, SERIF)
    SENTENCE = (20.5, 400, SERIF)
    QUOTE = (13, 400, SERIF)
    ASKED = (14.5, 400, SERIF)
    TITLE = (20, 600, SANS)
    PANE = (17, 600, SANS)
    OBJECT = (15, 600, SANS)
    HEAD = (13, 600, SANS)
    STRONG = (13, 500, SANS)
    BODY = (13, 400, SANS)
    SECOND = (12, 400, SANS)
    SECOND_MEDIUM = (12, 500, SANS)
    SECOND_STRONG = (12, 600, SANS)
    LABEL = (11.5, 500, SANS)
    GROUP = (11, 600, SANS)
    LEAST = (11, 400, SANS)
    CODE = (12, 400, MONO)
    CODE_SMALL = (11, 400, MONO)


class Theme(QObject):
    """The look in force; `changed` comes after a change has been applied to the application."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode = Mode.SYSTEM
        self.scale = 100
        self.system_font = False
        self._tokens = LIGHT
        self._colors: dict[str, QColor] = {}
        self._fonts: dict[Type, QFont] = {}
        self._installed = False

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return self._tokens

    def install(self) -> None:
        """Load the bundled fonts and follow the system; does nothing the second time."""
        if self._installed:
            return
        self._installed = True
        for name in _BUNDLED:
            QFontDatabase.addApplicationFont(str(resource(name)))
        QApplication.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    def set(self, *, mode: Mode | None = None, scale: int | None = None, system_font: bool | None = None) -> None:
        """Change the look of the whole application."""
        wanted = (
            mode or self.mode,
            self.scale if scale is None else min(max(scale, SCALES[0]), SCALES[-1]),
            self.system_font if system_font is None else system_font,
        )
        if wanted != (self.mode, self.scale, self.system_font):
            self.mode, self.scale, self.system_font = wanted
            self._apply()

    def larger(self, steps: int) -> None:
        """Make texts larger or smaller by steps; 0 puts them back to 100 %."""
        at = min(range(len(SCALES)), key=lambda step: abs(SCALES[step] - self.scale))
        self.set(scale=SCALES[min(max(at + steps, 0), len(SCALES) - 1)] if steps else SCALES[0])

    def color(self, name: str) -> QColor:
        """A colour by the name of its token; `heat0` to `heat5` are those of the heat map."""
        found = self._colors.get(name)
        if found is None:
            value = self._tokens.heat[int(name[4:])] if name.startswith("heat") else getattr(self._tokens, name)
            found = self._colors[name] = QColor(value)
        return found

    def px(self, pixels: float) -> int:
        """A length that grows with the text."""
        return round(pixels * self.scale / 100)

    def font(self, type_: Type) -> QFont:
        """The font of a size of text."""
        found = self._fonts.get(type_)
        if found is None:
            found = self._fonts[type_] = self._font(type_)
        return found

    def figures(self, type_: Type) -> QFont:
        """The same with figures of one width, for columns of numbers."""
        font = QFont(self.font(type_))
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def metrics(self, type_: Type) -> QFontMetrics:
        """How wide and high letters of a size are."""
        return QFontMetrics(self.font(type_))

    def _font(self, type_: Type) -> QFont:
        pixels, weight, family = type_.value
        if family == SANS and self.system_font:
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        else:
            font = QFont(family)
        font.setPointSizeF(pixels * _POINTS * self.scale / 100)
        font.setWeight(QFont.Weight(weight))
        if family == SANS:
            font.setFeature(QFont.Tag("cv05"), 1)
            font.setFeature(QFont.Tag("ss03"), 1)
        if type_ in (Type.TITLE, Type.PANE):
            font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 98.8)
        return font

    def _system_changed(self) -> None:
        if self.mode is Mode.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        hints = QGuiApplication.styleHints()
        dark = self.mode is Mode.DARK
        if self.mode is Mode.SYSTEM:
            dark = hints.colorScheme() is Qt.ColorScheme.Dark
        self._tokens = DARK if dark else LIGHT
        self._colors, self._fonts = {}, {}
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(self._palette())
            application.setFont(self.font(Type.BODY))
            application.setStyleSheet(sheet(self._tokens, self.scale / 100))
            for widget in QApplication.allWidgets():
                stored = widget.property(_PROPERTY)
                if stored:
                    widget.setFont(self.font(Type[stored]))
                widget.updateGeometry()
                widget.update()
        self.changed.emit()

    def _palette(self) -> QPalette:
        roles = QPalette.ColorRole
        named = {
            roles.Window: "window",
            roles.WindowText: "ink1",
            roles.Base: "surface",
            roles.AlternateBase: "sunken",
            roles.Text: "ink1",
            roles.Button: "surface",
            roles.ButtonText: "ink1",
            roles.BrightText: "on_accent",
            roles.Highlight: "sel",
            roles.HighlightedText: "ink1",
            roles.Link: "accent_ink",
            roles.LinkVisited: "accent_ink",
            roles.PlaceholderText: "ink3",
            roles.ToolTipBase: "raised",
            roles.ToolTipText: "ink1",
            roles.Light: "surface",
            roles.Midlight: "hair",
            roles.Mid: "strong",
            roles.Dark: "control",
            roles.Shadow: "ink3",
            roles.Accent: "accent",
        }
        made = QPalette()
        for role, name in named.items():
            made.setColor(role, self.color(name))
        for role in (roles.Text, roles.WindowText, roles.ButtonText):
            made.setColor(QPalette.ColorGroup.Disabled, role, self.color("control"))
        return made


_THEMES: list[Theme] = []


def theme() -> Theme:
    """The one theme of this application."""
    if not _THEMES:
        _THEMES.append(Theme())
    return _THEMES[0]


def set_type(widget: QWidget, type_: Type) -> None:
    """Give a widget a size of text; it follows when texts are made larger."""
    widget.setProperty(_PROPERTY, type_.name)
    widget.setFont(theme().font(type_))
