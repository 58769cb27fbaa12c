"""Squares as batches, in the authors' mixture: three negatives to one positive, one part face and two landmark faces."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.data import Dataset

from models.detect.pictures import SampleStore
from models.errors import TrainingDataError
from models.mtcnn.faces import FacePicture
from models.mtcnn.losses import Kind, Truth
from models.mtcnn.mistakes import false_alarms
from models.mtcnn.samples import Square, cut, draw_square, mirrored, square_of

MIXTURE = (
    Kind.NEGATIVE, Kind.POSITIVE, Kind.NEGATIVE, Kind.LANDMARK, Kind.NEGATIVE, Kind.PART, Kind.LANDMARK,
)  # fmt: skip
WHOLE_PX = 1 << 20  # pictures are kept at their own size: landmarks are in its pixels


class Crop(NamedTuple):
    """A batch or, without the first axis, one of it.

    Attributes:
        pictures: (N, side, side, 3) uint8 RGB.
        truth: what they show.
    """

    pictures: Tensor
    truth: Truth


class SquareSet(Dataset[Crop]):
    """So many random squares of a mixture of kinds.

    Args:
        pictures: annotated.
        side_px: of the network's input.
        count: squares in an epoch.
        landmarks: landmark faces are in the mixture.
        mirror: chance of left and right changed.
        budget_gib: memory for decoded pictures.
        seed: the same squares in every epoch; None: others each time, by PyTorch's generator.

    `alarm_share` is the part of the negatives that are false alarms of the stages before.

    Raises:
        TrainingDataError: the pictures have no faces, or none with landmarks where those are asked for.
    """

    def __init__(
        self, pictures: Sequence[FacePicture], side_px: int, count: int, *, landmarks: bool, mirror: float = 0.0,
        budget_gib: float = 1.0, seed: int | None = None,
    ) -> None:  # fmt: skip
        self._store = SampleStore([picture.record for picture in pictures], WHOLE_PX, budget_gib)
        self._side_px, self._count, self._mirror, self._seed = side_px, count, mirror, seed
        self._pictures = tuple(pictures)
        self._kinds = tuple(kind for kind in MIXTURE if landmarks or kind is not Kind.LANDMARK)
        sizes_wh = [one.record.size_wh or self._size_wh(place) for place, one in enumerate(pictures)]
        self._having = {kind: _having(kind, self._pictures, sizes_wh) for kind in self._kinds}
        self._alarms: Mapping[int, NDArray[np.float64]] = {}
        self.alarm_share = 0.0

    def look_for_alarms(self, networks: Sequence[nn.Module], least_px: int) -> int:
        """From now on negatives are also what these networks, the stages before, take for faces; returns how many there are.

        They become half of the negatives, or fewer where that would show them more than once in an epoch.
        """
        found = {
            place: false_alarms(networks, sample.rgb, sample.boxes_xyxy, least_px)
            for place, sample in enumerate(self._store)
        }
        self._alarms = {place: squares for place, squares in found.items() if len(squares)}
        alarms = sum(map(len, self._alarms.values()))
        negatives = self._count * self._kinds.count(Kind.NEGATIVE) / len(self._kinds)
        self.alarm_share = min(0.5, alarms / negatives)
        return alarms

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Crop:
        seed = int(torch.randint(1 << 62, ())) if self._seed is None else self._seed
        generator = np.random.default_rng([seed, index])
        place, square = self._square(self._kinds[index % len(self._kinds)], generator)
        rgb = cut(self._store[place].rgb, square.xyxy, self._side_px)
        if generator.random() < self._mirror:
            rgb, square = np.ascontiguousarray(rgb[:, ::-1]), mirrored(square)
        truth = Truth(
            torch.tensor(int(square.kind)), torch.from_numpy(square.boxes), torch.from_numpy(square.landmarks)
        )
        return Crop(torch.from_numpy(rgb), truth)

    def _square(self, kind: Kind, generator: np.random.Generator) -> tuple[int, Square]:
        if kind is Kind.NEGATIVE and generator.random() < self.alarm_share:
            place = list(self._alarms)[int(generator.integers(len(self._alarms)))]
            alarm = square_of(kind, self._pictures[place], generator.choice(self._alarms[place]))
            if alarm is not None:
                return place, alarm
        having = self._having[kind]
        place, square = draw_square(kind, having.pictures, having.sizes_wh, generator)
        return having.places[place], square

    def _size_wh(self, place: int) -> tuple[int, int]:
        height, width = self._store[place].rgb.shape[:2]
        return width, height


class Having(NamedTuple):
    """The pictures that can have squares of a kind: their places, themselves, and their sizes in pixels."""

    places: tuple[int, ...]
    pictures: tuple[FacePicture, ...]
    sizes_wh: tuple[tuple[int, int], ...]


def _having(kind: Kind, pictures: Sequence[FacePicture], sizes_wh: Sequence[tuple[int, int]]) -> Having:
    marked = kind is Kind.LANDMARK
    places = tuple(
        place
        for place, picture in enumerate(pictures)
        if kind is Kind.NEGATIVE
        or (len(picture.record.labels) and not (marked and np.isnan(picture.landmarks_xy).any(axis=(1, 2)).all()))
    )
    if not places:
        what = "no face has landmarks (five COCO keypoints)" if marked else "there is no face"
        raise TrainingDataError(f"{what} in {len(pictures)} pictures of one side of the division; add some")
    return Having(places, tuple(pictures[place] for place in places), tuple(sizes_wh[place] for place in places))
