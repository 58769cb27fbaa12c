"""Where settings are kept: a JSON file that is complete at every moment."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import os
import threading
from pathlib import Path

from platformdirs import user_config_path

from detector_app.errors import SettingError
from detector_app.settings import APP_NAME, Settings, changed

log = logging.getLogger(__name__)


class SettingsStore:
    """Settings as a JSON file, by default in the user's configuration folder."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or user_config_path(APP_NAME, appauthor=False) / "settings.json"

    def load(self) -> Settings:
        """What was saved; defaults where nothing was.

        A file that is no JSON object is set aside as ``settings.json.broken`` with a warning in the log; single values that are not
        allowed any more become their defaults, also with a warning. Never raises for what the file holds.
        """
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Settings()
        except (OSError, ValueError) as error:
            return self._set_aside(str(error))
        return self._checked(data) if isinstance(data, dict) else self._set_aside(f"a {type(data).__name__}")

    def save(self, settings: Settings) -> None:
        """Write all settings; the file is complete at every moment.

        Raises:
            SettingError: the file cannot be written.
        """
        text = json.dumps(dataclasses.asdict(settings), indent=2, ensure_ascii=False) + "\n"
        try:
            write_atomically(self.path, text)
        except OSError as error:
            raise SettingError(str(self.path), found=str(error), expected="writable") from error

    def _checked(self, data: dict[str, object]) -> Settings:
        settings = Settings()
        for name, value in data.items():
            try:
                settings = changed(settings, **{name: value})
            except SettingError as error:
                log.warning("%s: %s", self.path, error)
        return settings

    def _set_aside(self, reason: str) -> Settings:
        log.warning("The settings in %s cannot be read (%s); they are set aside and defaults used.", self.path, reason)
        with contextlib.suppress(OSError):
            self.path.replace(self.path.with_name(self.path.name + ".broken"))
        return Settings()


def write_atomically(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` as UTF-8 through a temporary neighbour, so that nobody ever reads half a file. Makes the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
