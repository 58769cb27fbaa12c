"""The gallery's contents: enrolling, renaming, forgetting without a trace, models that never mix."""

from __future__ import annotations

import stat
from pathlib import Path

import numpy as np
import pytest

from detector_app.faces.embedder import Embedder
from detector_app.faces.errors import NameInvalidError, NameTakenError, PersonUnknownError
from detector_app.faces.face_crop import FaceCrop
from detector_app.faces.gallery import Gallery
from detector_app.faces.people import EmbeddingModel
from detector_app.faces.quality import measure
from tests.faces.embedders import (
    MODEL,
    OTHER,
    embedder_card,
    new_picture,
    photo,
    points_at,
    random_units,
    tiny_embedder,
)


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    return Gallery.open(tmp_path / "people" / "faces.sqlite3")


def test_a_new_gallery_is_empty_and_for_its_owner_alone(gallery: Gallery) -> None:
    assert gallery.people() == ()
    assert gallery.notice is None
    assert len(gallery.snapshot(MODEL.model_hash)) == 0
    assert stat.S_IMODE(gallery.path.stat().st_mode) == 0o600


def test_a_gallery_that_others_can_read_is_closed_to_them(gallery: Gallery) -> None:
    gallery.path.chmod(0o644)
    Gallery.open(gallery.path)
    assert stat.S_IMODE(gallery.path.stat().st_mode) == 0o600


def test_people_are_listed_by_name_with_their_pictures(gallery: Gallery) -> None:
    rng = np.random.default_rng(0)
    gallery.enrol("Zoë", [new_picture(v) for v in random_units(rng, 2)])
    gallery.enrol("anna", [new_picture(random_units(rng, 1)[0], source="anna.jpg")])
    gallery.enrol("ANNA ", [new_picture(random_units(rng, 1)[0])])
    assert [(person.name, person.pictures, person.kept) for person in gallery.people()] == [
        ("anna", 2, 0),
        ("Zoë", 2, 0),
    ]
    assert [p.source for p in gallery.pictures(gallery.person("Anna").id)] == ["anna.jpg", ""]
    with pytest.raises(PersonUnknownError, match="anna, Zoë"):
        gallery.person("Bob")


@pytest.mark.parametrize("name", ["", "  \n", "a" * 101, "a\x00b", "\ud800"])
def test_names_that_are_none(gallery: Gallery, name: str) -> None:
    with pytest.raises(NameInvalidError):
        gallery.enrol(name, [new_picture(np.ones(4, np.float32) / 2)])
    assert gallery.people() == ()


def test_several_pictures_are_enrolled_together_or_not_at_all(gallery: Gallery) -> None:
    good = new_picture(np.ones(4, np.float32) / 2)
    bad = new_picture(np.ones(4, np.float32) / 2, quality=object())
    with pytest.raises(TypeError):
        gallery.enrol("Anna", [good, bad])
    assert gallery.people() == ()
    with pytest.raises(ValueError, match="one picture"):
        gallery.enrol("Anna", [])


def test_a_person_is_renamed_but_not_to_another_ones_name(gallery: Gallery) -> None:
    vectors = random_units(np.random.default_rng(1), 2)
    anna, bert = (gallery.enrol(name, [new_picture(v)]) for name, v in zip(("Annabelle", "Bert"), vectors, strict=True))
    gallery.rename(anna.id, "Clara")
    gallery.rename(anna.id, "CLARA")
    assert [person.name for person in gallery.people()] == ["Bert", "CLARA"]
    assert b"nnabelle" not in gallery.path.read_bytes()
    with pytest.raises(NameTakenError):
        gallery.rename(bert.id, "clara")


def traces(gallery: Gallery, *secrets: bytes) -> list[str]:
    """Files beside and of the gallery in which one of ``secrets`` is found."""
    return [p.name for p in gallery.path.parent.iterdir() if any(secret in p.read_bytes() for secret in secrets)]


@pytest.mark.parametrize("with_crops", [False, True])
def test_nothing_of_a_forgotten_person_is_left_in_the_file(gallery: Gallery, with_crops: bool) -> None:
    rng = np.random.default_rng(2)
    vectors = random_units(rng, 60, 128)
    crops = [FaceCrop.of(photo(rng), points_at(100, 60, 100)) if with_crops else None for _ in vectors]
    quality = measure(photo(rng), points_at(100, 60, 100))
    pictures = [
        new_picture(v, crop=crop, quality=quality, source=f"from /home/{i}.jpg")
        for i, (v, crop) in enumerate(zip(vectors, crops, strict=True))
    ]
    for i in range(30):
        gallery.enrol(f"Somebody {i} Öztürk", pictures[2 * i : 2 * i + 2])
    secrets = []
    for i in (7, 8, 29):
        secrets += [f"Somebody {i} Öztürk".encode(), f"somebody {i} öztürk".encode(), b"from /home/%d.jpg" % (2 * i)]
        secrets += [
            part for v in vectors[2 * i : 2 * i + 2] for part in (v.tobytes(), v[:6].tobytes(), v[-6:].tobytes())
        ]
        secrets += [crop.to_png()[80:112] for crop in crops[2 * i : 2 * i + 2] if crop is not None]
    assert all(traces(gallery, secret) == ["faces.sqlite3"] for secret in secrets)
    for i in (7, 8, 29):
        gallery.forget(gallery.person(f"somebody {i} öztürk").id)
    assert traces(gallery, *secrets) == []
    assert len(gallery.people()) == 27
    assert len(gallery.snapshot(MODEL.model_hash)) == 54
    for person in gallery.people():
        gallery.forget(person.id)
    assert traces(gallery, b"Somebody", b"somebody", MODEL.model_hash.encode(), vectors[0][:4].tobytes()) == []


def test_deleting_alone_overwrites_even_if_the_file_cannot_be_rewritten(gallery: Gallery) -> None:
    from detector_app.faces.gallery_file import writing

    vector = random_units(np.random.default_rng(3), 1, 128)[0]
    anna = gallery.enrol("Annabelle", [new_picture(vector)])
    gallery.enrol("Bert", [new_picture(-vector)])
    with writing(gallery.path) as db:
        db.execute("DELETE FROM people WHERE id = ?", (anna.id,))
    assert traces(gallery, b"nnabelle", vector.tobytes()[:40]) == []


def test_a_picture_is_forgotten_and_with_the_last_one_the_person(gallery: Gallery) -> None:
    vectors = random_units(np.random.default_rng(4), 2)
    anna = gallery.enrol("Anna", [new_picture(v) for v in vectors])
    first, second = gallery.pictures(anna.id)
    gallery.forget_picture(first.id)
    assert [picture.id for picture in gallery.pictures(anna.id)] == [second.id]
    np.testing.assert_array_equal(gallery.snapshot(MODEL.model_hash).embeddings, vectors[1:])
    gallery.forget_picture(second.id)
    assert gallery.people() == ()


def test_models_never_mix(gallery: Gallery) -> None:
    first, second = random_units(np.random.default_rng(5), 1, 16), random_units(np.random.default_rng(6), 1, 32)
    gallery.enrol("Anna", [new_picture(first[0])])
    gallery.enrol("Bert", [new_picture(second[0], OTHER)])
    a, b = gallery.snapshot(MODEL.model_hash), gallery.snapshot(OTHER.model_hash)
    assert (a.names, a.missing, a.embeddings.shape) == (("Anna",), 1, (1, 16))
    assert (b.names, b.missing, b.embeddings.shape) == (("Bert",), 1, (1, 32))


def test_another_model_embeds_the_kept_crops_anew(gallery: Gallery, tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    picture, points = photo(rng), points_at(90, 50, 120)
    crop = FaceCrop.of(picture, points)
    gallery.enrol("Anna", [new_picture(np.ones(4, np.float32) / 2, crop=crop)])
    gallery.enrol("Bert", [new_picture(np.ones(4, np.float32) / 2)])
    embedder = Embedder.open(tiny_embedder(tmp_path / "e.onnx", card=embedder_card(side=96)))
    steps: list[tuple[int, int]] = []
    came = gallery.re_embed(embedder, lambda done, total: steps.append((done, total)))
    assert (came.done, came.impossible) == (1, 1)
    assert steps == [(1, 2), (2, 2)]
    found = gallery.snapshot(embedder.model_hash)
    assert (found.names, found.missing) == (("Anna",), 1)
    direct = embedder.embed([embedder.align(picture, points)])
    assert 1 - found.embeddings[0] @ direct[0] < 1e-3, "the crop shows what the picture showed"
    assert len(gallery.snapshot(MODEL.model_hash)) == 2, "the former model's embeddings stay"
    assert gallery.re_embed(embedder).done == 0
    embedder.close()


def test_a_kept_crop_comes_back_and_one_that_was_not_kept_does_not(gallery: Gallery) -> None:
    rng = np.random.default_rng(8)
    crop = FaceCrop.of(photo(rng), points_at(90, 50, 120))
    vector = random_units(rng, 1)[0]
    anna = gallery.enrol("Anna", [new_picture(vector, crop=crop), new_picture(vector)])
    first, second = gallery.pictures(anna.id)
    back = gallery.crop(first.id)
    assert back is not None
    np.testing.assert_array_equal(back.image_bgr, crop.image_bgr)
    np.testing.assert_array_equal(back.landmarks_xy, crop.landmarks_xy)
    assert gallery.crop(second.id) is None
    assert (first.kept, second.kept) == (True, False)


def test_the_threshold_is_remembered_by_model(gallery: Gallery) -> None:
    assert gallery.snapshot(MODEL.model_hash).threshold is None
    gallery.set_threshold(MODEL, 0.35)
    gallery.set_threshold(OTHER, 0.6)
    assert Gallery.open(gallery.path).snapshot(MODEL.model_hash).threshold == 0.35
    gallery.set_threshold(MODEL, None)
    assert gallery.snapshot(MODEL.model_hash).threshold is None
    with pytest.raises(ValueError, match="0 to 2"):
        gallery.set_threshold(MODEL, 3)


def test_ten_thousand_faces_are_matched_as_by_brute_force(gallery: Gallery) -> None:
    rng = np.random.default_rng(9)
    vectors = random_units(rng, 10_000, 128)
    for i in range(0, 10_000, 2500):
        gallery.enrol(f"Group {i}", [new_picture(v) for v in vectors[i : i + 2500]])
    snapshot = gallery.snapshot(MODEL.model_hash)
    queries = np.concatenate([vectors[[3, 4999]], random_units(rng, 5, 128)])
    names, found = snapshot.nearest(queries)
    exact = 1 - queries.astype(np.float64) @ vectors.astype(np.float64).T
    np.testing.assert_allclose(found, np.maximum(exact.min(axis=1), 0), atol=1e-6)
    assert names == tuple(f"Group {i // 2500 * 2500}" for i in exact.argmin(axis=1))
    assert found[0] == found[1] == 0


def test_a_model_is_known_by_its_file(tmp_path: Path) -> None:
    one, two = (Embedder.open(tiny_embedder(tmp_path / f"{i}.onnx", shift=float(i))) for i in range(2))
    assert EmbeddingModel(one.model_hash, one.name) != EmbeddingModel(two.model_hash, two.name)
    one.close()
    two.close()
