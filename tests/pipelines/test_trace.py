"""The trace tells what the selection does."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector_app.model_card import AnchorHead
from detector_app.pipelines.anchor_decoder import AnchorDecoder
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.pipelines.selection import select
from detector_app.pipelines.trace import Fate, explain
from detector_app.vision.letterbox import Letterbox

DECODER = AnchorDecoder((AnchorHead("a", 16, ((30.0, 40.0), (40.0, 30.0))), AnchorHead("b", 32, ((60.0, 60.0),))))
LETTERBOX = Letterbox.fit((640, 480), (160, 160))
NAMES = ("a", "b", "c")


def random_outputs(seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        "a": rng.normal(0, 1.2, (1, 16, 10, 10)).astype(np.float32),
        "b": rng.normal(0, 1.2, (1, 8, 5, 5)).astype(np.float32),
    }


many_settings = st.builds(
    DetectSettings,
    score=st.sampled_from([0.0, 0.02, 0.2, 0.5]),
    iou=st.sampled_from([0.0, 0.3, 0.6, 1.0]),
    classes=st.sampled_from([None, frozenset({0, 2}), frozenset()]),
    class_agnostic=st.booleans(),
    max_detections=st.sampled_from([3, 300]),
    top_k=st.sampled_from([10, 1000]),
)


@given(st.integers(0, 99), many_settings)
def test_kept_candidates_are_the_detections(seed: int, settings: DetectSettings) -> None:
    outputs = random_outputs(seed)
    found = select(DECODER.decode(outputs, 0, settings.score), LETTERBOX, settings, NAMES)
    trace = explain(DECODER.decode(outputs, 0, min(0.05, settings.score)), DECODER, outputs, LETTERBOX, settings)
    kept = [c for c in trace.candidates if c.fate is Fate.KEPT]
    assert [c.id for c in kept] == ([] if found.candidate_ids is None else found.candidate_ids.tolist())
    np.testing.assert_array_equal(np.array([c.xyxy for c in kept]).reshape(-1, 4), found.xyxy)
    assert trace.stages[-1].count == len(found)
    counts = [stage.count for stage in trace.stages]
    assert counts == sorted(counts, reverse=True)
    for candidate in trace.candidates:
        check_reason(candidate, trace.candidates, settings)


def check_reason(candidate, everyone, settings: DetectSettings) -> None:  # type: ignore[no-untyped-def]
    """Each fate has its reason in the numbers."""
    if candidate.fate is Fate.BELOW_SCORE:
        assert candidate.score < settings.score
    elif candidate.fate is Fate.NOT_WANTED:
        assert settings.classes is not None
        assert candidate.class_id not in settings.classes
    elif candidate.fate is Fate.SUPPRESSED:
        winner = everyone[candidate.by]
        assert winner.fate in (Fate.KEPT, Fate.BEYOND_MOST)
        assert winner.score >= candidate.score
        assert settings.class_agnostic or winner.class_id == candidate.class_id
        assert candidate.iou > settings.iou - 1e-6
    else:
        assert candidate.score >= np.float32(settings.score)


def test_words() -> None:
    outputs = {"a": np.full((1, 16, 10, 10), -9, np.float32), "b": np.full((1, 8, 5, 5), -9, np.float32)}
    outputs["b"][0, :, 2, 2] = [0, 0, 0, 0, 9, 9, -9, -9]
    outputs["b"][0, :, 2, 3] = [-9, 0, 0, 0, 9, 4, -9, -9]
    trace = explain(DECODER.decode(outputs, 0, 0.05), DECODER, outputs, LETTERBOX, DetectSettings())
    assert [c.describe() for c in trace.candidates] == ["kept", "suppressed by #0, IoU 0.58"]
    place = trace.candidates[1].place
    assert place is not None
    assert (place.head, place.stride, place.row, place.column, place.anchor) == (1, 32, 2, 3, 0)
