"""Steps of a trace: what each lets through and takes away, checked against the fates one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector_app.ui.inspector.steps import Mark, again, counts_text, detections_as_marks, look_at, steps_of, victims
from detector_app.vision.trace import Fate, Trace
from tests.ui.inspector.traces import desk, look, result, trace


def test_a_step_takes_away_those_whose_fate_is_its_own() -> None:
    steps = {step.stage.name: step for step in steps_of(desk())}
    assert steps["score"].taken.tolist() == [4]
    assert steps["score"].through.tolist() == [0, 1, 2, 3]
    assert steps["classes"].taken.tolist() == [3]
    assert steps["suppression"].taken.tolist() == [2]
    assert steps["most"].through.tolist() == [0, 1]
    assert steps["most"].final


@given(st.lists(st.sampled_from(sorted(Fate)), max_size=30))
def test_what_comes_through_and_what_was_taken_before_are_all_candidates(fates: list[Fate]) -> None:
    fates = [fate for fate in fates if fate is not Fate.OUTSIDE]
    steps = steps_of(trace(look(*(("cup", 0.5, (0, 0, 10, 10), fate) for fate in fates)), places=len(fates)))
    for i, step in enumerate(steps):
        assert step.stage.count == len(step.through)
        gone = np.concatenate([step.taken for step in steps[: i + 1]])
        assert sorted(np.concatenate([gone, step.through]).tolist()) == list(range(len(fates)))


def test_steps_of_a_second_model_follow_those_of_the_first() -> None:
    both = Trace(desk().stages, desk().looks, desk().class_names, also=(desk(),))
    steps = steps_of(both)
    assert [step.way for step in steps] == [0] * 6 + [1] * 6
    assert look_at(both, Mark(1, 0, 4)) is both.also[0].looks[0]
    assert look_at(both, Mark(2, 0, 0)) is None
    assert look_at(both, Mark(0, 0, 99)) is None


def test_detections_are_found_again_by_their_boxes() -> None:
    shown = result(desk())
    assert detections_as_marks(desk(), shown.detections) == (Mark(0, 0, 0), Mark(0, 0, 1))


def test_a_candidate_is_found_again_by_its_place_and_class() -> None:
    before, after = desk().last, desk().last
    assert again(before, 2, after) == 2
    assert victims(before, 0).tolist() == [2]


def test_counts_are_told_where_they_fall() -> None:
    assert counts_text(steps_of(desk())) == "25,200 → 4 → 3 → 2"
    nothing = trace(look(), places=0)
    assert counts_text(steps_of(nothing)) == "0 → 0"
    assert counts_text(()) == ""
