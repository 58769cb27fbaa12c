"""Makes the recordings beside it: ``python -m tests.pipelines.profiles.record``. See the README there for what each one is."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import helper

from tests.onnx_files import write_onnx

FOLDER = Path(__file__).parent
CPU, CUDA, TENSORRT = "CPUExecutionProvider", "CUDAExecutionProvider", "TensorrtExecutionProvider"
Event = dict[str, Any]

ON_SHAPES = frozenset({"height", "pair", "target"})
"""Nodes of :func:`graph` that reckon with what Shape gives, which lies in the host's memory under CUDA, too."""
NOT_ON_CUDA = frozenset({"unit"})
"""LpNormalization: the CUDA provider registers no kernel for it (docs/OperatorKernels.md of onnxruntime)."""


def graph(path: Path) -> Path:
    """A network with all that matters here: convolutions, arithmetic on shapes, an operator that no GPU provider takes, and NMS."""
    rng = np.random.default_rng(0)
    weights: dict[str, NDArray[Any]] = {
        "filters": rng.standard_normal((8, 3, 3, 3)).astype(np.float32),
        "heads": rng.standard_normal((5, 8, 1, 1)).astype(np.float32),
        "row": np.array([2], np.int64),
        "rest": np.array([1, 5, -1], np.int64),
        "twice": np.array([2], np.int64),
        "tail": np.array([5, -1], np.int64),
        "four": np.array([4], np.int64),
        "parts": np.array([4, 1], np.int64),
        "most": np.array([10], np.int64),
        "iou": np.array([0.5], np.float32),
        "score": np.array([0.1], np.float32),
    }
    node = helper.make_node
    nodes = [
        node("Conv", ["images", "filters"], ["features"], name="stem", pads=[1, 1, 1, 1], strides=[2, 2]),
        node("Relu", ["features"], ["active"], name="relu"),
        node("LpNormalization", ["active"], ["normal"], name="unit", axis=1, p=2),
        node("Conv", ["normal", "heads"], ["maps"], name="head"),
        node("Shape", ["images"], ["sizes"], name="size"),
        node("Slice", ["sizes", "zero", "one"], ["count"], name="height"),
        node("Mul", ["count", "one"], ["batch"], name="pair"),
        node("Concat", ["batch", "tail"], ["shape"], name="target", axis=0),
        node("Reshape", ["maps", "shape"], ["columns"], name="flat"),
        node("Split", ["columns", "parts"], ["corners", "scores"], name="parts", axis=1),
        node("Transpose", ["corners"], ["found"], name="turn", perm=[0, 2, 1]),
        node("NonMaxSuppression", ["found", "scores", "most", "iou", "score"], ["kept"], name="boxes"),
    ]
    weights |= {"zero": np.array([0], np.int64), "one": np.array([1], np.int64)}
    used = {name for n in nodes for name in n.input}
    weights = {name: array for name, array in weights.items() if name in used}
    return write_onnx(path, nodes, {"images": ("batch", 3, 64, 64)}, ("found", "kept"), weights, {})


def record(folder: Path) -> list[Event]:
    """The profile of one run on the CPU, with the graph as it is written: optimisations would fuse what is looked for."""
    options = onnxruntime.SessionOptions()
    options.enable_profiling = True
    options.profile_file_prefix = str(folder / "profile")
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(graph(folder / "graph.onnx")), options, providers=[CPU])
    session.run(None, {"images": np.random.default_rng(1).random((1, 3, 64, 64), np.float32)})
    events: list[Event] = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
    return events


def on_cuda(events: list[Event]) -> list[Event]:
    """The same run as the CUDA provider would report it: see the README."""
    placed = [_moved(event, CUDA, ON_SHAPES | NOT_ON_CUDA) for event in events]
    return _with_copies(placed, {"unit": ("MemcpyToHost", "Memcpy"), "head": ("MemcpyFromHost", "Memcpy_token_1")})


def on_tensorrt(events: list[Event]) -> list[Event]:
    """The same run as TensorRT before CUDA would report it: see the README."""
    before, after = "TRTKernel_graph_tiny_8215837266101204361_0", "TRTKernel_graph_tiny_8215837266101204361_1"
    fused = {"stem": before, "head": after}
    swallowed = {"relu", "size", *ON_SHAPES, "flat", "parts", "turn"}
    placed: list[Event] = []
    for event in events:
        name = _node(event)
        if name in fused:
            placed.append(_fused(event, fused[name]))
        elif name not in swallowed:
            placed.append(_moved(event, CUDA, NOT_ON_CUDA))
    to_device = ("MemcpyFromHost", "Memcpy_token_1")
    return _with_copies(placed, {"unit": ("MemcpyToHost", "Memcpy"), f"{TENSORRT}_{after}_1": to_device})


def _moved(event: Event, provider: str, stay: frozenset[str]) -> Event:
    moved = copy.deepcopy(event)
    if _is_kernel(event) and _node(event) not in stay:
        moved["args"]["provider"] = provider
        moved["args"].pop("thread_scheduling_stats", None)
    return moved


def _fused(event: Event, part: str) -> Event:
    fused = _moved(event, TENSORRT, frozenset())
    fused["name"] = f"{TENSORRT}_{part}_{part[-1]}_kernel_time"
    fused["args"]["op_name"] = part
    fused["dur"] = 40 * event["dur"]
    return fused


def _with_copies(events: list[Event], copies: Mapping[str, tuple[str, str]]) -> list[Event]:
    """``copies``: node → operator and name of the copy before it."""
    placed: list[Event] = []
    for event in events:
        if _is_kernel(event) and _node(event) in copies:
            operator, name = copies[_node(event)]
            carried = event["args"]["input_type_shape"][:1]
            args = {**event["args"], "op_name": operator, "provider": CUDA}
            args |= {"input_type_shape": carried, "output_type_shape": carried}
            placed.append({**copy.deepcopy(event), "name": f"{name}_kernel_time", "args": args, "dur": 9})
        placed.append(event)
    return placed


def _is_kernel(event: Event) -> bool:
    return event.get("cat") == "Node" and event["name"].endswith("_kernel_time")


def _node(event: Event) -> str:
    return str(event["name"]).removesuffix("_kernel_time")


KINDS: Mapping[str, Callable[[list[Event]], list[Event]]] = {"cpu": list, "cuda": on_cuda, "tensorrt": on_tensorrt}


def main() -> None:
    """Write all of them."""
    with tempfile.TemporaryDirectory() as folder:
        events = record(Path(folder))
    for name, derive in KINDS.items():
        lines = ",\n".join(json.dumps(event) for event in derive(events))
        (FOLDER / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
