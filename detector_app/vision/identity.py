"""Who a face is, or that nobody knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Identity:
    """What a comparison with the enrolled faces said of one face.

    Attributes:
        name: of the nearest enrolled person; empty when nobody is enrolled, or the face was not compared.
        distance: cosine distance to that person's nearest picture, 0 to 2; infinite without one.
        known: whether the distance is within the threshold: then the face is that person's.
        refusal: why the face was not compared (too small, …), in English, marked for translation; empty if it was.
    """

    name: str = ""
    distance: float = float("inf")
    known: bool = False
    refusal: str = ""
