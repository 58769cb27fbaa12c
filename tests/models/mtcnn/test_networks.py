from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from models.mtcnn.networks import STAGES, CaffeFlatten, build
from models.mtcnn.weights import networks_from_folder, networks_from_package

PARAMETERS = {"pnet": 6_632, "rnet": 100_178, "onet": 389_040}


@pytest.mark.parametrize("stage", STAGES)
def test_the_networks_have_the_parameters_of_the_released_models(stage: str) -> None:
    assert sum(value.numel() for value in build(stage).parameters()) == PARAMETERS[stage]


@pytest.mark.parametrize("source", ["package", "folder"])
def test_every_stage_equals_the_golden(source: str, shared_data: Path) -> None:
    folder = shared_data / "weights" / "mtcnn_facenet_pytorch"
    networks = networks_from_package() if source == "package" else networks_from_folder(folder)
    with np.load(shared_data / "reference" / "goldens" / "mtcnn_stage_io.npz") as golden:
        for stage, network in networks.items():
            with torch.no_grad():
                outputs = network(torch.from_numpy(golden[f"{stage}_in"]))
            for place, output in enumerate(outputs):
                np.testing.assert_allclose(output.numpy(), golden[f"{stage}_out{place}"], rtol=0, atol=1e-5)


@pytest.mark.parametrize(("stage", "landmarks"), [("pnet", True), ("rnet", True), ("onet", False)])
def test_the_landmark_head_is_an_option(stage: str, landmarks: bool) -> None:
    side = STAGES[stage].side_px
    network = build(stage, landmarks=landmarks)
    shapes = [tuple(output.shape[:2]) for output in network(torch.rand(2, 3, side, side))]
    assert shapes == ([(2, 4), (2, 10), (2, 2)] if landmarks else [(2, 4), (2, 2)])


@pytest.mark.parametrize("size", [(12, 12), (13, 12), (25, 38), (64, 97)])
def test_a_cell_of_pnet_judges_twelve_pixels_every_two(size: tuple[int, int]) -> None:
    network = networks_from_package()["pnet"]
    picture = torch.rand(1, 3, *size) * 2 - 1
    with torch.no_grad():
        boxes, scores = network(picture)
        rows, columns = scores.shape[2:]
        assert (rows, columns) == tuple((side + 1) // 2 - 5 for side in size)  # pooling rounds up
        for i, j in {(0, 0), ((size[0] - 12) // 2, (size[1] - 12) // 2)}:
            alone = network(picture[:, :, 2 * i : 2 * i + 12, 2 * j : 2 * j + 12])
            torch.testing.assert_close(boxes[:, :, i, j], alone[0].flatten(1), rtol=0, atol=1e-5)
            torch.testing.assert_close(scores[:, :, i, j], alone[1].flatten(1), rtol=0, atol=1e-5)


def test_features_are_read_columns_first() -> None:
    maps = torch.arange(2 * 3 * 4).view(1, 2, 3, 4)  # two channels, three rows, four columns
    expected = [int(maps[0, c, y, x]) for x in range(4) for y in range(3) for c in range(2)]
    assert CaffeFlatten()(maps).tolist() == [expected]


@pytest.mark.parametrize("stage", ["rnet", "onet"])
def test_no_crops_give_no_answers(stage: str) -> None:
    side = STAGES[stage].side_px
    assert [output.shape[0] for output in build(stage)(torch.rand(0, 3, side, side))] == [0] * (2 + (stage == "onet"))


def test_slopes_start_as_those_of_the_prelu_paper() -> None:
    slopes = [module.weight for module in build("onet").modules() if isinstance(module, nn.PReLU)]
    assert [len(slope) for slope in slopes] == [32, 64, 64, 128, 256]
    assert all(bool((slope == 0.25).all()) for slope in slopes)
