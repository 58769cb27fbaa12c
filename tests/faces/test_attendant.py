"""What a running app knows people by, used from several threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector_app.faces.attendant import FaceAttendant, FaceChoice


def test_several_threads_find_faces_as_one_does(tmp_path: Path, astronaut: NDArray[np.uint8]) -> None:
    attendant = FaceAttendant.open(FaceChoice(gallery=tmp_path / "faces.sqlite3", threads=1))
    pictures = [astronaut, np.ascontiguousarray(astronaut[:300, 40:400]), np.hstack([astronaut, astronaut])]
    try:
        wanted = [attendant.finder.find(picture).xyxy for picture in pictures]
        with ThreadPoolExecutor(3) as pool:
            found = list(pool.map(lambda i: attendant.finder.find(pictures[i % 3]).xyxy, range(12)))
    finally:
        attendant.close()
    for i, boxes in enumerate(found):
        np.testing.assert_allclose(boxes, wanted[i % 3], atol=1e-3)
