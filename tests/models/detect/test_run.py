"""Real training, small: drawn pictures, 64 pixels, a few steps."""

import csv
import json
import signal
from dataclasses import replace
from pathlib import Path

import lightning as L  # noqa: N812 (its own convention)
import pytest
import torch

from models.detect.checkpoint import load_yolo
from models.detect.run import Order, train
from models.detect.training import DetectorTraining
from models.errors import (
    DiskFullError,
    DivergedError,
    MemoryShortError,
    RecipeError,
    TrainingDataError,
    TrainingInterruptedError,
    WeightsFileError,
)
from models.history import read_history
from models.terminal_progress import TerminalProgress
from tests.models.detect.drawn import write_coco
from tests.models.detect.tiny_run import CPU, QUICK, make_order


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run."""
    folder = tmp_path_factory.mktemp("run")
    longer = replace(QUICK, epochs=8, val_every=4, train_sizes=(64, 96))
    train(make_order(folder, longer, draw=True))
    return folder


def losses(out: Path) -> list[float]:
    with (out / "metrics" / "version_0" / "metrics.csv").open() as file:
        return [float(row["loss"]) for row in csv.DictReader(file) if row["loss"]]


def test_the_loss_falls(trained: Path) -> None:
    values = losses(trained / "out")
    assert len(values) == 8
    assert values[-1] < 0.97 * values[0]


def test_the_weights_file_says_where_it_comes_from(trained: Path) -> None:
    model, spec, provenance = load_yolo(trained / "out" / "yolo.safetensors")
    assert spec.classes == ("red", "green")
    assert spec.input_size == 64
    assert provenance.epochs in (4, 8)
    assert set(provenance.metrics) == {"mAP50", "mAP50_95", "AP50/red", "AP50/green"}
    assert [(source.name, source.pictures, source.boxes) for source in provenance.sources] == [("set", 12, 24)]
    assert len(provenance.split_sha256) == 64
    with torch.no_grad():
        assert model(torch.rand(1, 3, 64, 96))[0].shape == (1, 7, 4, 6)


def test_the_averaged_weights_are_what_is_saved(trained: Path) -> None:
    checkpoint = torch.load(trained / "out" / "checkpoints" / "best.ckpt", weights_only=True)
    saved, _, _ = load_yolo(trained / "out" / "yolo.safetensors")
    averaged = {name.removeprefix("model."): value for name, value in checkpoint["state_dict"].items()}
    for name, value in saved.state_dict().items():
        torch.testing.assert_close(value, averaged[name])
    assert not torch.equal(averaged["heads.0.1.weight"], checkpoint["current_model_state"]["model.heads.0.1.weight"])


def test_the_latest_weights_are_kept_beside_the_best(trained: Path) -> None:
    _, _, latest = load_yolo(trained / "out" / "yolo-last.safetensors")
    _, _, best = load_yolo(trained / "out" / "yolo.safetensors")
    assert latest.epochs == 8
    assert best.metrics["mAP50"] >= latest.metrics["mAP50"]


def weights_of(out: Path, name: str = "yolo-last.safetensors") -> bytes:
    """The tensors as bytes; the metadata beside them holds the time."""
    model, _, _ = load_yolo(out / name)
    return b"".join(value.numpy().tobytes() for value in model.state_dict().values())


def test_an_interrupted_run_ends_as_an_uninterrupted_one_and_its_curves_are_joined(tmp_path: Path) -> None:
    train(make_order(tmp_path))
    stopped = make_order(tmp_path, out=tmp_path / "stopped")
    interrupt_after(2, stopped)
    last = stopped.out / "checkpoints" / "last.ckpt"
    assert torch.load(last, weights_only=True)["epoch"] == 1
    train(replace(stopped, resume=last))
    assert weights_of(stopped.out) == weights_of(tmp_path / "out")
    histories = [read_history(folder / "metrics" / version / "metrics.csv")
                 for folder, version in ((stopped.out, "version_1"), (tmp_path / "out", "version_0"))]  # fmt: skip
    assert histories[0] == histories[1]
    assert histories[0]["loss"].epochs == (0, 1, 2, 3)


def interrupt_after(epochs: int, order: Order) -> None:
    """Ctrl-C in the first step of the next epoch."""

    def press(callback: TerminalProgress, trainer: L.Trainer, *_rest: object) -> None:
        if trainer.current_epoch == epochs:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TerminalProgress, "on_train_batch_end", press)
        with pytest.raises(TrainingInterruptedError, match="--resume"):
            train(order)


def test_the_seed_alone_decides(tmp_path: Path) -> None:
    outs = [tmp_path / name for name in ("one", "again", "other")]
    for out, seed in zip(outs, (5, 5, 6), strict=True):
        train(make_order(tmp_path, replace(QUICK, epochs=1, seed=seed), out=out))
    one, again, other = map(weights_of, outs)
    assert one == again
    assert one != other


def test_a_run_stops_when_it_gets_no_better(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = replace(QUICK, epochs=9, val_every=1, patience=2, learning_rate=0.0)  # nothing is learnt
    train(make_order(tmp_path, settings))
    assert "Stopped after epoch 3: 2 validations without a better mAP50" in capsys.readouterr().out
    assert json.loads((tmp_path / "out" / "metrics.json").read_text())["best"]["epoch"] == 1


def test_everything_that_is_promised_lies_in_the_folder(trained: Path) -> None:
    names = {str(path.relative_to(trained / "out")) for path in (trained / "out").rglob("*") if path.is_file()}
    pictures = {f"{name}.png" for name in ("report", "samples", "anchors", "curves", "failures", "pr")}
    assert names == pictures | {
        "report.json", "metrics.json", "yolo.safetensors", "yolo-last.safetensors", "metrics/version_0/metrics.csv",
        "checkpoints/last.ckpt", "checkpoints/best.ckpt", "checkpoints/best-validation.json",
    }  # fmt: skip
    for name in pictures:
        assert (trained / "out" / name).read_bytes().startswith(b"\x89PNG")
    figures = json.loads((trained / "out" / "metrics.json").read_text())
    assert figures["last"]["epoch"] == 8
    assert figures["best"]["mAP50"] >= figures["last"]["mAP50"]


def test_a_loss_that_is_no_number_ends_the_run_before_it_is_saved(tmp_path: Path) -> None:
    with pytest.raises(DivergedError, match=r"epoch 1, step \d.*--learning-rate"):
        train(make_order(tmp_path, replace(QUICK, learning_rate=1e30, warmup_epochs=0.0, clip_norm=1e30)))
    assert not (tmp_path / "out" / "checkpoints" / "last.ckpt").exists()


def test_out_of_memory_says_what_was_asked_and_what_to_lower(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(self: DetectorTraining, batch: object, _index: int) -> torch.Tensor:
        return torch.ones(2**58, requires_grad=True).sum()

    monkeypatch.setattr(DetectorTraining, "training_step", greedy)
    with pytest.raises(
        MemoryShortError, match="batch 3 at input_size 64; start again with a lower --batch or --input-size"
    ):
        train(make_order(tmp_path))


def test_a_full_disk_loses_nothing_that_was_written(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="limits of a process are POSIX's")
    order = make_order(tmp_path, replace(QUICK, epochs=1))
    train(order)
    last = order.out / "checkpoints" / "last.ckpt"
    before = last.read_bytes(), (order.out / "yolo.safetensors").read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(DiskFullError, match="no room"):
            train(replace(make_order(tmp_path, replace(QUICK, epochs=2)), resume=last))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert (last.read_bytes(), (order.out / "yolo.safetensors").read_bytes()) == before


def test_resuming_with_other_classes_is_refused(trained: Path) -> None:
    last = trained / "out" / "checkpoints" / "last.ckpt"
    order = make_order(trained, resume=last)
    fewer = replace(order, recipe=replace(order.recipe, classes=("red",)), out=trained / "other")
    with pytest.raises(WeightsFileError, match="another network"):
        train(fewer)


def test_a_damaged_checkpoint_is_refused(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "last.ckpt").write_bytes((trained / "out" / "checkpoints" / "last.ckpt").read_bytes()[:5000])
    with pytest.raises(WeightsFileError, match=r"last\.ckpt: not a readable checkpoint"):
        train(make_order(trained, resume=tmp_path / "last.ckpt", out=tmp_path))


@pytest.mark.parametrize("changes", [{"strategy": "warp"}, {"precision": "3-bit"}, {"accelerator": "abacus"}])
def test_a_machine_that_cannot_be_is_refused(trained: Path, tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises(RecipeError, match=next(iter(changes.values()))):
        train(make_order(trained, machine=replace(CPU, **changes), out=tmp_path))


def test_progress_lines_are_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train(make_order(tmp_path, replace(QUICK, epochs=2, train_sizes=(64,)), json_progress=True))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines if line["event"] != "step"] == ["report", "start", "epoch", "epoch", "done"]
    assert Path(lines[0]["file"]).is_file()
    assert lines[1]["classes"] == ["red", "green"]
    assert lines[-2]["epoch"] == 1
    assert 0 <= lines[-2]["metrics"]["mAP50"] <= 1
    assert Path(lines[-1]["weights"]).is_file()
    assert any(line["event"] == "step" and 0 < line["fraction"] <= 1 for line in lines)


def test_too_few_different_boxes_for_the_anchors(tmp_path: Path) -> None:
    order = make_order(tmp_path, replace(QUICK, anchors_per_scale=9))
    write_coco(tmp_path / "set", 2)
    with pytest.raises(TrainingDataError, match="lower --anchors-per-scale"):
        train(order)


def test_kept_weights_lie_between_the_start_and_what_was_learnt(tmp_path: Path) -> None:
    short = replace(QUICK, epochs=2, val_every=2)
    train(make_order(tmp_path / "first", short))
    start, _, _ = load_yolo(tmp_path / "first" / "out" / "yolo-last.safetensors")
    kept = {}
    for share in (0.0, 0.25):
        order = make_order(tmp_path / f"share {share}", replace(short, start_share=share))
        train(replace(order, recipe=replace(order.recipe, start=tmp_path / "first" / "out" / "yolo-last.safetensors")))
        kept[share] = load_yolo(order.out / "yolo-last.safetensors")[0].state_dict()
    for name, before in start.state_dict().items():
        learnt, mixed = kept[0.0][name], kept[0.25][name]
        # Training itself does not see the mixture, so both runs learnt the same.
        torch.testing.assert_close(mixed, torch.lerp(learnt, before, 0.25) if before.is_floating_point() else learnt)
    assert any(not torch.equal(kept[0.0][name], kept[0.25][name]) for name in kept[0.0])


def test_a_share_of_no_start_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="start_share mixes in the weights to start from"):
        train(make_order(tmp_path, replace(QUICK, start_share=0.1)))
