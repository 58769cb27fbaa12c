"""State dicts of others in the names that our networks have, which are torchvision's.

Training scripts wrap a network in others, and each puts its name before all: `module.` (data-parallel training), `_orig_mod.`
(`torch.compile`), `model.` and `backbone.` (Lightning, detectors). timm has torchvision's names for ResNets and Inception v3, and
others only for VGG, whose dense layers are convolutions there, of the same values in the same order.
"""

from collections.abc import Mapping

from torch import Tensor

NESTED = ("state_dict", "model", "model_state_dict", "state_dict_ema", "model_ema", "net")
PREFIXES = ("module.", "_orig_mod.", "model.", "backbone.", "net.", "network.")
MOST_WRAPPERS = 6
TIMM_VGG = {"pre_logits.fc1.": "classifier.0.", "pre_logits.fc2.": "classifier.3.", "head.fc.": "classifier.6."}


def unwrapped(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names without what all of them have before them."""
    for _ in range(MOST_WRAPPERS):
        prefix = next((one for one in PREFIXES if names and all(name.startswith(one) for name in names)), None)
        if prefix is None:
            break
        names = tuple(name.removeprefix(prefix) for name in names)
    return names


def is_timm_vgg(names: tuple[str, ...]) -> bool:
    """Whether it is a VGG as timm names it."""
    return "pre_logits.fc1.weight" in names and "features.0.weight" in names


def torchvision_name(name: str) -> str:
    """Of a tensor of timm's VGG; any other stays."""
    return next((name.replace(ours, theirs, 1) for ours, theirs in TIMM_VGG.items() if name.startswith(ours)), name)


def torchvision_shape(name: str, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of a tensor of timm's VGG by its name there: its dense layers are convolutions."""
    if name.endswith(".weight") and name.startswith("pre_logits.") and len(shape) == 4:
        return shape[0], shape[1] * shape[2] * shape[3]
    return shape


def in_our_names(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors under the names, and in the shapes, that `registry` has."""
    plain = dict(zip(unwrapped(tuple(state)), state.values(), strict=True))
    if not is_timm_vgg(tuple(plain)):
        return plain
    return {
        torchvision_name(name): tensor.reshape(torchvision_shape(name, tuple(tensor.shape)))
        for name, tensor in plain.items()
    }
