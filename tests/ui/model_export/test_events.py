"""Lines of the exporter, and of everything else that may print."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.parity import ParityReport, ParityRow
from detector_app.ui.model_export.events import LONGEST_LINE, DoneEvent, ErrorEvent, StageEvent, parse_event

REPORT = ParityReport((ParityRow("logits", (3, 1, 32, 32), 1e-6, 1e-7, 1e-4, True),), True, 18, "2.13", "1.31")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
FIELDS = ("event", "stage", "step", "steps", "text", "file", "size_bytes", "nodes", "parity", "picture", "message")


def test_a_stage() -> None:
    line = json.dumps({"event": "stage", "stage": "trace", "step": 2, "steps": 4, "text": "Tracing\nthe network"})
    assert parse_event(line) == StageEvent("trace", 2, 4, "Tracing the network")


def test_the_end_with_report_and_picture() -> None:
    found = {
        "event": "done",
        "file": "/models/digits.onnx",
        "size_bytes": 251488,
        "nodes": 18,
        "parity": dataclasses.asdict(REPORT),
        "picture": "/models/digits.parity.png",
    }
    done = DoneEvent(Path("/models/digits.onnx"), 251488, 18, REPORT, Path("/models/digits.parity.png"))
    assert parse_event(json.dumps(found)) == done


def test_the_end_counts_also_with_a_report_of_another_version() -> None:
    found = {"event": "done", "file": "a.onnx", "parity": {**dataclasses.asdict(REPORT), "invented": 1}}
    assert parse_event(json.dumps(found)) == DoneEvent(Path("a.onnx"), 0, 0)


def test_an_error() -> None:
    assert parse_event('{"event": "error", "message": "it is broken"}') == ErrorEvent("it is broken")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "UserWarning: something",
        "{",
        "{}",
        "[1]",
        "null",
        '{"event": 1}',
        '{"event": ["stage"]}',
        '{"event": "invented"}',
        '{"event": "stage", "step": true, "steps": 4}',
        '{"event": "stage", "step": 5, "steps": 4}',
        '{"event": "stage", "step": 0, "steps": 0}',
        '{"event": "stage", "step": -1, "steps": 4}',
        '{"event": "done"}',
        '{"event": "done", "file": ""}',
        '{"event": "done", "file": "a\\u0000b"}',
        '{"event": "error", "message": {}}',
        '{"event": "done", "file": ' + "9" * 10_000 + "}",
        '{"a":' * 100_000,
        "[" * 200_000,
        '{"event": "error", "message": "' + "x" * LONGEST_LINE + '"}',
    ],
)
def test_what_is_no_event(line: str) -> None:
    assert parse_event(line) is None


def test_numbers_beyond_any_float_make_no_report() -> None:
    huge = "1" + "0" * 400
    rows = f'[{{"output":"o","input_shape":[1],"max_abs":{huge},"mean_abs":0,"tolerance":0,"passed":true}}]'
    parity = f'{{"rows":{rows},"passed":true,"opset":18,"torch_version":"","onnxruntime_version":""}}'
    event = parse_event(f'{{"event":"done","file":"a.onnx","parity":{parity}}}')
    assert event == DoneEvent(Path("a.onnx"), 0, 0)


def test_a_long_text_is_cut() -> None:
    event = parse_event(json.dumps({"event": "error", "message": "word " * 10_000}))
    assert isinstance(event, ErrorEvent)
    assert len(event.message) <= 2_000


@given(st.text())
def test_any_text_is_survived(line: str) -> None:
    parse_event(line)


@given(st.sampled_from(["stage", "done", "error"]), st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_any_fields_are_survived(event: str, fields: dict[str, object]) -> None:
    parse_event(json.dumps({**fields, "event": event}))
