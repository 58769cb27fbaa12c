"""Names of classes from a text file."""

from __future__ import annotations

from pathlib import Path

from detector_app.errors import ModelError, message

MOST_BYTES = 1 << 20
_TOO_LARGE = message("it is larger than a list of names would be")
_NO_TEXT = message("it is no UTF-8 text")
_NO_NAMES = message("there is no name in it")


class NamesError(ModelError):
    """A file of class names cannot be used."""

    summary = message("{where} cannot be read as names of classes: {detail}")
    remedy = message("Choose a text file with one name in each line.")


def names_in(path: Path) -> tuple[str, ...]:
    """One name of a class in each line; empty lines are left out.

    Raises:
        NamesError: it cannot be read, is far too large, or holds none.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise NamesError(str(path), detail=_TOO_LARGE)
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NamesError(str(path), detail=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise NamesError(str(path), detail=_NO_TEXT) from error
    names = tuple(line.strip() for line in text.splitlines() if line.strip())
    if not names:
        raise NamesError(str(path), detail=_NO_NAMES)
    return names
