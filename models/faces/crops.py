"""Pictures of people as aligned faces, the way the app will lay them; landmarks are found once and kept in a file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.classify.pictures import load_rgb
from models.errors import TrainingDataError
from models.faces.alignment import Points, align
from models.faces.finding import Cascade, find_landmarks
from models.faces.people import People
from models.faces.spec import EmbedderSpec
from models.whole_file import write_whole

Pixels = NDArray[np.uint8]
Places = Mapping[str, Points | None]

CANVAS = 1.5  # of the input's sides: room for a random turn and move


@dataclass(frozen=True)
class Faces:
    """Aligned faces of people, all pictures in memory.

    Attributes:
        names: of the people.
        labels: (N,) places in the names.
        inputs: (N, C, H, W) uint8 as the network sees them.
        canvases: (N, C, S, T) uint8, the same in the same scale with room around.
        pixels: (N, P) uint8, the whole pictures in grey, small: the floor that an embedding must beat.
    """

    names: tuple[str, ...]
    labels: NDArray[np.int64]
    inputs: Pixels
    canvases: Pixels
    pixels: Pixels

    def of(self, people: Sequence[int]) -> "Faces":
        """The faces of some people; labels stay places in all names."""
        chosen = np.isin(self.labels, people)
        return Faces(self.names, self.labels[chosen], self.inputs[chosen], self.canvases[chosen], self.pixels[chosen])


def open_cascade(folder: Path | None) -> Cascade:
    """The networks that find faces: those of a folder, or of the package `mtcnn` where none is given.

    Raises:
        WeightsFileError: they cannot be read.
    """
    from models.mtcnn.weights import networks_from_folder, networks_from_package

    networks = networks_from_folder(folder) if folder else networks_from_package()
    return Cascade(networks["pnet"], networks["rnet"], networks["onet"])


def landmarks_of(people: People, kept: Path, weights: Path | None) -> dict[str, Points | None]:
    """Landmarks of every picture by its path below the folder; those that the file has are not looked for again.

    Args:
        people: whose.
        kept: the JSON file that they are read from and written to.
        weights: folder of the cascade's weights; see `open_cascade`. Needed only where a picture is missing in the file.

    Raises:
        TrainingDataError: a picture or the file cannot be read.
        WeightsFileError: see `open_cascade`.
    """
    known = _read(kept)
    names = [picture.path.relative_to(people.root).as_posix() for picture in people.pictures]
    if all(name in known for name in names):
        return {name: known[name] for name in names}
    cascade = open_cascade(weights)
    pairs = zip(names, people.pictures, strict=True)
    for name, picture in tqdm(pairs, "finding faces", len(names), leave=False, disable=None):
        if name not in known:
            found = find_landmarks(load_rgb(picture.path), cascade)
            known[name] = None if found is None else np.asarray(found, np.float64)
    content = {name: None if points is None else np.round(points, 3).tolist() for name, points in sorted(known.items())}
    write_whole(kept, json.dumps(content).encode())
    return {name: known[name] for name in names}


def _read(path: Path) -> dict[str, Points | None]:
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        known = {name: None if points is None else _five(points) for name, points in content.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise TrainingDataError(f"{path}: not a readable file of landmarks ({error}); remove it") from error
    return known


def _five(points: object) -> Points:
    return np.array(points, np.float64).reshape(5, 2)


def load_faces(people: People, places: Places, spec: EmbedderSpec) -> Faces:
    """Every picture aligned. Where no face was found, the average place of the others', in parts of the sides, is taken.

    Raises:
        TrainingDataError: no face was found in any picture, or one cannot be read.
    """
    pictures = [(one, load_rgb(one.path)) for one in people.pictures]
    names = [one.path.relative_to(people.root).as_posix() for one in people.pictures]
    average = _average([(rgb.shape, places[name]) for name, (_, rgb) in zip(names, pictures, strict=True)], people.root)
    size_hw, channels, inner = spec.input_hw, spec.channels, np.array(spec.landmarks_xy_px)
    wide = (round(size_hw[0] * CANVAS), round(size_hw[1] * CANVAS))
    outer = inner + (np.array(wide[::-1]) - np.array(size_hw[::-1])) / 2
    inputs, canvases, pixels = [], [], []
    for name, (_, rgb) in zip(names, pictures, strict=True):
        found = places[name]
        landmarks = found if found is not None else average * np.array(rgb.shape[1::-1])
        grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
        shown = grey if channels == 1 else rgb
        inputs.append(_planes(align(shown, landmarks, inner, size_hw), channels))
        canvases.append(_planes(align(shown, landmarks, outer, wide), channels))
        pixels.append(cv2.resize(grey, (92, 112), interpolation=cv2.INTER_AREA).reshape(-1))
    labels = np.array([one.person for one in people.pictures], np.int64)
    return Faces(people.names, labels, np.stack(inputs), np.stack(canvases), np.stack(pixels))


def _average(found: Sequence[tuple[tuple[int, ...], Points | None]], root: Path) -> Points:
    parts = [points / np.array(shape[1::-1]) for shape, points in found if points is not None]
    if not parts:
        raise TrainingDataError(f"{root}: no face was found in any picture; give pictures of faces")
    return np.asarray(np.mean(parts, axis=0), np.float64)


def _planes(picture: Pixels, channels: int) -> Pixels:
    return np.ascontiguousarray(picture.reshape(*picture.shape[:2], channels).transpose(2, 0, 1))
