"""``detector-app info FILE --guess``: how a file without a card would be read, with the evidence, and the card to be saved."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detector_app.pipelines.reading.reading import Reading

LABEL_WIDTH, SURE_WIDTH, LINE_WIDTH = 16, 12, 110


def guess(path: Path, *, save: bool, as_json: bool) -> tuple[str, bool]:
    """What is to be printed, and whether the reading is complete.

    Args:
        path: of the model; a card that it has is passed over.
        save: write the card beside it, which fails while something is missing.
        as_json: as JSON instead of a table.

    Raises:
        ModelError: the file cannot be opened, the reading is incomplete, or the card cannot be written.
    """
    from detector_app.pipelines.reading.copying import saved_sidecar
    from detector_app.pipelines.reading.file_reading import read_file

    file = read_file(path, guess=True)
    reading = file.reading()
    saved: Path | None = None
    if save:
        saved = saved_sidecar(path, file.card_for())
    text = _as_json(path, reading, saved) if as_json else "\n".join(_lines(path, reading, saved))
    return text, not reading.missing


def _lines(path: Path, reading: Reading, saved: Path | None) -> Iterator[str]:
    from detector_app.pipelines.reading.reading import LABELS
    from detector_app.pipelines.reading.wording import worded

    yield f"How {path.name} would be read; nothing of this is used unless it is saved as a card."
    yield ""
    for question, fact in reading.facts.items():
        head = f"{LABELS[question]:<{LABEL_WIDTH}}{fact.certainty.value:<{SURE_WIDTH}}"
        indent = " " * len(head)
        answer = "—" if fact.value is None else worded(fact.value)
        yield textwrap.fill(head + answer, LINE_WIDTH, subsequent_indent=indent)
        yield textwrap.fill(
            f"({fact.evidence.describe()})", LINE_WIDTH, initial_indent=indent, subsequent_indent=indent
        )
    yield ""
    if saved is not None:
        yield f"Saved as {saved}."
    elif reading.missing:
        yield f"Still asked for: {', '.join(LABELS[question] for question in reading.missing)}."
        yield "Open the file in the window and answer there, or write a card by hand."
    else:
        yield "Look whether this is right, then save it with --save-card; in the window it can be corrected with the picture before you."


def _as_json(path: Path, reading: Reading, saved: Path | None) -> str:
    import dataclasses
    import json
    from enum import Enum

    def plain(value: Any) -> Any:
        return value.name.lower() if isinstance(value, Enum) else dataclasses.asdict(value)

    facts = {
        question.value: {
            "value": fact.value,
            "certainty": fact.certainty.value,
            "evidence": fact.evidence.describe(),
        }
        for question, fact in reading.facts.items()
    }
    data = {
        "file": str(path),
        "facts": facts,
        "missing": [question.value for question in reading.missing],
        "saved": None if saved is None else str(saved),
    }
    return json.dumps(data, indent=2, ensure_ascii=False, default=plain)
