"""Where two models differ, from what was kept of both: no picture is decoded, and no network runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from detector_app.engine.kept_settings import selected_again
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.result_store.keys import content_key
from detector_app.result_store.store import ResultStore, StoredFrame
from detector_app.vision.agreement import agree
from detector_app.vision.differences import Differences


@dataclass(frozen=True)
class KeptRun:
    """What one model found in a video: the number of its run in the sidecar, and how it is selected now."""

    run: int
    settings: DetectSettings


def compare_kept(
    sidecar: Path,
    video: Path,
    first: KeptRun,
    second: KeptRun,
    into: Differences,
    cancelled: Callable[[], bool] = lambda: False,
) -> bool:
    """Count all frames that were kept of both models.

    Args:
        sidecar: the file with the results.
        video: the video that they are of.
        first: of the first model.
        second: of the second model.
        into: takes the counts.
        cancelled: asked before each frame; True ends it early.

    Returns:
        Whether it came to the end.

    Raises:
        StoreError, OSError: the sidecar or the video cannot be read.
    """
    with ResultStore(sidecar, content_key(video)) as store:
        for one, other in _pairs(store.frames(first.run), store.frames(second.run)):
            if cancelled():
                return False
            found = selected_again(one.detections, first.settings), selected_again(other.detections, second.settings)
            into.add(one.index, one.time_s, agree(*found))
    return True


def _pairs(first: Iterator[StoredFrame], second: Iterator[StoredFrame]) -> Iterator[tuple[StoredFrame, StoredFrame]]:
    """Frames that both have, in order."""
    one, other = next(first, None), next(second, None)
    while one is not None and other is not None:
        if one.index == other.index:
            yield one, other
            one, other = next(first, None), next(second, None)
        elif one.index < other.index:
            one = next(first, None)
        else:
            other = next(second, None)
