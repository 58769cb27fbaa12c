"""Icons by what they mean here, drawn from one family (Phosphor) in the colours of the theme.

An icon asks for its colour when it is painted, so it follows a change of theme without being made again.
"""

from __future__ import annotations

from pathlib import Path

import qtawesome
from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap

_GLYPHS = {
    "analyse": "chart-bar",
    "camera": "video-camera",
    "caret-down": "caret-down",
    "caret-right": "caret-right",
    "caret-up": "caret-up",
    "check": "check",
    "close": "x",
    "copy": "copy",
    "cpu": "cpu",
    "demo": "play-circle",
    "download": "download-simple",
    "end": "skip-forward",
    "compare": "users-three",
    "side-by-side": "columns",
    "agreement": "intersect",
    "enrol": "user-plus",
    "error": "warning-octagon",
    "back": "arrow-left",
    "forward": "arrow-right",
    "export": "export",
    "eye": "eye",
    "eye-off": "eye-slash",
    "faces": "smiley",
    "fit": "arrows-in",
    "float": "app-window",
    "folder": "folder-open",
    "full-screen": "corners-out",
    "help": "question",
    "image": "image",
    "info": "info",
    "inspect": "crosshair",
    "keyboard": "keyboard",
    "language": "translate",
    "link": "link",
    "live": "broadcast",
    "lock": "lock-simple",
    "loop": "repeat",
    "model": "cube",
    "more": "dots-three",
    "network": "stack",
    "open": "file-plus",
    "package": "package",
    "panel": "layout",
    "pause": "pause",
    "people": "users",
    "play": "play",
    "reading": "sliders-horizontal",
    "recent": "clock-counter-clockwise",
    "record": "record",
    "retry": "arrow-clockwise",
    "search": "magnifying-glass",
    "settings": "gear-six",
    "snapshot": "camera",
    "start": "skip-back",
    "step-back": "caret-left",
    "step-forward": "caret-right",
    "stop": "stop",
    "stream": "broadcast",
    "terminal": "terminal-window",
    "theme": "moon",
    "tour": "compass",
    "trash": "trash",
    "track": "path",
    "line": "line-segment",
    "zone": "polygon",
    "turn": "arrows-left-right",
    "truth": "target",
    "video": "film-strip",
    "warning": "warning",
}
"""Name here → glyph of the family."""


def icon(name: str) -> QIcon:
    """The icon for ``name``: plain in the text colour, checked in the accent, disabled in its own grey.

    Raises:
        KeyError: there is no such icon.
    """
    return QIcon(_GlyphEngine(_GLYPHS[name]))


def icon_names() -> tuple[str, ...]:
    """Every name that :func:`icon` knows."""
    return tuple(_GLYPHS)


def paint_icon(painter: QPainter, rect: QRect | QRectF, name: str, colour: QColor) -> None:
    """Draw the icon ``name`` centred in ``rect``, as large as fits, in ``colour``.

    Raises:
        KeyError: there is no such icon.
    """
    _paint_glyph(painter, QRectF(rect), _GLYPHS[name], colour)


def picture(name: str, colour: QColor, size_px: int, ratio: float = 1.0) -> QPixmap:
    """The icon ``name`` in a fixed ``colour``, ``size_px`` wide and high on a screen with device pixel ratio ``ratio``.

    Raises:
        KeyError: there is no such icon.
    """
    pixmap = _pixmap(QSize(size_px, size_px) * ratio, _GLYPHS[name], colour)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def write_picture(name: str, colour: QColor, size_px: int, path: Path) -> None:
    """Write the icon ``name`` as PNG ``path`` and, at twice the size, as ``…@2x.png`` beside it (style sheets need files).

    Raises:
        OSError: the file cannot be written.
    """
    for factor, suffix in ((1, ""), (2, "@2x")):
        target = path.with_name(f"{path.stem}{suffix}{path.suffix}")
        if not picture(name, colour, size_px * factor).save(str(target)):
            raise OSError(f"cannot write {target}")


class _GlyphEngine(QIconEngine):
    """Paints one glyph in the colour that fits the palette of the moment."""

    def __init__(self, glyph: str) -> None:
        super().__init__()
        self._glyph = glyph

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        _paint_glyph(painter, QRectF(rect), self._glyph, _tint(mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return _pixmap(size, self._glyph, _tint(mode, state))


def _tint(mode: QIcon.Mode, state: QIcon.State) -> QColor:
    """Colour of an icon, from the application's palette, which the theme has filled with its tokens."""
    palette = QGuiApplication.palette()
    if mode == QIcon.Mode.Disabled:
        return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText)
    role = QPalette.ColorRole.Accent if state == QIcon.State.On else QPalette.ColorRole.WindowText
    return palette.color(QPalette.ColorGroup.Active, role)


def _pixmap(size: QSize, glyph: str, colour: QColor) -> QPixmap:
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    _paint_glyph(painter, QRectF(QPoint(0, 0), size), glyph, colour)
    painter.end()
    return pixmap


def _paint_glyph(painter: QPainter, rect: QRectF, glyph: str, colour: QColor) -> None:
    font = qtawesome.font("ph", max(1, round(min(rect.width(), rect.height()))))
    painter.save()
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, qtawesome.charmap(f"ph.{glyph}"))
    painter.restore()
