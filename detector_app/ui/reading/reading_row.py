"""One row of the panel: the question, the answer, how sure it is, and why."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from detector_app.pipelines.reading.reading import LABELS, Certainty, Fact, Field, Sizing, Suppression
from detector_app.ui.reading.choice_editors import ChoiceEditor, ClassesEditor, Editor, FamilyEditor
from detector_app.ui.reading.number_editors import AnchorsEditor, FittingEditor, ScalingEditor, SizeEditor
from detector_app.ui.reading.texts import answer_text, evidence_text, say
from detector_app.ui.theme import CONTROL_PX

LABEL_PX, BADGE_PX = 88, 76
_BADGE_HIGH_PX, _TEXT_TOP_PX = 22, 6
_EDITORS: dict[Field, type[Editor]] = {
    Field.FAMILY: FamilyEditor,
    Field.SIZE: SizeEditor,
    Field.SCALING: ScalingEditor,
    Field.FITTING: FittingEditor,
    Field.ANCHORS: AnchorsEditor,
    Field.CLASSES: ClassesEditor,
}
_FIXED = {Field.SIZE, Field.LAYOUT, Field.ORDER}
"""What a graph states about these nobody can correct."""


class ReadingRow(QWidget):
    """Shows a fact; while it may be corrected, a field in the place of the text.

    Signals:
        chosen: the answer that a person gives.
    """

    chosen = Signal(object)

    def __init__(self, question: Field) -> None:
        super().__init__()
        self.question = question
        self.label, self.text, self.badge, self.evidence = QLabel(), QLabel(), QLabel(), QLabel()
        self.editor = _EDITORS.get(question, ChoiceEditor)()
        self._lay_out()
        self.editor.chosen.connect(self.chosen)

    @property
    def correctable(self) -> bool:
        """Whether the field is shown."""
        return not self.editor.isHidden()

    def show_fact(self, fact: Fact, *, correctable: bool) -> None:
        """Show ``fact``, to be corrected if that can be."""
        self.label.setText(say(LABELS[self.question]))
        self.text.setText(answer_text(fact.value))
        self.evidence.setText(evidence_text(fact.evidence))
        self._show_badge(fact.certainty)
        self.editor.show_fact(fact)
        self.editor.first.setAccessibleName(self.label.text())
        self.editor.first.setAccessibleDescription(f"{self.badge.text()}. {self.evidence.text()}")
        correctable = correctable and can_be_corrected(self.question, fact)
        self.editor.setVisible(correctable)
        self.text.setVisible(not correctable)

    def _show_badge(self, certainty: Certainty) -> None:
        self.badge.setText(say(certainty.value))
        self.badge.setProperty("certainty", certainty.name.lower())
        self.badge.style().unpolish(self.badge)
        self.badge.style().polish(self.badge)

    def _lay_out(self) -> None:
        top = Qt.AlignmentFlag.AlignTop
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.evidence.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.text, self.evidence):
            label.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setContentsMargins(0, _TEXT_TOP_PX, 0, 0)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.label.setFixedSize(LABEL_PX, CONTROL_PX)
        self.evidence.setProperty("role", "muted")
        self.badge.setObjectName("certainty")
        self.badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.badge.setFixedSize(BADGE_PX, _BADGE_HIGH_PX)
        holder = QVBoxLayout()
        holder.setContentsMargins(0, (CONTROL_PX - _BADGE_HIGH_PX) // 2, 0, 0)
        holder.addWidget(self.badge)
        holder.addStretch()
        answer = QVBoxLayout()
        answer.setAlignment(top)
        for widget in (self.text, self.editor):
            answer.addWidget(widget)
        self.editor.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.addWidget(self.label, 0, 0, top)
        grid.addLayout(answer, 0, 1)
        grid.addLayout(holder, 0, 2)
        grid.addWidget(self.evidence, 1, 1, 1, 2)
        grid.setColumnStretch(1, 1)


def can_be_corrected(question: Field, fact: Fact) -> bool:
    """Whether there is anything to choose."""
    if question in _FIXED and fact.certainty is Certainty.STATED:
        several = isinstance(fact.value, Sizing) and fact.value.dynamic is not None
        return several or (question is Field.ORDER and len(fact.options) > 1)
    if question in _EDITORS or question is Field.ORDER:
        return True
    if question is Field.SUPPRESSION:
        return fact.options == tuple(Suppression)
    return len(fact.options) > 1 or (fact.value is None and bool(fact.options))
