"""Cards for files of other exporters, from the metadata that they write.

Ultralytics (YOLOv8, v11, v5u) and YOLOv5 write ``names``, ``stride`` and, the former, ``task``, ``imgsz``, ``version``, ``license``.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from detector_app.errors import CardInvalidError, DecoderUnknownError, ModelMismatchError
from detector_app.graph import Graph, TensorInfo
from detector_app.model_card import InputSpec, ModelCard, OutputSpec, SizeRange, Thresholds

LARGEST_SIDE_PX = 4096


def ultralytics_card(metadata: Mapping[str, str], graph: Graph, name: str, where: str) -> ModelCard | None:
    """The card of a file with Ultralytics' metadata; None if these are not there.

    Args:
        metadata: the file's metadata.
        graph: its inputs and outputs.
        name: name for the card.
        where: the file, for messages.

    Raises:
        CardInvalidError: the metadata are damaged.
        DecoderUnknownError: it is not a detector, or NMS is already inside the graph.
        ModelMismatchError: the output has neither of the two dense layouts for that number of classes.
    """
    if "names" not in metadata or "stride" not in metadata:
        return None
    task = metadata.get("task", "detect")
    if task != "detect":
        raise DecoderUnknownError(where, found=f"Ultralytics {task}", expected="Ultralytics detect")
    if metadata.get("end2end") == "True" or "'nms': True" in metadata.get("args", ""):
        raise DecoderUnknownError(where, found="Ultralytics with NMS inside", expected="Ultralytics without NMS inside")
    if not graph.inputs or not graph.outputs:
        raise ModelMismatchError(where, field="inputs and outputs", found="none", expected="one of each")
    classes = _class_names(metadata["names"], where)
    role = _role(graph.outputs[0], len(classes), where)
    # What the two packages themselves start from.
    thresholds = Thresholds(0.25, 0.7) if role == "dense" else Thresholds(0.25, 0.45)
    return ModelCard(
        name=name,
        task="detect",
        decoder="yolo_dense",
        input=_input(metadata, graph.inputs[0], where),
        outputs=(OutputSpec(graph.outputs[0].name, role),),
        classes=classes,
        thresholds=thresholds,
        licence=metadata.get("license", ""),
        producer=f"Ultralytics {metadata.get('version', '')}".strip(),
    )


def _input(metadata: Mapping[str, str], info: TensorInfo, where: str) -> InputSpec:
    """RGB 0–1 letterboxed with grey 114, as both packages do."""
    batch, _, height, width = info.shape if len(info.shape) == 4 else (None, None, None, None)
    stride = _literal(metadata, "stride", int, where)
    if stride < 1:
        raise CardInvalidError(where, field="stride", found=stride, expected="at least 1")
    fixed = isinstance(height, int) and isinstance(width, int)
    return InputSpec(
        name=info.name,
        size_hw=(int(height or 0), int(width or 0)) if fixed else _imgsz(metadata, where),
        dynamic=None if fixed else SizeRange(stride, LARGEST_SIDE_PX, stride),
        dynamic_batch=not isinstance(batch, int),
        dtype=info.dtype,
    )


def _imgsz(metadata: Mapping[str, str], where: str) -> tuple[int, int]:
    """Default size of a dynamic graph: height, width; YOLOv5 does not write it and uses 640."""
    if "imgsz" not in metadata:
        return (640, 640)
    size = _literal(metadata, "imgsz", list, where)
    if len(size) != 2 or not all(isinstance(side, int) and side > 0 for side in size):
        raise CardInvalidError(where, field="imgsz", found=metadata["imgsz"], expected="[height, width]")
    return size[0], size[1]


def _class_names(text: str, where: str) -> tuple[str, ...]:
    """``{0: 'person', 1: 'bicycle'}``, or a list, as text."""
    names = _literal({"names": text}, "names", (dict, list), where)
    if isinstance(names, list):
        names = dict(enumerate(names))
    if not names or sorted(names, key=str) != sorted(range(len(names)), key=str):
        raise CardInvalidError(where, field="names", found=text[:60], expected="names numbered from 0")
    return tuple(str(names[i]) for i in range(len(names)))


def _literal(metadata: Mapping[str, str], key: str, kind: type | tuple[type, ...], where: str) -> Any:
    """The value of a key whose text is a Python literal."""
    try:
        value = ast.literal_eval(metadata[key])
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        value = None
    if not isinstance(value, kind):
        raise CardInvalidError(where, field=key, found=metadata[key][:60], expected="as Ultralytics writes it")
    return value


def _role(output: TensorInfo, classes: int, where: str) -> str:
    """Which layout: the class axis is 4+C in the middle, or 5+C at the end."""
    if len(output.shape) == 3 and output.shape[2] == 5 + classes:
        return "dense_objectness"
    if len(output.shape) == 3 and (output.shape[1] == 4 + classes or not isinstance(output.shape[1], int)):
        return "dense"
    expected = f"(N, {4 + classes}, A) or (N, A, {5 + classes}) for its {classes} classes"
    raise ModelMismatchError(where, field=output.name, found=list(output.shape), expected=expected)
