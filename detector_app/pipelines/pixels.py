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

    Every target is a (C, H, W) view with the network's channel order, whatever the layout of the tensor behind it.

    Args:
        spec: the card's input.
        by_area: a picture that shrinks is averaged over the area of each new pixel, as classifiers are trained: thin strokes survive.
            Otherwise bilinear, without regard to what lies between, as detectors are trained.
    """

    def __init__(self, spec: InputSpec, *, by_area: bool = False) -> None:
        self._by_area = by_area
        self._grey = spec.channel_order == "GREY"
        self._raw = spec.dtype == "uint8"
        self._interleaved = self._raw and spec.layout == "NHWC" and not self._grey
        self._pad_value = spec.pad_value
        self._order = (2, 1, 0) if spec.channel_order == "RGB" else (0, 1, 2)
        # Divided, as trainers do (p / 255): a product with 1/255 differs in the last bit.
        self._divisors = (np.array(spec.std) / spec.scale).astype(np.float32)
        self._shifts = (np.array(spec.mean) / np.array(spec.std)).astype(np.float32)
        self._resized: NDArray[np.uint8] = np.zeros((0, 0, 3), np.uint8)
        self._luminance: NDArray[np.uint8] = np.zeros((0, 0), np.uint8)
        self._planes: list[NDArray[np.uint8]] = [np.zeros((0, 0), np.uint8)] * 3

    def write(self, image_bgr: BgrImage, target: NDArray[Any]) -> None:
        """The whole picture, resized to the target."""
        if self._grey:
            self._normalise(self._resize(self._to_grey(image_bgr), target.shape[1:]), 0, target[0])
            return
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
        for channel, plane in enumerate(target):
            self._normalise(grey, channel, plane)

    def _to_grey(self, image_bgr: BgrImage) -> NDArray[np.uint8]:
        """Luminance before the resize, as trainers do it: (H, W)."""
        if self._luminance.shape != image_bgr.shape[:2]:
            self._luminance = np.empty(image_bgr.shape[:2], np.uint8)
        cv2.cvtColor(image_bgr, cv2.COLOR_BGR2GRAY, dst=self._luminance)
        return self._luminance

    def _resize(self, picture: NDArray[np.uint8], size_hw: tuple[int, ...]) -> NDArray[np.uint8]:
        """(H, W) or (H, W, 3) → the same of ``size_hw``."""
        height, width = picture.shape[:2]
        if (height, width) == size_hw:
            return picture
        shape = (*size_hw, *picture.shape[2:])
        if self._resized.shape != shape:
            self._resized = np.empty(shape, np.uint8)
        shrinks = height > size_hw[0] or width > size_hw[1]
        how = cv2.INTER_AREA if self._by_area and shrinks else cv2.INTER_LINEAR
        cv2.resize(picture, size_hw[::-1], dst=self._resized, interpolation=how)
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
