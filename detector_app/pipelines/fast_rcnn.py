"""Fast R-CNN: a picture and the regions proposed on it go through one graph (Girshick 2015, arXiv 1504.08083)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import ModelCard, RegionSpec
from detector_app.pipelines.detector import DetectorPipeline
from detector_app.pipelines.host_proposals import (
    PICTURE_IDS,
    PROPOSALS,
    Proposals,
    check_available,
    propose_all,
)
from detector_app.pipelines.pipeline import DetectSettings, Inference, Prepared
from detector_app.pipelines.preprocess import Preprocessor
from detector_app.pipelines.region_decoder import RegionDecoder, outputs_by_role
from detector_app.pipelines.session import OnnxSession
from detector_app.vision.frame import Frame

NEEDED = ("region_scores", "region_boxes")


def fast_rcnn_decoder(card: ModelCard) -> RegionDecoder | None:
    """The decoder for the card's outputs; None if it lacks one of :data:`NEEDED`, regions or classes."""
    names = outputs_by_role(card)
    if card.regions is None or not card.classes or not all(role in names for role in NEEDED):
        return None
    scores, boxes = (names[role] for role in NEEDED)
    return RegionDecoder(scores, boxes, PICTURE_IDS, PROPOSALS)


def first_regions(card: ModelCard) -> dict[str, NDArray[Any]]:
    """The second input of a first run: the whole picture, and its upper left quarter."""
    if card.regions is None:
        return {}
    height, width = card.input.size_hw
    return {card.regions.input: np.array([(0, 0, 0, width, height), (0, 0, 0, width / 2, height / 2)], np.float32)}


@dataclass(frozen=True, eq=False)
class PreparedRegions(Prepared):
    """A batch of pictures with their regions; ``further`` holds them as the graph takes them."""

    proposals: Proposals | None = None


class FastRcnnPipeline(DetectorPipeline):
    """See :class:`~detector_app.pipelines.pipeline.Pipeline`; made by the loader.

    Raises:
        RegionsUnavailableError: scikit-image is not installed.
    """

    def __init__(
        self, card: ModelCard, session: OnnxSession, preprocessor: Preprocessor, decoder: RegionDecoder
    ) -> None:
        super().__init__(card, session, preprocessor, decoder)
        self._region_decoder = decoder
        self._spec = card.regions or RegionSpec()
        check_available(self._spec)

    def prepare(self, frames: Sequence[Frame], settings: DetectSettings | None = None) -> PreparedRegions:
        """Frames of any size → input tensor and regions. The search for regions is nearly all of the cost."""
        pictures = super().prepare(frames, settings)
        proposals = propose_all(self._spec, frames, pictures.letterboxes)
        regions = {self._spec.input: proposals.as_input()}
        return PreparedRegions(pictures.tensor, pictures.letterboxes, regions, proposals)

    def run(self, prepared: Prepared) -> Inference:
        """Run the graph; the proposals are kept with its outputs."""
        if not isinstance(prepared, PreparedRegions) or prepared.proposals is None:
            raise TypeError("Fast R-CNN runs what its own prepare has made")
        inference = super().run(prepared)
        return replace(inference, outputs={**inference.outputs, **prepared.proposals.as_outputs()})

    def _outputs(self, prepared: Prepared) -> dict[str, NDArray[Any]]:
        """Of a batch without any region nothing need be asked."""
        if len(prepared.further[self._spec.input]):
            return super()._outputs(prepared)
        sizes = self._region_decoder.axes(self._card)
        return {name: np.zeros(shape, np.float32) for name, shape in sizes.items()}

    def _further_of(self, prepared: Prepared, image: int) -> Mapping[str, NDArray[Any]]:
        """The regions of that picture, which alone is number 0."""
        regions = np.asarray(prepared.further[self._spec.input])
        own = regions[regions[:, 0] == image]
        own[:, 0] = 0
        return {self._spec.input: own}
