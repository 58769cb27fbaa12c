"""Files of `torch.save` and other pickles: their opcodes are read, and none is followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from export.inspection.networks import classifier_command, network_of
from export.inspection.report import Finding, TensorRow
from models.pickle_outline import Name
from models.torch_archive import ArchiveError, ArchiveOutline, read_archive, read_pickle

PLAIN = frozenset(
    (
        *(
            "collections.OrderedDict",
            "torch.Size",
            "torch.device",
            "torch.Tensor",
            "_codecs.encode",
            "torch.serialization._get_layout",
        ),
        *(
            "torch._tensor._rebuild_from_type_v2",
            "torch.nn.parameter.Parameter",
            "__builtin__.set",
            "builtins.set",
            "builtins.dict",
        ),
    )
)
"""What a state dict is made of, besides the rebuilders and storages of PyTorch."""
PLAIN_STARTS = (
    "torch._utils._rebuild_",
    "numpy.dtype",
    "numpy.core.multiarray",
    "numpy._core.multiarray",
    "numpy.ndarray",
)
TYPES = ("Storage", "float16", "float32", "float64", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "bool")
ROOTS_OF_HARM = frozenset(
    (
        *(
            "os",
            "posix",
            "nt",
            "subprocess",
            "sys",
            "builtins",
            "__builtin__",
            "shutil",
            "socket",
            "runpy",
            "importlib",
            "pathlib",
        ),
        *(
            "pickle",
            "_pickle",
            "dill",
            "cloudpickle",
            "ctypes",
            "webbrowser",
            "code",
            "codeop",
            "pty",
            "commands",
            "platform",
        ),
        *(
            "operator",
            "functools",
            "types",
            "marshal",
            "asyncio",
            "multiprocessing",
            "threading",
            "signal",
            "tempfile",
            "io",
        ),
        *(
            "urllib",
            "http",
            "ftplib",
            "requests",
            "pip",
            "site",
            "timeit",
            "pdb",
            "bdb",
            "cProfile",
            "profile",
            "trace",
            "inspect",
        ),
    )
)
"""Modules with which a pickle does what it likes."""
NAMES_SHOWN = 12
KINDS = {
    "state": ("torch", "a checkpoint of PyTorch"),
    "legacy": ("torch", "a checkpoint of PyTorch before 2020, a bare pickle"),
    "pickle": ("pickle", "a pickle"),
    "torchscript": ("torchscript", "a TorchScript archive: a program with its weights"),
}


def read_torch(path: Path, *, zipped: bool) -> Finding:
    """What is in the file, and what it would run if it were loaded without care."""
    try:
        found = read_archive(path) if zipped else read_pickle(path)
    except ArchiveError as error:
        what = "a zip archive that is no sound checkpoint" if zipped else "a damaged pickle"
        return Finding("zip" if zipped else "pickle", what, dangers=(str(error),))
    kind, what = KINDS[found.kind]
    tensors = tuple(TensorRow(row.name, row.dtype, row.shape) for row in found.tensors)
    dangers = tuple(_dangers(found))
    network = network_of(tensors)
    plain = not dangers and kind == "torch"
    command = classifier_command(network, str(path)) if network and plain else ""
    facts = {"tensors": len(tensors), "would import": [str(name) for name in found.pickle.names[:NAMES_SHOWN]]}
    if len(found.pickle.names) > NAMES_SHOWN:
        facts["and imports"] = f"{len(found.pickle.names) - NAMES_SHOWN} more"
    if found.others:
        facts["also holds"] = list(found.others[:NAMES_SHOWN])
    if kind == "torchscript":
        facts["note"] = "TorchScript is not taken; save model.state_dict() by itself"
    return Finding(kind, what, facts, tensors, dangers, network, command)


def _dangers(found: ArchiveOutline) -> Iterator[str]:
    harmful, classes = _sorted(found.pickle.names, scripted=found.kind == "torchscript")
    if harmful:
        yield f"loading it as a pickle would run {', '.join(harmful[:NAMES_SHOWN])}"
    if classes:
        yield f"it holds objects of {', '.join(classes[:NAMES_SHOWN])}, so loading it would run code of theirs"
    for row in found.tensors:
        if row.lies:
            yield f"the tensor {row.name}: {row.lies}"
            return


def _sorted(names: Iterable[Name], *, scripted: bool) -> tuple[list[str], list[str]]:
    """Those that do harm, and those that are classes of some program."""
    harmful: list[str] = []
    classes: list[str] = []
    for name in names:
        full = str(name)
        if full in PLAIN or full.startswith(PLAIN_STARTS) or (name.module == "torch" and name.name.endswith(TYPES)):
            continue
        if scripted and name.module.startswith("__torch__"):
            continue
        (harmful if name.module.partition(".")[0] in ROOTS_OF_HARM else classes).append(full)
    return harmful, classes
