"""Files on the disk: where a reading comes from, and what damaged companions are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from detector_app.errors import CardInvalidError, CardMissingError, DetectorError, NotAnOnnxFileError
from detector_app.model_card import CARD_KEY
from detector_app.pipelines.known_models import KNOWN, KnownModel, card_of_known, reading_of_known
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.reading.file_reading import read_file
from detector_app.pipelines.reading.reading import Certainty, Field, Scaling
from detector_app.pipelines.reading.saving import save_sidecar
from detector_app.pipelines.reading.trying import interface_of
from tests.onnx_files import tiny_anchor_model, tiny_card, tiny_dense_model


def test_of_a_card_inside_all_is_stated_and_can_be_corrected(tmp_path: Path) -> None:
    file = read_file(tiny_anchor_model(tmp_path / "m.onnx"))
    assert file.card_inside
    reading = file.reading()
    assert {fact.certainty for fact in reading.facts.values()} == {Certainty.STATED}
    assert file.card_for() == tiny_card()
    changed = file.card_for({Field.ORDER: "BGR", Field.SCALING: Scaling(1.0)})
    assert (changed.input.channel_order, changed.input.scale, changed.heads) == ("BGR", 1.0, tiny_card().heads)
    assert file.reading({Field.ORDER: "BGR"}).facts[Field.ORDER].certainty is Certainty.CHOSEN


def test_of_a_card_beside_it_and_of_metadata(tmp_path: Path) -> None:
    path = tiny_anchor_model(tmp_path / "m.onnx", metadata={})
    save_sidecar(path, tiny_card())
    file = read_file(path)
    assert not file.card_inside
    assert "m.card.json" in file.reading().facts[Field.FAMILY].evidence.describe()
    metadata = read_file(tiny_dense_model(tmp_path / "u.onnx"))
    assert "exporter" in metadata.reading().facts[Field.FAMILY].evidence.describe()


def test_a_card_beside_it_counts_before_the_metadata_of_its_exporter(tmp_path: Path) -> None:
    path = tiny_dense_model(tmp_path / "u.onnx")
    card = read_file(path).card_for({Field.ORDER: "BGR"})
    save_sidecar(path, card)
    pipeline = load_pipeline(path)
    assert pipeline.card.input.channel_order == "BGR"
    pipeline.close()


def test_a_file_without_a_card_is_not_guessed_unless_asked(tmp_path: Path, shared_data: Path) -> None:
    path = shared_data / "weights" / "yunet" / "yunet_n_640_640.onnx"
    with pytest.raises(CardMissingError):
        load_pipeline(path)
    assert read_file(path).card is None


def test_another_kind_is_read_from_the_outputs_anew(tmp_path: Path) -> None:
    reading = read_file(tiny_anchor_model(tmp_path / "m.onnx")).reading({Field.FAMILY: "yunet"})
    assert Field.OUTPUTS in reading.missing
    assert "do not fit" in reading.facts[Field.OUTPUTS].evidence.describe()


def test_a_published_file_is_known_by_its_bytes(shared_data: Path) -> None:
    path = shared_data / "weights" / "ultraface" / "version-RFB-320.onnx"
    pipeline = load_pipeline(path, threads=1)
    pipeline.close()
    assert (pipeline.card.name, pipeline.card.licence) == ("ultraface-rfb-320", "MIT")
    file = read_file(path)
    assert file.card == pipeline.card
    assert file.reading().guessed == ()


def test_a_hash_that_does_not_fit_the_graph_makes_no_card(tmp_path: Path) -> None:
    known = KnownModel("x", "0" * 64, "yunet", "nowhere", "")
    interface = interface_of(tiny_anchor_model(tmp_path / "m.onnx", metadata={}))
    assert reading_of_known(known, interface) is None
    assert card_of_known(known, interface) is None
    assert len({known.sha256 for known in KNOWN}) == len(KNOWN)


@pytest.mark.parametrize(
    "garbage", [b"\x00\xff\xfe", b"[1, 2", b"null", b'{"schema_version": 1}', b"[" * 100_000], ids=range(5)
)
def test_a_sidecar_of_garbage_is_named_and_can_be_passed_over(tmp_path: Path, garbage: bytes) -> None:
    path = tiny_anchor_model(tmp_path / "m.onnx", metadata={})
    (tmp_path / "m.card.json").write_bytes(garbage)
    with pytest.raises(DetectorError, match=r"m\.card\.json"):
        read_file(path)
    assert read_file(path, guess=True).card is None


def test_garbage_inside_can_be_passed_over(tmp_path: Path) -> None:
    path = tiny_anchor_model(tmp_path / "m.onnx", metadata={CARD_KEY: "{"})
    with pytest.raises(CardInvalidError):
        read_file(path)
    assert read_file(path, guess=True).reading().value(Field.SIZE)


def test_odd_names_of_files(tmp_path: Path) -> None:
    path = tiny_anchor_model(tmp_path / "{where} 100% \n脸 & <b>.onnx", metadata={})
    with pytest.raises(CardMissingError) as caught:
        load_pipeline(path)
    assert "100%" in str(caught.value)
    save_sidecar(path, tiny_card())
    load_pipeline(path).close()


def test_what_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_text("no model")
    with pytest.raises(NotAnOnnxFileError):
        read_file(tmp_path / "m.onnx")


def test_a_known_file_stays_known_when_it_is_guessed(shared_data: Path) -> None:
    file = read_file(shared_data / "weights" / "ultraface" / "version-RFB-320.onnx", guess=True)
    assert file.reading().guessed == ()
    assert "whose authors say so" in file.reading().facts[Field.ORDER].evidence.describe()
