"""The window of exports: the form, what it refuses, a real export from first click to the proof, and failures in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from detector_app.ui.model_export.child import Program
from detector_app.ui.model_export.export_model_dialog import ExportModelDialog
from detector_app.ui.model_export.exporter import ModelExporter
from detector_app.ui.model_export.failure_words import INSTALL
from detector_app.ui.model_export.fields import ChoiceField, FlagField, PathField, make_field
from detector_app.ui.model_export.offer import Argument, Kind
from detector_app.ui.model_export.words import ARGUMENTS, FAMILIES
from tests.ui.model_export.conftest import MakeExporter, Until

Script = Callable[[str], Program]
Make = Callable[..., ExportModelDialog]
OUT = "out = args[args.index('--out') + 1]\n"
SLOW = """say('{"event": "stage", "stage": "trace", "step": 2, "steps": 4, "text": "Tracing"}')\ntime.sleep(600)"""


def fill(dialog: ExportModelDialog, weights: Path, target: Path) -> None:
    dialog.form.fields["--weights"].put(str(weights))
    dialog.form.target.line.setText(str(target))


def test_from_the_form_to_the_proof(
    make_exporter: MakeExporter, make_dialog: Make, until: Until, digits: Path, tmp_path: Path
) -> None:
    one = make_exporter()
    dialog = make_dialog(one)
    assert not dialog.start_button.isEnabled()
    dialog.form.choose("classifier")
    dialog.form.fields["--weights"].put(str(digits))
    assert dialog.form.target.line.text().endswith("lenet-digits.onnx")
    assert "--out" not in dialog.form.fields
    dialog.form.target.line.setText(str(tmp_path / "digits"))
    assert dialog.start_button.isEnabled()
    dialog.start_button.click()
    assert not dialog.form.isEnabled()
    assert dialog.work.isVisible()
    until(lambda: not one.running)
    results = dialog.results
    assert dialog.pages.currentWidget() is results
    assert (tmp_path / "digits.onnx").is_file()
    rows = results.report.outputs.texts()
    assert rows
    assert all(row[-1] == "agrees" for row in rows)
    assert not results.report.picture.empty
    opened: list[str] = []
    dialog.openRequested.connect(opened.append)
    results.open_button.click()
    assert opened == [str(tmp_path / "digits.onnx")]
    results.again_button.click()
    assert dialog.start_button.isVisible()
    assert dialog.form.target.note.text().startswith("digits.onnx exists")


def test_every_family_and_argument_has_plain_words(make_exporter: MakeExporter, until: Until, digits: Path) -> None:
    del digits
    one = make_exporter()
    one.ask()
    until(lambda: bool(one.families))
    flags = {argument.flag for family in one.families for argument in family.arguments} - {"--out", "--progress"}
    assert {family.name for family in one.families} - set(FAMILIES) == set()
    assert flags - set(ARGUMENTS) == set()


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "w.pt"
    path.write_bytes(b"x")
    return path


def test_what_the_form_refuses(make_exporter: MakeExporter, make_dialog: Make, script: Script, weights: Path) -> None:
    dialog = make_dialog(make_exporter(script("")))
    said = []
    cases = (
        ("", "a.onnx"), (str(weights.with_name("none.pt")), "a.onnx"), (str(weights.parent), "a.onnx"),
        (str(weights.with_suffix(".txt")), "a.onnx"), ("\0", "a.onnx"), (str(weights), ""), (str(weights), "no/folder/a.onnx"),
    )  # fmt: skip
    for given, target in cases:
        dialog.form.fields["--weights"].put(given)
        dialog.form.target.line.setText(str(weights.parent / target) if target else "")
        assert not dialog.start_button.isEnabled(), (given, target)
        assert dialog.form.order() is None
        said.append(dialog.hint.text())
    assert all(said)
    (weights.parent / "folder.onnx").mkdir()
    fill(dialog, weights, weights.parent / "folder.onnx")
    assert "is a folder" in dialog.hint.text()
    fill(dialog, weights, weights.parent / "a.onnx")
    assert dialog.start_button.isEnabled()


def test_cancel_is_said_and_leaves_nothing(
    make_exporter: MakeExporter, make_dialog: Make, until: Until, script: Script, weights: Path
) -> None:
    one: ModelExporter = make_exporter(script(OUT + "open(out, 'w').write('x')\n" + SLOW))
    dialog = make_dialog(one)
    (weights.parent / "out").mkdir()
    fill(dialog, weights, weights.parent / "out" / "a.onnx")
    dialog.start_button.click()
    until(lambda: dialog.work.title == "Tracing the network")
    assert dialog.work.figures.startswith("2 of 4")
    dialog.work.cancel_button.click()
    assert not one.running
    assert dialog.messages.message is not None
    assert "cancelled" in dialog.messages.message.text
    assert list((weights.parent / "out").iterdir()) == []
    assert dialog.form.fields["--weights"].value == str(weights)


def test_closing_the_window_lets_the_export_go_on(
    make_exporter: MakeExporter, make_dialog: Make, until: Until, script: Script, weights: Path
) -> None:
    one = make_exporter(script(SLOW))
    dialog = make_dialog(one)
    fill(dialog, weights, weights.parent / "a.onnx")
    dialog.start_button.click()
    until(lambda: one.run is not None and one.run.stage is not None)
    dialog.close()
    QApplication.processEvents()
    assert one.running
    again = make_dialog(one)
    assert again.work.isVisible()


def test_a_failure_is_one_sentence_in_the_window(
    make_exporter: MakeExporter, make_dialog: Make, until: Until, script: Script, weights: Path
) -> None:
    one = make_exporter(script("sys.exit('it is broken. Mend it.')"))
    dialog = make_dialog(one)
    fill(dialog, weights, weights.parent / "a.onnx")
    dialog.start_button.click()
    until(lambda: not one.running)
    assert dialog.failure.isVisible()
    assert dialog.failure.text() == "it is broken. Mend it."
    assert dialog.start_button.isEnabled()


def test_without_the_train_extra_there_is_the_command_instead_of_a_form(
    make_exporter: MakeExporter, make_dialog: Make, until: Until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\", name='torch')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    dialog = make_dialog(make_exporter(), wait=False)
    until(lambda: dialog.unavailable.retry_button.isVisible())
    assert "torch" in dialog.unavailable.text.text()
    assert dialog.unavailable.command.isVisible()
    dialog.unavailable.copy_button.click()
    assert QApplication.clipboard().text() == INSTALL


def test_fields_as_the_command_says_them(qapp: QApplication, tmp_path: Path) -> None:
    del qapp
    flag = make_field(Argument("--fp16", "", Kind.FLAG))
    assert isinstance(flag, FlagField)
    assert flag.words() == []
    flag.put("yes")
    assert flag.words() == ["--fp16"]
    choice = make_field(Argument("--batch", "", Kind.CHOICE, default="symbolic", choices=("symbolic", "1")))
    assert isinstance(choice, ChoiceField)
    assert choice.words() == []
    choice.put("1")
    assert choice.words() == ["--batch=1"]
    path = make_field(Argument("--calibrate", "", Kind.FOLDER))
    assert isinstance(path, PathField)
    path.put(str(tmp_path))
    assert path.words() == [f"--calibrate={tmp_path}"]
    assert path.complaint() == ""
    several = make_field(Argument("--option", "", Kind.TEXT, repeated=True))
    several.put("a=1  b=-2")
    assert several.words() == ["--option=a=1", "--option=b=-2"]
