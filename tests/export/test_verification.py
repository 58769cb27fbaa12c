import dataclasses
import math
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import Tensor, nn

from detector_app.model_card import EmbeddingSpec, InputSpec, ModelCard, OutputSpec, SizeRange
from export.errors import DisagreementError, ExportError
from export.exporting import export_recipe
from export.recipe import Recipe, TensorSpec, Tolerance
from export.value_comparison import difference_of
from tests.export.conftest import Heard

CARD = ModelCard(
    name="small",
    task="embed",
    decoder="embedding",
    input=InputSpec("images", (32, 32), SizeRange(16, 4096, 16)),
    outputs=(OutputSpec("out", "embedding"),),
    embedding=EmbeddingSpec(3, ((0.0, 0.0),) * 5),
)
OUTPUTS = (TensorSpec("out", ("batch", 3)),)


class Small(nn.Module):
    """Mean of each colour, times ``factor``."""

    def __init__(self, factor: float = 1.0) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        return (x.mean(dim=(2, 3)) * self.factor,)


class OtherWhenTraced(Small):
    """What a careless network does: it takes another path while it is exported."""

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        (out,) = super().forward(x)
        return (out + 0.01 if torch.compiler.is_exporting() else out,)


class BranchesOnTheBatch(Small):
    """What tracing is known for: a branch taken for the example would be written into the graph."""

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        (out,) = super().forward(x)
        return (out * 2 if x.shape[0] == 2 else out,)


class BranchesOnValues(Small):
    """A path that depends on the picture has no place in a graph."""

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        (out,) = super().forward(x)
        return (out * 2 if float(out.sum()) > 1 else out,)


def test_a_graph_that_disagrees_is_not_written(tmp_path: Path, heard: Heard):
    target = tmp_path / "a.onnx"
    target.write_bytes(b"the last good one")
    with pytest.raises(
        DisagreementError, match=r"small on input \[1, 3, 32, 32\]: output out .* at \[0, [012]\] by 0\.01; 0\.000"
    ):
        export_recipe(Recipe(OtherWhenTraced(), CARD, OUTPUTS), target, heard)
    assert target.read_bytes() == b"the last good one"
    assert [path.name for path in tmp_path.iterdir()] == ["a.onnx"]
    assert heard.stages == ["trace", "verify"]


def test_agreement_within_the_tolerance_is_written(tmp_path: Path, heard: Heard):
    exported = export_recipe(
        Recipe(OtherWhenTraced(), CARD, OUTPUTS, tolerance=Tolerance(absolute=0.02)), tmp_path / "a.onnx", heard
    )
    assert exported.path.stat().st_size == exported.size_bytes
    assert exported.card.parity is not None
    assert all(math.isclose(row.max_abs, 0.01, rel_tol=1e-3) for row in exported.card.parity.rows)


def test_a_graph_that_holds_for_one_batch_only_is_refused(tmp_path: Path, heard: Heard):
    with pytest.raises(ExportError, match=r"small: images has axes 2 × 3 × .*, batch × 3 × .* was declared"):
        export_recipe(Recipe(BranchesOnTheBatch(), CARD, OUTPUTS), tmp_path / "a.onnx", heard)
    assert not list(tmp_path.iterdir())


def test_a_network_that_cannot_be_traced_is_refused(tmp_path: Path, heard: Heard):
    with pytest.raises(ExportError, match=r"small: PyTorch could not trace the network: .*Nothing was written"):
        export_recipe(Recipe(BranchesOnValues(), CARD, OUTPUTS), tmp_path / "a.onnx", heard)
    assert heard.stages == ["trace"]


def test_values_that_are_not_finite_are_named(tmp_path: Path, heard: Heard):
    with pytest.raises(ExportError, match="values that are not finite in out"):
        export_recipe(Recipe(Small(float("nan")), CARD, OUTPUTS), tmp_path / "a.onnx", heard)
    assert not list(tmp_path.iterdir())


def test_a_difference_says_where_and_how_much():
    expected = np.zeros((2, 3), np.float32)
    expected[0, 0] = 10
    found = expected.copy()
    found[1, 2] = 0.25
    difference = difference_of("out", found, expected, (1, 3, 8, 8), Tolerance(0.1, 0.01))
    assert difference.index == (1, 2)
    assert (difference.row.max_abs, difference.row.tolerance, difference.row.passed) == (
        0.25,
        pytest.approx(0.2),
        False,
    )
    assert difference.row.mean_abs == pytest.approx(0.25 / 6)


def test_nothing_agrees_with_a_value_that_is_not_finite():
    expected = np.zeros((1, 2), np.float32)
    difference = difference_of("out", np.array([[0, np.nan]], np.float32), expected, (1,), Tolerance(1.0, 0.0))
    assert (difference.index, difference.row.passed) == ((0, 1), False)


def test_no_values_agree():
    empty = np.zeros((0, 4), np.float32)
    difference = difference_of("out", empty, empty, (0, 3, 24, 24), Tolerance())
    assert (difference.index, difference.row.max_abs, difference.row.passed) == ((), 0.0, True)


def test_a_fixed_batch_stays_fixed(tmp_path: Path, heard: Heard):

    card = dataclasses.replace(CARD, input=InputSpec("images", (32, 48), None, dynamic_batch=False))
    outputs = (TensorSpec("out", (1, 3)),)
    exported = export_recipe(Recipe(Small(), card, outputs), tmp_path / "a.onnx", heard)
    (picture,) = onnxruntime.InferenceSession(exported.path, providers=["CPUExecutionProvider"]).get_inputs()
    assert picture.shape == [1, 3, 32, 48]
