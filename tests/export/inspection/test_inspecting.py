"""What files are, told without running anything in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from export.cli import main
from export.inspection.command import DANGEROUS, OK, UNREADABLE
from export.inspection.inspecting import inspect_file
from models.backbones.registry import create
from tests import hostile_onnx, hostile_weights
from tests.onnx_files import tiny_anchor_model, tiny_dense_model

Build = Callable[[Path], Path]


def test_a_checkpoint_of_a_network_that_is_known(tmp_path: Path) -> None:
    path = tmp_path / "a.pth"
    torch.save({"state_dict": {f"module.{name}": value for name, value in create("lenet5").state_dict().items()}}, path)
    found = inspect_file(path)
    assert (found.kind, found.network, found.dangers) == ("torch", "lenet5", ())
    assert found.command.startswith(f"detector-export classifier --model lenet5 --weights {path}")


def test_a_checkpoint_with_code(tmp_path: Path) -> None:
    for build in (hostile_weights.pickle_with_code, hostile_weights.archive_with_code):
        found = inspect_file(build(tmp_path / "weights.pt"))
        assert "pathlib" in found.dangers[0]
        assert found.command == ""
    assert not (tmp_path / "victim").exists()


@pytest.mark.parametrize(
    "build", [b for b in hostile_weights.ARCHIVES if b is not hostile_weights.memo_bomb], ids=lambda b: b.__name__
)
def test_archives_that_mean_harm(build: Build, tmp_path: Path) -> None:
    assert inspect_file(build(tmp_path / "weights.pt")).dangers


def test_a_value_without_end(tmp_path: Path) -> None:
    assert inspect_file(hostile_weights.memo_bomb(tmp_path / "weights.pt")).tensors == ()


@pytest.mark.parametrize("build", hostile_weights.SAFETENSORS, ids=lambda build: build.__name__)
def test_safetensors_that_mean_harm(build: Build, tmp_path: Path) -> None:
    found = inspect_file(build(tmp_path / "weights.safetensors"))
    assert found.dangers or found.kind != "safetensors"
    assert not found.tensors


@pytest.mark.parametrize("build", [*hostile_onnx.EXTERNAL, *hostile_onnx.GREEDY], ids=lambda build: build.__name__)
def test_onnx_that_means_harm(build: Build, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    found = inspect_file(build(folder / "model.onnx"))
    assert found.kind == "onnx"
    assert found.dangers
    assert found.command == ""


@pytest.mark.parametrize(
    "build", [b for b in hostile_onnx.BROKEN if b is not hostile_onnx.empty], ids=lambda b: b.__name__
)
def test_broken_onnx(build: Build, tmp_path: Path) -> None:
    found = inspect_file(build(tmp_path / "model.onnx"))
    assert found.dangers or found.kind == "text"


def test_onnx(tmp_path: Path) -> None:
    ours, theirs = (
        inspect_file(tiny_anchor_model(tmp_path / "a.onnx")),
        inspect_file(tiny_dense_model(tmp_path / "d.onnx")),
    )
    assert ours.facts["inputs"] == ["images float32 batch×3×height×width"]
    assert ours.facts["card"]["decoder"] == "yolo_anchor"
    assert ours.command.startswith("detector-app info")
    assert "Ultralytics" in theirs.what


def test_weights_of_ours(repository: Path) -> None:
    for path in (repository / "assets").rglob("*.safetensors"):
        found = inspect_file(path)
        assert "detector-train wrote" in found.what
        assert found.tensors


def test_darknet(shared_data: Path) -> None:
    folder = shared_data / "weights" / "yolo_fastest" / "yolo-fastest-1.1_coco"
    cfg, weights = inspect_file(folder / "yolo-fastest-1.1.cfg"), inspect_file(folder / "yolo-fastest-1.1.weights")
    assert (cfg.kind, cfg.facts["heads"]) == ("darknet-cfg", ["yolo", "yolo"])
    assert (weights.kind, weights.facts["version"]) == ("darknet-weights", "0.2.5")


def test_files_of_others(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.zeros(3))
    np.save(tmp_path / "a.npy", np.zeros(3))
    (tmp_path / "a.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(64))
    (tmp_path / "a.txt").write_text("cat\ndog\n")
    (tmp_path / "a.bin").write_bytes(b"\xfe\x00\x01" * 30)
    kinds = {name: inspect_file(tmp_path / name).kind for name in ("a.npz", "a.npy", "a.h5", "a.txt", "a.bin")}
    assert list(kinds.values()) == ["npz", "npy", "hdf5", "text", "unknown"]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tiny_anchor_model(tmp_path / "a.onnx")
    assert main(["inspect", str(path), "--json"]) == OK
    assert json.loads(capsys.readouterr().out)["kind"] == "onnx"
    assert main(["inspect", str(path)]) == OK
    assert "taken by     detector-app info" in capsys.readouterr().out
    assert main(["inspect", str(hostile_weights.pickle_with_code(tmp_path / "p.pt"))]) == DANGEROUS
    assert "DANGER" in capsys.readouterr().out
    assert main(["inspect", str(tmp_path / "absent")]) == UNREADABLE
