import importlib.metadata
import shutil
from collections.abc import Callable
from pathlib import Path

import joblib
import pytest
import torch
from safetensors.torch import save_file

from models.errors import WeightsFileError
from models.mtcnn import package
from models.mtcnn.networks import STAGES, build
from models.mtcnn.weights import RELEASED_SHA256, digest_of, networks_from_folder, networks_from_package


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Random weights in the three files."""
    for stage in STAGES:
        save_file(build(stage).state_dict(), tmp_path / f"{stage}.safetensors")
    return tmp_path


def test_both_sources_give_identical_networks(shared_data: Path) -> None:
    ours = networks_from_package()
    theirs = networks_from_folder(shared_data / "weights" / "mtcnn_facenet_pytorch")
    for stage in STAGES:
        state, other = ours[stage].state_dict(), theirs[stage].state_dict()
        assert list(state) == list(other)
        assert all(torch.equal(state[name], other[name]) for name in state)
        assert not ours[stage].training
        assert not theirs[stage].training
    assert digest_of(ours) == digest_of(theirs) == RELEASED_SHA256


def test_other_weights_have_another_digest(folder: Path) -> None:
    networks = networks_from_folder(folder)
    before = digest_of(networks)
    with torch.no_grad():
        networks["rnet"].get_parameter("conv1.bias")[3] += 1e-7
    assert len({before, digest_of(networks), RELEASED_SHA256}) == 3


def test_safetensors_and_pt_hold_the_same(folder: Path, tmp_path: Path) -> None:
    networks = networks_from_folder(folder)
    other = tmp_path / "pt"
    other.mkdir()
    for stage, network in networks.items():
        torch.save(network.state_dict(), other / f"{stage}.pt")
    assert digest_of(networks_from_folder(other)) == digest_of(networks)


def test_a_landmark_head_that_only_training_uses_is_left_out(folder: Path) -> None:
    trained = build("pnet", landmarks=True)
    save_file(trained.state_dict(), folder / "pnet.safetensors")
    assert torch.equal(
        networks_from_folder(folder)["pnet"].get_parameter("conv1.weight"), trained.get_parameter("conv1.weight")
    )


def test_a_missing_file_or_folder_is_named(folder: Path) -> None:
    (folder / "rnet.safetensors").unlink()
    with pytest.raises(WeightsFileError, match=r"holds neither rnet\.safetensors nor rnet\.pt; train or get it first"):
        networks_from_folder(folder)
    with pytest.raises(WeightsFileError, match="nowhere: there is no such folder"):
        networks_from_folder(folder / "nowhere")


def test_weights_of_another_stage_are_refused(folder: Path) -> None:
    shutil.copy(folder / "rnet.safetensors", folder / "pnet.safetensors")
    with pytest.raises(WeightsFileError, match=r"pnet\.safetensors: does not fit P-Net: conv4_1\.weight is missing"):
        networks_from_folder(folder)


def test_a_package_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "PACKAGE", "no-such-package")
    with pytest.raises(WeightsFileError, match="the package mtcnn is not installed; install the train extra"):
        networks_from_package()


def test_a_package_without_its_files_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "PACKAGE", "joblib")
    with pytest.raises(WeightsFileError, match=r"the package mtcnn has no pnet\.lz4; install mtcnn 1\.0\.0"):
        networks_from_package()


class Bomb:
    """What a pickle can be: code that runs when it is read."""

    def __reduce__(self) -> tuple[Callable[..., None], tuple[str]]:
        return pytest.fail, ("a file was unpickled that is not known",)


def test_files_that_are_not_known_are_never_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dist = tmp_path / "strange-1.0.dist-info"
    dist.mkdir()
    (dist / "METADATA").write_text("Metadata-Version: 2.1\nName: strange\nVersion: 1.0\n")
    names = [f"weights/{stage}.lz4" for stage in STAGES]
    (dist / "RECORD").write_text("".join(f"{name},,\n" for name in names))
    (tmp_path / "weights").mkdir()
    for name in names:
        joblib.dump([Bomb()], tmp_path / name)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(package, "PACKAGE", "strange")
    with pytest.raises(WeightsFileError, match=r"pnet\.lz4: has SHA-256 .*, so it is not read; install mtcnn 1\.0\.0"):
        networks_from_package()


def test_arrays_of_other_shapes_are_refused() -> None:
    (file,) = [file for file in importlib.metadata.files("mtcnn") or [] if file.name == "pnet.lz4"]
    arrays = joblib.load(file.locate())
    with pytest.raises(WeightsFileError, match="rnet: holds 13 arrays, 16 were expected"):
        package.state_from_keras("rnet", arrays)
    arrays[0], arrays[3] = arrays[3], arrays[0]
    with pytest.raises(WeightsFileError, match=r"pnet: conv1\.weight is \(16, 10, 3, 3\), not \(10, 3, 3, 3\)"):
        package.state_from_keras("pnet", arrays)
