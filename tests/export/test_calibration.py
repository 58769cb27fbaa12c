"""Pictures of a calibration are laid into the input as the app lays them, and too few are refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from detector_app.model_card import ModelCard
from detector_app.pipelines.preprocess import Preprocessor
from export.calibration import LEAST, MOST, calibration_files, input_tensor
from export.errors import ExportError
from tests.onnx_files import classifier_card, frame_of, tiny_card

DETECTOR = tiny_card(size_hw=(96, 160))
SPECS: list[tuple[str, dict[str, Any]]] = [
    ("detect", {}),
    ("detect", {"resize": "stretch"}),
    ("detect", {"pad_value": 0, "channel_order": "BGR", "scale": 1.0}),
    ("detect", {"mean": (0.4, 0.5, 0.6), "std": (0.2, 0.3, 0.4)}),
    ("detect", {"layout": "NHWC"}),
    ("detect", {"channel_order": "GREY"}),
    ("classify", {"resize": "crop"}),
    ("classify", {"resize": "crop", "crop_fraction": 0.875, "channel_order": "GREY"}),
    ("classify", {"resize": "stretch"}),
    ("classify", {"resize": "letterbox"}),
]


def card_for(task: str, changes: dict[str, Any]) -> ModelCard:
    card = DETECTOR if task == "detect" else classifier_card(size_hw=(96, 160))
    return replace(card, input=replace(card.input, **changes))


@pytest.mark.parametrize(("task", "changes"), SPECS)
@pytest.mark.parametrize("size_wh", [(160, 96), (333, 97), (61, 200), (640, 480)])
def test_as_the_app_prepares_it(task: str, changes: dict[str, Any], size_wh: tuple[int, int], tmp_path: Path) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (size_wh[1], size_wh[0], 3), np.uint8)
    path = tmp_path / "a.png"
    cv2.imwrite(str(path), picture)
    card = card_for(task, changes)
    expected = Preprocessor(card.input, by_area=task == "classify")([frame_of(picture)]).tensor
    found = input_tensor(path, card)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, atol=1e-5)


def fill(folder: Path, count: int) -> None:
    folder.mkdir(exist_ok=True, parents=True)
    for number in range(count):
        cv2.imwrite(str(folder / f"{number:04}.png"), np.full((4, 4, 3), number % 256, np.uint8))


def test_pictures_are_found_below_and_chosen_evenly(tmp_path: Path) -> None:
    fill(tmp_path / "a", MOST)
    fill(tmp_path / "b", MOST)
    (tmp_path / "notes.txt").write_text("x")
    chosen = calibration_files(tmp_path)
    assert len(chosen) == MOST
    assert {path.parent.name for path in chosen} == {"a", "b"}
    assert chosen == calibration_files(tmp_path)


def test_those_that_are_judged_on_are_left_out(tmp_path: Path) -> None:
    fill(tmp_path, LEAST + 2)
    judged = [tmp_path / "0000.png", tmp_path / "0001.png"]
    assert not set(judged) & set(calibration_files(tmp_path, judged))
    with pytest.raises(
        ExportError, match=f"{LEAST - 1} pictures are too few .* besides the 3 that are kept for judging"
    ):
        calibration_files(tmp_path, [*judged, tmp_path / "0002.png"])


@pytest.mark.parametrize(
    ("count", "said"), [(None, "no such folder"), (0, "no pictures in it"), (3, "3 pictures are too few")]
)
def test_too_few_are_refused(count: int | None, said: str, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    if count is not None:
        fill(folder, count)
    with pytest.raises(ExportError, match=said):
        calibration_files(folder)


def test_a_broken_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(ExportError, match=r"a\.png: the picture cannot be read"):
        input_tensor(tmp_path / "a.png", DETECTOR)
