"""Real runs in processes of their own, killed at moments that nobody chose."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from models.detect.run import train
from tests.models.detect.test_run import weights_of
from tests.models.detect.tiny_run import make_order

SETTINGS = [
    "--backbone", "tiny", "--epochs", "4", "--batch", "3", "--input-size", "64", "--anchors-per-scale", "1",
    "--warmup-epochs", "1", "--val-every", "2", "--cache-px", "96", "--val-fraction", "0.25", "--learning-rate", "0.004",
    "--mosaic", "0.2", "--rotation-deg", "0", "--quarter-turn", "0", "--ema-decay", "0.9", "--no-pictures",
    "--accelerator", "cpu", "--devices", "1", "--progress", "json",
]  # fmt: skip


def begin(folder: Path, repository: Path, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.models.detect.tiny_run", "detect", "--data", str(folder / "set")]
    return subprocess.Popen(
        [*command, "--out", str(folder / "killed"), *SETTINGS, *arguments],
        cwd=repository, env={**os.environ, "OMP_NUM_THREADS": "1"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for(run: "subprocess.Popen[str]", event: str) -> None:
    """Until the run says so; by then it has at least begun the epoch."""
    assert run.stdout is not None
    for line in run.stdout:
        if f'"event": "{event}"' in line:
            return
    pytest.fail(f"the run ended before {event!r}: {run.stderr.read() if run.stderr else ''}")


@pytest.mark.timeout(400)
def test_a_run_that_is_interrupted_and_then_killed_ends_as_one_that_was_not(tmp_path: Path, repository: Path) -> None:
    order = make_order(tmp_path)
    train(order)
    last = tmp_path / "killed" / "checkpoints" / "last.ckpt"
    run = begin(tmp_path, repository)
    wait_for(run, "epoch")
    wait_for(run, "epoch")  # by now the first one is saved
    run.send_signal(signal.SIGINT)
    assert run.communicate()[1] == "detector-train: interrupted; go on from the last finished epoch with --resume\n"
    assert run.returncode == 130

    run = begin(tmp_path, repository, "--resume")
    wait_for(run, "start")
    time.sleep(random.Random(time.time_ns()).uniform(0, 0.5))  # any moment of the rest
    run.kill()
    run.communicate()

    train(replace(order, out=tmp_path / "killed", resume=last))
    assert weights_of(tmp_path / "killed") == weights_of(tmp_path / "out")
