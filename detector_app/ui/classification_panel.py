"""The panel at the right while a classifier runs: the best classes, as many as there is room for, and a search among all of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from detector_app.model_card import ModelCard
from detector_app.ui.detection_panel import MANY_CLASSES, REFRESH_MS
from detector_app.ui.icons import icon
from detector_app.ui.theme import GRID_PX, PADDING_PX, tabular, tokens_for
from detector_app.ui.top_classes import Rows, spoken
from detector_app.vision.classification import TOP, Classification, Label
from detector_app.vision.frame_result import FrameResult


class ClassificationPanel(QWidget):
    """Shows results at most every :data:`REFRESH_MS`, the last one always. There is nothing to set: a classifier has no thresholds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._card: ModelCard | None = None
        self._newest: Classification | None = None
        self._stale = False
        self.heading, self.total = QLabel(), QLabel()
        self.search = QLineEdit()
        self.classes = ClassRows()
        self.note = QLabel(wordWrap=True)
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self.search.textChanged.connect(self._find)
        self._arrange()
        self._say()

    def show_model(self, card: ModelCard | None) -> None:
        """Get ready for the classes of ``card``."""
        if card is None or self._card is None or card.classes != self._card.classes:
            self.search.clear()
        self._card = card
        self.search.setVisible(card is not None and len(card.classes) >= MANY_CLASSES)
        self.total.setText("" if card is None else str(len(card.classes)))
        self._say()

    def show_result(self, result: FrameResult) -> None:
        """Take ``result``; it is shown now, or with the next refresh."""
        self._take(result.classification)

    def clear(self) -> None:
        """There is no picture."""
        self._take(None)

    def sizeHint(self) -> QSize:
        """As wide as the other panel."""
        return QSize(312, 480)

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _take(self, classification: Classification | None) -> None:
        self._newest = classification
        self._stale = True
        if not self._timer.isActive():
            self._refresh()

    def _refresh(self) -> None:
        if self._stale:
            self._stale = False
            self._timer.start()
            self.classes.show_classification(self._newest)

    def _find(self, text: str) -> None:
        self.classes.search_for(text)

    def _arrange(self) -> None:
        self.setMinimumWidth(272)
        self.heading.setProperty("role", "heading")
        self.note.setProperty("role", "muted")
        self.total.setFont(tabular(self.font()))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        head = QHBoxLayout()
        head.addWidget(self.heading)
        head.addStretch(1)
        head.addWidget(self.total)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING_PX, PADDING_PX, PADDING_PX, PADDING_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(head)
        column.addWidget(self.search)
        column.addWidget(self.classes, 1)
        column.addWidget(self.note)

    def _say(self) -> None:
        """Set every text in the present language."""
        self.heading.setText(self.tr("CLASSES"))
        self.total.setToolTip(self.tr("Classes that the model knows"))
        self.search.setPlaceholderText(self.tr("Find a class"))
        self.classes.setAccessibleName(self.tr("Most probable classes"))
        lines = [self.tr("This model names the picture as a whole: there are no boxes and no thresholds.")]
        if self._card is not None and self._card.input.resize == "crop":
            lines.append(self.tr("It looks at what is inside the thin frame."))
        self.note.setText("\n".join(lines))


class ClassRows(QWidget):
    """The best classes, or the best of those that are searched for, as many as fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classification: Classification | None = None
        self._wanted = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_classification(self, classification: Classification | None) -> None:
        """Show it from the next painting on; None: nothing."""
        self._classification = classification
        self._changed()

    def search_for(self, text: str) -> None:
        """Show only classes whose name holds ``text``, whatever the case."""
        self._wanted = text.casefold()
        self._changed()

    def labels(self) -> tuple[Label, ...]:
        """What is shown, best first."""
        count = Rows(self.font()).fitting(self.height())
        found = self._classification
        if found is None:
            return ()
        if not self._wanted:
            return found.top(count)
        return tuple(label for label in found.top(len(found.probabilities)) if self._wanted in label.name.casefold())[
            :count
        ]

    def minimumSizeHint(self) -> QSize:
        """Room for the best few."""
        return QSize(160, round(Rows(self.font()).height_px(TOP)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows."""
        painter = QPainter(self)
        Rows(self.font()).paint(painter, QRectF(self.rect()), self.labels(), tokens_for(self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow colours and font."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.update()
        super().changeEvent(event)

    def _changed(self) -> None:
        self.setAccessibleDescription(spoken(self.labels()[:TOP]))
        self.update()
