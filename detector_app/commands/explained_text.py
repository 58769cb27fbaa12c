"""A trace as lines for a terminal."""

from __future__ import annotations

import numpy as np

from detector_app.sinks.trace_record import class_name, place_record
from detector_app.vision.nearby import Change, Reason
from detector_app.vision.trace import Fate, Look, Trace

STAGES = {
    "places": "places of the network",
    "proposals": "proposed regions",
    "graph": "left by the graph itself",
    "followed": "faces followed from the frame before",
    "promising": "regions of which a class reaches the score",
    "inside": "with a pixel of the picture in them",
    "score": "at or above the score",
    "classes": "of the wanted classes",
    "top_k": "the best, that go into suppression",
    "suppression": "left by suppression",
    "most": "within the most that are shown",
}
FATES = {
    Fate.KEPT: "kept",
    Fate.BELOW_SCORE: "below the score",
    Fate.NOT_WANTED: "class not wanted",
    Fate.BEYOND_TOP_K: "beyond the best candidates",
    Fate.SUPPRESSED: "suppressed",
    Fate.BEYOND_MOST: "beyond the most detections",
    Fate.OUTSIDE: "outside the picture",
}
_ROUNDING = 1e-4
CHANGES = {
    "score": "--score {value:g} would show it",
    "overlap": "--iou {value:g} would show it",
    "most": "--max-detections {value:g} would show it",
    "top_k": "more than {value:g} candidates would have to go into suppression",
    "class": "its class is not among --classes",
    "proposal_score": "--proposal-score {value:g} would let it through P-Net",
    "refine_score": "--refine-score {value:g} would let it through R-Net",
}


def print_trace(trace: Trace, near: tuple[Reason, ...] | None, limit: int) -> None:
    """Print the stages, then the candidates: those near a point, or of each look the best."""
    several = len(trace.looks) > 1
    width = max(len(f"{stage.count:,}") for stage in trace.stages)
    for stage in trace.stages:
        where = f"{trace.looks[stage.look].name}: " if several else ""
        print(f"{stage.count:>{width},}  {where}{STAGES.get(stage.name, stage.name)}")
    if trace.looks[0].name == "proposals" and trace.looks[0].objectness is not None:
        print(
            f"{'':{width}}  (anchors that the region proposal network dropped stay within the graph: nobody can tell of them)"
        )
    print()
    if near is not None:
        if not near:
            print("nothing is near that point: no candidate of any score reaches it")
        lines = _aligned([_cells(trace, trace.looks[reason.look], reason.row, several) for reason in near])
        for line, reason in zip(lines, near, strict=True):
            print(line)
            consequence = _consequence(trace, reason)
            if consequence:
                print(f"    {consequence}")
        return
    for look in trace.looks:
        for line in _aligned([_cells(trace, look, row, several) for row in range(min(limit, len(look)))]):
            print(line)
        if len(look) > limit:
            print(f"… and {len(look) - limit:,} more{f' of {look.name}' if several else ''}")


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Cells below each other, two spaces between; columns that are empty throughout are left out."""
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    widths = [max(map(len, column)) for column in columns]
    lines = zip(*columns, strict=True)
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def _cells(trace: Trace, look: Look, row: int, several: bool) -> tuple[str, ...]:
    """Look, number, class, score, its factors, box, place and fate of a candidate."""
    return (
        look.name if several else "",
        f"#{row}",
        class_name(look, row, trace.class_names),
        f"{look.scores[row]:.3f}",
        factors(look, row),
        f"({', '.join(f'{edge:.0f}' for edge in look.xyxy[row])})",
        place(look, row),
        told(look, row),
    )


def place(look: Look, row: int) -> str:
    """Where it comes from: "head 1 · stride 32 · row 3 · column 5", or only the level of a pyramid."""
    known = place_record(look, row)
    if list(known) == ["head"]:
        return f"level {known['head']}"
    return " · ".join(f"{name} {value}" for name, value in known.items())


def factors(look: Look, row: int) -> str:
    """The score as objectness × class, where it is such a product; of a proposed region only its objectness; else nothing."""
    if look.objectness is None or look.name == "proposals":
        return ""
    sure = float(look.objectness[row])
    if look.places is None or look.places.rank[row] >= 0:
        return f"objectness {sure:.3f}"
    rest = float(look.scores[row]) / sure if sure else 0.0
    return f"= objectness {sure:.3f} × class {rest:.3f}" if rest <= 1 + _ROUNDING else f"objectness {sure:.3f}"


def told(look: Look, row: int) -> str:
    """The fate in words: "suppressed by #3, overlap 0.63"."""
    fate = Fate(int(look.fates[row]))
    if fate is Fate.SUPPRESSED and look.by[row] >= 0:
        return f"suppressed by #{look.by[row]}, overlap {look.iou[row]:.3f}"
    if fate is Fate.KEPT:
        lost = int(np.count_nonzero(look.by == row))
        return f"kept{f', suppressed {lost}' if lost else ''}"
    return FATES[fate]


def _consequence(trace: Trace, reason: Reason) -> str:
    if reason.change is not None:
        return _change(reason.change)
    if reason.then is Fate.SUPPRESSED:
        return f"with a lower score it would be suppressed by #{reason.then_by}, overlap {reason.then_iou:.3f}"
    if reason.then is not None:
        return f"with a lower score it would end: {FATES[reason.then]}"
    if reason.fate is Fate.SUPPRESSED and reason.look == len(trace.looks) - 1:
        return "no overlap alone would show it: another box would suppress it"
    return ""


def _change(change: Change) -> str:
    later = "" if change.sure or change.threshold in ("class", "top_k") else "; what the later stages say of it is open"
    return CHANGES[change.threshold].format(value=change.value) + later
