from pathlib import Path

import lightning as L  # noqa: N812
import numpy as np
import pytest
import torch

from models.detect.loading import DetectionData, RepeatSampler, collate
from models.detect.pictures import Sample
from models.detect.records import read_labelled
from models.detect.spec import YoloSpec
from models.detect.split import split_by_content
from models.detect.yolo_settings import YoloSettings
from tests.models.detect.drawn import write_coco


def make_data(folder: Path, **changes: object) -> DetectionData:
    labelled = read_labelled([write_coco(folder, 10)])
    given = YoloSettings(batch=4, input_size=64, cache_px=96, **changes)  # type: ignore[arg-type]
    spec = YoloSpec(labelled.classes, (((10.0, 10.0),), ((30.0, 30.0),)), input_size=64)
    data = DetectionData(split_by_content(labelled.records, labelled.classes, 0.3), spec, given)
    data.setup("fit")
    return data


def test_collate_remembers_whose_box_is_whose() -> None:
    def sample(boxes: int, level: int) -> Sample:
        return Sample(
            np.full((8, 8, 3), level, np.uint8), np.full((boxes, 4), level, np.float32), np.full(boxes, level, np.int64)
        )

    batch = collate([(7, sample(2, 1)), (3, sample(0, 2)), (5, sample(1, 3))])
    assert batch.pictures.shape == (3, 3, 8, 8)
    assert batch.pictures.dtype == torch.uint8
    assert batch.targets.owners.tolist() == [0, 0, 2]
    assert batch.targets.labels.tolist() == [1, 1, 3]
    assert batch.indices.tolist() == [7, 3, 5]


def test_batches_hold_letterboxed_pictures_and_their_boxes(tmp_path: Path) -> None:
    data = make_data(tmp_path)
    [batch] = data.val_dataloader()
    assert batch.pictures.shape == (3, 3, 64, 64)
    assert len(batch.targets.labels) == 6
    for box, label, owner in zip(*batch.targets, strict=True):
        x1, y1, x2, y2 = (int(value) for value in box)
        red, green, _ = batch.pictures[owner, :, y1 + 2 : y2 - 2, x1 + 2 : x2 - 2].float().mean(dim=(1, 2))
        assert (red > green + 80) if label == 0 else (green > red + 80)


def test_a_seed_repeats_the_epoch_and_the_next_epoch_differs(tmp_path: Path) -> None:
    data = make_data(tmp_path)

    def epoch() -> list[torch.Tensor]:
        return [batch.pictures for batch in data.train_dataloader()]

    L.seed_everything(5, verbose=False)
    first, second = epoch(), epoch()
    L.seed_everything(5, verbose=False)
    again = epoch()
    assert all(torch.equal(one, other) for one, other in zip(first, again, strict=True))
    assert not all(torch.equal(one, other) for one, other in zip(first, second, strict=True))


@pytest.mark.parametrize("workers", [0, 1])
def test_mosaics_stop_for_worker_processes_too(tmp_path: Path, workers: int) -> None:
    data = make_data(tmp_path, mosaic=1.0, workers=workers)
    [before] = data.train_dataloader()
    assert len(before.targets.labels) > 8
    data.stop_mosaic()
    [after] = data.train_dataloader()
    assert len(after.targets.labels) <= 8


def test_repeated_pictures_appear_as_often_as_asked() -> None:
    factors = np.array([1.0, 1.0, 2.5, 1.5])
    sampler = RepeatSampler(factors)
    torch.manual_seed(0)
    counts = np.zeros(4)
    for _ in range(200):
        epoch = list(sampler)
        assert len(epoch) == len(sampler) == 6
        counts += np.bincount(epoch, minlength=4)
    np.testing.assert_allclose(counts / 200, factors, atol=0.1)


def test_without_repeats_an_epoch_is_a_permutation() -> None:
    epochs = [list(RepeatSampler(np.ones(20))) for _ in range(2)]
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(20))
    assert epochs[0] != epochs[1]


def test_fewer_pictures_than_a_batch_still_train(tmp_path: Path) -> None:
    labelled = read_labelled([write_coco(tmp_path, 4)])
    spec = YoloSpec(labelled.classes, (((10.0, 10.0),), ((30.0, 30.0),)), input_size=64)
    data = DetectionData(split_by_content(labelled.records, labelled.classes, 0.3), spec, YoloSettings(input_size=64))
    data.setup("fit")
    assert len(list(data.train_dataloader())) == 1
