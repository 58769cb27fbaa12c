"""What a data set's licence asks to be said, read from the files that lie beside the data."""

import re
from pathlib import Path


def stated_licence(folder: Path, note: str | None = None) -> tuple[str, str]:
    """Licence and attribution of a data set.

    Args:
        folder: may hold ORIGIN.md, or LICENSE or LICENCE with any suffix.
        note: "licence; attribution", which replaces what the files say.
    """
    if note is not None:
        licence, _, attribution = note.partition(";")
        return licence.strip(), attribution.strip()
    origin = folder / "ORIGIN.md"
    text = origin.read_text(encoding="utf-8") if origin.is_file() else ""
    named = re.search(r"licen[cs]e:\s*(.+)", text, re.IGNORECASE)
    repository = re.search(r"repository:\s*(\S+)", text, re.IGNORECASE)
    stated = named.group(1) if named else _first_line_of_licence(folder)
    return stated, repository.group(1) if repository else ""


def _first_line_of_licence(folder: Path) -> str:
    for file in sorted(folder.glob("LICEN[CS]E*")):
        lines = (line.strip() for line in file.read_text(encoding="utf-8", errors="replace").splitlines())
        return next((line for line in lines if line), "not stated")
    return "not stated"
