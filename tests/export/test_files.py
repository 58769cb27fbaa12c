import errno
import hashlib
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from export.errors import ExportError
from export.files import check_source, check_target, check_target_folder, replace_file, replace_files, sha256_of

AS_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read and write everything")


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """A disk that is full: no file of this process can grow beyond ``size`` bytes."""
    limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_good_source_passes(tmp_path: Path):
    path = tmp_path / "a"
    path.write_text("x")
    check_source(path)


def test_sources_that_cannot_be_read_are_named(tmp_path: Path):
    empty = tmp_path / "empty"
    empty.touch()
    for path, words in ((tmp_path, "a folder"), (tmp_path / "no", "no such file"), (empty, "is empty")):
        with pytest.raises(ExportError, match=words) as caught:
            check_source(path)
        assert caught.value.where == str(path)


@AS_ROOT
def test_files_without_permission_are_named(tmp_path: Path):
    path = tmp_path / "a"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(ExportError, match="may not be read"):
        check_source(path)
    tmp_path.chmod(0o500)
    with pytest.raises(ExportError, match="nothing may be written"):
        check_target(tmp_path / "b.onnx")
    tmp_path.chmod(0o700)


def test_targets_that_cannot_be_written_are_named(tmp_path: Path):
    folder = tmp_path / "folder.onnx"
    folder.mkdir()
    for path, words in (
        (folder, "a folder"),
        (tmp_path / "no" / "a.onnx", "there is no folder"),
        (tmp_path / "weights.safetensors", "does not end in .onnx"),
    ):
        with pytest.raises(ExportError, match=words):
            check_target(path)
    check_target(tmp_path / "a.onnx")


def test_a_file_is_replaced_whole(tmp_path: Path):
    path = tmp_path / "a.onnx"
    path.write_text("old")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert [item.name for item in tmp_path.iterdir()] == ["a.onnx"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_full_disk_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "a.onnx"
    path.write_text("old")
    with no_file_above(1000), pytest.raises(ExportError, match=os.strerror(errno.EFBIG)):
        replace_file(path, b"x" * 100_000)
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["a.onnx"]


def test_files_that_belong_together_are_replaced_together(tmp_path: Path):
    folder = tmp_path / "model"
    replace_files(folder, {"b.onnx": b"b", "a.onnx": b"a"})
    replace_files(folder, {"b.onnx": b"B", "a.onnx": b"A"})
    assert {item.name: item.read_bytes() for item in folder.iterdir()} == {"a.onnx": b"A", "b.onnx": b"B"}


def test_a_full_disk_leaves_all_old_files_or_no_folder(tmp_path: Path):
    contents = {"b.onnx": b"new", "a.onnx": b"x" * 100_000}
    (tmp_path / "b.onnx").write_text("old")
    with no_file_above(1000):
        for folder in (tmp_path, tmp_path / "made"):
            with pytest.raises(ExportError, match=os.strerror(errno.EFBIG)):
                replace_files(folder, contents)
    assert [item.name for item in tmp_path.iterdir()] == ["b.onnx"]
    assert (tmp_path / "b.onnx").read_text() == "old"


def test_target_folders_that_cannot_be_written_are_named(tmp_path: Path):
    file = tmp_path / "file"
    file.touch()
    (tmp_path / "a.onnx").mkdir()
    for path, words in (
        (file, "this is a file"),
        (tmp_path / "no" / "model", "there is no folder"),
        (tmp_path, "a.onnx in it is a folder"),
    ):
        with pytest.raises(ExportError, match=words):
            check_target_folder(path, ["a.onnx"])
    check_target_folder(tmp_path / "model", ["a.onnx"])
    check_target_folder(tmp_path, ["b.onnx"])


@AS_ROOT
def test_a_folder_without_permission_is_named(tmp_path: Path):
    tmp_path.chmod(0o500)
    for folder in (tmp_path, tmp_path / "model"):
        with pytest.raises(ExportError, match="nothing may be written"):
            check_target_folder(folder, ["a.onnx"])
    tmp_path.chmod(0o700)


def test_a_name_that_is_too_long_is_an_export_error(tmp_path: Path):
    with pytest.raises(ExportError, match="cannot be written"):
        replace_file(tmp_path / ("a" * 300), b"x")


def test_sha256(tmp_path: Path):
    path = tmp_path / "a"
    path.write_bytes(b"weights" * 1000)
    assert sha256_of(path) == hashlib.sha256(b"weights" * 1000).hexdigest()
