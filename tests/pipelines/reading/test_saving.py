"""Cards kept beside a file and in copies of it; onnx's own reader is the judge of what was written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.model_card import CARD_KEY
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.reading.errors import NotSavedError
from detector_app.pipelines.reading.saving import metadata_entry, save_copy, save_sidecar
from tests.onnx_files import tiny_anchor_model, tiny_card


@given(key=st.text(min_size=1, max_size=300), value=st.text(max_size=40_000))
def test_an_entry_as_protocol_buffers_read_it(key: str, value: str) -> None:
    try:
        entry = metadata_entry(key, value)
    except UnicodeEncodeError:  # lone surrogates are no text
        return
    model = onnx.ModelProto.FromString(entry)
    assert [(prop.key, prop.value) for prop in model.metadata_props] == [(key, value)]


def test_a_copy_has_the_card_and_the_same_graph(tmp_path: Path) -> None:
    path = tiny_anchor_model(tmp_path / "m.onnx", metadata={"author": "someone"})
    target = save_copy(path, tmp_path / "copy.onnx", tiny_card(name="inside"))
    before, after = onnx.load(str(path)), onnx.load(str(target))
    assert after.graph == before.graph
    assert {prop.key for prop in after.metadata_props} == {"author", CARD_KEY}
    onnx.checker.check_model(after)
    pipeline = load_pipeline(target)
    assert pipeline.card.name == "inside"
    pipeline.close()


def test_a_card_that_was_inside_is_replaced(tmp_path: Path) -> None:
    path = tiny_anchor_model(tmp_path / "m.onnx")
    target = save_copy(path, tmp_path / "copy.onnx", tiny_card(name="new"))
    assert [prop.key for prop in onnx.load(str(target)).metadata_props] == [CARD_KEY]
    again = save_copy(target, tmp_path / "again.onnx", tiny_card(name="newer"))
    pipeline = load_pipeline(again)
    assert pipeline.card.name == "newer"
    pipeline.close()


def test_a_copy_may_replace_another_file_but_never_the_model_itself(tmp_path: Path) -> None:
    path = tiny_anchor_model(tmp_path / "m.onnx")
    (tmp_path / "old.onnx").write_text("old")
    save_copy(path, tmp_path / "old.onnx", tiny_card())
    with pytest.raises(NotSavedError, match="the model itself"):
        save_copy(path, path, tiny_card())
    assert onnx.load(str(path)).metadata_props[0].key == CARD_KEY


def test_a_sidecar_is_what_the_loader_reads(tmp_path: Path) -> None:
    path = tiny_anchor_model(tmp_path / "m.onnx", metadata={})
    card = replace(tiny_card(), licence="CC0 ©")
    assert save_sidecar(path, card).name == "m.card.json"
    pipeline = load_pipeline(path)
    assert pipeline.card == card
    pipeline.close()


def test_a_folder_that_is_gone_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotSavedError, match="could not be saved"):
        save_sidecar(tmp_path / "gone" / "m.onnx", tiny_card())
    path = tmp_path / "text.onnx"
    path.write_bytes(b"\xff" * 40)
    with pytest.raises(NotSavedError, match=r"damaged|cut off"):
        save_copy(path, tmp_path / "copy.onnx", tiny_card())
    assert [file.name for file in tmp_path.iterdir()] == ["text.onnx"]


def test_damaged_bytes_never_hang_or_raise_anything_else(tmp_path: Path) -> None:
    whole = bytearray(tiny_anchor_model(tmp_path / "m.onnx").read_bytes())
    rng = np.random.default_rng(4)
    for _ in range(60):
        damaged = bytearray(whole)
        for position in rng.integers(0, len(whole), 4):
            damaged[position] = rng.integers(0, 256)
        (tmp_path / "d.onnx").write_bytes(damaged[: int(rng.integers(1, len(whole)))])
        try:
            save_copy(tmp_path / "d.onnx", tmp_path / "copy.onnx", tiny_card())
        except NotSavedError:
            continue
