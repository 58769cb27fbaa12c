from dataclasses import fields
from pathlib import Path

import pytest

from models.detect.recipe import read_recipe
from models.detect.yolo_settings import YoloSettings
from models.errors import RecipeError
from models.setting_table import convert, item_type


def test_every_setting_is_described_and_its_default_within_bounds() -> None:
    YoloSettings()
    for one in fields(YoloSettings):
        assert one.metadata["help"]
        assert item_type(YoloSettings, one) in (int, float, str)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"epochs": 0}, "epochs = 0 is out of bounds; it must be at least 1$"),
        ({"mosaic": 1.5}, "between 0 and 1"),
        ({"input_size": 300}, "multiples of 32"),
        ({"train_sizes": (320, 330)}, "multiples of 32"),
        ({"heads": "thick"}, "heads = 'thick': one of wide, slim expected"),
        ({"box_term": "giou"}, "box_term = 'giou': one of ciou, squared expected"),
        ({"split": "mine"}, "split = 'mine': one of own, content expected"),
    ],
)
def test_values_out_of_bounds_are_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        YoloSettings(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("epochs", 3, 3),
        ("learning_rate", 1, 1.0),
        ("strides", [8, 16], (8, 16)),
        ("strides", 16, (16,)),
        ("box_term", "ciou", "ciou"),
    ],
)
def test_toml_values_become_settings(name: str, value: object, expected: object) -> None:
    assert convert(YoloSettings, name, value) == expected


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("epoch", 3, "unknown setting 'epoch'; known are split, "),
        ("epochs", 3.5, "int expected"),
        ("epochs", "3", "int expected"),
        ("epochs", True, "int expected"),
        ("epochs", [3], "one int expected"),
        ("strides", ["16"], "int expected"),
    ],
)
def test_wrong_values_are_refused_by_name(name: str, value: object, said: str) -> None:
    with pytest.raises(RecipeError, match=said):
        convert(YoloSettings, name, value)


def test_a_recipe_is_read(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text('[data]\npaths = ["one"]\nclasses = ["a"]\n[notes]\none = "MIT"\n[settings]\nepochs = 2\n')
    recipe = read_recipe(path, tmp_path / "root")
    assert recipe.data == (tmp_path / "root" / "one",)
    assert recipe.classes == ("a",)
    assert recipe.notes == {"one": "MIT"}
    assert recipe.settings == YoloSettings(epochs=2)


def test_a_recipe_names_its_model(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text('model = "yolo"\n[data]\npaths = ["one"]\n')
    assert read_recipe(path, tmp_path).model == "yolo"
    path.write_text('model = "ssd"\n')
    with pytest.raises(RecipeError, match="no model is called 'ssd'"):
        read_recipe(path, tmp_path)
    assert read_recipe(path, tmp_path, "yolo").model == "yolo"


@pytest.mark.parametrize("text", ["[settings", "[set]\n", "[settings]\nspeed = 3\n"])
def test_a_wrong_recipe_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "recipe.toml").write_text(text)
    with pytest.raises(RecipeError):
        read_recipe(tmp_path / "recipe.toml", tmp_path)


def test_a_missing_recipe_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"none\.toml"):
        read_recipe(tmp_path / "none.toml", tmp_path)


def test_the_recipes_of_this_repository_are_valid(repository: Path) -> None:
    recipes = [repository / "models" / "recipes" / f"{name}.toml" for name in ("desk_objects", "blood_cells")]
    for path in recipes:
        recipe = read_recipe(path, Path("data"))
        assert recipe.data
        assert set(recipe.notes) <= {data.name for data in (*recipe.data, *recipe.backgrounds)}


def test_the_second_domain_is_trained_by_the_same_settings(repository: Path) -> None:
    recipes = repository / "models" / "recipes"
    one, other = (read_recipe(recipes / f"{name}.toml", Path("data")) for name in ("desk_objects", "blood_cells"))
    assert one.settings == other.settings
    assert one.start == other.start
