"""Colours and measures of the window: the one place where they are written down.

Widgets that paint themselves ask :func:`tokens_for` with their palette, so that they follow a change of theme without being told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTemporaryDir
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from detector_app.ui.icons import write_picture
from detector_app.ui.style_sheet import INDICATORS, style_sheet
from detector_app.ui.window_style import window_style

GRID_PX = 8
"""Everything is placed on multiples of this."""
PADDING_PX = 12
"""Inner margin of panels."""
CONTROL_PX = 28
"""Height of buttons, fields and rows."""
CORNER_PX = 6
"""Radius of corners."""
_TITLE_FACTOR = 1.6


class Scheme(Enum):
    """Which of the two sets of colours is shown."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Tokens:
    """The colours of one scheme as ``#RRGGBB``, named by role.

    ``surface0`` lies behind the picture and in fields, ``surface1`` is the window, ``surface2`` is what is raised or under the pointer.
    """

    surface0: str
    surface1: str
    surface2: str
    text: str
    muted: str
    line: str
    accent: str
    on_accent: str
    warning: str
    danger: str

    @property
    def selection(self) -> str:
        """Background of a selected row: the accent, thin enough for ``text`` to be read on it."""
        return mix(self.accent, self.surface1, 0.24)

    @property
    def accent_hover(self) -> str:
        """The accent under the pointer."""
        return mix(self.accent, self.text, 0.86)

    @property
    def disabled(self) -> str:
        """Text and icons of what cannot be used now."""
        return mix(self.muted, self.surface1, 0.55)

    @property
    def drop(self) -> str:
        """The place where something can be dropped, while it is over it."""
        return mix(self.accent, self.surface0, 0.08)

    @property
    def warning_back(self) -> str:
        """Behind a warning."""
        return mix(self.warning, self.surface1, 0.14)

    @property
    def danger_back(self) -> str:
        """Behind an error."""
        return mix(self.danger, self.surface1, 0.14)


_TOKENS = {
    Scheme.LIGHT: Tokens(
        surface0="#FFFFFF",
        surface1="#F6F7F9",
        surface2="#ECEFF2",
        text="#16191D",
        muted="#5B6570",
        line="#D3D9DF",
        accent="#0B62C9",
        on_accent="#FFFFFF",
        warning="#8A5200",
        danger="#B3261E",
    ),
    Scheme.DARK: Tokens(
        surface0="#14161A",
        surface1="#1B1E23",
        surface2="#252A31",
        text="#E8EAED",
        muted="#9AA4AF",
        line="#343B44",
        accent="#6CB0FF",
        on_accent="#0A1626",
        warning="#F2B544",
        danger="#FF8078",
    ),
}

_REQUESTS = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def tokens(scheme: Scheme) -> Tokens:
    """The colours of ``scheme``."""
    return _TOKENS[scheme]


def scheme_of(palette: QPalette) -> Scheme:
    """The scheme that ``palette`` belongs to, by the lightness of its window."""
    return Scheme.DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else Scheme.LIGHT


def tokens_for(palette: QPalette) -> Tokens:
    """The colours to paint with beside widgets that have ``palette``."""
    return _TOKENS[scheme_of(palette)]


def mix(top: str, bottom: str, share: float) -> str:
    """``share`` of colour ``top`` over colour ``bottom``, as ``#RRGGBB``."""
    over, under = QColor(top).getRgb(), QColor(bottom).getRgb()
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(over[:3], under[:3], strict=True))  # type: ignore[index]
    return QColor(red, green, blue).name().upper()


def tabular(font: QFont) -> QFont:
    """A copy of ``font`` whose figures are all equally wide, so that changing numbers do not move."""
    fixed = QFont(font)
    fixed.setFeature(QFont.Tag("tnum"), 1)
    return fixed


def apply_theme(app: QApplication, choice: str) -> Scheme:
    """Give ``app`` palette and style sheet for ``choice``: "system", "light" or "dark".

    While it is "system" the application follows the desktop. May be called again at any time.

    Returns:
        The scheme that is shown now.

    Raises:
        KeyError: ``choice`` is none of the three.
    """
    request = _REQUESTS[choice]
    follower = app.findChild(_Follower) or _Follower(app)
    return follower.choose(request)


class _Follower(QObject):
    """Remembers the choice, owns the pictures that the style sheet points to, and listens to the desktop."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._request = Qt.ColorScheme.Unknown
        self._shown: Scheme | None = None
        self._pictures = QTemporaryDir()
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._show)

    def choose(self, request: Qt.ColorScheme) -> Scheme:
        self._request = request
        self._app.styleHints().setColorScheme(request)
        return self._show()

    def _show(self) -> Scheme:
        asked = self._request
        # An explicit choice counts even on a platform that ignores setColorScheme.
        found = self._app.styleHints().colorScheme() if asked == Qt.ColorScheme.Unknown else asked
        scheme = Scheme.DARK if found == Qt.ColorScheme.Dark else Scheme.LIGHT
        if scheme != self._shown:
            self._shown = scheme
            self._app.setPalette(_palette(_TOKENS[scheme]))
            self._app.setStyleSheet(self._sheet(scheme))
        return scheme

    def _sheet(self, scheme: Scheme) -> str:
        """All of it in one: a second sheet on the window would have every widget styled twice at each change."""
        title_pt = round(self._app.font().pointSizeF() * _TITLE_FACTOR)
        own_widgets = style_sheet(_TOKENS[scheme], self._write_pictures(scheme))
        return own_widgets + window_style(_TOKENS[scheme], title_pt)

    def _write_pictures(self, scheme: Scheme) -> Path:
        folder = Path(self._pictures.filePath(scheme.value))
        if not folder.exists():
            folder.mkdir()
            for name, (icon_name, token, size_px) in INDICATORS.items():
                colour = QColor(getattr(_TOKENS[scheme], token))
                write_picture(icon_name, colour, size_px, folder / f"{name}.png")
        return folder


def _palette(t: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: t.surface1,
        role.WindowText: t.text,
        role.Base: t.surface0,
        role.AlternateBase: t.surface1,
        role.Text: t.text,
        role.PlaceholderText: t.muted,
        role.Button: t.surface2,
        role.ButtonText: t.text,
        role.BrightText: t.danger,
        role.Highlight: t.accent,
        role.HighlightedText: t.on_accent,
        role.Accent: t.accent,
        role.Link: t.accent,
        role.LinkVisited: t.accent,
        role.ToolTipBase: t.surface2,
        role.ToolTipText: t.text,
        role.Light: t.surface2,
        role.Midlight: t.surface2,
        role.Mid: t.line,
        role.Dark: t.line,
        role.Shadow: t.surface0,
    }
    palette = QPalette()
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(t.disabled))
    return palette
