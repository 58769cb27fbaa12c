"""Cards for files that Ultralytics has exported: written only if the graph runs as they say."""

import onnx
import pytest

from detector_app.model_card import CARD_KEY, ModelCard
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import default_settings, infer
from export.cli import main
from tests.onnx_files import frame_of, picture_with_squares, tiny_anchor_model, tiny_dense_model, ultralytics_metadata


@pytest.mark.parametrize("dynamic", [True, False])
def test_the_copy_has_a_card_and_finds_what_the_original_finds(tmp_path, capsys, dynamic):
    source = tiny_dense_model(tmp_path / "theirs.onnx", dynamic=dynamic)
    target = tmp_path / "ours.onnx"
    assert main(["ultralytics", "--onnx", str(source), "--out", str(target)]) == 0
    assert "not compared with PyTorch" in capsys.readouterr().out
    metadata = {entry.key: entry.value for entry in onnx.load(target).metadata_props}
    card = ModelCard.from_json(metadata[CARD_KEY], str(target))
    assert (card.name, card.licence, card.parity) == ("ours", ultralytics_metadata()["license"], None)
    frame = frame_of(picture_with_squares([(104, 104, "red"), (200, 152, "blue")]))
    found = []
    for path in (source, target):
        pipeline = load_pipeline(path, providers=("cpu",))
        found.append(pipeline.select(infer(pipeline, [frame]), default_settings(pipeline.card))[0])
        pipeline.close()
    assert len(found[0]) > 0
    assert (found[0].xyxy == found[1].xyxy).all()
    assert (found[0].scores == found[1].scores).all()


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        ({}, "no metadata of Ultralytics"),
        (ultralytics_metadata(names="{0: 'a', 1: 'b', 2: 'c'}"), "(N, 7, A)"),
        (ultralytics_metadata(task="pose"), "pose"),
        (ultralytics_metadata(names="__import__('os')"), "names"),
    ],
)
def test_nothing_is_written_for_other_files(tmp_path, capsys, metadata, says):
    source = tiny_dense_model(tmp_path / "theirs.onnx", metadata=metadata)
    assert main(["ultralytics", "--onnx", str(source), "--out", str(tmp_path / "ours.onnx")]) == 1
    assert says in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["theirs.onnx"]


def test_a_graph_that_does_not_run_as_it_says_is_refused(tmp_path, capsys):
    source = tiny_anchor_model(tmp_path / "theirs.onnx", metadata=ultralytics_metadata())
    assert main(["ultralytics", "--onnx", str(source), "--out", str(tmp_path / "ours.onnx")]) == 1
    assert capsys.readouterr().err.startswith("detector-export: error")
    assert not (tmp_path / "ours.onnx").exists()


def test_text_is_no_onnx_file(tmp_path, capsys):
    source = tmp_path / "theirs.onnx"
    source.write_text("hello")
    assert main(["ultralytics", "--onnx", str(source), "--out", str(tmp_path / "ours.onnx")]) == 1
    assert "theirs.onnx" in capsys.readouterr().err
