"""Which network a recipe comes to."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from models.detect.checkpoint import save_yolo
from models.detect.preparing import prepare
from models.detect.settings import Recipe
from models.detect.spec import ResidualTable, YoloSpec
from models.detect.yolo import Yolo
from models.errors import RecipeError
from models.provenance import Provenance
from tests.models.detect.drawn import write_coco
from tests.models.detect.tiny_run import QUICK

ANCHORS = (((10.0, 20.0), (20.0, 10.0)), ((30.0, 40.0), (40.0, 30.0)))


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    """A drawn set, and weights of a detector with two anchors a scale to start from."""
    write_coco(tmp_path / "set", 12)
    table = ResidualTable((4, 8, 8, 12, 16), (0, 0, 0, 1, 0))
    save_yolo(
        tmp_path / "old.safetensors", Yolo(YoloSpec(("a",), ANCHORS, backbone=table, input_size=128)), Provenance()
    )
    return Recipe(QUICK, (tmp_path / "set",), start=tmp_path / "old.safetensors")


def test_anchors_come_from_the_boxes(recipe: Recipe) -> None:
    anchors = prepare(recipe).spec.anchors_px
    assert [len(scale) for scale in anchors] == [1, 1]
    assert anchors[0][0] < anchors[1][0]


def test_or_from_the_weights_to_start_from_in_pixels_of_the_new_input(recipe: Recipe) -> None:
    spec = prepare(replace(recipe, settings=replace(QUICK, anchors="start", heads="slim"))).spec
    assert spec.anchors_px == (((5.0, 10.0), (10.0, 5.0)), ((15.0, 20.0), (20.0, 15.0)))
    assert (spec.heads, spec.classes) == ("slim", ("red", "green"))


def test_without_weights_there_are_none_to_take(recipe: Recipe) -> None:
    with pytest.raises(RecipeError, match="needs weights to start from; give --from"):
        prepare(replace(recipe, start=None, settings=replace(QUICK, anchors="start")))


def test_what_does_not_go_together_is_a_setting_to_mend(recipe: Recipe) -> None:
    three = replace(QUICK, anchors="start", strides=(8, 16, 32))
    with pytest.raises(RecipeError, match="strides must ascend with one anchor list each"):
        prepare(replace(recipe, settings=three))
    with pytest.raises(RecipeError, match="slim without a neck"):
        prepare(replace(recipe, settings=replace(QUICK, heads="slim", neck=(8, 8))))


def test_a_division_by_the_owner_is_followed_unless_told_otherwise(recipe: Recipe) -> None:
    folder = recipe.data[0]
    written = next(folder.glob("*.json"))
    whole = json.loads(written.read_text())
    sides = {"train": whole["images"][:9], "val": whole["images"][9:]}
    for side, images in sides.items():
        own = {image["id"] for image in images}
        boxes = [one for one in whole["annotations"] if one["image_id"] in own]
        (folder / f"annotations_{side}.json").write_text(json.dumps({**whole, "images": images, "annotations": boxes}))
    written.unlink()
    split = prepare(recipe).split
    assert {record.path.name for record in split.val} == {Path(image["file_name"]).name for image in sides["val"]}
    by_content = prepare(replace(recipe, settings=replace(QUICK, split="content"))).split
    assert {record.sha256 for record in by_content.val} != {record.sha256 for record in split.val}
