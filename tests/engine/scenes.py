"""Real videos and pictures with squares that the tiny model finds, and frame numbers that can be read back."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from tests.onnx_files import picture_with_squares
from tests.sources.clips import numbered

SIZE_PX = 320
RED_XY, BLUE_XY = (152, 152), (232, 232)
FPS = 30


def scene(number: int) -> NDArray[np.uint8]:
    """Picture ``number``: a red square, in even ones also a blue one, and the number in the upper left corner."""
    squares = [(*RED_XY, "red"), *([(*BLUE_XY, "blue")] if number % 2 == 0 else [])]
    picture = picture_with_squares(squares, (SIZE_PX, SIZE_PX))
    picture[:16, :64] = numbered(number, 64, 24)[:16]
    return picture


def squares_in(number: int) -> int:
    """How many squares picture ``number`` has."""
    return 2 - number % 2


def write_video(path: Path, frames: int = 45) -> Path:
    """The first ``frames`` pictures as a video of 30 frames a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "g": "15", "threads": "1"})
        stream.width = stream.height = SIZE_PX
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, FPS)
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(scene(number), format="bgr24").reformat(format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_pictures(folder: Path, count: int, broken: tuple[int, ...] = ()) -> Path:
    """Pictures 0.png … in ``folder``; those in ``broken`` are no pictures."""
    folder.mkdir(parents=True)
    for number in range(count):
        cv2.imwrite(str(folder / f"{number}.png"), scene(number))
    for number in broken:
        (folder / f"{number}.png").write_bytes(b"\x89PNG but no more")
    return folder
