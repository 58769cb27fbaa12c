"""What a classifier says of each picture, one line on standard output."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm

from detector_app.errors import SettingError
from detector_app.sinks.opener import KINDS
from detector_app.vision.frame_result import FrameResult

LEAST_SHARE = 0.0005
"""What rounds to less than a tenth of a per cent is not worth the room."""


class Answers:
    """A receiver that prints, above the progress bar, the picture's name and its best classes."""

    @property
    def path(self) -> Path:
        """Nothing is written to a file."""
        return Path("-")

    def write(self, result: FrameResult) -> None:
        """Print one line: "cat.jpg: tabby 93.1 %, lynx 4.0 %"."""
        if result.classification is None:
            return
        best, *others = result.classification.top()
        worth = [best, *(label for label in others if label.probability >= LEAST_SHARE)]
        words = ", ".join(f"{label.name} {label.percent}" for label in worth)
        tqdm.write(f"{Path(result.frame.source).name}: {words}")

    def close(self) -> None:
        """Each line is printed when it comes."""


def refuse_coco(kinds: Iterable[str]) -> None:
    """Nothing, unless COCO is among the ``kinds`` of output.

    Raises:
        SettingError: it is, and it can hold nothing but boxes.
    """
    if "coco" in kinds:
        others = ", ".join(kind for kind in KINDS if kind != "coco")
        raise SettingError("--save", found="“coco” for a classifier, which finds no boxes", expected=f"among {others}")
