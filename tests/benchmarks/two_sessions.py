"""Faster R-CNN as one graph, or as two with the host between: what the cut costs on the CPU, and what it would carry."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime

from detector_app.pipelines.embedded import embedded_models
from detector_app.pipelines.providers import default_threads
from tests.benchmarks.interleaved import interleave
from tests.benchmarks.report import Chapter, timings

SIDE_PX = 320
SCORES = "region_scores"


def one_or_two(title: str, pictures: Path, folder: Path, rounds: int) -> Chapter:
    """Run the embedded Faster R-CNN on the first of ``pictures`` whole, and cut in front of its RoI operations; files go to ``folder``."""
    shown = sorted(pictures.glob("*.jpg"))
    if not shown:
        return Chapter(title, "Not measured here: the picture is not there.")
    bgr = cv2.resize(cv2.imread(str(shown[0])), (SIDE_PX, SIDE_PX))
    picture = np.ascontiguousarray(bgr[None, :, :, ::-1].transpose(0, 3, 1, 2), np.float32) / 255
    path = embedded_models()["blood-faster-rcnn"]
    model = onnx.shape_inference.infer_shapes(onnx.load(path))
    carried = _carried(model)
    for name, inputs, ends in (("first", ["images"], carried), ("second", carried, [SCORES])):
        onnx.save(onnx.utils.Extractor(model).extract_model(inputs, ends), folder / f"{name}.onnx")
    whole, first, second = (_session(one) for one in (path, folder / "first.onnx", folder / "second.onnx"))
    between = dict(zip(carried, first.run(carried, {"images": picture}), strict=True))
    (expected,), (found,) = whole.run([SCORES], {"images": picture}), second.run([SCORES], between)
    assert np.allclose(found, expected, atol=1e-4)

    def both() -> None:
        second.run([SCORES], dict(zip(carried, first.run(carried, {"images": picture}), strict=True)))

    rows = interleave({"one graph": partial(whole.run, [SCORES], {"images": picture}), "two sessions": both}, rounds)
    weight = sum(value.nbytes for value in between.values())
    text = (
        f"blood-faster-rcnn on a photograph at {SIDE_PX}×{SIDE_PX}, CPU, {default_threads()} threads, {rounds} rounds. The cut lies in "
        f"front of the RoI operations and carries {len(carried)} tensors of {weight / 1e6:.2f} MB together: on a GPU without bound memory "
        "each picture would take them to the host and back. Both ways give the same scores; the boxes, a few operations more, are left out."
    )
    return Chapter(title, text, tables=(timings(rows),))


def _carried(model: onnx.ModelProto) -> list[str]:
    """What goes into the RoI operations, constants left out."""
    constants = {one.name for one in model.graph.initializer}
    names = [name for node in model.graph.node if node.op_type == "RoiAlign" for name in node.input]
    return list(dict.fromkeys(name for name in names if name not in constants))


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = default_threads()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
