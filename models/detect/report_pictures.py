"""The data-set report as pictures: counts, sizes and places of the boxes, and a sheet of annotated examples."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.detect.marked_sheet import TILE_PX, Mark, Tile, save_sheet
from models.detect.pictures import load_sample
from models.detect.records import PictureRecord
from models.detect.report import LARGE_PX, SMALL_PX, DataReport, letterboxed_sizes
from models.detect.split import Split
from models.figure_style import LINE, MUTED, PALETTE, PAPER, color_of, dress, new_figure, save_figure, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_CLASSES = 25
LEAST_ROWS = 8
MOST_POINTS = 4000
HEAT_CELLS = 24
SHEET_PICTURES = 20
MOST_NAMED = 8


def draw_report(report: DataReport, split: Split, out_png: Path) -> None:
    """Boxes by class, box sizes at the network's input, and where the boxes' centres lie.

    Raises:
        OSError: the picture cannot be written.
    """
    boxes = sum(one.boxes for one in report.classes)
    pictures = report.train_pictures + report.val_pictures
    classes = f"{len(report.classes)} classes" if len(report.classes) > 1 else "one class"
    figure = new_figure(14, 4.8, f"{boxes} boxes of {classes} on {pictures} pictures")
    bars, sizes, places = figure.subplots(1, 3, width_ratios=(1.15, 1, 1))
    _draw_counts(bars, report)
    _draw_sizes(sizes, report, split)
    _draw_places(places, (*split.train, *split.val))
    save_figure(figure, out_png)


def _draw_counts(axes: "Axes", report: DataReport) -> None:
    ids = sorted(range(len(report.classes)), key=lambda index: -report.classes[index].boxes)
    hidden = max(0, len(ids) - MOST_CLASSES)
    title = "Boxes by class" + (f" (the {MOST_CLASSES} most frequent, {hidden} more)" if hidden else "")
    dress(axes, title, "boxes (pale: for validation)")
    for row, index in enumerate(ids[:MOST_CLASSES]):
        one, color = report.classes[index], color_of(index)
        axes.barh(row, one.train_boxes, color=color, height=0.72)
        axes.barh(row, one.val_boxes, left=one.train_boxes, color=color, alpha=0.4, height=0.72)
        axes.text(one.boxes, row, f" {one.boxes}", va="center", fontsize=7.5, color=MUTED)
    names = [shortened(report.classes[index].name) for index in ids[:MOST_CLASSES]]
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(max(len(names), LEAST_ROWS) - 0.5, -0.5)
    axes.margins(x=0.12)
    axes.grid(visible=False, axis="y")


def _draw_sizes(axes: "Axes", report: DataReport, split: Split) -> None:
    dress(axes, f"Box sizes at {report.input_size} px input, by class", "width, px", "height, px")
    labelled = [record for record in (*split.train, *split.val) if record.size_wh is not None and len(record.labels)]
    sizes = letterboxed_sizes(labelled, report.input_size)
    labels = np.concatenate([record.labels for record in labelled])
    few = np.random.default_rng(0).permutation(len(sizes))[:MOST_POINTS]
    colors = [color_of(int(label)) for label in labels[few]]
    for bound in (bound for bound in (SMALL_PX, LARGE_PX) if bound < report.input_size):
        along = np.linspace(bound**2 / report.input_size, report.input_size, 200)
        axes.plot(along, bound**2 / along, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.annotate(f"{bound:.0f}² px", (along[-1], bound**2 / along[-1]), (-2, 3), textcoords="offset points",
                      fontsize=8, color=MUTED, ha="right", bbox={"color": PAPER, "pad": 1})  # fmt: skip
    axes.scatter(sizes[few, 0], sizes[few, 1], s=14, c=colors, alpha=0.55, linewidths=0)
    axes.set(xlim=(0, report.input_size), ylim=(0, report.input_size), aspect="equal")


def _draw_places(axes: "Axes", records: Sequence[PictureRecord]) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    dress(axes, "Where the centres of the boxes lie", "left to right", "top to bottom")
    ramp = LinearSegmentedColormap.from_list("ramp", ["#f4f7fa", "#9cc4f2", PALETTE[0], "#123a73"])
    axes.imshow(centre_heat(records), extent=(0, 1, 1, 0), cmap=ramp, interpolation="bicubic", aspect="equal")
    axes.set_xticks([0, 0.5, 1])
    axes.set_yticks([0, 0.5, 1])
    axes.grid(color=LINE, linewidth=0.6)


def centre_heat(records: Sequence[PictureRecord]) -> NDArray[np.float64]:
    """(24, 24) numbers of box centres by place in the picture, rows from the top."""
    heat = np.zeros((HEAT_CELLS, HEAT_CELLS))
    for record in records:
        if record.size_wh is not None and len(record.labels):
            centres = (record.boxes_xyxy[:, :2] + record.boxes_xyxy[:, 2:]) / 2 / np.array(record.size_wh)
            column, row = np.minimum(centres * HEAT_CELLS, HEAT_CELLS - 1).astype(int).T
            np.add.at(heat, (row, column), 1)
    return heat


def draw_samples(records: Sequence[PictureRecord], classes: Sequence[str], out_png: Path) -> None:
    """A contact sheet of annotated pictures, some of each class, its boxes in the colour of their class.

    Raises:
        OSError: the picture cannot be written.
        TrainingDataError: a picture cannot be read.
    """
    chosen = choose_examples(records, len(classes), SHEET_PICTURES)
    save_sheet(
        [_tile(record, classes) for record in chosen],
        f"{len(chosen)} of {len(records)} training pictures as annotated: do the boxes fit, is nothing left out?",
        [(name, color_of(label)) for label, name in enumerate(classes)][:MOST_NAMED],
        out_png,
    )


def _tile(record: PictureRecord, classes: Sequence[str]) -> Tile:
    sample = load_sample(record, 2 * TILE_PX)
    marks = [
        Mark((float(x1), float(y1), float(x2), float(y2)), color_of(int(label)), classes[label])
        for (x1, y1, x2, y2), label in zip(sample.boxes_xyxy, sample.labels, strict=True)
    ]
    return Tile(sample.rgb, record.path.name, tuple(marks))


def choose_examples(records: Sequence[PictureRecord], classes: int, count: int) -> list[PictureRecord]:
    """Pictures in turn of each class, the rarest first, in the order of their hashes; none twice."""
    ordered = sorted(records, key=lambda record: record.sha256)
    showing = [[record for record in ordered if (record.labels == label).any()] for label in range(classes)]
    queues = sorted((queue for queue in showing if queue), key=len)
    chosen: dict[str, PictureRecord] = {}
    while queues and len(chosen) < count:
        for queue in queues:
            record = next((one for one in queue if one.sha256 not in chosen), None)
            if record is not None and len(chosen) < count:
                chosen[record.sha256] = record
        queues = [queue for queue in queues if any(one.sha256 not in chosen for one in queue)]
    return list(chosen.values())
