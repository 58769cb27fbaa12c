"""Inputs and outputs bound to the memory of a device (onnxruntime's "I/O Binding").

Without it every run allocates the input on the device anew. Here the buffers of the last few input shapes are kept and written again;
the outputs, whose sizes are not known before, are allocated on the device by onnxruntime's arena and copied to the host once, after
the whole run. On the CPU none of that gains anything, and it is not used there.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

MOST_BUFFERS = 4
"""Input shapes whose buffers are kept; a video has one or two."""

Shaped = tuple[tuple[str, tuple[int, ...], str], ...]


class DeviceBinding:
    """Runs a session with bound memory. From one thread at a time.

    Args:
        session: an ``onnxruntime.InferenceSession``.
        outputs: names of the outputs wanted, in order.
        device: onnxruntime's name of it.
    """

    def __init__(self, session: Any, outputs: Sequence[str], device: str = "cuda") -> None:
        self._session, self._outputs, self._device = session, tuple(outputs), device
        self._buffers: OrderedDict[Shaped, dict[str, Any]] = OrderedDict()

    def run(self, feed: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        """The outputs in order, arrays of their own on the host."""
        binding = self._session.io_binding()
        filled = {name: array for name, array in feed.items() if array.size}
        for name, value in self._written(filled).items():
            binding.bind_ortvalue_input(name, value)
        for name in feed.keys() - filled.keys():  # no regions, say: there is nothing to keep
            binding.bind_cpu_input(name, feed[name])
        for name in self._outputs:
            binding.bind_output(name, self._device)
        self._session.run_with_iobinding(binding)
        return list(binding.copy_outputs_to_cpu())

    def _written(self, feed: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
        """The values of ``feed`` in buffers on the device; new ones for shapes that were not there lately."""
        arrays = {name: np.ascontiguousarray(array) for name, array in feed.items()}
        shapes: Shaped = tuple((name, array.shape, array.dtype.str) for name, array in arrays.items())
        buffers = self._buffers.pop(shapes, None)
        if buffers is None:
            buffers = {name: self._on_device(array) for name, array in arrays.items()}
            if len(self._buffers) >= MOST_BUFFERS:
                self._buffers.popitem(last=False)
        else:
            for name, array in arrays.items():
                buffers[name].update_inplace(array)
        self._buffers[shapes] = buffers
        return buffers

    def _on_device(self, array: NDArray[Any]) -> Any:
        value = onnxruntime.OrtValue.ortvalue_from_shape_and_type(list(array.shape), array.dtype.type, self._device, 0)
        value.update_inplace(array)
        return value
