"""Pixels of a picture into a window of the input tensor: resize, order of channels, scale."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import InputSpec
from detector_app.vision.frame import BgrImage


class PixelWriter:
    """Writes pictures as the card's ``InputSpec`` says. Its buffers are used again, so one thread at a time.

    Every target is a (3, H, W) view with the network's channel order, whatever the layout of the tensor behind it.
    """

    def __init__(self, spec: InputSpec) -> None:
        self._raw = spec.dtype == "uint8"
        self._interleaved = self._raw and spec.layout == "NHWC"
        self._pad_value = spec.pad_value
        self._order = (2, 1, 0) if spec.channel_order == "RGB" else (0, 1, 2)
        # Divided, as trainers do (p / 255): a product with 1/255 differs in the last bit.
        self._divisors = (np.array(spec.std) / spec.scale).astype(np.float32)
        self._shifts = (np.array(spec.mean) / np.array(spec.std)).astype(np.float32)
        self._resized: BgrImage = np.zeros((0, 0, 3), np.uint8)
        self._planes: list[NDArray[np.uint8]] = [np.zeros((0, 0), np.uint8)] * 3

    def write(self, image_bgr: BgrImage, target: NDArray[Any]) -> None:
        """The whole picture, resized to the target."""
        picture = self._resize(image_bgr, target.shape[1:])
        if self._interleaved:
            self._copy(picture, target.transpose(1, 2, 0))
            return
        if self._planes[0].shape != picture.shape[:2]:
            self._planes = [np.empty(picture.shape[:2], np.uint8) for _ in range(3)]
        planes: list[Any] = list(cv2.split(picture, self._planes))
        for channel, plane in enumerate(self._order):
            self._normalise(planes[plane], channel, target[channel])

    def fill(self, target: NDArray[Any]) -> None:
        """The card's padding everywhere."""
        grey = np.full((1, 1), self._pad_value, np.uint8)
        for channel in range(3):
            self._normalise(grey, channel, target[channel])

    def _resize(self, image_bgr: BgrImage, size_hw: tuple[int, ...]) -> BgrImage:
        if image_bgr.shape[:2] == size_hw:
            return image_bgr
        if self._resized.shape[:2] != size_hw:
            self._resized = np.empty((*size_hw, 3), np.uint8)
        cv2.resize(image_bgr, size_hw[::-1], dst=self._resized, interpolation=cv2.INTER_LINEAR)
        return self._resized

    def _copy(self, picture: BgrImage, target_hwc: NDArray[Any]) -> None:
        """Bytes as they are, for a graph that scales them itself."""
        if self._order == (2, 1, 0):
            cv2.cvtColor(picture, cv2.COLOR_BGR2RGB, dst=target_hwc)
        else:
            target_hwc[:] = picture

    def _normalise(self, plane: NDArray[Any], channel: int, target: NDArray[Any]) -> None:
        if self._raw:
            target[:] = plane
            return
        np.divide(plane, self._divisors[channel], out=target)
        if self._shifts[channel]:
            target -= self._shifts[channel]
