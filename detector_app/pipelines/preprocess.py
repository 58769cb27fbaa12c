"""Frames to the network's input tensor: the size to use, where each picture lies in it, and the padding around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.errors import InferenceError
from detector_app.model_card import InputSpec, SizeRange
from detector_app.pipelines.candidates import Size
from detector_app.pipelines.pipeline import Prepared
from detector_app.pipelines.pixels import PixelWriter
from detector_app.vision.frame import Frame
from detector_app.vision.letterbox import Letterbox


class Preprocessor:
    """Makes input tensors as the card's ``InputSpec`` says. One thread at a time: the tensor is a buffer of its own that it uses again.

    Args:
        spec: the card's input.
        name: the model's, for messages.
        rect: a dynamic graph gets an input of about the frame's own aspect (16:9 at 320 is 320×192) instead of a padded square.
        by_area: how a picture is shrunk; see :class:`PixelWriter`.
    """

    def __init__(self, spec: InputSpec, name: str = "", *, rect: bool = False, by_area: bool = False) -> None:
        self._spec, self._name, self._writer = spec, name, PixelWriter(spec, by_area=by_area)
        self._rect = rect and spec.dynamic is not None and spec.resize == "letterbox"
        self._tensor: NDArray[Any] = np.zeros(0, spec.dtype)
        self._padded_for: list[Letterbox | None] = []

    def __call__(self, frames: Sequence[Frame]) -> Prepared:
        """Frames of any size, at least one → tensor and letterboxes.

        Raises:
            InferenceError: the graph takes only one size, it wants pictures unresized, and a frame has another size.
        """
        sizes = [(frame.width_px, frame.height_px) for frame in frames]
        input_wh = self._input_size(sizes)
        letterboxes = tuple(self._place(size, input_wh) for size in sizes)
        self._shape_buffer(len(frames), input_wh)
        for slot, (frame, letterbox) in enumerate(zip(frames, letterboxes, strict=True)):
            planes = self._tensor[slot] if self._spec.layout == "NCHW" else self._tensor[slot].transpose(2, 0, 1)
            if self._padded_for[slot] != letterbox:  # else the padding is still there from the last frame
                self._writer.fill(planes)
                self._padded_for[slot] = letterbox
            (left, top), (width, height) = (letterbox.left_px, letterbox.top_px), letterbox.scaled_wh
            (x, y), (columns, rows) = letterbox.origin_xy, letterbox.source_wh
            part = frame.image_bgr[y : y + rows, x : x + columns]
            self._writer.write(part, planes[:, top : top + height, left : left + width])
        return Prepared(self._tensor, letterboxes)

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
        if self._spec.resize == "crop":
            return Letterbox.crop(source_wh, input_wh, self._spec.crop_fraction)
        if self._spec.resize == "stretch":
            return Letterbox.stretch(source_wh, input_wh)
        if self._spec.resize == "none" and self._spec.dynamic is None and source_wh != input_wh:
            found, expected = "×".join(map(str, source_wh)), "×".join(map(str, input_wh))
            raise InferenceError(self._name, detail=f"it takes pictures of {expected} only, this one is {found}")
        if self._spec.resize == "none" and source_wh[0] <= input_wh[0] and source_wh[1] <= input_wh[1]:
            return Letterbox(source_wh, input_wh, source_wh)
        return Letterbox.fit(source_wh, input_wh)

    def _shape_buffer(self, batch: int, input_wh: Size) -> None:
        width, height = input_wh
        channels = self._spec.channels
        shape = (batch, channels, height, width) if self._spec.layout == "NCHW" else (batch, height, width, channels)
        if self._tensor.shape != shape:
            self._tensor = np.empty(shape, self._spec.dtype)
            self._padded_for = [None] * batch


def _round_up(size_wh: Size, allowed: SizeRange) -> Size:
    """The least allowed size that holds ``size_wh``; the greatest allowed one if none does."""
    width, height = (
        min(max(-(-s // allowed.multiple) * allowed.multiple, allowed.least), allowed.most) for s in size_wh
    )
    return width, height
