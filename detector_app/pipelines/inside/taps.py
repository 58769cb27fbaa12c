"""Any tensor inside a network as an output, without another exporter: an ONNX file that is lengthened by a few bytes.

Messages of Protocol Buffers merge when their bytes follow each other, and lists within them are joined. So the bytes of a model and then
those of a model that holds nothing but the names of further outputs are the same model with these outputs as well. ONNX Runtime infers
their types and sizes itself, and keeps a tensor that is an output apart when it fuses nodes.
https://protobuf.dev/programming-guides/encoding/#last-one-wins
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from detector_app.errors import InferenceError, ModelError, NotAnOnnxFileError, message
from detector_app.onnx_outline import read_outline
from detector_app.onnx_safety import external_files
from detector_app.pipelines.inside.footprints import Shape
from detector_app.pipelines.onnx_precheck import MOST_OUTPUTS, check_onnx
from detector_app.pipelines.placement import CPU
from detector_app.pipelines.session import ORT_ERRORS, SILENT, UNREADABLE

MOST_BYTES = (1 << 31) - 1
"""Of a file that is read whole; Protocol Buffers end there, too."""
TOO_LARGE = message("it has more than 2 GB, so that nothing inside it can be shown")
_GRAPH, _OUTPUT, _NAME = 7, 12, 1
_AT_A_TIME = 32
_EXTERNAL_FOLDER = "session.model_external_initializers_file_folder_path"


def with_outputs(model: bytes, names: Iterable[str]) -> bytes:
    """``model`` with the tensors ``names`` as further outputs, in that order; none of them may be one already."""
    outputs = b"".join(_field(_OUTPUT, _field(_NAME, name.encode())) for name in names)
    return model + _field(_GRAPH, outputs) if outputs else model


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


class TappedFile:
    """The bytes of a model, checked once, of which sessions with other taps are made.

    Raises:
        NotAnOnnxFileError, UnsafeModelError, ModelError: as :class:`~detector_app.pipelines.session.OnnxSession`.
    """

    def __init__(self, path: Path) -> None:
        check_onnx(path)
        self.path = path
        if path.stat().st_size > MOST_BYTES:
            raise ModelError(str(path), detail=TOO_LARGE)
        outline = read_outline(path)
        self._outputs = tuple(value.name for value in outline.outputs)
        self._external = bool(external_files(outline))
        self._axes = {value.name: value.shape for value in outline.inputs}
        self._bytes = path.read_bytes()

    def session(self, taps: Sequence[str], *, threads: int = 1) -> TapSession:
        """A session on the processor with the tensors ``taps`` as outputs beside its own.

        Raises:
            ModelError: there is no such tensor, or ONNX Runtime cannot run the graph with it.
        """
        options = _options(threads, self._external_folder)
        return TapSession(self.path.name, self._open(taps, options), [*self._outputs, *self._further(taps)])

    def shapes(self, names: Sequence[str], inputs: Mapping[str, Shape]) -> dict[str, Shape]:
        """Sizes of those tensors ``names`` that ONNX Runtime can tell from the sizes of the inputs, without running anything."""
        found: dict[str, Shape] = dict(inputs)
        for first in range(0, len(names), MOST_OUTPUTS):
            part = names[first : first + MOST_OUTPUTS]
            options = _options(1, self._external_folder)
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
            for name, size in self._sides(inputs).items():
                options.add_free_dimension_override_by_name(name, size)
            for value in self._open(part, options).get_outputs():
                if all(isinstance(side, int) for side in value.shape):
                    found[value.name] = tuple(value.shape)
        return found

    def measured(self, names: Sequence[str], feed: Mapping[str, NDArray[Any]]) -> dict[str, Shape]:
        """Sizes of the tensors ``names`` in a run, a few of them at a time so that not all are in memory."""
        found: dict[str, Shape] = {}
        for first in range(0, len(names), _AT_A_TIME):
            part = names[first : first + _AT_A_TIME]
            found |= {name: np.shape(value) for name, value in self.session(part).run(feed, part).items()}
        return found

    @property
    def _external_folder(self) -> str:
        return str(self.path.resolve().parent) if self._external else ""

    def _further(self, taps: Sequence[str]) -> list[str]:
        return [name for name in dict.fromkeys(taps) if name not in self._outputs]

    def _sides(self, inputs: Mapping[str, Shape]) -> dict[str, int]:
        """Names of axes → sizes."""
        return {
            side: size
            for name, sizes in inputs.items()
            for side, size in zip(self._axes.get(name) or (), sizes, strict=False)
            if isinstance(side, str)
        }

    def _open(self, taps: Sequence[str], options: Any) -> Any:
        model = with_outputs(self._bytes, self._further(taps))
        try:
            return onnxruntime.InferenceSession(model, options, providers=[CPU], enable_fallback=0)
        except UNREADABLE as error:
            raise NotAnOnnxFileError(str(self.path), detail=_words(error)) from error
        except ORT_ERRORS as error:
            raise ModelError(str(self.path), detail=_words(error)) from error


class TapSession:
    """An open session whose outputs are the model's own and the taps; one thread at a time."""

    def __init__(self, name: str, session: Any, outputs: list[str]) -> None:
        self._name, self._session, self._outputs = name, session, outputs

    def run(self, feed: Mapping[str, NDArray[Any]], wanted: Sequence[str] | None = None) -> dict[str, NDArray[Any]]:
        """Outputs by name: ``wanted`` ones, for which no more of the graph is run than they need, or all.

        Raises:
            InferenceError: ONNX Runtime failed, with its own words.
        """
        names = list(self._outputs if wanted is None else wanted)
        try:
            return dict(zip(names, self._session.run(names, feed, self._way(wanted)), strict=True))
        except ORT_ERRORS as error:
            raise InferenceError(self._name, detail=_words(error)) from error

    @staticmethod
    def _way(wanted: Sequence[str] | None) -> Any:
        options = onnxruntime.RunOptions()
        options.only_execute_path_to_fetches = wanted is not None
        return options


def as_maps(values: NDArray[Any]) -> NDArray[np.float32]:
    """(1, C, h, w) of any type of number → (C, h, w) float32, an array of its own."""
    return np.array(values[0], np.float32)


def _options(threads: int, external_folder: str) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = SILENT
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    if external_folder:
        options.add_session_config_entry(_EXTERNAL_FOLDER, external_folder)
    return options


def _words(error: BaseException) -> str:
    """The message of ONNX Runtime without its prefixes, on one line."""
    return " ".join(str(error).split(" : ", 3)[-1].split())[:500]
