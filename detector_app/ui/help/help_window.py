"""The help: a list that can be searched, the page, the way back, and the page's example."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from detector_app.ui.help.contents import PAGES, Page, load_pages
from detector_app.ui.help.page_view import PageView
from detector_app.ui.icons import icon
from detector_app.ui.theme import CONTROL_PX

_SIZE = (900, 660)
_LIST_PX = 230


class HelpWindow(QDialog):
    """Shows the pages in one language. Not modal: the app stays usable beside it.

    Signals:
        exampleAsked: name of an example.
    """

    exampleAsked = Signal(str)

    def __init__(self, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, on=False)
        self._pages: dict[str, Page] = {}
        self._visited: list[str] = []
        self._at = -1
        self.search, self.list, self.view = QLineEdit(), QListWidget(), PageView()
        self.back, self.forward = QToolButton(), QToolButton()
        self.example = QPushButton()
        self.note = QLabel(wordWrap=True)
        self._arrange()
        self._connect()
        self._say()
        self.use_language(language)
        self.search.setFocus()

    @property
    def page(self) -> str:
        """Name of the page that is shown; empty before the first one."""
        return self._visited[self._at] if self._visited else ""

    def use_language(self, language: str) -> None:
        """Show the pages in ``language``, "en" or "zh_CN"; the page stays."""
        self._pages = {page.name: page for page in load_pages(language)}
        self._filter(self.search.text())
        self._show()

    def show_page(self, name: str) -> None:
        """Turn to a page; the way back leads here.

        Raises:
            KeyError: there is none of that name.
        """
        if name not in self._pages:
            raise KeyError(name)
        if name != self.page:
            del self._visited[self._at + 1 :]
            self._visited.append(name)
            self._at += 1
        self._show()

    def tell(self, text: str) -> None:
        """Say something beside the example's button."""
        self.note.setText(text)

    # --- Qt's events ------------------------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language; the pages come by :meth:`use_language`."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.resize(*_SIZE)
        self.search.setClearButtonEnabled(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        for button, symbol in ((self.back, "back"), (self.forward, "forward")):
            button.setIcon(icon(symbol))
            button.setAutoRaise(True)
        self.example.setProperty("primary", True)
        self.example.setAutoDefault(False)
        self.note.setProperty("role", "muted")
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self._side())
        split.addWidget(self._body())
        split.setStretchFactor(1, 1)
        split.setSizes([_LIST_PX, _SIZE[0] - _LIST_PX])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(split)

    def _side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(12, 12, 4, 12)
        column.setSpacing(8)
        buttons = QHBoxLayout()
        buttons.addWidget(self.back)
        buttons.addWidget(self.forward)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        return side

    def _body(self) -> QWidget:
        body = QWidget()
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 0, 16, 12)
        foot.setSpacing(12)
        foot.addWidget(self.example)
        foot.addWidget(self.note, 1)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.view, 1)
        column.addLayout(foot)
        return body

    def _connect(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._open_first)
        self.list.currentItemChanged.connect(self._choose)
        self.view.pageAsked.connect(self.show_page)
        self.back.clicked.connect(lambda: self._go(-1))
        self.forward.clicked.connect(lambda: self._go(1))
        self.example.clicked.connect(lambda: self.exampleAsked.emit(self._pages[self.page].example))
        for keys, by in ((QKeySequence.StandardKey.Back, -1), (QKeySequence.StandardKey.Forward, 1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda by=by: self._go(by))

    def _filter(self, words: str) -> None:
        """List the pages that hold ``words``."""
        self.list.blockSignals(True)
        self.list.clear()
        for name in PAGES:
            page = self._pages[name]
            if page.holds(words):
                item = QListWidgetItem(page.title, self.list)
                item.setData(Qt.ItemDataRole.UserRole, name)
                item.setSizeHint(QSize(0, CONTROL_PX))
        self.list.blockSignals(False)
        self._mark()

    def _open_first(self) -> None:
        first = self.list.item(0)
        if first is not None:
            self.show_page(str(first.data(Qt.ItemDataRole.UserRole)))

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.show_page(str(item.data(Qt.ItemDataRole.UserRole)))

    def _go(self, by: int) -> None:
        if 0 <= self._at + by < len(self._visited):
            self._at += by
            self._show()

    def _show(self) -> None:
        self.back.setEnabled(self._at > 0)
        self.forward.setEnabled(self._at + 1 < len(self._visited))
        if not self._visited:
            return
        page = self._pages[self.page]
        self.view.show_page(page)
        self.example.setText(page.example_text.replace("&", "&&"))
        self.note.clear()
        self._mark()

    def _mark(self) -> None:
        """Mark the page in the list, if it is listed."""
        self.list.blockSignals(True)
        self.list.setCurrentRow(-1)
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == self.page:
                self.list.setCurrentRow(row)
        self.list.blockSignals(False)

    def _say(self) -> None:
        self.setWindowTitle(self.tr("Help"))
        self.search.setPlaceholderText(self.tr("Search the help"))
        self.search.setAccessibleName(self.tr("Search the help"))
        self.list.setAccessibleName(self.tr("Pages"))
        for button, text in ((self.back, self.tr("Back")), (self.forward, self.tr("Forward"))):
            button.setToolTip(text)
            button.setAccessibleName(text)
