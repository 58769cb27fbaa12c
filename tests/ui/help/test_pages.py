"""The pages are whole: both languages say the same things in the same order, and everything they point at is there."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import QApplication

from detector_app.ui.help.brush import HEIGHT_PX, WIDTH_PX
from detector_app.ui.help.contents import EXAMPLE, FIGURE, PAGE, PAGES, PAGES_FOLDER, load_page, load_pages
from detector_app.ui.help.examples import EXAMPLES
from detector_app.ui.help.figures import CROWD_XYXY, FIGURES, figure, iou_pairs, precision_recall, receptive_fields
from detector_app.ui.help.page_view import SHORTCUTS
from detector_app.ui.theme import Scheme, tokens

LANGUAGES = ("en", "zh_CN")
KEYS = re.compile(r"`([^`]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)]+)\)")


def raw(name: str, language: str) -> str:
    return (PAGES_FOLDER / language / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_is_a_page_and_every_page_a_file(language: str) -> None:
    assert {path.stem for path in (PAGES_FOLDER / language).glob("*.md")} == set(PAGES)
    assert [page.name for page in load_pages(language)] == list(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_have_the_same_headings_links_and_lists(name: str) -> None:
    english, chinese = raw(name, "en"), raw(name, "zh_CN")
    for mark in (r"^# ", r"^## ", r"^- ", r"^\d\. "):
        count = [len(re.findall(mark, text, re.MULTILINE)) for text in (english, chinese)]
        assert count[0] == count[1], mark
    assert sorted(LINK.findall(english)) == sorted(LINK.findall(chinese))
    assert sorted(KEYS.findall(english)) == sorted(KEYS.findall(chinese))
    assert re.search(r"[\u4e00-\u9fff]", chinese)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str, language: str) -> None:
    for address in LINK.findall(raw(name, language)):
        if address.startswith(PAGE):
            assert address.removeprefix(PAGE) in PAGES
        elif address.startswith(FIGURE):
            assert address.removeprefix(FIGURE) in FIGURES
        elif address.startswith(EXAMPLE):
            assert address.removeprefix(EXAMPLE) in EXAMPLES
        else:
            assert re.fullmatch(r"https://(arxiv\.org/abs/\d{4}\.\d{4,5}|doi\.org/10\.\d{4}/\S+)", address), address


def test_every_figure_and_every_example_is_used() -> None:
    addresses = {address for name in PAGES for address in LINK.findall(raw(name, "en"))}
    assert {f"{FIGURE}{name}" for name in FIGURES} <= addresses
    assert {f"{EXAMPLE}{name}" for name in EXAMPLES} <= addresses


def test_the_words_of_a_search_may_stand_anywhere() -> None:
    page = load_page("nms", "en")
    assert page.holds("SOFT bodla")
    assert not page.holds("soft giraffe")
    assert page.holds("")
    assert load_page("nms", "zh_CN").holds("非极大值")


def test_the_keyboard_has_its_tables() -> None:
    for language in LANGUAGES:
        assert SHORTCUTS in load_page("keyboard", language).text


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_drawn_in_both_themes_and_differs(qapp: QApplication, name: str) -> None:
    del qapp
    drawn = [figure(name, tokens(scheme), QFont(), 2.0) for scheme in Scheme]
    assert all(image.size().toTuple() == (2 * WIDTH_PX, 2 * HEIGHT_PX) for image in drawn)
    opaque = [pixels(image)[..., 3].astype(bool) for image in drawn]
    assert all(0.005 < mask.mean() < 0.9 for mask in opaque)
    assert not np.array_equal(pixels(drawn[0]), pixels(drawn[1]))
    for mask in opaque:  # nothing is cut off at the edge
        assert not mask[0].any()
        assert not mask[:, 0].any()
        assert not mask[:, -1].any()


def pixels(image: QImage) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)


def test_the_numbers_of_the_figures_are_true() -> None:
    for pair, iou in iou_pairs():
        grid = np.zeros((2, 200, 600), bool)
        for mask, (left, top, right, bottom) in zip(grid, pair.astype(int), strict=True):
            mask[top:bottom, left:right] = True
        assert iou == pytest.approx((grid[0] & grid[1]).sum() / (grid[0] | grid[1]).sum())
    recall, precision = precision_recall()
    assert (recall[-1], precision[-1]) == (pytest.approx(7 / 8), pytest.approx(0.7))
    assert receptive_fields(((3, 1), (2, 2), (3, 1))) == [3, 4, 8]
    assert len(CROWD_XYXY) == 5
