"""What an evaluation found, as one picture: the ROC, the distances, and how 1:K errs more with more people."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from models.faces.evaluation import Evaluation
from models.faces.verification import Roc, equal_error_rate
from models.figure_style import INK, MUTED, PALETTE, PAPER, dress, new_figure, save_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BINS = 60
LEAST_FAR = 1e-3


def draw_evaluation(evaluation: Evaluation, out_png: Path, title: str) -> None:
    """Three panels; written whole or not at all.

    Raises:
        OSError: the picture cannot be written.
    """
    words = "People whom the network has never seen. Shaded: pairs on the wrong side of the threshold."
    figure = new_figure(13.8, 4.4, title, words)
    curve, distances, growth = figure.subplots(1, 3)
    _draw_roc(curve, evaluation)
    _draw_distances(distances, evaluation)
    _draw_growth(growth, evaluation)
    save_figure(figure, out_png)


def _draw_roc(axes: "Axes", evaluation: Evaluation) -> None:
    dress(axes, "ROC", "impostor pairs accepted (FAR)", "genuine pairs accepted (TAR)")
    named: tuple[tuple[str, Roc], ...] = (("embedding", evaluation.curve), ("raw pixels", evaluation.floor))
    for color, (name, curve) in zip(PALETTE, named, strict=False):
        label = f"{name}, EER {equal_error_rate(curve):.3f}"
        axes.plot(
            np.maximum(curve.false_accepts, LEAST_FAR), curve.true_accepts, color=color, linewidth=1.8, label=label
        )
    axes.set_xscale("log")
    axes.set_xlim(LEAST_FAR, 1)
    axes.set_ylim(0, 1.02)
    _legend(axes, "lower right")


def _draw_distances(axes: "Axes", evaluation: Evaluation) -> None:
    dress(axes, "Distances", "cosine distance", "share of pairs")
    pairs, threshold = evaluation.pairs, evaluation.threshold
    edges = np.linspace(0, max(float(pairs.distances.max()), 2 * threshold), BINS)
    middles = (edges[1:] + edges[:-1]) / 2
    for color, name, chosen in zip(PALETTE, ("one person", "two people"), (pairs.same, ~pairs.same), strict=False):
        counts = np.histogram(pairs.distances[chosen], edges)[0] / chosen.sum()
        axes.plot(middles, counts, color=color, linewidth=1.8, label=name)
        wrong = middles > threshold if name == "one person" else middles <= threshold
        axes.fill_between(middles, counts, where=wrong, color=color, alpha=0.25, linewidth=0)
    axes.axvline(threshold, color=MUTED, linewidth=1, linestyle="--", label=f"threshold {threshold:.3f}")
    axes.set_ylim(bottom=0)
    _legend(axes, "upper right")


def _draw_growth(axes: "Axes", evaluation: Evaluation) -> None:
    dress(axes, "One of K people, one picture of each", "K", "error")
    sizes = [one.people for one in evaluation.growth]
    lines = (
        ("enrolled person taken for another", [one.missed for one in evaluation.growth], "-"),
        ("stranger accepted", [one.accepted for one in evaluation.growth], "-"),
        ("1 − (1 − FAR)^K", [one.predicted for one in evaluation.growth], ":"),
    )
    for color, (name, values, style) in zip(PALETTE, lines, strict=False):
        axes.plot(sizes, values, style, color=color, linewidth=1.8, marker="o", markersize=3, label=name)
    axes.set_ylim(0, 1.02)
    _legend(axes, "upper left")


def _legend(axes: "Axes", where: Literal["lower right", "upper right", "upper left"]) -> None:
    axes.legend(fontsize=7.5, edgecolor="none", facecolor=PAPER, framealpha=0.85, labelcolor=INK, loc=where)
