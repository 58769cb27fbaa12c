"""Two detectors on the same frames as one: objects, and the faces among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from detector_app.errors import ModelError
from detector_app.graph import Graph
from detector_app.model_card import ModelCard
from detector_app.pipelines.embedded import SIGN
from detector_app.pipelines.pipeline import DetectSettings, Inference, Pipeline, Prepared, default_settings
from detector_app.pipelines.placement import Placement, merged
from detector_app.vision.detections import Detections, FloatArray
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import Found
from detector_app.vision.trace import Trace


@dataclass(frozen=True, eq=False)
class PreparedTwice(Prepared):
    """The frames as each of the two takes them; the base's fields are those of the objects."""

    objects: Prepared | None = None
    faces: Prepared | None = None


@dataclass(frozen=True, eq=False)
class InferredTwice(Inference):
    """What each of the two gives; the base's fields are those of the objects, the costs of both."""

    objects: Inference | None = None
    faces: Inference | None = None


class TogetherPipeline:
    """See :class:`~detector_app.pipelines.pipeline.Pipeline`. Its classes are those of the objects, then those of the faces.

    The score of the settings is that of the objects; faces have their own in ``CascadeSettings.score``, and their own overlap.

    Args:
        objects: a detector without faces; it is taken over.
        faces: a cascade; it is taken over.

    Raises:
        ModelError: they are not such a pair. Then the caller still has both.
    """

    def __init__(self, objects: Pipeline, faces: Pipeline) -> None:
        if objects.card.task != "detect" or faces.card.task != "faces" or faces.card.cascade is None:
            found = f"{objects.card.task} and {faces.card.task}"
            where = f"{objects.card.name}{SIGN}{faces.card.name}"
            raise ModelError(
                where, detail=f"only a detector of objects and MTCNN run together, in this order; found {found}"
            )
        self._objects, self._faces = objects, faces
        self._card = joint_card(objects.card, faces.card)

    @property
    def card(self) -> ModelCard:
        """The objects' card with the faces' classes and cascade."""
        return self._card

    @property
    def placement(self) -> Placement:
        """Where both really run, their nodes counted together."""
        return merged([self._objects.placement, self._faces.placement])

    @property
    def graph(self) -> Graph:
        """What both take and give."""
        graphs = [self._objects.graph, self._faces.graph]
        inputs, outputs = (tuple(info for graph in graphs for info in getattr(graph, n)) for n in ("inputs", "outputs"))
        return Graph(inputs, outputs)

    def prepare(self, frames: Sequence[Frame], settings: DetectSettings | None = None) -> PreparedTwice:
        """Frames of any size → both inputs."""
        objects = self._objects.prepare(frames, settings)
        faces = self._faces.prepare(frames, self._for_faces(settings or default_settings(self._card)))
        return PreparedTwice(objects.tensor, objects.letterboxes, objects.further, objects, faces)

    def run(self, prepared: Prepared) -> InferredTwice:
        """Run both, one after the other."""
        if not isinstance(prepared, PreparedTwice) or prepared.objects is None or prepared.faces is None:
            raise TypeError("a pair runs what its own prepare has made")
        objects, faces = self._objects.run(prepared.objects), self._faces.run(prepared.faces)
        prepare_ms, run_ms = objects.prepare_ms + faces.prepare_ms, objects.run_ms + faces.run_ms
        return InferredTwice(objects.outputs, objects.letterboxes, prepare_ms, run_ms, objects, faces)

    def select(self, inference: Inference, settings: DetectSettings) -> Sequence[Found]:
        """Objects and faces of each frame, best score first."""
        objects, faces = _both(inference)
        found = self._objects.select(objects, self._for_objects(settings))
        looked = self._faces.select(faces, self._for_faces(settings))
        return [self._joined(one, other, settings.max_detections) for one, other in zip(found, looked, strict=True)]

    def covers(self, inference: Inference, settings: DetectSettings) -> bool:
        """Whether both do."""
        objects, faces = _both(inference)
        return self._objects.covers(objects, self._for_objects(settings)) and self._faces.covers(
            faces, self._for_faces(settings)
        )

    def trace(
        self, inference: Inference, settings: DetectSettings, *, image: int = 0, floor: float = 0.05
    ) -> Trace | None:
        """That of the objects, with that of the faces beside it. How many of both may be shown together is not part of them."""
        objects, faces = _both(inference)
        first = self._objects.trace(objects, self._for_objects(settings), image=image, floor=floor)
        second = self._faces.trace(faces, self._for_faces(settings), image=image, floor=floor)
        if first is None or second is None:
            return first or second
        return replace(first, also=(second,))

    def interrupt(self) -> None:
        """Let both end soon."""
        self._objects.interrupt()
        self._faces.interrupt()

    def close(self) -> None:
        """Release both."""
        self._objects.close()
        self._faces.close()

    def _for_objects(self, settings: DetectSettings) -> DetectSettings:
        """The settings with the classes that the objects' model knows."""
        known = range(len(self._objects.card.classes))
        wanted = None if settings.classes is None else settings.classes.intersection(known)
        return replace(settings, classes=wanted)

    def _for_faces(self, settings: DetectSettings) -> DetectSettings:
        """The settings with the classes as the faces' model numbers them, and its own overlap."""
        classes = settings.classes
        if classes is not None:
            names = {self._card.classes[i] for i in classes if i < len(self._card.classes)}
            classes = frozenset(i for i, name in enumerate(self._faces.card.classes) if name in names)
        return replace(settings, classes=classes, iou=self._faces.card.thresholds.iou)

    def _joined(self, objects: Found, faces: Found, most: int) -> Detections:
        if not isinstance(objects, Detections) or not isinstance(faces, Detections):
            raise TypeError("only detections can be joined")
        ids = np.array([self._card.classes.index(faces.name(i)) for i in range(len(faces))], np.int64)
        joined = Detections(
            np.concatenate([objects.xyxy, faces.xyxy]),
            np.concatenate([objects.scores, faces.scores]),
            np.concatenate([objects.class_ids, ids]),
            self._card.classes,
            np.concatenate([_no_landmarks(objects, faces), _landmarks(faces)]),
        )
        return joined.take(np.argsort(-joined.scores, kind="stable")[:most])


def joint_card(objects: ModelCard, faces: ModelCard) -> ModelCard:
    """One card for both: what the app shows and what settings start from."""
    more = tuple(name for name in faces.classes if name not in objects.classes)
    return replace(
        objects,
        name=f"{objects.name}{SIGN}{faces.name}",
        decoder=f"{objects.decoder}{SIGN}{faces.decoder}",
        classes=objects.classes + more,
        stages=faces.stages,
        cascade=faces.cascade,
        training=objects.training + faces.training,
        licence=" + ".join(dict.fromkeys(licence for licence in (objects.licence, faces.licence) if licence)),
    )


def _both(inference: Inference) -> tuple[Inference, Inference]:
    if not isinstance(inference, InferredTwice) or inference.objects is None or inference.faces is None:
        raise TypeError("a pair selects from what its own run has made")
    return inference.objects, inference.faces


def _landmarks(faces: Detections) -> FloatArray:
    return np.zeros((len(faces), 5, 2), np.float32) if faces.landmarks_xy is None else faces.landmarks_xy


def _no_landmarks(objects: Detections, faces: Detections) -> FloatArray:
    """NaN, as many points as a face has."""
    return np.full((len(objects), *_landmarks(faces).shape[1:]), np.nan, np.float32)
