"""What Lightning says to its own developers, and its advertisements, would bury our progress lines."""

import logging
import warnings

WORDS = (
    ".*treespec",
    ".*does not have many workers",
    ".*Checkpoint directory .* exists and is not empty",
    ".*in eval mode at the start of training",  # what is frozen is meant to be
)


def quiet_lightning() -> None:
    """Leaves of Lightning's words what concerns the user."""
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    for words in WORDS:
        warnings.filterwarnings("ignore", message=words, module="lightning.*")
