from pathlib import Path

import cv2
import pytest

from models.provenance import Provenance
from models.rcnn.checkpoint import save_fast_rcnn, save_faster_rcnn
from models.rcnn.fast_rcnn import FastRcnn
from models.rcnn.faster_rcnn import FasterRcnn
from models.rcnn.parts import costs_of, load_picture, main
from tests.models.detect.drawn import random_scene
from tests.models.rcnn.tiny import FAST, FASTER


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    cv2.imwrite(str(tmp_path / "scene.png"), random_scene(0)[0])
    return tmp_path / "scene.png"


def test_every_part_is_counted(picture: Path) -> None:
    faster = costs_of(FasterRcnn(FASTER).eval(), load_picture(picture), 1)
    assert [*faster] == [
        "prepare", "backbone", "pyramid", "proposal network", "proposals", "region features", "head", "select",
    ]  # fmt: skip
    # 20 regions; both layers of the head, 1 + 2 classes with a score and a box each.
    assert faster["head"].multiply_adds == 20 * (16 * 16 * 32 + 32 * 32 + 32 * 3 * 5)
    assert faster["prepare"].multiply_adds == 0
    assert all(cost.ms >= 0 for cost in faster.values())
    fast = costs_of(FastRcnn(FAST).eval(), load_picture(picture), 1)
    assert [*fast][:2] == ["prepare", "selective search"]


@pytest.mark.parametrize(
    ("save", "network"), [(save_fast_rcnn, FastRcnn(FAST)), (save_faster_rcnn, FasterRcnn(FASTER))]
)
def test_the_table(picture: Path, capsys: pytest.CaptureFixture[str], save, network) -> None:  # type: ignore[no-untyped-def]
    save(picture.with_name("w.safetensors"), network, Provenance(()))
    main([str(picture.with_name("w.safetensors")), str(picture), "--repeat", "1"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("prepare")
    assert lines[-1].startswith("together")
    assert "M parameters" in lines[-1]
