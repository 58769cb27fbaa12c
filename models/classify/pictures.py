"""Pictures as the network is to see them: the centre in the input's aspect, shrunk once, kept in memory as far as it is granted."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from torch import Tensor
from torch.utils.data import Dataset

from models.detect.records import PictureRecord
from models.errors import TrainingDataError

Pixels = NDArray[np.uint8]
# ITU-R BT.601, as OpenCV and Pillow weigh them too.
LUMINANCE = (0.299, 0.587, 0.114)


@dataclass(frozen=True)
class Look:
    """How a picture becomes the network's input.

    Attributes:
        size_hw: pixels of the input.
        channels: 3 for RGB, 1 for grey.
        crop_fraction: part of the largest centred rectangle of the input's aspect that is kept.
    """

    size_hw: tuple[int, int]
    channels: int = 3
    crop_fraction: float = 1.0

    @property
    def canvas(self) -> "Look":
        """The whole centred rectangle at the same scale, from which training crops at random (AlexNet, section 4.1)."""
        height, width = (round(side / self.crop_fraction) for side in self.size_hw)
        return Look((height, width), self.channels)


def load_rgb(path: Path) -> Pixels:
    """(H, W, 3) uint8, turned as its EXIF orientation says.

    Raises:
        TrainingDataError: the file is no picture or is damaged.
    """
    try:
        with Image.open(path) as picture:
            return np.asarray(ImageOps.exif_transpose(picture).convert("RGB"), np.uint8)
    except (OSError, ValueError, SyntaxError) as error:
        raise TrainingDataError(f"{path}: not a readable picture ({error}); replace it or remove it") from error


def centred(rgb: Pixels, look: Look) -> Pixels:
    """What the network looks at.

    Args:
        rgb: (H, W, 3) uint8 of any size.
        look: size, channels and part.

    Returns:
        (channels, *size_hw) uint8: the centre, cut and then resized by area where it shrinks, as the app does it.
    """
    (height, width), (rows, columns) = rgb.shape[:2], look.size_hw
    scale = min(height / rows, width / columns) * look.crop_fraction
    high, wide = max(1, round(rows * scale)), max(1, round(columns * scale))
    top, left = (height - high) // 2, (width - wide) // 2
    part = rgb[top : top + high, left : left + wide]
    if look.channels == 1:
        part = np.asarray(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), np.uint8)
    how = cv2.INTER_AREA if scale > 1 else cv2.INTER_LINEAR
    resized = np.asarray(cv2.resize(part, (columns, rows), interpolation=how), np.uint8)
    return np.ascontiguousarray(resized.reshape(rows, columns, look.channels).transpose(2, 0, 1))


class Labelled(NamedTuple):
    """A batch or, without the first axis, one of it.

    Attributes:
        pictures: (N, C, H, W) uint8, or features of a frozen network.
        labels: (N,) int64.
        indices: (N,) int64 places in the data set.
    """

    pictures: Tensor
    labels: Tensor
    indices: Tensor


class PictureSet(Dataset[Labelled]):
    """Records as pictures of one size, the first ones kept in memory up to a budget."""

    def __init__(self, records: Sequence[PictureRecord], look: Look, budget_gib: float) -> None:
        self.records, self._look = tuple(records), look
        left, each = budget_gib * 2**30, look.channels * look.size_hw[0] * look.size_hw[1]
        self._kept = [self._load(record) for record in self.records[: int(left // each)]]

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, index: int) -> Labelled:
        pixels = self._kept[index] if index < len(self._kept) else self._load(self.records[index])
        return Labelled(torch.from_numpy(pixels), torch.tensor(int(self.records[index].labels[0])), torch.tensor(index))

    def _load(self, record: PictureRecord) -> Pixels:
        return centred(load_rgb(record.path), self._look)
