"""The rewritten graph says the same, to rounding, and has no PRelu left where it counts."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from export.prelu_rewriting import FEW_CHANNELS, without_prelu


def small_net(slopes: NDArray[np.float32], *, pooled: bool, seed: int) -> onnx.ModelProto:
    """Conv, PRelu, perhaps MaxPool, Conv, PRelu: P-Net's beginning with random weights."""
    generator, channels = np.random.default_rng(seed), len(slopes)
    weights = {
        "w1": generator.normal(size=(channels, 3, 3, 3)),
        "b1": generator.normal(size=channels),
        "s1": slopes.reshape(-1, 1, 1),
        "w2": generator.normal(size=(4, channels, 3, 3)),
        "b2": generator.normal(size=4),
        "s2": generator.uniform(-1, 2, (4, 1, 1)),
    }
    pool = helper.make_node("MaxPool", ["p1"], ["m1"], kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
    nodes = [
        helper.make_node("Conv", ["pictures", "w1", "b1"], ["c1"]),
        helper.make_node("PRelu", ["c1", "s1"], ["p1"]),
        *([pool] if pooled else []),
        helper.make_node("Conv", ["m1" if pooled else "p1", "w2", "b2"], ["c2"]),
        helper.make_node("PRelu", ["c2", "s2"], ["out"]),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, "h", "w"])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", 4, "a", "b"])],
        [numpy_helper.from_array(value.astype(np.float32), name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 9
    onnx.checker.check_model(model, full_check=True)
    return model


def run(model: onnx.ModelProto, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"pictures": pictures})
    return np.asarray(found)


def kinds(model: onnx.ModelProto) -> list[str]:
    return [node.op_type for node in model.graph.node]


@given(
    slopes=st.lists(st.floats(-2, 2, width=32), min_size=1, max_size=FEW_CHANNELS + 3),
    pooled=st.booleans(),
    size=st.tuples(st.integers(9, 20), st.integers(9, 20)),
    seed=st.integers(0, 2**16),
)
def test_it_says_the_same(slopes: list[float], pooled: bool, size: tuple[int, int], seed: int) -> None:
    model = small_net(np.array(slopes, np.float32), pooled=pooled, seed=seed)
    pictures = np.random.default_rng(seed).uniform(-1, 1, (2, 3, *size)).astype(np.float32)
    expected, found = run(model, pictures), run(without_prelu(model), pictures)
    assert np.abs(found - expected).max() <= 3e-6 * max(1, np.abs(expected).max())


def test_slopes_of_all_kinds_go_behind_the_pooling() -> None:
    rewritten = without_prelu(small_net(np.array([-1.3, -0.2, 0, 0.4, 1.4], np.float32), pooled=True, seed=1))
    onnx.checker.check_model(rewritten, full_check=True)
    assert kinds(rewritten)[:5] == ["Conv", "Relu", "MaxPool", "Conv", "Relu"]
    assert "PRelu" not in kinds(rewritten)
    wider = next(item for item in rewritten.graph.initializer if item.name == "w1")
    assert wider.dims[0] == 7


def test_a_wide_first_convolution_goes_by_channel() -> None:
    slopes = np.full(FEW_CHANNELS + 1, 0.2, np.float32)
    rewritten = without_prelu(small_net(slopes, pooled=True, seed=1))
    assert kinds(rewritten)[:6] == ["Conv", "Relu", "Conv", "Conv", "Add", "MaxPool"]
    assert "PRelu" not in kinds(rewritten)


def test_the_model_given_is_left_as_it_was() -> None:
    model = small_net(np.array([0.5, -0.5], np.float32), pooled=True, seed=2)
    before = model.SerializeToString()
    without_prelu(model)
    assert model.SerializeToString() == before


def test_one_that_follows_no_convolution_stays() -> None:
    graph = helper.make_graph(
        [helper.make_node("PRelu", ["x", "s"], ["y"])],
        "dense",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 4])],
        [numpy_helper.from_array(np.full(4, 0.3, np.float32), "s")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    assert kinds(without_prelu(model)) == ["PRelu"]
