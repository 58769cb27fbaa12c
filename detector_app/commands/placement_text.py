"""Where a model runs, as lines of text and as data: what each processor does, what does not run where it was asked to, and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detector_app.pipelines.placement import Fallback, Placement, ProviderShare

MOST_OPERATORS = 6
"""So many operators of a provider are printed, those with most time; --json has them all."""
MOST_FALLBACKS = 20


def placement_rows(placement: Placement) -> Iterator[tuple[str, str]]:
    """Name and value of each line."""
    from detector_app.pipelines.placement import short_name

    yield "runs on", placement.main if placement.as_asked else f"{placement.main} (not as asked)"
    yield "asked for", ", ".join(placement.asked)
    yield "session", ", ".join(placement.session)
    for absence in placement.absences:
        detail = f": {absence.detail}" if absence.detail else ""
        yield "not there", f"{short_name(absence.provider)}: {absence.reason.value}{detail}"
    for provider, nodes in placement.nodes.items():
        yield "nodes", f"{nodes} on {provider}"
    for share in placement.shares:
        yield f"  {short_name(share.provider)}", _operators(share)
    yield from _fallback_rows(placement.fallbacks, short_name(placement.session[0]))


def _operators(share: ProviderShare) -> str:
    """The operators with most time, and what the rest has together: "Conv 83 (21.4 ms), …; 30.1 ms in all"."""
    shown = [f"{part.operator} {part.nodes} ({part.ms:.1f} ms)" for part in share.operators[:MOST_OPERATORS]]
    more = ["…"] if len(share.operators) > MOST_OPERATORS else []
    copies = f", {share.copies} of the nodes are copies" if share.copies else ""
    return f"{', '.join([*shown, *more])}; {share.ms:.1f} ms in the first run{copies}"


def _fallback_rows(fallbacks: tuple[Fallback, ...], wanted: str) -> Iterator[tuple[str, str]]:
    from detector_app.pipelines.placement import short_name

    for fallback in fallbacks[:MOST_FALLBACKS]:
        types = f" ({fallback.types})" if fallback.types else ""
        where = f"{fallback.operator}{types} “{fallback.node}” on {short_name(fallback.provider)}"
        yield f"not on {wanted}"[:13], f"{where}: {fallback.reason.value}"
    if len(fallbacks) > MOST_FALLBACKS:
        yield "", f"and {len(fallbacks) - MOST_FALLBACKS} more"


def placement_data(placement: Placement) -> dict[str, Any]:
    """All of it for JSON. Reasons are given as words and by a name that stays; ``strays`` are what strict runs refuse."""
    data = dataclasses.asdict(placement)
    for told, rows in (("fallbacks", placement.fallbacks), ("absences", placement.absences)):
        data[told] = [
            {**dataclasses.asdict(row), "reason": row.reason.name.lower(), "why": row.reason.value} for row in rows
        ]
    return {
        **data,
        "main": placement.main,
        "as_asked": placement.as_asked,
        "strays": [s.node for s in placement.strays],
    }
