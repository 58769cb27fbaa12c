"""Who is nearest among ten thousand enrolled faces."""

from __future__ import annotations

import numpy as np

from detector_app.faces.distance import unit
from detector_app.faces.matching import GallerySnapshot
from tests.benchmarks.interleaved import interleave
from tests.benchmarks.report import Chapter, timings

ENROLLED, SIZE, FACES = 10_000, 128, 8


def matching(rounds: int) -> Chapter:
    """One face and eight of them, beside the bare product of the matrices."""
    numbers = np.random.default_rng(0)
    enrolled = unit(numbers.standard_normal((ENROLLED, SIZE)).astype(np.float32))
    names = tuple(f"person {i}" for i in range(ENROLLED))
    gallery = GallerySnapshot("benchmark", enrolled, np.arange(ENROLLED, dtype=np.int64), names)
    faces = enrolled[:FACES].copy()
    found, apart = gallery.nearest(faces)
    if found != names[:FACES] or apart.any():
        raise RuntimeError(f"the enrolled faces are not nearest to themselves: {found} {apart}")
    rows = interleave(
        {
            "1 face, the product alone": lambda: faces[:1] @ enrolled.T,
            "1 face, nearest person": lambda: gallery.nearest(faces[:1]),
            f"{FACES} faces, the product alone": lambda: faces @ enrolled.T,
            f"{FACES} faces, nearest person of each": lambda: gallery.nearest(faces),
        },
        rounds,
    )
    text = (
        f"`GallerySnapshot.nearest` among {ENROLLED:,} enrolled embeddings of {SIZE} numbers, {rounds} rounds; "
        "“the product alone” is the one matrix product in it, without distances, minimum and names."
    )
    return Chapter(f"Faces: nearest among {ENROLLED:,} enrolled", text, tables=(timings(rows),))
