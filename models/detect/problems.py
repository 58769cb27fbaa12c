"""What is wrong with a data set, gathered rather than stopped at: a user mends all of it at once."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass


class ProblemKind(enum.Enum):
    """What can be wrong with one entry, worst first: (in words of one, of many, what becomes of it)."""

    MISSING_PICTURE = ("missing picture", "missing pictures", "left out")
    BROKEN_PICTURE = ("broken picture", "broken pictures", "left out")
    OTHER_SIZE = ("picture of another size than annotated", "pictures of another size than annotated", "left out")
    UNREADABLE = ("entry that cannot be read", "entries that cannot be read", "left out")
    UNKNOWN_CLASS = ("box of an unknown class", "boxes of unknown classes", "left out")
    OUTSIDE = ("box outside its picture", "boxes outside their pictures", "left out")
    NO_AREA = ("box without area", "boxes without area", "left out")
    OUT_OF_BOUNDS = ("box across its picture's edge", "boxes across their pictures' edges", "cut to the picture")
    TWICE = ("box that is there twice", "boxes that are there twice", "counted once")
    TWO_CLASSES = ("box with two classes", "boxes with two classes", "kept as they are")

    def count(self, number: int) -> str:
        """The number in words: "1 missing picture", "3 missing pictures"."""
        one, many, _ = self.value
        return f"{number} {one if number == 1 else many}"

    @property
    def remedy(self) -> str:
        """What training does about it."""
        return self.value[2]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        kind: what.
        where: the file, as far as a reader needs it to find it.
        detail: what was found; may be empty.
    """

    kind: ProblemKind
    where: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.where} ({self.detail})" if self.detail else self.where


def sentences(problems: Sequence[Problem], shown: int = 3) -> list[str]:
    """One line for each kind, worst first, with the first few places.

    Args:
        problems: any number, in any order.
        shown: how many of a kind are named; the others are counted.
    """
    lines = []
    for kind in ProblemKind:
        own = [problem for problem in problems if problem.kind is kind]
        if own:
            rest = f" and {len(own) - shown} more" if len(own) > shown else ""
            lines.append(f"{kind.count(len(own))}, {kind.remedy}: {', '.join(map(str, own[:shown]))}{rest}")
    return lines
