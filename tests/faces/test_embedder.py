"""Opening embedders of our own and from elsewhere, and what they give."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from detector_app.errors import CardInvalidError, CardMissingError, ModelMismatchError, ModelNotFoundError
from detector_app.faces.alignment import STANDARD_XY_PX, align
from detector_app.faces.distance import distance, distances, unit
from detector_app.faces.embedder import MOST_AT_ONCE, Embedder
from detector_app.faces.errors import NotAnEmbedderError
from detector_app.faces.refusals import CropTooSmallError, NotAFaceError
from tests.faces.embedders import GRID, embedder_card, photo, points_at, random_units, tiny_embedder
from tests.onnx_files import tiny_anchor_model


def expected(crops: list[np.ndarray]) -> np.ndarray:
    """What :func:`tiny_embedder` says, in float64."""
    grey = np.array(crops, np.float64).mean(axis=3) / 255
    parts = grey.reshape(len(crops), GRID, 112 // GRID, GRID, 112 // GRID).mean(axis=(2, 4)).reshape(len(crops), -1)
    centred = parts - parts.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.linalg.norm(centred, axis=1, keepdims=True))


def faces(n: int) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [align(photo(rng), points_at(50 + i, 30, 120), STANDARD_XY_PX, (112, 112)) for i in range(n)]


@pytest.mark.parametrize("fixed", [False, True])
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_embeddings_have_unit_length_in_any_number(tmp_path: Path, fixed: bool, layout: str) -> None:
    card = embedder_card(dynamic_batch=not fixed, layout=layout)
    embedder = Embedder.open(tiny_embedder(tmp_path / "e.onnx", card=card))
    crops = faces(5)
    found = embedder.embed(crops)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected(crops), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    assert embedder.embed([]).shape == (0, 64)
    embedder.close()


def test_a_crowd_is_embedded_in_parts(tmp_path: Path) -> None:
    embedder = Embedder.open(tiny_embedder(tmp_path / "e.onnx"))
    crops = faces(3) * 30
    assert len(crops) > MOST_AT_ONCE
    np.testing.assert_allclose(embedder.embed(crops), expected(crops), atol=1e-5)
    embedder.close()


def test_what_is_known_of_an_open_one(tmp_path: Path) -> None:
    path = tiny_embedder(tmp_path / "e.onnx")
    embedder = Embedder.open(path, providers=("cpu",))
    assert embedder.model_hash == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (embedder.name, embedder.threshold, embedder.size_wh) == ("tiny-faces", 0.1, (112, 112))
    assert embedder.placement.main == "CPU"
    embedder.close()


def test_one_from_elsewhere_works_by_the_card_beside_it(tmp_path: Path) -> None:
    """As SFace and ArcFace are: BGR pixels of 0 to 255 in, a batch of one, no card in the file."""
    card = embedder_card(dynamic_batch=False, channel_order="BGR", scale=1.0, name="look-alike")
    embedder = Embedder.open(tiny_embedder(tmp_path / "face_recognition.onnx", card=card, inside=False))
    assert embedder.name == "look-alike"
    crops = faces(3)
    np.testing.assert_allclose(embedder.embed(crops), expected(crops), atol=1e-5)
    embedder.close()


def test_a_card_beside_the_file_that_lacks_the_places_of_the_landmarks(tmp_path: Path) -> None:
    path = tiny_embedder(tmp_path / "e.onnx", inside=False)
    sidecar = path.with_suffix(".card.json")
    card = json.loads(sidecar.read_text())
    sidecar.write_text(json.dumps({**card, "embedding": None}))
    with pytest.raises(CardInvalidError, match="embedding"):
        Embedder.open(path)
    sidecar.unlink()
    with pytest.raises(CardMissingError, match=r"e\.card\.json"):
        Embedder.open(path)


def test_a_detector_is_no_embedder(tmp_path: Path) -> None:
    with pytest.raises(NotAnEmbedderError, match="detect"):
        Embedder.open(tiny_anchor_model(tmp_path / "d.onnx"))
    with pytest.raises(ModelNotFoundError):
        Embedder.open("no-such-embedder")


def test_a_graph_that_does_not_fit_its_card(tmp_path: Path) -> None:
    card = json.loads(embedder_card().to_json())
    card["embedding"]["dimension"] = 128
    path = tiny_embedder(tmp_path / "e.onnx", inside=False)
    path.with_suffix(".card.json").write_text(json.dumps(card))
    with pytest.raises(ModelMismatchError, match="dimension"):
        Embedder.open(path)
    card["embedding"]["dimension"] = 64
    card["outputs"] = [{"name": "embedding", "role": "logits"}]
    path.with_suffix(".card.json").write_text(json.dumps(card))
    with pytest.raises(ModelMismatchError, match="roles"):
        Embedder.open(path)


def test_what_was_not_aligned_is_refused(tmp_path: Path) -> None:
    embedder = Embedder.open(tiny_embedder(tmp_path / "e.onnx"))
    for crop in (np.zeros((0, 0, 3), np.uint8), np.zeros((3, 3, 3), np.uint8), np.zeros((113, 112, 3), np.uint8)):
        with pytest.raises(CropTooSmallError):
            embedder.embed([crop])
    with pytest.raises(CropTooSmallError):
        embedder.align(np.zeros((0, 0, 3), np.uint8), STANDARD_XY_PX)
    with pytest.raises(NotAFaceError):
        embedder.align(np.zeros((50, 50, 3), np.uint8), np.full((5, 2), np.nan))
    embedder.close()


def test_distances_are_those_of_float64_and_exactly_0_for_equals() -> None:
    rng = np.random.default_rng(1)
    a, b = random_units(rng, 40, 128), random_units(rng, 30, 128)
    exact = np.array([[1 - float(x.astype(np.float64) @ y.astype(np.float64)) for y in b] for x in a])
    np.testing.assert_allclose(distances(a, b), exact, atol=1e-6)
    np.testing.assert_allclose([[distance(x, y) for y in b] for x in a], exact, atol=1e-6)
    assert all(distance(x, x.copy()) == 0 for x in a)
    assert (np.diag(distances(a, a)) == 0).all()
    assert (distances(a, a) >= 0).all()
    assert distances(a, -a).max() == pytest.approx(2)
    np.testing.assert_array_equal(unit(np.zeros((1, 3), np.float32)), np.zeros((1, 3)))
