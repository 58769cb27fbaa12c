"""Joins the two neighbours that are most alike, again and again (Uijlings et al. 2013, section 3.1, algorithm 1)."""

from __future__ import annotations

import heapq

import numpy as np

from detector_app.vision.selective_search.regions import Counts, Regions
from detector_app.vision.selective_search.similarity import similarities


def group(segments: Regions, neighbours: Counts) -> Regions:
    """All regions of the hierarchy: the N segments, and then the N − 1 that were made of two, in that order.

    Of pairs that are equally alike the one with the smallest numbers is first, so that the same picture always gives the same regions.

    Args:
        segments: what the picture falls into.
        neighbours: (P, 2) pairs that touch, the smaller number first. All segments must hang together, as those of a picture do.
    """
    count = len(segments)
    regions = _with_room(segments, 2 * count - 1)
    beside: list[set[int]] = [set() for _ in range(2 * count - 1)]
    for a, b in neighbours.tolist():
        beside[a].add(b)
        beside[b].add(a)
    queue: list[tuple[float, int, int]] = []
    for a in range(count):
        _offer(queue, regions, a, sorted(b for b in beside[a] if b > a))
    heapq.heapify(queue)
    gone: set[int] = set()
    for new in range(count, 2 * count - 1):
        a, b = _most_alike(queue, gone)
        gone.update((a, b))
        _join(regions, a, b, new)
        beside[new] = (beside[a] | beside[b]) - {a, b}
        for other in beside[new]:
            beside[other] -= {a, b}
            beside[other].add(new)
        _offer(queue, regions, new, sorted(beside[new]), ordered=True)
    return regions


def _with_room(segments: Regions, rows: int) -> Regions:
    def grown(values: Counts) -> Counts:
        room = np.zeros((rows, *values.shape[1:]), np.int64)
        room[: len(values)] = values
        return room

    boxes, colours, textures = grown(segments.boxes_xyxy), grown(segments.colours), grown(segments.textures)
    return Regions(grown(segments.sizes), boxes, colours, textures, segments.picture_px)


def _offer(
    queue: list[tuple[float, int, int]], regions: Regions, one: int, others: list[int], *, ordered: bool = False
) -> None:
    """Puts pairs into the queue, by `heapq` if it is ordered already."""
    if not others:
        return
    scores = similarities(regions, one, np.array(others)).tolist()
    for other, score in zip(others, scores, strict=True):
        entry = (-score, min(one, other), max(one, other))
        if ordered:
            heapq.heappush(queue, entry)
        else:
            queue.append(entry)


def _most_alike(queue: list[tuple[float, int, int]], gone: set[int]) -> tuple[int, int]:
    """The best pair of which neither has become part of another region meanwhile."""
    while True:
        _score, a, b = heapq.heappop(queue)
        if a not in gone and b not in gone:
            return a, b


def _join(regions: Regions, a: int, b: int, new: int) -> None:
    """Fills in row ``new``: counts add up, bounds become the bounds of both."""
    for counts in (regions.sizes, regions.colours, regions.textures):
        counts[new] = counts[a] + counts[b]
    boxes = regions.boxes_xyxy
    boxes[new, :2] = np.minimum(boxes[a, :2], boxes[b, :2])
    boxes[new, 2:] = np.maximum(boxes[a, 2:], boxes[b, 2:])
