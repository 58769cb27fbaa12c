"""The language of the window: which one, and switching it while the app runs.

Source texts are English. Texts that live in tables are marked with :func:`QT_TRANSLATE_NOOP` where they are written and
translated with :func:`translate` where they are shown; texts of widgets go through ``self.tr``.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from detector_app.errors import DetectorError

I18N_FOLDER = Path(__file__).parent / "i18n"
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
"""Languages that the window speaks, each by its own name."""
_STOPS = (".", "!", "?", "。", "！", "？")


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Mark ``text`` for the translators' tools, which know this name, and return it unchanged."""
    del context  # read from the source by the tools
    return text


def translate(context: str, text: str) -> str:
    """``text`` in the present language; empty stays empty (Qt would give the translation file's header)."""
    return QCoreApplication.translate(context, text) if text else ""


def describe_error(error: DetectorError) -> str:
    """What happened and what mends it, in the present language, on one line."""
    # Details that are sentences of our own are translated, those of other libraries stay as they are.
    details = {name: translate("errors", text) for name, text in error.details.items() if isinstance(text, str)}
    summary, remedy = (
        _one_line(error.fill(translate("errors", template), **(details | {"where": error.where})))
        for template in (type(error).summary, type(error).remedy)
    )
    # Details that come from elsewhere may end without a full stop; which one, and whether a space follows, is the language's.
    if summary.endswith(_STOPS):
        together = QCoreApplication.translate("Sentences", "{first} {second}")
    else:
        together = QCoreApplication.translate("Sentences", "{first}. {second}")
    return together.format(first=summary, second=remedy).strip()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def resolve_language(choice: str) -> str:
    """The language to use for "system" or a key of :data:`LANGUAGES`; one that is not known is English."""
    if choice in LANGUAGES:
        return choice
    preferred = QLocale.system().uiLanguages()
    return next((found for found in map(_known_language, preferred) if found), "en")


def _known_language(tag: str) -> str | None:
    # Any Chinese is better read in Simplified Chinese than in English.
    code = tag.replace("_", "-").split("-")[0].lower()
    return {"zh": "zh_CN", "en": "en"}.get(code)


class Translations:
    """The translators that are installed in the application; :meth:`use` replaces them and Qt tells every widget."""

    def __init__(self, application: QCoreApplication) -> None:
        self._application = application
        self._installed: list[QTranslator] = []

    def use(self, choice: str) -> str:
        """Switch to "system" or a key of :data:`LANGUAGES`; returns the language that is used now."""
        language = resolve_language(choice)
        for translator in self._installed:
            self._application.removeTranslator(translator)
        qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        files = [Path(qt_folder) / f"qtbase_{language}.qm", I18N_FOLDER / f"detector_app_{language}.qm"]
        self._installed = [t for t in map(self._load, files) if t is not None]
        QLocale.setDefault(QLocale(language))
        for translator in self._installed:
            self._application.installTranslator(translator)
        return language

    @staticmethod
    def _load(file: Path) -> QTranslator | None:
        translator = QTranslator()
        return translator if file.is_file() and translator.load(str(file)) else None
