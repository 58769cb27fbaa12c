"""What was found in one frame: a struct of arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detector_app.vision.identity import Identity

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Detections:
    """N detections of one frame, best score first.

    Attributes:
        xyxy: (N, 4) float32, left, top, right, bottom in pixels of the source frame, clipped to it.
        scores: (N,) float32 in [0, 1].
        class_ids: (N,) int64, indices into ``class_names``.
        class_names: names of all classes of the model, shared by reference between frames.
        landmarks_xy: (N, K, 2) float32 in pixels of the source frame, NaN for a detection without; None when the model has none.
        candidate_ids: (N,) int64, stable numbers of the raw candidates within this frame's outputs (flat index over heads, cells and
            anchors), so that a trace can speak about a box; -1 when unknown.
        identities: who each is, None for what is no face; None when nobody was asked.
        track_ids: (N,) int64 the same number for the same thing in all frames, from 1; −1 for one not followed; None when nothing is.
    """

    xyxy: FloatArray
    scores: FloatArray
    class_ids: IntArray
    class_names: tuple[str, ...] = ()
    landmarks_xy: FloatArray | None = None
    candidate_ids: IntArray | None = None
    identities: tuple[Identity | None, ...] | None = None
    track_ids: IntArray | None = None

    def __post_init__(self) -> None:
        n = len(self.scores)
        if self.xyxy.shape != (n, 4) or self.scores.shape != (n,) or self.class_ids.shape != (n,):
            raise ValueError(
                f"detections disagree: xyxy {self.xyxy.shape}, scores {self.scores.shape}, class_ids {self.class_ids.shape}"
            )
        if self.landmarks_xy is not None and (self.landmarks_xy.ndim != 3 or len(self.landmarks_xy) != n):
            raise ValueError(f"landmarks_xy is {self.landmarks_xy.shape}, expected ({n}, K, 2)")
        if self.identities is not None and len(self.identities) != n:
            raise ValueError(f"{len(self.identities)} identities for {n} detections")
        if self.track_ids is not None and self.track_ids.shape != (n,):
            raise ValueError(f"track_ids is {self.track_ids.shape}, expected ({n},)")

    @classmethod
    def empty(cls, class_names: tuple[str, ...] = ()) -> Detections:
        """No detections: a first-class case."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64), class_names)

    def __len__(self) -> int:
        return len(self.scores)

    def name(self, i: int) -> str:
        """Class name of detection ``i``; the number itself when the model does not name it."""
        class_id = int(self.class_ids[i])
        return self.class_names[class_id] if 0 <= class_id < len(self.class_names) else str(class_id)

    def identity(self, i: int) -> Identity | None:
        """Who detection ``i`` is; None when nobody was asked, or it is no face."""
        return None if self.identities is None else self.identities[i]

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> Detections:
        """The detections at ``index`` (integers or a mask), in that order."""
        return Detections(
            self.xyxy[index],
            self.scores[index],
            self.class_ids[index],
            self.class_names,
            None if self.landmarks_xy is None else self.landmarks_xy[index],
            None if self.candidate_ids is None else self.candidate_ids[index],
            None if self.identities is None else tuple(self.identities[i] for i in np.arange(len(self))[index]),
            None if self.track_ids is None else self.track_ids[index],
        )

    def scaled(self, scale_xy: FloatArray) -> Detections:
        """The detections of the same frame resized by ``scale_xy`` (2,), as when it is drawn smaller."""
        landmarks = None if self.landmarks_xy is None else self.landmarks_xy * scale_xy
        xyxy = (self.xyxy.reshape(-1, 2, 2) * scale_xy).reshape(-1, 4)
        return replace(self, xyxy=xyxy, landmarks_xy=landmarks)
