"""Sessions on CUDA and TensorRT as far as that can be told without one: real files and runs, a stand-in where onnxruntime begins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from onnxruntime.capi import onnxruntime_pybind11_state as ort

from detector_app.errors import ProviderError, StrayNodesError
from detector_app.pipelines import absence, providers
from detector_app.pipelines import session as session_module
from detector_app.pipelines.placement import CPU, CUDA, TENSORRT, Reason
from detector_app.pipelines.session import OnnxSession
from tests.onnx_files import tiny_anchor_model, tiny_card
from tests.pipelines.gpu import FakeGpu, without
from tests.pipelines.profiles import record

PROFILES = Path(record.__file__).parent
PICTURE = np.random.default_rng(0).random((1, 3, 64, 64), np.float32)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_anchor_model(tmp_path_factory.mktemp("models") / "tiny.onnx")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "detector-app"


def install(monkeypatch: pytest.MonkeyPatch, gpu: FakeGpu) -> FakeGpu:
    monkeypatch.setattr(onnxruntime, "InferenceSession", gpu.session)
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [TENSORRT, CUDA, CPU])
    monkeypatch.setattr(session_module, "load_cuda_libraries", lambda: None)

    class Value:
        ortvalue_from_shape_and_type = staticmethod(gpu.value)

    monkeypatch.setattr(onnxruntime, "OrtValue", Value)
    return gpu


def test_cuda_gets_its_options_and_its_memory(tiny: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = OnnxSession(tiny, providers=("cpu",))
    expected = plain.run({"images": PICTURE})["head_16"]
    plain.close()
    gpu = install(monkeypatch, FakeGpu((CUDA, CPU), PROFILES / "cuda.json"))
    session = OnnxSession(tiny, providers=("cuda",))
    (opened,) = gpu.opened
    assert [name for name, _ in opened] == [CUDA, CPU]
    assert opened[0][1]["cudnn_conv_algo_search"] == "HEURISTIC"
    assert opened[1][1] == {}
    np.testing.assert_array_equal(session.warm_up({"images": PICTURE})["head_16"], expected)
    assert gpu.devices == ["cuda", "cuda"]
    assert session.placement.main == "CUDA"
    assert [f.operator for f in session.placement.strays] == ["LpNormalization"]
    assert not cache.exists()  # engines are TensorRT's alone
    session.close()


def test_strict_names_the_nodes_that_went_astray(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, FakeGpu((CUDA, CPU), PROFILES / "cuda.json"))
    session = OnnxSession(tiny, providers=("cuda", "cpu"), strict=True)
    with pytest.raises(StrayNodesError, match="CUDA alone, but 1 of its nodes do not: LpNormalization “unit” on CPU"):
        session.warm_up({"images": PICTURE})
    session.close()
    clean = without(PROFILES / "cuda.json", ["LpNormalization"], tmp_path / "clean.json")
    install(monkeypatch, FakeGpu((CUDA, CPU), clean))
    session = OnnxSession(tiny, providers=("cuda",), strict=True)
    session.warm_up({"images": PICTURE})
    assert {f.reason for f in session.placement.fallbacks} == {Reason.SHAPES}
    session.close()


def test_strict_refuses_what_it_cannot_measure(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty.json"
    empty.write_text("[]", encoding="utf-8")
    install(monkeypatch, FakeGpu((CUDA, CPU), empty))
    session = OnnxSession(tiny, providers=("cuda",), strict=True)
    with pytest.raises(ProviderError, match="could not be told"):
        session.warm_up({"images": PICTURE})
    session.close()


def test_tensorrt_keeps_its_engines_by_model(
    tiny: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu = install(monkeypatch, FakeGpu((TENSORRT, CUDA, CPU), PROFILES / "tensorrt.json"))
    other = tiny_anchor_model(tmp_path / "other.onnx", card=replace(tiny_card(), precision="float16"))
    for path in (tiny, other, tiny):
        OnnxSession(path, providers=("tensorrt", "cuda")).close()
    chosen = [dict(opened)[TENSORRT] for opened in gpu.opened if opened[0][0] == TENSORRT]
    folders = [options["trt_engine_cache_path"] for options in chosen]
    assert folders[0] == folders[2] != folders[1]
    assert len(list((cache / "tensorrt").iterdir())) == 2
    assert [options["trt_fp16_enable"] for options in chosen] == ["False", "True", "False"]
    assert all(options["trt_int8_enable"] == "False" for options in chosen)
    assert all(options["trt_timing_cache_enable"] == "True" for options in chosen)


def test_where_no_cache_can_be_written_tensorrt_runs_without(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/none")
    gpu = install(monkeypatch, FakeGpu((TENSORRT, CPU), PROFILES / "tensorrt.json"))
    OnnxSession(tiny, providers=("tensorrt",)).close()
    assert "trt_engine_cache_path" not in gpu.opened[-1][0][1]


def test_a_provider_that_fails_is_left_out_with_its_words(
    tiny: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = ort.EPFail("[ONNXRuntimeError] : 11 : EP_FAIL : CUDA failure 35: driver version is insufficient")
    install(monkeypatch, FakeGpu((CPU,), PROFILES / "cpu.json", error))
    monkeypatch.setattr(absence, "has_nvidia", lambda: True)
    monkeypatch.setattr(absence, "_missing_library", lambda provider: "")
    session = OnnxSession(tiny, providers=("cuda",))
    (absent,) = session.placement.absences
    assert (absent.provider, absent.reason) == (CUDA, Reason.REFUSED)
    assert absent.detail == "CUDA failure 35: driver version is insufficient"
    assert not session.placement.as_asked
    session.close()


def test_every_reason_for_an_absence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [TENSORRT, CUDA, CPU])
    monkeypatch.setattr(absence, "has_nvidia", lambda: False)
    found = absence.absences((TENSORRT, CUDA, "DmlExecutionProvider", CPU), (CPU,), {})
    assert [a.reason for a in found] == [Reason.NO_DEVICE, Reason.NO_DEVICE, Reason.NOT_BUILT]
    assert absence.absences((CUDA, CPU), (CUDA, CPU), {}) == ()
    monkeypatch.setattr(absence, "has_nvidia", lambda: True)
    monkeypatch.setattr(absence, "_missing_library", lambda provider: "libcudnn.so.9: no such file")
    (absent,) = absence.absences((CUDA,), (CPU,), {})
    assert (absent.reason, absent.detail) == (Reason.LIBRARY, "libcudnn.so.9: no such file")


@pytest.mark.skipif(providers.has_nvidia(), reason="this machine has a GPU, whose libraries may load")
def test_the_systems_own_words_name_the_missing_library() -> None:
    library = absence._library(CUDA)
    if library is None:
        pytest.skip("this onnxruntime has no CUDA provider")
    words = absence._missing_library(CUDA)
    assert "lib" in words
    assert str(library.parent) not in words
    assert absence._library("DmlExecutionProvider") is None
