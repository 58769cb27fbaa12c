import torch
from torch import nn

from export.folding import without_batch_norms


def test_folded_convolutions_say_the_same():
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 2, 1), nn.BatchNorm2d(2)
    )
    for tensor in (*network[1].parameters(), *network[4].parameters(), network[1].running_mean, network[4].running_var):
        nn.init.uniform_(tensor, 0.5, 2.0)
    network.eval()
    folded = without_batch_norms(network)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in folded.modules())
    assert sum(isinstance(module, nn.BatchNorm2d) for module in network.modules()) == 2, "the original is left alone"
    x = torch.rand(2, 3, 5, 5)
    torch.testing.assert_close(folded(x), network(x))


def test_a_batch_norm_that_follows_no_convolution_stays():
    network = nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU(), nn.BatchNorm2d(4)).eval()
    assert isinstance(without_batch_norms(network)[2], nn.BatchNorm2d)
