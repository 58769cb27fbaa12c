from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from detector_app import errors
from detector_app.settings import TABLE
from detector_app.ui.i18n.catalogue import (
    FOLDER,
    catalogue,
    compile_catalogue,
    details,
    marked_texts,
    unfinished,
    update,
)

_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\d|%n")


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the translators' file, brought up to date with the sources."""
    folder = tmp_path_factory.mktemp("i18n")
    shutil.copy(catalogue(), folder)
    return update(folder)


def entries(file: Path) -> list[tuple[str, str, str]]:
    """Context, text, translation."""
    contexts = ElementTree.parse(file).getroot().iter("context")
    return [
        (context.findtext("name", ""), entry.findtext("source", ""), entry.findtext("translation", ""))
        for context in contexts
        for entry in context.iter("message")
    ]


def test_every_text_has_a_translation(updated: Path) -> None:
    assert unfinished(updated) == [], "translate these, then run: python -m detector_app.ui.i18n"


def test_the_file_in_the_repository_is_up_to_date(updated: Path) -> None:
    assert entries(catalogue()) == entries(updated), "run: python -m detector_app.ui.i18n"


def test_the_compiled_file_is_up_to_date(updated: Path) -> None:
    compiled = compile_catalogue(updated.parent)
    assert compiled.read_bytes() == (FOLDER / compiled.name).read_bytes(), "run: python -m detector_app.ui.i18n"


def test_translations_keep_the_placeholders(updated: Path) -> None:
    for context, text, translation in entries(updated):
        assert sorted(_PLACEHOLDER.findall(text)) == sorted(_PLACEHOLDER.findall(translation)), f"{context}: {text}"


def test_errors_and_settings_are_among_the_texts(updated: Path) -> None:
    found = {(context, text) for context, text, _ in entries(updated)}
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.DetectorError)
    ]
    assert len(kinds) > 20
    assert {("errors", text) for kind in kinds for text in (kind.summary, kind.remedy)} <= found
    assert {("settings", text) for row in TABLE.values() for text in (row.group, row.label, row.description)} <= found


def test_no_machine_path_is_in_the_file() -> None:
    assert "<location" not in catalogue().read_text(encoding="utf-8")


def test_a_missing_translation_is_found(updated: Path, tmp_path: Path) -> None:
    text = updated.read_text(encoding="utf-8").replace(
        "<translation>截图</translation>", '<translation type="unfinished"></translation>'
    )
    (tmp_path / "broken.ts").write_text(text, encoding="utf-8")
    assert "Actions: Snapshot" in unfinished(tmp_path / "broken.ts")


def test_quotes_and_braces_survive_the_way_to_the_tool() -> None:
    assert r'QT_TRANSLATE_NOOP("errors", "{where} needs the decoder “{found}”' in marked_texts()


def test_details_of_errors_are_found_where_they_are_written() -> None:
    source = """
def fail(name, broken, number):
    raise NotAVideoError(name, detail="it is empty" if number else "it is gone")
    raise NotAVideoError(name, detail=f"it holds {number} videos")
    raise NotAVideoError(name, detail=why(broken))

def why(broken):
    return message("it is broken") if broken else "not for people"
"""
    assert list(details(source)) == ["it is empty", "it is gone", "it is broken"]


def test_details_of_errors_are_among_the_texts() -> None:
    assert r'QT_TRANSLATE_NOOP("errors", "the file is empty")' in marked_texts()
