"""No secret of an address is ever shown."""

from __future__ import annotations

import pytest

from detector_app.sources.address import shown_address


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtsp://host:554/a?b=1", "rtsp://host:554/a?b=1"),
        ("rtsp://me:hush@host:554/a", "rtsp://me@host:554/a"),
        ("rtsp://me:hu@sh@host/a", "rtsp://me@host/a"),
        ("http://host/a?user=me&password=hush&x=1", "http://host/a?user=me&password=***&x=1"),
        ("http://host/a?access_token=hush#top", "http://host/a?access_token=***#top"),
        ("http://me:hush@[bad/a", "http://[bad/a"),
    ],
)
def test_shown_address(url: str, shown: str) -> None:
    assert shown_address(url) == shown
