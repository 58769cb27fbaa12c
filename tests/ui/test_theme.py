from __future__ import annotations

from itertools import product

import pytest
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QLabel

from detector_app.ui.theme import Scheme, apply_theme, mix, scheme_of, tabular, tokens, tokens_for


def luminance(colour: str) -> float:
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(colour).getRgbF()[:3]]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", Scheme)
def test_every_text_is_readable_on_every_surface(scheme: Scheme) -> None:
    t = tokens(scheme)
    texts = (t.text, t.muted, t.accent, t.warning, t.danger)
    pairs = [*product(texts, (t.surface0, t.surface1, t.surface2)), (t.text, t.selection), (t.on_accent, t.accent)]
    pairs += [(t.on_accent, t.accent_hover)]
    assert {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < 4.5} == {}


@pytest.mark.parametrize("scheme", Scheme)
def test_focus_is_visible_on_every_surface(scheme: Scheme) -> None:
    t = tokens(scheme)
    assert all(contrast(t.accent, surface) >= 3 for surface in (t.surface0, t.surface1, t.surface2))


@pytest.mark.parametrize("scheme", [*Scheme, Scheme.LIGHT])
def test_a_choice_reaches_widgets_at_once(qapp: QApplication, scheme: Scheme) -> None:
    label = QLabel("x")
    assert apply_theme(qapp, scheme.value) is scheme
    assert tokens_for(label.palette()) == tokens(scheme)
    assert scheme_of(qapp.palette()) is scheme
    assert qapp.palette().color(QPalette.ColorRole.Accent) == QColor(tokens(scheme).accent)
    assert tokens(scheme).surface2 in qapp.styleSheet()


def test_the_style_sheet_points_to_pictures_that_exist(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    links = [part.split('")')[0] for part in qapp.styleSheet().split('url("')[1:]]
    assert links
    for link in links:
        with open(link, "rb") as file:
            assert file.read(4) == b"\x89PNG"
    apply_theme(qapp, "system")


def test_system_means_light_where_the_desktop_says_nothing(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    assert apply_theme(qapp, "system") is Scheme.LIGHT


def test_an_unknown_choice_is_refused(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        apply_theme(qapp, "sepia")


def test_mix_goes_from_bottom_to_top() -> None:
    assert mix("#FFFFFF", "#000000", 0.0) == "#000000"
    assert mix("#FFFFFF", "#000000", 1.0) == "#FFFFFF"
    assert mix("#FF0000", "#0000FF", 0.5) == "#800080"


def test_tabular_figures_are_equally_wide_and_the_font_is_left_alone(qapp: QApplication) -> None:
    font = QFont(qapp.font())
    metrics = QFontMetrics(tabular(font))
    assert len({metrics.horizontalAdvance(str(figure)) for figure in range(10)}) == 1
    assert font == qapp.font()
