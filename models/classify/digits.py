"""The built-in data set `digits`: 1,797 handwritten digits of 13 people, as picture files.

They are the test part of "Optical Recognition of Handwritten Digits" (Alpaydin and Kaynak, UCI Machine Learning Repository,
doi 10.24432/C50P49, CC BY 4.0), which scikit-learn carries as 8×8 pixels of 17 grey levels.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from models.classify.held_up import hold_up
from models.classify.pictures import Pixels

NAME = "digits"
SIDE_PX = 64
MARGIN = 1  # cells of paper around the 8×8
SPLIT_SEED = 1998  # the year of LeNet-5; it fixes which digits only ever validate and test
NOTE = (
    "CC BY 4.0; Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, "
    "doi 10.24432/C50P49, by way of scikit-learn, enlarged"
)


def write_digits(root: Path, most: int | None = None) -> Path:
    """Makes `root/{train,val,test,test-camera}/0…9` of picture files, dark on light as on paper, unless they are there already.

    Which fifth of each digit only tests, and which seventh of the rest validates, is chosen once and for all. `test-camera`
    holds the digits of `test` before a simulated camera; `val` holds each of its own both ways, so that the best weights are
    good at both.

    Args:
        root: the folder to make.
        most: only the first digits, as many; for a quick look.

    Returns:
        The folder, for `folders.read_folders`.
    """
    done = root / ".complete"
    if done.exists():
        return root
    digits = load_digits()
    for place, part in enumerate(_parts(digits.target)[:most]):
        picture, name = enlarge(digits.images[place]), f"{digits.target[place]}/{place:04}"
        _write(root / part / f"{name}.png", picture)
        if part != "train":
            seen = "test-camera" if part == "test" else part
            _write(root / seen / f"{name}.jpg", hold_up(picture, np.random.default_rng(place)))
    done.touch()
    return root


def _parts(labels: NDArray[np.int64]) -> list[str]:
    """The part of each digit."""
    rest, test = train_test_split(np.arange(len(labels)), test_size=0.2, random_state=SPLIT_SEED, stratify=labels)
    _, val = train_test_split(rest, test_size=0.15, random_state=SPLIT_SEED, stratify=labels[rest])
    places = {**dict.fromkeys(test.tolist(), "test"), **dict.fromkeys(val.tolist(), "val")}
    return [places.get(place, "train") for place in range(len(labels))]


def _write(path: Path, picture: Pixels) -> None:
    """The encoder's bytes go through Python, which knows every letter a path may have."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(path.suffix, picture)[1].tobytes())


def enlarge(levels: NDArray[np.float64]) -> Pixels:
    """A digit of (8, 8) levels from 0 to 16, ink bright, as (64, 64) uint8, ink dark, smooth and with a margin."""
    paper = np.pad(levels.astype(np.float32), MARGIN)
    smooth = cv2.resize(paper, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC)
    return np.asarray(255 - np.clip(smooth * (255 / 16), 0, 255), np.uint8)
