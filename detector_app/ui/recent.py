"""What was opened lately, and the window's shape: kept between runs in one small file."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from platformdirs import user_state_path
from PySide6.QtCore import QByteArray, QSettings

from detector_app.settings import APP_NAME


def default_store() -> QSettings:
    """The file that is used unless a test brings its own."""
    return QSettings(str(user_state_path(APP_NAME, appauthor=False) / "window.ini"), QSettings.Format.IniFormat)


def without_password(spec: str) -> str:
    """``spec`` without a password if it is an address; a list on disk is no place for secrets."""
    parts = urlsplit(spec)
    if "@" not in parts.netloc:
        return spec
    user, host = parts.netloc.rsplit("@", 1)
    return urlunsplit(parts._replace(netloc=f"{user.split(':')[0]}@{host}"))


class RecentList:
    """Specs or paths, newest first, each once, at most ``limit``."""

    def __init__(self, store: QSettings, key: str, limit: int = 10) -> None:
        self._store, self._key = store, f"recent/{key}"
        self.limit = limit

    def items(self) -> list[str]:
        """The kept entries, newest first."""
        kept = self._store.value(self._key, [])
        # A list of one comes back from an ini file as a plain string, an empty one as None.
        listed = kept if isinstance(kept, list) else [kept]
        return [str(item) for item in listed if item][: self.limit]

    def add(self, item: str) -> None:
        """Put ``item`` first, without its password."""
        clean = without_password(item)
        self._write([clean, *(other for other in self.items() if other != clean)][: self.limit])

    def remove(self, item: str) -> None:
        """Forget ``item``, because it is gone."""
        self._write([other for other in self.items() if other != item])

    def clear(self) -> None:
        """Forget all."""
        self._write([])

    def _write(self, items: list[str]) -> None:
        self._store.setValue(self._key, items)


class WindowShape:
    """Geometry and whether the panel is shown, kept between runs."""

    def __init__(self, store: QSettings) -> None:
        self._store = store

    @property
    def geometry(self) -> QByteArray | None:
        """As ``QWidget.saveGeometry`` gave it, or None on the first run."""
        kept = self._store.value("window/geometry")
        return kept if isinstance(kept, QByteArray) else None

    @property
    def panel_shown(self) -> bool:
        """Whether the detection panel was shown."""
        return str(self._store.value("window/panel", "true")).lower() == "true"

    def keep(self, geometry: QByteArray, *, panel_shown: bool) -> None:
        """Store both."""
        self._store.setValue("window/geometry", geometry)
        self._store.setValue("window/panel", panel_shown)


class LastFolders:
    """The folder where a file dialog of a kind was last used."""

    def __init__(self, store: QSettings) -> None:
        self._store = store

    def get(self, kind: str) -> str:
        """The folder for ``kind``, or the home folder when it is unknown or gone."""
        kept = str(self._store.value(f"folders/{kind}", ""))
        return kept if kept and Path(kept).is_dir() else str(Path.home())

    def keep(self, kind: str, chosen: str) -> None:
        """Remember the folder of the chosen file, or the chosen folder itself."""
        path = Path(chosen)
        self._store.setValue(f"folders/{kind}", str(path if path.is_dir() else path.parent))
