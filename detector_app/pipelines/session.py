"""One ONNX file in onnxruntime: opened with clear errors, warmed up, and honest about the processor that runs it."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort

from detector_app.errors import InferenceError, ModelError, NotAnOnnxFileError, ProviderError
from detector_app.pipelines.graph import Graph, TensorInfo
from detector_app.pipelines.pipeline import Placement, short_name
from detector_app.pipelines.providers import CPU, choose_providers, default_threads, load_cuda_libraries, usable

UNREADABLE = (ort.InvalidProtobuf, ort.NoModel, ort.NoSuchFile, UnicodeError)
ORT_ERRORS = (
    *UNREADABLE,
    *(ort.Fail, ort.InvalidArgument, ort.InvalidGraph, ort.NotImplemented, ort.EngineError, ort.EPFail),
    *(ort.RuntimeException, RuntimeError, ValueError),
)
"""onnxruntime's exceptions have no base of their own; the last two it raises from Python."""
SILENT, WARNINGS = 4, 2
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
        strict: fail unless the first provider asked for is the one that runs.
        threads: of this session; default :func:`default_threads`.

    Raises:
        NotAnOnnxFileError: text, empty, cut off, unreadable.
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
        self._profiles = _temporary_folder()
        try:
            self._session = self._open(self._options(threads or default_threads()))
            self.graph, self.metadata = _interface(self._session, self._path)
            self.placement = Placement(self._asked, tuple(self._session.get_providers()))
            self._check_strict()
        except BaseException:
            self.close()
            raise
        self._names = [output.name for output in self.graph.outputs]

    def warm_up(self, feed: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Run once, so that the first frame is not slow, and count on which provider each node ran. Returns the outputs.

        Raises:
            InferenceError: the graph does not take this input.
            ProviderError: ``strict``, and most nodes ran on another provider than the one asked for.
        """
        try:
            outputs = self.run(feed)
        finally:
            nodes = _count_nodes(Path(self._session.end_profiling())) if self._profiles else {}
            self._forget_profile()
        self.placement = Placement(self._asked, self.placement.session, nodes)
        self._check_strict()
        return outputs

    def run(self, feed: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Outputs by name; arrays of their own.

        Raises:
            InferenceError: onnxruntime failed, with its own words.
        """
        if self._session is None:
            raise InferenceError(self._path.name, detail="the model was closed")
        try:
            return dict(zip(self._names, self._session.run(None, feed), strict=True))
        except ORT_ERRORS as error:
            raise InferenceError(self._path.name, detail=_words(error)) from error

    def close(self) -> None:
        """Release the memory of the session. May be called twice."""
        self._session = None
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
                providers = providers[1:]

    def _create(self, options: Any, providers: tuple[str, ...]) -> Any:
        if providers == (CPU,):
            return onnxruntime.InferenceSession(str(self._path), options, providers=[CPU], enable_fallback=0)
        load_cuda_libraries()
        with _silence():
            return onnxruntime.InferenceSession(str(self._path), options, providers=list(providers), enable_fallback=0)

    def _check_strict(self) -> None:
        if self._strict and not self.placement.as_asked:
            wanted = short_name(self._asked[0]) if self._asked else "a chosen processor"
            raise ProviderError(str(self._path), expected=wanted, found=self.placement.main)


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


def _count_nodes(profile: Path) -> dict[str, int]:
    """Nodes by provider, from onnxruntime's own profile of the warm-up; none if the disk had no room for it."""
    try:
        events = json.loads(profile.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    ran = [event["args"] for event in events if event.get("cat") == "Node" and event["name"].endswith("_kernel_time")]
    return dict(Counter(args["provider"] for args in ran if args.get("provider")))


def _words(error: BaseException) -> str:
    """The message of onnxruntime without its prefixes, on one line."""
    text = str(error).split(" : ", 3)[-1]
    return " ".join(text.split())[:500]
