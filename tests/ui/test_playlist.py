from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detector_app.ui.playlist import Playlist


def test_an_empty_list_has_nothing() -> None:
    assert Playlist().current is None
    assert Playlist().moved(1).current is None
    assert not Playlist().has_next
    assert not Playlist().has_previous


@given(st.lists(st.text(), min_size=1, max_size=5), st.lists(st.integers(-3, 3)))
def test_moving_never_leaves_the_list(specs: list[str], moves: list[int]) -> None:
    playlist = Playlist(tuple(specs))
    for by in moves:
        playlist = playlist.moved(by)
        assert 0 <= playlist.position < len(specs)
        assert playlist.current == specs[playlist.position]
        assert playlist.has_next == (playlist.position < len(specs) - 1)
        assert playlist.has_previous == (playlist.position > 0)
