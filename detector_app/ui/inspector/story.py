"""The whole story of a candidate in one line: what it is made of, where it comes from, what became of it."""

from __future__ import annotations

from functools import reduce

from detector_app.ui.inspector.steps import victims
from detector_app.ui.inspector.words import class_name, fate_text, look_name, say
from detector_app.ui.translation import QT_TRANSLATE_NOOP
from detector_app.vision.trace import Fate, Look, Places, Trace

_MADE_OF = QT_TRANSLATE_NOOP("Inspector", "{score} = objectness {objectness} × class {share}")
_BESIDE = QT_TRANSLATE_NOOP("Inspector", "{score}, objectness {objectness}")
_HEAD = QT_TRANSLATE_NOOP("Inspector", "grid {head} (stride {stride})")
_LEVEL = QT_TRANSLATE_NOOP("Inspector", "level {level} of the pyramid")
_CELL = QT_TRANSLATE_NOOP("Inspector", "cell ({row}, {column})")
_ANCHOR = QT_TRANSLATE_NOOP("Inspector", "anchor {anchor}")
_PROPOSAL = QT_TRANSLATE_NOOP("Inspector", "proposal {rank}")
_FROM = QT_TRANSLATE_NOOP("Inspector", "from #{parent} of {look}")
_SUPPRESSED_OTHERS = QT_TRANSLATE_NOOP("Inspector", "suppressed {count} others")
_SUPPRESSED_ONE = QT_TRANSLATE_NOOP("Inspector", "suppressed 1 other")
_COMMA = QT_TRANSLATE_NOOP("Inspector", "{first}, {second}")
_JOIN = " · "
_ROUNDING = 1e-4


def story(trace: Trace, number: int, row: int) -> str:
    """The story of candidate ``row`` of look ``number``.

    "cup 0.93 = objectness 0.97 × class 0.96 · grid 1 (stride 32), cell (7, 12), anchor 3 · kept, suppressed 4 others"
    """
    look = trace.looks[number]
    name = class_name(trace, int(look.class_ids[row]))
    parts = [f"#{row} {name} {score_text(look, row)}", origin_text(trace, number, row), _end(trace, number, row)]
    return _JOIN.join(part for part in parts if part)


def score_text(look: Look, row: int) -> str:
    """The score, and what it is made of where it is a product."""
    score = float(look.scores[row])
    objectness = None if look.objectness is None else float(look.objectness[row])
    if objectness is None or look.class_ids[row] < 0 or look.name == "proposals":
        return f"{score:.2f}"
    share = score / objectness if objectness > 0 else 0.0
    product = look.places is not None and look.places.rank[row] < 0 and share <= 1 + _ROUNDING
    template = _MADE_OF if product else _BESIDE
    return say(template).format(score=f"{score:.2f}", objectness=f"{objectness:.2f}", share=f"{share:.2f}")


def origin_text(trace: Trace, number: int, row: int) -> str:
    """Grid, cell and anchor; proposal; or the candidate of the look before."""
    look = trace.looks[number]
    parts = [] if look.places is None else _place_parts(look.places, row)
    parent = int(look.parents[row])
    if number > 0 and parent >= 0 and (look.places is None or look.places.rank[row] < 0):
        parts.append(say(_FROM).format(parent=parent, look=look_name(trace.looks[number - 1].name)))
    return reduce(_and, parts) if parts else ""


def place_text(places: Places | None, row: int) -> str:
    """The place in a few signs for a table: "32: 7, 12 · 3", "proposal 5"; empty if nobody knows."""
    if places is None:
        return ""
    if places.rank[row] >= 0:
        return f"{int(places.rank[row])}"
    if places.row[row] < 0:
        return ""
    cell = f"{int(places.row[row])}, {int(places.column[row])}"
    return f"{cell} · {int(places.anchor[row])}" if places.anchor[row] >= 0 else cell


def _place_parts(places: Places, row: int) -> list[str]:
    if places.rank[row] >= 0:
        return [say(_PROPOSAL).format(rank=int(places.rank[row]))]
    if places.row[row] < 0:
        return [say(_LEVEL).format(level=int(places.head[row]))] if places.head[row] >= 0 else []
    parts = []
    if places.head[row] >= 0 and places.stride_px[row] > 0:
        parts.append(say(_HEAD).format(head=int(places.head[row]), stride=int(places.stride_px[row])))
    parts.append(say(_CELL).format(row=int(places.row[row]), column=int(places.column[row])))
    if places.anchor[row] >= 0:
        parts.append(say(_ANCHOR).format(anchor=int(places.anchor[row])))
    return parts


def _end(trace: Trace, number: int, row: int) -> str:
    look = trace.looks[number]
    text = fate_text(trace, number, row)
    others = len(victims(look, row)) if look.fates[row] != Fate.SUPPRESSED else 0
    if not others:
        return text
    more = say(_SUPPRESSED_ONE) if others == 1 else say(_SUPPRESSED_OTHERS).format(count=others)
    return _and(text, more)


def _and(first: str, second: str) -> str:
    return say(_COMMA).format(first=first, second=second)
