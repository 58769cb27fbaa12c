"""`detector-train` with one more backbone, `tiny`: what is tested is the run, not what it learns.

As a program, `python -m tests.models.detect.tiny_run detect …`, it is a run that a test may kill.
"""

import sys
from pathlib import Path

from models.detect.backbone import TABLES
from models.detect.recipe import Recipe
from models.detect.run import Order
from models.detect.spec import ResidualTable
from models.detect.yolo_settings import YoloSettings
from models.machine import Machine
from tests.models.detect.drawn import write_coco

TABLES["tiny"] = ResidualTable((4, 8, 8, 12, 16), (0, 0, 0, 1, 0))
CPU = Machine(accelerator="cpu", devices="1")
QUICK = YoloSettings(
    backbone="tiny", epochs=4, batch=3, input_size=64, anchors_per_scale=1, warmup_epochs=1, val_every=2, cache_px=96,
    val_fraction=0.25, learning_rate=4e-3, mosaic=0.2, rotation_deg=0.0, quarter_turn=0.0, ema_decay=0.9,
)  # fmt: skip


def make_order(folder: Path, settings: YoloSettings = QUICK, **changes: object) -> Order:
    """A run on a dozen drawn scenes in `folder`."""
    if not (folder / "set").exists():
        write_coco(folder / "set", 12)
    order = Order(
        Recipe(settings, (folder / "set",)), **{"out": folder / "out", "machine": CPU, "draw": False, **changes}
    )  # type: ignore[arg-type]
    order.out.mkdir(exist_ok=True)
    return order


if __name__ == "__main__":
    from models.cli import main

    sys.exit(main())
