"""Frames kept for steps backwards: bounded, newest first."""

from __future__ import annotations

import av

from detector_app.sources.recent_frames import RecentFrames


def test_the_oldest_frames_go_but_one_always_stays() -> None:
    size = sum(plane.buffer_size for plane in av.VideoFrame(64, 64, "yuv420p").planes)
    recent = RecentFrames(most_bytes=3 * size)
    for number in range(5):
        recent.add(number, av.VideoFrame(64, 64, "yuv420p"))
    assert [number for number in range(5) if recent.get(number) is not None] == [2, 3, 4]
    assert recent.newest() == 4
    recent.add(5, av.VideoFrame(640, 640, "yuv420p"))
    assert recent.newest() == 5
    assert recent.get(4) is None
    recent.clear()
    assert recent.newest() is None
