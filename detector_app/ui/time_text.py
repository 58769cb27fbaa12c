"""Times as people read them."""

from __future__ import annotations


def clock(seconds: float, *, like: float | None = None) -> str:
    """``mm:ss.mmm``, with hours in front when ``like`` (by default ``seconds`` itself) has any, so that two times are equally wide.

    Negative times count as 0.
    """
    hours_shown = (seconds if like is None else like) >= 3600
    whole_s, ms = divmod(round(1000 * max(0.0, seconds)), 1000)
    minutes, s = divmod(whole_s, 60)
    hours, m = divmod(minutes, 60)
    return f"{hours}:{m:02}:{s:02}.{ms:03}" if hours_shown or hours else f"{minutes:02}:{s:02}.{ms:03}"
