"""Exports by the real exporter: done, cancelled, killed, refused; and programs that only pretend to be one."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import onnx
import pytest

from detector_app.model_card import CARD_KEY, ModelCard
from detector_app.ui.model_export.child import Ending, Program
from detector_app.ui.model_export.events import DoneEvent, StageEvent
from detector_app.ui.model_export.exporter import Cancelled, Failure, ModelExporter, Order, Trouble, explain
from detector_app.ui.model_export.offer import Kind
from tests.ui.model_export.conftest import MakeExporter, Until
from tests.ui.model_export.test_child import alive

Script = Callable[[str], Program]
STAGE = """say('{"event": "stage", "stage": "trace", "step": 2, "steps": 4, "text": "Tracing"}')\n"""
OUT = "out = args[args.index('--out') + 1]\n"
DONE = "import json\nsay(json.dumps({'event': 'done', 'file': out, 'size_bytes': 1, 'nodes': 1}))\n"


def order(weights: Path, target: Path, family: str = "classifier") -> Order:
    return Order(family, target, (f"--weights={weights}",))


def outcome(one: ModelExporter, asked: Order, until: Until) -> object:
    one.start(asked)
    until(lambda: not one.running)
    assert one.run is not None
    return one.run.outcome


def test_the_real_exporter_describes_itself(make_exporter: MakeExporter, until: Until, digits: Path) -> None:
    del digits
    one = make_exporter()
    one.ask()
    until(lambda: bool(one.families))
    families = {family.name: family for family in one.families}
    assert {"yolo", "classifier", "mtcnn", "embedder", "darknet"} <= set(families)
    assert families["mtcnn"].cascade
    weights = {argument.flag: argument for argument in families["classifier"].arguments}["--weights"]
    assert (weights.kind, weights.required) == (Kind.FILE, True)
    assert ".safetensors" in weights.suffixes


def test_a_real_export(make_exporter: MakeExporter, until: Until, digits: Path, tmp_path: Path) -> None:
    one, target = make_exporter(), tmp_path / "with a space ü" / "digits.onnx"
    target.parent.mkdir()
    stages: list[StageEvent | None] = []
    one.changed.connect(lambda: stages.append(one.run.stage if one.run else None))
    done = outcome(one, order(digits, target), until)
    assert isinstance(done, DoneEvent)
    assert done.file == target
    assert done.size_bytes == target.stat().st_size
    assert done.parity is not None
    assert done.parity.passed
    assert done.parity.rows
    assert done.picture is not None
    assert done.picture.parent == target.parent
    assert done.picture.read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in target.parent.iterdir()) == sorted({target.name, done.picture.name})
    seen = list(dict.fromkeys(stage.step for stage in stages if stage is not None))
    assert seen == sorted(seen)
    assert len(seen) >= 4
    assert not any(".partial" in stage.text for stage in stages if stage is not None)
    card = ModelCard.from_json({p.key: p.value for p in onnx.load(str(target)).metadata_props}[CARD_KEY], "")
    assert card.name == "digits"


def test_cancelling_in_the_middle_leaves_nothing(
    make_exporter: MakeExporter, until: Until, digits: Path, tmp_path: Path
) -> None:
    one, target = make_exporter(), tmp_path / "out" / "digits.onnx"
    target.parent.mkdir()
    target.write_bytes(b"the old model")
    one.start(order(digits, target))
    until(lambda: one.run is not None and one.run.stage is not None)
    process = one.process_id
    assert process > 0
    one.cancel()
    assert one.run is not None
    assert isinstance(one.run.outcome, Cancelled)
    assert not alive(process)
    assert [path.name for path in target.parent.iterdir()] == ["digits.onnx"]
    assert target.read_bytes() == b"the old model"


def test_a_file_that_is_written_when_it_is_cancelled_is_gone(
    make_exporter: MakeExporter, until: Until, script: Script, tmp_path: Path
) -> None:
    body = OUT + "open(out, 'w').write('whole'); open(out + '.tmp', 'w').write('half')\n" + STAGE + "time.sleep(600)"
    one, target = make_exporter(script(body)), tmp_path / "out" / "a.onnx"
    target.parent.mkdir()
    one.start(order(Path("w"), target))
    until(lambda: one.run is not None and one.run.stage is not None)
    one.cancel()
    assert list(target.parent.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_a_child_that_is_killed_from_outside(
    make_exporter: MakeExporter, until: Until, digits: Path, tmp_path: Path
) -> None:
    one, target = make_exporter(), tmp_path / "out" / "digits.onnx"
    target.parent.mkdir()
    one.start(order(digits, target))
    until(lambda: one.run is not None and one.run.stage is not None)
    os.kill(one.process_id, signal.SIGKILL)
    until(lambda: not one.running)
    assert one.run is not None
    assert one.run.outcome == Failure(Trouble.KILLED)
    assert list(target.parent.iterdir()) == []


def test_weights_that_are_none(make_exporter: MakeExporter, until: Until, digits: Path, tmp_path: Path) -> None:
    del digits
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(b"nonsense" * 10)
    (tmp_path / "out").mkdir()
    failure = outcome(make_exporter(), order(bad, tmp_path / "out" / "a.onnx"), until)
    assert isinstance(failure, Failure)
    assert failure.trouble is Trouble.REFUSED
    assert "bad.safetensors" in failure.detail
    assert "Traceback" not in failure.detail
    assert list((tmp_path / "out").iterdir()) == []


def test_weights_that_are_not_there(make_exporter: MakeExporter, until: Until, digits: Path, tmp_path: Path) -> None:
    del digits
    failure = outcome(make_exporter(), order(tmp_path / "none.safetensors", tmp_path / "a.onnx"), until)
    assert isinstance(failure, Failure)
    assert "none.safetensors" in failure.detail
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["/nowhere-at-all", "/proc"])
def test_a_folder_that_takes_nothing_is_told_before_a_child_starts(make_exporter: MakeExporter, folder: str) -> None:
    one = make_exporter()
    one.start(order(Path("w"), Path(folder) / "a.onnx"))
    assert one.run is not None
    assert isinstance(one.run.outcome, Failure)
    assert one.run.outcome.trouble is Trouble.UNWRITTEN
    assert one.process_id == 0


def test_without_torch_the_child_says_what_is_missing(
    make_exporter: MakeExporter, until: Until, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    failure = outcome(make_exporter(), order(tmp_path / "w.safetensors", tmp_path / "a.onnx", "yolo"), until)
    assert failure == Failure(Trouble.MISSING, "torch")


def test_a_program_that_is_not_there(make_exporter: MakeExporter, until: Until, tmp_path: Path) -> None:
    told = outcome(make_exporter(Program(str(tmp_path / "no"), ())), order(Path("w"), tmp_path / "a.onnx"), until)
    assert isinstance(told, Failure)
    assert told.trouble is Trouble.UNSTARTED
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", Failure(Trouble.SILENT)),
        ("sys.exit(1)", Failure(Trouble.SILENT)),
        ("sys.exit('why not')", Failure(Trouble.REFUSED, "why not")),
        ("os.abort()", Failure(Trouble.KILLED)),
        ('say(\'{"event": "error", "message": "no"}\'); sys.exit(1)', Failure(Trouble.REFUSED, "no")),
        (OUT + DONE + "sys.exit('after the end')", Failure(Trouble.REFUSED, "after the end")),
    ],
)
def test_ends_of_other_kinds(
    make_exporter: MakeExporter, until: Until, script: Script, tmp_path: Path, body: str, expected: Failure
) -> None:
    (tmp_path / "out").mkdir()
    assert outcome(make_exporter(script(body)), order(Path("w"), tmp_path / "out" / "a.onnx"), until) == expected
    assert list((tmp_path / "out").iterdir()) == []


def test_files_that_are_said_to_be_elsewhere_are_left_alone(
    make_exporter: MakeExporter, until: Until, script: Script, tmp_path: Path
) -> None:
    other = tmp_path / "other.onnx"
    other.write_text("mine")
    body = OUT + "open(out, 'w').write('x')\nout = " + repr(str(other)) + "\n" + DONE
    done = outcome(make_exporter(script(body)), order(Path("w"), tmp_path / "a.onnx"), until)
    assert isinstance(done, DoneEvent)
    assert done.file == other
    assert other.read_text() == "mine"
    assert (tmp_path / "a.onnx").read_text() == "x"


def test_one_export_at_a_time(make_exporter: MakeExporter, until: Until, script: Script, tmp_path: Path) -> None:
    one = make_exporter(script(STAGE + "time.sleep(600)"))
    one.start(order(Path("w"), tmp_path / "a.onnx"))
    until(lambda: one.run is not None and one.run.stage is not None)
    one.start(order(Path("w"), tmp_path / "b.onnx"))
    assert one.run is not None
    assert one.run.order.target.name == "a.onnx"


def test_closing_ends_a_running_export_without_a_word(
    make_exporter: MakeExporter, until: Until, script: Script, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    one = make_exporter(script(STAGE + "time.sleep(600)"))
    one.start(order(Path("w"), tmp_path / "out" / "a.onnx"))
    until(lambda: one.run is not None and one.run.stage is not None)
    process = one.process_id
    one.close()
    assert not alive(process)
    assert list((tmp_path / "out").iterdir()) == []


def test_an_offer_that_is_none(make_exporter: MakeExporter, until: Until, tmp_path: Path) -> None:
    file = tmp_path / "p.py"
    file.write_text("print('hello')")
    told: list[object] = []
    one = make_exporter(Program(sys.executable, (str(file),)))
    one.offered.connect(told.append)
    one.ask()
    one.ask()  # asked once
    until(lambda: bool(told))
    assert len(told) == 1
    assert isinstance(told[0], Failure)
    assert told[0].error is not None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Traceback …\nModuleNotFoundError: No module named 'onnx.helper'", Failure(Trouble.MISSING, "onnx")),
        ("usage: x\ndetector-export yolo: error: it is wrong\n", Failure(Trouble.REFUSED, "it is wrong")),
        ("  \n ", Failure(Trouble.SILENT)),
        (json.dumps("x"), Failure(Trouble.REFUSED, '"x"')),
    ],
)
def test_last_words(words: str, expected: Failure) -> None:
    assert explain(Ending(1, words)) == expected
