"""Where a person is seen, in pictures and videos."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detector_app.errors import DetectorError, SourceNotFoundError
from detector_app.faces.embedder import Embedder
from detector_app.faces.finding import FaceFinder
from detector_app.faces.matching import GallerySnapshot
from detector_app.faces.recognition import Recogniser
from detector_app.faces.search import Watch, search


@pytest.fixture
def recogniser(finder: FaceFinder, shipped: Embedder, astronaut: NDArray[np.uint8]) -> Recogniser:
    face = finder.the_face(astronaut)
    vector = shipped.embed([shipped.align(astronaut, face.landmarks_xy)])
    return Recogniser(shipped, GallerySnapshot(shipped.model_hash, vector, np.array([1]), ("Eileen",)), 0.2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, astronaut: NDArray[np.uint8]) -> Path:
    """``1.png`` and ``3.png`` with the astronaut, ``2.png`` a wall, ``4.png`` broken, ``clip.mp4`` with her in frames 4 to 7 of 8."""
    made = tmp_path_factory.mktemp("where")
    wall = np.full((256, 256, 3), 120, np.uint8)
    small = np.asarray(cv2.resize(astronaut, (256, 256), interpolation=cv2.INTER_AREA))
    cv2.imwrite(str(made / "1.png"), astronaut)
    cv2.imwrite(str(made / "2.png"), wall)
    cv2.imwrite(str(made / "3.png"), small)
    (made / "4.png").write_bytes(b"no picture")
    with av.open(str(made / "clip.mp4"), "w") as video:
        stream = video.add_stream("libx264", rate=10, options={"crf": "10"})
        stream.width = stream.height = 256
        stream.pix_fmt = "yuv420p"
        for i in range(8):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(small if i >= 4 else wall), format="bgr24")
            video.mux(stream.encode(frame))
        video.mux(stream.encode())
    return made


def test_pictures_and_videos_of_a_folder_are_searched(folder: Path, finder: FaceFinder, recogniser: Recogniser) -> None:
    skipped: list[DetectorError] = []
    hits = list(search(str(folder), finder, recogniser, name="Eileen", watch=Watch(on_skipped=skipped.append)))
    assert [(Path(hit.source).name, hit.index, hit.time_s) for hit in hits] == [
        ("1.png", 0, None),
        ("3.png", 2, None),
        *(("clip.mp4", i, pytest.approx(i / 10)) for i in range(4, 8)),
    ]
    assert hits[0].distance == pytest.approx(0, abs=1e-3)
    assert 130 < hits[0].xyxy[0] < hits[0].xyxy[2] < 290
    assert [Path(error.where).name for error in skipped] == ["4.png"]


def test_of_a_video_only_some_frames_are_looked_at(folder: Path, finder: FaceFinder, recogniser: Recogniser) -> None:
    steps: list[tuple[int, int | None]] = []
    watch = Watch(on_progress=lambda done, total: steps.append((done, total)))
    hits = list(search(str(folder / "clip.mp4"), finder, recogniser, every=3, watch=watch))
    assert [hit.index for hit in hits] == [6]
    assert steps == [(i, 8) for i in range(1, 9)]


def test_somebody_else_is_not_found(folder: Path, finder: FaceFinder, recogniser: Recogniser) -> None:
    assert list(search(str(folder / "1.png"), finder, recogniser, name="Bob")) == []


def test_a_search_stops_when_asked(folder: Path, finder: FaceFinder, recogniser: Recogniser) -> None:
    looked: list[int] = []
    watch = Watch(on_progress=lambda done, total: looked.append(done), cancelled=lambda: len(looked) >= 2)
    hits = list(search(str(folder), finder, recogniser, watch=watch))
    assert [Path(hit.source).name for hit in hits] == ["1.png"]
    assert looked == [1, 2]


def test_a_place_that_does_not_exist(finder: FaceFinder, recogniser: Recogniser) -> None:
    with pytest.raises(SourceNotFoundError):
        list(search("nowhere.png", finder, recogniser))
