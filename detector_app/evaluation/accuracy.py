"""How often a classifier is right about pictures that lie in one folder per class."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector_app.errors import EmptyFolderError, SourceError
from detector_app.sources.listing import list_folder
from detector_app.vision.classification import TOP, Classification


@dataclass(frozen=True)
class LabelledPictures:
    """Pictures with the class that their folder names.

    Attributes:
        pictures: (file, class id).
        unmatched: names of folders that no class of the model has.
    """

    pictures: tuple[tuple[Path, int], ...]
    unmatched: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Accuracy:
    """Counts of what was said, and the shares that follow from them.

    Attributes:
        names: of all classes of the model.
        counts: (C, C) int64, rows the true class, columns the one that was said.
        in_top: (C,) int64, pictures of each true class that was among the best five.
    """

    names: tuple[str, ...]
    counts: NDArray[np.int64]
    in_top: NDArray[np.int64]

    @classmethod
    def of(cls, names: tuple[str, ...], answers: list[tuple[int, Classification]]) -> Accuracy:
        """Count (true class id, answer)."""
        counts, in_top = np.zeros((len(names), len(names)), np.int64), np.zeros(len(names), np.int64)
        for true, answer in answers:
            best = [label.class_id for label in answer.top()]
            counts[true, best[0]] += 1
            in_top[true] += true in best
        return cls(names, counts, in_top)

    @property
    def pictures(self) -> int:
        """How many were judged."""
        return int(self.counts.sum())

    @property
    def top1(self) -> float:
        """Share of pictures whose class was the best."""
        return float(np.trace(self.counts) / self.pictures)

    @property
    def top5(self) -> float:
        """Share of pictures whose class was among the best five."""
        return float(self.in_top.sum() / self.pictures)

    @property
    def per_class(self) -> dict[str, float]:
        """Share that was right, of each class that has pictures."""
        totals = self.counts.sum(axis=1)
        return {self.names[i]: float(self.counts[i, i] / totals[i]) for i in np.flatnonzero(totals)}

    def confused(self, most: int = TOP) -> list[tuple[str, str, int]]:
        """The most frequent mistakes: true class, what was said instead, how often."""
        wrong = self.counts - np.diag(np.diag(self.counts))
        places = np.argsort(-wrong, axis=None, kind="stable")[:most]
        found = [(int(place // len(self.names)), int(place % len(self.names))) for place in places]
        return [
            (self.names[true], self.names[said], int(wrong[true, said])) for true, said in found if wrong[true, said]
        ]


def labelled_pictures(folder: Path, classes: tuple[str, ...]) -> LabelledPictures:
    """The pictures of each sub-folder of ``folder`` that has the name of a class, whatever the case.

    Raises:
        SourceError: the folder cannot be read.
        EmptyFolderError: no sub-folder of that kind holds a picture.
    """
    known = {name.casefold(): i for i, name in reversed(list(enumerate(classes)))}
    try:
        folders = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        raise SourceError(str(folder), detail=error.strerror or str(error)) from error
    found: list[tuple[Path, int]] = []
    for each in folders:
        if each.name.casefold() in known:
            found += [(path, known[each.name.casefold()]) for path in _pictures(each)]
    if not found:
        raise EmptyFolderError(f"{folder} (of folders named like classes: {', '.join(classes[:TOP])} …)")
    return LabelledPictures(tuple(found), tuple(each.name for each in folders if each.name.casefold() not in known))


def _pictures(folder: Path) -> tuple[Path, ...]:
    try:
        return list_folder(folder).pictures
    except EmptyFolderError:
        return ()
