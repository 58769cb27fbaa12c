"""Pictures for people: what augmentation makes of the training pictures, and which classes are taken for which."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from torch import Tensor, nn

from models.classify.augmentation import Augmentation
from models.classify.pictures import Look
from models.figure_style import INK, LINE, MUTED, PAPER, new_figure, save_figure, show_picture

CELL_INCHES = 1.3
MOST_NAMED = 40


def augmentation_sheet(
    path: Path, canvases: Tensor, steps: Mapping[str, nn.Module], look: Look, seed: int, together: int = 4
) -> None:
    """Writes a contact sheet: a row for each picture; as it is, each change alone under its name, then all of them, a few times.

    Args:
        path: the .png file.
        canvases: (N, C, H, W) float32 in 0 to 1.
        steps: see `augmentation.make_steps`.
        look: the network's input.
        seed: of what is drawn.
        together: columns of all changes.
    """
    columns = _columns(canvases, steps, seed, together)
    rows, aspect = len(canvases), look.size_hw[0] / look.size_hw[1]
    wide, high = CELL_INCHES * len(columns), (CELL_INCHES * aspect + 0.02) * rows + 0.9
    size = "×".join(map(str, reversed(look.size_hw)))
    subtitle = f"Each column is one change, drawn anew for every picture; “all” is what the network sees, at {size}."
    figure = new_figure(wide, high, "Augmentation", subtitle)
    axes = figure.subplots(rows, len(columns), squeeze=False)
    for column, (name, pictures) in enumerate(columns):
        for row, picture in enumerate(pictures):
            pixels = picture.clamp(0, 1).expand(3, -1, -1).permute(1, 2, 0).numpy()
            show_picture(axes[row][column], pixels, name if row == 0 else "")
            # White paper would run into the sheet's own.
            frame = Rectangle((0, 0), pixels.shape[1], pixels.shape[0], fill=False, edgecolor=LINE, linewidth=1.2)
            axes[row][column].add_patch(frame)
    save_figure(figure, path)


def _columns(canvases: Tensor, steps: Mapping[str, nn.Module], seed: int, together: int) -> list[tuple[str, Tensor]]:
    whole = Augmentation(steps)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        alone = [(name, step(canvases)) for name, step in steps.items()]
        return [("as it is", canvases), *alone, *[("all", whole(canvases)) for _ in range(together)]]


def confusion_picture(path: Path, counts: NDArray[np.int64], classes: Sequence[str], title: str) -> None:
    """Writes a confusion matrix: rows are the truth, columns the answer; colour is the share of the row, numbers are pictures.

    Args:
        path: the .png file.
        counts: (C, C), see `measures.confusion`.
        classes: names in id order; beyond 40, names and numbers are left out.
        title: what was measured.
    """
    size = len(classes)
    side = max(4.4, min(0.42 * size + 2.2, 16))
    figure = new_figure(side + 0.9, side + 0.4, title, "Numbers are pictures, colour is the share of the true class.")
    axes = figure.subplots()
    share = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    axes.set_xlabel("answer", fontsize=9, color=MUTED)
    axes.set_ylabel("truth", fontsize=9, color=MUTED)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, colors=INK, labelsize=8)
    if size <= MOST_NAMED:
        axes.set_xticks(range(size), classes, rotation=45, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(size), classes)
        for row, column in np.argwhere(counts):
            shade = PAPER if share[row, column] > 0.5 else INK
            number = str(counts[row, column])
            axes.text(column, row, number, ha="center", va="center", fontsize=8, color=shade)
    save_figure(figure, path)
