"""Where a training run computes, by the options of Lightning's Trainer; nothing here names a device."""

import argparse
import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Machine:
    """The values are Lightning's Trainer's own."""

    accelerator: str = "auto"
    devices: str = "auto"
    num_nodes: int = 1
    strategy: str = "auto"
    precision: str = "32-true"


def add_machine(parser: argparse.ArgumentParser) -> None:
    """One option for each field of `Machine`."""
    group = parser.add_argument_group("where to compute (passed to Lightning's Trainer)")
    group.add_argument("--accelerator", default="auto", help="cpu, gpu, mps or auto")
    group.add_argument("--devices", default="auto", help="how many, or which")
    group.add_argument("--num-nodes", type=int, default=1, help="machines")
    group.add_argument("--strategy", default="auto", help="ddp, fsdp and others")
    group.add_argument("--precision", default="32-true", help="32-true, 16-mixed, bf16-mixed and others")


def given_machine(given: argparse.Namespace) -> Machine:
    """The machine that the command line asks for."""
    return Machine(given.accelerator, given.devices, given.num_nodes, given.strategy, given.precision)


def is_first_process() -> bool:
    """Whether this process is the one of a run on several devices that tells people and writes files."""
    return os.environ.get("LOCAL_RANK", "0") == "0" and os.environ.get("NODE_RANK", "0") == "0"
