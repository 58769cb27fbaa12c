"""ONNX Runtime's region operators against ours, on random maps and on boxes without area or outside the map."""

import warnings

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from export.region_operators import translations
from models.rcnn import region_operators


class Operators(nn.Module):
    """All of them on one map and one list of regions."""

    def forward(self, maps: Tensor, regions: Tensor, boxes: Tensor, scores: Tensor) -> tuple[Tensor, ...]:
        return (
            region_operators.roi_align(maps, regions, 3, 2, 0.25, 2, True),
            region_operators.roi_align(maps, regions, 2, 3, 0.25, 2, False),
            region_operators.roi_max_pool(maps, regions, 3, 3, 0.25),
            region_operators.non_max_suppression(boxes, scores, 0.5, 4),
        )


@pytest.fixture(scope="module")
def session() -> onnxruntime.InferenceSession:
    batch, rows, places = (torch.export.Dim(name, min=0, max=1000) for name in ("batch", "rows", "places"))
    example = torch.rand(2, 4, 9, 7), torch.rand(3, 5), torch.rand(2, 6, 4), torch.rand(2, 6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's, about its own internals
        program = _exported(example, ({0: batch}, {0: rows}, {0: batch, 1: places}, {0: batch, 1: places}))
    found = {node.op_type for node in program.model_proto.graph.node}
    assert {"RoiAlign", "MaxRoiPool", "NonMaxSuppression"} <= found
    return onnxruntime.InferenceSession(program.model_proto.SerializeToString(), providers=["CPUExecutionProvider"])


def _exported(example: tuple[Tensor, ...], axes: tuple[dict, ...]) -> torch.onnx.ONNXProgram:
    program = torch.onnx.export(
        Operators().eval(),
        example,
        dynamo=True,
        opset_version=18,
        input_names=["maps", "regions", "boxes", "scores"],
        dynamic_shapes=axes,
        custom_translation_table=dict(translations()),
        verbose=False,
    )
    assert program is not None
    return program


@pytest.mark.parametrize("count", [0, 1, 60])
@pytest.mark.parametrize("seed", range(5))
def test_the_nodes_say_what_our_operators_say(session: onnxruntime.InferenceSession, count: int, seed: int):
    generator = np.random.default_rng(seed)
    maps = generator.normal(size=(3, 4, 9, 7)).astype(np.float32)
    corners = generator.uniform(-8, 44, (count, 4)).astype(np.float32)
    corners[::3] = np.round(corners[::3])  # halves of cells among them
    corners[1::7, 2:] = corners[1::7, :2]  # without area; others have their corners the wrong way round
    regions = np.concatenate((generator.integers(0, 3, (count, 1)), corners), axis=1).astype(np.float32)
    boxes = generator.uniform(0, 20, (3, count, 4)).astype(np.float32)
    boxes[..., 2:] += boxes[..., :2]
    scores = generator.integers(0, 20, (3, count)).astype(np.float32) / 20
    feed = {"maps": maps, "regions": regions, "boxes": boxes, "scores": scores}
    expected = Operators()(*(torch.from_numpy(value) for value in feed.values()))
    for ours, theirs in zip(session.run(None, feed), expected, strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-5)
