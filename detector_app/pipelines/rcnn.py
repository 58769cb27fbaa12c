"""R-CNN: every region is cut out, warped and goes through the network by itself (Girshick et al. 2014, arXiv 1311.2524).

Crops are made as the run goes on, some at a time: all of two thousand at 227×227 would be more than a gigabyte.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import InputSpec, ModelCard, RegionSpec
from detector_app.pipelines.candidates import Outputs
from detector_app.pipelines.detector import DetectorPipeline
from detector_app.pipelines.graph_pipeline import in_single_precision
from detector_app.pipelines.host_proposals import PICTURE_IDS, PROPOSALS, Proposals, check_available, propose_all
from detector_app.pipelines.pipeline import DetectSettings, Inference, Interrupted, Prepared
from detector_app.pipelines.pixels import PixelWriter
from detector_app.pipelines.preprocess import Preprocessor
from detector_app.pipelines.region_decoder import RegionDecoder, outputs_by_role
from detector_app.pipelines.session import OnnxSession
from detector_app.vision.boxes import from_centres
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.frame import Frame
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.selective_search import warp

NEEDED = ("region_scores", "region_deltas")
MOST_CROPS = 64
"""Crops that go through the network at a time."""
LARGEST_LOG_SIZE = np.float32(np.log(1000 / 16))
"""A regression makes no region more than 62 times as wide: e to the power of a wild number must stay finite."""


@dataclass(frozen=True)
class DeltaDecoder(RegionDecoder):
    """A decoder whose ``boxes`` are (R, C, 4) dx, dy, dw, dh against the proposals; only those of survivors are worked out."""

    def _boxes(self, outputs: Outputs, rows: IntArray, class_ids: IntArray) -> FloatArray:
        deltas = outputs[self.boxes][rows, class_ids].astype(np.float32, copy=False)
        return regressed(outputs[self.proposals][rows], deltas)


def regressed(xyxy: FloatArray, deltas: FloatArray) -> FloatArray:
    """(n, 4) boxes moved and resized by (n, 4) dx, dy, dw, dh: parts of their sides, and logarithms of factors (appendix C)."""
    sides = xyxy[:, 2:] - xyxy[:, :2]
    centres = xyxy[:, :2] + sides * np.float32(0.5) + deltas[:, :2] * sides
    return from_centres(centres, sides * np.exp(np.minimum(deltas[:, 2:], LARGEST_LOG_SIZE)))


def rcnn_decoder(card: ModelCard) -> DeltaDecoder | None:
    """The decoder for the card's outputs; None if it lacks one of :data:`NEEDED`, regions or classes."""
    names = outputs_by_role(card)
    if card.regions is None or not card.classes or not all(role in names for role in NEEDED):
        return None
    scores, deltas = (names[role] for role in NEEDED)
    return DeltaDecoder(scores, deltas, PICTURE_IDS, PROPOSALS)


@dataclass(frozen=True, eq=False)
class PreparedCrops(Prepared):
    """Frames and the regions that will be cut out of them; the base's tensor is empty, its letterboxes are the frames as they are."""

    frames: tuple[Frame, ...] = ()
    proposals: Proposals | None = None


class RcnnPipeline(DetectorPipeline):
    """See :class:`~detector_app.pipelines.pipeline.Pipeline`; made by the loader.

    Raises:
        RegionsUnavailableError: scikit-image is not installed.
    """

    def __init__(
        self, card: ModelCard, session: OnnxSession, preprocessor: Preprocessor, decoder: DeltaDecoder
    ) -> None:
        super().__init__(card, session, preprocessor, decoder)
        self._region_decoder = decoder
        self._spec = card.regions or RegionSpec()
        self._crops = CropWriter(card.input, self._spec.context)
        self._interrupted = threading.Event()
        check_available(self._spec)

    def prepare(self, frames: Sequence[Frame], settings: DetectSettings | None = None) -> PreparedCrops:
        """Frames of any size → their regions. What cutting them out costs is counted as preparation, too, though it comes later."""
        letterboxes = tuple(Letterbox.stretch(size, size) for size in ((f.width_px, f.height_px) for f in frames))
        proposals = propose_all(self._spec, frames, letterboxes)
        return PreparedCrops(np.zeros((0, 0), np.float32), letterboxes, frames=tuple(frames), proposals=proposals)

    def run(self, prepared: Prepared) -> Inference:
        """Cut out and run some regions at a time.

        Raises:
            Interrupted: :meth:`interrupt` was called.
        """
        if not isinstance(prepared, PreparedCrops) or prepared.proposals is None:
            raise TypeError("R-CNN runs what its own prepare has made")
        parts, prepare_ms, run_ms = [], 0.0, 0.0
        for share in self._shares(len(prepared.proposals)):
            if self._interrupted.is_set():
                raise Interrupted
            started = time.perf_counter()
            tensor = self._crops.cut(prepared.frames, prepared.proposals, share)
            cut = time.perf_counter()
            parts.append(self._session.run({self._card.input.name: tensor}))
            prepare_ms += (cut - started) * 1e3
            run_ms += (time.perf_counter() - cut) * 1e3
        outputs = in_single_precision(self._joined(parts))
        return Inference({**outputs, **prepared.proposals.as_outputs()}, prepared.letterboxes, prepare_ms, run_ms)

    def interrupt(self) -> None:
        """Let the run end between two shares."""
        self._interrupted.set()

    def _shares(self, count: int) -> Iterator[slice]:
        size = MOST_CROPS if self._card.input.dynamic_batch else 1
        return (slice(first, min(first + size, count)) for first in range(0, count, size))

    def _joined(self, parts: Sequence[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
        """Outputs of all shares; none of no regions."""
        sizes = self._region_decoder.axes(self._card)
        if not parts:
            return {name: np.zeros(shape, np.float32) for name, shape in sizes.items()}
        return {name: np.concatenate([part[name] for part in parts]) for name in sizes}


class CropWriter:
    """Cuts regions out as the card's input says. Its buffer is used again, so one thread at a time.

    Args:
        spec: of a crop.
        context: see :class:`~detector_app.model_card.RegionSpec`.
    """

    def __init__(self, spec: InputSpec, context: float) -> None:
        self._spec, self._context = spec, context
        self._writer = PixelWriter(spec)
        (height, width), channels = spec.size_hw, spec.channels
        shape = (channels, height, width) if spec.layout == "NCHW" else (height, width, channels)
        self._tensor: NDArray[Any] = np.empty((MOST_CROPS, *shape), spec.dtype)

    def cut(self, frames: Sequence[Frame], proposals: Proposals, share: slice) -> NDArray[Any]:
        """(n, …) input tensor of those regions, n at most :data:`MOST_CROPS`; valid until the next call."""
        pictures, boxes = proposals.picture_ids[share], proposals.xyxy[share]
        for crop, picture, box in zip(self._tensor, pictures.tolist(), boxes, strict=False):
            planes = crop if self._spec.layout == "NCHW" else crop.transpose(2, 0, 1)
            self._writer.write(self._warped(frames[picture], box), planes)
        return self._tensor[: len(boxes)]

    def _warped(self, frame: Frame, box: FloatArray) -> NDArray[np.uint8]:
        spec = self._spec
        return warp(frame.image_bgr, box, spec.size_hw, context=self._context, fill=spec.pad_value)
