"""A contact sheet of pictures with boxes: made with Pillow, which is twenty times as fast here as a plotting library."""

import functools
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models.figure_style import FONTS, INK, MUTED, PAPER
from models.whole_file import write_whole

TILE_PX, GAP_PX, CAPTION_PX, HEAD_PX = 300, 14, 22, 74
LABEL_PX = 150
"""The widest label of a box: the picture under it is to be seen, too."""
CASING = (0, 0, 0, 110)
EAST_ASIAN = "\u2e80"


@dataclass(frozen=True)
class Mark:
    """A box (x1, y1, x2, y2 in pixels of its picture) with a colour, a label, and whether its line is broken."""

    box_xyxy: tuple[float, float, float, float]
    color: str
    label: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Tile:
    """A picture (H, W, 3 uint8 RGB) with its marks and the line above it."""

    rgb: NDArray[np.uint8]
    caption: str
    marks: tuple[Mark, ...]


def save_sheet(
    tiles: Sequence[Tile], title: str, legend: Sequence[tuple[str, str]], out_png: Path, columns: int = 5
) -> None:
    """Writes a sheet, whole or not at all; without tiles only its title.

    Args:
        tiles: row by row.
        title: what is seen.
        legend: (words, colour) pairs under the title.
        out_png: where.
        columns: tiles in a row.

    Raises:
        OSError: the picture cannot be written.
    """
    columns = max(1, min(columns, len(tiles)))
    rows = math.ceil(len(tiles) / columns)
    width = max(columns * (TILE_PX + GAP_PX) + GAP_PX, 760)
    sheet = Image.new("RGB", (width, HEAD_PX + rows * (TILE_PX + CAPTION_PX + GAP_PX)), PAPER)
    draw = ImageDraw.Draw(sheet)
    _write(draw, (GAP_PX, 12), title, INK, 22)
    _write_legend(draw, legend)
    for index, tile in enumerate(tiles):
        corner = (
            GAP_PX + index % columns * (TILE_PX + GAP_PX), HEAD_PX + index // columns * (TILE_PX + CAPTION_PX + GAP_PX)
        )  # fmt: skip
        _write(draw, corner, fitted(tile.caption, 13, TILE_PX), MUTED, 13)
        sheet.paste(_drawn(tile), (corner[0], corner[1] + CAPTION_PX))
    content = io.BytesIO()
    sheet.save(content, "PNG")
    write_whole(out_png, content.getvalue())


def _write_legend(draw: ImageDraw.ImageDraw, legend: Sequence[tuple[str, str]]) -> None:
    x = float(GAP_PX)
    for words, color in legend:
        draw.rectangle((x, 48, x + 12, 60), fill=color)
        _write(draw, (x + 18, 45), words, MUTED, 14)
        x += 18 + _font(words, 14).getlength(words) + 22


def _drawn(tile: Tile) -> Image.Image:
    """The picture fitted into a tile, with its marks at the tile's resolution."""
    height, width = tile.rgb.shape[:2]
    factor = TILE_PX / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    picture = Image.fromarray(tile.rgb).resize(size, Image.Resampling.LANCZOS).convert("RGB")
    canvas = ImageDraw.Draw(picture, "RGBA")
    for mark in tile.marks:
        _draw_mark(canvas, mark, factor, size)
    return picture


def _draw_mark(canvas: ImageDraw.ImageDraw, mark: Mark, factor: float, size: tuple[int, int]) -> None:
    x1, y1, x2, y2 = (edge * factor for edge in mark.box_xyxy)
    x2, y2 = max(x2, x1 + 1), max(y2, y1 + 1)
    corners = ((x1, y1, x2, y1), (x2, y1, x2, y2), (x2, y2, x1, y2), (x1, y2, x1, y1))
    for side in corners:
        canvas.line(side, fill=CASING, width=4)
        for piece in _pieces(side) if mark.dashed else (side,):
            canvas.line(piece, fill=mark.color, width=2)
    if mark.label:
        font, label = _font(mark.label, 12), fitted(mark.label, 12, LABEL_PX)
        wide = font.getlength(label) + 6
        left, top = min(max(x1, 0), max(size[0] - wide, 0)), max(y1 - 16, 0)
        canvas.rectangle((left, top, left + wide, top + 16), fill=mark.color)
        canvas.text((left + 3, top + 1), label, fill="white", font=font)


def _pieces(side: tuple[float, float, float, float]) -> list[tuple[float, float, float, float]]:
    """Dashes of 7 pixels with gaps of 5."""
    x1, y1, x2, y2 = side
    length = math.hypot(x2 - x1, y2 - y1)
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    starts = range(0, math.ceil(length), 12)
    ends = [min(start + 7, length) for start in starts]
    return [(x1 + dx * a, y1 + dy * a, x1 + dx * b, y1 + dy * b) for a, b in zip(starts, ends, strict=True)]


def _write(draw: ImageDraw.ImageDraw, corner: tuple[float, float], text: str, color: str, size_px: int) -> None:
    draw.text(corner, text, fill=color, font=_font(text, size_px))


def fitted(text: str, size_px: int, most_px: int) -> str:
    """The text, or as much of both of its ends as is not wider: names of files and classes often differ at the end only."""
    font, short, letters = _font(text, size_px), text, len(text)
    while letters and font.getlength(short) > most_px:
        letters -= 1
        short = f"{text[: letters - letters // 2]}…{text[len(text) - letters // 2 :]}"
    return short


def _font(text: str, size_px: int) -> ImageFont.FreeTypeFont:
    return _font_of(any(letter >= EAST_ASIAN for letter in text), size_px)


@functools.cache
def _font_of(east_asian: bool, size_px: int) -> ImageFont.FreeTypeFont:
    """A font of this machine with such letters; where there is none, matplotlib's, which draws boxes for them."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    names = [name for name in (FONTS[1:] if east_asian else ()) if name in known]
    return ImageFont.truetype(font_manager.findfont([*names, FONTS[0]][0]), size_px)
