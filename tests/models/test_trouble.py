"""Each kind of trouble is really made, not only raised."""

import errno
import os
import signal
from contextlib import AbstractContextManager
from pathlib import Path

import cv2
import pytest
import torch
from lightning.pytorch.utilities.exceptions import SIGTERMException

from models.errors import DiskFullError, MemoryShortError, TrainingInterruptedError
from models.trouble import told_plainly


def told(out: Path) -> AbstractContextManager[None]:
    return told_plainly("batch 16 at 320 px", "--size", out)


@pytest.mark.parametrize("begun", [False, True])
def test_an_allocation_that_is_too_large_is_told_with_what_was_asked(tmp_path: Path, begun: bool) -> None:
    if begun:
        begin(tmp_path)
    todo = "lower --batch and go on with --resume" if begun else "start again with a lower --batch or --size"
    with pytest.raises(MemoryShortError, match=f"out of memory with batch 16 at 320 px; {todo}"), told(tmp_path):
        torch.zeros(2**58)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate"),
        cv2.error("OpenCV(5.0.0) alloc.cpp:66: error: (-4:Insufficient memory) Failed to allocate 3 bytes"),
        RuntimeError("DataLoader worker (pid 7) is killed by signal: Killed."),
    ],
)
def test_other_words_for_it_are_known(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(MemoryShortError), told(tmp_path):
        raise error


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's full device")
@pytest.mark.parametrize("begun", [False, True])
def test_a_full_disk_is_told_with_where_and_what_to_do(tmp_path: Path, begun: bool) -> None:
    if begun:
        begin(tmp_path)
    todo = "--resume" if begun else "no epoch was saved; make room and start again"
    with pytest.raises(DiskFullError, match=rf"{tmp_path.name}: no room.*{todo}"), told(tmp_path):
        Path("/dev/full").write_text("x")


def begin(out: Path) -> None:
    (out / "checkpoints").mkdir()
    (out / "checkpoints" / "last.ckpt").touch()


def interrupted_as_lightning_does() -> None:
    try:
        os.kill(os.getpid(), signal.SIGINT)
        signal.pause()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise SystemExit(1) from None


@pytest.mark.parametrize("begun", [False, True])
def test_ctrl_c_says_how_to_go_on_and_works_again_afterwards(tmp_path: Path, begun: bool) -> None:
    if begun:
        begin(tmp_path)
    before = signal.getsignal(signal.SIGINT)
    todo = "--resume" if begun else "start again"
    with pytest.raises(TrainingInterruptedError, match=todo) as caught, told(tmp_path):
        interrupted_as_lightning_does()
    assert caught.value.status == 130
    assert signal.getsignal(signal.SIGINT) is before


def test_a_request_to_end_has_a_status_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(TrainingInterruptedError) as caught, told(tmp_path):
        raise SIGTERMException
    assert caught.value.status == 143


@pytest.mark.parametrize("error", [ValueError("other"), RuntimeError("shapes differ"), OSError(errno.EACCES, "denied")])
def test_other_errors_stay_what_they_are(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(type(error)) as caught, told(tmp_path):
        raise error
    assert caught.value is error
