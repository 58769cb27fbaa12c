"""Pictures in memory: decoded once, turned as their annotations expect, shrunk to what training needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

import cv2
import numpy as np
from numpy.typing import NDArray

from models.detect.records import PictureRecord
from models.errors import TrainingDataError

Pixels = NDArray[np.uint8]
REGION = -1
"""The label of a box that is no object but a region to be judged: it goes along with its picture and is never evaluated."""


@dataclass(frozen=True)
class Sample:
    """A picture with boxes in its own pixels.

    Attributes:
        rgb: (H, W, 3) uint8.
        boxes_xyxy: (n, 4) float32 pixels; (0, 0) is the outer corner of the first pixel.
        labels: (n,) int64 class ids, or `REGION`.
    """

    rgb: Pixels
    boxes_xyxy: NDArray[np.float32]
    labels: NDArray[np.int64]


def load_sample(record: PictureRecord, max_side_px: int | None = None) -> Sample:
    """Decodes one picture.

    EXIF orientation is applied, unless only the picture as stored has the size that its annotations state.

    Args:
        record: what to read.
        max_side_px: a longer picture is shrunk to this long side, its boxes with it.

    Raises:
        TrainingDataError: the file is no picture, or has another size than its annotations state.
    """
    bgr = cv2.imread(str(record.path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise TrainingDataError(f"{record.path}: not a readable picture; replace it or remove its entry")
    if record.size_wh not in (None, _size_wh(bgr)):
        bgr = _as_stored(record)
    height, width = bgr.shape[:2]
    factor = min(1.0, (max_side_px or max(width, height)) / max(width, height))
    if factor < 1:
        target = (round(width * factor), round(height * factor))
        bgr = cv2.resize(bgr, target, interpolation=cv2.INTER_AREA)
    scale = np.array([bgr.shape[1] / width, bgr.shape[0] / height] * 2, np.float32)
    rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
    return Sample(rgb, record.boxes_xyxy * scale, record.labels)


class SampleStore(Sequence[Sample]):
    """Samples kept decoded as far as memory is granted; the rest is read again at each look.

    A processor with few cores should not decode every picture in every epoch, and a large set should not fill the memory.
    """

    def __init__(self, records: Sequence[PictureRecord], max_side_px: int, budget_gib: float) -> None:
        self._records, self._max_side_px = records, max_side_px
        self._kept: list[Sample] = []
        left = budget_gib * 2**30
        for record in records:
            if left <= 0:
                break
            self._kept.append(load_sample(record, max_side_px))
            left -= self._kept[-1].rgb.nbytes

    @property
    def kept(self) -> int:
        """How many samples are in memory: the first ones."""
        return len(self._kept)

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, index: int) -> Sample: ...
    @overload
    def __getitem__(self, index: slice) -> list[Sample]: ...
    def __getitem__(self, index: int | slice) -> Sample | list[Sample]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        return self._kept[place] if place < self.kept else load_sample(self._records[place], self._max_side_px)


def _size_wh(picture: NDArray[Any]) -> tuple[int, int]:
    return picture.shape[1], picture.shape[0]


def _as_stored(record: PictureRecord) -> Pixels:
    """The picture without its EXIF turn, if that is the size that the annotations state."""
    stored = cv2.imread(str(record.path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    if stored is None or _size_wh(stored) != record.size_wh:
        found = _size_wh(stored) if stored is not None else None
        raise TrainingDataError(
            f"{record.path}: the picture is {found}, its annotations say {record.size_wh} (width, height); "
            "boxes would be misplaced, so annotate it again or restore the picture"
        )
    return np.asarray(stored, np.uint8)
