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
