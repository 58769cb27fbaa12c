"""The story of a candidate, in both languages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from detector_app.ui.inspector.story import origin_text, score_text, story
from detector_app.ui.inspector.words import LOOKS, STAGES, fate_text, short_fate_text, stage_name
from detector_app.ui.translation import Translations
from detector_app.vision.trace import Fate, Places, Trace
from tests.ui.inspector.traces import desk, look, trace


def test_the_story_tells_what_the_score_is_made_of_where_it_comes_from_and_how_it_ended(qapp: QApplication) -> None:
    assert story(desk(), 0, 1) == (
        "#1 cup 0.80 = objectness 1.00 × class 0.80 · grid 0 (stride 32), cell (0, 1), anchor 1 · kept"
    )
    assert story(desk(), 0, 0).endswith("kept, suppressed 1 other")
    assert story(desk(), 0, 2).endswith("suppressed by #0, IoU 0.68")
    assert story(desk(), 0, 3).endswith("class switched off")
    assert story(desk(), 0, 4).endswith("score below 0.40")


def test_a_score_that_is_no_product_is_not_told_as_one(qapp: QApplication) -> None:
    of = replace(desk().last, objectness=np.full(5, 0.5, np.float32))
    assert score_text(of, 0) == "0.90, objectness 0.50"
    assert score_text(replace(of, objectness=None), 0) == "0.90"
    assert score_text(replace(of, objectness=np.zeros(5, np.float32)), 0) == "0.90 = objectness 0.00 × class 0.00"


def test_a_proposal_is_told_by_its_rank(qapp: QApplication) -> None:
    of = replace(desk().last, places=Places.proposed(np.arange(5)), parents=np.arange(5))
    both = Trace(desk().stages, (desk().last, of), desk().class_names)
    assert origin_text(both, 1, 3) == "proposal 3"
    unplaced = Trace(desk().stages, (desk().last, replace(of, places=None)), desk().class_names)
    assert origin_text(unplaced, 1, 3) == "from #3 of Candidates"


def test_a_proposal_ends_where_no_class_is_sure(qapp: QApplication) -> None:
    first = look(("cup", 0.9, (0, 0, 10, 10), Fate.BELOW_SCORE), name="proposals")
    assert fate_text(trace(first), 0, 0) == "no class reached the score"
    assert short_fate_text(trace(first), 0, 0) == "no class"


def test_what_goes_on_says_where_to(qapp: QApplication) -> None:
    first = look(("cup", 0.9, (0, 0, 10, 10), Fate.KEPT), name="P-Net")
    second = look(("cup", 0.9, (0, 0, 10, 10), Fate.KEPT), name="R-Net")
    both = Trace(trace(first).stages, (first, second), ("cup",))
    assert fate_text(both, 0, 0) == "went on to R-Net"
    assert short_fate_text(both, 0, 0) == "→ R-Net"
    assert fate_text(both, 1, 0) == short_fate_text(both, 1, 0) == "kept"


@pytest.mark.parametrize("fate", list(Fate))
def test_every_fate_has_words(qapp: QApplication, fate: Fate) -> None:
    of = trace(look(("cup", 0.9, (0, 0, 10, 10), fate)))
    assert fate_text(of, 0, 0)
    assert short_fate_text(of, 0, 0)


def test_a_stage_without_words_is_shown_by_its_key(qapp: QApplication) -> None:
    assert stage_name("something_new") == "something new"
    assert all(words.name and words.hint for words in (*STAGES.values(), *LOOKS.values()))


def test_the_story_is_told_in_chinese(qapp: QApplication) -> None:
    translations = Translations(qapp)
    translations.use("zh_CN")
    try:
        told = story(desk(), 0, 2)
        assert "IoU 0.68" in told
        assert "suppressed" not in told
        assert "objectness" not in told
    finally:
        translations.use("en")
