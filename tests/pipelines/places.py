"""Where one candidate comes from, as a tuple to compare with."""

from __future__ import annotations

import numpy as np

from detector_app.pipelines.candidates import Decoder, Outputs, Size


def place_of(decoder: Decoder, outputs: Outputs, candidate_id: int, input_wh: Size) -> tuple[int, ...] | None:
    """Head, stride, row, column and anchor of a candidate of the first picture; None if that is not told."""
    places = decoder.evidence(outputs, 0, np.array([candidate_id]), input_wh).places
    if places is None:
        return None
    return tuple(int(c[0]) for c in (places.head, places.stride_px, places.row, places.column, places.anchor))
