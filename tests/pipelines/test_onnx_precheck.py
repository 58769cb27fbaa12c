"""Files that mean harm are refused before onnxruntime sees them, with one typed error each, and in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from detector_app.errors import CardInvalidError, NotAnOnnxFileError, UnsafeModelError
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.onnx_precheck import check_onnx
from tests import hostile_onnx as hostile
from tests.onnx_files import tiny_anchor_model, tiny_classifier, tiny_dense_model

Build = Callable[[Path], Path]
LIMIT_MB, MORE_MB, DEADLINE_S = 6000, 64, 100
CHILD = """
import json, resource, sys
from pathlib import Path
from detector_app.errors import DetectorError
from detector_app.pipelines.loader import load_pipeline

limit = int(sys.argv[1]) << 20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
rows = []
for name in sys.argv[2:]:
    error = ""
    try:
        load_pipeline(Path(name)).close()
    except DetectorError as found:
        error = type(found).__name__
    rows.append([Path(name).name, error, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024])
print(json.dumps(rows))
"""


def made(build: Build, folder: Path) -> Path:
    at = folder / build.__name__
    at.mkdir(parents=True)
    return build(at / f"{build.__name__}.onnx")


@pytest.mark.parametrize("build", hostile.EXTERNAL, ids=lambda build: build.__name__)
def test_files_outside_the_folder(build: Build, tmp_path: Path) -> None:
    with pytest.raises(UnsafeModelError, match="colours"):
        load_pipeline(made(build, tmp_path))


@pytest.mark.parametrize("build", hostile.GREEDY, ids=lambda build: build.__name__)
def test_more_than_the_file_holds(build: Build, tmp_path: Path) -> None:
    with pytest.raises(UnsafeModelError):
        check_onnx(made(build, tmp_path))


@pytest.mark.parametrize("build", hostile.BROKEN, ids=lambda build: build.__name__)
def test_broken_files(build: Build, tmp_path: Path) -> None:
    with pytest.raises(NotAnOnnxFileError):
        load_pipeline(made(build, tmp_path))


@pytest.mark.parametrize("build", hostile.CARDS, ids=lambda build: build.__name__)
def test_cards(build: Build, tmp_path: Path) -> None:
    expected = NotAnOnnxFileError if build is hostile.card_of_100_mb else CardInvalidError
    with pytest.raises(expected):
        load_pipeline(made(build, tmp_path))


def test_good_files_pass(tmp_path: Path, repository: Path) -> None:
    for path in (
        tiny_anchor_model(tmp_path / "a.onnx"),
        tiny_dense_model(tmp_path / "d.onnx"),
        tiny_classifier(tmp_path / "c.onnx"),
    ):
        check_onnx(path)
    for path in (repository / "assets" / "models").rglob("*.onnx"):
        check_onnx(path)


def test_real_files_pass(shared_data: Path) -> None:
    for path in (shared_data / "weights").rglob("*.onnx"):
        check_onnx(path)


def test_in_little_memory(tmp_path: Path) -> None:
    """All of them, one after the other, in a process that may not grow: none takes more than a good file does."""
    if sys.platform == "win32":
        pytest.skip("limits of processes are those of POSIX")
    builds = [*hostile.EXTERNAL, *hostile.GREEDY, *hostile.BROKEN, *hostile.CARDS]
    good = tiny_anchor_model(tmp_path / "good.onnx")
    paths = [good, *(made(build, tmp_path) for build in builds)]
    words = [sys.executable, "-c", CHILD, str(LIMIT_MB), *map(str, paths)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=DEADLINE_S, check=True)
    (_, error, before_mb), *rows = json.loads(done.stdout)
    assert error == ""
    assert all(error for _, error, _ in rows)
    peak_mb = rows[-1][2]
    assert peak_mb - before_mb <= MORE_MB, rows
