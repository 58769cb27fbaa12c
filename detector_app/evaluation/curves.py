"""Precision over recall as a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from detector_app.evaluation.average_precision import Precision
from detector_app.sinks.writing import make_folder, replaced_whole

MOST_NAMED = 20


def save_curves(precision: Precision, path: Path, title: str) -> None:
    """Draw precision over recall at IoU 0.50, one line per class and the mean, best class first. Written to ``path`` (PNG) atomically.

    Raises:
        DiskFullError, SinkError: the file cannot be written.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 6), layout="constrained")
    axes = figure.add_subplot()
    recall = np.linspace(0, 1, 101)
    order = sorted(precision.curves_50, key=lambda name: -precision.per_class_50[name])
    for rank, name in enumerate(order):
        label = f"{name}  {precision.per_class_50[name]:.3f}" if rank < MOST_NAMED else None
        axes.plot(recall, precision.curves_50[name], linewidth=1, alpha=0.8, label=label)
    if order:
        mean = np.mean([precision.curves_50[name] for name in order], axis=0)
        axes.plot(recall, mean, color="black", linewidth=2.5, label=f"mean  {precision.map_50:.3f}")
        axes.legend(title="AP at IoU 0.50", loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    axes.set(xlabel="recall", ylabel="precision", xlim=(0, 1), ylim=(0, 1.02), title=title)
    axes.grid(alpha=0.25)
    make_folder(path.parent)
    with replaced_whole(path) as part:
        figure.savefig(part, dpi=120, format="png")
