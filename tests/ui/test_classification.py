"""A classifier in the window: the panel over the picture, the frame, the list at the right, and what has no use then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.engine.state import Phase
from detector_app.ui.classification_overlay import MOST_SHARE, Plate
from detector_app.ui.classification_panel import ClassificationPanel
from detector_app.ui.export_dialog import ExportDialog
from detector_app.ui.main_window import MainWindow
from detector_app.ui.theme import GRID_PX, PADDING_PX, Scheme, apply_theme, tokens
from detector_app.ui.top_classes import Rows
from detector_app.ui.video_view import VideoView
from detector_app.vision.classification import Classification
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult, Timings
from tests.onnx_files import classifier_card, tiny_classifier
from tests.ui.films import load, play, wait_for_phase

NAMES = ("cup", "bottle", "fork", "glass", "杯子", "Cupboard", "seven")
SHARES = (0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.015625)


def classified(
    *shares: float, names: tuple[str, ...] = NAMES, bgr: tuple[int, int, int] = (128, 128, 128), seen: bool = True
) -> FrameResult:
    """A picture of 400 × 300, of which the middle 300 × 300 were seen."""
    frame = Frame(np.full((300, 400, 3), bgr, np.uint8), 0, 0.0, 0.0, "test")
    region = (50.0, 0.0, 350.0, 300.0) if seen else (0.0, 0.0, 400.0, 300.0)
    found = Classification(np.array(shares or SHARES, np.float32), names, region)
    return FrameResult.of(frame, found, Timings())


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[VideoView]:
    """A view of 800 × 600: two view pixels per source pixel."""
    view = VideoView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    qtbot.waitExposed(view)
    yield view
    view.close()


def themed(scheme: Scheme) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apply_theme(application, scheme.value)


def picture_of(view: VideoView) -> QImage:
    return view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def run_of(image: QImage, row: int, colour: str) -> int:
    """Pixels of ``colour`` in a row of the panel."""
    wanted = QColor(colour).rgb()
    return sum(image.pixel(x, row) == wanted for x in range(300))


@pytest.mark.parametrize("scheme", list(Scheme))
@pytest.mark.parametrize("grey", [0, 255])
def test_the_panel_is_legible_on_night_and_snow_in_both_themes(view: VideoView, scheme: Scheme, grey: int) -> None:
    themed(scheme)
    view.show_result(classified(bgr=(grey, grey, grey)))
    image = picture_of(view)
    t = tokens(scheme)
    ground = image.pixelColor(GRID_PX + 5, GRID_PX + 5)
    for text in (t.text, t.muted):
        assert contrast(QColor(text), ground) >= 4.5


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2, "contrast ratio"."""

    def luminance(colour: QColor) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]  # type: ignore[index]
        return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_bars_are_as_long_as_the_probabilities(view: VideoView) -> None:
    themed(Scheme.DARK)
    view.show_result(classified(0.75, 0.25, names=("a", "b")))
    image = picture_of(view)
    best = max(run_of(image, row, tokens(Scheme.DARK).accent) for row in range(100))
    plate = Plate.in_corner(result_classification(view), QRectF(0, 0, 800, 600), view.font())
    assert best == pytest.approx(0.75 * (plate.rect.width() - 2 * PADDING_PX), abs=3)


def result_classification(view: VideoView) -> Classification:
    found = classified(0.75, 0.25, names=("a", "b")).classification
    assert found is not None
    return found


def test_a_thin_frame_shows_what_is_seen_unless_that_is_all(view: VideoView) -> None:
    view.show_result(classified())
    row = [picture_of(view).pixelColor(x, 500).lightness() for x in range(90, 112)]
    assert max(row) > 200
    assert min(row) < 100
    assert row[0] == row[-1] == 128
    assert sum(value != 128 for value in row) == 3
    view.show_result(classified(seen=False))
    assert {picture_of(view).pixelColor(x, 500).lightness() for x in range(400)} == {128}


def test_the_frame_moves_with_the_picture_and_the_panel_stays(view: VideoView) -> None:
    view.show_result(classified())
    view.zoom_by(2, view.rect().center().toPointF())
    image = picture_of(view)
    assert {image.pixelColor(x, 560).lightness() for x in range(700)} == {128}
    assert image.pixelColor(GRID_PX + 5, GRID_PX + 5).lightness() != 128


@pytest.mark.parametrize("size", [(160, 120), (300, 200), (480, 300), (1920, 1080), (30, 900), (900, 20)])
@pytest.mark.parametrize("count", [1, 3, 5, 1000])
@pytest.mark.usefixtures("qapp")
def test_the_panel_never_leaves_the_picture_and_keeps_its_width(size: tuple[int, int], count: int) -> None:
    bounds = QRectF(10, 20, *size)
    found = Classification(np.full(count, 1 / count, np.float32), (), (0, 0, 1, 1))
    plate = Plate.in_corner(found, bounds, QFont())
    assert len(plate.labels) <= min(5, count)
    if plate.labels:
        assert bounds.contains(plate.rect)
        assert plate.rect.width() == Plate.in_corner(found, bounds, QFont()).rect.width()
    if size[0] >= 480:
        assert len(plate.labels) == 0 or plate.rect.width() <= MOST_SHARE * size[0] + 1
    if size == (1920, 1080):
        assert len(plate.labels) == min(5, count)


def test_as_many_rows_as_fit_have_room() -> None:
    rows = Rows(QFont())
    assert rows.fitting(0) == 0
    for count in range(1, 12):
        assert rows.fitting(rows.height_px(count) + 0.01) == count
        assert rows.fitting(rows.height_px(count) - 1) == count - 1


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[ClassificationPanel]:
    panel = ClassificationPanel()
    qtbot.addWidget(panel)
    panel.resize(300, 480)
    panel.show()
    qtbot.waitExposed(panel)
    yield panel
    panel.close()


def names_in(panel: ClassificationPanel) -> list[str]:
    return [label.name for label in panel.classes.labels()]


def test_the_list_ranks_and_finds_any_class(panel: ClassificationPanel, qtbot: QtBot) -> None:
    many = tuple(f"n{i}" for i in range(1200))
    panel.show_model(classifier_card(many))
    shares = np.linspace(0, 1, 1200)
    panel.show_result(classified(*(shares / shares.sum()), names=many))
    shown = names_in(panel)
    assert 5 <= len(shown) < 40
    assert shown == [f"n{i}" for i in range(1199, 1199 - len(shown), -1)]
    assert panel.search.isVisible()
    qtbot.keyClicks(panel.search, "N77")
    assert names_in(panel) == ["n779", "n778", "n777", "n776", "n775", "n774", "n773", "n772", "n771", "n770", "n77"]
    assert panel.classes.accessibleDescription().startswith("n779 0.1 %, n778")
    panel.clear()
    qtbot.waitUntil(lambda: names_in(panel) == [])


def test_few_classes_need_no_search_and_the_note_tells_what_is_seen(panel: ClassificationPanel) -> None:
    panel.show_model(classifier_card(("only",)))
    panel.show_result(classified(1.0, names=("only",)))
    assert names_in(panel) == ["only"]
    assert not panel.search.isVisible()
    assert panel.total.text() == "1"
    assert "thin frame" in panel.note.text()
    panel.show_model(classifier_card(("only",), resize="stretch"))
    assert "thin frame" not in panel.note.text()


def test_results_faster_than_can_be_read_end_with_the_last(panel: ClassificationPanel, qtbot: QtBot) -> None:
    for share in np.linspace(0.1, 0.9, 50):
        panel.show_result(classified(share, 1 - share, names=("a", "b")))
    qtbot.waitUntil(lambda: names_in(panel) == ["a", "b"])


@pytest.fixture
def colours(tmp_path: Path) -> Path:
    """Says "grey film" of nearly anything."""
    card = classifier_card(("red", "grey film", "blue"), resize="crop", crop_fraction=0.5)
    weights = np.array([[1.0, 0, 0], [2, 2, 2], [0, 0, 1]])
    return tiny_classifier(tmp_path / "colours.onnx", card=card, weights=weights)


def test_the_window_follows_a_change_from_detector_to_classifier_and_back(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, colours: Path
) -> None:
    area, table = window.area, window.actions_table
    load(qtbot, window, colours)
    play(qtbot, window, film)
    wait_for_phase(qtbot, window, Phase.ENDED)
    qtbot.waitUntil(lambda: names_in(area.classification)[:1] == ["grey film"])
    assert area.classification.isVisible()
    assert not area.panel.isVisible()
    qtbot.waitUntil(lambda: [row.title for row in area.timeline.rows] == ["grey film"])
    assert area.timeline.hint_at(area.timeline.width() / 2).endswith("grey film 1")
    for name in ("score_up", "iou_down", "class_1"):
        assert not table[name].isEnabled()
    image = area.view.grab().toImage()
    corner = area.view.transform.rect_to_view(QRectF(0, 0, 320, 320)).topLeft().toPoint()
    assert image.pixelColor(corner + QPoint(GRID_PX + 5, GRID_PX + 5)) != image.pixelColor(corner + QPoint(2, 2))
    load(qtbot, window, model)
    assert area.panel.isVisible()
    assert not area.classification.isVisible()
    assert table["score_up"].isEnabled()
    result = window.controller.latest()
    qtbot.waitUntil(lambda: len(window.controller.latest().detections) == 1)  # type: ignore[union-attr]
    assert result is not None
    qtbot.waitUntil(lambda: "grey film" not in [row.title for row in area.timeline.rows])


def test_an_export_of_classes_offers_no_coco(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog("film.mp4", tmp_path, boxes=False)
    qtbot.addWidget(dialog)
    assert not dialog.box("coco").isEnabled()
    assert "boxes" in dialog.box("coco").toolTip()
    assert dialog.box("video").text() == "Video with the best classes (.mp4)"
    plain = ExportDialog("film.mp4", tmp_path)
    qtbot.addWidget(plain)
    assert plain.box("coco").isEnabled()
    assert plain.box("video").text() == "Video with boxes (.mp4)"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_note_is_not_cut_off_in_the_narrowest_window(
    window: MainWindow, qtbot: QtBot, colours: Path, film: Path, language: str
) -> None:
    window.preferences.set(language=language)
    load(qtbot, window, colours)
    play(qtbot, window, film)
    window.resize(QSize(100, 100))
    qtbot.waitUntil(lambda: names_in(window.area.classification)[:1] == ["grey film"])
    panel = window.area.classification
    assert panel.note.height() >= panel.note.heightForWidth(panel.note.width())
    assert len(names_in(panel)) >= 3


def test_a_classifier_whose_scores_are_not_finite_says_so_and_the_film_goes_on(
    window: MainWindow, qtbot: QtBot, film: Path, tmp_path: Path
) -> None:
    load(qtbot, window, tiny_classifier(tmp_path / "broken.onnx", weights=np.full((3, 3), np.nan)))
    play(qtbot, window, film)
    qtbot.waitUntil(lambda: window.area.messages.message is not None)
    message = window.area.messages.message
    assert message is not None
    assert "not finite numbers" in message.text
    wait_for_phase(qtbot, window, Phase.ENDED)
    assert names_in(window.area.classification) == []
