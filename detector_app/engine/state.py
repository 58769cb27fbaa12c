"""What the engine is doing, as immutable values, and the table of what may follow what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path

from detector_app.model_card import ModelCard
from detector_app.pipelines.placement import Placement
from detector_app.sources.source import SourceInfo


class Phase(Enum):
    """Where the present source is in its life."""

    EMPTY = auto()
    """No source."""
    OPENING = auto()
    """A source is being opened."""
    PLAYING = auto()
    """Frames flow."""
    PAUSED = auto()
    """One frame is shown; seeking and stepping show others."""
    ENDED = auto()
    """The last frame is shown; playing starts again from the first."""
    FAILED = auto()
    """The source could not be opened or broke; the error was reported."""
    CLOSED = auto()
    """The engine has ended; nothing follows."""


class Event(Enum):
    """What can happen to a phase."""

    OPEN = auto()
    READY_PLAYING = auto()
    READY_PAUSED = auto()
    PLAY = auto()
    PAUSE = auto()
    JUMP = auto()
    END = auto()
    FAIL = auto()
    CLOSE_SOURCE = auto()
    CLOSE = auto()


_OPEN_PHASES = (Phase.PLAYING, Phase.PAUSED, Phase.ENDED)

TRANSITIONS: dict[tuple[Phase, Event], Phase] = {
    **{(phase, Event.OPEN): Phase.OPENING for phase in Phase if phase is not Phase.CLOSED},
    **{(phase, Event.CLOSE_SOURCE): Phase.EMPTY for phase in Phase if phase is not Phase.CLOSED},
    **{(phase, Event.CLOSE): Phase.CLOSED for phase in Phase},
    **{(phase, Event.FAIL): Phase.FAILED for phase in (Phase.OPENING, *_OPEN_PHASES)},
    **{(phase, Event.END): Phase.ENDED for phase in _OPEN_PHASES},
    (Phase.OPENING, Event.READY_PLAYING): Phase.PLAYING,
    (Phase.OPENING, Event.READY_PAUSED): Phase.PAUSED,
    (Phase.PAUSED, Event.PLAY): Phase.PLAYING,
    (Phase.ENDED, Event.PLAY): Phase.PLAYING,
    (Phase.PLAYING, Event.PAUSE): Phase.PAUSED,
    (Phase.ENDED, Event.JUMP): Phase.PAUSED,
}
"""Every pair that is not in the table changes nothing."""


def after(phase: Phase, event: Event) -> Phase:
    """The phase that follows ``phase`` when ``event`` happens."""
    return TRANSITIONS.get((phase, event), phase)


@dataclass(frozen=True)
class ExportProgress:
    """How far a background export is.

    Attributes:
        out_dir: the folder that is written to.
        done: frames written.
        total: frames that will be, or None when it is not known.
        remaining_s: seconds left at the rate so far, or None when it is not known.
        running: False once it has ended, complete or not.
    """

    out_dir: Path
    done: int = 0
    total: int | None = None
    remaining_s: float | None = None
    running: bool = True


@dataclass(frozen=True)
class EngineState:
    """A snapshot of everything the window shows besides the picture.

    Attributes:
        phase: where the source is in its life.
        source: what is known of the open source; None in EMPTY, OPENING, FAILED and CLOSED.
        source_status: what a live source says of itself ("connected", "reconnecting (try 3)"); empty otherwise.
        model: card of the model that runs, or None.
        model_name: the name or path that the running model was loaded by; empty if none.
        given_card: the card that it was loaded with in the place of its own; None for its own.
        placement: on which processor it runs, or None.
        model_loading: another model is being loaded; the present one runs until then.
        speed: playback speed, 1.0 is the source's own.
        loop: playback starts again at the end.
        recording: the file that is being recorded, or None.
        spec: what ``open`` was called with last; empty in EMPTY.
        export: the background export, while it runs and after it ended; None before the first one.
        second_model: card of the model that is compared with, or None.
        second_name: the name or path that it was loaded by; empty if none.
        second_loading: a model to compare with is being loaded.
    """

    phase: Phase = Phase.EMPTY
    source: SourceInfo | None = None
    source_status: str = ""
    model: ModelCard | None = None
    model_name: str = ""
    given_card: ModelCard | None = None
    placement: Placement | None = None
    model_loading: bool = False
    speed: float = 1.0
    loop: bool = False
    recording: Path | None = None
    spec: str = ""
    export: ExportProgress | None = None
    second_model: ModelCard | None = None
    second_name: str = ""
    second_loading: bool = False

    def with_model(self, name: str, card: ModelCard, given: ModelCard | None, placement: Placement) -> EngineState:
        """The same with another model that runs."""
        return replace(self, model=card, model_name=name, given_card=given, placement=placement)

    def only_read_anew(self, model_name: str, card: ModelCard) -> bool:
        """Whether ``card`` is another reading of the running model, with the same classes and thresholds: those that were chosen stay."""
        present = self.model
        return (
            present is not None
            and model_name == self.model_name
            and (present.classes, present.thresholds) == (card.classes, card.thresholds)
        )
