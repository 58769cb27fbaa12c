"""Whole runs of the command, small: each of the three networks learns drawn faces."""

import json
from dataclasses import replace
from pathlib import Path

import lightning as L  # noqa: N812 (its own convention)
import numpy as np
import pytest
import torch

from export.mtcnn import mtcnn_recipe
from models.cli import main
from models.errors import TrainingDataError, WeightsFileError
from models.history import read_history
from models.machine import Machine
from models.mtcnn.command import NETS
from models.mtcnn.faces import read_faces
from models.mtcnn.loading import MIXTURE, SquareSet
from models.mtcnn.losses import Kind
from models.mtcnn.mistakes import MOST, false_alarms
from models.mtcnn.networks import STAGES
from models.mtcnn.run import Order, train
from models.mtcnn.settings import MtcnnSettings
from models.mtcnn.training import KeptBest
from models.mtcnn.weights import networks_before, networks_from_package
from tests.models.mtcnn.drawn import scene, write_faces

SETTINGS = MtcnnSettings(
    epochs=5,
    squares=420,
    val_squares=140,
    batch=16,
    learning_rate=1e-2,
    warmup=0.1,
    val_fraction=0.25,
    least_face_px=24,
)
OF_STAGE = {
    "pnet": replace(SETTINGS, epochs=7),
    "rnet": replace(SETTINGS, epochs=4, learning_rate=5e-3),
    "onet": replace(SETTINGS, squares=280, learning_rate=3e-3),
}
CPU = Machine(accelerator="cpu", devices="1")


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_faces(tmp_path_factory.mktemp("data") / "drawn", 32)


def order(faces: Path, out: Path, stage: str = "pnet", **changes: object) -> Order:
    return replace(Order(stage, (faces,), out, OF_STAGE[stage], machine=CPU, draw=False), **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def trained(faces: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """Figures of all three networks, one after the other as people train them, and the folder as their key "out"."""
    out = tmp_path_factory.mktemp("run") / "out"
    figures = {stage: dict(train(order(faces, out, stage, after=out if stage != "pnet" else None))) for stage in NETS}
    return {"out": out, **figures}  # type: ignore[dict-item]


def folder_of(trained: dict[str, dict[str, float]]) -> Path:
    return Path(str(trained["out"]))


@pytest.fixture(scope="module")
def unlearnt(faces: Path) -> dict[str, float]:
    """The errors of a network that answers the mean to every square."""
    squares = SquareSet(read_faces([faces], ["face"], {}, 0.25).val, 12, 140, landmarks=True, seed=0)
    truths = [squares[place].truth for place in range(len(squares))]
    boxes = np.array([one.boxes.numpy() for one in truths if int(one.kinds) in (Kind.POSITIVE, Kind.PART)])
    points = np.array([one.landmarks.numpy().reshape(2, 5) for one in truths if int(one.kinds) == Kind.LANDMARK])
    apart = np.linalg.norm(points - points.mean(axis=0), axis=1)
    return {"box_error": float(np.abs(boxes - boxes.mean(axis=0)).mean()), "landmark_error": float(apart.mean())}


@pytest.mark.parametrize("stage", NETS)
def test_each_network_learns_drawn_faces(
    stage: str, trained: dict[str, dict[str, float]], unlearnt: dict[str, float]
) -> None:
    loss = read_history(folder_of(trained) / stage / "metrics" / "version_0" / "metrics.csv")["loss"].values
    assert loss[-1] < loss[0] / 3
    # Of negatives and positives from pictures that were never trained on; "no face" to all gives 0.75.
    assert trained[stage]["accuracy"] > 0.95
    for name, error in unlearnt.items():
        assert trained[stage][name] < 0.95 * error


def test_the_folder_is_one_model_for_the_export(trained: dict[str, dict[str, float]]) -> None:
    recipe = mtcnn_recipe(folder_of(trained), "drawn", "")
    assert [source.name for source in recipe.card.training] == ["drawn"]
    assert recipe.card.training[0].licence == "CC0"
    assert recipe.card.metrics["onet/accuracy"] == trained["onet"]["accuracy"]
    assert (
        len(recipe.stages["pnet"].network(torch.zeros(1, 3, 12, 12))) == 2
    )  # the landmark head was for training alone


def test_a_stopped_run_goes_on_to_the_same_weights(faces: Path, tmp_path: Path) -> None:
    """Its third epoch dies before its validation is kept; the checkpoint of the second is all that is left, as after a kill."""
    few = replace(SETTINGS, epochs=3, squares=140, val_squares=70)
    kept = KeptBest.on_validation_end

    def die_in_the_third(self: KeptBest, trainer: L.Trainer, module: L.LightningModule) -> None:
        if trainer.current_epoch == 2:
            raise ConnectionAbortedError
        kept(self, trainer, module)

    train(order(faces, tmp_path / "whole", settings=few))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KeptBest, "on_validation_end", die_in_the_third)
        with pytest.raises(ConnectionAbortedError):
            train(order(faces, tmp_path / "stopped", settings=few))
    last = tmp_path / "stopped" / "pnet" / "checkpoints" / "last.ckpt"
    train(order(faces, tmp_path / "stopped", settings=few, resume=last))
    whole, stopped = ((tmp_path / name / "pnet.safetensors").read_bytes()[-20_000:] for name in ("whole", "stopped"))
    assert whole == stopped
    with pytest.raises(WeightsFileError, match="belongs to another run"):
        train(order(faces, tmp_path / "other", "rnet", settings=few, resume=last))


def test_the_command_speaks_lines_and_refuses_a_used_folder(
    faces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["mtcnn", "--net", "rnet", "--data", str(faces), "--out", str(tmp_path), "--epochs", "1",
                 "--squares", "35", "--val-squares", "14", "--batch", "7", "--accelerator", "cpu"]  # fmt: skip
    assert main([*arguments, "--progress", "json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines if line["event"] != "step"] == ["start", "epoch", "done"]
    assert lines[0]["faces"] == {"train": 56, "val": 8}
    assert Path(lines[-1]["weights"]) == tmp_path / "rnet.safetensors"
    assert (tmp_path / "rnet" / "curves.png").is_file()
    assert main(arguments) == 2
    assert "holds a run already" in capsys.readouterr().err


def test_onet_needs_landmarks_and_the_others_do_without(tmp_path: Path) -> None:
    bare = write_faces(tmp_path / "bare", 6, keypoints=False)
    few = replace(SETTINGS, epochs=1, squares=40, val_squares=20)
    with pytest.raises(TrainingDataError, match="O-Net learns landmarks"):
        train(order(bare, tmp_path / "out", "onet", settings=few))
    figures = train(order(bare, tmp_path / "out", "pnet", settings=few))
    assert set(figures) == {"accuracy", "box_error"}


def test_stages_before_must_be_there(faces: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsFileError, match=r"holds neither pnet\.safetensors nor pnet\.pt; train or get it first"):
        train(order(faces, tmp_path / "out", "rnet", after=tmp_path))


def test_the_command_knows_the_stages() -> None:
    assert tuple(STAGES) == NETS


def test_a_mixture_comes_in_its_shares_and_validation_stays_the_same(faces: Path) -> None:
    pictures = read_faces([faces], ["face"], {}, 0.25).val
    squares = SquareSet(pictures, 12, 70, landmarks=True, seed=0)
    kinds = [int(squares[place].truth.kinds) for place in range(len(squares))]
    assert np.bincount(kinds).tolist() == [30, 10, 10, 20]
    assert len(MIXTURE) == 7
    assert torch.equal(squares[5].pictures, squares[5].pictures)
    changing = SquareSet(pictures, 12, 70, landmarks=False)
    assert not torch.equal(changing[1].pictures, changing[1].pictures)
    assert Kind.LANDMARK not in {int(changing[place].truth.kinds) for place in range(70)}


def test_false_alarms_are_no_faces(trained: dict[str, dict[str, float]], faces: Path) -> None:
    rgb = np.ascontiguousarray(scene(500)[0][:, :, ::-1])
    boxes = np.array([[x, y, x + w, y + h] for (x, y, w, h), _ in scene(500)[1]], np.float32)
    before = networks_before("onet", folder_of(trained))
    assert len(before) == 2
    everything = false_alarms(before[:1], rgb, np.zeros((0, 4), np.float32), 24)
    alarms = false_alarms(before[:1], rgb, boxes, 24)
    assert len(alarms) < len(everything) <= MOST  # the faces themselves are among what is let through
    assert len(false_alarms(before, rgb, boxes, 24)) <= len(alarms)
    for square in alarms:
        assert square[2] - square[0] == square[3] - square[1]


def test_false_alarms_become_negatives_but_not_many_times_each(
    trained: dict[str, dict[str, float]], faces: Path
) -> None:
    pictures = read_faces([faces], ["face"], {}, 0.25).val
    before = networks_before("rnet", folder_of(trained))
    squares = SquareSet(pictures, 24, 60, landmarks=False, seed=0)
    assert squares.alarm_share == 0
    alarms = squares.look_for_alarms(before, 24)
    assert squares.alarm_share == min(0.5, alarms / 36)
    assert [int(squares[place].truth.kinds) for place in range(5)] == [0, 1, 0, 0, 2]
    few = SquareSet(pictures, 24, 100_000, landmarks=False, seed=0)
    few.look_for_alarms(before, 24)
    assert few.alarm_share == pytest.approx(alarms / 60_000)


def test_false_alarms_of_a_picture_smaller_than_a_face() -> None:
    before = list(networks_from_package().values())[:2]
    assert false_alarms(before, np.zeros((5, 40, 3), np.uint8), np.zeros((0, 4), np.float32), 20).shape == (0, 4)
