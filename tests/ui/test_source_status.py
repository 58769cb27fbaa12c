from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from detector_app.ui.source_status import status_text
from detector_app.ui.translation import Translations


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    translations = Translations(qapp)
    translations.use("zh_CN")
    yield
    translations.use("en")


@pytest.mark.parametrize(
    ("status", "text"),
    [
        ("", ""),
        ("connected", ""),
        ("connecting", "Connecting…"),
        ("reconnecting (try 12)", "Reconnecting (try 12)"),
        ("new {words}", "new {words}"),
    ],
)
def test_in_english(status: str, text: str) -> None:
    assert status_text(status) == text


@pytest.mark.usefixtures("chinese")
def test_in_chinese() -> None:
    assert status_text("reconnecting (try 3)") == "正在重新连接（第 3 次）"
