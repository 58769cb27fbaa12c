"""What every test may use: the shared data folder, and a guard that no test leaves a thread running."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

# New examples are looked for at every desk; on a shared machine a red run must mean the change, and a slow one nothing.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

REPOSITORY = Path(__file__).resolve().parent.parent
THREAD_DEADLINE_S = 10.0


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real photographs, videos and weights that are not in the repository; the test is skipped where they are absent."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the shared data folder is not beside the checkout ({folder.name})")
    return folder


@pytest.fixture(scope="session")
def yolo_fastest(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """yolo-fastest-1.1-xl (COCO 80) as ONNX, made from its Darknet files by our own command; once for all test processes."""
    pytest.importorskip("torch", reason="exports need the train extra")
    from export.cli import main

    base = tmp_path_factory.getbasetemp()
    path = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "yolo-fastest-1.1-xl.onnx"
    model = shared_data / "weights" / "yolo_fastest" / "yolo-fastest-1.1_coco" / path.stem
    files = ["--cfg", f"{model}.cfg", "--weights", f"{model}.weights", "--names", str(model.with_name("coco.names"))]
    with FileLock(f"{path}.lock"):
        if not path.exists():
            assert main(["darknet", *files, "--out", str(path)]) == 0
    return path


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """Fail a test that leaves one of our threads running. Library pools without end (names below) are not ours."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if not thread.name.startswith(("pymp", "ThreadPoolExecutor-Lightning", "tqdm", "pytest_timeout")):
            thread.join(THREAD_DEADLINE_S)
            assert not thread.is_alive(), f"the test left thread {thread.name} running"
