"""A variant is judged on annotated pictures, and refused when it finds less."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import onnx
import pytest

from detector_app.model_card import ModelCard
from detector_app.parity import ParityReport
from export.draft import Draft
from export.errors import ExportError
from export.judging import Verdict, judge, refuse_beyond
from export.labelled import Labelled, given, sibling
from export.precision import Chosen, half_variant, int8_variant
from export.proof import Proof
from tests.export.squares import draw_pictures, squares_model, squares_recipe, write_coco, write_yolo
from tests.onnx_files import classifier_card

CALIBRATED, JUDGED = 20, 6


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures to calibrate with, and six others with annotations beside them."""
    draw_pictures(tmp_path / "images", CALIBRATED, seed=1)
    drawn = draw_pictures(tmp_path / "val", JUDGED)
    write_coco(tmp_path / "annotations_val.json", drawn)
    return tmp_path


def draft_of(model: onnx.ModelProto, card: ModelCard) -> Draft:
    return Draft(squares_recipe(), model, card, Proof(ParityReport((), True, 18, "", "")))


def quantised(folder: Path, stretch: float, **options: float) -> Draft:
    variant = int8_variant(Chosen(folder / "images", **options))
    model, card = variant.change(*squares_model(stretch))
    assert variant.judge is not None
    return variant.judge(draft_of(model, card))


def test_eight_bits_that_find_all_are_kept_with_both_figures(folder: Path) -> None:
    draft = quantised(folder, 1.0)
    assert draft.card.precision == "int8"
    assert draft.card.metrics["mAP50/float32"] > 0.95
    assert draft.card.metrics["mAP50/int8"] == pytest.approx(draft.card.metrics["mAP50/float32"], abs=0.02)
    (note,) = draft.proof.report.notes
    assert "ranges from 20 pictures" in note
    assert "6 pictures of annotations_val.json" in note
    assert [row.output for row in draft.proof.report.rows] == ["head_16"]


def test_eight_bits_that_lose_a_class_are_refused(folder: Path) -> None:
    with pytest.raises(ExportError, match=r"mAP50 falls by 0\.\d+ with int8, from .* 0\.02 is allowed"):
        quantised(folder, 1000.0)
    assert quantised(folder, 1000.0, largest_drop=1.0).card.precision == "int8"


def test_half_precision_is_judged_if_there_are_pictures(folder: Path) -> None:
    variant = half_variant(Chosen(None, folder / "annotations_val.json", folder / "val"))
    model, card = variant.change(*squares_model())
    assert variant.judge is not None
    draft = variant.judge(draft_of(model, card))
    assert draft.card.metrics["mAP50/float16"] == pytest.approx(draft.card.metrics["mAP50/float32"], abs=1e-6)
    alone = half_variant(Chosen())
    model, card = alone.change(*squares_model())
    assert alone.judge is not None
    assert "not judged" in alone.judge(draft_of(model, card)).proof.report.notes[0]


def test_without_annotations_eight_bits_are_refused_before_the_work(folder: Path) -> None:
    (folder / "annotations_val.json").unlink()
    with pytest.raises(ExportError, match="no annotated pictures beside it"):
        int8_variant(Chosen(folder / "images")).change(*squares_model())


def test_yolo_labels_beside_the_pictures_are_read(tmp_path: Path) -> None:
    drawn = draw_pictures(tmp_path / "images", 3)
    write_yolo(tmp_path, drawn)
    _, card = squares_model()
    (tmp_path / "made").mkdir()
    found = sibling(tmp_path / "images", card, tmp_path / "made")
    assert found is not None
    assert found.annotations is not None
    coco = json.loads(found.annotations.read_text())
    again = json.loads(write_coco(tmp_path / "same.json", drawn).read_text())
    assert [one["bbox"] for one in coco["annotations"]] == [pytest.approx(one["bbox"]) for one in again["annotations"]]
    assert {path.name for path in found.files()} == {"0.png", "1.png", "2.png"}
    assert all(path.is_file() for path in found.files())
    (tmp_path / "labels" / "0.txt").write_text("red 1 2")
    with pytest.raises(ExportError, match="“red 1 2” is no label"):
        sibling(tmp_path / "images", card, tmp_path / "made")


def test_names_that_lead_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    place = tmp_path / "set"
    place.mkdir()
    draw_pictures(tmp_path / "other", 1)
    (place / "labels").mkdir()
    (place / "labels" / "0.txt").write_text("0 0.5 0.5 0.1 0.1")
    (place / "val.txt").write_text("../other/0.png")
    assert sibling(place, squares_model()[1], tmp_path) is None


def test_annotations_are_named_in_full_or_not_at_all(folder: Path) -> None:
    _, card = squares_model()
    assert given(None, None, card) is None
    for listed, images in ((folder / "annotations_val.json", None), (None, folder / "val")):
        with pytest.raises(ExportError, match="only in part"):
            given(listed, images, card)
    found = given(None, folder / "val", classifier_card())
    assert found is not None
    assert len(found.files()) == JUDGED
    with pytest.raises(ExportError, match="no such folder"):
        given(folder / "annotations_val.json", folder / "none", card)
    (folder / "annotations_val.json").write_text('{"images": [], "annotations": [], "categories": []}')
    with pytest.raises(ExportError, match="nothing on them"):
        given(folder / "annotations_val.json", folder / "val", card)


def test_a_classifier_is_judged_in_the_folder_beside(tmp_path: Path) -> None:
    for name in ("train", "val"):
        (tmp_path / name).mkdir()
    found = sibling(tmp_path / "train", classifier_card(), tmp_path)
    assert found is not None
    assert found.images == tmp_path / "val"
    shutil.rmtree(tmp_path / "val")
    assert sibling(tmp_path / "train", classifier_card(), tmp_path) is None


def test_the_limit_is_the_limit() -> None:
    _, card = squares_model()
    refuse_beyond(Verdict("mAP50", 0.9, 0.88, 10), card, 0.0201)
    refuse_beyond(Verdict("mAP50", 0.9, 0.95, 10), card, 0.0)
    with pytest.raises(ExportError, match=r"falls by 0\.0300"):
        refuse_beyond(Verdict("mAP50", 0.9, 0.87, 10), card, 0.02)
    with pytest.raises(ExportError, match="they prove nothing"):
        refuse_beyond(Verdict("mAP50", 0.0, 0.0, 10), card, 0.02)


def test_what_cannot_be_judged_is_told(folder: Path) -> None:
    model, card = squares_model()
    on = Labelled(folder / "val", folder / "annotations_val.json", "these")
    with pytest.raises(ExportError, match="task embed cannot be judged"):
        judge(model, model, (replace(card, task="embed"), card), on)
    (folder / "val" / "0.png").unlink()
    with pytest.raises(ExportError, match=r"could not be judged on these: .*0\.png"):
        judge(model, model, (card, card), on)
