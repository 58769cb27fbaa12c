"""Real training, small: YOLOv1 by the loop of all detectors, one batch by heart, and one object in one cell."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch

from models.detect.evaluation import Truth, mean_average_precision
from models.detect.loading import collate
from models.detect.pictures import Sample
from models.detect.recipe import Recipe, read_recipe
from models.detect.run import Order, train
from models.errors import RecipeError, WeightsFileError
from models.provenance import Provenance
from models.yolo_v1.checkpoint import load_yolo_v1, save_yolo_v1
from models.yolo_v1.decoding import select
from models.yolo_v1.localisation import locate, one_object
from models.yolo_v1.loss import LossSettings, yolo_v1_loss
from models.yolo_v1.network import YoloV1
from models.yolo_v1.settings import YoloV1Settings
from models.yolo_v1.spec import YoloV1Spec
from tests.models.detect.drawn import COLOURS_BGR, draw, random_scene, write_coco
from tests.models.detect.tiny_run import CPU
from tests.models.yolo_v1.grids import SPEC, TINY

QUICK = YoloV1Settings(
    backbone="tiny", epochs=4, batch=3, input_size=64, side=4, squeezed=8, hidden=16, dropout=0.5, warmup_epochs=1, val_every=2,
    cache_px=96, val_fraction=0.25, learning_rate=4e-3, mosaic=0.2, rotation_deg=0.0, quarter_turn=0.0, ema_decay=0.9,
)  # fmt: skip


def order(folder: Path, **changes: object) -> Order:
    if not (folder / "set").exists():
        write_coco(folder / "set", 12)
    made = Order(Recipe(QUICK, (folder / "set",), model="yolo-v1"), **{"out": folder / "out", "machine": CPU, "draw": False, **changes})  # type: ignore[arg-type]  # fmt: skip
    made.out.mkdir(exist_ok=True)
    return made


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    train(order(folder))
    return folder / "out"


def test_the_loop_trains_it_and_the_file_says_so(trained: Path) -> None:
    model, spec, provenance = load_yolo_v1(trained / "yolo-v1.safetensors")
    assert (spec.classes, spec.side, spec.input_size) == (("red", "green"), 4, 64)
    assert set(provenance.metrics) == {"mAP50", "mAP50_95", "AP50/red", "AP50/green"}
    with torch.no_grad():
        assert model(torch.rand(2, 3, 64, 64)).shape == (2, 4, 4, 12)
    assert set(json.loads((trained / "metrics.json").read_text())) == {"best", "last"}


def test_it_can_start_from_one_of_its_own(trained: Path, tmp_path: Path) -> None:
    made = order(tmp_path)
    started = replace(made, recipe=replace(made.recipe, start=trained / "yolo-v1.safetensors"))
    assert "mAP50" in train(started)


def by_heart(spec: YoloV1Spec, samples: list[Sample], steps: int) -> tuple[YoloV1, torch.Tensor]:
    """A network after `steps` looks at the same batch, in evaluation mode, and the pictures."""
    torch.manual_seed(0)
    network = YoloV1(spec)
    batch = collate(list(enumerate(samples)))
    pictures = batch.pictures.float() / 255
    optimizer = torch.optim.Adam(network.parameters(), lr=4e-3)
    for _ in range(steps):
        losses = yolo_v1_loss(network(pictures), batch.targets, spec, LossSettings())
        optimizer.zero_grad()
        losses.total.backward()
        optimizer.step()
    return network.eval(), pictures


def test_it_learns_a_batch_by_heart() -> None:
    spec = YoloV1Spec(tuple(COLOURS_BGR), side=4, backbone=TINY, squeezed=16, hidden=64, dropout=0.0, input_size=96)
    samples = []
    for seed in range(6):
        picture, boxes = random_scene(seed)
        rgb = np.zeros((96, 96, 3), np.uint8)
        rgb[:64] = picture[..., ::-1]
        labels = np.array([list(COLOURS_BGR).index(name) for name, _ in boxes])
        samples.append(Sample(rgb, np.array([box for _, box in boxes], np.float32), labels))
    network, pictures = by_heart(spec, samples, 150)
    with torch.no_grad():
        found = select(network(pictures), spec)
    truths = [Truth(sample.boxes_xyxy, sample.labels) for sample in samples]
    assert mean_average_precision(found, truths, spec.classes)["mAP50"] > 0.95


def test_one_cell_learns_to_locate_one_object() -> None:
    spec = one_object(YoloV1Spec(tuple(COLOURS_BGR), backbone=TINY, squeezed=16, hidden=64, dropout=0.0, input_size=96))
    samples = []
    for seed in range(6):
        name, (x, y) = list(COLOURS_BGR)[seed % 2], np.random.default_rng(seed).integers(0, 50, 2).tolist()
        rgb = draw((96, 96), [(name, (x, y, x + 30, y + 40))], seed)[..., ::-1]
        samples.append(Sample(rgb, np.array([[x, y, x + 30, y + 40]], np.float32), np.array([seed % 2])))
    network, pictures = by_heart(spec, samples, 150)
    with torch.no_grad():
        found = locate(network(pictures), spec)
    assert found.labels.tolist() == [seed % 2 for seed in range(6)]
    wanted = torch.from_numpy(np.concatenate([sample.boxes_xyxy for sample in samples]))
    assert (found.boxes_xyxy - wanted).abs().max() < 8
    assert found.scores.min() > 0.5


@pytest.mark.parametrize("side", [2, 3, 5])
def test_before_training_a_cell_reads_its_own_place_of_the_map(side: int) -> None:
    """Light at one place of the map moves the cell that lies there far more than all others."""
    torch.manual_seed(0)
    network = YoloV1(replace(SPEC, side=side, hidden=0, dropout=0.0)).eval()
    for row, column in ((0, 0), (1, 2), (2, 1)):
        light = torch.zeros(1, SPEC.squeezed, 3, 3)
        light[0, :, row, column] = 1
        moved = network.grid(network.hidden(light)) - network.grid.bias
        strength = moved.view(side, side, -1).norm(dim=2)
        cells = (torch.arange(side) * 3 + 1.5) // side  # of the map of three, where a cell's middle lies
        here = (cells[:, None] == row) & (cells[None] == column)
        if here.any():
            assert strength[here].min() > 10 * strength[~here].max()


def test_other_sizes_than_the_dense_layers_take_are_refused() -> None:
    with pytest.raises(RecipeError, match="input_size only"):
        YoloV1Settings(train_sizes=(256, 320))


def test_an_input_that_the_backbone_cannot_halve_is_refused(tmp_path: Path) -> None:
    made = order(tmp_path)
    with pytest.raises(RecipeError, match="multiple of 32"):
        train(replace(made, recipe=replace(made.recipe, settings=replace(QUICK, input_size=72))))


def test_weights_that_do_not_fit_their_spec_are_refused(tmp_path: Path) -> None:
    network = YoloV1(SPEC)
    network.spec = replace(SPEC, hidden=9)
    save_yolo_v1(tmp_path / "wrong.safetensors", network, Provenance(()))
    with pytest.raises(WeightsFileError, match="do not fit"):
        load_yolo_v1(tmp_path / "wrong.safetensors")


def test_a_spec_of_nonsense_is_refused(tmp_path: Path) -> None:
    network = YoloV1(SPEC)
    for spoiled in ({"side": "seven"}, {"backbone": 3}, {"unknown": 1}):
        stored = {**asdict(SPEC), **spoiled}
        from models.weights_file import StoredModel, write_weights

        path = tmp_path / "nonsense.safetensors"
        write_weights(path, StoredModel("yolo-v1", stored, Provenance(()), network.state_dict()))
        with pytest.raises(WeightsFileError, match="cannot be understood"):
            load_yolo_v1(path)


def test_the_recipes_can_be_read(repository: Path) -> None:
    for path in sorted((repository / "models" / "recipes").glob("*_yolo_v1.toml")):
        assert read_recipe(path, Path()).model == "yolo-v1"
