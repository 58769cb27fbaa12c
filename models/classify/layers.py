"""The layers of a network in the order in which a picture passes them, and which of them stay as they are."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

from models.backbones.registry import Architecture
from models.errors import RecipeError

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm)


@dataclass(frozen=True)
class Transfer:
    """Which of the three ways: `way` is "none", "head", "last" or "full"; `count` is the N of `last:N`."""

    way: str = "none"
    count: int = 0


def parse_transfer(text: str) -> Transfer:
    """The value of `--transfer`.

    Raises:
        RecipeError: it is none of head, last:N, full.
    """
    way, colon, count = text.partition(":")
    if text in ("", "head", "full"):
        return Transfer(text or "none")
    if way == "last" and colon and count.isdecimal() and int(count) > 0:
        return Transfer("last", int(count))
    raise RecipeError(f"--transfer {text!r}: head, last:N with N of at least 1, or full expected")


@dataclass(frozen=True)
class Division:
    """Which modules training leaves alone, and which it puts into training mode.

    Attributes:
        still: dotted names of the modules whose parameters and buffers must not change.
        moving: dotted names of the modules from the first trained layer on, in the order of a forward pass.
    """

    still: tuple[str, ...]
    moving: tuple[str, ...]


def require_passing(network: nn.Module, name: str, input_chw: tuple[int, int, int], batch: int) -> None:
    """Looks whether pictures go through a network before anything is computed; the network itself is left as it was.

    Args:
        network: in training mode or not.
        name: what to call it.
        input_chw: (channels, height, width) of the pictures.
        batch: how many of them a step of its training has; 0 where it only answers, as in evaluation.

    Raises:
        RecipeError: they do not.
    """
    twin = copy.deepcopy(network).to("meta")
    for count, training in ((1, False), *([(batch, True)] if batch else [])):
        try:
            with torch.no_grad():
                twin.train(training)(torch.zeros(count, *input_chw, device="meta"))
        except (RuntimeError, ValueError) as error:
            asked = f"batch {count} at {input_chw[2]}×{input_chw[1]}"
            reason = str(error).splitlines()[0].rstrip(".")
            raise RecipeError(f"{name}: {asked} does not go through ({reason}); try a larger --size") from error


def passed_modules(network: nn.Module, input_chw: tuple[int, int, int]) -> list[str]:
    """Dotted names of the modules that a picture passes in evaluation, in order: those without children or with own parameters.

    The forward pass is followed on torch's meta device: nothing is computed.
    """
    twin = copy.deepcopy(network).to("meta").eval()
    passed: list[str] = []
    for name, module in twin.named_modules():
        if _has_own(module) or not any(True for _ in module.children()):
            module.register_forward_hook(lambda _module, _in, _out, name=name: passed.append(name))
    with torch.no_grad():
        twin(torch.zeros(1, *input_chw, device="meta"))
    return list(dict.fromkeys(passed))


def layers_in_order(network: nn.Module, passed: Sequence[str]) -> list[tuple[str, ...]]:
    """The layers of a network, each as the dotted names of its modules.

    A layer is a module with parameters of its own, together with the normalization behind it.

    Args:
        network: the network.
        passed: see `passed_modules`.
    """
    modules = dict(network.named_modules())
    layers: list[list[str]] = []
    for name in passed:
        if not _has_own(modules[name]):
            continue
        if layers and isinstance(modules[name], NORMS):
            layers[-1].append(name)
        else:
            layers.append([name])
    return [tuple(layer) for layer in layers]


def divide(
    network: nn.Module, architecture: Architecture, transfer: Transfer, input_chw: tuple[int, int, int]
) -> Division:
    """What stays and what moves.

    With `head` and `last:N` all but the last layers stay, auxiliary classifiers among them; otherwise everything moves.

    Raises:
        RecipeError: the network has no more than N layers.
    """
    passed = passed_modules(network, input_chw)
    if transfer.way in ("none", "full"):
        return Division((), tuple(passed))
    layers = layers_in_order(network, passed)
    count = 1 if transfer.way == "head" else transfer.count
    if count >= len(layers):
        raise RecipeError(
            f"--transfer last:{count}: {architecture.name} has {len(layers)} layers, so nothing would be frozen; "
            "use --transfer full"
        )
    moving = passed[passed.index(layers[-count][0]) :]
    still = tuple(name for name, module in network.named_modules() if _has_own(module) and name not in moving)
    return Division(still, tuple(moving))


def freeze(network: nn.Module, division: Division) -> None:
    """Takes the gradients off what stays."""
    for name in division.still:
        network.get_submodule(name).requires_grad_(requires_grad=False)


def set_training(network: nn.Module, division: Division) -> None:
    """Training mode for what moves, evaluation mode for what stays, so that its batch norms keep their statistics.

    A network of which something stays answers as in evaluation: without auxiliary classifiers.
    """
    network.train(not division.still)
    for name in division.moving if division.still else ():
        network.get_submodule(name).train()


def _has_own(module: nn.Module) -> bool:
    """Whether a module has parameters or buffers that are not its children's."""
    return any(True for _ in (*module.parameters(recurse=False), *module.buffers(recurse=False)))
