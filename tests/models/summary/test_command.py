import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.cli import main
from models.detect.checkpoint import load_yolo
from models.summary.listing import Listed, text_listing


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_the_table_is_aligned_and_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    title, _, head, rule, *lines = run(capsys, "summary", "lenet5").splitlines()
    assert title == "LeNet-5"
    assert head.split() == ["layer", "kind", "channels", "size", "stride", "field", "parameters", "multiply-adds"]
    rows, total = lines[:-2], lines[-1]
    assert {len(line) for line in (head, rule, total)} == {len(head)}
    assert total.split() == ["total", "60,850", "416,520"]
    end = head.index("parameters") + len("parameters")
    counts = [line[end - 10 : end].strip().replace(",", "") for line in rows]
    assert sum(int(count) for count in counts if count) == 60_850
    assert not any("ScaledTanh" in line for line in rows)


def test_all_layers_are_shown_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert "ScaledTanh" in run(capsys, "summary", "lenet5", "--layers")


def test_sizes_classes_and_options(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--size", "64,96", "--classes", "4", "--option", "width=0.25", "--json"]
    found = json.loads(run(capsys, "summary", "resnet18", *arguments))
    rows = {row["name"]: row for row in found["rows"]}
    assert found["input_shape"] == [3, 64, 96]
    assert rows["conv1"]["size"] == [32, 48]
    assert rows["conv1"]["channels"] == 16
    assert rows["fc"]["channels"] == 4
    assert sum(row["parameters"] for row in found["rows"]) == found["parameters"]


def test_options_take_the_type_of_their_default(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "summary", "googlenet", "--option", "auxiliaries=no", "--option", "five=5", "--size", "64")
    assert "auxiliary" not in out
    assert "conv 5×5" in out
    assert "auxiliary classifiers, which only training uses" in run(capsys, "summary", "googlenet")


def test_a_trained_detector_is_summarised_from_its_weights(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = repository / "assets" / "weights" / "desk-yolo.safetensors"
    found = json.loads(run(capsys, "summary", str(path), "--json"))
    model, spec, _ = load_yolo(path)
    assert found["parameters"] == sum(value.numel() for value in model.parameters())
    assert found["input_shape"] == [3, spec.input_size, spec.input_size]
    last = {f"heads.{scale}.{len(head) - 1}" for scale, head in enumerate(model.heads)}  # type: ignore[arg-type]
    strides = [row["stride"] for row in found["rows"] if row["name"] in last]
    assert strides == [[side, side] for side in spec.strides]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lenet"], "no network is called 'lenet'; did you mean lenet5"),
        (["resnet18", "--size", "big"], "--size big: give height and width"),
        (["resnet18", "--size", "0,3"], "--size 0,3: give height and width"),
        (["resnet18", "--size", "1,2,3"], "--size 1,2,3: give height and width"),
        (["resnet18", "--size=-5,5"], "--size -5,5: give height and width"),
        (["resnet18", "--size", f"{10**25},1"], "each from 1 to 1,000,000"),
        (["resnet18", "--option", "width=nan"], "option width is nan; it must be 0.01 to 16"),
        (["resnet18", "--classes", f"{10**20}"], "it must be 1 to 1,000,000"),
        (["resnet18", "--option", "width"], "--option width: give it as KEY=VALUE"),
        (["resnet18", "--option", "width=thin"], "--option width=thin: must be float"),
        (["googlenet", "--option", "auxiliaries=maybe"], "--option auxiliaries=maybe: must be bool"),
        (["resnet18", "--option", "depth=3"], "resnet18 has no option 'depth'"),
        (["lenet5", "--size", "64"], "a picture of 1×64×64 does not go through this network"),
        (["nowhere.safetensors"], "nowhere.safetensors: no such weights file"),
        (["x.safetensors", "--classes", "3"], "leave --classes and --option away"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["summary", *arguments]) == 2
    out, err = capsys.readouterr()
    assert message in err
    assert err.count("\n") == 1
    assert not out


def test_an_output_without_these_characters_gets_others(monkeypatch: pytest.MonkeyPatch) -> None:
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding="ascii"))
    assert main(["summary", "lenet5"]) == 0
    assert b"conv 5?5" in held.getvalue()


@pytest.mark.parametrize("arguments", [["summary", "lenet5"], ["list"]])
def test_a_reader_that_leaves_early_ends_it_quietly(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as output:
        monkeypatch.setattr(sys, "stdout", output)
        assert main(arguments) == 1


def test_a_listing_is_aligned() -> None:
    rows = [
        Listed("lenet5", "LeNet-5", (32, 32), 60_850, 416_520, 1998, "LeCun"),
        Listed("vgg16", "VGG-16", (224, 224), 138_357_544, 15_470_264_320, 2014, "Simonyan"),
    ]
    head, _, *lines = text_listing(rows)
    assert [line.index(paper) for line, paper in zip(lines, ("LeCun", "Simonyan"), strict=True)] == [
        head.index("paper")
    ] * 2
    assert lines[1].split() == ["vgg16", "VGG-16", "224×224", "138,357,544", "15,470,264,320", "Simonyan"]


def test_the_list_counts_every_network(capsys: pytest.CaptureFixture[str]) -> None:
    found = {row["name"]: row for row in json.loads(run(capsys, "list", "--json"))}
    assert (found["lenet5"]["parameters"], found["googlenet"]["parameters"]) == (60_850, 6_624_904)
    assert found["vgg16"]["multiply_adds"] == 15_470_264_320
    assert found["resnet50"]["input_hw"] == [224, 224]


def test_help_needs_no_torch() -> None:
    code = "import sys, models.summary.command; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
