"""The cascade as a pipeline: summed-area tables, three sessions, and the last suppression."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.graph import Graph, TensorInfo
from detector_app.model_card import ModelCard, Stage
from detector_app.pipelines.mtcnn.cascade import Cascade, Run, Verdicts
from detector_app.pipelines.mtcnn.following import Followed, after
from detector_app.pipelines.mtcnn.summed_area import SummedArea
from detector_app.pipelines.mtcnn.trace import explain
from detector_app.pipelines.mtcnn.workers import Workers
from detector_app.pipelines.pipeline import (
    CascadeSettings,
    DetectSettings,
    Inference,
    Prepared,
    default_settings,
)
from detector_app.pipelines.placement import Placement, merged
from detector_app.pipelines.session import OnnxSession
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.nms import min_area_nms
from detector_app.vision.trace import Trace


@dataclass(frozen=True, eq=False)
class Pictures(Prepared):
    """Frames ready for the cascade; the base's tensor is empty, for its stages choose what they take.

    Attributes:
        frames: as given.
        areas: their summed-area tables.
        settings: what the stages choose by.
        traced: what the stages see is to be kept.
    """

    frames: tuple[Frame, ...] = ()
    areas: tuple[SummedArea, ...] = ()
    settings: CascadeSettings = field(default_factory=CascadeSettings)
    traced: bool = False


@dataclass(frozen=True, eq=False)
class CascadeInference(Inference):
    """What O-Net said of each frame, and the settings that chose what it saw; the base's outputs are empty."""

    verdicts: tuple[Verdicts, ...] = ()
    settings: CascadeSettings = field(default_factory=CascadeSettings)


class MtcnnPipeline:
    """See :class:`~detector_app.pipelines.pipeline.Pipeline`; made by the loader.

    Args:
        card: of the whole model.
        sessions: of its three stages, in order; it takes them over.
        workers: how many threads run them, each by itself.
    """

    def __init__(
        self, card: ModelCard, sessions: tuple[OnnxSession, OnnxSession, OnnxSession], workers: int = 1
    ) -> None:
        self._card, self._sessions = card, sessions
        self._workers = Workers(workers)
        first, second, third = map(by_role, card.stages, sessions)
        self._cascade = Cascade(card.stages, (first, second, third), self._workers)
        self._areas: list[SummedArea] = []
        self._followed: Followed | None = None

    @property
    def card(self) -> ModelCard:
        """The model card it was made from."""
        return self._card

    @property
    def placement(self) -> Placement:
        """Where the three graphs really run, their nodes counted together."""
        return merged([session.placement for session in self._sessions])

    @property
    def graph(self) -> Graph:
        """What the three graphs take and give, each name behind its stage's."""
        pairs = list(zip(self._card.stages, self._sessions, strict=True))
        return Graph(
            tuple(_named(stage, info) for stage, session in pairs for info in session.graph.inputs),
            tuple(_named(stage, info) for stage, session in pairs for info in session.graph.outputs),
        )

    def prepare(self, frames: Sequence[Frame], settings: DetectSettings | None = None) -> Pictures:
        """Frames of any size → their summed-area tables, in arrays that the next call uses again."""
        chosen = (settings or default_settings(self._card)).cascade or default_settings(self._card).cascade
        sizes = [(frame.width_px, frame.height_px) for frame in frames]
        while len(self._areas) < len(frames):
            self._areas.append(SummedArea(self._card.stages[0].input))
        areas = tuple(area.fill(frame.image_bgr) for area, frame in zip(self._areas, frames, strict=False))
        letterboxes = tuple(Letterbox.stretch(size, size) for size in sizes)
        chosen = chosen or CascadeSettings()
        nothing = np.zeros((0, 0), np.float32)
        traced = settings is not None and settings.traced
        return Pictures(nothing, letterboxes, frames=tuple(frames), areas=areas, settings=chosen, traced=traced)

    def run(self, prepared: Prepared) -> CascadeInference:
        """Run the three networks, frame by frame."""
        if not isinstance(prepared, Pictures):
            raise TypeError("a cascade runs what its own prepare has made")
        start = time.perf_counter()
        pairs = zip(prepared.frames, prepared.areas, strict=True)
        verdicts = tuple(self._look(frame, area, prepared.settings, prepared.traced) for frame, area in pairs)
        run_ms = (time.perf_counter() - start) * 1e3
        return CascadeInference({}, prepared.letterboxes, 0.0, run_ms, verdicts, prepared.settings)

    def select(self, inference: Inference, settings: DetectSettings) -> list[Detections]:
        """One ``Detections`` with five landmarks a face per frame; touches no session, so it may run beside ``run``."""
        if not isinstance(inference, CascadeInference):
            raise TypeError("a cascade selects from what its own run has made")
        return [
            faces(verdicts, letterbox, settings, self._card.classes)
            for verdicts, letterbox in zip(inference.verdicts, inference.letterboxes, strict=True)
        ]

    def trace(self, inference: Inference, settings: DetectSettings, *, image: int = 0, floor: float = 0.05) -> Trace:
        """What each stage did to each window of picture ``image``; of a run that was not ``traced`` only what O-Net did."""
        if not isinstance(inference, CascadeInference):
            raise TypeError("a cascade traces what its own run has made")
        verdicts, letterbox = inference.verdicts[image], inference.letterboxes[image]
        return explain(verdicts, letterbox, settings, inference.settings, self._card.classes, floor)

    def covers(self, inference: Inference, settings: DetectSettings) -> bool:
        """Whether O-Net has seen all that it would see: R-Net's score may rise and O-Net's change, the rest must be as it was."""
        if not isinstance(inference, CascadeInference):
            return False
        if settings.traced and any(verdicts.scanned and verdicts.seen is None for verdicts in inference.verdicts):
            return False
        ran, asked = inference.settings, settings.cascade or default_settings(self._card).cascade or CascadeSettings()
        rest = replace(asked, refine_score=ran.refine_score, score=ran.score)
        return rest == ran and asked.refine_score >= ran.refine_score

    def interrupt(self) -> None:
        """A run takes some hundred milliseconds at most."""

    def close(self) -> None:
        """End the workers and release the sessions."""
        self._workers.close()
        for session in self._sessions:
            session.close()

    def _look(self, frame: Frame, area: SummedArea, settings: CascadeSettings, keep: bool) -> Verdicts:
        """Search the frame, or follow the faces of the one before into it."""
        before = self._followed
        if before is not None and not before.leads_to(frame, settings.scan_every):
            before = None
        found = (
            self._cascade.search(area, settings, keep=keep)
            if before is None
            else self._cascade.follow(area, before.xyxy)
        )
        if settings.scan_every > 1:
            self._followed = after(frame, found.xyxy, found.scores, self._card.thresholds.iou, before)
        return found


def faces(
    verdicts: Verdicts, letterbox: Letterbox, settings: DetectSettings, class_names: tuple[str, ...]
) -> Detections:
    """O-Net's verdicts → the faces of a frame: filter, last suppression by the smaller area, clip; best score first.

    Raising a score of R-Net takes just those away that it would have taken: its suppression goes by the same score.
    """
    cascade = settings.cascade or CascadeSettings()
    least = settings.score if cascade.score is None else cascade.score
    good = (verdicts.scores >= np.float32(least)) & (verdicts.refine_scores >= np.float32(cascade.refine_score))
    if settings.classes is not None and 0 not in settings.classes:
        good[:] = False
    index = np.flatnonzero(good & np.isfinite(verdicts.xyxy).all(axis=1))
    index = index[np.argsort(-verdicts.scores[index], kind="stable")][: settings.top_k]
    index = index[min_area_nms(verdicts.xyxy[index], settings.iou)][: settings.max_detections]
    return Detections(
        letterbox.inverse_boxes(verdicts.xyxy[index]),
        verdicts.scores[index],
        np.zeros(len(index), np.int64),
        class_names,
        verdicts.landmarks_xy[index],
        index,
    )


def by_role(stage: Stage, session: OnnxSession) -> Run:
    """A stage's input tensor → its outputs by role."""
    names = {output.role: output.name for output in stage.outputs}

    def run(tensor: NDArray[Any]) -> Mapping[str, NDArray[Any]]:
        outputs = session.run({stage.input.name: tensor})
        return {role: outputs[name] for role, name in names.items()}

    return run


def _named(stage: Stage, info: TensorInfo) -> TensorInfo:
    return replace(info, name=f"{stage.name}.{info.name}")
