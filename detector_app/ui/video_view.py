"""The picture in the middle of the window: zoom, pan, and the detections over it, to hover and to select."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from detector_app.ui.classification_overlay import paint_classification
from detector_app.ui.linking import follow
from detector_app.ui.overlay import Look, Overlay, detection_at
from detector_app.ui.picture import Picture
from detector_app.ui.picture_layer import PictureLayer
from detector_app.ui.theme import tokens_for
from detector_app.ui.view_transform import ViewTransform, snapped
from detector_app.ui.zoom_plate import paint_zoom
from detector_app.vision.detections import Detections
from detector_app.vision.frame_result import FrameResult

ZOOM_STEP = 1.2
"""Factor of one notch of the wheel."""
_NOTCH = 120
_NOTHING = Detections.empty()


class VideoView(QWidget):
    """Shows one result. The wheel zooms at the pointer, dragging pans, a double click fits.

    Signals:
        detectionHovered, detectionSelected: index in the shown result's detections, -1 for none; also when a newer result
            gives the same thing another index.
        detectionClicked: index of the one that a person has clicked on, -1 beside all.
        clickedAt: where in the source frame (pixels) a person has clicked, on a detection or beside all.
        zoomChanged: the new :attr:`zoom`.
        moved: the picture lies elsewhere, zoomed or panned.
    """

    detectionHovered = Signal(int)
    detectionSelected = Signal(int)
    detectionClicked = Signal(int)
    clickedAt = Signal(QPointF)
    zoomChanged = Signal(float)
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: FrameResult | None = None
        self._picture = Picture()
        self._overlay = Overlay()
        self._look = Look()
        self._transform = ViewTransform()
        self._layers: list[PictureLayer] = []
        self._taker: PictureLayer | None = None
        self._fitting = True
        self._pointer: QPointF | None = None
        self._pressed: QPointF | None = None
        self._dragged_from: QPointF | None = None
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self._name()

    # --- what is shown ----------------------------------------------------------------------------------------------------

    def show_result(self, result: FrameResult) -> None:
        """Show ``result`` from the next painting on; hover and selection stay with the things they are on."""
        before = self._detections()
        resized = self._result is None or self._result.frame.image_bgr.shape != result.frame.image_bgr.shape
        self._result = result
        self._picture.show(result.frame.image_bgr)
        if resized:
            self.fit()
        self._select(follow(before, self._look.selected, result.detections))
        if self._pointer is not None:
            self._hover(self._index_at(self._pointer))
        else:
            self._hover(follow(before, self._look.hovered, result.detections))
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._result = None
        self._picture.show(None)
        self._hover(-1)
        self._select(-1)
        self.unsetCursor()
        self.update()

    def set_hovered(self, i: int) -> None:
        """Lift detection ``i`` as if the pointer were on it; -1 none. Emits nothing."""
        self._change_look(Look(self._known(i), self._look.selected, self._look.hidden))

    def set_selected(self, i: int) -> None:
        """Select detection ``i``; -1 none. Emits nothing."""
        self._change_look(Look(self._look.hovered, self._known(i), self._look.hidden))

    def set_hidden_classes(self, names: frozenset[str]) -> None:
        """Leave out detections of these classes, at once, before the engine has filtered them."""
        self._change_look(Look(self._look.hovered, self._look.selected, names))

    def add_layer(self, layer: PictureLayer) -> None:
        """Paint ``layer`` above all others and offer it the mouse first; adding one again changes nothing."""
        if layer not in self._layers:
            self._layers.append(layer)
            self.update()

    def remove_layer(self, layer: PictureLayer) -> None:
        """Paint ``layer`` no more."""
        if layer in self._layers:
            self._layers.remove(layer)
            self._taker = None if self._taker is layer else self._taker
            self.update()

    @property
    def shown(self) -> FrameResult | None:
        """What is shown; None while there is no picture."""
        return self._result

    @property
    def hovered(self) -> int:
        """The lifted detection, -1 none."""
        return self._look.hovered

    @property
    def selected(self) -> int:
        """The selected detection, -1 none."""
        return self._look.selected

    # --- zoom and pan -----------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole picture as large as possible, and keep it so when the view changes size."""
        self._fitting = True
        self._move_to(ViewTransform.fit(self._picture_size(), self._view_size()))

    def actual_size(self) -> None:
        """One source pixel on one device pixel, around the middle of what is seen."""
        self.zoom_by(1 / self.zoom)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom; the point ``at`` (view; by default the middle) stays where it is as far as the edges allow."""
        if self._result is None:
            return
        self._fitting = False
        centre = QPointF(self.width() / 2, self.height() / 2)
        self._move_to(self._transform.zoomed(factor, at or centre, self._picture_size(), self._view_size()))

    def look_like(self, other: VideoView) -> None:
        """Have the picture where ``other``, a view of the same size, has it."""
        self._fitting = other.fitting
        self._move_to(other.transform)

    @property
    def zoom(self) -> float:
        """Device pixels per source pixel: 1.0 is actual size."""
        return self._transform.scale * self.devicePixelRatioF()

    @property
    def fitting(self) -> bool:
        """Whether the picture follows the size of the view."""
        return self._fitting

    @property
    def transform(self) -> ViewTransform:
        """Where the picture lies now."""
        return self._transform

    # --- Qt's events ------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """A quarter of full HD."""
        return QSize(960, 540)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep fitting, or keep the middle of what is seen in the middle."""
        if self._fitting:
            self.fit()
        else:
            grown = (event.size() - event.oldSize()) / 2
            by = QPointF(grown.width(), grown.height())
            self._move_to(self._transform.panned(by, self._picture_size(), self._view_size()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Background, frame, detections or best classes, and the zoom when it is not the fitting one."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(tokens_for(self.palette()).surface0))
        if self._result is None:
            return
        ratio = painter.device().devicePixelRatio()
        whole = QRectF(QPointF(0, 0), self._picture_size())
        target = snapped(self._transform.rect_to_view(whole), ratio)
        view = QRectF(QPointF(0, 0), self._view_size())
        seen = self._transform.rect_to_picture(view) & whole
        # Who zooms in wants to see pixels; a small video on a large screen is merely to look good.
        self._picture.paint(painter, target, seen, self._transform.scale * ratio, pixels=not self._fitting)
        if not any(layer.hides_boxes for layer in self._layers):
            self._overlay.paint(painter, self._result.detections, self._transform, target & view, self._look)
        for layer in self._layers:
            painter.save()
            layer.paint(painter, self._transform, target & view)
            painter.restore()
        if self._result.classification is not None:
            painter.setFont(self.font())
            found = self._result.frame, self._result.classification
            paint_classification(painter, found, self._transform, target & view, self.palette())
        if not self._fitting:
            paint_zoom(painter, self._view_size(), self.zoom, self.font(), self.palette())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        turned = event.angleDelta().y() / _NOTCH
        if turned:
            self.zoom_by(ZOOM_STEP**turned, event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Pinching on a touchpad zooms, too."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position())
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        if self._taker is not None or self._result is None:
            return
        at = self._transform.to_picture(event.position())
        self._taker = next((layer for layer in reversed(self._layers) if layer.press(at, event)), None)
        if self._taker is None and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan while the button is down, else lift what is under the pointer."""
        self._pointer = event.position()
        at = self._transform.to_picture(self._pointer)
        if self._taker is not None:
            self._taker.move(at, event)
            return
        if self._pressed is None:
            taken = any(layer.move(at, event) for layer in reversed(self._layers))
            self._hover(-1 if taken else self._index_at(self._pointer))
            return
        far = (self._pointer - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._dragged_from is None and far:
            self._dragged_from = self._pressed
        if self._dragged_from is not None:
            by, self._dragged_from = self._pointer - self._dragged_from, self._pointer
            self._move_to(self._transform.panned(by, self._picture_size(), self._view_size()))
            self._show_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that was no drag selects what is under the pointer, or nothing."""
        if self._taker is not None:
            taker, self._taker = self._taker, None
            taker.release(self._transform.to_picture(event.position()), event)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._pressed is not None and self._dragged_from is None:
            clicked = self._index_at(event.position())
            self._select(clicked)
            self.detectionClicked.emit(clicked)
            self.clickedAt.emit(self._transform.to_picture(event.position()))
        self._pressed = self._dragged_from = None
        self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fit."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._pointer = None
        for layer in self._layers:
            layer.leave()
        self._hover(-1)

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _name(self) -> None:
        self.setAccessibleName(self.tr("Picture"))
        self.setAccessibleDescription(self.tr("Wheel zooms, dragging pans, double click fits"))

    def _detections(self) -> Detections:
        return _NOTHING if self._result is None else self._result.detections

    def _known(self, i: int) -> int:
        return i if 0 <= i < len(self._detections()) else -1

    def _picture_size(self) -> QSizeF:
        if self._result is None:
            return QSizeF(1, 1)
        return QSizeF(self._result.frame.width_px, self._result.frame.height_px)

    def _view_size(self) -> QSizeF:
        return QSizeF(max(1, self.width()), max(1, self.height()))

    def _index_at(self, point: QPointF) -> int:
        return detection_at(self._detections(), self._look.hidden, self._transform.to_picture(point))

    def _hover(self, i: int) -> None:
        if i != self._look.hovered:
            self._change_look(Look(i, self._look.selected, self._look.hidden))
            self.detectionHovered.emit(i)

    def _select(self, i: int) -> None:
        if i != self._look.selected:
            self._change_look(Look(self._look.hovered, i, self._look.hidden))
            self.detectionSelected.emit(i)

    def _change_look(self, look: Look) -> None:
        if look != self._look:
            self._look = look
            self.update()

    def _move_to(self, transform: ViewTransform) -> None:
        if transform != self._transform:
            zoomed = transform.scale != self._transform.scale
            self._transform = transform
            self._show_cursor()
            self.update()
            if zoomed:
                self.zoomChanged.emit(self.zoom)
            self.moved.emit()

    def _show_cursor(self) -> None:
        seen = self._picture_size() * self._transform.scale
        movable = self._result is not None and (seen.width() > self.width() + 1 or seen.height() > self.height() + 1)
        if not movable:
            self.unsetCursor()
        else:
            held = self._dragged_from is not None
            self.setCursor(Qt.CursorShape.ClosedHandCursor if held else Qt.CursorShape.OpenHandCursor)
