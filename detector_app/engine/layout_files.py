"""Files of lines and zones."""

from __future__ import annotations

from pathlib import Path

from detector_app.errors import ZonesError
from detector_app.sinks.writing import replaced_whole
from detector_app.vision.zone_format import MOST_CHARACTERS, layout_from, layout_text
from detector_app.vision.zones import Layout


def read_layout(path: Path) -> Layout:
    """The lines and zones in ``path``; see :mod:`detector_app.vision.zone_format`.

    Raises:
        ZonesError: it cannot be read, or holds something else.
    """
    try:
        with path.open("rb") as file:
            data = file.read(4 * MOST_CHARACTERS + 1)
        if len(data) > 4 * MOST_CHARACTERS:
            raise ZonesError(str(path), detail="it is too large")
        return layout_from(data.decode("utf-8-sig"), str(path))
    except OSError as error:
        raise ZonesError(str(path), detail=error.strerror or str(error)) from error
    except UnicodeDecodeError:
        raise ZonesError(str(path), detail="it is not text in UTF-8") from None


def write_layout(path: Path, layout: Layout) -> None:
    """Write ``layout`` to ``path``.

    Raises:
        DiskFullError, SinkError: it cannot be written; what was there before is untouched.
    """
    with replaced_whole(path) as part:
        part.write_text(layout_text(layout), encoding="utf-8")
