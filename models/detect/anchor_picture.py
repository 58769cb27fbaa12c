"""The anchors of a run in words and as a picture of the clusters that they stand for."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.detect.anchors import overlap_of_sizes
from models.detect.architecture import AnchoredSpec
from models.detect.spec import AnchorsPx
from models.figure_style import INK, MUTED, color_of, dress, new_figure, save_figure

RECALLED_IOU = 0.5
MOST_POINTS = 4000


@dataclass(frozen=True)
class AnchorFit:
    """How well anchors stand for boxes.

    Attributes:
        mean_iou: mean over boxes of the shape IoU with the closest anchor (YOLOv2, arXiv 1612.08242, table 1).
        recall: fraction of boxes whose closest anchor has a shape IoU of at least 0.5.
        nearest: (M,) int64 index of each box's closest anchor, scales in order.
    """

    mean_iou: float
    recall: float
    nearest: NDArray[np.int64]


def fit_of(sizes_wh: NDArray[np.float64], anchors_px: AnchorsPx) -> AnchorFit:
    """Compares box sizes with anchors, both in pixels of the network's input.

    Args:
        sizes_wh: (M, 2), M at least 1.
        anchors_px: per scale, as a spec has them.
    """
    overlap = overlap_of_sizes(sizes_wh, _flat(anchors_px))
    best = overlap.max(axis=1)
    return AnchorFit(float(best.mean()), float((best >= RECALLED_IOU).mean()), overlap.argmax(axis=1))


def _flat(anchors_px: AnchorsPx) -> NDArray[np.float64]:
    return np.array([anchor for scale in anchors_px for anchor in scale], np.float64)


def anchors_text(sizes_wh: NDArray[np.float64], spec: AnchoredSpec) -> str:
    """The anchors and how well they fit, in two lines."""
    fit = fit_of(sizes_wh, spec.anchors_px)
    scales = [
        f"stride {stride}: {', '.join(f'{w:.0f}×{h:.0f}' for w, h in anchors)}"
        for stride, anchors in zip(spec.strides, spec.anchors_px, strict=True)
    ]
    return (
        f"Anchors, px at {spec.input_size} px input: {'; '.join(scales)}\n"
        f"  their shapes overlap the boxes by {fit.mean_iou:.2f} IoU on average; {fit.recall:.0%} of the boxes by at least "
        f"{RECALLED_IOU}"
    )


def draw_anchors(sizes_wh: NDArray[np.float64], spec: AnchoredSpec, out_png: Path) -> None:
    """Each box size as a dot in the colour of its closest anchor, and the anchors as rectangles from the origin.

    Raises:
        OSError: the picture cannot be written.
    """
    from matplotlib.patches import Rectangle

    fit, anchors = fit_of(sizes_wh, spec.anchors_px), _flat(spec.anchors_px)
    figure = new_figure(
        9.6, 7.2, f"{len(anchors)} anchors for {len(sizes_wh)} training boxes",
        f"mean best shape IoU {fit.mean_iou:.3f}     recall at shape IoU {RECALLED_IOU}: {fit.recall:.1%}",
    )  # fmt: skip
    axes = figure.subplots()
    dress(axes, "Box sizes, coloured by the closest anchor", "width, px of the input", "height, px of the input")
    few = np.random.default_rng(0).permutation(len(sizes_wh))[:MOST_POINTS]
    colors = [color_of(int(index)) for index in fit.nearest[few]]
    axes.scatter(sizes_wh[few, 0], sizes_wh[few, 1], s=16, c=colors, alpha=0.5, linewidths=0)
    shares = np.bincount(fit.nearest, minlength=len(anchors)) / len(sizes_wh)
    strides = [stride for stride, scale in zip(spec.strides, spec.anchors_px, strict=True) for _ in scale]
    for index, (width, height) in enumerate(anchors):
        name = f"{width:.0f}×{height:.0f}   stride {strides[index]}   {shares[index]:.0%} of boxes"
        color = color_of(index)
        axes.add_patch(Rectangle((0, 0), width, height, fill=False, edgecolor=color, linewidth=1.6, label=name))
        axes.plot(width, height, marker="s", markersize=8, color=color, markeredgecolor=INK, markeredgewidth=0.8)
    top = max(float(np.percentile(sizes_wh, 99.5)), float(anchors.max())) * 1.08
    axes.set(xlim=(0, top), ylim=(0, top), aspect="equal")
    axes.legend(fontsize=8, frameon=False, labelcolor=INK, loc="upper left", bbox_to_anchor=(1.01, 1))
    axes.tick_params(colors=MUTED)
    save_figure(figure, out_png)
