from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication

from detector_app.errors import CameraError, NotAVideoError, SourceNotFoundError
from detector_app.ui.translation import LANGUAGES, Translations, describe_error, resolve_language, translate


@pytest.fixture
def translations(qapp: QApplication) -> Iterator[Translations]:
    translations = Translations(qapp)
    yield translations
    translations.use("en")


def test_texts_follow_the_language_and_come_back(translations: Translations) -> None:
    assert translations.use("zh_CN") == "zh_CN"
    assert translate("Actions", "Snapshot") == "截图"
    assert translations.use("en") == "en"
    assert translate("Actions", "Snapshot") == "Snapshot"
    assert translate("Actions", "") == ""


def test_qts_own_texts_are_translated_too(translations: Translations) -> None:
    translations.use("zh_CN")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") != "Cancel"


def test_an_unknown_choice_is_english_or_the_systems() -> None:
    assert resolve_language("tlh") in LANGUAGES
    assert resolve_language("system") in LANGUAGES
    assert resolve_language("zh_CN") == "zh_CN"


@pytest.mark.parametrize(
    ("tags", "expected"),
    [(["zh-Hans-CN"], "zh_CN"), (["fr-FR", "zh_TW"], "zh_CN"), (["en-GB", "zh"], "en"), (["fr"], "en")],
)
def test_the_systems_language(monkeypatch: pytest.MonkeyPatch, tags: list[str], expected: str) -> None:
    monkeypatch.setattr(QLocale, "uiLanguages", lambda _self: tags)
    assert resolve_language("system") == expected


def test_an_error_is_told_in_the_language_with_its_details(translations: Translations) -> None:
    error = CameraError("desk", detail="busy", known="a, b")
    assert describe_error(error) == str(error)
    translations.use("zh_CN")
    text = describe_error(error)
    assert text.startswith("无法使用摄像头 desk：busy")
    assert "a, b" in text


def test_a_brace_in_a_detail_is_no_placeholder(translations: Translations) -> None:
    translations.use("zh_CN")
    assert "{weird} name.mp4" in describe_error(SourceNotFoundError("{weird} name.mp4"))


def test_a_detail_of_our_own_is_told_in_the_language_too(translations: Translations) -> None:
    translations.use("zh_CN")
    text = describe_error(NotAVideoError("x.mp4", detail="the file is empty"))
    assert "文件是空的" in text
    assert "empty" not in text
