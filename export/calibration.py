"""Pictures for calibration: found in a folder, and laid into the input as the app lays them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import ModelCard
from export.errors import ExportError
from export.verification_inputs import as_tensor

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
LEAST, MOST = 16, 256
"""Pictures: fewer do not show what values come up, more change nothing but the time."""

Picture = NDArray[np.uint8]


def calibration_files(folder: Path, excluded: Collection[Path] = ()) -> tuple[Path, ...]:
    """Pictures in ``folder`` and below, evenly chosen if there are many, without those that the result will be judged on.

    Raises:
        ExportError: there is no such folder, or it holds too few.
    """
    todo = f"Give a folder with {LEAST} pictures or more such as the model will see, 100 are good."
    if not folder.is_dir():
        raise ExportError(str(folder), what="there is no such folder of pictures to calibrate with", todo=todo)
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    if not found:
        raise ExportError(str(folder), what="there are no pictures in it to calibrate with", todo=todo)
    judged = {path.resolve() for path in excluded}
    free = [path for path in found if path.resolve() not in judged]
    if len(free) < LEAST:
        besides = f" besides the {len(found) - len(free)} that are kept for judging" if len(free) < len(found) else ""
        what = f"{len(free)} pictures are too few to calibrate with{besides}; {LEAST} are the least"
        raise ExportError(str(folder), what=what, todo=todo)
    places = np.linspace(0, len(free) - 1, min(MOST, len(free))).round().astype(int)
    return tuple(free[place] for place in places)


def input_tensor(path: Path, card: ModelCard) -> NDArray[Any]:
    """The network's input, batch 1 and of the default size, for the picture at ``path``.

    Raises:
        ExportError: it cannot be read.
    """
    spec = card.input
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ExportError(str(path), what="the picture cannot be read", todo="Remove it from the folder, or mend it.")
    order = cv2.COLOR_BGR2GRAY if spec.channels == 1 else cv2.COLOR_BGR2RGB
    laid = _laid(np.asarray(cv2.cvtColor(picture, order), np.uint8), card).reshape(*spec.size_hw, spec.channels)
    return as_tensor(laid.transpose(2, 0, 1)[None], spec)


def _laid(picture: Picture, card: ModelCard) -> Picture:
    """(H, W, 3) or (H, W) of the input's size: cropped, stretched, or centred; classifiers see averages of what shrinks."""
    spec, shrinking = card.input, cv2.INTER_AREA if card.task == "classify" else cv2.INTER_LINEAR
    height, width = spec.size_hw
    rows, columns = picture.shape[:2]
    if spec.resize == "crop":
        factor = min(columns / width, rows / height) * spec.crop_fraction
        across, down = (max(1, round(side * factor)) for side in (width, height))
        left, top = (columns - across) // 2, (rows - down) // 2
        return _resized(picture[top : top + down, left : left + across], (width, height), shrinking)
    if spec.resize == "stretch":
        return _resized(picture, (width, height), shrinking)
    factor = min(width / columns, height / rows)
    across, down = (max(1, min(limit, round(side * factor))) for side, limit in ((columns, width), (rows, height)))
    laid = np.full((height, width, *picture.shape[2:]), spec.pad_value, np.uint8)
    left, top = (width - across) // 2, (height - down) // 2
    laid[top : top + down, left : left + across] = _resized(picture, (across, down), shrinking)
    return laid


def _resized(picture: Picture, size_wh: tuple[int, int], shrinking: int) -> Picture:
    shrinks = size_wh[0] < picture.shape[1] or size_wh[1] < picture.shape[0]
    return np.asarray(cv2.resize(picture, size_wh, interpolation=shrinking if shrinks else cv2.INTER_LINEAR), np.uint8)
