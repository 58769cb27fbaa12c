"""All annotated frames in the background: only those, with their numbers, and with the figures of ``detector-app eval``."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from detector_app.cli import main
from detector_app.engine.model_loader import ProcessorChoice
from detector_app.evaluation.precision_recall import JudgedSet
from detector_app.evaluation.truth import ClassMap, GroundTruth
from detector_app.evaluation.truth_files import read_truth
from detector_app.evaluation.whole_figures import figures
from detector_app.evaluation.whole_run import Seen, WholeOrder, WholeRun
from detector_app.pipelines.pipeline import DetectSettings
from tests.onnx_files import picture_with_squares, tiny_anchor_model

CPU = ProcessorChoice(("cpu",), False, 1)
DEADLINE_S = 60.0


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_anchor_model(tmp_path_factory.mktemp("model") / "squares.onnx")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pictures, eight of them annotated: right, badly placed, missing and of another class."""
    folder = tmp_path_factory.mktemp("set")
    images, annotations = [], []
    (folder / "images").mkdir()
    for i in range(12):
        squares = [(40 + 16 * i, 168, "red"), (104, 40 + 16 * (i % 4), "blue")]
        cv2.imwrite(str(folder / "images" / f"{i}.png"), picture_with_squares(squares))
        if i % 3 == 0:
            continue
        images.append({"id": i, "file_name": f"{i}.png", "width": 320, "height": 320})
        for k, (x, y, colour) in enumerate(squares):
            shift = 24 if (i + k) % 4 == 0 else 2
            box = [x - 16 + shift, y - 16, 32, 32]
            id_, category = len(annotations) + 1, {"red": 1, "blue": 2}[colour if i != 5 else "red"]
            annotations.append({"id": id_, "image_id": i, "category_id": category, "bbox": box})
    # One that nobody can find, and a class that the model does not have.
    annotations.append({"id": 99, "image_id": 1, "category_id": 1, "bbox": [250, 250, 30, 30]})
    annotations.append({"id": 100, "image_id": 1, "category_id": 3, "bbox": [250, 250, 30, 30]})
    categories = [{"id": 1, "name": "Red"}, {"id": 2, "name": "blue"}, {"id": 3, "name": "green"}]
    data = {"images": images, "annotations": annotations, "categories": categories}
    (folder / "truth.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


def run_whole(spec: Path, model: str, truth: GroundTruth, stop: Callable[[WholeRun], None] | None = None) -> Seen:
    ended, answers = threading.Event(), []
    settings = DetectSettings(score=0.9, classes=frozenset())  # neither matters: all is kept

    def take(seen: Seen) -> None:
        answers.append(seen)
        ended.set()

    run = WholeRun(WholeOrder(str(spec), model, None, settings, truth), CPU, lambda _done, _total: None, take)
    if stop is not None:
        stop(run)
    assert ended.wait(DEADLINE_S)
    run.thread.join(DEADLINE_S)
    return answers[0]


def judged(seen: Seen, truth: GroundTruth, names: tuple[str, ...]) -> tuple[JudgedSet, ClassMap]:
    classes = ClassMap.between(truth.names, names)
    return JudgedSet.of(seen.frames, classes, 0.5), classes


def eval_json(capsys: pytest.CaptureFixture[str], tmp_path: Path, *words: object) -> dict[str, object]:
    capsys.readouterr()
    assert main(["eval", *map(str, words), "--curves", str(tmp_path / "c.png"), "--json"]) == 0
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_only_annotated_pictures_with_the_figures_of_eval(
    pictures: Path, model: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    truth = read_truth(pictures / "truth.json")
    seen = run_whole(pictures / "images", str(model), truth)
    assert seen.complete
    assert [frame.name for frame in seen.frames] == [f"{i}.png" for i in (1, 2, 4, 5, 7, 8, 10, 11)]
    assert [frame.index for frame in seen.frames] == [1, 2, 4, 5, 7, 8, 10, 11], "numbers as in the open folder"
    theirs = eval_json(
        capsys, tmp_path, "--model", model, "--annotations", pictures / "truth.json", "--images", pictures / "images"
    )
    ours, classes = judged(seen, truth, ("red", "blue"))
    assert 0.1 < ours.mean_average_precision < 0.95, "else the comparison says little"
    assert ours.mean_average_precision == pytest.approx(theirs["mAP50"])
    names = {0: "Red", 1: "blue"}
    assert {names[i]: ap for i, ap in ours.per_class.items()} == pytest.approx(theirs["per_class_50"])
    assert figures(seen.frames, classes, ("red", "blue")).map_50_95 == pytest.approx(theirs["mAP50_95"])


def test_the_figures_of_eval_on_real_pictures(
    shared_data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = shared_data / "train" / "bccd364"
    truth = read_truth(folder / "annotations_val.json")
    seen = run_whole(folder / "images", "blood-cells", truth)
    words = ("--annotations", folder / "annotations_val.json", "--images", folder / "images")
    theirs = eval_json(capsys, tmp_path, "--model", "blood-cells", *words)
    ours, _ = judged(seen, truth, ("RBC", "WBC", "Platelets"))
    assert len(seen.frames) == 87
    assert ours.mean_average_precision == pytest.approx(theirs["mAP50"], abs=1e-6)


def test_a_stopped_run_tells_what_it_has(pictures: Path, model: Path) -> None:
    seen = run_whole(pictures / "images", str(model), read_truth(pictures / "truth.json"), WholeRun.stop)
    assert seen.error is None
    assert seen.complete == (len(seen.frames) == 8)


@pytest.mark.parametrize(("spec", "model_name"), [("gone", ""), ("images", "gone.onnx")])
def test_what_cannot_be_opened_is_told(pictures: Path, model: Path, spec: str, model_name: str) -> None:
    seen = run_whole(pictures / spec, model_name or str(model), read_truth(pictures / "truth.json"))
    assert seen.error is not None
    assert "gone" in str(seen.error)
    assert not seen.complete
