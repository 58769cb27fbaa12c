"""The curves of a training run as a picture."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from models.figure_style import INK, MUTED, PAPER, color_of, dress, new_figure, save_figure, shortened
from models.history import Series, read_history

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LINES = 12


def draw_curves(metrics_csv: Path, out_png: Path) -> None:
    """Draws every logged figure over the epochs: a panel each for losses, fractions (0 to 1) and the learning rate.

    Of per-class figures (`…/class`) only the first dozen are drawn, in thin lines. The parts of a resumed run are joined.

    Args:
        metrics_csv: what Lightning's CSVLogger writes: see `read_history`. Without a row, nothing is drawn.
        out_png: written whole or not at all.

    Raises:
        OSError: the picture cannot be written.
    """
    panels = {title: lines for title, lines in _panels(read_history(metrics_csv)).items() if lines}
    if not panels:
        return
    last = max(series.epochs[-1] for lines in panels.values() for series in lines.values())
    figure = new_figure(4.6 * len(panels), 4.2, f"Training, {last + 1} epochs so far")
    for axes, (title, lines) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True):
        _draw_panel(axes, title, lines)
    save_figure(figure, out_png)


def _panels(history: Mapping[str, Series]) -> dict[str, dict[str, Series]]:
    panels: dict[str, dict[str, Series]] = {
        "Loss": {},
        "Quality on validation": {},
        "Learning rate": {},
        "Per class": {},
    }
    for name, series in history.items():
        panels[_panel_of(name, series)][name] = series
    every = panels.pop("Per class")
    title = f"Per class ({MOST_LINES} of {len(every)})" if len(every) > MOST_LINES else "Per class"
    return {**panels, title: dict(list(every.items())[:MOST_LINES])}


def _panel_of(name: str, series: Series) -> str:
    if "loss" in name:
        return "Loss"
    if name.startswith(("lr", "learning_rate")):
        return "Learning rate"
    if "/" in name:
        return "Per class"
    return "Quality on validation" if max(series.values) <= 1 else "Loss"


def _draw_panel(axes: "Axes", title: str, lines: Mapping[str, Series]) -> None:
    from matplotlib.ticker import MaxNLocator

    dress(axes, title, "epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    per_class = title.startswith("Per class")
    for index, (name, series) in enumerate(lines.items()):
        _draw_line(axes, _label(name), series, color_of(index), per_class)
    if per_class or title == "Quality on validation":
        axes.set_ylim(0, 1.02)
        _mark_best(axes, lines)
    else:
        axes.set_ylim(0, axes.get_ylim()[1] * 1.12)
    if len(lines) > 1 or title == "Quality on validation":
        axes.legend(fontsize=7, edgecolor="none", facecolor=PAPER, framealpha=0.85, labelcolor=INK, loc="best")


def _draw_line(axes: "Axes", label: str, series: Series, color: str, thin: bool) -> None:
    marker = "o" if len(series.values) <= 30 else ""
    epochs = [epoch + 1 for epoch in series.epochs]
    width = 0.9 if thin else 1.8
    axes.plot(epochs, series.values, color=color, linewidth=width, marker=marker, markersize=2.5, label=label)


def _label(name: str) -> str:
    plain = name.removeprefix("val_").rsplit("/", 1)[-1].replace("50_95", "50-95").replace("_", " ")
    plain = shortened(plain)
    return f"{plain}, validation" if name.startswith("val_") and "loss" in name else plain


def _mark_best(axes: "Axes", lines: Mapping[str, Series]) -> None:
    """Names the best value of the first line that is best when highest."""
    name = next((name for name in lines if name.endswith(("mAP50", "accuracy"))), None)
    if name is None:
        return
    series = lines[name]
    best = max(range(len(series.values)), key=series.values.__getitem__)
    where = (series.epochs[best] + 1, series.values[best])
    axes.annotate(
        f"{series.values[best]:.3f}",
        where,
        xytext=(0, 6),
        textcoords="offset points",
        fontsize=8,
        color=MUTED,
        ha="center",
    )
