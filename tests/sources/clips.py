"""Small real videos whose frames carry their own number in their pixels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from detector_app.vision.frame import BgrImage

_BLOCK_PX, _COLUMNS, _BITS = 8, 8, 16


@dataclass(frozen=True)
class Clip:
    """How to make a video. ``pts`` are the stamps of the frames in units of 1/``clock`` seconds, one for each frame."""

    frames: int = 150
    width: int = 96
    height: int = 64
    fps: int = 30
    gop: int = 60
    b_frames: int = 2
    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    clock: int = 90_000
    pts: tuple[int, ...] = ()
    rotation: int = 0
    title: str = ""
    options: tuple[tuple[str, str], ...] = ()
    container_options: tuple[tuple[str, str], ...] = ()

    def stamps(self) -> tuple[int, ...]:
        """Stamps of all frames: those given, or a constant rate."""
        return self.pts or tuple(range(0, self.frames * self.clock // self.fps, self.clock // self.fps))


def numbered(number: int, width: int, height: int) -> BgrImage:
    """A grey picture of at least 64×16 with ``number`` as white and black blocks in its upper left corner."""
    image = np.full((height, width, 3), 96, np.uint8)
    for bit in range(_BITS):
        top, left = bit // _COLUMNS * _BLOCK_PX, bit % _COLUMNS * _BLOCK_PX
        image[top : top + _BLOCK_PX, left : left + _BLOCK_PX] = 235 if number >> bit & 1 else 20
    image[20:, number % width] = (40, 60, 220)  # something that moves
    return image


def number_of(image: BgrImage) -> int:
    """The number that ``numbered`` drew."""
    blocks = image[: 2 * _BLOCK_PX, : _COLUMNS * _BLOCK_PX].mean(axis=2)
    means = blocks.reshape(2, _BLOCK_PX, _COLUMNS, _BLOCK_PX).mean(axis=(1, 3)).ravel()
    return int(sum(1 << bit for bit in range(_BITS) if means[bit] > 128))


def write_clip(path: Path, clip: Clip | None = None) -> Path:
    """Encode ``clip`` to ``path``; the container is known by the suffix."""
    clip = clip or Clip()
    with av.open(str(path), "w", container_options=dict(clip.container_options)) as container:
        container.metadata["title"] = clip.title
        stream = container.add_stream(clip.codec, rate=clip.fps, options=_encoder_options(clip))
        stream.width, stream.height, stream.pix_fmt = clip.width, clip.height, clip.pixel_format
        stream.codec_context.time_base = Fraction(1, clip.clock)
        if clip.rotation:
            stream.set_display_rotation(clip.rotation)
        for frame in _frames(clip):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _frames(clip: Clip) -> Iterator[av.VideoFrame]:
    for number, pts in enumerate(clip.stamps()):
        frame = av.VideoFrame.from_ndarray(numbered(number, clip.width, clip.height), format="bgr24")
        frame = frame.reformat(format=clip.pixel_format)
        frame.pts, frame.time_base = pts, Fraction(1, clip.clock)
        yield frame


def _encoder_options(clip: Clip) -> dict[str, str]:
    reorder = {"g": str(clip.gop), "bf": str(clip.b_frames)}
    by_codec = {
        "libx264": {**reorder, "preset": "ultrafast", "sc_threshold": "0", "threads": "1"},
        "mpeg4": reorder,
    }
    return {**by_codec.get(clip.codec, {}), **dict(clip.options)}


def cut(path: Path, share: float) -> Path:
    """Keep only the first ``share`` of the file's bytes."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def stamps_s(clip: Clip) -> list[float]:
    """Presentation times that a source must report, the first one 0."""
    stamps = clip.stamps()
    return [(pts - stamps[0]) / clip.clock for pts in stamps]


def jittered(frames: int, clock: int = 90_000) -> tuple[int, ...]:
    """Stamps of a variable frame rate: gaps from 10 ms to 200 ms in a fixed pattern, beginning at 1.5 s."""
    gaps: Iterable[int] = (900 * (1 + (7 * i) % 20) for i in range(frames - 1))
    return tuple(np.cumsum([clock * 3 // 2, *gaps]).tolist())
