"""The pages of the help, as they lie beside this module: one Markdown file each for every language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGES_FOLDER = Path(__file__).parent / "pages"
PAGES = (
    "getting-started",
    "grid",
    "anchors",
    "score",
    "iou",
    "nms",
    "mtcnn",
    "rcnn",
    "letterbox",
    "precision-recall",
    "tracking",
    "network",
    "keyboard",
)
"""In the order of the list; the stem of a page's file."""
PAGE, FIGURE, EXAMPLE = "page:", "figure:", "example:"
"""How links to pages, pictures made by :mod:`~detector_app.ui.help.figures` and examples begin."""
_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_EXAMPLE = re.compile(r"^\[([^\]]+)\]\(example:([\w-]+)\)\s*\Z", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One page in one language.

    Attributes:
        name: among :data:`PAGES`.
        title: its first heading.
        text: Markdown, without the example.
        example: name of the example that belongs to it.
        example_text: what the example's button says.
    """

    name: str
    title: str
    text: str
    example: str
    example_text: str

    def holds(self, words: str) -> bool:
        """Whether every one of ``words`` is on the page, whatever the case."""
        whole = f"{self.title}\n{self.text}".casefold()
        return all(word in whole for word in words.casefold().split())


def load_page(name: str, language: str) -> Page:
    """Read a page.

    Args:
        name: among :data:`PAGES`.
        language: "en" or "zh_CN".

    Raises:
        OSError: the file is missing, so that the app is not installed completely.
        ValueError: it has no title, or does not end with an example.
    """
    text = (PAGES_FOLDER / language / f"{name}.md").read_text(encoding="utf-8")
    title, example = _TITLE.search(text), _EXAMPLE.search(text)
    if title is None or example is None:
        raise ValueError(f"{name} ({language}) needs a title and, at its end, an example")
    return Page(name, title[1], text[: example.start()].rstrip() + "\n", example[2], example[1])


def load_pages(language: str) -> tuple[Page, ...]:
    """All pages, in order. Raises as :func:`load_page`."""
    return tuple(load_page(name, language) for name in PAGES)
