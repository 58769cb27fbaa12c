"""The embedder of the assets on the people it was trained on: what must hold there whatever training makes of strangers."""

from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from detector_app.model_card import CARD_KEY, ModelCard
from models.faces.alignment import align
from models.faces.crops import open_cascade
from models.faces.finding import Cascade, find_landmarks

Array = NDArray[np.float32]


@pytest.fixture(scope="module")
def session(repository: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    path = repository / "assets" / "models" / "embedders" / "orl-faces.onnx"
    assert path.stat().st_size < 3e6
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


@pytest.fixture(scope="module")
def card(session: onnxruntime.InferenceSession) -> ModelCard:
    return ModelCard.from_json(session.get_modelmeta().custom_metadata_map[CARD_KEY], "orl-faces")


def embedded(
    session: onnxruntime.InferenceSession, card: ModelCard, cascade: Cascade, grey: NDArray[np.uint8]
) -> Array:
    assert card.embedding is not None
    landmarks = find_landmarks(np.ascontiguousarray(np.repeat(grey[..., None], 3, 2)), cascade)
    assert landmarks is not None
    crop = align(grey, landmarks, np.array(card.embedding.landmarks_xy_px), card.input.size_hw).astype(np.float32)
    (found,) = session.run(None, {card.input.name: ((crop / 255 - card.input.mean[0]) / card.input.std[0])[None, None]})
    return np.asarray(found[0], np.float32)


def test_the_card_says_what_was_measured(card: ModelCard):
    assert card.embedding is not None
    assert card.embedding.threshold is not None
    assert card.metrics["pair_accuracy"] > 0.92
    assert card.metrics["EER"] < 0.08
    assert "Olivetti" in card.training[0].attribution + card.training[0].licence


def test_the_mirrored_picture_of_a_person_stays_under_the_threshold(
    session: onnxruntime.InferenceSession, card: ModelCard, shared_data: Path
):
    cascade = open_cascade(shared_data / "weights" / "mtcnn_facenet_pytorch")
    assert card.embedding is not None
    assert card.embedding.threshold is not None
    for person in range(1, 31, 2):
        picture = cv2.imread(str(shared_data / "faces" / "orl_faces400" / f"s{person}" / "3.pgm"), cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        here = embedded(session, card, cascade, np.asarray(picture, np.uint8))
        there = embedded(session, card, cascade, np.ascontiguousarray(picture[:, ::-1], np.uint8))
        assert float(((here - there) ** 2).sum()) / 2 < card.embedding.threshold
        again = embedded(session, card, cascade, np.asarray(picture, np.uint8))
        assert np.array_equal(here, again)
