"""The image pyramid that P-Net looks at: the picture ever smaller, so that a face of any size is twelve pixels wide somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

WINDOW_PX = 12
"""Side of the square that one place of P-Net's output sees."""
STRIDE_PX = 2
"""Pixels from one place to the next."""
OVERLAP_PX = WINDOW_PX - STRIDE_PX
"""Rows that two strips share, so that no window is missed."""
STRIP_PX = 80_000
"""Pixels of a level that go through the network at a time: their maps stay in the processor's cache, and a picture of 100
megapixels does not fill the memory."""


@dataclass(frozen=True)
class Level:
    """The picture at one ``scale`` (level pixels per picture pixel), and its size there."""

    scale: float
    height_px: int
    width_px: int

    @property
    def places(self) -> int:
        """How many windows P-Net looks at: its convolutions and its pooling, which rounds up, leave so many."""
        rows, columns = (max(0, -(-(side - 2) // STRIDE_PX) - 4) for side in (self.height_px, self.width_px))
        return rows * columns

    def strips(self) -> Iterator[tuple[int, int]]:
        """First row of each strip and the row after its last. The windows of all strips are those of the level, each once."""
        places = max(1, STRIP_PX // (self.width_px * STRIDE_PX))
        rows = places * STRIDE_PX + OVERLAP_PX
        top = 0
        # The last strip takes what is left, so that an odd row at the end is pooled as in the whole level.
        while self.height_px - top > rows + OVERLAP_PX:
            yield top, top + rows
            top += places * STRIDE_PX
        yield top, self.height_px


def pyramid(height_px: int, width_px: int, min_face_px: float, factor: float) -> tuple[Level, ...]:
    """The levels, largest first; none for a picture whose shorter side is less than the smallest face.

    Args:
        height_px: of the picture.
        width_px: of the picture.
        min_face_px: side of the smallest face; at the first level it is as wide as P-Net's window.
        factor: from one scale to the next, above 0 and below 1.
    """
    levels: list[Level] = []
    scale = WINDOW_PX / min_face_px
    while min(height_px, width_px) * scale >= WINDOW_PX:
        levels.append(Level(scale, int(height_px * scale + 1), int(width_px * scale + 1)))
        scale *= factor
    return tuple(levels)
