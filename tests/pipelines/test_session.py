"""Where a graph runs, and that the session says so."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from detector_app.errors import ProviderError, SettingError
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.session import OnnxSession
from tests.onnx_files import tiny_anchor_model

NO_CUDA = "CUDAExecutionProvider" not in onnxruntime.get_available_providers()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_anchor_model(tmp_path_factory.mktemp("models") / "tiny.onnx")


def picture() -> np.ndarray:
    return np.zeros((1, 3, 64, 64), np.float32)


def test_nodes_are_counted_where_they_ran(tiny: Path) -> None:
    session = OnnxSession(tiny, providers=("cpu",))
    assert session.placement.nodes == {}
    outputs = session.warm_up({"images": picture()})
    assert outputs["head_16"].shape == (1, 7, 4, 4)
    assert set(session.placement.nodes) == {"CPUExecutionProvider"}
    assert session.placement.nodes["CPUExecutionProvider"] >= 2
    assert session.placement.as_asked
    session.close()


def test_no_file_of_the_profile_is_left(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    load_pipeline(tiny).close()
    with pytest.raises(SettingError):
        load_pipeline(tiny, providers=("abacus",))
    OnnxSession(tiny).close()
    assert list(tmp_path.iterdir()) == []


def test_a_model_opens_where_nothing_can_be_written(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/proc")
    pipeline = load_pipeline(tiny)
    assert pipeline.placement.nodes == {}
    assert pipeline.placement.main == "CPU"
    pipeline.close()


def test_outputs_are_arrays_of_their_own(tiny: Path) -> None:
    session = OnnxSession(tiny, providers=("cpu",))
    session.warm_up({"images": picture()})
    first = session.run({"images": picture()})["head_16"]
    kept = first.copy()
    session.run({"images": picture() + 1})
    np.testing.assert_array_equal(first, kept)
    session.close()


def test_strict_is_content_with_the_provider_that_runs(tiny: Path) -> None:
    load_pipeline(tiny, providers=("cpu",), strict=True).close()


@pytest.mark.skipif(NO_CUDA, reason="this onnxruntime has no CUDA provider at all")
def test_a_provider_that_cannot_be_had_is_told_and_never_silent(tiny: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pipeline = load_pipeline(tiny, providers=("tensorrt", "cuda", "cpu"))
    if pipeline.placement.main != "CPU":
        pytest.skip("this machine has a GPU that works")
    assert pipeline.placement.asked[:2] == ("TensorrtExecutionProvider", "CUDAExecutionProvider")
    assert pipeline.placement.session == ("CPUExecutionProvider",)
    assert not pipeline.placement.as_asked
    pipeline.close()
    with pytest.raises(ProviderError, match="was to run on CUDA, but runs on CPU"):
        load_pipeline(tiny, providers=("cuda",), strict=True)
    # What onnxruntime says about missing libraries is in the placement; the terminal stays clean.
    written = capfd.readouterr()
    assert written.out == written.err == ""


def test_strict_refuses_a_provider_that_this_build_lacks(tiny: Path) -> None:
    with pytest.raises(ProviderError, match=r"was to run on Dml, but runs on CPU"):
        load_pipeline(tiny, providers=("dml",), strict=True)


def test_results_do_not_depend_on_threads(tiny: Path) -> None:
    images = np.random.default_rng(0).random((2, 3, 96, 64), np.float32)
    results = []
    for threads in (1, 2):
        session = OnnxSession(tiny, providers=("cpu",), threads=threads)
        results.append(session.run({"images": images})["head_16"])
        session.close()
    np.testing.assert_allclose(*results, atol=1e-5)
