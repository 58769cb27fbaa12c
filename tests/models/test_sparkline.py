from hypothesis import given
from hypothesis import strategies as st

from models.sparkline import sparkline
from models.terminal_progress import in_words


def test_a_falling_line() -> None:
    assert sparkline([7, 6, 5, 4, 3, 2, 1, 0]) == "█▇▆▅▄▃▂▁"


def test_a_terminal_without_blocks_gets_plain_letters() -> None:
    assert sparkline([0, 7], encoding="cp1252") == "_#"


def test_the_scale_is_that_of_all_values_not_of_the_shown_ones_alone() -> None:
    assert sparkline([0, -7, 0], width=2) == "██"


@given(st.lists(st.floats(-1e6, 1e6), max_size=60), st.integers(1, 20))
def test_it_is_never_wider_than_asked_and_ends_with_the_latest(values: list[float], width: int) -> None:
    line = sparkline(values, width)
    assert len(line) == min(len(values), width)
    if len(values) > 1 and width > 1 and max(values) > min(values) and values[-1] == max(values):
        assert line[-1] == "█"


def test_seconds_in_words() -> None:
    assert [in_words(seconds) for seconds in (0, 45, 600, 11100)] == ["0 s", "45 s", "10 min", "3 h 05 min"]
