import pytest

from models.figure_style import shortened


@pytest.mark.parametrize("text", ["", "cup", "x" * 30])
def test_short_names_stay(text: str) -> None:
    assert shortened(text) == text


def test_long_names_keep_both_ends() -> None:
    short = shortened("traffic light in the rain, number 12", 16)
    assert short == "traffic…mber 12"
    assert len(short) <= 16
