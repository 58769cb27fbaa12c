from pathlib import Path

import pytest

from models.classify.settings import ClassifySettings, parse_options, parse_size, read_recipe
from models.errors import RecipeError


def write(folder: Path, text: str) -> Path:
    path = folder / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_recipe_names_data_network_and_settings(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '[data]\npath = "flowers"\n[model]\nname = "resnet18"\nsize = [96, 128]\n[model.options]\nwidth = 0.5\n'
        '[notes]\nflowers = "MIT; somebody"\n[settings]\nepochs = 3\nmirror = 0\n',
    )
    recipe = read_recipe(path, Path("/top"))
    assert recipe.data == str(Path("/top/flowers"))
    assert (recipe.model, recipe.size_hw, dict(recipe.options)) == ("resnet18", (96, 128), {"width": 0.5})
    assert recipe.notes == {"flowers": "MIT; somebody"}
    assert (recipe.settings.epochs, recipe.settings.mirror) == (3, 0.0)


def test_the_built_in_set_is_no_path(tmp_path: Path) -> None:
    assert read_recipe(write(tmp_path, '[data]\npath = "digits"\n'), Path("/top")).data == "digits"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[settings]\nepoch = 3\n", "unknown setting 'epoch'"),
        ("[settings]\nepochs = 0\n", "epochs = 0 is out of bounds"),
        ("[training]\n", r"unknown tables \['training'\]"),
        ("= 3", "not a readable recipe"),
    ],
)
def test_bad_recipes_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        read_recipe(write(tmp_path, text), tmp_path)


def test_the_committed_recipe_is_one(repository: Path) -> None:
    recipe = read_recipe(repository / "models" / "recipes" / "digits.toml", Path())
    assert (recipe.data, recipe.model) == ("digits", "lenet5")


def test_sizes() -> None:
    assert parse_size("96,128") == (96, 128)
    assert parse_size("224") == (224, 224)
    for text in ("", "3", "96x96", "96,96,3", "-32"):
        with pytest.raises(RecipeError, match="size"):
            parse_size(text)


def test_options_take_the_type_that_they_look_like() -> None:
    assert parse_options(["groups=2", "width=0.5", "lrn=true", "activation=relu"]) == {
        "groups": 2,
        "width": 0.5,
        "lrn": True,
        "activation": "relu",
    }
    with pytest.raises(RecipeError, match="NAME=VALUE"):
        parse_options(["groups"])


def test_strengths_have_bounds() -> None:
    with pytest.raises(RecipeError, match=r"mirror = 1\.5 is out of bounds"):
        ClassifySettings(mirror=1.5)
