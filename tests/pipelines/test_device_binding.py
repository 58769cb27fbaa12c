"""Bound memory on the CPU's own device: the same calls as on a GPU, and the same answers as without."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from onnx import helper

from detector_app.pipelines.device_binding import MOST_BUFFERS, DeviceBinding
from tests.onnx_files import tiny_anchor_model, write_onnx


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> onnxruntime.InferenceSession:
    path = tiny_anchor_model(tmp_path_factory.mktemp("models") / "tiny.onnx")
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def test_it_says_what_a_plain_run_says_at_every_size(session: onnxruntime.InferenceSession) -> None:
    binding = DeviceBinding(session, ["head_16"], "cpu")
    random = np.random.default_rng(0)
    for shape in [(1, 3, 64, 64), (2, 3, 64, 96), (1, 3, 64, 64), (4, 3, 32, 32), (2, 3, 64, 96)]:
        images = random.random(shape, np.float32)
        np.testing.assert_array_equal(binding.run({"images": images})[0], session.run(None, {"images": images})[0])


def test_outputs_outlive_the_next_run(session: onnxruntime.InferenceSession) -> None:
    binding = DeviceBinding(session, ["head_16"], "cpu")
    images = np.random.default_rng(0).random((1, 3, 64, 64), np.float32)
    first = binding.run({"images": images})[0]
    kept = first.copy()
    binding.run({"images": images + 1})
    np.testing.assert_array_equal(first, kept)


def test_an_input_that_is_a_view_is_read_as_it_looks(session: onnxruntime.InferenceSession) -> None:
    images = np.random.default_rng(0).random((1, 64, 64, 3), np.float32).transpose(0, 3, 1, 2)
    found = DeviceBinding(session, ["head_16"], "cpu").run({"images": images})[0]
    np.testing.assert_array_equal(found, session.run(None, {"images": images.copy()})[0])


def test_few_buffers_are_kept_and_the_longest_unused_one_goes(
    session: onnxruntime.InferenceSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[list[int]] = []
    real = onnxruntime.OrtValue.ortvalue_from_shape_and_type

    class Counting:
        @staticmethod
        def ortvalue_from_shape_and_type(shape: list[int], *rest: object) -> object:
            made.append(shape)
            return real(shape, *rest)

    monkeypatch.setattr(onnxruntime, "OrtValue", Counting)
    binding = DeviceBinding(session, ["head_16"], "cpu")
    sizes = [32 * (i + 1) for i in range(MOST_BUFFERS + 1)]
    for side in [*sizes, *sizes[1:], sizes[0]]:
        binding.run({"images": np.zeros((1, 3, side, side), np.float32)})
    assert [shape[2] for shape in made] == [*sizes, sizes[0]]


def test_no_regions_are_an_input_like_any_other(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Add", ["regions", "mean"], ["moved"]),
    ]
    path = write_onnx(tmp_path / "two.onnx", nodes, {"images": (1, 3, 8, 8), "regions": ("R", 1)}, ("moved",), {}, {})
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    binding = DeviceBinding(session, ["moved"], "cpu")
    images = np.ones((1, 3, 8, 8), np.float32)
    for count in (0, 2, 0):
        (found,) = binding.run({"images": images, "regions": np.zeros((count, 1), np.float32)})
        assert found.shape == (count, 1)
