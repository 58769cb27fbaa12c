"""What ``detector-app info`` says of a card's grid, regions and selection inside the graph: each part only where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detector_app.model_card import GridSpec, InsideSelection, ModelCard, RegionSpec


def part_rows(card: ModelCard) -> Iterator[tuple[str, str]]:
    """Name and description of each part that the card has."""
    if card.grid is not None:
        yield "grid", _grid(card.grid)
    if card.regions is not None:
        yield "regions", _regions(card.regions, crops=card.decoder == "rcnn")
    if card.inside is not None:
        yield "selection", _inside(card.inside)


def _grid(spec: GridSpec) -> str:
    boxes = "1 box" if spec.boxes_per_cell == 1 else f"{spec.boxes_per_cell} boxes"
    roots = ", sides as square roots" if spec.square_roots else ""
    return f"{spec.side}×{spec.side} cells, {boxes} each{roots}"


def _regions(spec: RegionSpec, *, crops: bool) -> str:
    if spec.source == "graph":
        return f"at most {spec.most}, proposed inside the graph"
    scales = ", ".join(f"{scale:g}" for scale in spec.scales)
    found = f"at most {spec.most} by selective search in pictures of {spec.side_px} px, segments of scale {scales}"
    if not crops:
        return found
    around = f" with {spec.context:.1%} of surroundings on each side" if spec.context else ""
    return f"{found}; each is cut out{around}"


def _inside(spec: InsideSelection) -> str:
    inputs = f"{spec.score_input} and {spec.iou_input}"
    return f"inside the graph, by its inputs {inputs}; at most {spec.most} of a class"
