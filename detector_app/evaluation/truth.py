"""Ground truth: what is really to be seen in pictures, as somebody has marked it; whatever the file it came from, and without any model."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PureWindowsPath

import numpy as np
from numpy.typing import NDArray

from detector_app.evaluation.annotations import plain_name
from detector_app.vision.frame import Frame

Float64Array = NDArray[np.float64]
_NUMBER = re.compile(r"(\d+)$")


@dataclass(frozen=True, eq=False)
class PictureTruth:
    """What is to be seen in one picture.

    Attributes:
        name: its file name, with folders if the file of the truth has them; of YOLO's labels without a suffix.
        edges: (M, 4) float64 left, top, right, bottom, in pixels of the picture, or as ``fractions`` of its sides.
        class_ids: (M,) int64, indices into the names of the :class:`GroundTruth`.
        ignored: (M,) bool: crowds (COCO) and difficult ones (VOC). Whether they are found does not count, for or against.
        fractions: what ``edges`` are.
        size_wh: of the picture as the file states it, in pixels; None where it does not.
        frame_index: number of the frame in a video, from 0, where the file states it.
        time_s: its time in the video, where the file states it.
    """

    name: str
    edges: Float64Array
    class_ids: NDArray[np.int64]
    ignored: NDArray[np.bool_]
    fractions: bool = False
    size_wh: tuple[int, int] | None = None
    frame_index: int | None = None
    time_s: float | None = None

    def __len__(self) -> int:
        return len(self.class_ids)

    def xyxy_in(self, width_px: int, height_px: int) -> Float64Array:
        """(M, 4) boxes in pixels of a picture of that size."""
        return self.edges * (width_px, height_px, width_px, height_px) if self.fractions else self.edges

    def fits(self, width_px: int, height_px: int) -> bool:
        """Whether its boxes were marked in a picture of that size, as far as anybody knows."""
        return self.fractions or self.size_wh is None or self.size_wh == (width_px, height_px)


@dataclass(frozen=True, eq=False)
class GroundTruth:
    """All that was read from one file or folder.

    Attributes:
        where: that file or folder.
        kind: "COCO", "VOC" or "YOLO".
        names: of the classes.
        pictures: each with its boxes; also those without any.
        left_out: objects that could not be read, one line each.
        first_number: what the names of pictures call the first frame of a video; some tools count from 1.
    """

    where: Path
    kind: str
    names: tuple[str, ...]
    pictures: tuple[PictureTruth, ...]
    left_out: tuple[str, ...] = ()
    first_number: int = 0

    @property
    def boxes(self) -> int:
        """How many objects there are in all pictures."""
        return sum(map(len, self.pictures))

    def of(self, frame: Frame, source_kind: str) -> PictureTruth | None:
        """What is marked in ``frame``: of pictures by their file name, of a video by number or time. None: nobody has looked at it."""
        if source_kind == "pictures":
            return self.of_file(frame.source)
        return self.of_frame(frame.index, frame.time_s) if source_kind == "video" else None

    def of_file(self, path: str) -> PictureTruth | None:
        """That of a picture's file: of those with its name the one that shares most of its folders; another suffix will do."""
        parts = _parts(path)
        stem = PureWindowsPath(parts[-1]).stem if parts else ""
        likely = self._by_stem.get(stem, ())
        exact = [one for one in likely if _parts(one.name)[-1] == parts[-1]]
        return max(exact or likely, key=lambda one: _shared_tail(_parts(one.name), parts), default=None)

    def of_frame(self, index: int, time_s: float) -> PictureTruth | None:
        """That of a video's frame, by the number that the file states or the picture's name ends with, else by its time (to 1 ms)."""
        found = self._by_number.get(index)
        return found if found is not None else self._by_ms.get(round(1000 * time_s))

    @property
    def numbered_by_name(self) -> bool:
        """Whether frames of a video are told by the numbers in pictures' names alone."""
        stated = any(one.frame_index is not None or one.time_s is not None for one in self.pictures)
        return not stated and bool(self._by_number)

    @cached_property
    def _by_stem(self) -> dict[str, list[PictureTruth]]:
        found: defaultdict[str, list[PictureTruth]] = defaultdict(list)
        for one in self.pictures:
            parts = _parts(one.name)
            found[_stem(parts[-1], has_suffix=self.kind != "YOLO") if parts else ""].append(one)
        return dict(found)

    @cached_property
    def _by_number(self) -> dict[int, PictureTruth]:
        numbered = [(one, _number(one, has_suffix=self.kind != "YOLO")) for one in self.pictures]
        return {self._index_of(one, number): one for one, number in reversed(numbered) if number is not None}

    def _index_of(self, one: PictureTruth, number: int) -> int:
        return number if one.frame_index is not None else number - self.first_number

    @cached_property
    def _by_ms(self) -> dict[int, PictureTruth]:
        return {round(1000 * one.time_s): one for one in reversed(self.pictures) if one.time_s is not None}


@dataclass(frozen=True, eq=False)
class ClassMap:
    """Which class of a truth is which of a model, by name.

    Attributes:
        model_class: (T,) int64 class id of the model by class of the truth, −1 where the model does not have it.
        judged: (C,) bool by class id of the model: whether the truth says anything of it.
        unmatched: names of the truth that the model does not have.
        matched: names that both have, in the model's words.
    """

    model_class: NDArray[np.int64]
    judged: NDArray[np.bool_]
    unmatched: tuple[str, ...]
    matched: tuple[str, ...]

    @classmethod
    def between(cls, truth_names: tuple[str, ...], model_names: tuple[str, ...]) -> ClassMap:
        """Match names whatever their case, underscores, hyphens and spaces."""
        known = {plain_name(name): i for i, name in reversed(list(enumerate(model_names)))}
        ids = np.array([known.get(plain_name(name), -1) for name in truth_names], np.int64)
        judged = np.zeros(len(model_names), np.bool_)
        judged[ids[ids >= 0]] = True
        unmatched = tuple(name for name, id_ in zip(truth_names, ids, strict=True) if id_ < 0)
        return cls(ids, judged, unmatched, tuple(model_names[i] for i in np.flatnonzero(judged)))

    def only(self, wanted: frozenset[int] | None) -> ClassMap:
        """The same without classes of the model that are not wanted; None wants all."""
        if wanted is None:
            return self
        ids = np.where(np.isin(self.model_class, list(wanted)), self.model_class, -1)
        judged = self.judged & np.isin(np.arange(len(self.judged)), list(wanted))
        return ClassMap(ids, judged, self.unmatched, self.matched)


def _parts(name: str) -> tuple[str, ...]:
    """Folders and file, in small letters; either slash separates."""
    return tuple(part for part in re.split(r"[/\\]", name.casefold()) if part not in ("", ".", ".."))


def _stem(file: str, *, has_suffix: bool) -> str:
    return PureWindowsPath(file).stem if has_suffix else file


def _shared_tail(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    """How many folders above the file are the same in both."""
    count = 0
    for left, right in zip(a[-2::-1], b[-2::-1], strict=False):
        if left != right:
            break
        count += 1
    return count


def _number(one: PictureTruth, *, has_suffix: bool) -> int | None:
    """Stated, or the digits that its name ends with: ``000012.jpg``, ``frame_12.png``."""
    if one.frame_index is not None:
        return one.frame_index
    parts = _parts(one.name)
    found = _NUMBER.search(_stem(parts[-1], has_suffix=has_suffix)) if parts else None
    return int(found.group(1)[-12:]) if found else None
