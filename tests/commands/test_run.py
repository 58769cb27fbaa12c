"""``detector-app run`` as a person types it, on real files, in its own process where signals or imports matter."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import pytest

from detector_app.cli import main
from tests.engine.scenes import squares_in, write_pictures, write_video
from tests.onnx_files import tiny_anchor_model, tiny_card
from tests.servers.mjpeg import MjpegServer

DEADLINE_S = 60


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``video.mp4`` (20 frames), ``other/video.mp4`` (5), ``pictures/`` (4, number 1 broken), ``squares.onnx``, ``other.onnx``."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "other").mkdir()
    write_video(folder / "video.mp4", 20)
    write_video(folder / "other" / "video.mp4", 5)
    write_pictures(folder / "pictures", 4, broken=(1,))
    tiny_anchor_model(folder / "squares.onnx")
    tiny_anchor_model(folder / "other.onnx", card=tiny_card(name="other"))
    return folder


@pytest.fixture
def run(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call ``detector-app run`` with the tiny model, in the folder of the inputs, results in ``out``."""
    monkeypatch.chdir(inputs)

    def call(*words: str) -> int:
        return main(["run", "--model", "squares.onnx", "--out", str(tmp_path / "out"), *words])

    return call


def journal(folder: Path) -> list[dict[str, Any]]:
    return list(json.loads((folder / "run.json").read_text(encoding="utf-8"))["inputs"])


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def decoded(path: Path) -> int:
    with av.open(str(path)) as video:
        return sum(1 for _ in video.decode(video=0))


def test_a_video_becomes_a_video_and_lines(run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("video.mp4") == 0
    found = lines(tmp_path / "out" / "video.jsonl")
    assert [line["index"] for line in found] == list(range(20))
    assert [len(line["detections"]) for line in found] == [squares_in(i) for i in range(20)]
    assert found[0]["detections"][0].keys() == {"xyxy", "score", "class_id", "class_name"}
    assert decoded(tmp_path / "out" / "video.mp4") == 20
    out, err = capsys.readouterr()
    assert out.startswith("1 input, 20 frames, 30 detections")
    assert len(out.splitlines()) == 1
    assert "20/20" in err


def test_a_folder_of_pictures_becomes_pictures_and_lines(
    run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("pictures") == 1, "a picture is broken"
    assert "1.png" in capsys.readouterr().err
    assert [Path(line["source"]).name for line in lines(tmp_path / "out" / "pictures.jsonl")] == [
        "0.png",
        "2.png",
        "3.png",
    ]
    assert len(list((tmp_path / "out" / "pictures_frames").iterdir())) == 3
    assert journal(tmp_path / "out")[0]["state"] == "incomplete"


def test_results_beside_the_inputs_are_no_inputs_of_the_same_command_again(run: Any, inputs: Path, capsys: Any) -> None:
    words = ("other", "--out", "other")
    assert run(*words) == 0
    made = sorted(path.name for path in (inputs / "other").iterdir())
    assert made == ["run.json", "video-2.jsonl", "video-2.mp4", "video.mp4"]
    assert run(*words) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("0 inputs, 0 frames")
    assert sorted(path.name for path in (inputs / "other").iterdir()) == made


def test_options_choose_what_is_kept(run: Any, tmp_path: Path) -> None:
    assert (
        run("video.mp4", "--save", "jsonl", "--classes", "blue", "--every", "5", "--start", "0.3", "--score", "0.5")
        == 0
    )
    found = lines(tmp_path / "out" / "video.jsonl")
    assert [line["index"] for line in found] == [9, 14, 19]
    assert [[d["class_name"] for d in line["detections"]] for line in found] == [[], ["blue"], []]
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == ["run.json", "video.jsonl"]


def test_inputs_of_the_same_name_do_not_meet(run: Any, tmp_path: Path) -> None:
    assert run("video.mp4", "other/video.mp4", "--save", "jsonl") == 0
    assert len(lines(tmp_path / "out" / "video.jsonl")) == 20
    assert len(lines(tmp_path / "out" / "video-2.jsonl")) == 5


def test_one_bad_input_does_not_keep_the_others(run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("missing.mp4", "squares.onnx", "video.mp4", "--save", "jsonl") == 1
    out, err = capsys.readouterr()
    assert "missing.mp4" in err
    assert "2 errors" in out
    assert len(lines(tmp_path / "out" / "video.jsonl")) == 20


def test_the_same_command_again_skips_what_is_complete(
    run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("video.mp4", "--save", "jsonl") == 0
    before = (tmp_path / "out" / "video.jsonl").stat().st_mtime_ns
    assert run("video.mp4", "other/video.mp4", "--save", "jsonl") == 0
    out, err = capsys.readouterr()
    assert "complete before" in err
    assert "1 complete before" in out
    assert (tmp_path / "out" / "video.jsonl").stat().st_mtime_ns == before
    assert len(lines(tmp_path / "out" / "video-2.jsonl")) == 5


def test_what_is_not_complete_is_done_again_under_the_same_name(run: Any, inputs: Path, tmp_path: Path) -> None:
    broken = inputs / "pictures" / "1.png"
    kept = broken.read_bytes()
    assert run("pictures", "--save", "jsonl") == 1
    broken.write_bytes((inputs / "pictures" / "0.png").read_bytes())
    try:
        assert run("pictures", "--save", "jsonl") == 0
    finally:
        broken.write_bytes(kept)
    assert len(lines(tmp_path / "out" / "pictures.jsonl")) == 4
    assert [entry["state"] for entry in journal(tmp_path / "out")] == ["complete"]


def test_an_input_that_has_changed_is_done_again(inputs: Path, tmp_path: Path) -> None:
    clip = write_video(tmp_path / "clip.mp4", 3)
    words = [
        "run",
        str(clip),
        "--model",
        str(inputs / "squares.onnx"),
        "--save",
        "jsonl",
        "--out",
        str(tmp_path / "out"),
    ]
    assert main(words) == 0
    write_video(clip, 7)
    assert main(words) == 0
    assert len(lines(tmp_path / "out" / "clip.jsonl")) == 7


@pytest.mark.parametrize("other", [("--score", "0.9"), ("--save", "csv"), ("--model", "other.onnx")])
def test_another_command_into_the_same_folder_is_refused(
    run: Any, tmp_path: Path, other: tuple[str, ...], capsys: Any
) -> None:
    assert run("video.mp4", "--save", "jsonl", "--every", "9") == 0
    assert run("video.mp4", "--save", "jsonl", "--every", "9", *other) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert len(lines(tmp_path / "out" / "video.jsonl")) == 3
    assert run("other/video.mp4", "--save", "jsonl", "--every", "9", *other, "--overwrite") == 0
    assert len(journal(tmp_path / "out")) == 1


def test_files_of_others_are_not_replaced(run: Any, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "video.jsonl").write_text("precious", encoding="utf-8")
    assert run("video.mp4", "--save", "jsonl") == 0
    assert (tmp_path / "out" / "video.jsonl").read_text(encoding="utf-8") == "precious"
    assert len(lines(tmp_path / "out" / "video-2.jsonl")) == 20


@pytest.mark.parametrize("overwrite", [(), ("--overwrite",)])
def test_the_input_itself_is_never_replaced(inputs: Path, tmp_path: Path, overwrite: tuple[str, ...]) -> None:
    clip = write_video(tmp_path / "clip.mp4", 3)
    before = clip.read_bytes()
    words = ["run", str(clip), "--model", str(inputs / "squares.onnx"), "--out", str(tmp_path), *overwrite]
    assert main(words) == 0
    assert clip.read_bytes() == before
    assert decoded(tmp_path / "clip-2.mp4") == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("video.mp4", "--classes", "red,cup"), "red, blue"),
        (("video.mp4", "--save", "gif"), "jsonl"),
        (("video.mp4", "--start", "3", "--end", "2"), "--end"),
        (("video.mp4", "--providers", "abacus"), "cpu"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(
    run: Any, words: tuple[str, ...], said: str, capsys: Any
) -> None:
    assert run(*words) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [("--score", "2"), ("--score", "x"), ("--every", "0"), ("--start", "-1"), ("--threads", "1.5"), ()]
)
def test_values_out_of_bounds_are_refused(run: Any, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(*words, *(("video.mp4",) if words else ()))


def test_an_unknown_model_is_named(run: Any, capsys: Any) -> None:
    assert run("video.mp4", "--model", "no-such-model") == 1
    assert "no-such-model" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_named(run: Any, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert run("video.mp4", "--out", str(tmp_path / "file" / "out")) == 1
    assert "file" in capsys.readouterr().err


def test_a_journal_that_is_broken_is_not_overwritten(run: Any, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "run.json").write_text("{", encoding="utf-8")
    assert run("video.mp4") == 1
    assert "run.json" in capsys.readouterr().err
    assert (tmp_path / "out" / "run.json").read_text(encoding="utf-8") == "{"


def in_process(*words: str, **options: Any) -> subprocess.Popen[str]:
    """``detector-app`` as a process of its own."""
    command = [sys.executable, "-m", "detector_app", *words]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=environment, **pipes, **options)


@pytest.mark.skipif(os.name != "posix", reason="signals are sent to a process of its own on POSIX only")
@pytest.mark.parametrize("signals", [(signal.SIGINT,), (signal.SIGTERM,), (signal.SIGINT, signal.SIGINT)])
def test_interrupted_it_leaves_complete_files_and_the_next_take_stands_beside(
    inputs: Path, tmp_path: Path, signals: tuple[signal.Signals, ...]
) -> None:
    out = tmp_path / "out"
    words = ("--model", str(inputs / "squares.onnx"), "--save", "video,jsonl", "--out", str(out))
    with MjpegServer() as server:
        process = in_process("run", server.url, *words)
        try:
            wait_for_lines(out / "camera.jsonl", 5, process)
            for number in signals:
                process.send_signal(number)
            stdout, stderr = process.communicate(timeout=DEADLINE_S)
        finally:
            process.kill()
    assert process.returncode == 130, stderr
    assert "interrupted" in stdout
    written = lines(out / "camera.jsonl")
    assert len(written) >= 5
    assert decoded(out / "camera.mp4") == len(written)
    entry = journal(out)[0]
    assert (entry["state"], entry["frames"], entry["outputs"]) == (
        "interrupted",
        len(written),
        ["camera.mp4", "camera.jsonl"],
    )


def wait_for_lines(path: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Look at the growing file each time the process has had a moment, until it ends or the deadline."""
    for _ in range(DEADLINE_S * 20):
        if path.exists() and len(path.read_text(encoding="utf-8").splitlines()) >= count:
            return
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(f"{path.name} did not grow: {process.communicate()}")


PROBE = """
import sys
from detector_app.cli import main
code = main(sys.argv[1:])
print([name for name in ("torch", "onnx", "PySide6", "matplotlib", "models", "export") if name in sys.modules])
sys.exit(code)
"""


def test_neither_torch_nor_qt_is_imported(inputs: Path, tmp_path: Path) -> None:
    words = ("run", str(inputs / "video.mp4"), "--model", str(inputs / "squares.onnx"), "--out", str(tmp_path / "out"))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words], env=environment, capture_output=True, text=True, timeout=DEADLINE_S
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
