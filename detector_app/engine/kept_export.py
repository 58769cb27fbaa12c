"""Tables of a whole video from what was kept of it: no picture is decoded, no network run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from detector_app.engine.kept_settings import selected_again
from detector_app.engine.output_names import free_stem
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.result_store.store import StoredFrame
from detector_app.sinks.opener import open_sinks
from detector_app.sources.source import SourceInfo
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult

KINDS = frozenset(("jsonl", "csv", "coco"))
"""Kinds of files that need no pictures."""


def export_kept(
    frames: Iterable[StoredFrame],
    settings: DetectSettings,
    kinds: tuple[str, ...],
    out_dir: Path,
    info: SourceInfo,
    source: str,
) -> int:
    """Write what ``settings`` give of kept frames, as a run would; the number of frames.

    Args:
        frames: of the whole video, in order.
        settings: the thresholds of now.
        kinds: among :data:`KINDS`.
        out_dir: the folder, made if missing; nothing in it is replaced.
        info: of the video.
        source: the video as it was opened.

    Raises:
        DiskFullError, SinkError: they cannot be written; what is written is whole.
        StoreError: the frames cannot be read.
    """
    sinks = open_sinks(kinds, out_dir, free_stem(out_dir, info.name), info)
    count = 0
    try:
        for stored in frames:
            result = FrameResult(as_frame(stored, source), selected_again(stored.detections, settings))
            for sink in sinks:
                sink.write(result)
            count += 1
    finally:
        for sink in sinks:
            sink.close()
    return count


def as_frame(stored: StoredFrame, source: str) -> Frame:
    """A frame of the right size, number and time, whose pixels are all the same one in memory."""
    nothing = np.broadcast_to(np.uint8(0), (stored.height_px, stored.width_px, 3))
    return Frame(nothing, stored.index, stored.time_s, 0.0, source)
