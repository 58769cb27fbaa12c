"""Checkpoints as tables: the same tensors as torch loads, nothing run, and files that mean harm refused."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from models.backbones.weights import read_state
from models.errors import WeightsFileError
from models.torch_archive import ArchiveError, ArchiveOutline, check_archive, read_archive, read_pickle
from tests import hostile_weights as hostile

STATE = {
    "float": torch.rand(2, 3),
    "half": torch.rand(4).half(),
    "brain": torch.rand(2, 1, 2).bfloat16(),
    "long": torch.tensor(7),
    "flags": torch.tensor([True, False]),
    "part": torch.rand(4, 4)[1:3, ::2],
    "turned": torch.rand(3, 5).T,
    "none": torch.zeros(0, 3),
}


def table(found: ArchiveOutline) -> dict[str, tuple[str, tuple[int, ...]]]:
    return {row.name: (row.dtype, row.shape) for row in found.tensors}


def told(state: dict[str, Tensor], before: str = "") -> dict[str, tuple[str, tuple[int, ...]]]:
    return {
        before + name: (str(tensor.dtype).removeprefix("torch."), tuple(tensor.shape)) for name, tensor in state.items()
    }


def test_the_tensors_of_a_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    torch.save({"model": STATE, "epoch": 3, "weight": nn.Parameter(torch.ones(2))}, path)
    found = read_archive(path)
    assert table(found) == told(STATE, "model.") | {"weight": ("float32", (2,))}
    assert found.kind == "state"
    assert found.others == ("epoch",)
    assert not any(row.lies for row in found.tensors)


def test_of_before_the_zip_format(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    torch.save(STATE, path, _use_new_zipfile_serialization=False)
    found = read_pickle(path)
    assert (table(found), found.kind) == (told(STATE), "legacy")
    assert not any(row.lies for row in found.tensors)


def test_of_a_whole_network(tmp_path: Path) -> None:
    network, path = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2)), tmp_path / "a.pt"
    torch.save(network, path)
    found = read_archive(path)
    assert sorted(row.shape for row in found.tensors) == sorted(tuple(t.shape) for t in network.state_dict().values())
    assert "torch.nn.modules.conv.Conv2d" in map(str, found.pickle.names)


@pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")
def test_of_a_program(tmp_path: Path) -> None:
    path = tmp_path / "a.pt"
    torch.jit.save(torch.jit.trace(nn.Linear(2, 3), torch.rand(1, 2)), str(path))
    assert read_archive(path).kind == "torchscript"


def test_real_weights(shared_data: Path) -> None:
    for path in (shared_data / "weights" / "mtcnn_facenet_pytorch").glob("*.pt"):
        state = read_state(path)
        assert table(read_pickle(path)) == told(state)


@pytest.mark.parametrize("build", [hostile.pickle_with_code, *hostile.ARCHIVES], ids=lambda build: build.__name__)
def test_files_that_mean_harm(build: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(WeightsFileError):
        read_state(build(tmp_path / "weights.pt"))
    assert not (tmp_path / "victim").exists()


@pytest.mark.parametrize("build", hostile.SAFETENSORS, ids=lambda build: build.__name__)
def test_safetensors_that_mean_harm(build: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(WeightsFileError):
        read_state(build(tmp_path / "weights.safetensors"))


def test_a_storage_that_says_it_is_larger_than_it_is(tmp_path: Path) -> None:
    """What PyTorch itself would believe, and read beyond the end."""
    good, path = tmp_path / "good.pt", tmp_path / "liar.pt"
    torch.save({"a": torch.ones(100)}, good)
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename.endswith("data.pkl"):
                assert content.count(b"Kd") == 2  # 100, as values of the storage and as shape
                content = content.replace(b"Kd", b"M\x10\x27")
            target.writestr(info.filename, content)
    with pytest.raises(ArchiveError, match="10,000 values, and has 400 bytes"):
        check_archive(path)


CHILD = """
import resource, sys
from pathlib import Path
from models.backbones.weights import read_state
from models.errors import WeightsFileError

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name in sys.argv[1:]:
    try:
        read_state(Path(name))
        sys.exit(f"{name} was read")
    except WeightsFileError:
        pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_in_little_memory(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("the memory of a process is asked for as POSIX does")
    paths = [build(tmp_path / f"{build.__name__}.pt") for build in (hostile.pickle_with_code, *hostile.ARCHIVES)]
    paths += [build(tmp_path / f"{build.__name__}.safetensors") for build in hostile.SAFETENSORS]
    words = [sys.executable, "-c", CHILD, *map(str, paths)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) <= 128
    assert not (tmp_path / "victim").exists()
