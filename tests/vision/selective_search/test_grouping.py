"""Similarities and grouping against a reference that counts the pixels of every region anew after each merge."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from detector_app.vision.selective_search.grouping import group
from detector_app.vision.selective_search.regions import Counts, colour_bins_of, describe, texture_bins_of
from detector_app.vision.selective_search.segments import Labels, Pixels, segment, touching
from detector_app.vision.selective_search.similarity import similarities

Place = tuple[int, int]
Region = frozenset[Place]


@dataclass(frozen=True)
class PlainPicture:
    """A picture by the definitions of the paper, pixel by pixel, in Python's own numbers."""

    shape: tuple[int, int]
    colour_bins: Counts
    texture_bins: Counts

    def shared(self, a: Region, b: Region, bins: Counts) -> float:
        """Σ min of both normalised histograms: whole numbers over a common denominator."""
        total = 0
        for plane in bins:
            first, second = Counter(int(plane[p]) for p in a), Counter(int(plane[p]) for p in b)
            total += sum(min(first[value] * len(b), second[value] * len(a)) for value in first)
        return total / (len(bins) * len(a) * len(b))

    def bounds(self, region: Region) -> tuple[int, int, int, int]:
        """First column and row, and those behind the last."""
        rows, columns = [y for y, _ in region], [x for _, x in region]
        return min(columns), min(rows), max(columns) + 1, max(rows) + 1

    def alike(self, a: Region, b: Region) -> float:
        """Equations 2 to 6: colour, texture, size, fill."""
        picture = self.shape[0] * self.shape[1]
        x1, y1, x2, y2 = self.bounds(a | b)
        gap = (x2 - x1) * (y2 - y1) - len(a) - len(b)
        colour, texture = (self.shared(a, b, bins) for bins in (self.colour_bins, self.texture_bins))
        return colour + texture + (picture - len(a) - len(b)) / picture + (picture - gap) / picture

    def grouped(self, segments: list[Region]) -> list[Region]:
        """Algorithm 1: all regions, in the order in which they come to be."""
        regions, alive = list(segments), list(range(len(segments)))
        while len(alive) > 1:
            pairs = [(a, b) for a in alive for b in alive if a < b and touch(regions[a], regions[b])]
            a, b = min(pairs, key=lambda pair: (-self.alike(regions[pair[0]], regions[pair[1]]), pair))
            alive = [one for one in alive if one not in (a, b)] + [len(regions)]
            regions.append(regions[a] | regions[b])
        return regions


def touch(a: Region, b: Region) -> bool:
    """Side by side or corner to corner."""
    return any((y + down, x + right) in b for y, x in a for down in (-1, 0, 1) for right in (-1, 0, 1))


def places_of(labels: Labels) -> list[Region]:
    found = [np.argwhere(labels == number).tolist() for number in range(int(labels.max()) + 1)]
    return [frozenset((y, x) for y, x in places) for places in found]


def check(picture: Pixels, labels: Labels) -> None:
    plain = PlainPicture(labels.shape, colour_bins_of(picture), texture_bins_of(picture))
    described = describe(labels, plain.colour_bins, plain.texture_bins)
    expected = plain.grouped(places_of(labels))
    regions = group(described, touching(labels))
    assert regions.sizes.tolist() == [len(region) for region in expected]
    assert regions.boxes_xyxy.tolist() == [list(plain.bounds(region)) for region in expected]
    for row, region in enumerate(expected):  # counts that were added up are the counts of the pixels
        rows, columns = np.array(sorted(region)).T
        for bins, counts, most in (
            (plain.colour_bins, regions.colours, 25),
            (plain.texture_bins, regions.textures, 10),
        ):
            inside = [np.bincount(plane[rows, columns], minlength=most) for plane in bins]
            assert counts[row].tolist() == np.concatenate(inside).tolist()


sides = st.integers(1, 7)
# Few values make many equal likenesses, whose order must be settled; all values make noise.
values = st.sampled_from([(0, 1), (100, 180), (0, 255)])


@st.composite
def pictures(draw: st.DrawFn) -> Pixels:
    shape, (least, most) = (draw(sides), draw(sides), 3), draw(values)
    return draw(arrays.arrays(np.uint8, shape, elements=st.integers(least, most)))


@given(picture=pictures(), data=st.data())
@settings(max_examples=60)
def test_grouping_is_that_of_the_paper(picture: Pixels, data: st.DataObject) -> None:
    height, width = picture.shape[:2]
    drawn = data.draw(arrays.arrays(np.int64, (height, width), elements=st.integers(0, 5)))
    _, labels = np.unique(drawn, return_inverse=True)
    check(picture, labels.reshape(height, width))


@pytest.mark.parametrize("scale", [5.0, 60.0])
def test_grouping_real_segments(scale: float) -> None:
    skimage_data = pytest.importorskip("skimage.data", reason="segments need scikit-image")
    picture = np.ascontiguousarray(skimage_data.astronaut()[60:92:, 200:240, ::-1])
    check(picture, segment(picture, scale))


@given(picture=pictures(), data=st.data())
@settings(max_examples=60)
def test_each_likeness_is_symmetric_and_in_range(picture: Pixels, data: st.DataObject) -> None:
    height, width = picture.shape[:2]
    drawn = data.draw(arrays.arrays(np.int64, (height, width), elements=st.integers(0, 3)))
    _, flat = np.unique(drawn, return_inverse=True)
    labels = flat.reshape(height, width)
    plain = PlainPicture((height, width), colour_bins_of(picture), texture_bins_of(picture))
    regions, places = describe(labels, plain.colour_bins, plain.texture_bins), places_of(labels)
    for one in range(len(regions)):
        others = np.array([other for other in range(len(regions)) if other != one], np.int64)
        scores = similarities(regions, one, others)
        assert scores.tolist() == [plain.alike(places[one], places[other]) for other in others]
        assert scores.tolist() == [similarities(regions, other, np.array([one]))[0] for other in others]
        assert ((scores >= 0) & (scores <= 4)).all()


@given(labels=arrays.arrays(np.int64, st.tuples(sides, sides), elements=st.integers(0, 4)))
def test_touching_looks_at_all_eight_sides(labels: Labels) -> None:
    _, flat = np.unique(labels, return_inverse=True)
    labels = flat.reshape(labels.shape)
    places = places_of(labels)
    numbers = range(len(places))
    expected = [[a, b] for a in numbers for b in numbers if a < b and touch(places[a], places[b])]
    assert touching(labels).tolist() == expected


def test_one_segment_is_the_whole_hierarchy() -> None:
    picture = np.full((4, 6, 3), 9, np.uint8)
    labels = np.zeros((4, 6), np.int64)
    regions = group(describe(labels, colour_bins_of(picture), texture_bins_of(picture)), touching(labels))
    assert regions.boxes_xyxy.tolist() == [[0, 0, 6, 4]]


def test_texture_tells_directions_apart() -> None:
    step = np.zeros((9, 9, 3), np.uint8)
    step[:, 5:] = 100
    rising = texture_bins_of(step).reshape(8, 3, 9, 9)[:, 0, 4, 4]
    falling = texture_bins_of(step[:, ::-1].copy()).reshape(8, 3, 9, 9)[:, 0, 4, 4]
    assert rising[0] == falling[4] == 6  # ten times the root of 100/255
    assert rising[4] == falling[0] == 0
    assert rising[1] == rising[7] < rising[0]
    assert texture_bins_of(step.transpose(1, 0, 2).copy()).reshape(8, 3, 9, 9)[2, 0, 4, 4] == 6
