"""Where a person is seen: in a folder of pictures, a picture, or a video."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from detector_app.errors import DetectorError, SourceError, TruncatedError
from detector_app.faces.finding import FaceFinder
from detector_app.faces.recognition import Recogniser
from detector_app.sources.opener import expand, open_source
from detector_app.sources.source import Source
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult


@dataclass(frozen=True)
class Hit:
    """A face that is the person's.

    Attributes:
        source: the picture's or video's path.
        index: number of the frame in its source.
        time_s: its presentation time; None of a picture.
        xyxy: box in pixels.
        name: whose.
        distance: to the nearest enrolled picture.
    """

    source: str
    index: int
    time_s: float | None
    xyxy: tuple[float, float, float, float]
    name: str
    distance: float


@dataclass(frozen=True)
class Watch:
    """What a search tells while it goes on.

    Attributes:
        on_progress: frames looked at, and how many there are in this source, or None.
        on_frame: each frame that is looked at, before its hits.
        on_skipped: what could not be read.
        cancelled: asked before every frame.
    """

    on_progress: Callable[[int, int | None], None] = lambda done, total: None
    on_frame: Callable[[Frame], None] = lambda frame: None
    on_skipped: Callable[[DetectorError], None] = lambda error: None
    cancelled: Callable[[], bool] = lambda: False


UNWATCHED = Watch()


def search(
    where: str,
    finder: FaceFinder,
    recogniser: Recogniser,
    *,
    name: str | None = None,
    every: int = 1,
    watch: Watch = UNWATCHED,
) -> Iterator[Hit]:
    """Hits as they are found, in the order of the frames.

    Args:
        where: a folder (its pictures and videos), a picture, a video or a pattern.
        finder: what finds faces.
        recogniser: knows the people, and up to which distance.
        name: of the one who is looked for, None for all; the others are compared with all the same, so that nobody is taken for a sibling.
        every: of videos only each such frame.
        watch: progress, what was skipped, and whether to stop.

    Raises:
        SourceError: nothing of it can be opened.
        InferenceError: a model failed.
    """
    specs = expand(where)
    for spec in specs:
        if watch.cancelled():
            return
        try:
            source = open_source(spec)
        except SourceError as error:
            if len(specs) == 1:
                raise
            watch.on_skipped(error)
            continue
        try:
            for hit in _search_source(source, finder, recogniser, every, watch):
                if name is None or hit.name == name:
                    yield hit
        finally:
            source.close()


def _search_source(
    source: Source, finder: FaceFinder, recogniser: Recogniser, every: int, watch: Watch
) -> Iterator[Hit]:
    pictures = source.info.kind == "pictures"
    for number, frame in enumerate(_frames(source, watch)):
        if pictures or number % every == 0:
            watch.on_frame(frame)
            yield from _hits(frame, finder, recogniser, pictures=pictures)
        watch.on_progress(number + 1, source.info.frame_count)


def _hits(frame: Frame, finder: FaceFinder, recogniser: Recogniser, *, pictures: bool) -> Iterator[Hit]:
    found = recogniser(FrameResult(frame, finder.find(frame.image_bgr, frame.source, padded=pictures))).detections
    for i in range(len(found)):
        identity = found.identity(i)
        if identity is not None and identity.known:
            left, top, right, bottom = map(float, found.xyxy[i])
            box = (left, top, right, bottom)
            yield Hit(
                frame.source, frame.index, None if pictures else frame.time_s, box, identity.name, identity.distance
            )


def _frames(source: Source, watch: Watch) -> Iterator[Frame]:
    """Until the end, a cut-off or a wish to stop; a broken picture of a folder is told and left out."""
    while not watch.cancelled():
        try:
            frame = source.read()
        except SourceError as error:
            watch.on_skipped(error)
            if source.info.kind != "pictures" or isinstance(error, TruncatedError):
                return
            continue
        if frame is None:
            return
        yield frame
