"""The two threads between the player and the window: prepare and run, then select."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

from detector_app.engine.finishing import Finish, careful
from detector_app.engine.mailbox import Bounded, Latest
from detector_app.engine.player import Delivery
from detector_app.engine.second_opinion import SecondInferred, SecondSeat, SettingsOf, covers_second, select_second
from detector_app.engine.threads import ErrorHandler, as_detector_error, start_thread
from detector_app.engine.tracking import Tracker, sought
from detector_app.pipelines.pipeline import (
    DetectSettings,
    Inference,
    Interrupted,
    Pipeline,
    default_settings,
    infer,
)
from detector_app.vision.detections import Detections
from detector_app.vision.frame_result import Found, FrameResult, SecondOpinion, Timings
from detector_app.vision.trace import Trace

PASSING_FLOOR = 0.05
"""Candidates with less score are not told of while frames pass: nobody can look at them."""


@dataclass(frozen=True)
class Refresh:
    """Look again at the last frame: another model or other settings have come."""


@dataclass(frozen=True)
class Inferred:
    """A frame with the raw outputs of the model, or with none when there is no model or it failed.

    Attributes:
        fresh: False when the frame was seen before, with another model.
        second: the same of the model that is compared with; None without.
    """

    delivery: Delivery
    pipeline: Pipeline | None
    inference: Inference | None
    fresh: bool
    second: SecondInferred | None = None


@dataclass(frozen=True)
class Retired:
    """A model that no later item uses: the receiver closes it."""

    pipeline: Pipeline


class InferenceStage:
    """The only thread that runs sessions. It ends when ``inbox`` is closed, retires its model and closes ``outbox``."""

    def __init__(
        self,
        inbox: Latest[Delivery | Refresh],
        outbox: Bounded[Inferred | Retired | Refresh],
        settings: Callable[[], DetectSettings],
        on_error: ErrorHandler,
    ) -> None:
        self._inbox = inbox
        self._outbox = outbox
        self._settings = settings
        self._on_error = on_error
        self._lock = threading.Lock()
        self._next: Pipeline | None = None
        self._current: Pipeline | None = None
        self._runs = 0
        self._failed = False
        self.second = SecondSeat(on_error)
        """Of the model that is compared with."""
        self.thread = start_thread("inference", self._main, on_error)

    @property
    def runs(self) -> int:
        """How many times a session ran."""
        with self._lock:
            return self._runs

    def change_model(self, pipeline: Pipeline) -> None:
        """Use ``pipeline`` from the next frame on, and for the last one again if no newer waits. Takes it over: it will be closed."""
        with self._lock:
            unused, self._next = self._next, pipeline
        if unused is not None:
            unused.close()
        self._interrupt()
        self._inbox.offer(Refresh())

    def change_second(self, pipeline: Pipeline | None) -> None:
        """Let another second model, or none, look at every frame, too, and at the last one again. Takes it over: it will be closed."""
        self.second.change(pipeline)
        self._inbox.offer(Refresh())

    def stop(self) -> None:
        """Close the inbox, forget what waits in it, and let a long run end. The caller joins ``thread``."""
        self._inbox.close(discard=True)
        self._interrupt()
        self.second.interrupt()

    def look_again(self) -> None:
        """Run the last frame again with the settings of now, unless a newer one waits anyway."""
        self._inbox.offer(Refresh())

    def close_unused(self) -> None:
        """Close a model that came after the thread ended. Only after joining ``thread``."""
        with self._lock:
            unused, self._next = self._next, None
        if unused is not None:
            unused.close()
        self.second.close_unused()

    def _main(self) -> None:
        pipeline: Pipeline | None = None
        last: Delivery | None = None
        unseen = False
        for item in self._inbox:
            newer = self._take_next()
            if newer is not None:
                self._retire(pipeline)
                pipeline, self._failed = newer, False
            self._retire(self.second.take_next())
            unseen = unseen or isinstance(item, Delivery)
            last = item if isinstance(item, Delivery) else last
            if last is None:
                continue
            try:
                inference = self._infer(pipeline, last)
                self._outbox.put(Inferred(last, pipeline, inference, unseen, self._infer_second(last)))
            except Interrupted:  # another model has come, and looks at this frame next
                continue
            unseen = False
        self._retire(pipeline)
        self._retire(self.second.leave())
        self._outbox.close()

    def _take_next(self) -> Pipeline | None:
        with self._lock:
            newer, self._next = self._next, None
            self._current = newer or self._current
            return newer

    def _interrupt(self) -> None:
        """Let a long run of the present model end, because that model will not be used again."""
        with self._lock:
            current = self._current
        if current is not None:
            current.interrupt()

    def _retire(self, pipeline: Pipeline | None) -> None:
        if pipeline is not None:
            self._outbox.put(Retired(pipeline))

    def _infer_second(self, delivery: Delivery) -> SecondInferred | None:
        seen = self.second.infer(delivery.frame)
        if seen is not None and seen.inference is not None:
            with self._lock:
                self._runs += 1
        return seen

    def _infer(self, pipeline: Pipeline | None, delivery: Delivery) -> Inference | None:
        """The raw outputs; a failure is told once per model, and the frames go on without boxes.

        Raises:
            Interrupted: the model is not to be used any more.
        """
        if pipeline is None:
            return None
        try:
            inference = infer(pipeline, [delivery.frame], self._settings())
        except Interrupted:
            raise
        except Exception as error:
            if not self._failed:
                self._on_error(as_detector_error(error, pipeline.card.name))
            self._failed = True
            return None
        with self._lock:
            self._runs += 1
        return inference


class SelectStage:
    """Turns raw outputs into results, and the last ones again under other settings. Ends when ``inbox`` is closed and empty."""

    def __init__(
        self,
        inbox: Bounded[Inferred | Retired | Refresh],
        settings: Callable[[], DetectSettings],
        publish: Callable[[FrameResult, Inferred], None],
        look_again: Callable[[], None],
        on_error: ErrorHandler,
    ) -> None:
        """Start the thread.

        Args:
            inbox: what is to be selected.
            settings: those of now.
            publish: takes each result.
            look_again: called when settings ask for more than the last inference holds.
            on_error: told once of what fails with a model.
        """
        self._inbox = inbox
        self._settings = settings
        self.finish: Finish | None = None
        """The last step of every result."""
        self.tracker: Tracker | None = None
        """Gives ids before the last step."""
        self.second_settings: SettingsOf = default_settings
        """How a model that is compared with selects."""
        self._tracked: tuple[int, Pipeline | None] = (-1, None)
        self._publish = publish
        self._look_again = look_again
        self._on_error = on_error
        self._failed: Pipeline | None = None
        self._failed_second: Pipeline | None = None
        self.thread = start_thread("select", self._main, on_error)

    def set_finish(self, finish: Finish | None) -> None:
        """Let ``finish`` take every result last, the shown one again at once."""
        self.finish = finish  # a reference changes whole
        self.refresh()

    def set_tracker(self, tracker: Tracker | None) -> None:
        """Let ``tracker`` give ids, the shown result's at once; None for none."""
        self.tracker = tracker
        self.refresh()

    def asked(self) -> DetectSettings:
        """The settings of now, for an inference: with all that the last step and whoever follows must see."""
        settings = careful(self._settings(), self.finish)[0]
        return settings if self.tracker is None else sought(settings)

    def refresh(self) -> None:
        """Select again on the last frame, unless a newer one waits anyway."""
        self._inbox.offer(Refresh())

    def _main(self) -> None:
        last: Inferred | None = None
        for item in self._inbox:
            if isinstance(item, Retired):
                last = _without(last, item.pipeline)
                self._failed = None if self._failed is item.pipeline else self._failed
                item.pipeline.close()
            elif isinstance(item, Inferred):
                last = item
                self._show(item)
            elif last is not None and self._covered(last):
                last = replace(last, fresh=False)
                self._show(last)
            elif last is not None:
                self._look_again()

    def _show(self, item: Inferred) -> None:
        """Select, finish, publish. What cannot be finished is not shown: it may be what was to be hidden."""
        settings, finish = careful(self._settings(), self.finish)
        tracker = self._tracker_of(item)
        result = self._select(item, settings, settings if tracker is None else sought(settings))
        if finish is not None or tracker is not None:
            started = perf_counter()
            try:
                result = result if tracker is None else tracker.step(result, settings)
                result = result if finish is None else finish(result)
            except Exception as error:
                self._tell_once(item, error)
                return
            spent_ms = 1000 * (perf_counter() - started)
            result = replace(result, timings=replace(result.timings, select_ms=result.timings.select_ms + spent_ms))
        self._publish(result, item)

    def _tracker_of(self, item: Inferred) -> Tracker | None:
        """The tracker, if it has something to follow; another source or model begins anew."""
        tracker = self.tracker
        if tracker is None or item.inference is None:
            return None
        if self._tracked != (item.delivery.epoch, item.pipeline):
            self._tracked = (item.delivery.epoch, item.pipeline)
            tracker.restart()
        return tracker

    def _tell_once(self, item: Inferred, error: Exception) -> None:
        if self._failed is None or self._failed is not item.pipeline:
            self._on_error(as_detector_error(error, item.pipeline.card.name if item.pipeline is not None else ""))
        self._failed = item.pipeline

    def _covered(self, item: Inferred) -> bool:
        """Whether the raw outputs hold all that the settings of now ask for."""
        if not covers_second(item.second, self.second_settings):
            return False
        if item.pipeline is None or item.inference is None:
            return True
        return item.pipeline.covers(item.inference, self.asked())

    def _select(self, item: Inferred, settings: DetectSettings, wide: DetectSettings) -> FrameResult:
        """What is found with the settings ``wide``, traced with ``settings``."""
        frame, decode_ms = item.delivery.frame, item.delivery.decode_ms
        # Without names where nothing was looked for: whoever hides faces must not take that for a picture without any.
        nothing = Detections.empty()
        if item.pipeline is None or item.inference is None:
            return FrameResult(frame, nothing, Timings(decode_ms=decode_ms))
        started = perf_counter()
        found: Found = nothing
        try:
            found = item.pipeline.select(item.inference, wide)[0]
        except Exception as error:
            self._tell_once(item, error)
        select_ms = 1000 * (perf_counter() - started)
        timings = Timings(decode_ms, item.inference.prepare_ms, item.inference.run_ms, select_ms)
        result = FrameResult.of(frame, found, timings)
        return replace(result, trace=self._trace(item, settings), second=self._second(item.second))

    def _second(self, seen: SecondInferred | None) -> SecondOpinion | None:
        """What the model that is compared with found; its failure is told once, and the first goes on."""
        if seen is None:
            return None
        try:
            return select_second(seen, self.second_settings(seen.pipeline.card))
        except Exception as error:
            if self._failed_second is not seen.pipeline:
                self._on_error(as_detector_error(error, seen.pipeline.card.name))
            self._failed_second = seen.pipeline
            return None

    def _trace(self, item: Inferred, settings: DetectSettings) -> Trace | None:
        """What became of every candidate, if that is asked for: of a frame that passes the better ones, of one that is held all."""
        if not settings.traced or item.pipeline is None or item.inference is None:
            return None
        try:
            passing = item.fresh and item.delivery.playing
            return item.pipeline.trace(item.inference, settings, floor=PASSING_FLOOR if passing else 0.0)
        except Exception as error:
            self._tell_once(item, error)
            return None


def _without(item: Inferred | None, retired: Pipeline) -> Inferred | None:
    """What can still be selected from when ``retired`` is closed."""
    if item is None or item.pipeline is retired:
        return None
    return replace(item, second=None) if item.second is not None and item.second.pipeline is retired else item
