"""What the families share: the convolution with batch norm, thinner copies of a network, and the weights that training starts from."""

from typing import Any

from torch import Tensor, nn


def scaled(channels: int, width: float) -> int:
    """Channels of a thinner or wider copy: `width` times as many, even, at least 2; 1.0 leaves them as they are.

    The width multiplier α of MobileNets (arXiv 1704.04861, section 3.3).
    """
    return channels if width == 1.0 else max(2, 2 * round(channels * width / 2))


class ConvNorm(nn.Module):
    """Convolution without bias, batch norm, ReLU (arXiv 1502.03167, section 3.2). The names are those of torchvision's checkpoints."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int | tuple[int, int], **convolution: Any) -> None:
        """`convolution` holds further arguments of `nn.Conv2d`: stride, padding."""
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, bias=False, **convolution)
        self.bn = nn.BatchNorm2d(channels_out, eps=1e-3)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, channels_out, H', W')."""
        out: Tensor = self.relu(self.bn(self.conv(x)))
        return out


def start_weights(network: nn.Module) -> None:
    """Draws weights as deep ReLU networks need them (He et al., arXiv 1502.01852, section 2.2); biases are zero.

    Convolutions are normal with variance 2 / fan-out, linear layers normal with variance 2 / fan-in; batch norms start as the identity.
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="relu")
        if isinstance(module, nn.Conv2d | nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)
