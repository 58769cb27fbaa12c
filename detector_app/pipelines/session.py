"""One ONNX file in onnxruntime: opened with clear errors, warmed up, and honest about the processor that runs it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort

from detector_app.errors import (
    InferenceError,
    ModelError,
    NotAnOnnxFileError,
    ProviderAbsentError,
    ProviderError,
    StrayNodesError,
    message,
)
from detector_app.graph import Graph, TensorInfo
from detector_app.model_card import CARD_KEY
from detector_app.pipelines.absence import absences
from detector_app.pipelines.device_binding import DeviceBinding
from detector_app.pipelines.engine_cache import engine_folder
from detector_app.pipelines.onnx_precheck import check_onnx
from detector_app.pipelines.placement import CPU, CUDA, TENSORRT, Fallback, Placement, short_name
from detector_app.pipelines.profile import placed, read_profile
from detector_app.pipelines.provider_options import Options, tensorrt_options, with_options
from detector_app.pipelines.providers import choose_providers, default_threads, load_cuda_libraries, usable

UNREADABLE = (ort.InvalidProtobuf, ort.NoModel, ort.NoSuchFile, UnicodeError)
ORT_ERRORS = (
    *UNREADABLE,
    *(ort.Fail, ort.InvalidArgument, ort.InvalidGraph, ort.NotImplemented, ort.EngineError, ort.EPFail),
    *(ort.RuntimeException, RuntimeError, ValueError),
)
"""onnxruntime's exceptions have no base of their own; the last two it raises from Python."""
SILENT, WARNINGS = 4, 2
ON_DEVICE = (CUDA, TENSORRT)
"""Providers whose sessions take and give memory of the device."""
UNMEASURED = message("processors that could not be told: the profile could not be written")
MOST_NAMED = 8
"""So many nodes are named in a message."""
NUMPY_TYPES = {
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(double)": "float64",
    "tensor(uint8)": "uint8",
    "tensor(int64)": "int64",
    "tensor(int32)": "int32",
}


class OnnxSession:
    """An open session. ``warm_up`` once, then ``run`` from one thread at a time.

    Args:
        path: the file. Weights kept outside of it must lie in its own folder; onnxruntime refuses others.
        providers: names as :func:`choose_providers` takes them.
        strict: fail unless the first provider asked for runs all that is real work; see :attr:`Placement.strays` for what that is.
        threads: of this session; default :func:`default_threads`.

    Raises:
        NotAnOnnxFileError: text, empty, cut off, unreadable.
        UnsafeModelError: it asks for files outside its folder, or for memory out of proportion.
        ModelError: onnxruntime cannot run such a graph.
        ProviderError: ``strict``, and already the session shows that another provider runs.
        SettingError: unknown provider.
    """

    def __init__(
        self, path: Path, *, providers: tuple[str, ...] | None = None, strict: bool = False, threads: int | None = None
    ) -> None:
        self._path, self._strict = path, strict
        self._asked = choose_providers(providers)
        self._session: Any = None
        self._binding: DeviceBinding | None = None
        self._refusals: dict[str, str] = {}
        check_onnx(path)
        self._profiles = _temporary_folder()
        try:
            self._session = self._open(self._options(threads or default_threads()))
            self.graph, self.metadata = _interface(self._session, self._path)
            found = tuple(self._session.get_providers())
            self.placement = Placement(self._asked, found, absences=absences(self._asked, found, self._refusals))
            self._check_strict()
        except BaseException:
            self.close()
            raise
        self._names = [output.name for output in self.graph.outputs]
        if self.placement.session[0] in ON_DEVICE:
            self._binding = DeviceBinding(self._session, self._names)

    def warm_up(self, feed: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Run once, so that the first frame is not slow, and learn on which provider each node ran. Returns the outputs.

        Raises:
            InferenceError: the graph does not take this input.
            ProviderError: ``strict``, and nodes that do real work ran on another provider than the one asked for.
        """
        try:
            outputs = self.run(feed)
        finally:
            ran = read_profile(Path(self._session.end_profiling())) if self._profiles else ()
            self._forget_profile()
        self.placement = placed(self.placement, ran)
        self._check_strict(measured=True)
        return outputs

    def run(self, feed: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Outputs by name; arrays of their own.

        Raises:
            InferenceError: onnxruntime failed, with its own words.
        """
        if self._session is None:
            raise InferenceError(self._path.name, detail="the model was closed")
        try:
            outputs = self._binding.run(feed) if self._binding else self._session.run(None, feed)
            return dict(zip(self._names, outputs, strict=True))
        except ORT_ERRORS as error:
            raise InferenceError(self._path.name, detail=_words(error)) from error

    def close(self) -> None:
        """Release the memory of the session. May be called twice."""
        self._session = self._binding = None
        self._forget_profile()

    def _forget_profile(self) -> None:
        if self._profiles is not None:
            self._profiles.cleanup()

    def _options(self, threads: int) -> Any:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = SILENT  # what matters comes as an exception
        # Threads that spin between frames take half the machine from the video decoder and the window.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        if self._profiles is not None:
            options.enable_profiling = True
            options.profile_file_prefix = str(Path(self._profiles.name) / "warm-up")
        return options

    def _open(self, options: Any) -> Any:
        """A session on the first providers that can be set up; the rest is told by ``placement``."""
        providers = usable(self._asked)
        while True:
            try:
                return self._create(options, providers)
            except UNREADABLE as error:
                raise NotAnOnnxFileError(str(self._path), detail=_words(error)) from error
            except ORT_ERRORS as error:
                if "No graph was found" in str(error):
                    raise NotAnOnnxFileError(str(self._path), detail="it holds no graph") from error
                if providers == (CPU,):
                    raise ModelError(str(self._path), detail=_words(error)) from error
                self._refusals[providers[0]] = _words(error)
                providers = providers[1:]

    def _create(self, options: Any, providers: tuple[str, ...]) -> Any:
        if providers == (CPU,):
            return onnxruntime.InferenceSession(str(self._path), options, providers=[CPU], enable_fallback=0)
        load_cuda_libraries()
        with _silence():
            chosen = with_options(providers, self._tensorrt_options)
            return onnxruntime.InferenceSession(str(self._path), options, providers=chosen, enable_fallback=0)

    def _tensorrt_options(self) -> Options:
        """Those of this file, with a folder for its engines; without one where the cache cannot be written."""
        plain = tensorrt_options(None, _precision(self._path))
        folder = engine_folder(self._path, plain)
        return plain if folder is None else tensorrt_options(folder, _precision(self._path))

    def _check_strict(self, *, measured: bool = False) -> None:
        """Keep what ``strict`` promises, ``measured`` after the profile was read.

        onnxruntime's own switch, ``session.disable_cpu_ep_fallback``, would refuse graphs for arithmetic on shapes, too.
        """
        if not self._strict:
            return
        wanted = short_name(self._asked[0]) if self._asked else "a chosen processor"
        for absence in self.placement.absences:
            if absence.provider == self._asked[0]:
                found, detail = self.placement.main, absence.reason.value
                raise ProviderAbsentError(str(self._path), expected=wanted, found=found, detail=detail)
        if not self.placement.as_asked:
            raise ProviderError(str(self._path), expected=wanted, found=self.placement.main)
        if measured and not self.placement.nodes and self.placement.session != (CPU,):
            raise ProviderError(str(self._path), expected=wanted, found=UNMEASURED)
        if strays := self.placement.strays:
            raise StrayNodesError(str(self._path), expected=wanted, found=_listed(strays), count=len(strays))


@contextmanager
def _silence() -> Iterator[None]:
    """No lines on stderr about libraries that are missing: ``Placement`` tells it."""
    onnxruntime.set_default_logger_severity(SILENT)
    try:
        yield
    finally:
        onnxruntime.set_default_logger_severity(WARNINGS)


def _temporary_folder() -> tempfile.TemporaryDirectory[str] | None:
    """A place for the profile; None, and so no profile, where nothing can be written."""
    try:
        return tempfile.TemporaryDirectory(prefix="detector-app-profile-")
    except OSError:
        return None


def _interface(session: Any, path: Path) -> tuple[Graph, dict[str, str]]:
    """Graph and metadata. Names that are not UTF-8 fail only here, when they are read."""
    try:
        graph = Graph(_describe(session.get_inputs()), _describe(session.get_outputs()))
        return graph, dict(session.get_modelmeta().custom_metadata_map)
    except UnicodeError as error:
        raise NotAnOnnxFileError(str(path), detail="it is damaged, a name in it is not text") from error


def _describe(values: list[Any]) -> tuple[TensorInfo, ...]:
    return tuple(TensorInfo(v.name, tuple(v.shape), NUMPY_TYPES.get(v.type, v.type)) for v in values)


def _precision(path: Path) -> str:
    """In what the card inside the file says it computes; a file that cannot be read says nothing here, and why when it is opened."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = SILENT
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=[CPU], enable_fallback=0)
        card = json.loads(session.get_modelmeta().custom_metadata_map.get(CARD_KEY, "{}"))
        return str(card.get("precision", ""))
    except (*ORT_ERRORS, AttributeError):  # JSON that is none is a ValueError
        return ""


def _listed(strays: tuple[Fallback, ...]) -> str:
    """The first nodes with their operators and where they ran: "Sin “/head/Sin” on CPU, …"."""
    named = [f"{stray.operator} “{stray.node}” on {short_name(stray.provider)}" for stray in strays[:MOST_NAMED]]
    return ", ".join([*named, *(["…"] if len(strays) > MOST_NAMED else [])])


def _words(error: BaseException) -> str:
    """The message of onnxruntime without its prefixes, on one line."""
    text = str(error).split(" : ", 3)[-1]
    return " ".join(text.split())[:500]
