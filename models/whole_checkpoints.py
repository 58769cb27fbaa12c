"""Lightning's checkpoints, each written whole or not at all."""

import io
import os
import pickle
from pathlib import Path
from typing import Any

import torch
from lightning.fabric.plugins.io.torch_io import TorchCheckpointIO

from models.errors import WeightsFileError
from models.torch_archive import check_archive
from models.whole_file import write_whole

NEEDED = frozenset(
    ("pytorch-lightning_version", "state_dict", "loops", "callbacks", "optimizer_states", "lr_schedulers")
)


class WholeCheckpoints(TorchCheckpointIO):
    """Saves beside the old checkpoint before it takes its place.

    Lightning's own saving goes through the system's folder for temporary files; where that is another file system, a kill
    in the middle of the copy leaves half a checkpoint, and the run cannot be resumed.
    """

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: str | os.PathLike[str], storage_options: Any = None
    ) -> None:
        """Writes the checkpoint.

        Raises:
            OSError: it cannot be written; an old one is still there.
        """
        content = io.BytesIO()
        torch.save(checkpoint, content)
        write_whole(Path(path), content.getvalue())


def require_checkpoint(path: Path) -> None:
    """Looks whether a checkpoint can be read; Lightning would report a damaged one by a traceback of its own.

    Raises:
        WeightsFileError: it is missing, damaged or something else.
    """
    # PyTorch's own words are not passed on: of a file that wants to run code they advise to let it.
    refusal = f"{path}: not a readable checkpoint (missing, damaged, or not written by detector-train); start a new run"
    try:
        check_archive(path)
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError, KeyError, pickle.UnpicklingError) as error:
        raise WeightsFileError(refusal) from error
    if not (isinstance(content, dict) and content.keys() >= NEEDED):
        raise WeightsFileError(refusal)
