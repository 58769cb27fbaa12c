"""Shows one page of the help in the colours of the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPalette, QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from detector_app.ui.actions import CONTEXT, key_text
from detector_app.ui.help.contents import FIGURE, PAGE, Page
from detector_app.ui.help.figures import figure
from detector_app.ui.shortcut_sheet import listed
from detector_app.ui.theme import tokens_for
from detector_app.ui.translation import translate

SHORTCUTS = "{shortcuts}"
"""Stands in a page for the tables of all shortcuts."""
_LINE_PERCENT = 140
_SPACE_PX = 8
_TOP_PX = 14
_MARGIN_PX = 20


class PageView(QTextBrowser):
    """A page with its figures. Links to other pages are told of, others open in the desktop's browser.

    Signals:
        pageAsked: name of another page.
    """

    pageAsked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: Page | None = None
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.anchorClicked.connect(self._follow)

    def show_page(self, page: Page) -> None:
        """Show ``page`` from its top."""
        self._page = page
        self._write()

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Paint the figure that the page asks for."""
        address = name.toString() if isinstance(name, QUrl) else name
        if kind == QTextDocument.ResourceType.ImageResource and address.startswith(FIGURE):
            return figure(
                address.removeprefix(FIGURE), tokens_for(self.palette()), self.font(), self.devicePixelRatioF()
            )
        return super().loadResource(kind, name)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme: figures and links are painted anew."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and self._page is not None:
            self._write()

    def _write(self) -> None:
        assert self._page is not None  # noqa: S101  (the callers have looked)
        palette = self.palette()
        accent = tokens_for(palette).accent
        if palette.color(QPalette.ColorRole.Link).name().upper() != accent.upper():
            palette.setColor(QPalette.ColorRole.Link, accent)
            self.setPalette(palette)  # comes back here by changeEvent
            return
        document = self.document()
        document.clear()
        document.setDocumentMargin(_MARGIN_PX)
        document.setMarkdown(self._page.text.replace(SHORTCUTS, shortcut_tables()))
        self._space_out(document)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.setAccessibleName(self._page.title)

    def _space_out(self, document: QTextDocument) -> None:
        """Give paragraphs air; Markdown brings none."""
        block = document.begin()
        while block.isValid():
            cursor = QTextCursor(block)
            space = QTextBlockFormat()
            in_list, heading = block.textList() is not None, block.blockFormat().headingLevel() > 0
            space.setLineHeight(_LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            space.setTopMargin(_TOP_PX if heading else 0)
            space.setBottomMargin(_SPACE_PX // 2 if in_list or heading else _SPACE_PX)
            if "\ufffc" in block.text():  # a figure: its height is no text's
                space.setLineHeight(100, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            if cursor.currentTable() is None:
                cursor.mergeBlockFormat(space)
            block = block.next()

    def _follow(self, link: QUrl) -> None:
        address = link.toString()
        if address.startswith(PAGE):
            self.pageAsked.emit(address.removeprefix(PAGE))
        elif link.scheme() in ("http", "https"):
            QDesktopServices.openUrl(link)


def shortcut_tables() -> str:
    """All shortcuts of the window as Markdown, from the table of actions, in the present language."""
    lines = []
    for group, specs in listed():
        lines += [f"**{translate(CONTEXT, group)}**", ""]
        lines += [f"- {translate(CONTEXT, spec.text).rstrip('…')} — `{_plain(key_text(spec))}`" for spec in specs]
        lines.append("")
    return "\n".join(lines)


def _plain(key: str) -> str:
    return "` `` `" if key == "`" else key
