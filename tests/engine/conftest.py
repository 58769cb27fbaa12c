"""A video, pictures, two models and an engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import Pipeline
from tests.engine.keeping import Desk
from tests.engine.scenes import write_pictures, write_video
from tests.engine.witness import DEADLINE_S, Engine
from tests.onnx_files import tiny_anchor_model, tiny_card


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that are good and files that are not.

    ``video.mp4`` (45 frames), ``short.mp4`` (6), ``pictures/`` (5, number 2 broken), ``text.mp4``, and the models ``squares.onnx``,
    ``other.onnx`` and ``text.onnx``, which is none.
    """
    folder = tmp_path_factory.mktemp("media")
    write_video(folder / "video.mp4")
    write_video(folder / "short.mp4", 6)
    write_pictures(folder / "pictures", 5, broken=(2,))
    tiny_anchor_model(folder / "squares.onnx")
    tiny_anchor_model(folder / "other.onnx", card=tiny_card(size_hw=(192, 192), name="other"))
    for name in ("text.mp4", "text.onnx"):
        (folder / name).write_text("no such thing", encoding="utf-8")
    return folder


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An engine without source and model."""
    with Engine() as engine:
        yield engine


@pytest.fixture
def paused(engine: Engine, media: Path) -> Engine:
    """An engine with the model, paused on the first frame of the video."""
    engine.controller.load_model(str(media / "squares.onnx"))
    engine.wait_model(media / "squares.onnx")
    engine.controller.open(str(media / "video.mp4"), autoplay=False)
    engine.wait_frame(0)
    return engine


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.keeper.close()
    desk.keeper.thread.join(DEADLINE_S)
    assert not desk.keeper.thread.is_alive()


@pytest.fixture(scope="module")
def squares(media: Path) -> Iterator[Pipeline]:
    pipeline = load_pipeline(media / "squares.onnx")
    yield pipeline
    pipeline.close()


@pytest.fixture
def video(tmp_path: Path) -> Path:
    write_video(tmp_path / "clip.mp4", 12)
    return tmp_path / "clip.mp4"
