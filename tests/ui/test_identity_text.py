from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from detector_app.ui.identity_text import chip_text, colour_name, shown_name
from detector_app.ui.translation import Translations
from detector_app.vision.identity import Identity
from tests.ui.results import detections

FACE = replace(
    detections(("cup", 0.99, (0.0, 0.0, 10.0, 10.0))), class_names=("face",), class_ids=np.zeros(1, np.int64)
)


@pytest.mark.parametrize(
    ("identity", "chip", "name", "colour"),
    [
        (None, "face 0.99", "face", "face"),
        (Identity("Anna", 0.214, known=True), "Anna 0.21", "Anna", "Anna"),
        (Identity("Anna", 0.741), "unknown 0.74", "unknown", "face"),
        (Identity(), "unknown", "unknown", "face"),
        (Identity(refusal="too small"), "face · too small", "face · too small", "face"),
    ],
)
def test_a_face_is_called_by_what_is_known(
    qapp: QApplication, identity: Identity | None, chip: str, name: str, colour: str
) -> None:
    found = replace(FACE, identities=(identity,))
    assert (chip_text(found, 0), shown_name(found, 0), colour_name(found, 0)) == (chip, name, colour)


def test_nobody_was_asked(qapp: QApplication) -> None:
    assert chip_text(FACE, 0) == "face 0.99"


def test_it_speaks_chinese(qapp: QApplication) -> None:
    translations = Translations(qapp)
    translations.use("zh_CN")
    try:
        assert not shown_name(replace(FACE, identities=(Identity("Anna", 0.9),)), 0).isascii()
        assert not shown_name(replace(FACE, identities=(Identity(refusal="too small"),)), 0).isascii()
    finally:
        translations.use("en")
