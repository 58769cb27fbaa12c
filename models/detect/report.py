"""What a data set is like, told before training: counts, sizes, copies, and all that looks wrong."""

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.detect.duplicates import NearPair, exact_copies, near_pairs
from models.detect.own_division import TRAIN, VAL
from models.detect.problems import Problem, sentences
from models.detect.records import LabelledPictures, PictureRecord
from models.detect.split import Split
from models.whole_file import write_whole

SMALL_PX, LARGE_PX = 32.0, 96.0
"""COCO's bounds (arXiv 1405.0312): a box is small below 32² and large from 96² pixels on, here of the network's input."""
TINY_PX = 5.0
FEW_BOXES = 20
UNEVEN = 20


@dataclass(frozen=True)
class ClassCount:
    """How often a class is there."""

    name: str
    train_pictures: int
    train_boxes: int
    val_pictures: int
    val_boxes: int

    @property
    def boxes(self) -> int:
        """On both sides."""
        return self.train_boxes + self.val_boxes


@dataclass(frozen=True)
class BoxSizes:
    """Sizes of all boxes as the network sees them: in pixels of its letterboxed input.

    Attributes:
        small, medium, large: fractions of the boxes.
        tiny: boxes with a side below 5 pixels.
        middle_wh: median width and height.
        aspect: 5th, 50th and 95th percentile of width / height.
    """

    small: float
    medium: float
    large: float
    tiny: int
    middle_wh: tuple[float, float]
    aspect: tuple[float, float, float]


@dataclass(frozen=True)
class DataReport:
    """Everything that `report.json` holds.

    Attributes:
        input_size: side of the network's input, to which box sizes refer.
        train_pictures, val_pictures: how many, those without boxes among them.
        train_empty, val_empty: how many have no box.
        classes: in id order.
        sizes: of all boxes.
        picture_sizes_wh: the most frequent picture sizes with their numbers; at most five.
        copies: pictures that are listed more than once (they are kept on one side).
        near: pairs that look alike across the sides.
        moved: pictures on another side than their set's own division into training and validation has them.
        unused: classes that the sets name, without a box.
        problems: what is wrong with single entries.
    """

    input_size: int
    train_pictures: int
    val_pictures: int
    train_empty: int
    val_empty: int
    classes: tuple[ClassCount, ...]
    sizes: BoxSizes
    picture_sizes_wh: tuple[tuple[int, int, int], ...]
    copies: tuple[tuple[str, int], ...]
    near: tuple[NearPair, ...]
    moved: int
    unused: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should look at before training, most important first."""
        return (*sentences(self.problems), *_doubts(self))


def describe_data(labelled: LabelledPictures, split: Split, input_size: int) -> DataReport:
    """Looks at both sides of a split.

    Args:
        labelled: the sets, for what is wrong with them.
        split: what is trained and validated on, backgrounds included.
        input_size: side in pixels of the network's input.
    """
    both = (*split.train, *split.val)
    return DataReport(
        input_size=input_size,
        train_pictures=len(split.train),
        val_pictures=len(split.val),
        train_empty=sum(not len(record.labels) for record in split.train),
        val_empty=sum(not len(record.labels) for record in split.val),
        classes=tuple(_count(index, name, split) for index, name in enumerate(labelled.classes)),
        sizes=_box_sizes(letterboxed_sizes(both, input_size)),
        picture_sizes_wh=_picture_sizes(both),
        copies=exact_copies(labelled.records),
        near=near_pairs(split.train, split.val),
        moved=sum(record.part == VAL for record in split.train) + sum(record.part == TRAIN for record in split.val),
        unused=labelled.unused,
        problems=labelled.problems,
    )


def letterboxed_sizes(records: Sequence[PictureRecord], input_size: int) -> NDArray[np.float64]:
    """(M, 2) widths and heights of the boxes in pixels of the network's input; records without a known size have none."""
    known = [(record.boxes_xyxy, record.size_wh) for record in records if record.size_wh is not None]
    parts = [(boxes[:, 2:] - boxes[:, :2]) * (input_size / max(size_wh)) for boxes, size_wh in known]
    return np.concatenate([np.zeros((0, 2)), *parts])


def _count(index: int, name: str, split: Split) -> ClassCount:
    numbers = []
    for side in (split.train, split.val):
        own = [int((record.labels == index).sum()) for record in side]
        numbers += [sum(count > 0 for count in own), sum(own)]
    return ClassCount(name, *numbers)


def _box_sizes(sizes_wh: NDArray[np.float64]) -> BoxSizes:
    side = np.sqrt(sizes_wh.prod(axis=1))
    small, large = float((side < SMALL_PX).mean()), float((side >= LARGE_PX).mean())
    width, height = np.median(sizes_wh, axis=0)
    aspect = np.percentile(sizes_wh[:, 0] / sizes_wh[:, 1], [5, 50, 95])
    return BoxSizes(
        small,
        1 - small - large,
        large,
        int((sizes_wh.min(axis=1) < TINY_PX).sum()),
        (float(width), float(height)),
        (float(aspect[0]), float(aspect[1]), float(aspect[2])),
    )


def _picture_sizes(records: Sequence[PictureRecord]) -> tuple[tuple[int, int, int], ...]:
    known = np.array([record.size_wh for record in records if record.size_wh is not None])
    sizes, counts = np.unique(known, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:5]
    return tuple((int(sizes[i, 0]), int(sizes[i, 1]), int(counts[i])) for i in order)


def _doubts(report: DataReport) -> list[str]:
    """What is right in each entry, but makes a worse detector, or worse figures of it."""
    said = []
    if report.near:
        first = ", ".join(f"{pair.val} ~ {pair.train}" for pair in report.near[:3])
        said.append(
            f"{len(report.near)} of {report.val_pictures} validation pictures look like a training picture, so figures "
            f"will flatter: {first}"
        )
    if report.copies:
        first = ", ".join(f"{name} ({count}×)" for name, count in report.copies[:3])
        said.append(f"{_pictures(len(report.copies))} listed more than once (all on one side): {first}")
    if report.moved:
        said.append(
            f"the data comes divided into training and validation, but {_pictures(report.moved)} on the other side here"
        )
    if unseen := [one.name for one in report.classes if not one.val_boxes]:
        said.append(f"no box to validate with, so no figure will tell of: {_some(unseen)}")
    if few := [f"{one.name} ({one.boxes})" for one in report.classes if one.boxes < FEW_BOXES]:
        said.append(f"fewer than {FEW_BOXES} boxes, expect little of: {_some(few)}")
    most, least = (pick(report.classes, key=lambda one: one.boxes) for pick in (max, min))
    if most.boxes > UNEVEN * least.boxes:
        said.append(f"uneven: {most.boxes / least.boxes:.0f} times as many boxes of {most.name} as of {least.name}")
    if report.sizes.tiny:
        boxes = "1 box has" if report.sizes.tiny == 1 else f"{report.sizes.tiny} boxes have"
        said.append(
            f"{boxes} a side below {TINY_PX:.0f} px at {report.input_size} px input and can hardly be "
            "learnt; a larger --input-size shows more of them"
        )
    if report.unused:
        said.append(f"named by the data, but without a box: {_some(report.unused)}")
    return said


def _some(names: Sequence[str], shown: int = 8) -> str:
    """The first few of them."""
    rest = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + rest


def _pictures(count: int) -> str:
    return "1 picture is" if count == 1 else f"{count} pictures are"


def report_text(report: DataReport) -> str:
    """The report for a terminal: what to look at first, then the counts."""
    empty = report.train_empty + report.val_empty
    lines = [
        f"Data: {report.train_pictures} pictures to train on, {report.val_pictures} to validate with"
        + (f"; {empty} of them without objects" if empty else "")
    ]
    lines += [f"  ! {warning}" for warning in report.warnings]
    return "\n".join([*lines, "", *_class_table(report), "", _sizes_line(report)])


def _class_table(report: DataReport) -> list[str]:
    ordered = sorted(report.classes, key=lambda one: -one.boxes)
    rows: list[tuple[str, ...]] = [("class", "training: pictures", "boxes", "validation: pictures", "boxes")]
    rows += [
        (one.name, *map(str, (one.train_pictures, one.train_boxes, one.val_pictures, one.val_boxes))) for one in ordered
    ]
    return aligned(rows)


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Lines of a table: the first column to the left, the others to the right."""
    widths = [max(_columns(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(_filled(cell, width, left=not i) for i, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]


def _filled(cell: str, width: int, *, left: bool) -> str:
    blanks = " " * (width - _columns(cell))
    return cell + blanks if left else blanks + cell


def _columns(text: str) -> int:
    """Columns of a terminal: Chinese, Japanese and Korean letters are two wide, accents none."""
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text
    )


def _sizes_line(report: DataReport) -> str:
    sizes = report.sizes
    shares = f"{sizes.small:.0%} small, {sizes.medium:.0%} medium, {sizes.large:.0%} large"
    middle = f"{sizes.middle_wh[0]:.0f}×{sizes.middle_wh[1]:.0f} px"
    return (
        f"Boxes at {report.input_size} px input: {shares} (bounds {SMALL_PX:.0f} and {LARGE_PX:.0f} px); the middle one is "
        f"{middle}; width to height from {sizes.aspect[0]:.2f} to {sizes.aspect[2]:.2f}"
    )


def report_json(report: DataReport) -> dict[str, Any]:
    """The report as JSON values, with the sentences of its warnings."""
    problems = [{"kind": one.kind.name.lower(), "where": one.where, "detail": one.detail} for one in report.problems]
    values = asdict(report) | {"problems": problems, "warnings": list(report.warnings)}
    return dict(values)


def write_json(path: Path, value: Any) -> None:
    """Writes JSON, whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    write_whole(path, json.dumps(value, indent=1, ensure_ascii=False).encode())
