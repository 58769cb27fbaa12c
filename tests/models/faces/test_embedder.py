from pathlib import Path

import pytest
import torch

from models.backbones.registry import names
from models.errors import RecipeError, WeightsFileError
from models.faces.alignment import template
from models.faces.checkpoint import load_embedder, save_embedder
from models.faces.embedder import Embedder
from models.faces.small_network import LocalContrast
from models.faces.spec import EmbedderSpec, spec_from_json, spec_to_json
from models.provenance import Provenance


def spec(architecture: str = "small", side: int = 64, channels: int = 1, **changes: object) -> EmbedderSpec:
    points = tuple((float(x), float(y)) for x, y in template((side, side)))
    halves = (0.5,) * channels
    given = {"dimension": 128, "mean": halves, "std": halves, "channels": channels, **changes}
    return EmbedderSpec(architecture, input_hw=(side, side), landmarks_xy_px=points, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "dimension"),
    [
        (spec(), 128),
        (spec(channels=3, dimension=16), 16),
        (spec("deepid", dimension=160), 160),
        (spec(mirrored=False), 128),
    ],
)
def test_own_networks_give_unit_vectors_from_features_that_are_not_negative(made: EmbedderSpec, dimension: int):
    torch.manual_seed(0)
    network = Embedder(made).eval()
    pictures = torch.randn(3, made.channels, *made.input_hw)
    with torch.no_grad():
        found = network(pictures)
        assert found.shape == (3, dimension)
        torch.testing.assert_close(found.norm(dim=1), torch.ones(3))
        assert (network.features(pictures) >= 0).all()
        mirrored = network(pictures.flip(3))
    if made.mirrored:
        torch.testing.assert_close(mirrored, found)
    else:
        assert (mirrored - found).abs().max() > 1e-3


@pytest.mark.parametrize("name", ["resnet18", "darknet19", "lenet5"])
def test_networks_of_the_registry_embed_too(name: str):
    assert name in names()
    torch.manual_seed(0)
    options = {"width": 0.125} if name == "resnet18" else {}
    network = Embedder(spec(name, 32 if name == "lenet5" else 64, 1 if name == "lenet5" else 3, options=options)).eval()
    with torch.no_grad():
        found = network(torch.randn(2, network.spec.channels, *network.spec.input_hw))
    torch.testing.assert_close(found.norm(dim=1), torch.ones(2))
    assert found.shape == (2, 128)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: Embedder(spec("resnet18")), "takes 3 channels; add --colour rgb"),
        (lambda: Embedder(spec("resnet81", channels=3)), "no network is called"),
        (lambda: Embedder(spec(side=16)), "too small"),
    ],
)
def test_what_does_not_fit_is_refused(made: object, words: str):
    with pytest.raises(RecipeError, match=words):
        made()  # type: ignore[operator]


def test_a_file_gives_back_the_network(tmp_path: Path):
    torch.manual_seed(0)
    network = Embedder(spec(threshold=0.4, options={"dropout": 0.1})).eval()
    path = tmp_path / "a.safetensors"
    save_embedder(path, network, Provenance(metrics={"EER": 0.1}))
    again, told = load_embedder(path)
    assert again.spec == network.spec
    assert told.metrics == {"EER": 0.1}
    pictures = torch.randn(2, 1, 64, 64)
    with torch.no_grad():
        assert torch.equal(again(pictures), network(pictures))


def test_a_spec_that_contradicts_itself_is_refused():
    stored = spec_to_json(spec())
    assert spec_from_json(stored) == spec()
    for change in ({"channels": 2}, {"landmarks_xy_px": [[1, 2]]}, {"colour": "grey"}, {"mean": None}):
        with pytest.raises(WeightsFileError, match="train it again"):
            spec_from_json({**stored, **change})


def test_local_contrast_does_not_see_the_light():
    """A picture made brighter and of another contrast looks nearly the same, and a flat one has nothing to see."""
    torch.manual_seed(0)
    contrast, picture = LocalContrast(4, floor=1e-6), torch.rand(1, 1, 32, 32)
    torch.testing.assert_close(contrast(0.3 * picture + 0.5), contrast(picture), atol=1e-3, rtol=1e-3)
    torch.testing.assert_close(
        LocalContrast(4)(torch.full((1, 1, 32, 32), 0.7)), torch.zeros(1, 1, 32, 32), atol=1e-4, rtol=0
    )
    middle = picture[0, 0, 8:17, 8:17]
    gap = picture[0, 0] - torch.nn.functional.avg_pool2d(picture, 9, 1, 4, count_include_pad=False)[0, 0]
    spread = gap[8:17, 8:17].square().mean().sqrt()
    assert contrast(picture)[0, 0, 12, 12].item() == pytest.approx(
        ((middle[4, 4] - middle.mean()) / spread).item(), rel=1e-3
    )
