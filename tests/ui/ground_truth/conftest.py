"""What is known of the film, by the model's own run."""

from __future__ import annotations

from pathlib import Path

import pytest

from detector_app.cli import main


@pytest.fixture(scope="module")
def own_truth(film: Path, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What our own program writes of the film."""
    out = tmp_path_factory.mktemp("run")
    assert (
        main(["run", str(film), "--model", str(model), "--save", "coco", "--out", str(out), "--providers", "cpu"]) == 0
    )
    return next(out.rglob("*.coco.json"))
