"""Families of models that can be recognised by their outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from detector_app.errors import message
from detector_app.pipelines.reading import recognising
from detector_app.pipelines.reading.habits import (
    CLASSIFIER,
    DARKNET,
    NANODET,
    ULTRAFACE,
    ULTRALYTICS,
    YOLOX,
    YUNET,
    Habit,
    Recognition,
)
from detector_app.pipelines.reading.interface import Interface


@dataclass(frozen=True)
class Family:
    """One way to read outputs.

    Attributes:
        decoder: its id.
        text: for people, marked for translation.
        task: what such models are for.
        habit: how they are fed.
        recognise: looks at the outputs; None if they do not fit.
    """

    decoder: str
    text: str
    task: str
    habit: Habit
    recognise: Callable[[Interface], Recognition | None]


_ALL = (
    Family("yunet", message("faces, YuNet"), "faces", YUNET, recognising.yunet),
    Family("ultraface", message("faces, UltraFace"), "faces", ULTRAFACE, recognising.ultraface),
    Family("nanodet", message("objects, NanoDet"), "detect", NANODET, recognising.nanodet),
    Family("yolox", message("objects, YOLOX"), "detect", YOLOX, recognising.yolox),
    Family("yolo_dense", message("objects, YOLO without anchors to decode"), "detect", ULTRALYTICS, recognising.dense),
    Family("yolo_anchor", message("objects, YOLO with anchors"), "detect", DARKNET, recognising.anchors),
    Family("classifier", message("a class for each picture"), "classify", CLASSIFIER, recognising.classifier),
)
FAMILIES: Mapping[str, Family] = {family.decoder: family for family in _ALL}
"""By the decoder's id, those first that are told apart most surely."""
