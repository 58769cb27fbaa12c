from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QApplication

from detector_app.ui.icons import icon, icon_names, picture, write_picture
from detector_app.ui.theme import Scheme, apply_theme, tokens


def strongest(pixmap: QPixmap) -> QColor:
    """Colour of the most opaque pixel."""
    image = pixmap.toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=lambda colour: colour.alpha())


@pytest.mark.parametrize("name", icon_names())
def test_every_icon_draws_something(qapp: QApplication, name: str) -> None:
    assert strongest(icon(name).pixmap(QSize(24, 24))).alpha() > 128


def test_icons_of_different_names_differ_where_they_stand_side_by_side(qapp: QApplication) -> None:
    bar = (
        "start",
        "step-back",
        "play",
        "pause",
        "step-forward",
        "end",
        "loop",
        "record",
        "snapshot",
        "camera",
        "stream",
    )
    images = [bytes(icon(name).pixmap(24, 24).toImage().constBits()) for name in bar]
    assert len(set(images)) == len(bar)


def test_an_icon_follows_the_theme_and_its_state(qapp: QApplication) -> None:
    shown = icon("record")
    for scheme in Scheme:
        apply_theme(qapp, scheme.value)
        t = tokens(scheme)
        plain = strongest(shown.pixmap(QSize(32, 32)))
        on = strongest(shown.pixmap(QSize(32, 32), QIcon.Mode.Normal, QIcon.State.On))
        off = strongest(shown.pixmap(QSize(32, 32), QIcon.Mode.Disabled))
        assert [c.name().upper() for c in (plain, on, off)] == [t.text, t.accent, t.disabled]
    apply_theme(qapp, "system")


def test_a_picture_has_the_pixels_of_its_screen(qapp: QApplication) -> None:
    pixmap = picture("warning", QColor("#112233"), 16, 2.0)
    assert pixmap.size() == QSize(32, 32)
    assert pixmap.deviceIndependentSize().toSize() == QSize(16, 16)
    assert strongest(pixmap).name() == "#112233"


def test_pictures_are_written_in_two_sizes(qapp: QApplication, tmp_path: Path) -> None:
    write_picture("check", QColor("#FFFFFF"), 14, tmp_path / "a.png")
    sizes = [QImage(str(tmp_path / name)).width() for name in ("a.png", "a@2x.png")]
    assert sizes == [14, 28]


def test_a_picture_that_cannot_be_written_is_reported(qapp: QApplication, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"a\.png"):
        write_picture("check", QColor("#FFFFFF"), 14, tmp_path / "missing" / "a.png")


def test_an_unknown_name_is_refused(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        icon("unicorn")
