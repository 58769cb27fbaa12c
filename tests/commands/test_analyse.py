"""``detector-app analyse`` on real videos and models."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from detector_app.cli import FAILED, OK, USAGE, main
from detector_app.result_store.place import SUFFIX
from detector_app.result_store.store import is_whole
from tests.engine.scenes import write_video
from tests.onnx_files import tiny_anchor_model, tiny_classifier

FRAMES = 30


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tiny_anchor_model(tmp_path_factory.mktemp("models") / "squares.onnx"))


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_video(tmp_path / "clip.mp4", FRAMES)


def sidecar(video: Path) -> Path:
    return video.with_name(video.name + SUFFIX)


def kept_frames(video: Path) -> list[int]:
    with closing(sqlite3.connect(sidecar(video))) as db:
        return [index for (index,) in db.execute("SELECT idx FROM frame ORDER BY idx")]


def lines(path: Path) -> list[dict]:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [{name: value for name, value in record.items() if name != "timings_ms"} for record in records]


def test_every_frame_is_kept_and_the_second_time_none_is_looked_at(
    capsys: pytest.CaptureFixture[str], video: Path, model: str
) -> None:
    assert main(["analyse", str(video), "--model", model]) == OK
    assert f"{FRAMES} frames, {FRAMES} of them new" in capsys.readouterr().out
    assert kept_frames(video) == list(range(FRAMES))
    assert main(["analyse", str(video), "--model", model, "--score", "0.9"]) == OK
    assert f"{FRAMES} frames, 0 of them new" in capsys.readouterr().out


def test_exports_are_what_a_run_writes(video: Path, model: str, tmp_path: Path) -> None:
    asked = ["--model", model, "--score", "0.6", "--classes", "red", "--max-detections", "1"]
    folders = tmp_path / "kept", tmp_path / "run"
    assert main(["analyse", str(video), *asked, "--export", "jsonl,csv,coco", "--out", str(folders[0])]) == OK
    assert main(["run", str(video), *asked, "--save", "jsonl,csv,coco", "--out", str(folders[1])]) == OK
    kept, run = (lines(folder / "clip.jsonl") for folder in folders)
    assert kept == run
    assert sum(len(record["detections"]) for record in kept) == FRAMES
    csv = [(folder / "clip.csv").read_text(encoding="utf-8") for folder in folders]
    assert csv[0] == csv[1]


def test_a_killed_analysis_goes_on_where_it_was(capsys: pytest.CaptureFixture[str], video: Path, model: str) -> None:
    write_video(video, 1200)
    words = [sys.executable, "-m", "detector_app", "analyse", str(video), "--model", model]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        while child.poll() is None and (not sidecar(video).exists() or not _some(video)):
            pass
        os.kill(child.pid, signal.SIGKILL)
    before = len(kept_frames(video))
    assert 0 < before < 1200
    assert main(["analyse", str(video), "--model", model]) == OK
    assert f"1200 frames, {1200 - before} of them new" in capsys.readouterr().out
    assert is_whole(sidecar(video))


def _some(video: Path) -> bool:
    try:
        return bool(kept_frames(video))
    except sqlite3.OperationalError:  # its tables are not there yet, or it is being written
        return False


def test_what_cannot_be_analysed(capsys: pytest.CaptureFixture[str], tmp_path: Path, video: Path, model: str) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("no video", encoding="utf-8")
    assert main(["analyse", str(text), str(video), "--model", model]) == FAILED
    out, err = capsys.readouterr()
    assert "text.mp4" in err
    assert f"{FRAMES} frames" in out, "one that fails does not keep the others"
    assert main(["analyse", str(video), "--model", model, "--export", "video"]) == USAGE
    assert "among jsonl, csv, coco" in capsys.readouterr().err
    assert main(["analyse", str(video), "--model", "mtcnn", "--scan-every", "5"]) == USAGE
    assert "each frame that is kept is searched" in capsys.readouterr().err
    classifier = tiny_classifier(tmp_path / "colours.onnx")
    assert main(["analyse", str(video), "--model", str(classifier)]) == FAILED
    assert "a classifier finds nothing that could be kept" in capsys.readouterr().err


def test_a_file_of_a_later_version_is_told_and_left(
    capsys: pytest.CaptureFixture[str], video: Path, model: str
) -> None:
    with closing(sqlite3.connect(sidecar(video))) as db:
        db.execute("CREATE TABLE later (x)")
        db.execute("PRAGMA user_version = 9")
        db.commit()
    before = sidecar(video).read_bytes()
    assert main(["analyse", str(video), "--model", model]) == FAILED
    assert "version 9 of their file" in capsys.readouterr().err
    assert sidecar(video).read_bytes() == before
