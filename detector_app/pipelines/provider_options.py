"""With which options each provider runs. The CPU has none; the others have those that suit pictures of changing sizes.

Names and meanings are those of onnxruntime's documentation, pages "CUDA Execution Provider" and "TensorRT Execution Provider".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from detector_app.pipelines.placement import CUDA, TENSORRT

Options = dict[str, str]

CUDA_OPTIONS: Mapping[str, str] = {
    # The default, EXHAUSTIVE, tries every algorithm of cuDNN again for every new input size: seconds whenever the aspect changes.
    "cudnn_conv_algo_search": "HEURISTIC",
    # Convolutions may take the memory that their fastest algorithm wants.
    "cudnn_conv_use_max_workspace": "1",
    # The arena grows by what is asked for, not to the next power of two: the device belongs to other programs, too.
    "arena_extend_strategy": "kSameAsRequested",
    # Copies on a stream of their own may race with the kernels (onnxruntime's own warning).
    "do_copy_in_default_stream": "1",
}

HALF, QUANTISED = "float16", "int8"
"""Of ``ModelCard.precision``, those that TensorRT must be told of."""


def tensorrt_options(folder: Path | None, precision: str) -> Options:
    """Options of TensorRT that keep engines and timings in ``folder``, or nowhere.

    TensorRT computes in half or in eight bits only where the file itself asks for it: a float32 file was proved in float32.
    No range of input sizes is given: TensorRT refuses what lies outside of a range that is given, while one that it finds by itself
    grows with the inputs and is kept beside the engine.
    """
    kept = {
        "trt_engine_cache_enable": "True",
        "trt_engine_cache_path": str(folder),
        "trt_timing_cache_enable": "True",
        "trt_timing_cache_path": str(folder),
    }
    flags = {"trt_fp16_enable": precision == HALF, "trt_int8_enable": precision == QUANTISED}
    return {**(kept if folder is not None else {}), **{name: str(flag) for name, flag in flags.items()}}


def with_options(providers: Sequence[str], tensorrt: Callable[[], Options]) -> list[tuple[str, Options]]:
    """Each provider with its options; ``tensorrt`` is called only if TensorRT is among them."""
    makers: dict[str, Callable[[], Options]] = {CUDA: lambda: dict(CUDA_OPTIONS), TENSORRT: tensorrt}
    return [(provider, makers.get(provider, dict)()) for provider in providers]
