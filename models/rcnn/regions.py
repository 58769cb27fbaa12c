"""Regions from selective search for a training set: looked for once per picture and kept in the run's folder."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from detector_app.vision.selective_search import propose
from models.detect.pictures import REGION, load_sample
from models.detect.records import PictureRecord
from models.detect.split import Split
from models.rcnn.spec import FastRcnnSpec
from models.whole_file import write_whole

FOLDER = "regions"


class Search(Protocol):
    """How regions are looked for: what the specs of Fast R-CNN and R-CNN say of it."""

    @property
    def proposals(self) -> int:
        """Most regions of a picture."""

    @property
    def side_px(self) -> int:
        """Longer side to which a picture is shrunk before."""

    @property
    def scales(self) -> tuple[float, ...]:
        """Of the segments that the search starts from."""


def with_regions(split: Split, spec: FastRcnnSpec, out: Path) -> Split:
    """Both sides with the regions of each picture among its boxes, labelled `REGION`.

    Args:
        split: what is trained and validated on.
        spec: how many regions, and how they are looked for.
        out: the run's folder; a second run into it finds them there.

    Raises:
        TrainingDataError: a picture cannot be read.
        OSError: the folder cannot be written.
    """
    folder = out / FOLDER
    folder.mkdir(exist_ok=True)
    sides = [_accompanied(side, spec, folder) for side in (split.train, split.val)]
    return replace(split, train=sides[0], val=sides[1])


def _accompanied(records: Sequence[PictureRecord], spec: FastRcnnSpec, folder: Path) -> tuple[PictureRecord, ...]:
    # On a terminal only: where lines are read by a program there is nothing to tell before the run starts.
    shown = tqdm(records, "regions", disable=None, leave=False)
    return tuple(_add(record, regions_of(record, spec, folder)) for record in shown)


def _add(record: PictureRecord, regions_xyxy: NDArray[np.float32]) -> PictureRecord:
    labels = np.full(len(regions_xyxy), REGION, np.int64)
    return replace(
        record,
        boxes_xyxy=np.concatenate((record.boxes_xyxy, regions_xyxy)),
        labels=np.concatenate((record.labels, labels)),
    )


def regions_of(record: PictureRecord, spec: Search, folder: Path) -> NDArray[np.float32]:
    """(R, 4) float32 xyxy in pixels of the picture as its annotations see it, the most promising first.

    Args:
        record: the picture.
        spec: how many, and how they are looked for.
        folder: where they are kept, under a name made from the picture's bytes and from how they were looked for.

    Raises:
        TrainingDataError: the picture cannot be read.
    """
    asked = f"{record.sha256} {spec.proposals} {spec.side_px} {spec.scales}"
    path = folder / f"{hashlib.sha256(asked.encode()).hexdigest()[:32]}.f32"
    if path.is_file():
        return np.frombuffer(path.read_bytes(), "<f4").reshape(-1, 4).astype(np.float32)
    bgr = np.asarray(cv2.cvtColor(load_sample(record).rgb, cv2.COLOR_RGB2BGR), np.uint8)
    found = propose(bgr, side_px=spec.side_px, scales=spec.scales, most=spec.proposals)
    write_whole(path, found.astype("<f4").tobytes())
    return found
