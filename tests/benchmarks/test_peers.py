"""Environments of peers are made once, and their processes answer, or say why they do not; without network."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.peer_process import Child
from tests.benchmarks.peers import COMPLETE, HERE, Peer, PeerAbsentError, environment, last_line

PREFACE = f"import sys; sys.path.insert(0, {str(HERE)!r}); import peer_loop; answers = peer_loop.only_answers()\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder with one wheel, of a package called tiny."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    about = "tiny-1.0.dist-info"
    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "ANSWER = 42\n")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", f"tiny.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")
    return folder


def tiny(shelf: Path, version: str = "1.0") -> Peer:
    return Peer("tiny 1.0", "none.py", (("--no-index", "--find-links", str(shelf), f"tiny=={version}"),))


# --- environments -------------------------------------------------------------------------------------------------------------


def test_an_environment_is_made_once(shelf: Path, tmp_path: Path) -> None:
    python = environment(tiny(shelf), tmp_path)
    said = subprocess.run([python, "-c", "import tiny; print(tiny.ANSWER)"], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "42"
    kept = tmp_path / tiny(shelf).folder_name / "kept"
    kept.touch()
    assert environment(tiny(shelf), tmp_path) == python
    assert kept.exists()


def test_what_cannot_be_installed_is_absent_with_the_reason_and_tried_again(shelf: Path, tmp_path: Path) -> None:
    left = tmp_path / tiny(shelf, "7").folder_name / "left by an interrupted run"
    left.parent.mkdir()
    left.touch()
    with pytest.raises(PeerAbsentError, match="tiny==7"):
        environment(tiny(shelf, "7"), tmp_path)
    assert not left.exists()
    assert not (left.parent / COMPLETE).exists()


def test_other_requirements_are_another_environment(shelf: Path) -> None:
    assert tiny(shelf).folder_name == tiny(shelf).folder_name
    assert tiny(shelf).folder_name != tiny(shelf, "2").folder_name
    assert tiny(shelf).folder_name.startswith("none-")


def test_how_threads_wait_needs_no_other_environment(shelf: Path) -> None:
    assert replace(tiny(shelf), name="tiny 1.0, spinning", spins=True).folder_name == tiny(shelf).folder_name


def test_the_reason_is_the_last_line() -> None:
    assert last_line("Traceback\n  ...\nImportError: no such thing\n\n") == "ImportError: no such thing"
    assert last_line("") == ""


# --- processes ----------------------------------------------------------------------------------------------------------------


def script(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "script.py"
    path.write_text(PREFACE + text, encoding="utf-8")
    return path


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    """Finds one box as large as the picture, and prints what nobody asked for."""
    text = (
        "def find(picture, request):\n"
        "    print('noise')\n"
        "    return [[0, 0, picture.shape[1], picture.shape[0] * request['scale']]]\n"
        "print('more noise')\n"
        "peer_loop.serve(answers, 'nothing 1.0', find)\n"
    )
    with Child("tiny", Path(sys.executable), script(tmp_path, text), 1) as child:
        yield child


def test_a_process_answers_time_and_boxes(child: Child, tmp_path: Path) -> None:
    np.save(tmp_path / "picture.npy", np.zeros((20, 30, 3), np.uint8))
    assert child.versions == "nothing 1.0"
    for scale in (1, 2):
        answer = child.find(tmp_path / "picture.npy", {"scale": scale})
        assert answer.xyxy == [[0.0, 0.0, 30.0, 20.0 * scale]]
        assert answer.spent_ms >= 0


def test_a_process_that_fails_is_absent_with_its_last_words(child: Child, tmp_path: Path) -> None:
    with pytest.raises(PeerAbsentError, match="No such file"):
        child.find(tmp_path / "absent.npy", {"scale": 1})
    with pytest.raises(PeerAbsentError, match="No such file"):
        child.find(tmp_path / "absent.npy", {"scale": 1})


@pytest.mark.parametrize(
    ("text", "words"),
    [("import no_such_package\n", "No module named 'no_such_package'"), ("", "it said nothing")],
    ids=["import", "silence"],
)
def test_a_process_that_does_not_start_is_absent(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(PeerAbsentError, match=words):
        Child("tiny", Path(sys.executable), script(tmp_path, text), 1)
