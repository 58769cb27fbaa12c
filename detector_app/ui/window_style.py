"""What the style sheet of Qt's own widgets does not cover: the parts that only the window and its dialogs have."""

from __future__ import annotations

from dataclasses import asdict
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detector_app.ui.theme import Tokens

_SHEET = Template("""
QLabel[role="title"] { font-size: ${title_pt}pt; font-weight: 600; }
QLabel[role="key"] {
    background: $surface2; border: 1px solid $line; border-radius: 4px; padding: 1px 8px; color: $text;
}
#page { background: $surface1; }
#emptyState { background: $surface0; }
#emptySymbol { background: $surface2; border-radius: 16px; }
#dropFrame { border: 1px dashed transparent; border-radius: 6px; }
#dropFrame[dragging="true"] { border-color: $accent; background: $drop; }
#messageBar { background: $surface2; border: none; border-bottom: 1px solid $line; }
#messageBar[severity="warning"] { background: $warning_back; }
#messageBar[severity="error"] { background: $danger_back; }
#exportBar { background: $surface1; border: none; border-top: 1px solid $line; }
QProgressBar#busyLine { background: transparent; border-radius: 0; min-height: 2px; max-height: 2px; }
QProgressBar#busyLine::chunk { border-radius: 0; }
QPushButton[primary="true"]:disabled { background: $surface2; color: $disabled; border-color: $line; }
QToolButton#modelButton { font-weight: 600; }
#readingPanel { background: $surface1; }
QLabel#certainty { border-radius: 6px; padding: 2px 6px; background: $surface2; color: $muted; }
QLabel#certainty[certainty="guessed"] { background: $warning_back; color: $warning; }
QLabel#certainty[certainty="chosen"] { background: $selection; color: $text; }
QLabel#certainty[certainty="unknown"] { background: $danger_back; color: $danger; font-weight: 600; }
QToolButton#record:checked { color: $danger; }
""")


def window_style(tokens: Tokens, title_pt: int) -> str:
    """This part of the style sheet in the colours of ``tokens``; titles are ``title_pt`` points high."""
    return _SHEET.substitute(
        asdict(tokens),
        disabled=tokens.disabled,
        selection=tokens.selection,
        drop=tokens.drop,
        warning_back=tokens.warning_back,
        danger_back=tokens.danger_back,
        title_pt=title_pt,
    )
