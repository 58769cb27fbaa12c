"""Opens a video file for writing with the best encoder that is there."""

from __future__ import annotations

import functools
from fractions import Fraction
from pathlib import Path

import av
from av.codec.codec import Codec, UnknownCodecError
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from detector_app.errors import SinkError

CLOCK_HZ = 90_000
"""Stamps are in units of 1/90000 s, which holds every usual frame rate and any camera's jitter."""

MP4_SUFFIXES = frozenset({".mp4", ".m4v", ".mov"})
"""Containers that are written in fragments."""

_FRAGMENTED = {
    "movflags": "frag_keyframe+empty_moov+default_base_moof",
    "frag_duration": "1000000",  # µs
    "flush_packets": "1",
}
# In order of preference. libx264 is GPL and part of PyAV's wheels; other builds have OpenH264 (BSD) or only MPEG-4 part 2.
_ENCODERS: dict[str, dict[str, str]] = {
    "libx264": {"preset": "veryfast", "crf": "20"},
    "libopenh264": {"b": "6M"},
    "mpeg4": {"b": "6M"},
}


@functools.cache
def encoder_name() -> str:
    """The best encoder of this FFmpeg.

    Raises:
        SinkError: it has none of those that are known.
    """
    for name in _ENCODERS:
        try:
            Codec(name, "w")
        except UnknownCodecError:
            continue
        return name
    raise SinkError("video", detail="this FFmpeg has no H.264 and no MPEG-4 encoder")


def open_encoder(path: Path, size_wh: tuple[int, int], fps: float) -> tuple[OutputContainer, VideoStream]:
    """Open ``path`` for yuv420p frames of ``size_wh`` (even) whose stamps count 1/``CLOCK_HZ`` s.

    Raises:
        SinkError: the suffix is not that of a video, or there is no encoder.
        OSError: the file cannot be created.
    """
    name = encoder_name()
    path.open("wb").close()  # FFmpeg creates it only with the first packet; a bad folder is to be told at once
    try:
        container = av.open(str(path), "w", container_options=_FRAGMENTED if path.suffix in MP4_SUFFIXES else {})
    except ValueError as error:
        raise SinkError(str(path), detail="its name does not end as a video's does (.mp4, .mkv)") from error
    options = {**_ENCODERS[name], "g": str(max(1, round(fps)))}
    stream = container.add_stream(name, rate=Fraction(fps).limit_denominator(1001), options=options)
    if not isinstance(stream, VideoStream):
        raise SinkError(str(path), detail=f"{name} is not a video encoder")
    stream.width, stream.height = size_wh
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.time_base = Fraction(1, CLOCK_HZ)
    # What OpenCV's conversion to I420 makes; players guess BT.709 for large pictures without this tag.
    context.colorspace, context.color_range = int(Colorspace.SMPTE170M), int(ColorRange.MPEG)
    return container, stream
