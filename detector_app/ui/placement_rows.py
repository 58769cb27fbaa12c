"""Where a model runs, in the language of the window: what each processor does, and what does not run where it was asked to."""

from __future__ import annotations

from collections import Counter

from detector_app.pipelines.placement import Placement, ProviderShare, short_name
from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate

CONTEXT = "PlacementRows"
MOST_OPERATORS = 4
"""So many operators of a processor are named, those with most time."""
_MORE = QT_TRANSLATE_NOOP("PlacementRows", "{operators} and {count} more")
_COPIES = QT_TRANSLATE_NOOP("PlacementRows", "copies to and from the device {count}")
_TIME = QT_TRANSLATE_NOOP("PlacementRows", "{ms} ms")


def share_rows(placement: Placement) -> list[tuple[str, str, str, str]]:
    """Processor, nodes, time of the first run, and the operators, for each processor that ran any."""
    return [
        (
            short_name(share.provider),
            str(share.nodes),
            translate(CONTEXT, _TIME).format(ms=f"{share.ms:.1f}"),
            _operators(share),
        )
        for share in placement.shares
    ]


def fallback_rows(placement: Placement) -> list[tuple[str, str, str, str]]:
    """Operator, nodes, where they ran instead, and why; nodes of the same kind are one row."""
    kinds = Counter((f.operator, f.provider, f.reason) for f in placement.fallbacks)
    return [
        (operator, str(count), short_name(provider), translate("errors", reason.value))
        for (operator, provider, reason), count in kinds.most_common()
    ]


def absence_rows(placement: Placement) -> list[tuple[str, str]]:
    """Processor, and why it is not there, with the words of the system."""
    return [
        (
            short_name(absence.provider),
            " · ".join(filter(None, (translate("errors", absence.reason.value), absence.detail))),
        )
        for absence in placement.absences
    ]


def _operators(share: ProviderShare) -> str:
    """The operators with most time: "Conv 84, MaxPool 3, Concat 2"."""
    carried = ("MemcpyFromHost", "MemcpyToHost")
    work = [part for part in share.operators if part.operator not in carried]
    text = ", ".join(f"{part.operator} {part.nodes}" for part in work[:MOST_OPERATORS])
    if len(work) > MOST_OPERATORS:
        text = translate(CONTEXT, _MORE).format(operators=text, count=len(work) - MOST_OPERATORS)
    return ", ".join(
        filter(None, [text, translate(CONTEXT, _COPIES).format(count=share.copies) if share.copies else ""])
    )
