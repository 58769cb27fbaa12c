"""What the application's style sheet does not cover: the parts that only the window and its dialogs have."""

from __future__ import annotations

from string import Template

from PySide6.QtGui import QFont

from detector_app.ui.theme import CORNER_PX, Tokens, mix

_TITLE_FACTOR = 1.6

_SHEET = Template("""
QLabel[role="title"] { font-size: ${title_pt}pt; font-weight: 600; }
QLabel[role="key"] {
    background: $surface2; border: 1px solid $line; border-radius: 4px; padding: 1px 8px; color: $text; min-width: 16px;
}
#page { background: $surface1; }
#emptyState { background: $surface0; }
#emptySymbol { background: $surface2; border-radius: 16px; }
#dropFrame { border: 1px dashed transparent; border-radius: ${corner}px; }
#dropFrame[dragging="true"] { border-color: $accent; background: $drop; }
#messageBar { background: $surface2; border: none; border-bottom: 1px solid $line; }
#messageBar[severity="warning"] { background: $warning_back; }
#messageBar[severity="error"] { background: $danger_back; }
#exportBar { background: $surface1; border: none; border-top: 1px solid $line; }
QProgressBar#busyLine { background: transparent; border-radius: 0; min-height: 2px; max-height: 2px; }
QProgressBar#busyLine::chunk { border-radius: 0; }
QPushButton[primary="true"]:disabled { background: $surface2; color: $disabled; border-color: $line; }
QToolButton#modelButton { font-weight: 600; }
QToolButton#record:checked { color: $danger; }
""")


def window_style(tokens: Tokens, font: QFont) -> str:
    """The style sheet of the main window in the colours of ``tokens``, sizes relative to ``font``."""
    return _SHEET.substitute(
        surface0=tokens.surface0,
        surface1=tokens.surface1,
        surface2=tokens.surface2,
        text=tokens.text,
        line=tokens.line,
        accent=tokens.accent,
        danger=tokens.danger,
        disabled=tokens.disabled,
        drop=mix(tokens.accent, tokens.surface0, 0.08),
        warning_back=mix(tokens.warning, tokens.surface1, 0.14),
        danger_back=mix(tokens.danger, tokens.surface1, 0.14),
        title_pt=round(font.pointSizeF() * _TITLE_FACTOR),
        corner=CORNER_PX,
    )
