"""Random orders in random sequence, on real files and a real model: no crash, no hang, no thread left."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from detector_app.engine.state import Phase
from detector_app.errors import DetectorError
from tests.engine.witness import Engine

OPEN_PHASES = (Phase.PLAYING, Phase.PAUSED, Phase.ENDED)


class OrdersInAnySequence(RuleBasedStateMachine):
    """A person without patience."""

    media: Path
    recordings: Path

    def __init__(self) -> None:
        super().__init__()
        self.engine = Engine()
        self.controller = self.engine.controller
        self.takes = 0

    @rule(
        name=st.sampled_from(["video.mp4", "short.mp4", "pictures", "pictures/1.png", "text.mp4", "missing.mp4", ""]),
        autoplay=st.booleans(),
    )
    def open(self, name: str, autoplay: bool) -> None:
        self.controller.open(str(self.media / name) if name else "", autoplay=autoplay)

    @rule()
    def close_source(self) -> None:
        self.controller.close_source()
        assert self.controller.latest() is None
        assert self.controller.state.phase is Phase.EMPTY

    @rule(name=st.sampled_from(["squares.onnx", "other.onnx", "text.onnx", "missing.onnx"]))
    def load_model(self, name: str) -> None:
        self.controller.load_model(str(self.media / name))

    @rule(order=st.sampled_from(["play", "pause", "toggle", "stop_recording", "stop_export"]))
    def give_order(self, order: str) -> None:
        getattr(self.controller, order)()

    @rule(frames=st.integers(-50, 50))
    def step(self, frames: int) -> None:
        self.controller.step(frames)

    @rule(time_s=st.floats(-1, 5))
    def seek(self, time_s: float) -> None:
        self.controller.seek(time_s)

    @rule(indices=st.lists(st.integers(-5, 99), max_size=5))
    def seek_index(self, indices: list[int]) -> None:
        for index in indices:
            self.controller.seek_index(index)

    @rule(speed=st.sampled_from([0.25, 1.0, 4.0, 100.0, 0.0]), loop=st.booleans())
    def pace(self, speed: float, loop: bool) -> None:
        self.controller.set_speed(speed)
        self.controller.set_loop(loop)

    @rule(score=st.floats(0, 1), classes=st.none() | st.frozensets(st.integers(0, 3)))
    def change_settings(self, score: float, classes: frozenset[int] | None) -> None:
        self.controller.change_settings(replace(self.controller.settings, score=score, classes=classes))

    @rule()
    def record(self) -> None:
        self.takes += 1
        self.controller.start_recording(self.recordings / f"{id(self)}-{self.takes}.mp4")

    @rule()
    def settle(self) -> None:
        """Now and then wait for what was asked for."""
        states = self.engine.witness.states
        self.engine.witness.wait(
            "an open source",
            lambda: not states or (states[-1].phase is not Phase.OPENING and not states[-1].model_loading),
        )

    @rule()
    def look(self) -> None:
        """Wait for a picture where there must be one."""
        state = self.controller.state
        if state.phase in OPEN_PHASES and state.source is not None and state.source.kind == "video":
            self.engine.witness.wait("a picture", self.controller.latest)

    @invariant()
    def what_it_says_agrees(self) -> None:
        state = self.controller.state
        assert (state.source is not None) == (state.phase in OPEN_PHASES)
        assert state.phase is not Phase.EMPTY or state.spec == ""
        assert (state.model is None) == (state.model_name == "") == (state.placement is None)
        assert self.controller.statistics().dropped >= 0
        assert all(isinstance(error, DetectorError) for error in self.engine.witness.errors)
        assert not [e for e in self.engine.witness.errors if type(e) is DetectorError], "a defect of ours"

    def teardown(self) -> None:
        self.engine.__exit__()


def test_orders_in_any_sequence(media: Path, tmp_path: Path) -> None:
    class Machine(OrdersInAnySequence):
        pass

    Machine.media, Machine.recordings = media, tmp_path
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
