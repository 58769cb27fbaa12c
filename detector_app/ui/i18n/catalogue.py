"""Collects every text of the app into the translators' file, and compiles that for the window.

Texts of widgets are found by Qt's own tool. The texts of errors and settings are written where Qt must not be imported, so they are
asked of those modules and handed to the tool in a file made for it.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from detector_app import errors, settings

FOLDER = Path(__file__).parent
SOURCES = FOLDER.parent
LANGUAGE = "zh_CN"
_ROOMS = (
    "sources",
    "pipelines",
    "pipelines/inside",
    "pipelines/reading",
    "sinks",
    "engine",
    "result_store",
    "faces",
    "model_gallery",
    "evaluation",
    "ui/model_export",
)
"""Folders of the app whose errors the window may show."""


def catalogue(folder: Path = FOLDER) -> Path:
    """The translators' file in ``folder``."""
    return folder / f"detector_app_{LANGUAGE}.ts"


def update(folder: Path = FOLDER) -> Path:
    """Bring the translators' file up to date with the sources: new texts are added unfinished, vanished ones dropped. Returns it.

    Raises:
        subprocess.CalledProcessError: Qt's tool failed; its output is in the error.
    """
    target = catalogue(folder)
    with tempfile.TemporaryDirectory() as temporary:
        marked = Path(temporary) / "marked.py"
        marked.write_text(marked_texts(), encoding="utf-8")
        files = [*sorted(map(str, SOURCES.rglob("*.py"))), str(marked)]
        _run("lupdate", *files, "-no-obsolete", "-locations", "none", "-ts", str(target))
    return target


def compile_catalogue(folder: Path = FOLDER) -> Path:
    """Compile the translators' file for the window. Returns the compiled file.

    Raises:
        subprocess.CalledProcessError: Qt's tool failed.
    """
    source = catalogue(folder)
    target, fresh = source.with_suffix(".qm"), source.with_suffix(".new")
    _run("lrelease", str(source), "-qm", str(fresh))
    fresh.replace(target)  # a window that runs has the old file mapped into its memory
    return target


def unfinished(file: Path) -> list[str]:
    """``context: text`` of every entry in a translators' file that has no finished translation."""
    missing = []
    for context in ElementTree.parse(file).getroot().iter("context"):  # noqa: S314  (our own file)
        name = context.findtext("name", "")
        for entry in context.iter("message"):
            translation = entry.find("translation")
            if translation is None or translation.get("type") or not "".join(translation.itertext()).strip():
                missing.append(f"{name}: {entry.findtext('source', '')}")
    return missing


def marked_texts() -> str:
    """The texts of errors and settings as Python source that Qt's tool understands."""
    pairs = [*(("errors", text) for text in _error_texts()), *(("settings", text) for text in _setting_texts())]
    lines = [
        f"QT_TRANSLATE_NOOP({json.dumps(c)}, {json.dumps(t, ensure_ascii=False)})" for c, t in dict.fromkeys(pairs)
    ]
    return "\n".join(lines) + "\n"


def _error_texts() -> Iterator[str]:
    """Of the errors that the window may show. Those of single commands are told in the terminal."""
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.DetectorError):
            yield from (kind.summary, kind.remedy)
    for room in _ROOMS:
        for module in sorted((SOURCES.parent / room).glob("*.py")):
            yield from details(module.read_text(encoding="utf-8"))


def details(source: str) -> Iterator[str]:
    """What a module's errors give as ``detail``: sentences written there as they are, or marked with ``message``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg == "detail":
            yield from _sentences(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "message":
            yield from (text for argument in node.args for text in _sentences(argument))


def _sentences(node: ast.expr) -> Iterator[str]:
    """The text that ``node`` is, or the two that it chooses from."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_sentences(node.body), *_sentences(node.orelse))


def _setting_texts() -> Iterator[str]:
    for row in settings.TABLE.values():
        yield from (row.group, row.label, row.description)


def _run(tool: str, *arguments: str) -> None:
    program = Path(sys.executable).parent / f"pyside6-{tool}"
    subprocess.run([str(program), *arguments], check=True, capture_output=True, text=True)  # noqa: S603
