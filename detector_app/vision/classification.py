"""What a picture as a whole is: a probability for each class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector_app.vision.detections import FloatArray

TOP = 5
"""How many of the best classes are shown and written."""

Region = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Label:
    """One class with its probability in [0, 1]."""

    class_id: int
    name: str
    probability: float

    @property
    def percent(self) -> str:
        """The probability to a tenth of a per cent: "97.3 %"."""
        return f"{100 * self.probability:.1f} %"


@dataclass(frozen=True, eq=False)
class Classification:
    """The answer of a classifier for one frame.

    Attributes:
        probabilities: (C,) float32 in [0, 1], of all classes, so that others than the best can be asked for later; finite.
        class_names: names of all classes of the model, shared by reference between frames.
        seen_xyxy: the part of the frame that the network saw, in pixels of the source frame.
    """

    probabilities: FloatArray
    class_names: tuple[str, ...]
    seen_xyxy: Region

    def __post_init__(self) -> None:
        if self.probabilities.ndim != 1 or not len(self.probabilities):
            raise ValueError(f"probabilities are {self.probabilities.shape}, expected (C,) with C > 0")

    @property
    def best(self) -> Label:
        """The most probable class; of equals the first."""
        return self.label(int(self.probabilities.argmax()))

    def top(self, count: int = TOP) -> tuple[Label, ...]:
        """The ``count`` most probable classes, or all if there are fewer; best first, of equals the one with the lower id."""
        order = np.argsort(-self.probabilities, kind="stable")[:count]
        return tuple(self.label(int(class_id)) for class_id in order)

    def label(self, class_id: int) -> Label:
        """Class ``class_id`` with its probability; the number is its name when the model does not name it."""
        named = class_id < len(self.class_names)
        name = self.class_names[class_id] if named else str(class_id)
        return Label(class_id, name, float(self.probabilities[class_id]))

    def sees_all(self, width_px: int, height_px: int) -> bool:
        """Whether the network saw the whole frame of this size, to the pixel."""
        return tuple(map(round, self.seen_xyxy)) == (0, 0, width_px, height_px)
