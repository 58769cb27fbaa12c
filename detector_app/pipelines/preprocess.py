"""Frames to the network's input tensor: resize, pad, order of channels, scale; into buffers that are used again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detector_app.errors import InferenceError
from detector_app.model_card import InputSpec, SizeRange
from detector_app.pipelines.candidates import Size
from detector_app.pipelines.pipeline import Prepared
from detector_app.vision.frame import BgrImage, Frame
from detector_app.vision.letterbox import Letterbox


class Preprocessor:
    """Makes input tensors as the card's ``InputSpec`` says. One thread at a time: the tensor is a buffer of its own that it uses again.

    Args:
        spec: the card's input.
        name: the model's, for messages.
        rect: a dynamic graph gets an input of about the frame's own aspect (16:9 at 320 is 320×192) instead of a padded square.
    """

    def __init__(self, spec: InputSpec, name: str = "", *, rect: bool = False) -> None:
        self._spec, self._name = spec, name
        self._rect = rect and spec.dynamic is not None and spec.resize == "letterbox"
        # Divided, as trainers do (p / 255): a product with 1/255 differs in the last bit.
        self._divisors = (np.array(spec.std) / spec.scale).astype(np.float32)
        self._shifts = (np.array(spec.mean) / np.array(spec.std)).astype(np.float32)
        self._planes = (2, 1, 0) if spec.channel_order == "RGB" else (0, 1, 2)
        self._tensor: NDArray[Any] = np.zeros(0, spec.dtype)
        self._canvas: BgrImage = np.zeros((0, 0, 3), np.uint8)
        self._canvas_holds: Letterbox | None = None
        self._channels: list[NDArray[np.uint8]] = []

    def __call__(self, frames: Sequence[Frame]) -> Prepared:
        """Frames of any size, at least one → tensor and letterboxes.

        Raises:
            InferenceError: the graph takes only one size, it wants pictures unresized, and a frame has another size.
        """
        sizes = [(frame.width_px, frame.height_px) for frame in frames]
        input_wh = self._input_size(sizes)
        letterboxes = tuple(self._place(size, input_wh) for size in sizes)
        tensor = self._buffer(len(frames), input_wh)
        for slot, (frame, letterbox) in enumerate(zip(frames, letterboxes, strict=True)):
            self._write(self._draw(frame.image_bgr, letterbox), tensor[slot])
        return Prepared(tensor, letterboxes)

    def _input_size(self, sizes: Sequence[Size]) -> Size:
        """The one size that all frames of the batch share."""
        default = (self._spec.size_hw[1], self._spec.size_hw[0])
        dynamic = self._spec.dynamic
        if dynamic is None:
            return default
        if self._spec.resize == "none":
            return _round_up((max(w for w, _ in sizes), max(h for _, h in sizes)), dynamic)
        if self._rect and len(set(sizes)) == 1:
            return _round_up(Letterbox.fit(sizes[0], default).scaled_wh, dynamic)
        return default

    def _place(self, source_wh: Size, input_wh: Size) -> Letterbox:
        if self._spec.resize == "stretch":
            return Letterbox.stretch(source_wh, input_wh)
        if self._spec.resize == "none" and self._spec.dynamic is None and source_wh != input_wh:
            found, expected = "×".join(map(str, source_wh)), "×".join(map(str, input_wh))
            raise InferenceError(self._name, detail=f"it takes pictures of {expected} only, this one is {found}")
        if self._spec.resize == "none" and source_wh[0] <= input_wh[0] and source_wh[1] <= input_wh[1]:
            return Letterbox(source_wh, input_wh, source_wh)
        return Letterbox.fit(source_wh, input_wh)

    def _buffer(self, batch: int, input_wh: Size) -> NDArray[Any]:
        width, height = input_wh
        shape = (batch, 3, height, width) if self._spec.layout == "NCHW" else (batch, height, width, 3)
        if self._tensor.shape != shape:
            self._tensor = np.empty(shape, self._spec.dtype)
        return self._tensor

    def _draw(self, image_bgr: BgrImage, letterbox: Letterbox) -> BgrImage:
        """The picture in place on the padded canvas, uint8 BGR. A picture that fills an input of its own size is not copied."""
        if letterbox.scaled_wh == letterbox.input_wh == letterbox.source_wh:
            return image_bgr
        width, height = letterbox.input_wh
        if self._canvas.shape[:2] != (height, width):
            self._canvas, self._canvas_holds = np.empty((height, width, 3), np.uint8), None
        if self._canvas_holds != letterbox:
            self._canvas[:] = self._spec.pad_value
            self._canvas_holds = letterbox
        top, left = letterbox.top_px, letterbox.left_px
        window = self._canvas[top : top + letterbox.scaled_wh[1], left : left + letterbox.scaled_wh[0]]
        if letterbox.scaled_wh == letterbox.source_wh:
            window[:] = image_bgr
        else:
            cv2.resize(image_bgr, letterbox.scaled_wh, dst=window, interpolation=cv2.INTER_LINEAR)
        return self._canvas

    def _write(self, image_bgr: BgrImage, slot: NDArray[Any]) -> None:
        """uint8 BGR (H, W, 3) → the slot of the tensor, normalised."""
        if not self._channels or self._channels[0].shape != image_bgr.shape[:2]:
            self._channels = [np.empty(image_bgr.shape[:2], np.uint8) for _ in range(3)]
        channels = cv2.split(image_bgr, self._channels)
        for index, plane in enumerate(self._planes):
            target = slot[index] if self._spec.layout == "NCHW" else slot[..., index]
            if self._spec.dtype == "uint8":
                target[:] = channels[plane]
                continue
            np.divide(channels[plane], self._divisors[index], out=target)
            if self._shifts[index]:
                target -= self._shifts[index]


def _round_up(size_wh: Size, allowed: SizeRange) -> Size:
    """The least allowed size that holds ``size_wh``; the greatest allowed one if none does."""
    width, height = (
        min(max(-(-s // allowed.multiple) * allowed.multiple, allowed.least), allowed.most) for s in size_wh
    )
    return width, height
