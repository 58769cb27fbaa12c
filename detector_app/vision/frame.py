"""One picture of a source, with its place in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BgrImage = NDArray[np.uint8]
"""H×W×3 uint8, blue-green-red, as OpenCV keeps it."""


@dataclass(frozen=True, eq=False)
class Frame:
    """A picture as a source delivers it: upright (rotation already applied), never written to after it was made.

    Attributes:
        image_bgr: H×W×3 uint8, C-contiguous.
        index: number of the frame in its source, from 0; exact after a seek.
        time_s: presentation time in seconds from the start of the source (for live sources since it was opened).
        captured_s: ``time.monotonic()`` when the frame was read; the age of what is shown is measured from here.
        source: what a person calls the source (path, camera name, address). For folders the file of this very picture.
    """

    image_bgr: BgrImage
    index: int
    time_s: float
    captured_s: float
    source: str

    def __post_init__(self) -> None:
        shape = self.image_bgr.shape
        if len(shape) != 3 or shape[2] != 3 or 0 in shape or self.image_bgr.dtype != np.uint8:
            raise ValueError(f"a frame is H×W×3 uint8, not {shape} {self.image_bgr.dtype}")

    @property
    def width_px(self) -> int:
        """Width in pixels."""
        return int(self.image_bgr.shape[1])

    @property
    def height_px(self) -> int:
        """Height in pixels."""
        return int(self.image_bgr.shape[0])
