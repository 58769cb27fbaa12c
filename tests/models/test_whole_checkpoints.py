import os
import pickle
from pathlib import Path

import pytest
import torch

from models.errors import WeightsFileError
from models.whole_checkpoints import require_checkpoint


class Runs:
    """What makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.folder),)


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "list", "dict", "pickle", "pickle in a checkpoint"])
def test_what_is_no_checkpoint_is_refused_in_one_line_and_runs_nothing(tmp_path: Path, kind: str) -> None:
    path, harm = tmp_path / "last.ckpt", tmp_path / "harm"
    if kind in ("empty", "text"):
        path.write_text("" if kind == "empty" else "no checkpoint")
    elif kind == "pickle":
        path.write_bytes(pickle.dumps(Runs(harm), protocol=2))
    elif kind != "missing":
        torch.save({"list": [1], "dict": {"a": 1}}.get(kind, {"state_dict": Runs(harm)}), path)
    with pytest.raises(WeightsFileError, match=r"last\.ckpt: not a readable checkpoint") as caught:
        require_checkpoint(path)
    assert "\n" not in str(caught.value)
    assert "weights_only" not in str(caught.value)
    assert not harm.exists()
