"""Which network a recipe comes to."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from models.detect.preparing import Prepared, prepare
from models.detect.recipe import Recipe
from models.detect.yolo_architecture import YOLO
from models.errors import RecipeError
from tests.models.detect.drawn import write_coco
from tests.models.detect.tiny_run import QUICK


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    """A drawn set."""
    write_coco(tmp_path / "set", 12)
    return Recipe(QUICK, (tmp_path / "set",))


def prepared(recipe: Recipe) -> Prepared:
    return prepare(recipe, YOLO)


def test_anchors_come_from_the_boxes(recipe: Recipe) -> None:
    anchors = prepared(recipe).spec.anchors_px
    assert [len(scale) for scale in anchors] == [1, 1]
    assert anchors[0][0] < anchors[1][0]


def test_what_does_not_go_together_is_a_setting_to_mend(recipe: Recipe) -> None:
    with pytest.raises(RecipeError, match="the neck needs one width for each of the strides"):
        prepared(replace(recipe, settings=replace(QUICK, neck=(8,))))
    with pytest.raises(RecipeError, match="slim without a neck"):
        prepared(replace(recipe, settings=replace(QUICK, heads="slim", neck=(8, 8))))


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
    split = prepared(recipe).split
    assert {record.path.name for record in split.val} == {Path(image["file_name"]).name for image in sides["val"]}
    by_content = prepared(replace(recipe, settings=replace(QUICK, split="content"))).split
    assert {record.sha256 for record in by_content.val} != {record.sha256 for record in split.val}
