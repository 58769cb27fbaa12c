"""What info says of grids, regions and selection inside the graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from detector_app.cli import main
from detector_app.commands.card_parts import part_rows
from detector_app.model_card import GridSpec
from tests.onnx_files import tiny_card
from tests.region_files import (
    grid_card,
    rcnn_card,
    tiny_fast_rcnn,
    tiny_faster_rcnn,
    tiny_grid,
    tiny_rcnn,
    tiny_selected,
)

SAID = {
    tiny_grid: ("grid          20×20 cells, 2 boxes each, sides as square roots", "picture       320×320 RGB"),
    tiny_faster_rcnn: ("regions       at most 300, proposed inside the graph", "objectness"),
    tiny_fast_rcnn: (
        "regions       at most 200 by selective search in pictures of 160 px, segments of scale 100\n",
        "input         regions  regions × 5  float32",
    ),
    tiny_rcnn: (
        "crop          24×24 RGB, stretch",
        "scale 100; each is cut out with 8.3% of surroundings on each side",
    ),
    tiny_selected: (
        "selection     inside the graph, by its inputs score_threshold and iou_threshold; at most 300 of a class",
        "input         iou_threshold  1  float32",
    ),
}


@pytest.mark.parametrize(("write", "said"), SAID.items(), ids=[make.__name__ for make in SAID])
def test_each_part_in_a_line(
    write: Callable[[Path], Path], said: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["info", str(write(tmp_path / "m.onnx"))]) == 0
    text = capsys.readouterr().out
    for line in said:
        assert line in text


def test_nothing_is_said_of_what_is_not_there() -> None:
    assert list(part_rows(tiny_card())) == []
    card = grid_card(grid=GridSpec(1, 1, square_roots=False))
    assert list(part_rows(card)) == [("grid", "1×1 cells, 1 box each")]
    spec = rcnn_card().regions
    assert spec is not None
    (row,) = part_rows(rcnn_card(regions=replace(spec, context=0.0, scales=(50.0, 100.0))))
    assert row[1].endswith("segments of scale 50, 100; each is cut out")
