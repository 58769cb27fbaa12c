"""One look for every picture that training draws: colours, type, and files written whole."""

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.whole_file import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, LINE, PAPER = "#22303c", "#6b7a88", "#d9e0e6", "#ffffff"
PALETTE = (
    "#2a7de1", "#f28e2b", "#2ca58d", "#d1495b", "#8667c9", "#b5892e",
    "#3aa6c9", "#e377a8", "#6a994e", "#7d5a50", "#5c6f82", "#a3b18a",
)  # fmt: skip
# The first that exists draws each letter; DejaVu comes with matplotlib, the others hold Chinese, Japanese and Korean.
FONTS = (
    "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", "SimHei",
)  # fmt: skip
DOTS_PER_INCH = 120


def color_of(index: int) -> str:
    """The colour of class or series `index`; they repeat after a dozen."""
    return PALETTE[index % len(PALETTE)]


def shortened(text: str, letters: int = 30) -> str:
    """A name for a legend: a longer one loses its middle, because names differ at their ends, too."""
    half = letters // 2
    return text if len(text) <= letters else f"{text[:half].rstrip()}…{text[-half + 1 :].lstrip()}"


def new_figure(width_in: float, height_in: float, title: str, subtitle: str = "") -> "Figure":
    """A figure with its title at the top left, and in smaller letters what is to be seen."""
    from matplotlib import font_manager, rcParams
    from matplotlib.figure import Figure

    known = {font.name for font in font_manager.fontManager.ttflist}
    rcParams["font.family"] = [name for name in FONTS if name in known]
    figure = Figure(figsize=(width_in, height_in), layout="constrained", facecolor=PAPER)
    figure.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold", color=INK)
    if subtitle:
        figure.supxlabel(subtitle, x=0.01, ha="left", fontsize=9, color=MUTED)
    return figure


def dress(axes: "Axes", title: str, xlabel: str = "", ylabel: str = "") -> None:
    """Quiet frame, faint grid, a title that says what is seen."""
    axes.set_title(title, loc="left", fontsize=10, color=INK)
    axes.set_xlabel(xlabel, fontsize=9, color=MUTED)
    axes.set_ylabel(ylabel, fontsize=9, color=MUTED)
    axes.tick_params(colors=MUTED, labelsize=8, length=0)
    axes.grid(color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    for name, spine in axes.spines.items():
        spine.set_visible(name in ("left", "bottom"))
        spine.set_color(LINE)


def show_picture(axes: "Axes", rgb: Any, title: str = "") -> None:
    """A picture without a frame, its upper left corner at (0, 0)."""
    height, width = rgb.shape[:2]
    axes.imshow(rgb, extent=(0, width, height, 0), interpolation="antialiased")
    axes.set_title(title, loc="left", fontsize=7.5, color=INK)
    axes.set_axis_off()


def save_figure(figure: "Figure", path: Path) -> None:
    """Writes a PNG, whole or not at all; its folder is made.

    Raises:
        OSError: it cannot be written.
    """
    content = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message="Glyph .* missing from"
        )  # a letter that no font here has: a box is drawn
        figure.savefig(content, dpi=DOTS_PER_INCH, format="png")
    write_whole(path, content.getvalue())
