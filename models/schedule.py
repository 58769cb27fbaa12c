"""How the learning rate runs through a training."""

import math


def cosine_with_warmup(step: int, warmup: float, total: int) -> float:
    """Factor of the learning rate: up in a line over `warmup` steps, then half a cosine down to zero at `total`."""
    if step < warmup:
        return (step + 1) / (warmup + 1)
    done = min((step - warmup) / max(total - warmup, 1), 1.0)
    return 0.5 * (1 + math.cos(math.pi * done))
