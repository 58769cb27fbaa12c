"""Which network of a model is looked into, and how it sees a frame: whole, at a level of a pyramid, or one crop of it."""

from __future__ import annotations

import numpy as np

from detector_app.model_card import ModelCard
from detector_app.pipelines.inside.footprints import Shape
from detector_app.pipelines.inside.layers import layers, tensors_of
from detector_app.pipelines.inside.nodes import NodeGraph, read_nodes
from detector_app.pipelines.inside.sight import Anatomy, Crop, Maps, Network, Sight, Tensor
from detector_app.pipelines.inside.taps import TappedFile, TapSession, as_maps
from detector_app.pipelines.loader import CASCADE, FAMILIES, files_of, read_card
from detector_app.pipelines.mtcnn.pyramid import pyramid
from detector_app.pipelines.mtcnn.summed_area import Bins, SummedArea
from detector_app.pipelines.placement import CPU
from detector_app.pipelines.preprocess import Preprocessor
from detector_app.pipelines.session import OnnxSession
from detector_app.vision.frame import Frame
from detector_app.vision.letterbox import Letterbox


def networks_of(model: str, card: ModelCard | None = None) -> tuple[Network, ...]:
    """The graphs of the model called, or in the file, ``model``; of two that run together those of the first.

    Args:
        model: as :func:`~detector_app.pipelines.loader.load_pipeline` takes it.
        card: how to read it, instead of what its file says.

    Raises:
        ModelError: as the loader.
    """
    path = files_of(model)[0]
    if card is None:
        session = OnnxSession(path, providers=(CPU,), threads=1)
        try:
            card = read_card(session, path)
        finally:
            session.close()
    if card.decoder == CASCADE:
        return tuple(Network(path.parent / stage.file, stage.input, stage.name) for stage in card.stages)
    family = FAMILIES.get(card.decoder)
    further = {} if family is None else family.further(card)
    return (Network(path, card.input, classifies=card.task == "classify", further=further),)


class Inside:
    """An open network whose layers can be looked at; one thread at a time.

    Args:
        network: which.
        threads: of a session.

    Raises:
        ModelError: its file cannot be used.
    """

    def __init__(self, network: Network, *, threads: int = 1) -> None:
        self.network = network
        self._threads = threads
        self.graph: NodeGraph = read_nodes(network.path)
        self._file = TappedFile(network.path)
        rect = not network.classifies
        self._prepare = Preprocessor(network.spec, network.path.stem, rect=rect, by_area=network.classifies)
        self._area = SummedArea(network.spec)
        self._sizes: dict[Shape, Anatomy] = {}
        self._tapped: tuple[str, TapSession] | None = None

    def anatomy(self, input_shape: Shape) -> Anatomy:
        """The layers, with their sizes for a picture tensor of this shape.

        Raises:
            ModelError, InferenceError: the graph cannot be run.
        """
        known = self._sizes.get(input_shape)
        if known is None:
            known = self._measured(input_shape)
            self._sizes = {input_shape: known}  # of one size at a time: a graph may have thousands of tensors
        return known

    def see(self, frame: Frame, sight: Sight | None = None) -> tuple[Tensor, Letterbox]:
        """The frame as the network takes it, in a buffer that the next call uses again, and where it lies in it.

        Raises:
            InferenceError: the network takes only pictures of another size.
        """
        if self.network.stage:
            return self._see_part(frame, sight or Sight())
        prepared = self._prepare([frame])
        return prepared.tensor, prepared.letterboxes[0]

    def look(self, tensor: Tensor, letterbox: Letterbox, layer: str) -> Maps | None:
        """The maps of the layer whose tensor is ``layer``; None if there is none of that name.

        Raises:
            ModelError, InferenceError: the graph cannot be run.
        """
        found = self.anatomy(tensor.shape).layer(layer)
        if found is None:
            return None
        if self._tapped is None or self._tapped[0] != layer:
            self._tapped = layer, self._file.session([layer], threads=self._threads)
        feed = {self.network.spec.name: tensor, **self.network.further}
        return Maps(found, as_maps(self._tapped[1].run(feed, [layer])[layer]), letterbox)

    def _measured(self, input_shape: Shape) -> Anatomy:
        spec, names = self.network.spec, tensors_of(self.graph)
        inputs = {spec.name: input_shape} | {name: array.shape for name, array in self.network.further.items()}
        shapes = self._file.shapes(names, inputs)
        found = layers(self.graph, shapes)
        if not found:  # axes without names: then only a run can tell
            feed = {spec.name: np.zeros(input_shape, spec.dtype), **self.network.further}
            shapes |= self._file.measured(names, feed)
            found = layers(self.graph, shapes)
        return Anatomy(self.graph, shapes, found, spec.name, spec.layout)

    def _see_part(self, frame: Frame, sight: Sight) -> tuple[Tensor, Letterbox]:
        area, size = self._area.fill(frame.image_bgr), (frame.width_px, frame.height_px)
        if self.network.stage == "pnet":
            levels = pyramid(size[1], size[0], sight.cascade.min_face_px, sight.cascade.scale_factor)
            spec_hw = self.network.spec.size_hw
            level = levels[min(sight.level, len(levels) - 1)] if levels else None
            height, width = (level.height_px, level.width_px) if level else spec_hw
            tensor: Tensor = area.window(Bins.of(size[1], height), Bins.of(size[0], width))
            return tensor, Letterbox.stretch(size, (width, height))
        left, top, right, bottom = _within(sight.crop, size)
        height, width = self.network.spec.size_hw
        tensor = area.crops(np.array([[left, top, right, bottom]], np.int64), height)
        return tensor, Letterbox((right - left, bottom - top), (width, height), (width, height), origin_xy=(left, top))


def _within(crop: Crop | None, size_wh: tuple[int, int]) -> Crop:
    """A crop that has pixels of the frame in it, and none outside."""
    width, height = size_wh
    if crop is not None:
        left, right = sorted(min(max(x, 0), width) for x in crop[::2])
        top, bottom = sorted(min(max(y, 0), height) for y in crop[1::2])
        if right > left and bottom > top:
            return left, top, right, bottom
    side = min(size_wh)
    left, top = (width - side) // 2, (height - side) // 2
    return left, top, left + side, top + side
