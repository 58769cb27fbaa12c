from typing import Any

import pytest

from models.backbones.registry import create, describe, names
from models.errors import RecipeError


def test_names_lead_to_their_rows() -> None:
    assert "lenet5" in names()
    for name in names():
        assert describe(name).name == name


def test_unknown_names_are_answered_with_near_ones() -> None:
    with pytest.raises(RecipeError, match="no network is called 'lenet'; did you mean lenet5"):
        describe("lenet")
    with pytest.raises(RecipeError, match="no network is called 'quux'; there are: lenet5"):
        create("quux")


def test_options_are_checked() -> None:
    with pytest.raises(RecipeError, match="lenet5 has no option 'activasion'; did you mean activation"):
        create("lenet5", activasion="tanh")
    with pytest.raises(RecipeError, match="option activation is 1; it must be str, as its default 'tanh' is"):
        create("lenet5", activation=1)
    with pytest.raises(RecipeError, match="0 classes asked for"):
        create("lenet5", classes=0)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("resnet18", {"width": float("nan")}, "resnet18: option width is nan; it must be 0.01 to 16"),
        ("resnet18", {"width": 0.0}, "option width is 0.0; it must be"),
        ("googlenet", {"width": float("inf")}, "option width is inf; it must be"),
        ("vgg11", {"width": 1e9}, "option width is 1000000000.0; it must be"),
        ("alexnet", {"dropout": 2.0}, "alexnet: option dropout is 2.0; it must be 0 to 1"),
        ("lenet5", {"classes": 10**20}, "classes asked for; it must be 1 to 1,000,000"),
    ],
)
def test_numbers_out_of_range_are_refused(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        create(name, **options)
