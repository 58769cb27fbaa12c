"""The engine's front: one source, one model, one picture, obeying a person without ever keeping them waiting."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from detector_app.engine.comparison import Comparison
from detector_app.engine.export_job import ExportOrder
from detector_app.engine.finishing import Finish
from detector_app.engine.listener import Listener
from detector_app.engine.mailbox import Bounded, Latest
from detector_app.engine.model_loader import ModelLoader, ProcessorChoice
from detector_app.engine.outputs import Outputs
from detector_app.engine.playback_orders import PlaybackOrders
from detector_app.engine.player import Delivery, Player
from detector_app.engine.stages import InferenceStage, Inferred, Refresh, Retired, SelectStage
from detector_app.engine.state import EngineState, Phase
from detector_app.engine.statistics import Meter, Statistics
from detector_app.engine.telling import Telling
from detector_app.engine.threads import join_all
from detector_app.engine.tracking import TrackOptions
from detector_app.engine.tracking_orders import TrackingOrders
from detector_app.engine.transport import Transport
from detector_app.errors import DetectorError, SinkError
from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import DetectSettings, Inference, Pipeline, default_settings
from detector_app.sources.opener import DEFAULT_TIMEOUT_S
from detector_app.vision.frame_result import FrameResult

log = logging.getLogger(__name__)

SELECT_QUEUE = 2

Witness = Callable[[FrameResult, Pipeline | None, Inference | None], None]
"""Is shown a result, and the model and raw outputs that it comes from; None where no model looked."""


class Controller(PlaybackOrders, TrackingOrders):
    """Every method returns at once, may be called at any time from any thread, and never raises for bad input: errors come by ``on_error``.

    Threads: one player per source (opens and decodes), one for prepare and run, one for select, one that loads models, one per recording
    or export while it lasts. The phases and what may follow what are in :mod:`detector_app.engine.state`.
    """

    def __init__(
        self,
        listener: Listener,
        *,
        providers: tuple[str, ...] | None = None,
        strict: bool = False,
        threads: int | None = None,
    ) -> None:
        """Start the engine without source and model.

        Args:
            listener: is told of results, states and errors.
            providers: processors in order of preference ("cuda", "cpu"), or None for the best here.
            strict: fail rather than run on another processor than the first.
            threads: of a session, or None for the machine's choice.
        """
        self._listener = listener
        self._lock = threading.Lock()
        self._telling = Telling(listener)
        self._closed = False
        self._epoch = 0
        self._player: Player | None = None
        self._former: list[Player] = []
        self._turn = threading.Lock()
        self._timeout_s = DEFAULT_TIMEOUT_S
        self._state = EngineState()
        self._settings = DetectSettings()
        self._traced = False
        self._tracking: TrackOptions | None = None
        self._witnesses: tuple[Witness, ...] = ()
        self._latest: FrameResult | None = None
        self._meter = Meter()
        self._frames: Latest[Delivery | Refresh] = Latest()
        inferred: Bounded[Inferred | Retired | Refresh] = Bounded(SELECT_QUEUE)
        self._inference = InferenceStage(self._frames, inferred, lambda: self._select.asked(), self._report)
        look_again = self._inference.look_again
        self._select = SelectStage(inferred, self._asked, self._publish, look_again, self._report)
        choice = ProcessorChoice(providers, strict, threads)
        self._outputs = Outputs(choice, self._notify, self._report)
        self._loader = ModelLoader(choice, self._accept_model, self._notify, self._report)
        change_second, refresh = self._inference.change_second, self._select.refresh
        self.comparison = Comparison(choice, change_second, refresh, self._first, self._notify, self._report)
        """The second model: which it is, and its thresholds."""
        self._inference.second.settings = self._select.second_settings = self.comparison.settings

    # --- source ---------------------------------------------------------------------------------------------------------------

    def open(self, spec: str, *, autoplay: bool = True) -> None:
        """Open a file, folder, camera or address instead of the present source; see ``sources.opener`` for what ``spec`` may be."""
        with self._lock:
            if self._closed:
                return
            self._drop_player()
            self._player = Player(
                spec,
                Transport(autoplay=autoplay, speed=self._state.speed, loop=self._state.loop),
                self._epoch,
                timeout_s=self._timeout_s,
                turn=self._turn,
                deliver=self._deliver,
                on_change=self._source_changed,
                on_error=self._report,
            )
        self._notify()

    def close_source(self) -> None:
        """Go back to no source."""
        with self._lock:
            self._drop_player()
        self._notify()

    def set_speed(self, factor: float) -> None:
        """Play ``factor`` times as fast as the source; kept for later sources. Not positive is ignored."""
        if not factor > 0:
            return
        with self._lock:
            self._state = replace(self._state, speed=factor)
        self._order(lambda transport: transport.set_speed(factor))

    def set_loop(self, loop: bool) -> None:
        """Whether the end leads to the start; kept for later sources."""
        with self._lock:
            self._state = replace(self._state, loop=loop)
        self._order(lambda transport: transport.set_loop(loop))

    def set_live_timeout(self, timeout_s: float) -> None:
        """How long a camera or stream that is opened later may take to give its first picture."""
        with self._lock:
            self._timeout_s = timeout_s

    # --- model and settings ---------------------------------------------------------------------------------------------------

    def load_model(self, name_or_path: str, card: ModelCard | None = None) -> None:
        """Load a model in the background (as ``card`` says, if given); the present one runs until then, and stays if this fails."""
        with self._lock:
            if self._closed:
                return
        self._loader.load(name_or_path, card)
        self._notify()

    def compare_with(self, name_or_path: str | None) -> None:
        """Load a second model in the background and let it look at every frame, too (``FrameResult.second``); None for no more."""
        self.comparison.compare_with(name_or_path)

    def change_settings(self, settings: DetectSettings) -> None:
        """Select with other thresholds: from the next frame on, and the shown one again without another inference."""
        with self._lock:
            self._settings = settings
        self._select.refresh()

    def set_tracing(self, traced: bool) -> None:
        """Whether results say what became of every candidate; the shown one again at once. Nothing is paid for it while off."""
        with self._lock:
            self._traced = traced
        self._select.refresh()

    def add_witness(self, witness: Witness) -> None:
        """Let ``witness`` see every result that is new, on the engine's thread, with what it was selected from; it must not hold it up."""
        self._witnesses = (*self._witnesses, witness)  # a reference changes whole

    def remove_witness(self, witness: Witness) -> None:
        """Show ``witness`` nothing more."""
        self._witnesses = tuple(one for one in self._witnesses if one != witness)

    def set_finish(self, finish: Finish | None) -> None:
        """Let ``finish`` take every result last, the shown one again at once."""
        self._select.set_finish(finish)

    @property
    def settings(self) -> DetectSettings:
        """The thresholds now."""
        with self._lock:
            return self._settings

    def _asked(self) -> DetectSettings:
        """The settings of now, with whether results are traced."""
        with self._lock:
            return replace(self._settings, traced=self._traced)

    # --- writing --------------------------------------------------------------------------------------------------------------

    def start_recording(self, path: Path) -> None:
        """Record what is played, with its boxes, into the video ``path``; begins with the shown frame. One at a time."""
        with self._lock:
            player, first = self._player, self._latest
        if player is None:
            return
        info = player.transport.view().info
        self._outputs.start_recording(path, info.fps if info is not None else 0.0, first)
        self._notify()

    def stop_recording(self) -> None:
        """Finish the recording; the state's ``recording`` becomes None when the file is complete."""
        self._outputs.stop_recording()

    def start_export(self, kinds: tuple[str, ...], out_dir: Path) -> None:
        """Run the present model over the whole present file in the background; see the state's ``export``. One at a time.

        Args:
            kinds: names among ``sinks.opener.KINDS``.
            out_dir: the folder, made if missing; nothing in it is replaced.
        """
        state = self.state
        if state.source is None or state.source.live or not state.model_name:
            return self._report(SinkError(str(out_dir), detail="a whole file and a model are needed for that"))
        order = ExportOrder.of(state, self.settings, kinds, out_dir, self._select.finish, self.tracking)
        self._outputs.start_export(order)
        self._notify()

    def stop_export(self) -> None:
        """Finish the export's files with what they have."""
        self._outputs.stop_export()

    # --- what is there --------------------------------------------------------------------------------------------------------

    @property
    def state(self) -> EngineState:
        """A snapshot of everything but the picture."""
        with self._lock:
            state, player, closed = self._state, self._player, self._closed
        state = replace(
            state,
            model_loading=self._loader.loading,
            recording=self._outputs.recording,
            export=self._outputs.export,
        )
        state = self.comparison.in_state(state)
        if closed:
            return replace(state, phase=Phase.CLOSED)
        if player is None:
            return state
        view = player.transport.view()
        return replace(state, phase=view.phase, source=view.info, source_status=view.status, spec=player.spec)

    def latest(self) -> FrameResult | None:
        """The newest result of the present source, also while paused; None before the first."""
        with self._lock:
            return self._latest

    def statistics(self) -> Statistics:
        """How fast it runs, for the present source."""
        return self._meter.read()

    @property
    def inference_count(self) -> int:
        """How many times a session ran since the start."""
        return self._inference.runs

    # --- end ------------------------------------------------------------------------------------------------------------------

    def close(self, deadline_s: float = 5.0) -> None:
        """End everything: stop, join within ``deadline_s``, release. Nothing is told afterwards. May be called more than once."""
        with self._lock:
            if self._closed:
                return
            self._drop_player()
            self._closed = True
            threads = [player.thread for player in self._former]
        self._telling.tell(self.state)
        threads += [*self._outputs.close(), *self.comparison.close()]
        self._loader.close()
        self._inference.stop()
        if not join_all([*threads, self._loader.thread, self._inference.thread, self._select.thread], deadline_s):
            self._inference.close_unused()

    # --- from the threads -----------------------------------------------------------------------------------------------------

    def _deliver(self, delivery: Delivery) -> None:
        with self._lock:
            if delivery.epoch != self._epoch or self._closed:
                return
        replaced = self._frames.put(delivery)
        unseen = isinstance(replaced, Delivery) and replaced.playing and replaced.epoch == delivery.epoch
        self._meter.add_dropped(unseen + delivery.missed)

    def _publish(self, result: FrameResult, item: Inferred) -> None:
        with self._lock:
            if item.delivery.epoch != self._epoch or self._closed:
                return
            self._latest = result
        if item.fresh:
            self._meter.add(result, time.monotonic())
            self._outputs.record(result)
            for witness in self._witnesses:
                witness(result, item.pipeline, item.inference)
            self.comparison.show_witness(result, item.second)
        self._listener.on_result()
        if item.fresh and item.delivery.playing and not self._flows():  # it was under way when they were told to hold
            self._held()

    def _accept_model(self, name_or_path: str, pipeline: Pipeline, given: ModelCard | None = None) -> None:
        """Use a loaded model from now on, with its own thresholds: other classes make a class filter meaningless."""
        with self._lock:
            closed, card, old = self._closed, pipeline.card, self._settings
            if not closed:
                if not self._state.only_read_anew(name_or_path, card):
                    self._settings = replace(default_settings(card), class_agnostic=old.class_agnostic, top_k=old.top_k)
                self._state = self._state.with_model(name_or_path, card, given, pipeline.placement)
        if closed:
            return pipeline.close()
        self._inference.change_model(pipeline)

    def _report(self, error: DetectorError) -> None:
        log.warning("%s", error)
        with self._lock:
            closed = self._closed
        if not closed:
            self._listener.on_error(error)

    def _notify(self) -> None:
        """Tell the listener of the state if it is another one."""
        self._telling.notify(lambda: self.state)

    def _held(self) -> None:
        """A frame is held: who traces may ask for every candidate of it."""
        if self._asked().traced:
            self._select.refresh()

    # --- shared steps ---------------------------------------------------------------------------------------------------------

    def _first(self) -> tuple[ModelCard | None, DetectSettings]:
        with self._lock:
            return self._state.model, self._settings

    def _present_player(self) -> Player | None:
        with self._lock:
            return self._player

    def _drop_player(self) -> None:
        """Stop the present player without waiting, and begin a new epoch; the lock is held."""
        self._epoch += 1
        self._latest = None
        self._meter.restart()
        self._outputs.stop_recording()
        self._former = [player for player in self._former if player.thread.is_alive()]
        if self._player is not None:
            self._player.stop()
            self._former.append(self._player)
            self._player = None
