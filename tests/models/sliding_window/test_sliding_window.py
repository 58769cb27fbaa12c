"""One pass over a picture against cutting its windows out one by one."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from models.backbones.registry import create
from models.errors import RecipeError
from models.sliding_window import SlidingWindow, slide
from models.sliding_window.convolutional import dense_as_convolution


def by_crops(network: nn.Module, pictures: Tensor, sliding: SlidingWindow) -> Tensor:
    """The classifier's answers for windows cut out of pictures."""
    (height, width), (down, right) = sliding.steps.window_hw, sliding.steps.stride_hw
    rows = [
        torch.stack(
            [
                network(pictures[:, :, top : top + height, left : left + width])
                for left in range(0, pictures.shape[3] - width + 1, right)
            ],
            dim=2,
        )
        for top in range(0, pictures.shape[2] - height + 1, down)
    ]
    return torch.stack(rows, dim=2)


@pytest.mark.parametrize("options", [{}, {"activation": "relu", "subsampling": "average", "connections": "full"}])
@given(height=st.integers(32, 47), width=st.integers(32, 47), seed=st.integers(0, 2**16))
@settings(max_examples=5)
def test_lenet_says_of_each_window_what_it_says_of_the_crop(options: dict, height: int, width: int, seed: int) -> None:
    torch.manual_seed(seed)
    network = create("lenet5", 10, **options).double().eval()
    pictures = torch.rand(2, 1, height, width, dtype=torch.float64)
    sliding = slide(network, (32, 32), channels=1)
    assert sliding.steps.stride_hw == (4, 4)
    with torch.no_grad():
        answers = sliding(pictures)
        torch.testing.assert_close(answers, by_crops(network, pictures, sliding), rtol=1e-12, atol=1e-12)


class Unpadded(nn.Module):
    """Strides that differ by axis, a batch norm, and an average over the whole map."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 4, 3, (2, 1)), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
            nn.Linear(4, 6), nn.ReLU(), nn.Dropout(0.5), nn.Linear(6, 5, bias=False),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.body(x)
        return out


def test_averages_and_uneven_strides_slide() -> None:
    torch.manual_seed(0)
    network = Unpadded().double()
    network(torch.rand(4, 3, 23, 16, dtype=torch.float64))  # statistics of their own for the batch norm
    network.eval()
    pictures = torch.rand(1, 3, 40, 29, dtype=torch.float64)
    sliding = slide(network, (23, 16))
    assert sliding.steps.stride_hw == (4, 2)
    with torch.no_grad():
        answers = sliding(pictures)
        torch.testing.assert_close(answers, by_crops(network, pictures, sliding), rtol=1e-12, atol=1e-12)
    assert isinstance(network.body[6], nn.Linear)  # the classifier itself is as it was


def test_padding_makes_a_difference() -> None:
    """What the module's text says of padded networks: the answers are near, and not the same."""
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.AvgPool2d(4), nn.Flatten(), nn.Linear(64, 3)
    ).eval()
    pictures = torch.rand(1, 3, 24, 24)
    sliding = slide(network, (16, 16))
    with torch.no_grad():
        apart = (sliding(pictures) - by_crops(network, pictures, sliding)).abs()
    assert 1e-3 < apart.max() < 1


def test_windows_lie_where_the_answers_say() -> None:
    sliding = slide(create("lenet5").eval(), (32, 32), channels=1)
    windows = sliding.windows_xyxy(2, 3)
    assert windows.shape == (2, 3, 4)
    assert windows[1, 2].tolist() == [8.0, 4.0, 40.0, 36.0]


# Sides that AlexNet's maps of 6×6 and VGG's of 7×7 come from; ResNet averages any map.
@pytest.mark.parametrize(("name", "side"), [("alexnet", 223), ("vgg11", 224), ("resnet18", 64)])
def test_networks_of_the_registry_slide(name: str, side: int) -> None:
    options = {} if name == "resnet18" else {"width": 0.1}
    network = create(name, 3, **options).eval()
    sliding = slide(network, (side, side))
    with torch.no_grad():
        one = torch.rand(1, 3, side, side)
        torch.testing.assert_close(sliding(one)[..., 0, 0], network(one), rtol=1e-3, atol=1e-4)
        assert sliding(torch.rand(1, 3, side + 32, side)).shape == (1, 3, 2, 1)


def test_a_picture_smaller_than_the_window_is_refused() -> None:
    sliding = slide(create("lenet5").eval(), (32, 32), channels=1)
    with pytest.raises(ValueError, match="smaller than the window"):
        sliding(torch.zeros(1, 1, 31, 40))


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (nn.Sequential(nn.Conv2d(3, 2, 3)), "no dense layer"),
        (nn.Sequential(nn.Conv2d(3, 2, 3), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(32, 2)), "can slide"),
        (nn.Sequential(nn.Conv2d(3, 2, 3), nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(2, 2)), "cannot slide"),
    ],
)
def test_what_cannot_slide_is_refused(network: nn.Module, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        slide(network, (16, 16))


def test_a_dense_layer_of_another_size_is_refused() -> None:
    with pytest.raises(RecipeError, match="takes 5 values"):
        dense_as_convolution(nn.Linear(5, 2), (2, 2, 2))
