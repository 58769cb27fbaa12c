"""The training loop by itself, on random pictures."""

import lightning as L  # noqa: N812 (its own convention)
import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional
from torch.utils.data import Dataset

from models.backbones.registry import create, describe
from models.classify.keeping import make_judge
from models.classify.layers import Division, Transfer, divide
from models.classify.loading import ClassifierData
from models.classify.pictures import Labelled
from models.classify.settings import ClassifySettings
from models.classify.spec import ClassifierSpec
from models.classify.training import ClassifierTraining, Normalize
from models.machine import Machine
from models.quiet import quiet_lightning

CPU = Machine(accelerator="cpu", devices="1")
QUICK = ClassifySettings(epochs=40, batch=8, learning_rate=3e-3, label_smoothing=0.0, weight_decay=0.0)
LENET = ClassifierSpec("lenet5", ("a", "b"), (32, 32), 1, (0.5,), (0.25,))
RESNET = ClassifierSpec("resnet18", ("a", "b"), (32, 32), 3, (0.5,) * 3, (0.25,) * 3, options={"width": 0.125})
ALL = Division((), ())


class Noise(Dataset[Labelled]):
    """Random pictures with random labels: only memory helps."""

    def __init__(self, count: int, channels: int, classes: int = 2) -> None:
        generator = torch.Generator().manual_seed(0)
        self.pictures = torch.randint(0, 256, (count, channels, 32, 32), generator=generator, dtype=torch.uint8)
        self.labels = torch.arange(count) % classes

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> Labelled:
        return Labelled(self.pictures[index], self.labels[index], torch.tensor(index))


def fit(module: ClassifierTraining, data: Noise, epochs: int, batch: int = 8) -> L.Trainer:
    quiet_lightning()
    trainer = L.Trainer(
        accelerator="cpu", devices=1, max_epochs=epochs, logger=False, enable_checkpointing=False, num_sanity_val_steps=0,
        enable_progress_bar=False, enable_model_summary=False, log_every_n_steps=1,
    )  # fmt: skip
    trainer.fit(module, datamodule=ClassifierData(data, data, batch, 0))
    return trainer


@pytest.mark.parametrize("spec", [LENET, RESNET], ids=lambda spec: spec.architecture)
def test_one_batch_is_learnt_by_heart(spec: ClassifierSpec) -> None:
    torch.manual_seed(0)
    network = create(spec.architecture, 2, **spec.options, **({"activation": "relu"} if spec is LENET else {}))
    module = ClassifierTraining(network, spec, QUICK, ALL)
    trainer = fit(module, Noise(8, spec.channels), 40)
    assert float(trainer.callback_metrics["loss"]) < 0.02
    if spec is LENET:
        assert module.metrics["accuracy"] == 1.0


@pytest.mark.parametrize("transfer", [Transfer("head"), Transfer("last", 3)])
def test_what_is_frozen_stays_bit_for_bit(transfer: Transfer) -> None:
    torch.manual_seed(0)
    network = create("resnet18", 2, width=0.125)
    division = divide(network, describe("resnet18"), transfer, (3, 32, 32))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    fit(ClassifierTraining(network, RESNET, QUICK, division), Noise(8, 3), 2)
    changed = {
        name.rpartition(".")[0] for name, value in network.state_dict().items() if not torch.equal(value, before[name])
    }
    moving = {name.rpartition(".")[0] for name in before} - set(division.still)
    assert changed == moving
    assert "fc" in changed


def test_the_loss_is_smoothed_cross_entropy_with_weighted_auxiliaries() -> None:
    """By hand: a true class of logit 0 against one of ln 3 has probability 1/4; smoothing by 0.2 gives it 0.9 of the truth."""
    module = ClassifierTraining(
        create("lenet5", 2), LENET, ClassifySettings(label_smoothing=0.2, auxiliary_weight=0.3), ALL
    )
    logits, labels = torch.tensor([[0.0, np.log(3.0)]]), torch.tensor([0])
    own = -(0.9 * np.log(0.25) + 0.1 * np.log(0.75))
    assert float(module._loss(logits, labels)) == pytest.approx(own, abs=1e-6)
    assert float(module._loss((logits, logits, logits), labels)) == pytest.approx(own * 1.6, abs=1e-6)


def test_the_loss_has_the_gradient_that_its_values_say() -> None:
    module = ClassifierTraining(create("lenet5", 2), LENET, ClassifySettings(label_smoothing=0.1), ALL)
    labels = torch.tensor([0, 2, 1])

    def loss(logits: Tensor, auxiliary: Tensor) -> Tensor:
        parts = functional.cross_entropy(logits, labels, label_smoothing=0.1)
        return parts + 0.3 * functional.cross_entropy(auxiliary, labels, label_smoothing=0.1)

    logits = torch.rand(2, 3, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(loss, (logits[0], logits[1]))
    torch.testing.assert_close(
        module._loss((logits[0], logits[1]), labels).double(), loss(logits[0], logits[1]), atol=1e-6, rtol=0
    )


def test_pretrained_layers_learn_more_slowly_and_biases_do_not_decay() -> None:
    network = create("lenet5", 2)
    pretrained = frozenset(name for name, _ in network.named_parameters() if not name.startswith("output"))
    settings = ClassifySettings(learning_rate=1e-2, pretrained_rate=0.1, weight_decay=0.5, epochs=1, warmup=0.01)
    module = ClassifierTraining(network, LENET, settings, ALL, pretrained=pretrained)
    trainer = fit(module, Noise(8, 1), 1)
    found = {
        name: (round(group["initial_lr"], 6), group["weight_decay"])
        for group in trainer.optimizers[0].param_groups
        for name, value in network.named_parameters()
        if any(value is own for own in group["params"])
    }
    assert found["output.weight"] == (1e-2, 0.5)
    assert found["output.bias"] == (1e-2, 0.0)
    assert found["f6.weight"] == (1e-3, 0.5)
    assert len(found) == len(list(network.parameters()))


def test_answers_come_in_the_order_of_the_pictures() -> None:
    quiet_lightning()
    network = create("lenet5", 2)
    data = Noise(7, 1)
    module = ClassifierTraining(network, LENET, QUICK, ALL)
    make_judge(CPU).validate(module, datamodule=ClassifierData(data, data, 3, 0), verbose=False)
    with torch.no_grad():
        expected = network.eval()(Normalize(LENET)(data.pictures.float() / 255))
    np.testing.assert_allclose(module.answers.logits, expected.numpy(), atol=1e-5)
    np.testing.assert_array_equal(module.answers.labels, data.labels.numpy())
