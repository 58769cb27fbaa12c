"""Names that take nothing from anybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.engine.output_names import free_stem, stem_of


@given(name=st.text(max_size=60))
def test_any_name_becomes_one_that_every_system_takes(name: str) -> None:
    stem = stem_of(name)
    assert stem
    assert not set(stem) & set('/\\:*?"<>|\n\0 ')
    assert not stem.startswith((".", "-"))


@pytest.mark.parametrize("existing", ["clip.jsonl", "clip_frames", "Clip.mp4", "clip"])
def test_a_name_with_files_is_not_free(tmp_path: Path, existing: str) -> None:
    (tmp_path / existing).write_text("", encoding="utf-8")
    assert free_stem(tmp_path, "clip.mov") == "clip-2"
    assert free_stem(tmp_path, "clip.mov", overwrite=True) == "clip"
    assert free_stem(tmp_path, "clip.mov", {"clip-2", "clip-3"}) == "clip-4"


def test_a_longer_name_is_another_name(tmp_path: Path) -> None:
    (tmp_path / "clips.jsonl").write_text("", encoding="utf-8")
    assert free_stem(tmp_path, "clip") == "clip"
    assert free_stem(tmp_path / "missing", "clip") == "clip"
