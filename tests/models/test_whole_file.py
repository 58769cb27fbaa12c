import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from models.whole_checkpoints import WholeCheckpoints
from models.whole_file import write_whole

resource = pytest.importorskip("resource", reason="limits of a process are POSIX's")


@pytest.fixture
def small_disk() -> Iterator[None]:
    """This process may write files of 100 kB at most, as on a disk that is nearly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


def test_a_file_takes_the_place_of_the_old_one_and_leaves_nothing_else(tmp_path: Path) -> None:
    for content in (b"one", b"two"):
        write_whole(tmp_path / "new" / "file", content)
        assert (tmp_path / "new" / "file").read_bytes() == content
    assert os.listdir(tmp_path / "new") == ["file"]


def test_a_kill_in_the_middle_leaves_one_whole_file_or_the_other(tmp_path: Path, repository: Path) -> None:
    code = (
        "import pathlib, sys; from models.whole_file import write_whole\n"
        "for count in range(10**6): write_whole(pathlib.Path(sys.argv[1]), bytes([count % 256]) * 3_000_000)"
    )
    path = tmp_path / "file"
    for _ in range(5):
        child = subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=repository)
        while not path.exists() or path.read_bytes()[:1] < b"\x03":  # until it is at it
            assert child.poll() is None
        child.kill()
        child.wait()
        content = path.read_bytes()
        assert len(content) == 3_000_000
        assert len(set(content)) == 1
        path.unlink()


@pytest.mark.usefixtures("small_disk")
def test_what_finds_no_room_leaves_the_old_file_and_no_partial_one(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", b"old")
    with pytest.raises(OSError, match="too large"):
        write_whole(tmp_path / "file", bytes(200_000))
    assert (tmp_path / "file").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.usefixtures("small_disk")
def test_a_checkpoint_that_finds_no_room_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints" / "last.ckpt"
    WholeCheckpoints().save_checkpoint({"epoch": 1, "weights": torch.zeros(10)}, path)
    with pytest.raises(OSError, match="too large"):
        WholeCheckpoints().save_checkpoint({"epoch": 2, "weights": torch.zeros(50_000)}, path)
    assert torch.load(path, weights_only=True)["epoch"] == 1
