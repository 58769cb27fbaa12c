"""The models that come with the app, and a photograph that every machine has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detector_app.faces.embedder import Embedder
from detector_app.faces.finding import FaceFinder
from detector_app.pipelines.loader import load_pipeline


@pytest.fixture(scope="session")
def finder() -> Iterator[FaceFinder]:
    """MTCNN."""
    pipeline = load_pipeline("mtcnn", threads=1)
    yield FaceFinder(pipeline)
    pipeline.close()


@pytest.fixture(scope="session")
def shipped() -> Iterator[Embedder]:
    """The embedder that comes with the app."""
    embedder = Embedder.open(threads=1)
    yield embedder
    embedder.close()


@pytest.fixture(scope="session")
def astronaut() -> NDArray[np.uint8]:
    """A photograph of one person, 512×512 BGR."""
    from skimage.data import astronaut

    return np.ascontiguousarray(astronaut()[..., ::-1])


@pytest.fixture(scope="session")
def faces_data(shared_data: Path) -> Path:
    """Photographs of people: ``orl_faces400/s1…s30`` and ``azure_faces``."""
    return shared_data / "faces"
