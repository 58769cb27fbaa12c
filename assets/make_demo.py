"""Make the demo clip from scikit-image's bundled public-domain photographs: ``python assets/make_demo.py [OUT.mp4]``.

Three scenes of a few seconds, so that a detector has something to find, to lose and to find again: a slow pan over a cup of coffee,
prints of the photographs sliding over a table, and the cup again, mirrored and closer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

Picture = NDArray[np.uint8]

WIDTH_PX, HEIGHT_PX = 640, 400
FPS = 25
SCENE_FRAMES = 70


def view(picture: Picture, centre_xy: tuple[float, float], zoom: float, angle_deg: float = 0.0) -> Picture:
    """The camera's view: ``centre_xy`` (0–1 of the picture) in the middle; at ``zoom`` 1 the picture just covers the frame."""
    height, width = picture.shape[:2]
    scale = zoom * max(WIDTH_PX / width, HEIGHT_PX / height)
    matrix = cv2.getRotationMatrix2D((centre_xy[0] * width, centre_xy[1] * height), angle_deg, scale)
    matrix[:, 2] += WIDTH_PX / 2 - centre_xy[0] * width, HEIGHT_PX / 2 - centre_xy[1] * height
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(
        cv2.warpAffine(picture, matrix, (WIDTH_PX, HEIGHT_PX), flags=flags, borderMode=cv2.BORDER_REFLECT), np.uint8
    )


def lay(
    table: Picture, print_rgb: Picture, centre_px: tuple[float, float], height_px: float, angle_deg: float
) -> Picture:
    """``table`` with a print of the photograph on it, white border included."""
    framed = cv2.copyMakeBorder(print_rgb, 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=(245, 245, 245))
    height, width = framed.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, height_px / height)
    matrix[:, 2] += centre_px[0] - width / 2, centre_px[1] - height / 2
    size = (WIDTH_PX, HEIGHT_PX)
    moved = cv2.warpAffine(framed, matrix, size, flags=cv2.INTER_AREA)
    mask = cv2.warpAffine(np.full((height, width), 255, np.uint8), matrix, size)[..., None].astype(np.float32) / 255
    return np.asarray(moved * mask + table * (1 - mask), np.uint8)


def eased(i: int) -> float:
    """Progress 0–1 through a scene, slow at both ends."""
    return float(0.5 - 0.5 * np.cos(np.pi * i / (SCENE_FRAMES - 1)))


def frames_rgb() -> Iterator[Picture]:
    """All frames, H×W×3 uint8 RGB."""
    coffee, astronaut, cat = data.coffee(), data.astronaut(), data.chelsea()
    mirrored = np.ascontiguousarray(coffee[:, ::-1])
    stone = cv2.cvtColor(cv2.resize(data.gravel(), (WIDTH_PX, WIDTH_PX))[:HEIGHT_PX], cv2.COLOR_GRAY2RGB)
    table = np.asarray(stone * np.array((0.45, 0.5, 0.55)) + np.array((28, 30, 34)), np.uint8)
    for i in range(SCENE_FRAMES):
        t = eased(i)
        yield view(coffee, (0.46 + 0.08 * t, 0.5), 1.0 + 0.25 * t, 4 * t - 2)
    for i in range(SCENE_FRAMES):
        t = eased(i)
        scene = lay(table, cat, (760 - 620 * t, 110), 150, -8 + 6 * t)
        scene = lay(scene, astronaut, (-120 + 560 * t, 250), 230, 5 - 9 * t)
        yield lay(scene, coffee, (700 - 530 * t, 290), 190, 6 * t)
    for i in range(SCENE_FRAMES):
        t = eased(i)
        yield view(mirrored, (0.55 - 0.07 * t, 0.5), 1.35 - 0.3 * t, 3 - 6 * t)


def write(out: Path) -> None:
    """Encode the clip as H.264 in mp4, small enough for a repository."""
    with av.open(str(out), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "26", "preset": "slow"})
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        stream.time_base = Fraction(1, FPS)
        for i, picture in enumerate(frames_rgb()):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = i
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("demo.mp4")
    write(target)
    print(f"{target}: {target.stat().st_size / 1024:.0f} KiB")
