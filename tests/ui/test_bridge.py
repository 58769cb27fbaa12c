from __future__ import annotations

from threading import Thread

from pytestqt.qtbot import QtBot

from detector_app.engine.state import EngineState, Phase
from detector_app.errors import DetectorError, SourceNotFoundError
from detector_app.ui.bridge import Bridge


def from_threads(call: object, threads: int = 4, times: int = 250) -> None:
    assert callable(call)
    running = [Thread(target=lambda: [call() for _ in range(times)]) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


class Awake:
    def __init__(self, bridge: Bridge) -> None:
        self.count = 0
        bridge.resultReady.connect(self.wake)

    def wake(self) -> None:
        self.count += 1


def test_a_thousand_results_wake_the_window_once(qtbot: QtBot) -> None:
    bridge = Bridge()
    awake = Awake(bridge)
    from_threads(bridge.on_result)
    qtbot.waitUntil(lambda: awake.count > 0)
    qtbot.wait(0)
    assert awake.count == 1


def test_a_result_after_the_window_woke_wakes_it_again(qtbot: QtBot) -> None:
    bridge = Bridge()
    awake = Awake(bridge)
    for expected in (1, 2, 3):
        bridge.on_result()
        qtbot.waitUntil(lambda expected=expected: awake.count == expected)
        bridge.accept()


def test_states_arrive_in_order_and_on_the_receivers_thread(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[Phase] = []
    bridge.stateChanged.connect(lambda state: seen.append(state.phase))
    phases = [Phase.OPENING, Phase.PLAYING, Phase.PAUSED, Phase.ENDED]
    thread = Thread(target=lambda: [bridge.on_state(EngineState(phase)) for phase in phases])
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(seen) == len(phases))
    assert seen == phases


def test_errors_arrive_whole(qtbot: QtBot) -> None:
    bridge = Bridge()
    seen: list[DetectorError] = []
    bridge.failed.connect(seen.append)
    error = SourceNotFoundError("nowhere.mp4")
    thread = Thread(target=bridge.on_error, args=(error,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: seen == [error])
