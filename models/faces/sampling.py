"""Balanced batches: P people with K pictures each, so that every picture has positives and negatives beside it."""

from collections.abc import Iterator, Sequence

import torch
from torch.utils.data import Sampler


class BalancedBatches(Sampler[list[int]]):
    """Batches of P × K places (Hermans, Beyer and Leibe 2017, arXiv 1703.07737, section 2), from PyTorch's generator.

    Args:
        labels: the person of each picture.
        people: P; all of them where there are fewer.
        pictures: K; somebody with fewer pictures shows some of them again, which augmentation makes different.
        batches: how many there are in an epoch.
    """

    def __init__(self, labels: Sequence[int], people: int, pictures: int, batches: int) -> None:
        self._places = {label: [i for i, own in enumerate(labels) if own == label] for label in sorted(set(labels))}
        self._people, self._pictures, self._batches = min(people, len(self._places)), pictures, batches

    def __len__(self) -> int:
        return self._batches

    def __iter__(self) -> Iterator[list[int]]:
        known, order = list(self._places), list[int]()
        for _ in range(self._batches):
            if len(order) < self._people:  # another round of everybody; those whom the last one left over come first
                mixed = torch.randperm(len(known)).tolist()
                order += [one for one in mixed if one not in order] + [one for one in mixed if one in order]
            chosen, order = order[: self._people], order[self._people :]
            yield [place for one in chosen for place in self._drawn(self._places[known[one]])]

    def _drawn(self, places: Sequence[int]) -> list[int]:
        rounds = -(-self._pictures // len(places))
        mixed = [places[i] for _ in range(rounds) for i in torch.randperm(len(places)).tolist()]
        return mixed[: self._pictures]
